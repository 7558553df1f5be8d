/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file markers.h
 * @brief Displayed markers: how far somebody has read.
 *
 * A marker names a message, and says that all up to it have been displayed. It only goes forward:
 * one that names a message older than the last, or one that is not in the conversation, means
 * nothing, which who keeps the conversation has to see. Nothing is sent by itself: that something
 * was displayed only the application knows.
 *
 * @par Specifications
 * - XEP-0333, 1.0.0: complete
 */
#ifndef XMPP_MARKERS_H
#define XMPP_MARKERS_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Enables the module "markers", which requires "presence" and announces urn:xmpp:chat-markers:0.
 *
 * @return as xmpp_conn_enable()
 */
XMPP_API int xmpp_markers_enable(xmpp_conn *conn);
/** Whether markers are sent; at first they are. Not everybody wants to tell what was read: XEP-0333
 * wants a person to be able to choose. @return 0; XMPP_E_REQUIRES without the module */
XMPP_API int xmpp_markers_set_sending(xmpp_conn *conn, int on);

/**
 * Asks for a marker of a message that is built here, giving it an id if it has none.
 *
 * @return 0; XMPP_E_INVAL for an error, a marker, and what is no message; XMPP_E_SYSTEM if no id
 *         could be made. What else goes wrong sticks to the message
 */
XMPP_API int xmpp_marker_request(xmpp_stanza *message);
/** 1 if a message asks for a marker, and may: it is neither an error nor a marker. */
XMPP_API int xmpp_marker_is_requested(const xmpp_stanza *message);

/** The id of the message that this marker names; NULL if the message is no marker, or an error. In
 * a room that gives ids (stanza_ids.h) it is one of the room's. Borrowed (as long as the
 * stanza). */
XMPP_API const char *xmpp_marker_get_id(const xmpp_stanza *message);
/**
 * 1 if a marker is from one who may say so: for a message that went to an account from any client of
 * that; to somebody in a room from that one; to the room from anybody in it. Ids are not compared. 0
 * also if out of memory.
 *
 * @param sent     the message that it names, as it was sent (in a room: or received)
 * @param in_room  1: it went to one in a room, as a private message (xmpp_presence_is_room())
 */
XMPP_API int xmpp_marker_fits(const xmpp_stanza *marker, const xmpp_stanza *sent, int in_room);

/**
 * Tells that a message was displayed, and with it all before it: to its sender, or to the room. Of
 * several that are displayed at once only for the last.
 *
 * @param message  as it was received, or the message in a carbon (carbons.h)
 * @return 1: sent; 0: not to be sent, because sending is off, the message does not ask for it (in a
 *         room it need not), is an error, a marker or our own, has no id, or its sender may not see
 *         our presence; XMPP_E_REQUIRES without the module; as xmpp_conn_send()
 */
XMPP_API int xmpp_marker_send(xmpp_conn *conn, const xmpp_stanza *message);

#ifdef __cplusplus
}
#endif

#endif
