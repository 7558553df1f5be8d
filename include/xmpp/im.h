/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file im.h
 * @brief Instant messaging at once: the modules that a client for people wants, with one call.
 *
 * What each of them does stands in its header, and each can be enabled alone instead. What is answered by
 * itself: pings, to everybody; service discovery, to who may see our presence; what is refused. Anything
 * else, such as receipts, is off until its module is told.
 *
 * @par Specifications
 * - RFC 6121, 2 to 5: complete
 */
#ifndef XMPP_IM_H
#define XMPP_IM_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Enables the modules "roster", "presence", "chat", "disco", "caps", "stanza-ids", "forwarded",
 * "carbons", "receipts", "chat-states", "markers", "correction" and "ping". Harmless when called twice,
 * and for those that are enabled already.
 *
 * xmpp_presence_set_own() (presence_session.h) then says that the user is there.
 *
 * @return as xmpp_conn_enable(); those in front of the one that failed stay enabled
 */
XMPP_API int xmpp_im_enable(xmpp_conn *conn);

#ifdef __cplusplus
}
#endif

#endif
