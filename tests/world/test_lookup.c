/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The resolver against the world's nameservers: lossy, slow, lying, silent and broken ones. Its own
 * tests (tests/dns) feed it messages; here are sockets, time, and another's idea of DNS. */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "dns/resolver.h"
#include "net/net.h"
#include "world/faults.h"
#include "world/names.h"
#include "world/world.h"

/* The resolver with its sockets: what lib/conn does for it in a connection. */
struct client {
    struct xm_resolver *resolver;
    struct {
        uint32_t serial;
        int fd;
        int is_udp;
        int is_connected;
    } channels[XM_DNS_CHANNELS];
    char said[8192]; /* the answers, in words */
};

static void add(struct client *client, const char *format, ...)
{
    size_t had = strlen(client->said);
    va_list args;
    va_start(args, format);
    vsnprintf(client->said + had, sizeof client->said - had, format, args);
    va_end(args);
}

/* --- sockets ---------------------------------------------------------------------------------- */

static void drop(struct client *client, unsigned i)
{
    if (client->channels[i].fd >= 0) {
        xm_net_close(client->channels[i].fd);
    }
    client->channels[i].fd = -1;
}

/* 1 if something was opened or closed. */
static int match_channel(struct client *client, unsigned i)
{
    struct xm_channel want;
    xm_resolver_get_channel(client->resolver, i, &want);
    if (want.serial == client->channels[i].serial) {
        return 0;
    }
    drop(client, i);
    client->channels[i].serial = want.serial;
    client->channels[i].is_udp = want.kind == XM_CHANNEL_UDP;
    client->channels[i].is_connected = want.kind == XM_CHANNEL_UDP;
    int result = 0;
    if (want.kind == XM_CHANNEL_UDP) {
        result = xm_net_open_udp(&want.server, &client->channels[i].fd);
    } else if (want.kind == XM_CHANNEL_TCP) {
        result = xm_net_connect(&want.server, &client->channels[i].fd);
    }
    if (result < 0) {
        client->channels[i].fd = -1;
        xm_resolver_failed(client->resolver, i, world_now());
    }
    return 1;
}

static int send_channel(struct client *client, unsigned i)
{
    size_t n = 0;
    const uint8_t *bytes = xm_resolver_peek(client->resolver, i, &n);
    if (n == 0) {
        return 0;
    }
    ptrdiff_t sent = xm_net_send(client->channels[i].fd, bytes, n);
    if (sent > 0) {
        xm_resolver_sent(client->resolver, i, (size_t)sent);
    } else if (sent < 0) {
        xm_resolver_failed(client->resolver, i, world_now());
    }
    return 1;
}

static void recv_channel(struct client *client, unsigned i)
{
    uint8_t bytes[XM_DNS_UDP_MAX];
    ptrdiff_t n = xm_net_recv(client->channels[i].fd, bytes, sizeof bytes);
    if (n > 0) {
        xm_resolver_recv(client->resolver, i, bytes, (size_t)n, world_now());
    } else if (n < 0 && !(n == XM_NET_END && client->channels[i].is_udp)) {
        xm_resolver_failed(client->resolver, i, world_now());
    }
}

/* 1 if something was done. */
static int turn_channel(struct client *client, unsigned i)
{
    if (match_channel(client, i)) {
        return 1;
    }
    int fd = client->channels[i].fd;
    if (fd < 0) {
        return 0;
    }
    if (!client->channels[i].is_connected) {
        int result = xm_net_connect_result(fd);
        client->channels[i].is_connected = result == 1;
        if (result < 0) {
            xm_resolver_failed(client->resolver, i, world_now());
        }
        return result != 0;
    }
    if (send_channel(client, i)) {
        return 1;
    }
    if (world_poll(fd, POLLIN) & POLLIN) {
        recv_channel(client, i);
        return 1;
    }
    return 0;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void add_record(struct client *client, const struct xm_record *record)
{
    char text[XM_ADDR_TEXT];
    if (record->addr.family != 0) {
        xm_addr_print(&record->addr, text);
        *strrchr(text, ':') = '\0';
        add(client, " %s", text);
    } else if (record->target) {
        add(client, " %u/%u/%u/%s", (unsigned)record->priority, (unsigned)record->weight,
            (unsigned)record->port, record->target);
    } else {
        add(client, " %u-%u-%u", (unsigned)record->tlsa.usage, (unsigned)record->tlsa.selector,
            (unsigned)record->tlsa.matching);
    }
}

static int hear(struct client *client)
{
    static const char *const statuses[] = {"found", "none", "no-name", "failed"};
    static const char *const dnssecs[] = {"", " secure", " bogus", " indeterminate"};
    struct xm_resolver_event event;
    if (!xm_resolver_next(client->resolver, &event)) {
        return 0;
    }
    add(client, "%d %s%s", event.question, statuses[event.answer->status],
        dnssecs[event.answer->dnssec]);
    for (size_t i = 0; i < event.answer->n_records; i++) {
        add_record(client, &event.answer->records[i]);
    }
    add(client, " +%lldms;", (long long)world_since_mark());
    return 1;
}

static void turn(struct client *client)
{
    int is_busy = 1;
    for (int turns = 0; is_busy && turns < 10000; turns++) {
        is_busy = hear(client);
        for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
            is_busy |= turn_channel(client, i);
        }
    }
    CHECK_INT(is_busy, 0);
}

/* Until nothing can happen any more. */
static void run(struct client *client)
{
    turn(client);
    for (;;) {
        int64_t next = xm_resolver_deadline(client->resolver);
        next = next < world_next() ? next : world_next();
        if (next == INT64_MAX) {
            return;
        }
        world_advance(next > world_now() ? next - world_now() : 0);
        xm_resolver_tick(client->resolver, world_now());
        turn(client);
    }
}

/* --- the table -------------------------------------------------------------------------------- */

static const char records[] =
    "record capulet.example A 192.0.2.1\n"
    "record xmpp.capulet.example AAAA 2001:db8::1\n"
    "record _xmpp-client._tcp.capulet.example SRV 5 10 5222 xmpp.capulet.example\n"
    "record alias.example CNAME capulet.example\n"
    "record loop.example CNAME again.example\nrecord again.example CNAME loop.example\n"
    "fill big.example SRV 60\n";

static void begin(struct client *client, const char *conf)
{
    static const uint8_t seed[XM_DRAW_SEED] = {1};
    struct xm_dns_config config;
    memset(client, 0, sizeof *client);
    for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
        client->channels[i].fd = -1;
    }
    xm_dns_config_init(&config);
    xm_dns_config_read(&config, conf, strlen(conf), xm_net_find_scope);
    CHECK_INT(xm_resolver_new(&client->resolver, &config, seed), 0);
}

static void end(struct client *client)
{
    for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
        drop(client, i);
    }
    xm_resolver_free(client->resolver);
    names_end();
    CHECK_INT(world_end(), 0);
}

/* "NAME TYPE, NAME TYPE": all at once. */
static void ask(struct client *client, const char *questions)
{
    char name[256];
    char type[16];
    int at;
    while (sscanf(questions, "%255s %15[A-Z]%n", name, type, &at) == 2) {
        CHECK(xm_resolver_ask(client->resolver, name, (enum xm_rr)names_type_of(type),
                              world_now()) > 0);
        questions += at + (questions[at] == ',');
    }
}

struct row {
    const char *lines; /* of the world */
    const char *questions;
    const char *said;
    unsigned n_asked;
};

static void look_up(const char *conf, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct client client;
        check_note("%.*s: %s", (int)strcspn(rows[i].lines, "\n"), rows[i].lines, rows[i].questions);
        world_begin(1);
        names_begin();
        names_lines(records);
        names_lines(rows[i].lines);
        begin(&client, conf);
        ask(&client, rows[i].questions);
        run(&client);
        CHECK_STR(client.said, rows[i].said);
        CHECK_INT(names_count(NULL, 0), rows[i].n_asked);
        end(&client);
    }
}
#define LOOK_UP(conf, rows) look_up(conf, rows, sizeof(rows) / sizeof *(rows))

static const char one_server[] = "nameserver 192.0.2.53\noptions timeout:2 attempts:2 trust-ad\n";
static const char two_servers[] =
    "nameserver 192.0.2.53\nnameserver fe80::53%eth0\noptions timeout:2 attempts:2\n";

static void a_server_answers(void)
{
    static const struct row rows[] = {
        {"server 192.0.2.53", "capulet.example A", "1 found 192.0.2.1 +0ms;", 1},
        {"server 192.0.2.53 delay=40ms", "alias.example A", "1 found 192.0.2.1 +40ms;", 1},
        {"server 192.0.2.53", "_xmpp-client._tcp.capulet.example SRV",
         "1 found 5/10/5222/xmpp.capulet.example +0ms;", 1},
        {"server 192.0.2.53", "capulet.example AAAA", "1 none +0ms;", 1},
        {"server 192.0.2.53", "no.example A", "1 no-name +0ms;", 1},
        {"server 192.0.2.53 delay=30ms\ndelay capulet.example A 100ms",
         "capulet.example A, xmpp.capulet.example AAAA",
         "2 found [2001:db8::1] +30ms;1 found 192.0.2.1 +130ms;", 2},
        {"server 192.0.2.53\nsecure example", "capulet.example A", "1 found secure 192.0.2.1 +0ms;",
         1},
        {"server 192.0.2.53 no-ad\nsecure example", "capulet.example A", "1 found 192.0.2.1 +0ms;",
         1},
    };
    LOOK_UP(one_server, rows);
}

/* What is no answer is waited past, and what is half of one is asked for by TCP. */
static void lies_and_losses_are_got_over(void)
{
    static const struct row rows[] = {
        {"server 192.0.2.53 delay=9ms bad-id", "capulet.example A", "1 found 192.0.2.1 +9ms;", 1},
        {"server 192.0.2.53 bad-question", "capulet.example A", "1 found 192.0.2.1 +0ms;", 1},
        {"server 192.0.2.53 bad-type", "capulet.example A", "1 found 192.0.2.1 +0ms;", 1},
        {"server 192.0.2.53 empty garbage", "capulet.example A", "1 found 192.0.2.1 +0ms;", 1},
        {"server 192.0.2.53 poison", "capulet.example A", "1 found 192.0.2.1 +0ms;", 1},
        {"server 192.0.2.53 truncate", "capulet.example A", "1 found 192.0.2.1 +0ms;", 2},
        {"server 192.0.2.53 no-edns", "capulet.example A", "1 found 192.0.2.1 +0ms;", 2},
        {"server 192.0.2.53 no-edns=notimp", "capulet.example A", "1 found 192.0.2.1 +0ms;", 2},
        {"server 192.0.2.53 no-edns=badvers", "capulet.example A", "1 found 192.0.2.1 +0ms;", 2},
        {"server 192.0.2.53 no-edns=ignore", "capulet.example A", "1 found 192.0.2.1 +0ms;", 1},
        {"server 192.0.2.53 breaks-case", "capulet.example A", "1 found 192.0.2.1 +0ms;", 2},
        {"server 192.0.2.53 drop=1", "capulet.example A", "1 found 192.0.2.1 +2000ms;", 2},
    };
    LOOK_UP(one_server, rows);
}

/* Never the same as "no records". */
static void what_nobody_tells_has_failed(void)
{
    static const struct row rows[] = {
        {"server 192.0.2.53 drop", "capulet.example A", "1 failed indeterminate +4000ms;", 2},
        {"server 192.0.2.53 servfail", "capulet.example A", "1 failed indeterminate +0ms;", 2},
        {"server 192.0.2.53 closed", "capulet.example A", "1 failed indeterminate +0ms;", 2},
        {"server 192.0.2.53 bad-id drop", "capulet.example A", "1 failed indeterminate +4000ms;",
         2},
        {"server 192.0.2.53\nsecure capulet.example\nbogus capulet.example", "capulet.example A",
         "1 failed indeterminate +0ms;", 2},
        {"server 192.0.2.53", "loop.example A", "1 failed indeterminate +0ms;", 1},
    };
    LOOK_UP(one_server, rows);
}

static void another_server_is_asked(void)
{
    static const struct row rows[] = {
        {"server 192.0.2.53 drop\nserver fe80::53%2", "capulet.example A",
         "1 found 192.0.2.1 +2000ms;", 2},
        {"server 192.0.2.53 servfail delay=5ms\nserver fe80::53%2 delay=5ms", "capulet.example A",
         "1 found 192.0.2.1 +10ms;", 2},
        {"server 192.0.2.53 refused\nserver fe80::53%2", "capulet.example A",
         "1 found 192.0.2.1 +0ms;", 2},
        {"server 192.0.2.53 closed\nserver fe80::53%2", "capulet.example A",
         "1 found 192.0.2.1 +0ms;", 2},
        {"server fe80::53%2", "capulet.example A", "1 found 192.0.2.1 +2000ms;", 1},
        {"server 192.0.2.53 truncate tcp=refuse\nserver fe80::53%2", "capulet.example A",
         "1 found 192.0.2.1 +0ms;", 2},
        {"server 192.0.2.53 truncate tcp=hang\nserver fe80::53%2", "capulet.example A",
         "1 found 192.0.2.1 +2000ms;", 2},
        {"server 192.0.2.53 truncate tcp=half\nserver fe80::53%2", "capulet.example A",
         "1 found 192.0.2.1 +0ms;", 3},
        {"server 192.0.2.53 truncate tcp=reset\nserver fe80::53%2", "capulet.example A",
         "1 found 192.0.2.1 +0ms;", 3},
    };
    LOOK_UP(two_servers, rows);
}

/* 60 records come by TCP, in pieces, byte by byte. */
static void a_large_answer_comes_by_tcp_in_pieces(void)
{
    struct client client;
    world_begin(1);
    names_begin();
    names_lines(records);
    names_lines("server 192.0.2.53");
    world_set_service_recv_max(1);
    begin(&client, one_server);
    ask(&client, "big.example SRV");
    run(&client);
    CHECK(strstr(client.said, " 60/0/5222/host60.big.example +0ms;") != NULL);
    CHECK_INT(names_count(NULL, 0), 2);
    CHECK(names_get(1)->is_tcp && !names_get(0)->is_tcp);
    end(&client);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a server answers", a_server_answers},
        {"lies and losses are got over", lies_and_losses_are_got_over},
        {"what nobody tells has failed", what_nobody_tells_has_failed},
        {"another server is asked", another_server_is_asked},
        {"a large answer comes by TCP, in pieces", a_large_answer_comes_by_tcp_in_pieces},
    };
    faults_init();
    return CHECK_MAIN(argc, argv, "lookup", cases);
}
