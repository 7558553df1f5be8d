/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a domain to a connected address: which questions, which starts, and when (RFC 2782, RFC 8305,
 * XEP-0368, XEP-0495). What DNSSEC says is in test_dane.c. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "scene.h"
#include "xmpp/error.h"

#define PLAIN  "_xmpp-client._tcp.example.org", XM_RR_SRV
#define DIRECT "_xmpps-client._tcp.example.org", XM_RR_SRV
#define FOUND  XM_ANSWER_FOUND, XM_DNSSEC_INSECURE

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
    scene_done(&scene);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"SRV, then addresses, then a connection", srv_then_addresses_then_a_connection},
    };
    return CHECK_MAIN(argc, argv, "dial-route", cases);
}
