/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a domain to a connected address, as a sans-I/O engine: it asks questions of DNS, takes the
 * answers, makes one order of all targets (RFC 2782, XEP-0368), decides by DNSSEC what may be tried
 * and how it is verified (RFC 7673), and races the addresses of each priority group (RFC 8305,
 * XEP-0495). Who answers the questions and who connects is the owner's matter.
 *
 *     NAMES      both SRV questions are open   (left out for a given host, an address, localhost)
 *       │  one order of targets, in groups of equal priority; or the domain itself on 5222
 *       ▼
 *     GROUP      addresses and TLSA of this group's targets are asked for; what is known races
 *       │ ▲ all of the group have lost: the next group
 *       │ └── the winner was given back as failed: the race goes on
 *       ▼
 *     WON        one is connected
 *     OVER       nothing is left; or a look-up that must not fail has failed
 */
#ifndef XM_DIAL_ROUTE_H
#define XM_DIAL_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/answer.h"
#include "crypto/draw.h"

enum {
    XM_ROUTE_TARGETS_MAX = 20, /* SRV targets that are used, the best in order */
    XM_ROUTE_TRIES_MAX = 64,   /* addresses of one route */
    XM_ROUTE_ADDRS_MAX = 8,    /* of one target and family */
    XM_ROUTE_TLSA_MAX = 16     /* records of one target */
};

struct xm_route;

struct xm_route_config {
    const char *domain;   /* A-labels, or an IP literal; where SRV is asked for */
    const char *host;     /* NULL: by SRV; else this host's addresses alone, or an IP literal */
    uint16_t port;        /* with host, or without SRV; 0: 5222 */
    int is_direct;        /* with host: TLS from the first byte */
    int is_pkix;          /* no TLSA: it was not DNSSEC that led to this domain */
    int is_plan;          /* nothing is started: all groups are looked up, for their order */
    int is_survey;        /* all groups are looked up with the first, though they race in turn */
    int attempt_delay;    /* ms, RFC 8305 5 */
    int resolution_delay; /* ms, RFC 8305 3 */
    int attempt_limit;    /* ms that one address may take */
};

/* 0 or XMPP_E_NOMEM. All is copied. The seed draws the order of SRV records. */
int xm_route_new(struct xm_route **ret_route, const struct xm_route_config *config,
                 const uint8_t seed[XM_DRAW_SEED], int64_t now);
/* Takes NULL. */
void xm_route_free(struct xm_route *route);

/* How a target stands to DANE (RFC 7673 3). */
enum xm_dane {
    XM_DANE_NONE = 0,   /* PKIX for the domain alone: not signed, or no usable record */
    XM_DANE_USABLE = 1, /* its TLSA records decide */
    XM_DANE_REFUSED = 2 /* bogus, or the look-up failed: never tried */
};

/* One address that is tried. Numbers count from 0 in the order in which they became known;
 * xm_route_get_order() has the order in which they are tried. Texts are borrowed (as long as the
 * route). */
struct xm_try {
    const char *host;    /* the SRV target, the given host, or the domain */
    struct xm_addr addr; /* with the port; family 0: left out, and never tried */
    uint16_t priority;
    uint16_t weight;
    uint8_t is_srv;         /* found by SRV; else priority and weight mean nothing */
    uint8_t is_direct;      /* TLS from the first byte */
    uint8_t is_host_secure; /* by secure SRV: host is a reference name where DANE says so */
    uint8_t dane;           /* an enum xm_dane */
    uint8_t dnssec;         /* an enum xm_dnssec: of what was asked for SRV and address together */
    uint8_t n_tlsa;
    const struct xm_tlsa *tlsa; /* secure; those that can be used stand first. Borrowed, too */
    unsigned group;             /* priority groups from 0 */
    int64_t planned;    /* ms behind the start of its group, if nobody before it wins or loses */
    int64_t started;    /* ms of the clock; -1: not yet, or never */
    int64_t ended;      /* connected, and later failed; or cancelled; -1: not yet */
    int code;           /* XMPP_OK while nothing went wrong; of one left out: XMPP_E_LOOKUP, or
                         * XMPP_E_DNS where DNS failed */
    const char *reason; /* why it was left out, static; NULL */
};

enum xm_route_event_type {
    XM_ROUTE_NOTHING,
    XM_ROUTE_ASK,    /* look up `name`, `rr`; answer with xm_route_answer(question) */
    XM_ROUTE_START,  /* connect to try number `number` */
    XM_ROUTE_CANCEL, /* stop that: another has won. It may be started again later */
    XM_ROUTE_STOP,   /* stop that: its time is over */
    XM_ROUTE_OVER    /* nothing is left; told once. xm_route_get_error() */
};
struct xm_route_event {
    enum xm_route_event_type type;
    unsigned question;
    const char *name; /* borrowed (until the next call) */
    enum xm_rr rr;
    unsigned number;
};
/* The next thing to do, in an order that can be followed one by one. */
void xm_route_next(struct xm_route *route, int64_t now, struct xm_route_event *ret_event);

/* The answer to a question; `sources` (NULL for other than addresses) has the source address that
 * the system would use towards each record, family 0 for none. Copied. Ignored if that was not
 * asked, or is answered. 0, or XMPP_E_NOMEM: then the route is over. */
int xm_route_answer(struct xm_route *route, unsigned question, const struct xm_answer *answer,
                    const struct xm_addr *sources, int64_t now);
/* Try `number` is connected by TCP: it has won. Ignored if it does not run, or another has won. */
void xm_route_connected(struct xm_route *route, unsigned number, int64_t now);
/* Try `number` failed: by TCP while it ran, or behind it by TLS or in the stream after it had won;
 * the next follows. Ignored if it does neither. */
void xm_route_failed(struct xm_route *route, unsigned number, int code, int64_t now);

/* INT64_MAX: none. */
int64_t xm_route_deadline(const struct xm_route *route);

unsigned xm_route_get_n_tries(const struct xm_route *route);
/* NULL: there is no such number. Borrowed (as long as the route). */
const struct xm_try *xm_route_get_try(const struct xm_route *route, unsigned number);
/* The numbers of all tries in the order in which they are tried: groups by priority; in each, the
 * order of RFC 8305 4, those that are left out last. Filled with at most n; how many there are. */
unsigned xm_route_get_order(const struct xm_route *route, unsigned *numbers, unsigned n);
/* Of a route that is over: the most telling of its failures (a certificate before TLS, TLS before
 * the stream and what has no other place, that before refused, refused before unreachable before
 * time-out before DNS that failed before a name without an address), or why names could not be found;
 * 0 for a plan with something to try.
 * `*ret_reason`: static or borrowed, may become NULL. `*ret_number`: which try it was;
 * XM_ROUTE_TRIES_MAX: none. */
int xm_route_get_error(const struct xm_route *route, const char **ret_reason, unsigned *ret_number);

#endif
