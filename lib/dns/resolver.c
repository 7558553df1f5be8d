/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stub resolver: questions share queries, queries share channels, and what has been answered is
 * kept for as long as it holds. How one query goes is said in query.c. */
#include "dns/resolver.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dns/cache.h"
#include "dns/name.h"
#include "dns/query.h"
#include "xmpp/error.h"

enum { QUESTIONS_MAX = 64 };

struct question {
    int number;
    int64_t asked;
    struct xm_query *query;
};

struct channel {
    uint32_t serial;
    struct xm_query *query; /* NULL: it is free */
};

struct xm_resolver {
    struct xm_servers servers;
    struct xm_query *queries;   /* in the order in which they were asked */
    struct xm_query *told;      /* its answer was lent out; it is in no list any more */
    struct question *questions; /* nothing is kept for them while none is open */
    size_t n_questions;
    size_t cap_questions;
    int last_number;
    struct channel channels[XM_DNS_CHANNELS];
    uint32_t last_serial;
    struct xm_dns_cache cache;
};

/* What failed was answered with this. */
static const struct xm_answer failed = {
    .status = XM_ANSWER_FAILED,
    .dnssec = XM_DNSSEC_INDETERMINATE,
};

/* 1 if the same servers are asked, and believed the same. */
static int is_same(const struct xm_dns_config *a, const struct xm_dns_config *b)
{
    int differs = a->n_servers != b->n_servers || a->trust_ad != b->trust_ad;
    for (unsigned i = 0; i < a->n_servers && !differs; i++) {
        const struct xm_addr *one = &a->servers[i];
        const struct xm_addr *other = &b->servers[i];
        differs = one->family != other->family || one->port != other->port ||
                  one->scope != other->scope || memcmp(one->ip, other->ip, sizeof one->ip) != 0;
    }
    return !differs;
}

void xm_resolver_configure(struct xm_resolver *resolver, const struct xm_dns_config *config,
                           const uint8_t seed[XM_DRAW_SEED])
{
    struct xm_servers servers = {.config = *config};
    struct xm_dns_config *own = &servers.config;
    own->n_servers = own->n_servers < XM_DNS_SERVERS_MAX ? own->n_servers : XM_DNS_SERVERS_MAX;
    xm_resolver_cancel(resolver);
    if (!is_same(own, &resolver->servers.config)) {
        xm_resolver_idle(resolver, INT64_MAX);
    }
    resolver->servers = servers;
    own = &resolver->servers.config;
    own->attempts = own->attempts < 1 ? 1 : own->attempts < 5 ? own->attempts : 5;
    own->timeout_ms = own->timeout_ms < 1 ? 1 : own->timeout_ms;
    xm_draw_init(&resolver->servers.draw, seed);
}

int xm_resolver_new(struct xm_resolver **ret_resolver, const struct xm_dns_config *config,
                    const uint8_t seed[XM_DRAW_SEED])
{
    struct xm_resolver *resolver = calloc(1, sizeof *resolver);
    if (!resolver) {
        return XMPP_E_NOMEM;
    }
    xm_resolver_configure(resolver, config, seed);
    *ret_resolver = resolver;
    return 0;
}

void xm_resolver_free(struct xm_resolver *resolver)
{
    if (resolver) {
        xm_resolver_cancel(resolver);
        xm_resolver_idle(resolver, INT64_MAX);
        free(resolver);
    }
}

/* --- channels --------------------------------------------------------------------------------- */

static void change(struct xm_resolver *resolver, int channel, struct xm_query *query)
{
    resolver->channels[channel] = (struct channel){++resolver->last_serial, query};
}

static void release(struct xm_resolver *resolver, struct xm_query *query)
{
    if (query->channel >= 0) {
        change(resolver, query->channel, NULL);
        query->channel = -1;
    }
}

static int free_channel(const struct xm_resolver *resolver)
{
    for (int i = 0; i < XM_DNS_CHANNELS; i++) {
        if (!resolver->channels[i].query) {
            return i;
        }
    }
    return -1;
}

/* A query that has been asked on may want another socket, or is done. */
static void follow(struct xm_resolver *resolver, struct xm_query *query, int64_t now)
{
    if (query->state == XM_QUERY_DONE) {
        release(resolver, query);
        if (query->answer) {
            xm_dns_cache_put(&resolver->cache, query->name, query->type, query->answer, now);
        }
    } else if (query->is_new_socket) {
        query->is_new_socket = 0;
        change(resolver, query->channel, query);
    }
}

/* Queries that wait take the channels that are free. */
static void start_waiting(struct xm_resolver *resolver, int64_t now)
{
    for (struct xm_query *query = resolver->queries; query; query = query->next) {
        int channel = query->state == XM_QUERY_WAITING ? free_channel(resolver) : -1;
        if (channel >= 0) {
            query->channel = channel;
            resolver->channels[channel].query = query;
            xm_query_begin(query, &resolver->servers, now);
            follow(resolver, query, now);
        }
    }
}

static struct xm_query *query_at(const struct xm_resolver *resolver, unsigned channel)
{
    return channel < XM_DNS_CHANNELS ? resolver->channels[channel].query : NULL;
}

void xm_resolver_get_channel(const struct xm_resolver *resolver, unsigned channel,
                             struct xm_channel *ret_channel)
{
    const struct xm_query *query = query_at(resolver, channel);
    *ret_channel = (struct xm_channel){.kind = XM_CHANNEL_NONE};
    if (channel < XM_DNS_CHANNELS) {
        ret_channel->serial = resolver->channels[channel].serial;
    }
    if (query) {
        ret_channel->kind = query->state == XM_QUERY_UDP ? XM_CHANNEL_UDP : XM_CHANNEL_TCP;
        ret_channel->server = *xm_query_get_server(query, &resolver->servers);
    }
}

const uint8_t *xm_resolver_peek(const struct xm_resolver *resolver, unsigned channel, size_t *ret_n)
{
    const struct xm_query *query = query_at(resolver, channel);
    *ret_n = 0;
    return query ? xm_query_peek(query, ret_n) : NULL;
}

void xm_resolver_sent(struct xm_resolver *resolver, unsigned channel, size_t n)
{
    struct xm_query *query = query_at(resolver, channel);
    if (query) {
        xm_query_sent(query, n);
    }
}

void xm_resolver_recv(struct xm_resolver *resolver, unsigned channel, const uint8_t *bytes,
                      size_t n, int64_t now)
{
    struct xm_query *query = query_at(resolver, channel);
    if (query) {
        xm_query_recv(query, &resolver->servers, bytes, n, now);
        follow(resolver, query, now);
        start_waiting(resolver, now);
    }
}

void xm_resolver_failed(struct xm_resolver *resolver, unsigned channel, int64_t now)
{
    struct xm_query *query = query_at(resolver, channel);
    if (query) {
        xm_query_failed(query, &resolver->servers, now);
        follow(resolver, query, now);
        start_waiting(resolver, now);
    }
}

/* --- time ------------------------------------------------------------------------------------- */

int64_t xm_resolver_deadline(const struct xm_resolver *resolver)
{
    int64_t deadline = INT64_MAX;
    for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
        const struct xm_query *query = query_at(resolver, i);
        if (query && query->deadline < deadline) {
            deadline = query->deadline;
        }
    }
    return deadline;
}

void xm_resolver_tick(struct xm_resolver *resolver, int64_t now)
{
    for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
        struct xm_query *query = query_at(resolver, i);
        if (query) {
            xm_query_tick(query, &resolver->servers, now);
            follow(resolver, query, now);
        }
    }
    start_waiting(resolver, now);
}

/* --- questions -------------------------------------------------------------------------------- */

static struct xm_query *find_open(const struct xm_resolver *resolver, const char *name,
                                  enum xm_rr type)
{
    struct xm_query *query = resolver->queries;
    while (query && (query->state == XM_QUERY_DONE || query->type != type ||
                     strcmp(query->name, name) != 0)) {
        query = query->next;
    }
    return query;
}

static void append(struct xm_resolver *resolver, struct xm_query *query)
{
    struct xm_query **at = &resolver->queries;
    while (*at) {
        at = &(*at)->next;
    }
    *at = query;
}

/* A query that the cache has answered, or one that waits; NULL if out of memory. */
static struct xm_query *make_query(struct xm_resolver *resolver, const char *name, enum xm_rr type,
                                   int64_t now)
{
    const struct xm_answer *known = xm_dns_cache_get(&resolver->cache, name, type, now);
    struct xm_query *query = xm_query_new(name, type);
    if (!query || !known) {
        return query;
    }
    struct xm_answer *answer = xm_answer_dup(known);
    if (!answer) {
        xm_query_free(query);
        return NULL;
    }
    xm_query_answer(query, answer, now);
    return query;
}

int xm_resolver_ask(struct xm_resolver *resolver, const char *name, enum xm_rr type, int64_t now)
{
    char own_name[XM_DNS_NAME_MAX];
    if (xm_dns_name_read(name, own_name) < 0) {
        return XMPP_E_INVAL;
    }
    if (resolver->n_questions == QUESTIONS_MAX) {
        return XMPP_E_TOO_BIG;
    }
    void *questions = resolver->questions;
    if (xm_mem_grow(&questions, &resolver->cap_questions, resolver->n_questions + 1,
                    sizeof *resolver->questions) < 0) {
        return XMPP_E_NOMEM;
    }
    resolver->questions = questions;
    struct xm_query *query = find_open(resolver, own_name, type);
    if (!query) {
        query = make_query(resolver, own_name, type, now);
        if (!query) {
            return XMPP_E_NOMEM;
        }
        append(resolver, query);
    }
    resolver->last_number = resolver->last_number < INT_MAX ? resolver->last_number + 1 : 1;
    resolver->questions[resolver->n_questions++] =
        (struct question){resolver->last_number, now, query};
    start_waiting(resolver, now);
    return resolver->last_number;
}

static void free_told(struct xm_resolver *resolver)
{
    xm_query_free(resolver->told);
    resolver->told = NULL;
}

/* Takes a query that nobody asks for any more out of the list, and keeps what was lent of it. */
static void retire(struct xm_resolver *resolver, struct xm_query *query)
{
    for (size_t i = 0; i < resolver->n_questions; i++) {
        if (resolver->questions[i].query == query) {
            return;
        }
    }
    struct xm_query **at = &resolver->queries;
    while (*at != query) {
        at = &(*at)->next;
    }
    *at = query->next;
    resolver->told = query;
}

int xm_resolver_next(struct xm_resolver *resolver, struct xm_resolver_event *ret_event)
{
    size_t i = 0;
    free_told(resolver);
    while (i < resolver->n_questions && resolver->questions[i].query->state != XM_QUERY_DONE) {
        i++;
    }
    if (i == resolver->n_questions) {
        return 0;
    }
    struct question question = resolver->questions[i];
    struct xm_query *query = question.query;
    resolver->n_questions--;
    memmove(&resolver->questions[i], &resolver->questions[i + 1],
            (resolver->n_questions - i) * sizeof question);
    retire(resolver, query);
    *ret_event = (struct xm_resolver_event){
        .question = question.number,
        .answer = query->answer ? query->answer : &failed,
        .server = query->server.family ? &query->server : NULL,
        .took = query->ended - question.asked,
        .reason = query->reason,
        .is_nomem = query->is_nomem,
    };
    return 1;
}

void xm_resolver_cancel(struct xm_resolver *resolver)
{
    resolver->n_questions = 0;
    while (resolver->queries) {
        struct xm_query *query = resolver->queries;
        resolver->queries = query->next;
        release(resolver, query);
        xm_query_free(query);
    }
    free_told(resolver);
}

void xm_resolver_idle(struct xm_resolver *resolver, int64_t now)
{
    free_told(resolver);
    xm_dns_cache_expire(&resolver->cache, now);
    if (resolver->n_questions == 0) {
        free(resolver->questions);
        resolver->questions = NULL;
        resolver->cap_questions = 0;
    }
}
