/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file stanza_ids.h
 * @brief Ids that stay: the one an account's archive or a room gives, and the sender's own.
 *
 * The id of a message is its sender's, and may be used twice. `<stanza-id/>` is that of who keeps
 * it: the own account, or the room. Anybody can write one into a message, in anybody's name, so it
 * counts only if
 * - it is by the own account, or by the sender's bare address, which is the room: nobody else has a
 *   part in the message;
 * - that one has announced urn:xmpp:sid:0, by which it says that it takes away what others write in
 *   its name. The own account is asked for that at the beginning of each session; about a room
 *   xmpp_stanza_ids_set_trusted() tells;
 * - it is the only one by that address.
 *
 * **All others are taken out of a message** before anybody sees it, also of one that came inside
 * another one; a message with more than 16 of them is made to keep us busy, and goes no further.
 * Without the module they all stay, and xmpp_stanza_id_get() finds none.
 *
 * `<origin-id/>` is the sender's own, kept where a room or a server rewrites ids. It is a claim of
 * the sender, and good for finding the own message that a room sends back.
 *
 * @par Specifications
 * - XEP-0359, 0.7.0: complete
 */
#ifndef XMPP_STANZA_IDS_H
#define XMPP_STANZA_IDS_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How many addresses can be trusted at a time. */
#define XMPP_STANZA_IDS_MAX 1000

/**
 * Enables the module "stanza-ids". From now on our messages with a body get an origin-id, the same
 * as their id.
 *
 * @return as xmpp_conn_enable()
 */
XMPP_API int xmpp_stanza_ids_enable(xmpp_conn *conn);
/** Whether our messages get an origin-id; at first they do. @return 0; XMPP_E_REQUIRES without the
 * module */
XMPP_API int xmpp_stanza_ids_set_origin(xmpp_conn *conn, int on);
/**
 * Tells that an address has announced urn:xmpp:sid:0, or no longer does. It holds for this session:
 * with a new one all are forgotten, and the own account is asked again.
 *
 * @param by  copied, as its bare address
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_TOO_BIG at XMPP_STANZA_IDS_MAX;
 *         XMPP_E_INVAL; XMPP_E_NOMEM
 */
XMPP_API int xmpp_stanza_ids_set_trusted(xmpp_conn *conn, const xmpp_jid *by, int on);
/** 1 if the ids of this address count. */
XMPP_API int xmpp_stanza_ids_is_trusted(const xmpp_conn *conn, const xmpp_jid *by);

/**
 * The id that this address gave to a message, if it counts. NULL otherwise. Borrowed (as long as
 * the stanza).
 *
 * @param by  the own bare address, or that of the room
 */
XMPP_API const char *xmpp_stanza_id_get(const xmpp_stanza *message, const xmpp_jid *by);
/** The sender's own id; NULL if there is none, or more than one, or the message is an error.
 * Borrowed (as long as the stanza). */
XMPP_API const char *xmpp_origin_id_get(const xmpp_stanza *message);
/** Gives a message that is built here an origin-id, instead of what it has; NULL: none. Copied. */
XMPP_API void xmpp_origin_id_set(xmpp_stanza *message, const char *id);

/** The id of the message that this one refers to; NULL if there is none. Borrowed (as long as the
 * stanza). */
XMPP_API const char *xmpp_stanza_reference_get_id(const xmpp_stanza *message);
/** Who gave that id, as text; NULL if that is not said. Borrowed (as long as the stanza). */
XMPP_API const char *xmpp_stanza_reference_get_by(const xmpp_stanza *message);
/** Makes a message that is built here refer to another one by its stanza-id. `id` and `by` are
 * copied; `by` may be NULL. */
XMPP_API void xmpp_stanza_reference_add(xmpp_stanza *message, const char *id, const xmpp_jid *by);

#ifdef __cplusplus
}
#endif

#endif
