/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file time.h
 * @brief What time it is at somebody's place: the module "time", XEP-0202.
 *
 * Points in time as text are read and written by util.h.
 *
 * @par Specifications
 * - XEP-0202, 2.0: complete
 */
#ifndef XMPP_TIME_H
#define XMPP_TIME_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Enables the module "time": who may see our presence (presence_session.h) is told the time when they
 * ask; others are refused, as if nobody were there.
 *
 * @return 0, or as xmpp_conn_enable(); XMPP_E_REQUIRES without the module "presence"
 */
XMPP_API int xmpp_time_enable(xmpp_conn *conn);
/** 0: nobody is told; 1: the default. @return 0; XMPP_E_REQUIRES if the module is not enabled;
 * XMPP_E_INVAL for NULL */
XMPP_API int xmpp_time_set_answering(xmpp_conn *conn, int on);
/**
 * Sets how far the local time is ahead of UTC. The library does not ask the system, since this tells
 * something about where a person is (XEP-0202 6).
 *
 * @param minutes  from -840 to 840; 0, the default, is UTC
 * @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL
 */
XMPP_API int xmpp_time_set_offset(xmpp_conn *conn, int minutes);

/**
 * Hears what time it is somewhere, exactly once. A handler.
 *
 * @param error   0; XMPP_E_PROTOCOL: the answer is not what it should be; else as for xmpp_reply_fn
 * @param utc_ms  milliseconds since 1970-01-01T00:00:00Z, by their clock
 * @param offset  how many minutes their local time is ahead of UTC, from -840 to 840
 * @param reply   the answer; NULL if there was none. Borrowed (until the handler returns)
 */
typedef void (*xmpp_time_fn)(xmpp_conn *conn, int error, int64_t utc_ms, int offset,
                             const xmpp_stanza *reply, void *userdata);
/**
 * Asks for the time. The module need not be enabled.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param to          copied; a full JID, or a domain
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_time_request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                               int timeout_ms, xmpp_time_fn handler, void *userdata,
                               xmpp_destroy_fn destroy);

#ifdef __cplusplus
}
#endif

#endif
