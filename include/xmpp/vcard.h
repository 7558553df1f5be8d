/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file vcard.h
 * @brief Business cards: vcard-temp, XEP-0054.
 *
 * A card is an element `<vCard/>` with a child for each fact. They are named by a path: "FN", "NICKNAME",
 * "N/FAMILY", "ORG/ORGNAME", "EMAIL/USERID", "TEL/NUMBER", "PHOTO/TYPE". Facts that there may be several of
 * are walked over, each read by a path of its own:
 *
 *     for (tel = xmpp_elem_get_child(card, "TEL", XMPP_NS_VCARD); tel;
 *          tel = xmpp_elem_get_next(tel, "TEL", XMPP_NS_VCARD)) {
 *         number = xmpp_vcard_get_text(tel, "NUMBER");
 *         is_mobile = xmpp_vcard_get_text(tel, "CELL") != NULL;
 *     }
 *
 * There is nothing to enable. Everybody can read the card of everybody; what is in it is the word of whoever
 * wrote it, hostile text.
 *
 * @par Specifications
 * - XEP-0054, 1.3.0: complete
 */
#ifndef XMPP_VCARD_H
#define XMPP_VCARD_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace of cards. */
#define XMPP_NS_VCARD "vcard-temp"
/** How many bytes a photo may have, where 0 is given. */
#define XMPP_VCARD_PHOTO_MAX 1048576

/**
 * Asks for a card. xmpp_vcard_read() finds it in the answer.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param to          copied; a bare JID, or that of an occupant of a room. NULL: the own card
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_vcard_request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                                int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                xmpp_destroy_fn destroy);
/** The card in an answer; NULL if there is none, or an empty one. Borrowed (as long as the stanza). */
XMPP_API const xmpp_elem *xmpp_vcard_read(const xmpp_stanza *reply);
/** 1 if an answer, or an error, says that there is no card: an empty one, `item-not-found` or
 * `service-unavailable` (XEP-0054 3.1, 3.3). */
XMPP_API int xmpp_vcard_is_none(const xmpp_stanza *reply);
/**
 * Publishes the own card in the place of the one before: all of it, as there is no changing of a part.
 * The server keeps it for everybody to read.
 *
 * @param vcard  copied; a `<vCard/>`
 * @return as xmpp_conn_request(); XMPP_E_INVAL for another element; what stuck to the stanza that it is
 *         in
 */
XMPP_API int xmpp_vcard_publish(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_elem *vcard,
                                int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                xmpp_destroy_fn destroy);

/**
 * A text of a card, by its path from this element: of several the first. NULL if it is not there; ""
 * if it is empty. Borrowed (as long as the stanza).
 */
XMPP_API const char *xmpp_vcard_get_text(const xmpp_elem *elem, const char *path);
/** Of several facts of this name the preferred one: with a `<PREF/>` in it, else the first. NULL if
 * there is none. Borrowed (as long as the stanza). */
XMPP_API const xmpp_elem *xmpp_vcard_get_preferred(const xmpp_elem *vcard, const char *name);
/**
 * The photo, if it is in the card itself; one that is elsewhere has its address in "PHOTO/EXTVAL".
 *
 * @param name       "PHOTO", or "LOGO"
 * @param max        how many bytes it may have; 0: XMPP_VCARD_PHOTO_MAX
 * @param ret_type   the media type as the sender says, which need not be true; "" if that is not said.
 *                   Borrowed (as long as the stanza). May be NULL
 * @param ret_bytes  owned; free them with xmpp_free()
 * @return 0; XMPP_E_NOT_FOUND if there is none; XMPP_E_TOO_BIG; XMPP_E_CHAR if it is not base64;
 *         XMPP_E_NOMEM; XMPP_E_INVAL
 */
XMPP_API int xmpp_vcard_get_photo(const xmpp_elem *vcard, const char *name, size_t max,
                                  const char **ret_type, uint8_t **ret_bytes, size_t *ret_n);

/** A new, empty card, whose root is filled in by the next. @return shared, drop it with
 * xmpp_stanza_unref(); NULL if out of memory. */
XMPP_API xmpp_stanza *xmpp_vcard_new(void);
/**
 * Sets a text by its path from this element, which is built as far as it is missing: "N/FAMILY" and then
 * "N/GIVEN" go into one "N". Of several the first is replaced; more of one name are made by
 * xmpp_elem_add(). Errors stick to the stanza.
 *
 * @param text  copied; NULL takes it out
 */
XMPP_API void xmpp_vcard_set_text(xmpp_elem *elem, const char *path, const char *text);
/**
 * Sets the photo.
 *
 * @param name   "PHOTO", or "LOGO"
 * @param type   copied; the media type, such as "image/png"
 * @param bytes  copied; NULL: takes it out
 * @return 0; XMPP_E_NOMEM; XMPP_E_INVAL
 */
XMPP_API int xmpp_vcard_set_photo(xmpp_elem *vcard, const char *name, const char *type,
                                  const void *bytes, size_t n);

#ifdef __cplusplus
}
#endif

#endif
