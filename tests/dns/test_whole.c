/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole message from elsewhere (RFC 8484): read without a resolver. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dns/resolver.h"
#include "wire.h"
#include "xmpp/error.h"

static void begin(struct wire *wire, unsigned flags, const char *name, unsigned n_answers)
{
    wire->n = 0;
    wire_u16(wire, 0x1234);
    wire_u16(wire, flags);
    wire_u16(wire, 1);
    wire_u16(wire, n_answers);
    wire_u32(wire, 0);
    wire_name(wire, name);
    wire_u32(wire, 0x00010001);
}

static void an_answer_is_read(void)
{
    static struct wire wire;
    struct xm_answer *answer = NULL;
    begin(&wire, 0x8120, "A.example", 2);
    CHECK(wire_record(&wire, "a.Example 60 CNAME b.example"));
    CHECK(wire_record(&wire, "b.example 70 A 192.0.2.1"));
    for (int trust_ad = 0; trust_ad < 2; trust_ad++) {
        if (CHECK_INT(
                xm_dns_read_answer(wire.bytes, wire.n, "a.example.", XM_RR_A, trust_ad, &answer),
                0)) {
            CHECK_INT(answer->status, XM_ANSWER_FOUND);
            CHECK_INT(answer->dnssec, trust_ad ? XM_DNSSEC_SECURE : XM_DNSSEC_INSECURE);
            CHECK_INT(answer->ttl, 60);
            CHECK_INT(answer->n_records, 1);
            CHECK_INT(answer->records[0].addr.ip[3], 1);
            free(answer);
        }
    }
    begin(&wire, 0x8100, "a.example", 0);
    if (CHECK_INT(xm_dns_read_answer(wire.bytes, wire.n, "a.example", XM_RR_A, 1, &answer), 0)) {
        CHECK_INT(answer->status, XM_ANSWER_NONE);
        CHECK_INT(answer->dnssec, XM_DNSSEC_INSECURE);
        free(answer);
    }
}

static void what_tells_nothing_has_failed(void)
{
    static struct wire wire;
    for (int row = 0; row < 3; row++) {
        struct xm_answer *answer = NULL;
        begin(&wire, row == 0 ? 0x8122 : 0x8120, "a.example", row > 0);
        if (row > 0) { /* an alias to elsewhere, a loop */
            const char *alias =
                row == 1 ? "a.example 60 CNAME b.example" : "a.example 60 CNAME a.example";
            CHECK(wire_record(&wire, alias));
        }
        check_note("row %d", row);
        if (CHECK_INT(xm_dns_read_answer(wire.bytes, wire.n, "a.example", XM_RR_A, 1, &answer),
                      0)) {
            CHECK_INT(answer->status, XM_ANSWER_FAILED);
            CHECK_INT(answer->dnssec, XM_DNSSEC_INDETERMINATE);
            CHECK_INT(answer->n_records, 0);
            free(answer);
        }
    }
}

static void what_is_no_answer_is_an_error(void)
{
    static struct wire wire;
    struct xm_answer *answer = NULL;
    begin(&wire, 0x8100, "a.example", 1);
    CHECK(wire_record(&wire, "a.example 70 A 192.0.2.1"));
    for (size_t n = 0; n < wire.n; n++) { /* cut anywhere */
        uint8_t *exactly = malloc(n ? n : 1);
        memcpy(exactly, wire.bytes, n);
        check_note("%zu bytes", n);
        CHECK_INT(xm_dns_read_answer(exactly, n, "a.example", XM_RR_A, 1, &answer),
                  XMPP_E_PROTOCOL);
        free(exactly);
    }
    check_note("whole");
    CHECK_INT(xm_dns_read_answer(wire.bytes, wire.n, "b.example", XM_RR_A, 1, &answer),
              XMPP_E_PROTOCOL);
    CHECK_INT(xm_dns_read_answer(wire.bytes, wire.n, "a.example", XM_RR_SRV, 1, &answer),
              XMPP_E_PROTOCOL);
    CHECK_INT(xm_dns_read_answer(wire.bytes, wire.n, "", XM_RR_A, 1, &answer), XMPP_E_PROTOCOL);
    wire.bytes[2] = 0x83; /* TC: there is no other way to ask */
    CHECK_INT(xm_dns_read_answer(wire.bytes, wire.n, "a.example", XM_RR_A, 1, &answer),
              XMPP_E_PROTOCOL);
    wire.bytes[2] = 0x01; /* a query */
    CHECK_INT(xm_dns_read_answer(wire.bytes, wire.n, "a.example", XM_RR_A, 1, &answer),
              XMPP_E_PROTOCOL);
    CHECK(answer == NULL);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"an answer is read", an_answer_is_read},
        {"what tells nothing has failed", what_tells_nothing_has_failed},
        {"what is no answer is an error", what_is_no_answer_is_an_error},
    };
    return CHECK_MAIN(argc, argv, "dns-whole", cases);
}
