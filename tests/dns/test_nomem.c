/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of ours fails once, in each step of some questions: the question is refused, or is
 * answered with a failure that says so, exactly once; and nothing stays. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kit.h"
#include "nomem.h"
#include "xmpp/error.h"

static const uint8_t seed[XM_DRAW_SEED] = {3};

/* The next query that leaves on channel 0 is answered with these records, by UDP and TCP. */
static void answer_query(struct xm_resolver *resolver, const char *const *records, int flags)
{
    static struct wire wire;
    struct xm_channel channel;
    struct wire_query query;
    size_t n;
    xm_resolver_get_channel(resolver, 0, &channel);
    const uint8_t *out = xm_resolver_peek(resolver, 0, &n);
    size_t skip = channel.kind == XM_CHANNEL_TCP ? 2 : 0;
    if (!out || !wire_read_query(out + skip, n - skip, &query)) {
        return;
    }
    wire.n = 0;
    wire_u16(&wire, query.id);
    wire_u16(&wire, 0x8100 | (unsigned)flags);
    wire_u32(&wire, 0x00010000);
    wire_u32(&wire, 0);
    wire_name(&wire, query.name);
    wire_u16(&wire, query.type);
    wire_u16(&wire, 1);
    for (unsigned i = 0; records[i]; i++) {
        wire_record(&wire, records[i]);
        wire_set(&wire, 6, i + 1);
    }
    xm_resolver_sent(resolver, 0, n);
    if (skip > 0) {
        const uint8_t length[2] = {(uint8_t)(wire.n >> 8), (uint8_t)wire.n};
        xm_resolver_recv(resolver, 0, length, 2, 0);
    }
    xm_resolver_recv(resolver, 0, wire.bytes, wire.n, 0);
}

/* What one question came to: an enum xm_answer_status, or the code that refused it. */
static int outcome(struct xm_resolver *resolver, int question, const char **ret_reason)
{
    struct xm_resolver_event event;
    if (question < 0) {
        return question;
    }
    if (!CHECK_INT(xm_resolver_next(resolver, &event), 1)) {
        return XM_ANSWER_FAILED;
    }
    int status = (int)event.answer->status;
    *ret_reason = event.reason;
    CHECK_INT(event.question, question);
    CHECK_INT(xm_resolver_next(resolver, &event), 0);
    return status;
}

/* By UDP, then TCP, an alias, and the answer; then out of the cache. 1 if all went well. */
static int try_all(const struct xm_dns_config *config)
{
    static const char *const none[] = {NULL};
    static const char *const alias[] = {"a.example 60 CNAME b.example", NULL};
    static const char *const found[] = {
        "b.example 60 SRV 1 2 3 c.example", "b.example 60 SRV 1 2 3 d.example",
        "b.example 60 SRV 1 2 3 e.example", "b.example 60 SRV 1 2 3 f.example",
        "b.example 60 SRV 1 2 3 g.example", NULL};
    struct xm_resolver *resolver = NULL;
    const char *reason = NULL;
    int code = xm_resolver_new(&resolver, config, seed);
    if (code < 0) {
        CHECK_INT(code, XMPP_E_NOMEM);
        return 0;
    }
    int question = xm_resolver_ask(resolver, "a.example", XM_RR_SRV, 0);
    answer_query(resolver, none, 0x200);
    answer_query(resolver, alias, 0);
    answer_query(resolver, found, 0);
    int first = outcome(resolver, question, &reason);
    question = first == XM_ANSWER_FOUND ? xm_resolver_ask(resolver, "a.example", XM_RR_SRV, 1) : 0;
    answer_query(resolver, found, 0); /* if it was not kept */
    int second = first == XM_ANSWER_FOUND ? outcome(resolver, question, &reason) : XM_ANSWER_FOUND;
    xm_resolver_free(resolver);
    if (first == XM_ANSWER_FAILED || second == XM_ANSWER_FAILED) {
        CHECK_STR(reason, "out of memory");
    } else {
        CHECK(first == XM_ANSWER_FOUND || first == XMPP_E_NOMEM);
    }
    return first == XM_ANSWER_FOUND && second == XM_ANSWER_FOUND;
}

static void each_allocation_of_a_resolver_may_fail(void)
{
    struct xm_dns_config config;
    int failures = 0;
    xm_dns_config_init(&config);
    for (int n = 0; n < 100; n++) {
        check_note("allocation %d", n);
        nomem_at(n);
        int went_well = try_all(&config);
        if (!nomem_end()) {
            CHECK(went_well);
            CHECK(failures >= 8);
            return;
        }
        failures += !went_well;
    }
    CHECK_FAIL("it never ends");
}

static void each_allocation_of_a_reading_may_fail(void)
{
    static struct wire wire;
    wire_u32(&wire, 0x12348180);
    wire_u32(&wire, 0x00010001);
    wire_u32(&wire, 0);
    wire_name(&wire, "a.example");
    wire_u32(&wire, 0x00010001);
    CHECK(wire_record(&wire, "a.example 60 A 192.0.2.1"));
    for (int n = 0; n < 20; n++) {
        struct xm_answer *answer = NULL;
        check_note("allocation %d", n);
        nomem_at(n);
        int code = xm_dns_read_answer(wire.bytes, wire.n, "a.example", XM_RR_A, 0, &answer);
        if (!nomem_end()) {
            CHECK_INT(code, 0);
            CHECK(n >= 2);
            free(answer);
            return;
        }
        CHECK_INT(code, XMPP_E_NOMEM);
        CHECK(answer == NULL);
    }
    CHECK_FAIL("it never ends");
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"each allocation of a resolver may fail", each_allocation_of_a_resolver_may_fail},
        {"each allocation of a reading may fail", each_allocation_of_a_reading_may_fail},
    };
    return CHECK_MAIN(argc, argv, "dns-nomem", cases);
}
