/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of one query: which server is asked when and how, and whose answer is taken. Not a parser,
 * and no owner of sockets. */
#include "dns/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "dns/name.h"
#include "xmpp/error.h"

/* Failures, the more telling ones behind. */
enum rank { NO_ANSWER = 1, NOT_REACHED, NOT_READABLE, LAME, ANY_CODE, SERVFAIL };

enum { RCODE_FORMERR = 1, RCODE_SERVFAIL = 2, RCODE_NOTIMP = 4 };

struct xm_query *xm_query_new(const char *name, enum xm_rr type)
{
    struct xm_query *query = calloc(1, sizeof *query);
    if (!query) {
        return NULL;
    }
    query->channel = -1;
    query->type = type;
    size_t size = strlen(name) + 1;
    memcpy(query->name, name, size);
    memcpy(query->reading.name, name, size);
    xm_reading_init(&query->reading);
    return query;
}

void xm_query_free(struct xm_query *query)
{
    if (query) {
        xm_buf_done(&query->in);
        free(query->answer);
        free(query);
    }
}

void xm_query_answer(struct xm_query *query, struct xm_answer *answer, int64_t now)
{
    query->answer = answer;
    query->reason = NULL;
    query->state = XM_QUERY_DONE;
    query->ended = now;
    xm_buf_done(&query->in);
}

static void fail(struct xm_query *query, const char *reason, int64_t now)
{
    xm_query_answer(query, NULL, now);
    query->reason = reason;
}

static void fail_without_memory(struct xm_query *query, int64_t now)
{
    query->is_nomem = 1;
    fail(query, "out of memory", now);
}

/* --- asking ----------------------------------------------------------------------------------- */

static unsigned server_of(const struct xm_query *query, const struct xm_servers *servers)
{
    return ((unsigned)query->first + query->n_before) % servers->config.n_servers;
}

static unsigned bit_of(const struct xm_query *query, const struct xm_servers *servers)
{
    return 1U << server_of(query, servers);
}

const struct xm_addr *xm_query_get_server(const struct xm_query *query,
                                          const struct xm_servers *servers)
{
    return &servers->config.servers[server_of(query, servers)];
}

static int has_edns0(const struct xm_query *query, const struct xm_servers *servers)
{
    return !(servers->without_edns0 & bit_of(query, servers));
}

/* Asks the server whose turn it is. Its time is the same in every round: who doubles it, as some
 * resolvers do, keeps a user waiting for a server that has been silent already. */
static void ask(struct xm_query *query, struct xm_servers *servers, enum xm_query_state by,
                int64_t now)
{
    query->state = by;
    query->id = xm_draw_u16(&servers->draw);
    if (by == XM_QUERY_UDP) { /* RFC 5452 has id and port alone; the case adds a bit a letter */
        xm_dns_name_mix(query->reading.name, &servers->draw, query->asked);
    } else {
        memcpy(query->asked, query->reading.name, sizeof query->asked);
    }
    const struct xm_message_query message = {query->asked, query->type, query->id,
                                             (uint8_t)has_edns0(query, servers)};
    int n = xm_message_write(&message, query->out + 2);
    if (n < 0) {
        fail_without_memory(query, now);
        return;
    }
    query->out[0] = (uint8_t)(n >> 8); /* RFC 7766 8 */
    query->out[1] = (uint8_t)n;
    query->n_out = (size_t)n + 2;
    query->n_sent = 0;
    query->is_new_socket = 1;
    query->deadline = now + servers->config.timeout_ms;
    xm_buf_done(&query->in);
}

static void ask_server(struct xm_query *query, struct xm_servers *servers, int64_t now)
{
    int by_tcp = (servers->without_case & bit_of(query, servers)) != 0;
    ask(query, servers, by_tcp ? XM_QUERY_TCP : XM_QUERY_UDP, now);
}

void xm_query_begin(struct xm_query *query, struct xm_servers *servers, int64_t now)
{
    if (servers->config.n_servers == 0) {
        fail(query, "no server", now);
        return;
    }
    if (servers->config.rotate) {
        query->first = (uint8_t)(xm_draw_u16(&servers->draw) % servers->config.n_servers);
    }
    ask_server(query, servers, now);
}

/* This server was no help. */
static void ask_next(struct xm_query *query, struct xm_servers *servers, enum rank rank,
                     const char *reason, int64_t now)
{
    if (rank > query->rank) {
        query->rank = (uint8_t)rank;
        query->reason = reason;
    }
    query->n_before++;
    if (query->n_before >= servers->config.n_servers * servers->config.attempts) {
        fail(query, query->reason, now);
        return;
    }
    ask_server(query, servers, now);
}

/* An alias leads on: its target is asked for, first of the server that said so. */
static void ask_on(struct xm_query *query, struct xm_servers *servers, int64_t now)
{
    query->first = (uint8_t)server_of(query, servers);
    query->n_before = 0;
    ask_server(query, servers, now);
}

/* --- being answered --------------------------------------------------------------------------- */

/* RFC 6840 5.8 leaves to us whom we trust to have validated. */
static int is_believed(const struct xm_addr *server, const struct xm_servers *servers)
{
    return servers->config.trust_ad || xm_addr_is_loopback(server);
}

/* 1 if the same server is asked once more, as EDNS0 may have been what it did not like (RFC 6891 7). */
static int ask_without_edns0(struct xm_query *query, struct xm_servers *servers, unsigned rcode,
                             int64_t now)
{
    int is_it = rcode == RCODE_FORMERR || rcode == RCODE_NOTIMP || rcode == XM_MESSAGE_BADVERS;
    if (!is_it || !has_edns0(query, servers)) {
        return 0;
    }
    servers->without_edns0 = (uint8_t)(servers->without_edns0 | bit_of(query, servers));
    ask_server(query, servers, now);
    return 1;
}

static void hear_error(struct xm_query *query, struct xm_servers *servers, uint16_t rcode,
                       int64_t now)
{
    if (!ask_without_edns0(query, servers, rcode, now)) {
        enum rank rank = rcode == RCODE_SERVFAIL ? SERVFAIL : ANY_CODE;
        ask_next(query, servers, rank, xm_message_rcode_text(rcode), now);
    }
}

static void hear_answer(struct xm_query *query, const struct xm_servers *servers,
                        struct xm_answer *answer, int64_t now)
{
    if (query->reading.is_authentic) {
        answer->dnssec = XM_DNSSEC_SECURE;
    }
    query->server = *xm_query_get_server(query, servers);
    xm_query_answer(query, answer, now);
}

/* What the server we asked has said to our question. */
static void hear(struct xm_query *query, struct xm_servers *servers, const uint8_t *bytes, size_t n,
                 int64_t now)
{
    struct xm_answer *answer = NULL;
    struct xm_reading reading = query->reading;
    int verdict = xm_reading_take(&reading, bytes, n, query->type, &answer);
    reading.is_authentic &= (uint8_t)is_believed(xm_query_get_server(query, servers), servers);
    switch (verdict) {
    case XM_VERDICT_ANSWER:
        query->reading = reading;
        hear_answer(query, servers, answer, now);
        return;
    case XM_VERDICT_ALIAS:
        query->reading = reading;
        ask_on(query, servers, now);
        return;
    case XM_VERDICT_CUT:
        if (query->state == XM_QUERY_UDP) {
            ask(query, servers, XM_QUERY_TCP, now);
        } else {
            ask_next(query, servers, NOT_READABLE, "malformed answer", now);
        }
        return;
    case XM_VERDICT_ERROR:
        hear_error(query, servers, reading.rcode, now);
        return;
    case XM_VERDICT_LAME:
        ask_next(query, servers, LAME, "lame server", now);
        return;
    case XM_VERDICT_LOOP:
        fail(query, "alias loop", now);
        return;
    case XM_VERDICT_MALFORMED:
        ask_next(query, servers, NOT_READABLE, "malformed answer", now);
        return;
    default:
        fail_without_memory(query, now);
    }
}

/* Whatever is not the answer to this query is dropped: it may be anybody's (RFC 5452 4). */
static void hear_datagram(struct xm_query *query, struct xm_servers *servers, const uint8_t *bytes,
                          size_t n, int64_t now)
{
    switch (xm_message_match(bytes, n, query->asked, query->type, query->id)) {
    case XM_MESSAGE_OURS:
        hear(query, servers, bytes, n, now);
        return;
    case XM_MESSAGE_OTHER_CASE:
        servers->without_case = (uint8_t)(servers->without_case | bit_of(query, servers));
        ask(query, servers, XM_QUERY_TCP, now);
        return;
    case XM_MESSAGE_BARE: /* a forged one costs us EDNS0 and nothing more */
        ask_without_edns0(query, servers, RCODE_FORMERR, now);
        return;
    case XM_MESSAGE_NO_MEMORY:
        fail_without_memory(query, now);
        return;
    case XM_MESSAGE_STRANGE:
        return;
    }
}

/* By TCP only the server can speak: what is not an answer is its failure. */
static void hear_message(struct xm_query *query, struct xm_servers *servers, const uint8_t *bytes,
                         size_t n, int64_t now)
{
    switch (xm_message_match(bytes, n, query->asked, query->type, query->id)) {
    case XM_MESSAGE_OURS:
    case XM_MESSAGE_OTHER_CASE:
        hear(query, servers, bytes, n, now);
        return;
    case XM_MESSAGE_BARE:
        hear_error(query, servers, RCODE_FORMERR, now);
        return;
    case XM_MESSAGE_NO_MEMORY:
        fail_without_memory(query, now);
        return;
    case XM_MESSAGE_STRANGE:
        ask_next(query, servers, NOT_READABLE, "malformed answer", now);
        return;
    }
}

/* RFC 7766 8: the length, and so many bytes. We asked one thing, so nothing stands behind them: what
 * does makes the message malformed. */
static void recv_stream(struct xm_query *query, struct xm_servers *servers, const uint8_t *bytes,
                        size_t n, int64_t now)
{
    if (xm_buf_add(&query->in, bytes, n) < 0) {
        fail_without_memory(query, now);
        return;
    }
    const uint8_t *head = xm_buf_head(&query->in);
    size_t len = xm_buf_len(&query->in);
    if (len < 2 || len - 2 < ((size_t)head[0] << 8 | head[1])) {
        return;
    }
    struct xm_buf in = query->in; /* as the next thing that is asked empties it */
    query->in = (struct xm_buf){.cap = 0};
    hear_message(query, servers, xm_buf_head(&in) + 2, len - 2, now);
    xm_buf_done(&in);
}

void xm_query_recv(struct xm_query *query, struct xm_servers *servers, const uint8_t *bytes,
                   size_t n, int64_t now)
{
    if (query->state == XM_QUERY_UDP && n <= XM_DNS_UDP_MAX) {
        hear_datagram(query, servers, bytes, n, now);
    } else if (query->state == XM_QUERY_TCP && n > 0) {
        recv_stream(query, servers, bytes, n, now);
    }
}

/* --- sending, failing, waiting ---------------------------------------------------------------- */

static int is_asking(const struct xm_query *query)
{
    return query->state == XM_QUERY_UDP || query->state == XM_QUERY_TCP;
}

const uint8_t *xm_query_peek(const struct xm_query *query, size_t *ret_n)
{
    size_t from = query->n_sent + (query->state == XM_QUERY_UDP ? 2 : 0);
    int is_more = is_asking(query) && from < query->n_out;
    *ret_n = is_more ? query->n_out - from : 0;
    return is_more ? query->out + from : NULL;
}

void xm_query_sent(struct xm_query *query, size_t n)
{
    size_t left;
    xm_query_peek(query, &left);
    query->n_sent += query->state == XM_QUERY_UDP || n > left ? left : n;
}

void xm_query_failed(struct xm_query *query, struct xm_servers *servers, int64_t now)
{
    if (is_asking(query)) {
        ask_next(query, servers, NOT_REACHED, "server not reached", now);
    }
}

void xm_query_tick(struct xm_query *query, struct xm_servers *servers, int64_t now)
{
    if (is_asking(query) && now >= query->deadline) {
        ask_next(query, servers, NO_ANSWER, "no answer", now);
    }
}
