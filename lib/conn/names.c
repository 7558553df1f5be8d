/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who answers the route's questions: the hosts file, then the application if it wants to, else DNS.
 * For DNS this is the hands of the resolver (dns/resolver.h): it opens, sends, receives and closes
 * what that wants. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nocase.h"
#include "conn/conn.h"
#include "conn/reach.h"
#include "net/net.h"

enum { FILE_MAX = 1 << 20, HOSTS_ADDRS = 8 };

/* --- the hosts file ------------------------------------------------------------------------------------ */

/* Reads it once in an attempt. The system's may be missing; one that was asked for may not. */
static int read_hosts(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    const char *path = conn->settings.hosts_file;
    if (reach->has_hosts) {
        return 0;
    }
    int result = xm_net_read_file(path ? path : "/etc/hosts", FILE_MAX, &reach->hosts);
    if (result == XMPP_E_NOMEM || (result < 0 && path)) {
        return result;
    }
    reach->has_hosts = 1;
    return 0;
}

/* RFC 6761 6.3 */
static int is_localhost(const char *name)
{
    static const char local[] = "localhost";
    size_t len = strlen(name);
    size_t n = sizeof local - 1;
    return len >= n && xm_nocase_equal(name + len - n, local, n) &&
           (len == n || name[len - n - 1] == '.');
}

/* The addresses of a name that is known here, of both families; 0: it is not. */
static size_t find_here(const struct xm_reach *reach, const char *name,
                        struct xm_addr addrs[HOSTS_ADDRS])
{
    size_t len = xm_buf_len(&reach->hosts);
    size_t n = 0;
    if (len > 0) {
        n = xm_addr_find_in_hosts((const char *)xm_buf_head(&reach->hosts), len, name, 0, addrs,
                                  HOSTS_ADDRS);
    }
    if (n == 0 && is_localhost(name)) {
        n += (size_t)xm_addr_parse("::1", 0, &addrs[n]);
        n += (size_t)xm_addr_parse("127.0.0.1", 0, &addrs[n]);
    }
    return n;
}

int xm_names_begin(xmpp_conn *conn)
{
    return conn->settings.hosts_file ? read_hosts(conn) : 0;
}

int xm_names_has_host(const xmpp_conn *conn, const char *name)
{
    struct xm_addr addrs[HOSTS_ADDRS];
    return conn->settings.hosts_file && find_here(conn->reach, name, addrs) > 0;
}

/* Answers from the hosts file. 1: it has the name, 0: it has not. */
static int answer_here(xmpp_conn *conn, struct xmpp_lookup *lookup)
{
    struct xm_addr addrs[HOSTS_ADDRS];
    struct xm_record records[HOSTS_ADDRS];
    struct xm_answer answer = {.status = XM_ANSWER_NONE, .records = records};
    size_t n = find_here(conn->reach, lookup->name, addrs);
    int family = lookup->type == XM_RR_A ? 4 : 6;
    for (size_t i = 0; i < n; i++) {
        if (addrs[i].family == family) {
            records[answer.n_records++] = (struct xm_record){.addr = addrs[i]};
            answer.status = XM_ANSWER_FOUND;
        }
    }
    if (n > 0) {
        xm_names_answered(conn, lookup, &answer, "hosts file", NULL);
    }
    return n > 0;
}

/* --- asking --------------------------------------------------------------------------------------------- */

static int read_config(xmpp_conn *conn, struct xm_dns_config *config)
{
    const struct xm_names_settings *set = &xm_ways(conn)->names;
    struct xm_buf text = {0};
    if (set->config) {
        *config = *set->config;
        return 0;
    }
    xm_dns_config_init(config);
    const char *path = set->resolv_conf ? set->resolv_conf : "/etc/resolv.conf";
    int result = xm_net_read_file(path, FILE_MAX, &text);
    if (result == 0 && xm_buf_len(&text) > 0) {
        xm_dns_config_read(config, (const char *)xm_buf_head(&text), xm_buf_len(&text),
                           xm_net_find_scope);
    }
    xm_buf_done(&text);
    return result == XMPP_E_NOMEM ? result : 0; /* any other: as if there were none */
}

/* The resolver, with what resolv.conf says now; its cache is the connection's. */
static int make_resolver(xmpp_conn *conn)
{
    struct xm_dns_config config;
    uint8_t seed[XM_DRAW_SEED];
    if (conn->reach->has_resolver) {
        return 0;
    }
    if (xm_net_random(seed, sizeof seed) < 0) {
        return XMPP_E_SYSTEM;
    }
    if (read_config(conn, &config) < 0) {
        return XMPP_E_NOMEM;
    }
    if (conn->resolver) {
        xm_resolver_configure(conn->resolver, &config, seed);
    } else if (xm_resolver_new(&conn->resolver, &config, seed) < 0) {
        return XMPP_E_NOMEM;
    }
    conn->reach->has_resolver = 1;
    return 0;
}

static void fail(xmpp_conn *conn, struct xmpp_lookup *lookup, const char *reason)
{
    struct xm_answer answer = {.status = XM_ANSWER_FAILED, .dnssec = XM_DNSSEC_INDETERMINATE};
    xm_names_answered(conn, lookup, &answer, "", reason);
}

static int ask_dns(xmpp_conn *conn, struct xmpp_lookup *lookup)
{
    int result = make_resolver(conn);
    if (result == 0) {
        result = xm_resolver_ask(conn->resolver, lookup->name, (enum xm_rr)lookup->type, conn->now);
    }
    if (result > 0) {
        lookup->asked = result;
        return 0;
    }
    if (result == XMPP_E_INVAL || result == XMPP_E_TOO_BIG) { /* a name that the network gave */
        fail(conn, lookup, "not a name of DNS");
        return 0;
    }
    return result;
}

int xm_names_ask(xmpp_conn *conn, unsigned question, const char *name, enum xm_rr rr)
{
    const struct xm_ways *ways = xm_ways(conn);
    int result = read_hosts(conn);
    if (result < 0) {
        return result;
    }
    struct xmpp_lookup *lookup = xm_story_ask(conn->reach, question, name, rr, conn->now);
    if (!lookup) {
        return XMPP_E_NOMEM;
    }
    if ((rr == XM_RR_A || rr == XM_RR_AAAA) && answer_here(conn, lookup)) {
        return 0;
    }
    if (ways->proxy.kind != XMPP_PROXY_NONE && !ways->proxy.may_ask_dns) {
        struct xm_answer none = {.status = XM_ANSWER_NO_NAME};
        xm_names_answered(conn, lookup, &none, "hosts file",
                          "a proxy's name is not asked for in DNS");
        return 0;
    }
    return ways->names.resolver ? xm_query_ask(conn, lookup) : ask_dns(conn, lookup);
}

/* --- answers ---------------------------------------------------------------------------------------------- */

void xm_names_answered(xmpp_conn *conn, struct xmpp_lookup *lookup, const struct xm_answer *answer,
                       const char *source, const char *reason)
{
    struct xm_addr sources[XM_ANSWER_RECORDS_MAX] = {{.family = 0}};
    int is_address = lookup->type == XM_RR_A || lookup->type == XM_RR_AAAA;
    /* No more of an answer are tried, and each costs four calls of the system. */
    for (size_t i = 0; is_address && i < answer->n_records && i < XM_ROUTE_ADDRS_MAX; i++) {
        (void)xm_net_find_source(&answer->records[i].addr, &sources[i]); /* or there is no way */
    }
    xm_log(conn, XMPP_AREA_NET, XMPP_LOG_DEBUG, "%s %s: %s", lookup->name,
           xm_story_type(lookup->type), reason ? reason : xm_story_status((int)answer->status));
    int result = xm_story_answer(lookup, answer, source, reason, conn->now);
    if (result == 0) {
        result = xm_route_answer(conn->reach->route, lookup->question, answer,
                                 is_address ? sources : NULL, conn->now);
    }
    if (result < 0) {
        xm_attempt_fail(conn, result, XMPP_PHASE_DNS, NULL, NULL, NULL);
    }
}

static struct xmpp_lookup *find_asked(const struct xm_reach *reach, int question)
{
    for (size_t i = reach->n_lookups; i-- > 0;) {
        if (reach->lookups[i]->asked == question && reach->lookups[i]->took < 0) {
            return reach->lookups[i];
        }
    }
    return NULL;
}

static void hand_on_dns(xmpp_conn *conn)
{
    struct xm_resolver_event event;
    while (!conn->attempt->is_ended && xm_resolver_next(conn->resolver, &event)) {
        char source[XM_ADDR_TEXT] = "cache";
        struct xmpp_lookup *lookup = find_asked(conn->reach, event.question);
        if (event.server) {
            xm_addr_print(event.server, source);
        } else if (event.answer->status == XM_ANSWER_FAILED) {
            *source = '\0';
        }
        if (event.is_nomem) {
            xm_attempt_fail(conn, XMPP_E_NOMEM, XMPP_PHASE_DNS, NULL, NULL, NULL);
        } else if (lookup) {
            xm_names_answered(conn, lookup, event.answer, source, event.reason);
        }
    }
}

/* What the application has answered. Its answers may lead to further questions. */
static void hand_on_queries(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    for (size_t i = 0; i < reach->n_lookups && !conn->attempt->is_ended; i++) {
        struct xmpp_lookup *lookup = reach->lookups[i];
        if (lookup->query && xm_query_is_answered(lookup->query)) {
            struct xm_answer *answer = xm_query_take(lookup);
            if (answer) {
                xm_names_answered(conn, lookup, answer, "application", NULL);
            } else {
                fail(conn, lookup, "not answered");
            }
            free(answer);
        }
    }
}

/* --- the resolver's sockets --------------------------------------------------------------------------------- */

static void close_channel(xmpp_conn *conn, struct xm_names_channel *mine)
{
    if (mine->fd >= 0) {
        xm_watch_close_fd(conn, mine->fd);
        mine->fd = -1;
    }
}

/* What is open becomes what is wanted. */
static void match_channel(xmpp_conn *conn, unsigned i)
{
    struct xm_names_channel *mine = &conn->reach->channels[i];
    struct xm_channel wanted;
    xm_resolver_get_channel(conn->resolver, i, &wanted);
    if (wanted.serial == mine->serial) {
        return;
    }
    close_channel(conn, mine);
    mine->serial = wanted.serial;
    if (wanted.kind == XM_CHANNEL_NONE) {
        return;
    }
    mine->is_stream = wanted.kind == XM_CHANNEL_TCP;
    int result = mine->is_stream ? xm_net_connect(&wanted.server, &mine->fd)
                                 : xm_net_open_udp(&wanted.server, &mine->fd);
    mine->is_connecting = mine->is_stream && result == 0;
    if (result < 0) {
        mine->fd = -1;
        xm_resolver_failed(conn->resolver, i, conn->now);
    }
}

/* 1 once it can be sent to. */
static int is_open(xmpp_conn *conn, unsigned i)
{
    struct xm_names_channel *mine = &conn->reach->channels[i];
    if (mine->is_connecting) {
        int result = xm_net_connect_result(mine->fd);
        if (result < 0) {
            xm_resolver_failed(conn->resolver, i, conn->now);
        }
        mine->is_connecting = result == 0;
        return result > 0;
    }
    return mine->fd >= 0;
}

static int is_still(const xmpp_conn *conn, unsigned i)
{
    struct xm_channel wanted;
    xm_resolver_get_channel(conn->resolver, i, &wanted);
    return wanted.serial == conn->reach->channels[i].serial && wanted.kind != XM_CHANNEL_NONE;
}

static void send_channel(xmpp_conn *conn, unsigned i)
{
    size_t n;
    const uint8_t *bytes = xm_resolver_peek(conn->resolver, i, &n);
    while (n > 0) {
        ptrdiff_t sent = xm_net_send(conn->reach->channels[i].fd, bytes, n);
        if (sent < 0) {
            xm_resolver_failed(conn->resolver, i, conn->now);
        }
        if (sent <= 0) {
            return;
        }
        xm_resolver_sent(conn->resolver, i, (size_t)sent);
        bytes = xm_resolver_peek(conn->resolver, i, &n);
    }
}

/* As many pieces as one turn may take: what an attacker sends faster waits. */
static void recv_channel(xmpp_conn *conn, unsigned i)
{
    uint8_t room[XM_DNS_UDP_MAX + 1]; /* one that is too long shows itself */
    const struct xm_names_channel *mine = &conn->reach->channels[i];
    for (int piece = 0; piece < 16 && is_still(conn, i); piece++) {
        ptrdiff_t got = xm_net_recv(mine->fd, room, sizeof room);
        if (got == XM_NET_AGAIN) {
            return;
        }
        if (got > 0 || (got == XM_NET_END && !mine->is_stream)) { /* a datagram may be empty */
            xm_resolver_recv(conn->resolver, i, room, got > 0 ? (size_t)got : 0, conn->now);
        } else {
            xm_resolver_failed(conn->resolver, i, conn->now);
        }
    }
}

static void step_channel(xmpp_conn *conn, unsigned i)
{
    match_channel(conn, i);
    if (is_open(conn, i)) {
        send_channel(conn, i);
        recv_channel(conn, i);
    }
}

/* 1 if some channel is wanted otherwise than it is. */
static int is_changed(const xmpp_conn *conn)
{
    for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
        struct xm_channel wanted;
        xm_resolver_get_channel(conn->resolver, i, &wanted);
        if (wanted.serial != conn->reach->channels[i].serial) {
            return 1;
        }
    }
    return 0;
}

/* What has come counts before the time that has passed: nobody may have looked for a while. */
static void step_dns(xmpp_conn *conn)
{
    do {
        for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
            step_channel(conn, i);
        }
        xm_resolver_tick(conn->resolver, conn->now);
    } while (is_changed(conn));
    hand_on_dns(conn);
}

void xm_names_step(xmpp_conn *conn)
{
    if (conn->reach->has_resolver) {
        step_dns(conn);
    }
    hand_on_queries(conn);
}

void xm_names_stop(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
        close_channel(conn, &reach->channels[i]);
    }
    for (size_t i = 0; i < reach->n_lookups; i++) {
        xm_query_close(reach->lookups[i]);
    }
    if (conn->resolver) {
        xm_resolver_cancel(conn->resolver);
        xm_resolver_idle(conn->resolver, conn->now);
    }
    reach->has_resolver = 0;
    reach->has_hosts = 0;
    xm_buf_done(&reach->hosts);
}

void xm_names_wants(const xmpp_conn *conn, struct xm_wants *wants)
{
    const struct xm_reach *reach = conn->reach;
    for (unsigned i = 0; reach->has_resolver && i < XM_DNS_CHANNELS; i++) {
        const struct xm_names_channel *mine = &reach->channels[i];
        size_t n;
        (void)xm_resolver_peek(conn->resolver, i, &n);
        xm_wants_add(wants, mine->fd,
                     mine->is_connecting ? POLLOUT
                     : n > 0             ? POLLIN | POLLOUT
                                         : POLLIN);
    }
}

int64_t xm_names_due(const xmpp_conn *conn)
{
    const struct xm_reach *reach = conn->reach;
    for (size_t i = 0; i < reach->n_lookups; i++) {
        if (reach->lookups[i]->query && xm_query_is_answered(reach->lookups[i]->query)) {
            return INT64_MIN;
        }
    }
    return reach->has_resolver ? xm_resolver_deadline(conn->resolver) : INT64_MAX;
}
