/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file rsm.h
 * @brief Result sets: asking for a long list page by page.
 *
 * A `<set/>` goes into the request of another protocol, and comes back in its answer. A pager keeps
 * the place between the two:
 *
 *     xmpp_pager *pager = xmpp_pager_new(50, 0);
 *     xmpp_pager_add(pager, query);                                  // into each request
 *     int more = xmpp_pager_take(pager, xmpp_rsm_find(answer), n);   // of each answer
 *
 * Only ask that way who is known to understand it: its service discovery has XMPP_NS_RSM
 * (XEP-0059 4).
 *
 * @par Specifications
 * - XEP-0059, 1.0: complete
 */
#ifndef XMPP_RSM_H
#define XMPP_RSM_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace, and the feature that announces support. */
#define XMPP_NS_RSM "http://jabber.org/protocol/rsm"
/** The most pages that one pager asks for: what goes on beyond goes in a circle. */
#define XMPP_PAGER_PAGES 10000

/** The place in a list that is read page by page (rsm.h). */
typedef struct xmpp_pager xmpp_pager;

/* --- building ----------------------------------------------------------------------------------- */
/* These take NULL and do nothing; what is given is copied; errors stick to the stanza. */

/** Adds a `<set/>` to a request. @param max the most items of a page, 0: only how many there are,
 * negative: not said @return borrowed (as long as the stanza) */
XMPP_API xmpp_elem *xmpp_rsm_add(xmpp_elem *parent, int64_t max);
/** Asks for the page behind this item. */
XMPP_API void xmpp_rsm_set_after(xmpp_elem *set, const char *item);
/** Asks for the page in front of this item; "" asks for the last page. */
XMPP_API void xmpp_rsm_set_before(xmpp_elem *set, const char *item);
/** Asks for the page that begins with the item of this number, from 0. */
XMPP_API void xmpp_rsm_set_index(xmpp_elem *set, int64_t index);
/**
 * Adds the `<set/>` of an answer.
 *
 * @param first  of the page; NULL for an empty page
 * @param last   of the page; NULL for an empty page
 * @param index  the number of the first in the whole list, from 0; negative: not said
 * @param count  how many there are in all; negative: not said
 * @return borrowed (as long as the stanza)
 */
XMPP_API xmpp_elem *xmpp_rsm_add_page(xmpp_elem *parent, const char *first, const char *last,
                                      int64_t index, int64_t count);

/* --- reading ------------------------------------------------------------------------------------ */
/* These take NULL and answer NULL or -1; what they return is borrowed (as long as the stanza). A
 * number that is none, negative or beyond 2^53 counts as missing. */

/** The `<set/>` among the children of an element; NULL if there is none. */
XMPP_API const xmpp_elem *xmpp_rsm_find(const xmpp_elem *parent);
/** The most items that a request wants; -1 if it does not say. */
XMPP_API int64_t xmpp_rsm_get_max(const xmpp_elem *set);
/** The item behind which a request wants to go on; NULL if it does not say. */
XMPP_API const char *xmpp_rsm_get_after(const xmpp_elem *set);
/** The item in front of which a request wants to end, "" for the end of the list; NULL if it does
 * not say. */
XMPP_API const char *xmpp_rsm_get_before(const xmpp_elem *set);
/** The number of the item that a request wants to begin with; -1 if it does not say. */
XMPP_API int64_t xmpp_rsm_get_index(const xmpp_elem *set);
/** The first item of the page that an answer brings; NULL if it does not say. */
XMPP_API const char *xmpp_rsm_get_first(const xmpp_elem *set);
/** The number of that item in the whole list; -1 if the answer does not say. */
XMPP_API int64_t xmpp_rsm_get_first_index(const xmpp_elem *set);
/** The last item of the page that an answer brings; NULL if it does not say. */
XMPP_API const char *xmpp_rsm_get_last(const xmpp_elem *set);
/** How many items there are in all, perhaps roughly; -1 if the answer does not say. */
XMPP_API int64_t xmpp_rsm_get_count(const xmpp_elem *set);

/* --- page by page ------------------------------------------------------------------------------- */

/** A pager. @param max the most items of a page, from 1 @param backwards 1: begins with the last page
 * @return owned, xmpp_pager_free(); NULL if out of memory, or for another max */
XMPP_API xmpp_pager *xmpp_pager_new(int max, int backwards);
/** Frees a pager. Takes NULL. */
XMPP_API void xmpp_pager_free(xmpp_pager *pager);
/** Adds the `<set/>` for the next page to a request. Takes NULL. @return the element, borrowed (as
 * long as the stanza); NULL if there is no next page */
XMPP_API xmpp_elem *xmpp_pager_add(const xmpp_pager *pager, xmpp_elem *parent);
/**
 * Takes note of an answer.
 *
 * @param set  the answer's `<set/>`; NULL if it has none: then that was all
 * @param n    how many items the page has
 * @return 1: there may be another page; 0: that was all; XMPP_E_PROTOCOL if the answer does not get
 *         on, XMPP_E_TOO_BIG beyond XMPP_PAGER_PAGES: nothing more is to be asked for then;
 *         XMPP_E_NOMEM: as if the answer had not come; XMPP_E_INVAL for NULL
 */
XMPP_API int xmpp_pager_take(xmpp_pager *pager, const xmpp_elem *set, size_t n);
/** 1 if there is no other page. */
XMPP_API int xmpp_pager_is_done(const xmpp_pager *pager);
/** How many items there are in all, as the last answer says; -1 if none has. */
XMPP_API int64_t xmpp_pager_get_count(const xmpp_pager *pager);

#ifdef __cplusplus
}
#endif

#endif
