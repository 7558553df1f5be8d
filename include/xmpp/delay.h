/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file delay.h
 * @brief When a stanza was really sent: delayed delivery, in both of its forms.
 *
 * Whoever keeps a stanza back adds a note to it: a server that stored it for somebody who was
 * offline, a room that shows its history. Whoever it passes can add one, its sender included, so a
 * note is worth as much as the word of who it says that it is from. Where there are several, the
 * one nearest to the reader is taken: xmpp_delay_get() says whose it is.
 *
 * Without proof all of it can be forged: the server should take away what others say in its name,
 * and not every one does. A delay decides where a message is shown, and nothing else.
 *
 * Reading needs no connection, and nothing to be enabled.
 *
 * @par Specifications
 * - XEP-0203, 2.0: complete
 * - XEP-0091, 1.4: partial, it is read and not written
 */
#ifndef XMPP_DELAY_H
#define XMPP_DELAY_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whose word a note of delay is, the nearest to the reader last. */
enum xmpp_delay_by {
    XMPP_DELAY_BY_ANYBODY = 0, /**< it names nobody, or one who has no part in the stanza */
    XMPP_DELAY_BY_SENDER = 1,  /**< the stanza's sender, its bare address (a room), or its server */
    XMPP_DELAY_BY_RECEIVER = 2 /**< the addressee's account or server: for what is received, ours */
};

/**
 * When a stanza was sent, by the note that is to be believed most: that of the highest enum
 * xmpp_delay_by, of several such the first; one that cannot be read does not count. The present
 * form (XEP-0203) goes before the old one (XEP-0091).
 *
 * @param stanza  sealed, as one that is received: of another one its addresses are not known
 * @param ret_ms  milliseconds since 1970-01-01T00:00:00Z; may be in the future. May be NULL
 * @param ret_by  an enum xmpp_delay_by; may be NULL
 * @return 0; XMPP_E_NOT_FOUND if there is no note that can be read, also for NULL; XMPP_E_NOMEM
 */
XMPP_API int xmpp_delay_get(const xmpp_stanza *stanza, int64_t *ret_ms, int *ret_by);
/** The element that xmpp_delay_get() reads; NULL if there is none, or out of memory. Borrowed (as
 * long as the stanza). */
XMPP_API const xmpp_elem *xmpp_delay_get_elem(const xmpp_stanza *stanza);
/** 1 if the stanza has a note of delay, whatever it says: it is not of this moment. */
XMPP_API int xmpp_delay_is_delayed(const xmpp_stanza *stanza);

/**
 * Reads one note: a `<delay/>`, or the `<x/>` of the old form.
 *
 * @param ret_ms  as for xmpp_delay_get()
 * @return 0; XMPP_E_CHAR if it has no time, or none that there is; XMPP_E_INVAL for another
 *         element, and for NULL
 */
XMPP_API int xmpp_delay_read(const xmpp_elem *delay, int64_t *ret_ms);
/** Who a note says that it is from, as text; NULL if that is not said, or the element is no note.
 * Borrowed (as long as the stanza). */
XMPP_API const char *xmpp_delay_get_from(const xmpp_elem *delay);
/** A note's reason, for a person: hostile text; NULL if there is none, or the element is no note.
 * Borrowed (as long as the stanza). */
XMPP_API const char *xmpp_delay_get_reason(const xmpp_elem *delay);

/**
 * Adds a note, such as one for a gateway that delivers what it had kept.
 *
 * @param parent  the root of a stanza, or a `<forwarded/>`
 * @param ms      when it was sent, milliseconds since 1970-01-01T00:00:00Z
 * @param from    copied; who kept it back; NULL: not said
 * @param reason  copied; for a person, NULL for none
 * @return 0; XMPP_E_INVAL for a time of a year that is not from 0 to 9999, and for NULL. What else
 *         goes wrong sticks to the stanza
 */
XMPP_API int xmpp_delay_add(xmpp_elem *parent, int64_t ms, const xmpp_jid *from,
                            const char *reason);

#ifdef __cplusplus
}
#endif

#endif
