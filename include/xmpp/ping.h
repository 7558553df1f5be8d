/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file ping.h
 * @brief Pings between any two: the module "ping", XEP-0199.
 *
 * Whether the link to the server still lives is watched by the connection itself (conn.h), which needs
 * none of this.
 *
 * @par Specifications
 * - XEP-0199, 2.0.1: complete
 */
#ifndef XMPP_PING_H
#define XMPP_PING_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Enables the module "ping": pings are answered, whoever sends them. That tells a stranger who knows
 * the full address that somebody is there (XEP-0199 8), see xmpp_ping_set_answering().
 *
 * @return 0, or as xmpp_conn_enable()
 */
XMPP_API int xmpp_ping_enable(xmpp_conn *conn);

/**
 * 0: a ping is not answered by the module but left to the application, and refused like any request
 * that nobody handles; 1: it is answered, the default.
 *
 * @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL for NULL
 */
XMPP_API int xmpp_ping_set_answering(xmpp_conn *conn, int on);

/**
 * Hears how a ping went, exactly once. A handler.
 *
 * @param error    0: it was answered; XMPP_E_REMOTE: with an error, which may well come from who was
 *                 pinged (`service-unavailable` from one that does not answer pings); else as for
 *                 xmpp_reply_fn, and there was no answer
 * @param took_ms  from sending to hearing, in milliseconds
 * @param reply    the answer; NULL if there was none. Borrowed (until the handler returns)
 */
typedef void (*xmpp_ping_fn)(xmpp_conn *conn, int error, int64_t took_ms, const xmpp_stanza *reply,
                             void *userdata);
/**
 * Pings somebody. The module need not be enabled.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param to          copied; a full JID, or a domain. A bare JID is answered by its server. NULL: the
 *                    own server
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_ping_send(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, int timeout_ms,
                            xmpp_ping_fn handler, void *userdata, xmpp_destroy_fn destroy);

#ifdef __cplusplus
}
#endif

#endif
