/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name server of any kind against the resolver. The first byte of the input selects the settings;
 * behind it stand messages, each with its length in two bytes in front. A message is heard as it is,
 * and then as if its sender knew id and question, by what the resolver asks for: UDP, or TCP in two
 * pieces. What must hold whatever a server says is checked here: each question is answered once, and
 * what is handed out is within its bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dns/name.h"
#include "dns/resolver.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void require(int held)
{
    if (!held) {
        abort();
    }
}

static void check_answer(const struct xm_answer *answer, enum xm_rr type)
{
    int is_found = answer->status == XM_ANSWER_FOUND;
    require(is_found == (answer->n_records > 0) && answer->n_records <= XM_ANSWER_RECORDS_MAX);
    require(answer->ttl <= 86400);
    require((answer->status == XM_ANSWER_FAILED) == (answer->dnssec == XM_DNSSEC_INDETERMINATE));
    for (size_t i = 0; i < answer->n_records; i++) {
        const struct xm_record *record = &answer->records[i];
        require((type == XM_RR_SRV) == (record->target != NULL));
        require(!record->target || xm_dns_name_is_host(record->target));
        require(record->addr.family == (type == XM_RR_A ? 4 : type == XM_RR_AAAA ? 6 : 0));
        for (unsigned j = 0; j < record->tlsa.n_data; j++) {
            require(record->tlsa.data[j] <= 255); /* can be read */
        }
    }
}

/* Pieces of their own size, so that reading beyond them is seen. */
static void arrive(struct xm_resolver *resolver, const uint8_t *bytes, size_t n)
{
    uint8_t *exactly = malloc(n ? n : 1);
    require(exactly != NULL);
    memcpy(exactly, bytes, n);
    xm_resolver_recv(resolver, 0, exactly, n, 0);
    free(exactly);
}

/* By what is wanted of the channel; `is_known`: with the id and the question of the query. */
static void say(struct xm_resolver *resolver, const uint8_t *message, size_t n, int is_known)
{
    static uint8_t copy[2 + UINT16_MAX];
    struct xm_channel channel;
    size_t n_query;
    xm_resolver_get_channel(resolver, 0, &channel);
    const uint8_t *query = xm_resolver_peek(resolver, 0, &n_query);
    if (!query) {
        return;
    }
    size_t skip = channel.kind == XM_CHANNEL_TCP ? 2 : 0;
    copy[0] = (uint8_t)(n >> 8);
    copy[1] = (uint8_t)n;
    memcpy(copy + 2, message, n);
    size_t n_question = 0;
    for (const uint8_t *at = query + skip + 12; *at > 0; at += 1 + *at) {
        n_question += 1 + (size_t)*at;
    }
    if (is_known && n >= 12 + n_question + 5) {
        memcpy(copy + 2, query + skip, 2);
        memcpy(copy + 2 + 12, query + skip + 12, n_question + 5);
    }
    if (skip == 0) {
        arrive(resolver, copy + 2, n);
    } else {
        arrive(resolver, copy, (n + 2) / 2);
        arrive(resolver, copy + (n + 2) / 2, n + 2 - (n + 2) / 2);
    }
}

/* All servers fall silent. */
static void hear_end(struct xm_resolver *resolver, int question, enum xm_rr type)
{
    struct xm_resolver_event event;
    int64_t now = 0;
    for (int i = 0; i < 100 && xm_resolver_deadline(resolver) < INT64_MAX; i++) {
        now = xm_resolver_deadline(resolver);
        xm_resolver_tick(resolver, now);
    }
    require(xm_resolver_next(resolver, &event) == 1 && event.question == question);
    require((event.answer->status == XM_ANSWER_FAILED) == (event.reason != NULL));
    check_answer(event.answer, type);
    require(xm_resolver_next(resolver, &event) == 0);
}

static void read_alone(const uint8_t *message, size_t n, enum xm_rr type)
{
    struct xm_answer *answer = NULL;
    uint8_t *exactly = malloc(n ? n : 1);
    require(exactly != NULL);
    memcpy(exactly, message, n);
    if (xm_dns_read_answer(exactly, n, "a.example", type, 1, &answer) == 0) {
        check_answer(answer, type);
        free(answer);
    }
    free(exactly);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const enum xm_rr types[] = {XM_RR_A, XM_RR_AAAA, XM_RR_SRV, XM_RR_TLSA};
    static const uint8_t seed[XM_DRAW_SEED] = {1};
    if (n == 0) {
        return 0;
    }
    unsigned bits = bytes[0];
    enum xm_rr type = types[bits & 3];
    struct xm_dns_config config;
    struct xm_resolver *resolver = NULL;
    xm_dns_config_init(&config);
    config.rotate = bits >> 2 & 1;
    config.trust_ad = bits >> 3 & 1;
    require(xm_resolver_new(&resolver, &config, seed) == 0);
    int question = xm_resolver_ask(resolver, "a.example", type, 0);
    require(question > 0);
    for (size_t at = 1; at + 2 <= n;) {
        size_t len = (size_t)bytes[at] << 8 | bytes[at + 1];
        at += 2;
        len = len < n - at ? len : n - at;
        read_alone(bytes + at, len, type);
        say(resolver, bytes + at, len, 0);
        say(resolver, bytes + at, len, 1);
        at += len;
    }
    hear_end(resolver, question, type);
    xm_resolver_free(resolver);
    return 0;
}
