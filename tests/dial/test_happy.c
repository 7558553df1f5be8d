/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Happy eyeballs over a priority group (RFC 8305, XEP-0495): the exact list of what starts, stops,
 * wins and loses, with its times. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "scene.h"
#include "xmpp/error.h"

#define PLAIN  "_xmpp-client._tcp.example.org", XM_RR_SRV
#define DIRECT "_xmpps-client._tcp.example.org", XM_RR_SRV
#define FOUND  XM_ANSWER_FOUND, XM_DNSSEC_INSECURE
#define NONE   XM_ANSWER_NONE, XM_DNSSEC_INSECURE
#define FAILED XM_ANSWER_FAILED, XM_DNSSEC_INSECURE

enum { ZONE_MAX = 8, NET_MAX = 8 };

/* Without SRV records, or with those of the zone; questions are not shown. */
static const struct {
    const char *what;
    struct zone_row zone[ZONE_MAX];
    struct net_row net[NET_MAX];
    const char *log;
} rows[] = {
    /* RFC 8305 3: when the first may start */
    {"AAAA first: at once",
     {{"example.org", XM_RR_AAAA, 10, FOUND, "2001:db8::1"},
      {"example.org", XM_RR_A, 500, FOUND, "192.0.2.1"}},
     {{"[2001:db8::1]:5222", 20, 0, 0}},
     "10 start [2001:db8::1]:5222\n30 won [2001:db8::1]:5222\n"},
    {"A first: AAAA within the resolution delay",
     {{"example.org", XM_RR_AAAA, 59, FOUND, "2001:db8::1"},
      {"example.org", XM_RR_A, 10, FOUND, "192.0.2.1"}},
     {{"[2001:db8::1]:5222", 20, 0, 0}},
     "59 start [2001:db8::1]:5222\n79 won [2001:db8::1]:5222\n"},
    {"A first: no AAAA within the resolution delay",
     {{"example.org", XM_RR_AAAA, 100, FOUND, "2001:db8::1"},
      {"example.org", XM_RR_A, 10, FOUND, "192.0.2.1"}},
     {{"192.0.2.1:5222", 300, 0, 0}},
     "60 start 192.0.2.1:5222\n310 start [2001:db8::1]:5222\n360 won 192.0.2.1:5222\n"
     "360 cancel [2001:db8::1]:5222\n"},
    {"A first: there is no AAAA",
     {{"example.org", XM_RR_AAAA, 30, NONE, NULL},
      {"example.org", XM_RR_A, 10, FOUND, "192.0.2.1"}},
     {{"192.0.2.1:5222", 20, 0, 0}},
     "30 start 192.0.2.1:5222\n50 won 192.0.2.1:5222\n"},
    {"A first: the look-up of AAAA fails",
     {{"example.org", XM_RR_AAAA, 30, FAILED, NULL},
      {"example.org", XM_RR_A, 10, FOUND, "192.0.2.1"}},
     {{"192.0.2.1:5222", 20, 0, 0}},
     "30 start 192.0.2.1:5222\n50 won 192.0.2.1:5222\n"},
    {"AAAA is never answered: A is, and wins",
     {{"example.org", XM_RR_AAAA, NEVER, NONE, NULL},
      {"example.org", XM_RR_A, 10, FOUND, "192.0.2.1"}},
     {{"192.0.2.1:5222", 20, 0, 0}},
     "60 start 192.0.2.1:5222\n80 won 192.0.2.1:5222\n"},
    {"a group is not over before all is answered",
     {{"example.org", XM_RR_AAAA, 400, FOUND, "2001:db8::1"},
      {"example.org", XM_RR_A, 10, FOUND, "192.0.2.1"}},
     {{"192.0.2.1:5222", 20, XMPP_E_REFUSED, 0}, {"[2001:db8::1]:5222", 1, 0, 0}},
     "60 start 192.0.2.1:5222\n80 lost 192.0.2.1:5222 XMPP_E_REFUSED\n"
     "400 start [2001:db8::1]:5222\n401 won [2001:db8::1]:5222\n"},
    /* XEP-0495 4.2: the first target's answers are waited for likewise */
    {"the second target is answered first",
     {{PLAIN, 0, FOUND, "0 0 5222 a.example; 0 0 5223 b.example"},
      {"a.example", XM_RR_AAAA, 30, FOUND, "2001:db8::a"},
      {"a.example", XM_RR_A, 35, NONE, NULL},
      {"b.example", XM_RR_AAAA, 5, FOUND, "2001:db8::b"},
      {"b.example", XM_RR_A, 6, NONE, NULL}},
     {{"[2001:db8::a]:5222", 1, 0, 0}},
     "30 start [2001:db8::a]:5222\n31 won [2001:db8::a]:5222\n"},
    {"the first target is too late",
     {{PLAIN, 0, FOUND, "0 0 5222 a.example; 0 0 5223 b.example"},
      {"a.example", XM_RR_AAAA, 90, FOUND, "2001:db8::a"},
      {"a.example", XM_RR_A, 90, NONE, NULL},
      {"b.example", XM_RR_AAAA, 5, FOUND, "2001:db8::b"},
      {"b.example", XM_RR_A, 6, NONE, NULL}},
     {{"[2001:db8::b]:5223", 300, 0, 0}},
     "55 start [2001:db8::b]:5223\n305 start [2001:db8::a]:5222\n355 won [2001:db8::b]:5223\n"
     "355 cancel [2001:db8::a]:5222\n"},
    {"the first target has no address: the second counts as the first",
     {{PLAIN, 0, FOUND, "0 0 5222 a.example; 0 0 5223 b.example"},
      {"a.example", XM_RR_AAAA, 1, NONE, NULL},
      {"a.example", XM_RR_A, 2, NONE, NULL},
      {"b.example", XM_RR_AAAA, 20, NONE, NULL},
      {"b.example", XM_RR_A, 5, FOUND, "192.0.2.2"}},
     {{"192.0.2.2:5223", 1, 0, 0}},
     "20 start 192.0.2.2:5223\n21 won 192.0.2.2:5223\n"},
    {"both look-ups of the first target fail: the second is tried",
     {{PLAIN, 0, FOUND, "0 0 5222 a.example; 0 0 5223 b.example"},
      {"a.example", XM_RR_AAAA, 30, FAILED, NULL},
      {"a.example", XM_RR_A, 30, FAILED, NULL},
      {"b.example", XM_RR_A, 0, FOUND, "192.0.2.2"}},
     {{"192.0.2.2:5223", 1, 0, 0}},
     "30 start 192.0.2.2:5223\n31 won 192.0.2.2:5223\n"},
    /* RFC 8305 4 and 5 */
    {"an IPv6 black hole",
     {{"example.org", XM_RR_AAAA, 0, FOUND, "2001:db8::1; 2001:db8::2"},
      {"example.org", XM_RR_A, 0, FOUND, "192.0.2.1; 192.0.2.2"}},
     {{"192.0.2.1:5222", 20, 0, 0}},
     "0 start [2001:db8::1]:5222\n250 start 192.0.2.1:5222\n270 won 192.0.2.1:5222\n"
     "270 cancel [2001:db8::1]:5222\n"},
    {"families alternate behind what has been started",
     {{"example.org", XM_RR_AAAA, 0, FOUND, "2001:db8::1; 2001:db8::2"},
      {"example.org", XM_RR_A, 100, FOUND, "192.0.2.1; 192.0.2.2"}},
     {{"192.0.2.2:5222", 0, 0, 0}},
     "0 start [2001:db8::1]:5222\n250 start 192.0.2.1:5222\n500 start [2001:db8::2]:5222\n"
     "750 start 192.0.2.2:5222\n750 won 192.0.2.2:5222\n750 cancel [2001:db8::1]:5222\n"
     "750 cancel 192.0.2.1:5222\n750 cancel [2001:db8::2]:5222\n"},
    {"weight before the longest prefix, families interleaved over targets",
     {{PLAIN, 0, FOUND, "0 0 5222 a.example; 0 0 5223 b.example"},
      {"a.example", XM_RR_AAAA, 0, FOUND, "2001:db8::a"},
      {"a.example", XM_RR_A, 0, FOUND, "192.0.2.1"},
      {"b.example", XM_RR_AAAA, 0, FOUND, "2001:db8::b"},
      {"b.example", XM_RR_A, 0, FOUND, "192.0.2.2"}},
     {{"192.0.2.2:5223", 0, 0, 0}},
     "0 start [2001:db8::a]:5222\n250 start 192.0.2.1:5222\n500 start [2001:db8::b]:5223\n"
     "750 start 192.0.2.2:5223\n750 won 192.0.2.2:5223\n750 cancel [2001:db8::a]:5222\n"
     "750 cancel 192.0.2.1:5222\n750 cancel [2001:db8::b]:5223\n"},
    {"the latest has lost: the next at once",
     {{"example.org", XM_RR_A, 0, FOUND, "192.0.2.1; 192.0.2.2; 192.0.2.3"}},
     {{"192.0.2.1:5222", 40, XMPP_E_REFUSED, 0},
      {"192.0.2.2:5222", 40, XMPP_E_UNREACHABLE, 0},
      {"192.0.2.3:5222", 40, 0, 0}},
     "0 start 192.0.2.1:5222\n40 lost 192.0.2.1:5222 XMPP_E_REFUSED\n40 start 192.0.2.2:5222\n"
     "80 lost 192.0.2.2:5222 XMPP_E_UNREACHABLE\n80 start 192.0.2.3:5222\n"
     "120 won 192.0.2.3:5222\n"},
    {"each has its time",
     {{"example.org", XM_RR_A, 0, FOUND, "192.0.2.1; 192.0.2.2"}},
     {{0}},
     "0 start 192.0.2.1:5222\n250 start 192.0.2.2:5222\n10000 stop 192.0.2.1:5222\n"
     "10250 stop 192.0.2.2:5222\n10250 over XMPP_E_TIMEOUT example.org\n"},
    {"first target dead, second refusing, third good",
     {{PLAIN, 0, FOUND, "0 0 5222 a.example; 1 0 5222 b.example; 2 0 5222 c.example"},
      {"a.example", XM_RR_A, 0, FOUND, "192.0.2.1"},
      {"b.example", XM_RR_A, 5, FOUND, "192.0.2.2"},
      {"c.example", XM_RR_A, 5, FOUND, "192.0.2.3"}},
     {{"192.0.2.2:5222", 1, XMPP_E_REFUSED, 0}, {"192.0.2.3:5222", 1, 0, 0}},
     "0 start 192.0.2.1:5222\n10000 stop 192.0.2.1:5222\n10005 start 192.0.2.2:5222\n"
     "10006 lost 192.0.2.2:5222 XMPP_E_REFUSED\n10011 start 192.0.2.3:5222\n"
     "10012 won 192.0.2.3:5222\n"},
    /* a winner that is given back */
    {"the winner fails in TLS: who was cancelled is tried again",
     {{"example.org", XM_RR_A, 0, FOUND, "192.0.2.1; 192.0.2.2; 192.0.2.3"}},
     {{"192.0.2.1:5222", 300, 0, XMPP_E_CERT_NAME},
      {"192.0.2.2:5222", 100, 0, XMPP_E_TLS},
      {"192.0.2.3:5222", 1, 0, 0}},
     "0 start 192.0.2.1:5222\n250 start 192.0.2.2:5222\n300 won 192.0.2.1:5222\n"
     "300 cancel 192.0.2.2:5222\n310 lost 192.0.2.1:5222 XMPP_E_CERT_NAME\n"
     "310 start 192.0.2.2:5222\n410 won 192.0.2.2:5222\n420 lost 192.0.2.2:5222 XMPP_E_TLS\n"
     "420 start 192.0.2.3:5222\n421 won 192.0.2.3:5222\n"},
    {"an answer that comes while one has won is not forgotten",
     {{"example.org", XM_RR_AAAA, 5, FOUND, "2001:db8::1"},
      {"example.org", XM_RR_A, 30, FOUND, "192.0.2.1"}},
     {{"[2001:db8::1]:5222", 20, 0, XMPP_E_STREAM}, {"192.0.2.1:5222", 1, 0, 0}},
     "5 start [2001:db8::1]:5222\n25 won [2001:db8::1]:5222\n"
     "35 lost [2001:db8::1]:5222 XMPP_E_STREAM\n35 start 192.0.2.1:5222\n"
     "36 won 192.0.2.1:5222\n"},
    {"all fail: the most telling is told",
     {{"example.org", XM_RR_A, 0, FOUND, "192.0.2.1; 192.0.2.2; 192.0.2.3; 192.0.2.4"}},
     {{"192.0.2.1:5222", 1, XMPP_E_REFUSED, 0},
      {"192.0.2.2:5222", 1, 0, XMPP_E_CERT_EXPIRED},
      {"192.0.2.3:5222", 1, 0, XMPP_E_TLS},
      {"192.0.2.4:5222", 1, 0, XMPP_E_STREAM}},
     "0 start 192.0.2.1:5222\n1 lost 192.0.2.1:5222 XMPP_E_REFUSED\n1 start 192.0.2.2:5222\n"
     "2 won 192.0.2.2:5222\n12 lost 192.0.2.2:5222 XMPP_E_CERT_EXPIRED\n"
     "12 start 192.0.2.3:5222\n13 won 192.0.2.3:5222\n23 lost 192.0.2.3:5222 XMPP_E_TLS\n"
     "23 start 192.0.2.4:5222\n24 won 192.0.2.4:5222\n34 lost 192.0.2.4:5222 XMPP_E_STREAM\n"
     "34 over XMPP_E_CERT_EXPIRED example.org\n"},
};

static void what_starts_and_when(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        check_note("%s", rows[i].what);
        scene_init(&scene, "example.org", rows[i].zone, rows[i].net);
        scene.hides_asked = 1;
        scene_expect(&scene, rows[i].log);
        scene_done(&scene);
    }
}

/* An address that the system has no way to stands last, and hurries nobody. */
static void without_a_way_to_ipv6(void)
{
    static const struct zone_row zone[] = {
        {"example.org", XM_RR_AAAA, 10, FOUND, "2001:db8::1"},
        {"example.org", XM_RR_A, 20, FOUND, "192.0.2.1"},
        {0},
    };
    static const struct net_row net[] = {
        {"[2001:db8::1]:5222", 0, XMPP_E_UNREACHABLE, 0}, {"192.0.2.1:5222", 300, 0, 0}, {0}};
    struct scene scene;
    scene_init(&scene, "example.org", zone, net);
    scene.no_ipv6 = 1;
    scene.hides_asked = 1;
    scene_expect(&scene, "20 start 192.0.2.1:5222\n"
                         "270 start [2001:db8::1]:5222\n"
                         "270 lost [2001:db8::1]:5222 XMPP_E_UNREACHABLE\n"
                         "320 won 192.0.2.1:5222\n");
    scene_done(&scene);
}

/* Each kind of failure before the next (xm_route_get_error()). */
static void which_failure_tells_most(void)
{
    static const int codes[] = {XMPP_E_CERT_DANE, XMPP_E_TLS_BROKEN,  XMPP_E_RESET,
                                XMPP_E_REFUSED,   XMPP_E_UNREACHABLE, XMPP_E_TIMEOUT};
    static const struct zone_row zone[] = {
        {"example.org", XM_RR_A, 0, FOUND, "192.0.2.1; 192.0.2.2"},
        {0},
    };
    enum { N = sizeof codes / sizeof *codes };
    for (size_t more = 0; more < N; more++) {
        for (size_t less = more; less < N; less++) {
            for (int order = 0; order < 2; order++) {
                const struct net_row net[] = {
                    {"192.0.2.1:5222", 0, codes[order ? less : more], 0},
                    {"192.0.2.2:5222", 0, codes[order ? more : less], 0},
                    {0},
                };
                struct scene scene;
                const char *reason;
                unsigned number;
                scene_init(&scene, "example.org", zone, net);
                CHECK_INT(scene_run(&scene), 0);
                check_note("%zu %zu %d", more, less, order);
                CHECK_INT(xm_route_get_error(scene.route, &reason, &number), codes[more]);
                CHECK_INT(number, more == less ? 0 : order);
                CHECK(!reason);
                scene_done(&scene);
            }
        }
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"what starts, and when", what_starts_and_when},
        {"without a way to IPv6", without_a_way_to_ipv6},
        {"which failure tells most", which_failure_tells_most},
    };
    return CHECK_MAIN(argc, argv, "dial-happy", cases);
}
