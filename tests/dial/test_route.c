/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a domain to its tries: which questions are asked, what SRV says, what is left out (RFC 2782,
 * XEP-0368, RFC 6120 3.2). Who starts when is in test_happy.c, DNSSEC in test_dane.c. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "scene.h"
#include "xmpp/error.h"

#define PLAIN  "_xmpp-client._tcp.example.org", XM_RR_SRV
#define DIRECT "_xmpps-client._tcp.example.org", XM_RR_SRV
#define FOUND  XM_ANSWER_FOUND, XM_DNSSEC_INSECURE
#define NONE   XM_ANSWER_NONE, XM_DNSSEC_INSECURE
#define FAILED XM_ANSWER_FAILED, XM_DNSSEC_INDETERMINATE

static void srv_then_addresses_then_a_connection(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 10, FOUND, "0 0 5222 a.example"},
        {"a.example", XM_RR_AAAA, 5, FOUND, "2001:db8::a"},
        {"a.example", XM_RR_A, 6, FOUND, "192.0.2.10"},
        {0},
    };
    static const struct net_row net[] = {{"[2001:db8::a]:5222", 30, 0, 0}, {0}};
    struct scene scene;
    scene_init(&scene, "example.org", zone, net);
    scene_expect(&scene, "0 ask SRV _xmpp-client._tcp.example.org\n"
                         "0 ask SRV _xmpps-client._tcp.example.org\n"
                         "10 ask AAAA a.example\n"
                         "10 ask A a.example\n"
                         "15 start [2001:db8::a]:5222\n"
                         "45 won [2001:db8::a]:5222\n");
    CHECK_INT(xm_route_deadline(scene.route), INT64_MAX);
    scene_expect_order(&scene, "0 a.example [2001:db8::a]:5222 insecure pkix starttls+0\n"
                               "0 a.example 192.0.2.10:5222 insecure pkix starttls+250\n");
    const struct xm_try *tried = xm_route_get_try(scene.route, 0);
    CHECK_INT(tried->started, 15);
    CHECK_INT(tried->ended, 45);
    CHECK(tried->is_srv && !tried->is_direct && !tried->is_host_secure);
    CHECK_INT(xm_route_get_try(scene.route, 1)->started, -1);
    CHECK(!xm_route_get_try(scene.route, 2));
    scene_done(&scene);
}

/* Both services are one list: priorities and weights are mixed (XEP-0368 3). */
static void both_services_are_one_order(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, FOUND, "20 0 5222 late.example; 5 0 5222 early.example"},
        {DIRECT, 0, FOUND, "10 0 443 middle.example; 5 0 5223 early.example"},
        {"early.example", XM_RR_A, 0, FOUND, "192.0.2.1"},
        {"middle.example", XM_RR_A, 0, FOUND, "192.0.2.2"},
        {"late.example", XM_RR_A, 0, FOUND, "192.0.2.3"},
        {0},
    };
    static const struct net_row net[] = {
        {"192.0.2.1:5222", 1, XMPP_E_REFUSED, 0},
        {"192.0.2.1:5223", 1, XMPP_E_UNREACHABLE, 0},
        {"192.0.2.2:443", 1, 0, XMPP_E_TLS},
        {"192.0.2.3:5222", 1, 0, 0},
        {0},
    };
    struct scene scene;
    scene_init(&scene, "example.org", zone, net);
    scene_expect(&scene, "0 ask SRV _xmpp-client._tcp.example.org\n"
                         "0 ask SRV _xmpps-client._tcp.example.org\n"
                         "0 ask AAAA early.example\n" /* once for both */
                         "0 ask A early.example\n"
                         "0 start 192.0.2.1:5222\n"
                         "1 lost 192.0.2.1:5222 XMPP_E_REFUSED\n"
                         "1 start 192.0.2.1:5223 tls\n"
                         "2 lost 192.0.2.1:5223 XMPP_E_UNREACHABLE\n"
                         "2 ask AAAA middle.example\n"
                         "2 ask A middle.example\n"
                         "2 start 192.0.2.2:443 tls\n"
                         "3 won 192.0.2.2:443\n"
                         "13 lost 192.0.2.2:443 XMPP_E_TLS\n"
                         "13 ask AAAA late.example\n"
                         "13 ask A late.example\n"
                         "13 start 192.0.2.3:5222\n"
                         "14 won 192.0.2.3:5222\n");
    scene_expect_order(&scene, "0 early.example 192.0.2.1:5222 insecure pkix starttls+0\n"
                               "0 early.example 192.0.2.1:5223 insecure pkix tls+250\n"
                               "1 middle.example 192.0.2.2:443 insecure pkix tls+0\n"
                               "2 late.example 192.0.2.3:5222 insecure pkix starttls+0\n");
    scene_done(&scene);
}

/* What the two SRV answers say together, and what comes of it: a row each, without addresses. */
static void what_srv_answers_mean(void)
{
    static const struct {
        const char *what;
        struct zone_row plain;
        struct zone_row direct;
        const char *log;
    } rows[] = {
        {"no records in either: the domain itself",
         {PLAIN, 0, NONE, NULL},
         {DIRECT, 0, XM_ANSWER_NO_NAME, XM_DNSSEC_INSECURE, NULL},
         "0 ask AAAA example.org\n0 ask A example.org\n"
         "0 over XMPP_E_LOOKUP example.org: it has no address that can be used\n"},
        {"both are closed",
         {PLAIN, 0, FOUND, "0 0 0 ."},
         {DIRECT, 0, FOUND, "0 0 0 ."},
         "0 over XMPP_E_NO_SERVICE: SRV names no host but \".\"\n"},
        {"one is closed, the other has no records",
         {PLAIN, 0, NONE, NULL},
         {DIRECT, 0, FOUND, "0 0 0 ."},
         "0 over XMPP_E_NO_SERVICE: SRV names no host but \".\"\n"},
        {"twice closed is closed",
         {PLAIN, 0, FOUND, "0 0 0 .; 1 0 0 ."},
         {DIRECT, 0, NONE, NULL},
         "0 over XMPP_E_NO_SERVICE: SRV names no host but \".\"\n"},
        {"one is closed, the other is not",
         {PLAIN, 0, FOUND, "0 0 0 ."},
         {DIRECT, 0, FOUND, "0 0 443 a.example"},
         "0 ask AAAA a.example\n0 ask A a.example\n"
         "0 over XMPP_E_LOOKUP a.example: it has no address that can be used\n"},
        {"a dot among others is nothing",
         {PLAIN, 0, FOUND, "0 0 0 .; 0 0 5222 a.example"},
         {DIRECT, 0, NONE, NULL},
         "0 ask AAAA a.example\n0 ask A a.example\n"
         "0 over XMPP_E_LOOKUP a.example: it has no address that can be used\n"},
        {"one failed: no fallback, and no waiting for the other",
         {PLAIN, 0, FAILED, NULL},
         {DIRECT, NEVER, NONE, NULL},
         "0 over XMPP_E_DNS: the look-up of _xmpp-client failed\n"},
        {"the other failed, though the first has records",
         {PLAIN, 0, FOUND, "0 0 5222 a.example"},
         {DIRECT, 0, FAILED, NULL},
         "0 over XMPP_E_DNS: the look-up of _xmpps-client failed\n"},
        {"records that are bogus",
         {PLAIN, 0, XM_ANSWER_FOUND, XM_DNSSEC_BOGUS, "0 0 5222 a.example"},
         {DIRECT, 0, NONE, NULL},
         "0 over XMPP_E_DNS: the answer for _xmpp-client is bogus\n"},
        {"a denial that is bogus",
         {PLAIN, 0, NONE, NULL},
         {DIRECT, 0, XM_ANSWER_NONE, XM_DNSSEC_BOGUS, NULL},
         "0 over XMPP_E_DNS: the answer for _xmpps-client is bogus\n"},
        {"a denial that nobody can vouch for",
         {PLAIN, 0, NONE, NULL},
         {DIRECT, 0, XM_ANSWER_NO_NAME, XM_DNSSEC_INDETERMINATE, NULL},
         "0 over XMPP_E_DNS: the look-up of _xmpps-client failed\n"},
        {"nothing that can be used, and still no fallback",
         {PLAIN, 0, FOUND, "0 0 0 a.example"},
         {DIRECT, 0, FOUND, "0 0 443 192.0.2.1"},
         "0 over XMPP_E_LOOKUP a.example: its port is 0\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct zone_row zone[3] = {rows[i].plain, rows[i].direct, {0}};
        struct scene scene;
        char log[1024];
        check_note("%s", rows[i].what);
        snprintf(log, sizeof log,
                 "0 ask SRV _xmpp-client._tcp.example.org\n"
                 "0 ask SRV _xmpps-client._tcp.example.org\n%s",
                 rows[i].log);
        scene_init(&scene, "example.org", zone, NULL);
        scene_expect(&scene, log);
        scene_done(&scene);
    }
}

static void without_srv_the_domain_on_5222(void)
{
    static const struct zone_row zone[] = {
        {"example.org", XM_RR_A, 0, FOUND, "192.0.2.1"},
        {0},
    };
    struct scene scene;
    scene_init(&scene, "example.org", zone, NULL);
    scene.config.is_direct = 1; /* which is said of a given host alone */
    scene.hides_asked = 1;
    scene_expect(&scene, "0 start 192.0.2.1:5222\n"
                         "10000 stop 192.0.2.1:5222\n"
                         "10000 over XMPP_E_TIMEOUT example.org\n");
    CHECK(!xm_route_get_try(scene.route, 0)->is_srv);
    scene_done(&scene);

    scene_init(&scene, "example.org", zone, NULL);
    scene.config.port = 15222;
    scene.hides_asked = 1;
    scene_expect(&scene, "0 start 192.0.2.1:15222\n"
                         "10000 stop 192.0.2.1:15222\n"
                         "10000 over XMPP_E_TIMEOUT example.org\n");
    scene_done(&scene);
}

static void what_needs_no_srv(void)
{
    static const struct {
        const char *domain;
        const char *host;
        uint16_t port;
        int is_direct;
        const char *log;
    } rows[] = {
        {"example.org", "box.example", 0, 0,
         "0 ask AAAA box.example\n0 ask A box.example\n0 start 192.0.2.9:5222\n"
         "1 won 192.0.2.9:5222\n"},
        {"example.org", "box.example", 443, 1,
         "0 ask AAAA box.example\n0 ask A box.example\n0 start 192.0.2.9:443 tls\n"
         "1 won 192.0.2.9:443\n"},
        {"example.org", "192.0.2.9", 0, 0, "0 start 192.0.2.9:5222\n1 won 192.0.2.9:5222\n"},
        {"example.org", "[::1]", 0, 0, "0 start [::1]:5222\n1 won [::1]:5222\n"},
        {"192.0.2.9", NULL, 0, 1, "0 start 192.0.2.9:5222\n1 won 192.0.2.9:5222\n"},
        {"[::1]", NULL, 0, 0, "0 start [::1]:5222\n1 won [::1]:5222\n"},
        {"localhost", NULL, 0, 0,
         "0 ask AAAA localhost\n0 ask A localhost\n0 start [::1]:5222\n1 won [::1]:5222\n"},
        {"a.localhost", NULL, 0, 0,
         "0 ask AAAA a.localhost\n0 ask A a.localhost\n"
         "0 over XMPP_E_LOOKUP a.localhost: it has no address that can be used\n"},
        {"LOCALHOST.", NULL, 0, 0,
         "0 ask AAAA LOCALHOST.\n0 ask A LOCALHOST.\n"
         "0 over XMPP_E_LOOKUP LOCALHOST.: it has no address that can be used\n"},
        {"notlocalhost", NULL, 0, 0,
         "0 ask SRV _xmpp-client._tcp.notlocalhost\n0 ask SRV _xmpps-client._tcp.notlocalhost\n"
         "0 ask AAAA notlocalhost\n0 ask A notlocalhost\n"
         "0 over XMPP_E_LOOKUP notlocalhost: it has no address that can be used\n"},
    };
    static const struct zone_row zone[] = {
        {"box.example", XM_RR_A, 0, FOUND, "192.0.2.9"},
        {"localhost", XM_RR_AAAA, 0, FOUND, "::1"},
        {"localhost", XM_RR_A, 0, FOUND, "127.0.0.1"},
        {0},
    };
    static const struct net_row net[] = {
        {"192.0.2.9:5222", 1, 0, 0}, {"192.0.2.9:443", 1, 0, 0}, {"[::1]:5222", 1, 0, 0}, {0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        check_note("%s, %s", rows[i].domain, rows[i].host ? rows[i].host : "no host");
        scene_init(&scene, rows[i].domain, zone, net);
        scene.config.host = rows[i].host;
        scene.config.port = rows[i].port;
        scene.config.is_direct = rows[i].is_direct;
        scene_expect(&scene, rows[i].log);
        /* also of a number, of which nobody was asked */
        CHECK_INT(xm_route_get_try(scene.route, 0)->dnssec, XM_DNSSEC_INSECURE);
        scene_done(&scene);
    }
}

/* RFC 2782, "Target"; and what no host can be called. */
static void records_that_cannot_be_used_are_shown(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, FOUND,
         "30 0 5222 192.0.2.1; 10 0 0 a.example; 10 0 5222 b.example; 30 0 5222 2001:db8::1;"
         "40 0 5222 c\x1b[31m.example; 40 0 5222 .example; 40 0 5222 d..example"},
        {"b.example", XM_RR_A, 0, FOUND, "192.0.2.2"},
        {0},
    };
    static const struct net_row net[] = {{"192.0.2.2:5222", 5, XMPP_E_REFUSED, 0}, {0}};
    struct scene scene;
    scene_init(&scene, "example.org", zone, net);
    scene.hides_asked = 1;
    scene_expect(&scene, "0 start 192.0.2.2:5222\n"
                         "5 lost 192.0.2.2:5222 XMPP_E_REFUSED\n"
                         "5 over XMPP_E_REFUSED b.example\n");
    scene_expect_order(
        &scene, "0 b.example 192.0.2.2:5222 insecure pkix starttls+0\n"
                "0 a.example - insecure pkix: its port is 0\n"
                "1 192.0.2.1 - insecure pkix: its SRV target is an address, not a name\n"
                "1 2001:db8::1 - insecure pkix: its SRV target is an address, not a name\n"
                "2 c?[31m.example - insecure pkix: its SRV target is not the name of a host\n"
                "2 .example - insecure pkix: its SRV target is not the name of a host\n"
                "2 d..example - insecure pkix: its SRV target is not the name of a host\n");
    scene_done(&scene);
}

/* RFC 1035 2.3.4: labels of 63 bytes, names of 253 as text. */
static void how_long_a_host_may_be(void)
{
    static const struct {
        size_t label;
        size_t name;
        int is_used;
    } sizes[] = {{63, 127, 1}, {63, 253, 1}, {64, 127, 0}, {63, 254, 0}, {50, 600, 0}, {9, 10, 0}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char srv[1024] = "0 0 5222 ";
        size_t start = strlen(srv);
        for (size_t n = 0; n < sizes[i].name; n++) {
            srv[start + n] = n % (sizes[i].label + 1) == sizes[i].label ? '.' : 'a';
        }
        const struct zone_row zone[] = {
            {PLAIN, 0, FOUND, srv}, {srv + start, XM_RR_A, 0, FOUND, "192.0.2.1"}, {0}};
        struct scene scene;
        check_note("%zu of %zu", sizes[i].label, sizes[i].name);
        scene_init(&scene, "example.org", zone, NULL);
        scene.config.is_plan = 1;
        scene_expect(&scene, NULL);
        CHECK_INT(xm_route_get_n_tries(scene.route), 1);
        const struct xm_try *tried = xm_route_get_try(scene.route, 0);
        CHECK_INT(tried->addr.family, sizes[i].is_used ? 4 : 0);
        CHECK(strlen(tried->host) <= 253);
        scene_done(&scene);
    }
}

static void nothing_happens_behind_the_end(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, FAILED, NULL},
        {DIRECT, NEVER, NONE, NULL},
        {0},
    };
    static const struct xm_answer none = {.status = XM_ANSWER_NONE};
    struct scene scene;
    struct xm_route_event event;
    const char *reason;
    unsigned number;
    scene_init(&scene, "example.org", zone, NULL);
    CHECK_INT(scene_run(&scene), 0);
    CHECK_INT(xm_route_answer(scene.route, 1, &none, NULL, 5), 0);
    xm_route_connected(scene.route, 0, 5);
    xm_route_failed(scene.route, 0, XMPP_E_TLS, 5);
    xm_route_next(scene.route, 5, &event);
    CHECK_INT(event.type, XM_ROUTE_NOTHING);
    CHECK_INT(xm_route_deadline(scene.route), INT64_MAX);
    CHECK_INT(xm_route_get_error(scene.route, &reason, &number), XMPP_E_DNS);
    CHECK_STR(reason, "the look-up of _xmpp-client failed");
    scene_done(&scene);
}

static void what_is_named_twice_is_tried_once(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, FOUND, "20 0 5222 a.example; 10 0 5222 a.example; 10 0 5222 a.example"},
        {DIRECT, 0, FOUND, "10 0 5222 a.example"},
        {"a.example", XM_RR_A, 0, FOUND, "192.0.2.1; 192.0.2.1; 192.0.2.2"},
        {0},
    };
    struct scene scene;
    scene_init(&scene, "example.org", zone, NULL);
    scene.config.is_plan = 1;
    scene_expect(&scene, "0 ask SRV _xmpp-client._tcp.example.org\n"
                         "0 ask SRV _xmpps-client._tcp.example.org\n"
                         "0 ask AAAA a.example\n"
                         "0 ask A a.example\n"
                         "0 over XMPP_OK\n");
    scene_expect_order(&scene, "0 a.example 192.0.2.1:5222 insecure pkix starttls+0\n"
                               "0 a.example 192.0.2.2:5222 insecure pkix starttls+250\n"
                               "0 a.example 192.0.2.1:5222 insecure pkix tls+500\n"
                               "0 a.example 192.0.2.2:5222 insecure pkix tls+750\n");
    scene_done(&scene);
}

static void addresses_that_are_none_are_not_tried(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, FOUND, "0 0 5222 a.example; 1 0 5222 b.example"},
        {"a.example", XM_RR_A, 0, FOUND,
         "0.0.0.0; 0.1.2.3; 224.0.0.1; 239.1.2.3; 255.255.255.255; 2001:db8::1"},
        {"a.example", XM_RR_AAAA, 0, FOUND,
         "::; ff02::1; ::ffff:192.0.2.1; 192.0.2.1; fe80::1; febf::1"},
        {"b.example", XM_RR_A, 0, FOUND, "0.0.0.0; 127.0.0.1; 240.0.0.1; 192.0.2.3"},
        {0},
    };
    struct scene scene;
    scene_init(&scene, "example.org", zone, NULL);
    scene.config.is_plan = 1;
    scene.hides_asked = 1;
    scene_expect(&scene, "0 over XMPP_OK\n");
    scene_expect_order(&scene, "0 a.example - insecure pkix: it has no address that can be used\n"
                               "1 b.example 127.0.0.1:5222 insecure pkix starttls+0\n"
                               "1 b.example 240.0.0.1:5222 insecure pkix starttls+250\n"
                               "1 b.example 192.0.2.3:5222 insecure pkix starttls+500\n");
    scene_done(&scene);
}

/* Row 29 of what a hostile end does: more, always more. */
static void what_a_zone_can_cause_is_bounded(void)
{
    char srv[2][4096] = {"", ""};
    char addrs[1024] = "";
    struct zone_row zone[1 + 2 + 200] = {{PLAIN, 0, FOUND, srv[0]}, {DIRECT, 0, FOUND, srv[1]}};
    static char names[64][16];
    size_t n = 2;
    for (unsigned i = 0; i < 30; i++) {
        snprintf(addrs + strlen(addrs), sizeof addrs - strlen(addrs), "192.0.2.%u;", i + 1);
    }
    for (unsigned i = 0; i < 64; i++) {
        snprintf(names[i], sizeof names[i], "h%u.example", i);
        for (int direct = 0; direct < 2; direct++) {
            size_t len = strlen(srv[direct]);
            snprintf(srv[direct] + len, sizeof srv[direct] - len, "%u 0 %u %s;", 63 - i,
                     i % 4 == 0 ? 0 : 5222, names[i]);
        }
        zone[n++] = (struct zone_row){names[i], XM_RR_A, 0, FOUND, addrs};
    }
    struct scene scene;
    scene_init(&scene, "example.org", zone, NULL);
    scene.config.is_plan = 1;
    scene_expect(&scene, NULL);
    unsigned asked = 0;
    for (const char *at = scene.log; (at = strstr(at, "ask")); at++) {
        asked++;
    }
    /* Both services of the ten best hosts are the targets. */
    CHECK_INT(asked, 2 + 2 * XM_ROUTE_TARGETS_MAX / 2);
    CHECK(strstr(scene.log, "h63.example") && !strstr(scene.log, "h1.example"));
    CHECK_INT(xm_route_get_n_tries(scene.route), XM_ROUTE_TRIES_MAX);
    unsigned of_first = 0;
    for (unsigned i = 0; i < XM_ROUTE_TRIES_MAX; i++) {
        const struct xm_try *tried = xm_route_get_try(scene.route, i);
        of_first += strcmp(tried->host, "h63.example") == 0 && !tried->is_direct;
    }
    CHECK_INT(of_first, XM_ROUTE_ADDRS_MAX);
    scene_done(&scene);
}

static void a_plan_starts_nothing(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 3, FOUND, "0 0 5222 a.example; 1 0 5222 b.example"},
        {DIRECT, 4, FOUND, "1 0 443 c.example"},
        {"a.example", XM_RR_AAAA, 5, FOUND, "2001:db8::a; 2001:db8::b"},
        {"a.example", XM_RR_A, 200, FOUND, "192.0.2.1; 192.0.2.2"},
        {"b.example", XM_RR_A, 1, NONE, NULL},
        {"c.example", XM_RR_A, 300, FOUND, "192.0.2.3"},
        {0},
    };
    struct scene scene;
    scene_init(&scene, "example.org", zone, NULL);
    scene.config.is_plan = 1;
    scene_expect(&scene, "0 ask SRV _xmpp-client._tcp.example.org\n"
                         "0 ask SRV _xmpps-client._tcp.example.org\n"
                         "4 ask AAAA a.example\n"
                         "4 ask A a.example\n"
                         "4 ask AAAA b.example\n"
                         "4 ask A b.example\n"
                         "4 ask AAAA c.example\n"
                         "4 ask A c.example\n"
                         "304 over XMPP_OK\n");
    scene_expect_order(&scene, "0 a.example [2001:db8::a]:5222 insecure pkix starttls+0\n"
                               "0 a.example 192.0.2.1:5222 insecure pkix starttls+250\n"
                               "0 a.example [2001:db8::b]:5222 insecure pkix starttls+500\n"
                               "0 a.example 192.0.2.2:5222 insecure pkix starttls+750\n"
                               "1 c.example 192.0.2.3:443 insecure pkix tls+0\n"
                               "1 b.example - insecure pkix: it has no address that can be used\n");
    unsigned numbers[2] = {99, 99};
    CHECK_INT(xm_route_get_order(scene.route, numbers, 1), 6);
    CHECK_INT(numbers[1], 99);
    scene_done(&scene);

    scene_init(&scene, "nowhere.example", zone, NULL);
    scene.config.is_plan = 1;
    scene.hides_asked = 1;
    scene_expect(&scene,
                 "0 over XMPP_E_LOOKUP nowhere.example: it has no address that can be used\n");
    scene_done(&scene);
}

/* The seed decides; over many the weights do (RFC 2782). */
/* As a plan it knows all groups; as a race it has its own order and time. */
static void a_survey_looks_up_all_and_races_in_turn(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 1, FOUND, "0 0 5222 a.example; 1 0 5222 b.example"},
        {DIRECT, 1, NONE, NULL},
        {"a.example", XM_RR_A, 1, FOUND, "192.0.2.1"},
        {"b.example", XM_RR_A, 500, FOUND, "192.0.2.2"},
        {0},
    };
    static const struct net_row net[] = {
        {"192.0.2.1:5222", 100, XMPP_E_REFUSED, 0}, {"192.0.2.2:5222", 100, 0, 0}, {0}};
    struct scene scene;
    scene_init(&scene, "example.org", zone, net);
    scene.config.is_survey = 1;
    scene.hides_asked = 1;
    scene_expect(&scene, "2 start 192.0.2.1:5222\n"
                         "102 lost 192.0.2.1:5222 XMPP_E_REFUSED\n"
                         "501 start 192.0.2.2:5222\n"
                         "601 won 192.0.2.2:5222\n");
    scene_done(&scene);
}

static void the_order_is_drawn(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, FOUND, "0 10 5222 a.example; 0 30 5222 b.example"},
        {"a.example", XM_RR_A, 0, FOUND, "192.0.2.1"},
        {"b.example", XM_RR_A, 0, FOUND, "192.0.2.2"},
        {0},
    };
    unsigned n_b = 0;
    for (unsigned seed = 0; seed < 200; seed++) {
        struct scene scene;
        scene_init(&scene, "example.org", zone, NULL);
        scene.config.is_plan = 1;
        scene.seed = (uint8_t)seed;
        CHECK_INT(scene_run(&scene), 0);
        unsigned first;
        CHECK_INT(xm_route_get_order(scene.route, &first, 1), 2);
        n_b += strcmp(xm_route_get_try(scene.route, first)->host, "b.example") == 0;
        scene_done(&scene);
    }
    check_note("b was first %u times", n_b); /* 146 are expected, 6 the standard deviation */
    CHECK(n_b > 125 && n_b < 167);
}

static void what_comes_out_of_turn_is_nothing(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, FOUND, "0 0 5222 a.example; 1 0 5222 b.example"},
        {"a.example", XM_RR_A, 0, FOUND, "192.0.2.1; 192.0.2.2"},
        {0},
    };
    static const struct net_row net[] = {{"192.0.2.1:5222", 5, 0, 0}, {0}};
    static const struct xm_answer none = {.status = XM_ANSWER_NONE};
    struct scene scene;
    struct xm_route_event event;
    scene_init(&scene, "example.org", zone, net);
    scene.hides_asked = 1;
    scene_expect(&scene, "0 start 192.0.2.1:5222\n5 won 192.0.2.1:5222\n");
    xm_route_connected(scene.route, 1, 6); /* never started */
    xm_route_connected(scene.route, 63, 6);
    xm_route_failed(scene.route, 1, XMPP_E_REFUSED, 6);
    xm_route_failed(scene.route, 63, XMPP_E_REFUSED, 6);
    CHECK_INT(xm_route_answer(scene.route, 0, &none, NULL, 6), 0); /* a second time */
    CHECK_INT(xm_route_answer(scene.route, 61, &none, NULL, 6), 0);
    xm_route_next(scene.route, 6, &event);
    CHECK_INT(event.type, XM_ROUTE_NOTHING);
    xm_route_failed(scene.route, 0, XMPP_E_STREAM, 7);
    xm_route_failed(scene.route, 0, XMPP_E_REFUSED, 8); /* it has lost already */
    xm_route_next(scene.route, 8, &event);
    CHECK_INT(event.type, XM_ROUTE_START);
    CHECK_INT(event.number, 1);
    CHECK_INT(xm_route_get_try(scene.route, 0)->code, XMPP_E_STREAM);
    CHECK_INT(xm_route_get_try(scene.route, 0)->ended, 7);
    scene_done(&scene);
    xm_route_free(NULL);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"SRV, then addresses, then a connection", srv_then_addresses_then_a_connection},
        {"both services are one order", both_services_are_one_order},
        {"what SRV answers mean", what_srv_answers_mean},
        {"without SRV the domain on 5222", without_srv_the_domain_on_5222},
        {"what needs no SRV", what_needs_no_srv},
        {"records that cannot be used are shown", records_that_cannot_be_used_are_shown},
        {"how long a host may be", how_long_a_host_may_be},
        {"nothing happens behind the end", nothing_happens_behind_the_end},
        {"what is named twice is tried once", what_is_named_twice_is_tried_once},
        {"addresses that are none are not tried", addresses_that_are_none_are_not_tried},
        {"what a zone can cause is bounded", what_a_zone_can_cause_is_bounded},
        {"a plan starts nothing", a_plan_starts_nothing},
        {"a survey looks up all and races in turn", a_survey_looks_up_all_and_races_in_turn},
        {"the order is drawn", the_order_is_drawn},
        {"what comes out of turn is nothing", what_comes_out_of_turn_is_nothing},
    };
    return CHECK_MAIN(argc, argv, "dial-route", cases);
}
