/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file invisible.h
 * @brief Being online and seeming not to be: the module "invisible", XEP-0186.
 *
 * The server has the feature XMPP_NS_INVISIBLE (disco.h). It lasts for the session; to begin one like that,
 * hold the first presence back for so long: xmpp_presence_hold(). What is said to somebody, a message or presence sent directly, tells that we are there; the library says nothing by itself:
 * the modules that answer who may see our presence answer while invisible only who was sent presence
 * directly since (xmpp_presence_may_see()).
 *
 * @par Specifications
 * - XEP-0186, 0.14.0: complete
 */
#ifndef XMPP_INVISIBLE_H
#define XMPP_INVISIBLE_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace, and the feature of a server that can do this. */
#define XMPP_NS_INVISIBLE "urn:xmpp:invisible:1"

/** Enables the module "invisible". @return 0, or as xmpp_conn_enable(); XMPP_E_REQUIRES without the
 * module "presence" */
XMPP_API int xmpp_invisible_enable(xmpp_conn *conn);
/**
 * Asks the server to make this resource invisible. Counts as invisible from the moment it is asked.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param probe       1: the server asks for the presence of all contacts, so that we see who is there;
 *                    0: it does not
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request(); XMPP_E_REQUIRES if the module is not enabled; XMPP_E_STATE when
 *         not online
 */
XMPP_API int xmpp_invisible_begin(xmpp_conn *conn, xmpp_slot **ret_slot, int probe, int timeout_ms,
                                  xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy);
/**
 * Asks the server to end that. When it has, it is as if the session had just begun, so the own presence
 * is sent, if one is set that is available (presence_session.h). As xmpp_invisible_begin(), without
 * `probe`.
 */
XMPP_API int xmpp_invisible_end(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy);
/** 1 from xmpp_invisible_begin() until it is refused, or xmpp_invisible_end() has been granted, or the
 * session ends. */
XMPP_API int xmpp_invisible_is_on(const xmpp_conn *conn);

#ifdef __cplusplus
}
#endif

#endif
