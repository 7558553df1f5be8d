/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each allocation of a route failing in turn: it says so, by what it returns or as its end, and
 * leaks nothing. */
#include <string.h>

#include "check.h"
#include "nomem.h"
#include "scene.h"
#include "xmpp/error.h"

#define PLAIN  "_xmpp-client._tcp.example.org", XM_RR_SRV
#define DIRECT "_xmpps-client._tcp.example.org", XM_RR_SRV
#define SECURE XM_ANSWER_FOUND, XM_DNSSEC_SECURE

/* Both groups name one host, so the second finds all answers there, and allocates outside of any
 * answer. */
static const struct zone_row zone[] = {
    {PLAIN, 0, SECURE, "0 0 5222 a.example; 1 0 5222 b.example; 1 0 0 c.example"},
    {DIRECT, 0, SECURE, "1 0 5222 a.example"},
    {"a.example", XM_RR_AAAA, 1, SECURE, "2001:db8::1; 2001:db8::2"},
    {"a.example", XM_RR_A, 2, SECURE, "192.0.2.1"},
    {"_5222._tcp.a.example", XM_RR_TLSA, 0, SECURE, "3 1 1 32; 0 0 0 5"},
    {"b.example", XM_RR_A, 9, SECURE, "192.0.2.2"},
    {0},
};
static const struct net_row net[] = {{"192.0.2.1:5222", 1, XMPP_E_REFUSED, 0}, {0}};

static void each_allocation_fails_in_turn(const char *domain, const char *host)
{
    int n_failed = 0;
    for (int n = 0;; n++) {
        struct scene scene;
        const char *reason;
        unsigned number;
        scene_init(&scene, domain, zone, net);
        scene.config.host = host;
        nomem_at(n);
        int error = scene_run(&scene);
        int hit = nomem_end();
        check_note("allocation %d", n);
        if (!hit) {
            CHECK_INT(error, 0);
            scene_done(&scene);
            break;
        }
        n_failed++;
        if (error == 0) { /* behind the last answer: it is over for that */
            CHECK(strstr(scene.log, "over XMPP_E_NOMEM\n"));
        } else {
            CHECK_INT(error, XMPP_E_NOMEM);
        }
        if (scene.route) {
            struct xm_route_event event;
            CHECK_INT(xm_route_get_error(scene.route, &reason, &number), XMPP_E_NOMEM);
            CHECK_INT(number, XM_ROUTE_TRIES_MAX);
            xm_route_next(scene.route, scene.now, &event);
            CHECK_INT(event.type, error == 0 ? XM_ROUTE_NOTHING : XM_ROUTE_OVER);
        }
        scene_done(&scene);
    }
    check_note("%d failed", n_failed);
    CHECK(n_failed > 4);
}

static void found_by_srv(void)
{
    each_allocation_fails_in_turn("example.org", NULL);
}

static void without_srv(void)
{
    each_allocation_fails_in_turn("b.example", NULL);
}

static void at_a_given_host(void)
{
    each_allocation_fails_in_turn("example.org", "a.example");
}

static void at_an_address(void)
{
    each_allocation_fails_in_turn("192.0.2.1", NULL);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"found by SRV", found_by_srv},
        {"without SRV", without_srv},
        {"at a given host", at_a_given_host},
        {"at an address", at_an_address},
    };
    return CHECK_MAIN(argc, argv, "dial-route-memory", cases);
}
