/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file last_activity.h
 * @brief How long ago somebody was active: the module "last-activity", XEP-0012.
 *
 * Since when somebody is idle is told with the presence nowadays: idle.h.
 *
 * @par Specifications
 * - XEP-0012, 2.0: complete
 */
#ifndef XMPP_LAST_ACTIVITY_H
#define XMPP_LAST_ACTIVITY_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Enables the module "last-activity": who may see our presence (presence_session.h) is told how long
 * ago the person was active, when they ask. Others are refused, as if nobody were there.
 *
 * @return 0, or as xmpp_conn_enable(); XMPP_E_REQUIRES without the module "presence"
 */
XMPP_API int xmpp_last_activity_enable(xmpp_conn *conn);
/** 0: nobody is told; 1: the default. An application must leave this choice to people (XEP-0012 8).
 * @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL for NULL */
XMPP_API int xmpp_last_activity_set_answering(xmpp_conn *conn, int on);
/** The person does something now: a key, the mouse. Before the first time the enabling counts. @return
 * 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL for NULL */
XMPP_API int xmpp_last_activity_note(xmpp_conn *conn);

/**
 * Hears of an activity, exactly once. A handler.
 *
 * @param error    0; XMPP_E_PROTOCOL: the answer is not what it should be; else as for xmpp_reply_fn:
 *                 `forbidden` to who may not see the presence of whom they ask about
 * @param seconds  what they count from depends on who was asked: xmpp_last_activity_request()
 * @param status   the status that the person left with, the peer's hostile text; NULL if there is
 *                 none. Borrowed (until the handler returns), as the next
 * @param reply    the answer; NULL if there was none
 */
typedef void (*xmpp_last_activity_fn)(xmpp_conn *conn, int error, int64_t seconds,
                                      const char *status, const xmpp_stanza *reply, void *userdata);
/**
 * Asks for the last activity. The module need not be enabled.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param to          copied; a bare JID: how long ago the last of the person's resources left, 0 if
 *                    one is there (XEP-0012 3); a full one: how long the person has been idle there
 *                    (4); a domain: how long the server or service has been up (5)
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_last_activity_request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                                        int timeout_ms, xmpp_last_activity_fn handler,
                                        void *userdata, xmpp_destroy_fn destroy);

#ifdef __cplusplus
}
#endif

#endif
