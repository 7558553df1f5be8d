/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file correction.h
 * @brief A message that replaces an earlier one, and who may send it.
 *
 * A correction is a whole message with an id of its own that names the id of the one it replaces,
 * of the first one where that was corrected before. All that it has counts instead of what the
 * other one had; when it came, where it is kept, and such, is its own. People should see that a
 * message was corrected, and be able to see what it was.
 *
 * Ids are chosen by senders, so an id alone proves nothing: who keeps the conversation finds the
 * message of that id, and asks xmpp_correction_fits() before it replaces anything.
 *
 * @par Specifications
 * - XEP-0308, 1.2.1: complete
 */
#ifndef XMPP_CORRECTION_H
#define XMPP_CORRECTION_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Enables the module "correction", which announces urn:xmpp:message-correct:0. Reading and building
 * need it not.
 *
 * @return as xmpp_conn_enable()
 */
XMPP_API int xmpp_correction_enable(xmpp_conn *conn);

/** The id of the message that this one replaces; NULL if it replaces none, is an error, or names
 * more than one. Borrowed (as long as the stanza). */
XMPP_API const char *xmpp_correction_get_id(const xmpp_stanza *message);

/**
 * Makes a message that is built here the replacement of an earlier one, giving it an id of its own
 * if it has none.
 *
 * @param id  copied; of the first message, also where that was corrected before
 * @return 0; XMPP_E_INVAL for an error, what is no message, an empty id or the message's own;
 *         XMPP_E_SYSTEM if no id could be made. What else goes wrong sticks to the message
 */
XMPP_API int xmpp_correction_set_id(xmpp_stanza *message, const char *id);

/**
 * 1 if a correction is for this message and from one who may correct it: its id is named, and the
 * sender is the same, in the same conversation, by messages of the same type. The same sender is
 * the same bare address; in a room the same full address and, where the room tells it, the same
 * occupant-id.
 *
 * Beyond that, what a room's occupant said before joining, or before leaving and coming back, may
 * not be corrected: behind the same address there may be somebody else now. That is for who follows
 * the room to see.
 *
 * @param original    as it was received, or the message in a carbon
 * @param correction  the same
 * @param in_room     1: the sender is known to be somebody in a room (xmpp_presence_is_room()), as
 *                    with private messages there. Messages of type groupchat, and those that say it themselves, need it
 *                    not
 */
XMPP_API int xmpp_correction_fits(const xmpp_stanza *original, const xmpp_stanza *correction,
                                  int in_room);

#ifdef __cplusplus
}
#endif

#endif
