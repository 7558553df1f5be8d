/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What DNSSEC says decides what may be tried, and how it is verified (RFC 7673 3): the attacker
 * here forges, drops and strips answers. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "scene.h"
#include "xmpp/error.h"

#define PLAIN    "_xmpp-client._tcp.example.org", XM_RR_SRV
#define DIRECT   "_xmpps-client._tcp.example.org", XM_RR_SRV
#define A        "a.example", XM_RR_A
#define AAAA     "a.example", XM_RR_AAAA
#define TLSA     "_5222._tcp.a.example", XM_RR_TLSA
#define SECURE   XM_ANSWER_FOUND, XM_DNSSEC_SECURE
#define INSECURE XM_ANSWER_FOUND, XM_DNSSEC_INSECURE
#define BOGUS    XM_ANSWER_FOUND, XM_DNSSEC_BOGUS
#define DENIED   XM_ANSWER_NONE, XM_DNSSEC_SECURE
#define FAILED   XM_ANSWER_FAILED, XM_DNSSEC_INDETERMINATE

enum { ZONE_MAX = 8 };

/* One target on 5222, an IPv4 address, and what is asked and comes of it. */
static const struct {
    const char *what;
    struct zone_row zone[ZONE_MAX];
    int asks_tlsa;
    const char *order;
} rows[] = {
    {"all is secure, and a record can be used",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, SECURE, "3 1 1 32"}},
     1,
     "0 a.example 192.0.2.1:5222 secure dane starttls+0\n"},
    {"SRV is not secure: no TLSA",
     {{PLAIN, 0, INSECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, SECURE, "3 1 1 32"}},
     0,
     "0 a.example 192.0.2.1:5222 insecure pkix starttls+0\n"},
    {"no address is secure: no TLSA",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, INSECURE, "192.0.2.1"},
      {TLSA, 0, SECURE, "3 1 1 32"}},
     0,
     "0 a.example 192.0.2.1:5222 insecure pkix starttls+0\n"},
    {"one family is secure: TLSA for both",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, INSECURE, "2001:db8::1"},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, SECURE, "3 1 1 32"}},
     1,
     "0 a.example [2001:db8::1]:5222 insecure dane starttls+0\n"
     "0 a.example 192.0.2.1:5222 secure dane starttls+250\n"},
    {"TLSA is not secure: PKIX",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, INSECURE, "3 1 1 32"}},
     1,
     "0 a.example 192.0.2.1:5222 secure pkix starttls+0\n"},
    {"there is no TLSA: PKIX",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, DENIED, NULL}},
     1,
     "0 a.example 192.0.2.1:5222 secure pkix starttls+0\n"},
    {"no record can be used: PKIX",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, SECURE, "4 1 1 32; 3 2 1 32; 3 1 3 32; 3 1 1 31; 3 1 2 32; 3 1 0 0"}},
     1,
     "0 a.example 192.0.2.1:5222 secure pkix starttls+0\n"},
    {"TLSA is bogus: refused",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, BOGUS, "3 1 1 32"}},
     1,
     "0 a.example - bogus refused: its TLSA records are bogus\n"},
    {"that there is no TLSA is bogus: refused",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, XM_ANSWER_NONE, XM_DNSSEC_BOGUS, NULL}},
     1,
     "0 a.example - bogus refused: its TLSA records are bogus\n"},
    {"the look-up of TLSA fails: refused",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, DENIED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, FAILED, NULL}},
     1,
     "0 a.example - indeterminate refused: the look-up of its TLSA records failed\n"},
    {"an address answer is bogus: refused, whatever the other is",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, SECURE, "2001:db8::1"},
      {A, 0, BOGUS, "192.0.2.1"},
      {TLSA, 0, SECURE, "3 1 1 32"}},
     0,
     "0 a.example - bogus refused: its addresses are bogus\n"},
    {"an address look-up fails: refused, whatever the other is",
     {{PLAIN, 0, SECURE, "0 0 5222 a.example"},
      {AAAA, 0, FAILED, NULL},
      {A, 0, SECURE, "192.0.2.1"},
      {TLSA, 0, SECURE, "3 1 1 32"}},
     0,
     "0 a.example - indeterminate refused: the look-up of its addresses failed\n"},
    {"SRV is not secure, one look-up fails: the other family",
     {{PLAIN, 0, INSECURE, "0 0 5222 a.example"},
      {AAAA, 0, FAILED, NULL},
      {A, 0, SECURE, "192.0.2.1"}},
     0,
     "0 a.example 192.0.2.1:5222 insecure pkix starttls+0\n"},
    {"SRV is not secure, one answer is bogus: never its addresses",
     {{PLAIN, 0, INSECURE, "0 0 5222 a.example"},
      {AAAA, 0, BOGUS, "2001:db8::1"},
      {A, 0, INSECURE, "192.0.2.1"}},
     0,
     "0 a.example 192.0.2.1:5222 insecure pkix starttls+0\n"},
    {"SRV is not secure, both are bogus or fail",
     {{PLAIN, 0, INSECURE, "0 0 5222 a.example"},
      {AAAA, 0, BOGUS, "2001:db8::1"},
      {A, 0, FAILED, NULL}},
     0,
     "0 a.example - bogus refused: its addresses are bogus\n"},
    {"no SRV, all secure: no DANE without SRV",
     {{PLAIN, 0, DENIED, NULL},
      {DIRECT, 0, DENIED, NULL},
      {"example.org", XM_RR_A, 0, SECURE, "192.0.2.1"},
      {"_5222._tcp.example.org", XM_RR_TLSA, 0, SECURE, "3 1 1 32"}},
     0,
     "0 example.org 192.0.2.1:5222 secure pkix starttls+0\n"},
    {"no SRV, which one denial cannot vouch for",
     {{PLAIN, 0, DENIED, NULL}, {"example.org", XM_RR_A, 0, SECURE, "192.0.2.1"}},
     0,
     "0 example.org 192.0.2.1:5222 insecure pkix starttls+0\n"},
};

static void what_answers_make_of_a_target(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;
        check_note("%s", rows[i].what);
        scene_init(&scene, "example.org", rows[i].zone, NULL);
        scene.config.is_plan = 1;
        scene_expect(&scene, NULL);
        CHECK_INT(strstr(scene.log, "TLSA _5222._tcp.a.example") != NULL, rows[i].asks_tlsa);
        scene_expect_order(&scene, rows[i].order);
        scene_done(&scene);
    }
}

/* Each service and each target for itself: the second is refused, and the third tried by PKIX. */
static void each_target_for_itself(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, SECURE, "0 0 5222 a.example; 0 0 5223 b.example"},
        {DIRECT, 0, INSECURE, "0 0 443 a.example"},
        {A, 0, SECURE, "192.0.2.1"},
        {TLSA, 30, SECURE, "9 9 9 9; 3 1 1 32; 2 0 0 7"},
        {"b.example", XM_RR_A, 5, SECURE, "192.0.2.2"},
        {"_5223._tcp.b.example", XM_RR_TLSA, 5, FAILED, NULL},
        {0},
    };
    static const struct net_row net[] = {
        {"192.0.2.1:5222", 1, 0, XMPP_E_CERT_DANE}, {"192.0.2.1:443", 1, XMPP_E_REFUSED, 0}, {0}};
    struct scene scene;
    scene_init(&scene, "example.org", zone, net);
    scene_expect(&scene, "0 ask SRV _xmpp-client._tcp.example.org\n"
                         "0 ask SRV _xmpps-client._tcp.example.org\n"
                         "0 ask AAAA a.example\n"
                         "0 ask A a.example\n"
                         "0 ask AAAA b.example\n"
                         "0 ask A b.example\n"
                         "0 ask TLSA _5222._tcp.a.example\n"
                         "5 ask TLSA _5223._tcp.b.example\n"
                         "30 start 192.0.2.1:5222\n" /* not before its TLSA answer */
                         "31 won 192.0.2.1:5222\n"
                         "41 lost 192.0.2.1:5222 XMPP_E_CERT_DANE\n"
                         "41 start 192.0.2.1:443 tls\n"
                         "42 lost 192.0.2.1:443 XMPP_E_REFUSED\n"
                         "42 over XMPP_E_CERT_DANE a.example\n");
    scene_expect_order(
        &scene, "0 a.example 192.0.2.1:5222 secure dane starttls+0\n"
                "0 a.example 192.0.2.1:443 insecure pkix tls+250\n"
                "0 b.example - indeterminate refused: the look-up of its TLSA records failed\n");
    for (unsigned i = 0; i < xm_route_get_n_tries(scene.route); i++) {
        const struct xm_try *tried = xm_route_get_try(scene.route, i);
        CHECK_INT(tried->is_host_secure, !tried->is_direct);
        CHECK_INT(tried->n_tlsa, tried->dane == XM_DANE_USABLE ? 3 : 0);
        if (tried->dane == XM_DANE_USABLE) {
            CHECK_INT(tried->tlsa[0].usage, 3); /* what can be used stands first */
            CHECK_INT(tried->tlsa[1].usage, 2);
            CHECK_INT(tried->tlsa[1].n_data, 7);
            CHECK_INT(tried->tlsa[2].usage, 9);
        }
    }
    scene_done(&scene);
}

/* A slow TLSA answer holds back its own target; the others wait for it as for any first answer. */
static void a_slow_tlsa_answer(void)
{
    static const struct zone_row zone[] = {
        {PLAIN, 0, SECURE, "0 0 5222 a.example; 0 0 5223 b.example"},
        {A, 0, SECURE, "192.0.2.1"},
        {TLSA, 200, SECURE, "3 1 1 32"},
        {"b.example", XM_RR_A, 10, INSECURE, "192.0.2.2"},
        {0},
    };
    static const struct net_row net[] = {{"192.0.2.1:5222", 1, 0, 0}, {0}};
    struct scene scene;
    scene_init(&scene, "example.org", zone, net);
    scene.hides_asked = 1;
    scene_expect(&scene, "60 start 192.0.2.2:5223\n"
                         "310 start 192.0.2.1:5222\n"
                         "311 won 192.0.2.1:5222\n"
                         "311 cancel 192.0.2.2:5223\n");
    scene_done(&scene);
}

/* More records than are kept: none that can be used is lost for one that cannot. */
static void many_tlsa_records(void)
{
    char data[1024] = "";
    for (int i = 0; i < 40; i++) {
        strcat(data, i == 39 ? "1 0 2 64" : "3 1 1 5;");
    }
    const struct zone_row zone[] = {
        {PLAIN, 0, SECURE, "0 0 5222 a.example"},
        {A, 0, SECURE, "192.0.2.1"},
        {TLSA, 0, SECURE, data},
        {0},
    };
    struct scene scene;
    scene_init(&scene, "example.org", zone, NULL);
    scene.config.is_plan = 1;
    CHECK_INT(scene_run(&scene), 0);
    const struct xm_try *tried = xm_route_get_try(scene.route, 0);
    CHECK_INT(tried->dane, XM_DANE_USABLE);
    CHECK_INT(tried->n_tlsa, XM_ROUTE_TLSA_MAX);
    CHECK_INT(tried->tlsa[0].usage, 1);
    scene_done(&scene);
}

/* A given host is no SRV target: nothing that DNS says makes another name of it (row 16). */
static void a_given_host_has_no_dane(void)
{
    static const struct zone_row zone[] = {
        {A, 0, SECURE, "192.0.2.1"},
        {TLSA, 0, SECURE, "3 1 1 32"},
        {0},
    };
    struct scene scene;
    scene_init(&scene, "example.org", zone, NULL);
    scene.config.host = "a.example";
    scene.config.is_plan = 1;
    scene_expect(&scene, "0 ask AAAA a.example\n0 ask A a.example\n0 over XMPP_OK\n");
    scene_expect_order(&scene, "0 a.example 192.0.2.1:5222 secure pkix starttls+0\n");
    CHECK(!xm_route_get_try(scene.route, 0)->is_host_secure);
    scene_done(&scene);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"what answers make of a target", what_answers_make_of_a_target},
        {"each target for itself", each_target_for_itself},
        {"a slow TLSA answer", a_slow_tlsa_answer},
        {"many TLSA records", many_tlsa_records},
        {"a given host has no DANE", a_given_host_has_no_dane},
    };
    return CHECK_MAIN(argc, argv, "dial-dane", cases);
}
