/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file version.h
 * @brief Which software somebody uses: the module "version", XEP-0092.
 *
 * @par Specifications
 * - XEP-0092, 1.1: complete
 */
#ifndef XMPP_VERSION_H
#define XMPP_VERSION_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Enables the module "version": once the application has said what it is, by
 * xmpp_version_set_software(), who may see our presence (presence_session.h) is told when they ask.
 * Others are refused, as if nobody were there.
 *
 * @return 0, or as xmpp_conn_enable(); XMPP_E_REQUIRES without the module "presence"
 */
XMPP_API int xmpp_version_enable(xmpp_conn *conn);
/**
 * Says what is told. All is copied.
 *
 * @param name     of the application; NULL: nobody is told anything, the default
 * @param version  of the application; NULL: as ""
 * @param os       the operating system; NULL: is not told. An application must leave this choice to
 *                 people, since it helps an attacker (XEP-0092 5)
 * @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_NOMEM; XMPP_E_INVAL for NULL
 */
XMPP_API int xmpp_version_set_software(xmpp_conn *conn, const char *name, const char *version,
                                       const char *os);

/**
 * Hears which software it is, exactly once. A handler. The texts are the peer's word, and hostile:
 * filter them before a terminal sees them.
 *
 * @param error    0; XMPP_E_PROTOCOL: the answer is not what it should be; else as for xmpp_reply_fn
 * @param name     NULL after an error. Borrowed (until the handler returns), as the others
 * @param version  NULL if that is not said
 * @param os       NULL if that is not said
 * @param reply    the answer; NULL if there was none
 */
typedef void (*xmpp_version_fn)(xmpp_conn *conn, int error, const char *name, const char *version,
                                const char *os, const xmpp_stanza *reply, void *userdata);
/**
 * Asks for the software. The module need not be enabled.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param to          copied; a full JID, or a domain
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_version_request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                                  int timeout_ms, xmpp_version_fn handler, void *userdata,
                                  xmpp_destroy_fn destroy);

#ifdef __cplusplus
}
#endif

#endif
