/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file forwarded.h
 * @brief A stanza inside another one: stanza forwarding.
 *
 * `<forwarded/>` is what carbons and archives wrap their messages in, and how a person forwards a
 * message to another one. What is in it is **the word of who sent the wrapper**, and nothing more:
 * anybody can forward what nobody ever said. So a forwarded stanza is never handled as if it were
 * received, and it has to be shown so that it cannot be taken for one that its sender sent here.
 * Which wrappers are to be believed is the matter of who reads them (carbons.h).
 *
 * @par Specifications
 * - XEP-0297, 1.0: complete
 */
#ifndef XMPP_FORWARDED_H
#define XMPP_FORWARDED_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How often a stanza may be forwarded inside a forwarded one. */
#define XMPP_FORWARDED_MAX 3

/**
 * Announces that forwarded messages are shown, those that people forward to each other
 * (urn:xmpp:forward:0). Reading and building need it not. The module is "forwarded".
 *
 * @return as xmpp_conn_enable()
 */
XMPP_API int xmpp_forwarded_enable(xmpp_conn *conn);

/** The one `<forwarded/>` in an element, such as the root of a message; NULL if there is none, or
 * more than one. Borrowed (as long as the stanza). */
XMPP_API const xmpp_elem *xmpp_forwarded_find(const xmpp_elem *parent);

/**
 * Makes the stanza in a `<forwarded/>` a stanza of its own: sealed, its addresses prepared, so that
 * it is read like one that was received. A language that holds around it is kept.
 *
 * @param ret_stanza  shared
 * @return 0; XMPP_E_NOT_FOUND if there is not exactly one message, presence or iq of jabber:client
 *         in it; XMPP_E_TOO_BIG if it is inside more than XMPP_FORWARDED_MAX of them;
 *         XMPP_E_INVAL for another element, and for NULL; XMPP_E_NOMEM
 */
XMPP_API int xmpp_forwarded_read(const xmpp_elem *forwarded, xmpp_stanza **ret_stanza);

/**
 * When who forwards a stanza received it.
 *
 * @param ret_ms  milliseconds since 1970-01-01T00:00:00Z
 * @return 0; XMPP_E_NOT_FOUND if that is not said, or said twice; XMPP_E_CHAR if it is no time;
 *         XMPP_E_INVAL for another element, and for NULL
 */
XMPP_API int xmpp_forwarded_get_time(const xmpp_elem *forwarded, int64_t *ret_ms);

/**
 * Adds a `<forwarded/>` with a copy of a stanza. A message that a person forwards should have a
 * body besides, if only an empty one.
 *
 * @param parent  such as the root of a message
 * @param stanza  a message, presence or iq, with the addresses that it had
 * @return the `<forwarded/>`, for xmpp_delay_add() with the time when the stanza was received; NULL
 *         for NULL, another stanza, and what cannot be added to. Borrowed (as long as the stanza)
 */
XMPP_API xmpp_elem *xmpp_forwarded_add(xmpp_elem *parent, const xmpp_stanza *stanza);

#ifdef __cplusplus
}
#endif

#endif
