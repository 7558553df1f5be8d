/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tries of one route, and the order in which they are tried. Starts none, and asks nothing. */
#ifndef XM_DIAL_TRIES_H
#define XM_DIAL_TRIES_H

#include "dial/race.h"
#include "dial/route.h"

struct xm_tries_entry {
    struct xm_try shown;
    struct xm_addr source;
    unsigned rank; /* of its target */
};

struct xm_tries {
    struct xm_tries_entry *list[XM_ROUTE_TRIES_MAX]; /* owned */
    uint8_t order[XM_ROUTE_TRIES_MAX];
    unsigned n;
    unsigned n_kept; /* places that wait for targets of which not all is known: target.h */
};

void xm_tries_done(struct xm_tries *tries);
/* Copied. 1 if it was added; 0: the target of this rank has this address already, or the places that
 * are left of XM_ROUTE_TRIES_MAX are kept for others; XMPP_E_NOMEM. */
int xm_tries_add(struct xm_tries *tries, const struct xm_try *shown, const struct xm_addr *source,
                 unsigned rank);
/* Orders a group anew: what has been started keeps its place, the others are sorted behind it,
 * those that are left out stand last. `delay`: ms between two starts. */
void xm_tries_sort(struct xm_tries *tries, unsigned group, int delay);
/* The runners of a group's race, in order. */
size_t xm_tries_get_runners(const struct xm_tries *tries, unsigned group,
                            uint8_t runners[XM_RACE_MAX]);
/* The one whose failure tells most, of equal ones the first in the order; XM_ROUTE_TRIES_MAX: none
 * has failed. */
unsigned xm_tries_most_telling(const struct xm_tries *tries);

#endif
