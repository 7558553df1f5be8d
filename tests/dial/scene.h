/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A route on a virtual clock: a table stands in for DNS, another for the network, and what the
 * route does is written down with its times, to be compared whole. */
#ifndef TESTS_DIAL_SCENE_H
#define TESTS_DIAL_SCENE_H

#include "base/answer.h"
#include "dial/route.h"

enum { NEVER = -1 };

/* What DNS says; a name that is in no row does not exist. */
struct zone_row {
    const char *name;
    enum xm_rr rr;
    int after; /* ms; NEVER */
    enum xm_answer_status status;
    enum xm_dnssec dnssec;
    const char *data; /* records, with ';' between: "PRIORITY WEIGHT PORT TARGET", an address, or
                       * "USAGE SELECTOR MATCHING LENGTH" of TLSA */
};

/* What becomes of a connection; to an address that is in no row it hangs. */
struct net_row {
    const char *addr; /* with the port */
    int after;        /* ms */
    int code;         /* 0: connected */
    int tls;          /* what goes wrong 10 ms behind that; 0: nothing, so the scene ends here */
};

struct scene {
    struct xm_route_config config;
    const struct zone_row *zone;
    const struct net_row *net;
    int no_ipv6;     /* the system has no way to IPv6 addresses */
    int hides_asked; /* questions are not written down */
    uint8_t seed;    /* its first byte */

    struct xm_route *route;
    int64_t now;
    char log[16384];
    size_t n_log;
    struct {
        int64_t at;
        int kind;
        unsigned number;
        const void *row;
    } pending[256];
    unsigned n_pending;
};

/* Delays as they are by default. */
void scene_init(struct scene *scene, const char *domain, const struct zone_row *zone,
                const struct net_row *net);
/* Runs until nothing more happens. 0, or XMPP_E_NOMEM. The route stays until scene_done(). */
int scene_run(struct scene *scene);
void scene_done(struct scene *scene);
/* Runs it, and compares what was written down (NULL: with nothing). */
void scene_expect(struct scene *scene, const char *log);
/* The tries in order, a line each: "HOST ADDR:PORT starttls|tls DNSSEC DANE planned". */
void scene_expect_order(struct scene *scene, const char *lines);

#endif
