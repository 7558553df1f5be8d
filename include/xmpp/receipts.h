/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file receipts.h
 * @brief Delivery receipts: that a message has arrived at a client.
 *
 * A receipt says that a client has the message, not that anybody has read it; that none comes says
 * nothing at all.
 *
 * **Asking**: xmpp_receipt_request() on a message before it is sent. What was asked for is
 * remembered, a bounded number of the last ones, so that a receipt counts only if it is from whom
 * the message went to: from any client of that account, since servers deliver to another one where
 * the first is gone; but in a room (xmpp_presence_is_room(), or a message that says so) from that
 * occupant alone. Messages that another client of the account sent (carbons.h) are remembered too.
 * Several receipts for one message may come, one of each client that it reached.
 *
 * **Answering** goes by itself once it is switched on, and only to who may see our presence
 * (xmpp_presence_may_see()), since a receipt tells that we are there. Never for what is not of this
 * moment or not to us: errors, messages of rooms, carbons and other inner ones, delayed ones, and
 * receipts; never for a message without an id.
 *
 * @par Specifications
 * - XEP-0184, 1.4.0: complete
 */
#ifndef XMPP_RECEIPTS_H
#define XMPP_RECEIPTS_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How many messages are remembered whose receipts have been asked for; the oldest go first. */
#define XMPP_RECEIPTS_MAX 256

/**
 * Enables the module "receipts", which requires "presence" and announces urn:xmpp:receipts.
 *
 * @return as xmpp_conn_enable()
 */
XMPP_API int xmpp_receipts_enable(xmpp_conn *conn);
/** Whether receipts are sent to who asks for them and may see our presence; at first they are not.
 * @return 0; XMPP_E_REQUIRES without the module */
XMPP_API int xmpp_receipts_set_answering(xmpp_conn *conn, int on);

/**
 * Asks for a receipt of a message that is built here, giving it an id if it has none.
 *
 * @return 0; XMPP_E_INVAL for an error, a message to a room (XEP-0184 5.3), a receipt, and what is
 *         no message; XMPP_E_SYSTEM if no id could be made. What else goes wrong sticks to the
 *         message
 */
XMPP_API int xmpp_receipt_request(xmpp_stanza *message);
/** 1 if a message asks for a receipt, and may: it is neither an error nor a receipt nor of a room,
 * and has an id. */
XMPP_API int xmpp_receipt_is_requested(const xmpp_stanza *message);

/**
 * The id of the message that this one is the receipt for, if it counts: the module is enabled, the
 * receipt was asked for, and it is from whom the message went to. NULL otherwise. Borrowed (as long
 * as the stanza).
 */
XMPP_API const char *xmpp_receipt_get_id(const xmpp_stanza *message);

/**
 * The receipt for a received message, for a program that answers by rules of its own: to its
 * sender, and of its type. Whether that one may know that we are here is not asked.
 *
 * @return shared; NULL if out of memory, and for a message that does not ask for one or may have
 *         none: also what is delayed, or came inside another one
 */
XMPP_API xmpp_stanza *xmpp_receipt_new(const xmpp_stanza *message);

#ifdef __cplusplus
}
#endif

#endif
