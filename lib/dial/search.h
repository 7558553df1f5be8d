/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search for tries: all that is asked for one route, and what has come of it so far, group by
 * group. It knows no time, and starts nothing. */
#ifndef XM_DIAL_SEARCH_H
#define XM_DIAL_SEARCH_H

#include "dial/question.h"
#include "dial/service.h"
#include "dial/tries.h"

struct xm_search {
    struct xm_questions questions;
    struct xm_targets targets; /* none before the SRV answers are there */
    struct xm_tries tries;
    struct xm_draw draw;
    char *domain; /* owned */
    uint16_t port;
    int attempt_delay;    /* ms, for the plan */
    uint8_t is_pkix;      /* TLSA is not asked for */
    unsigned services[2]; /* questions: _xmpp-client, _xmpps-client */
    const char *reason;   /* why it has failed, static; NULL */
};

/* Asks for SRV, or where there is nothing to be asked knows its one target. 0 or XMPP_E_NOMEM; to
 * be done with in either case. */
int xm_search_init(struct xm_search *search, const struct xm_route_config *config,
                   const uint8_t seed[XM_DRAW_SEED]);
void xm_search_done(struct xm_search *search);

/* Without targets: takes the SRV answers. 1: the targets are known; 0: an answer is missing; else
 * XMPP_E_LOOKUP, XMPP_E_NO_SERVICE, XMPP_E_NOMEM. */
int xm_search_find_targets(struct xm_search *search);
/* Asks for the addresses of a group's targets. 0 or XMPP_E_NOMEM. */
int xm_search_open(struct xm_search *search, unsigned group);
/* With targets: does what the answers allow, and orders the tries. 0 or XMPP_E_NOMEM. */
int xm_search_look(struct xm_search *search);

/* 1 if nothing more will come of this group. */
int xm_search_is_done(const struct xm_search *search, unsigned group);
/* How many tries of the group can be started. */
unsigned xm_search_count(const struct xm_search *search, unsigned group);
/* 1 if there is nothing to wait for before the first of the group starts: all is known of the first
 * target, or an IPv6 address of it (RFC 8305 3, XEP-0495 4.2). A target that turned out to have no
 * address is not waited for; the next counts as the first. */
int xm_search_is_ready(const struct xm_search *search, unsigned group);

#endif
