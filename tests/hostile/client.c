/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client that meets a hostile server: the plain poll loop of an application, with every call of
 * the library watched (inside.h, interpose.c). It prints what happened as one JSON object and
 * judges nothing; that is the test's (hostile.py). */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"

static int must(int64_t result, const char *what)
{
    if (result < 0) {
        fprintf(stderr, "client: %s: %s\n", what, xmpp_strerror((int)result));
        exit(2);
    }
    return (int)result;
}

/* "127.0.0.1:53" -> "127.0.0.1", 53 */
static uint16_t split(const char *text, char address[64])
{
    const char *colon = strrchr(text, ':');
    snprintf(address, 64, "%.*s", (int)(colon - text), text);
    return (uint16_t)atoi(colon + 1);
}

static void set_up_names(struct client *client)
{
    const struct options *options = &client->options;
    char address[64];
    for (int i = 0; i < options->n_nameservers; i++) {
        uint16_t port = split(options->nameservers[i], address);
        must(INSIDE(xmpp_conn_add_nameserver(client->conn, address, port)), address);
    }
    if (options->proxy) {
        const char *at = strchr(options->proxy, ':') + 1;
        int kind = *options->proxy == 'h' ? XMPP_PROXY_HTTP : XMPP_PROXY_SOCKS5;
        uint16_t port = split(at, address);
        must(INSIDE(xmpp_conn_set_proxy(client->conn, kind, address, port, NULL, NULL)), address);
    }
}

static void set_up(struct client *client)
{
    const struct options *options = &client->options;
    xmpp_conn *conn = client->conn;
    must(INSIDE(xmpp_conn_set_jid(conn, options->jid)), options->jid);
    if (*options->host) {
        must(INSIDE(xmpp_conn_set_server(conn, options->host, options->port)), options->host);
    }
    set_up_names(client);
    must(INSIDE(xmpp_conn_set_password(conn, options->password)), "password");
    must(INSIDE(xmpp_conn_allow_cleartext_insecure(conn, options->cleartext)), "cleartext");
    must(INSIDE(xmpp_conn_allow_plain(conn, options->plain)), "plain");
    for (int i = 0; i < LIMITS; i++) {
        if (options->limit[i] >= 0) {
            must(INSIDE(xmpp_conn_set_limit(conn, i, options->limit[i])), "limit");
        }
    }
    if (options->binding_off) {
        must(INSIDE(xmpp_conn_set_channel_binding(conn, XMPP_BINDING_OFF)), "binding");
    }
    if (options->ca_file) {
        xmpp_trust *trust = xmpp_trust_new();
        must(INSIDE(xmpp_trust_add_ca_file(trust, options->ca_file)), options->ca_file);
        must(INSIDE(xmpp_conn_set_trust(conn, trust)), "trust");
        xmpp_trust_unref(trust);
    }
    must(act_prepare(client), "handlers");
    must(watch_prepare(client), "watch");
}

static void measure(struct client *client)
{
    struct outcome *outcome = &client->outcome;
    int64_t queue = xmpp_conn_get_stat(client->conn, XMPP_STAT_QUEUE_BYTES);
    int64_t heap = machine_heap();
    outcome->queue_max = queue > outcome->queue_max ? queue : outcome->queue_max;
    outcome->heap_max = heap > outcome->heap_max ? heap : outcome->heap_max;
    outcome->online_turns += xmpp_conn_get_state(client->conn) == XMPP_STATE_ONLINE;
}

static int earlier(int one, int other)
{
    return one < 0 ? other : other < 0 || one < other ? one : other;
}

/* One round of the application's loop. The descriptors are the library's, the rest is ours. */
static void turn(struct client *client, int64_t patience)
{
    struct pollfd fds[XMPP_POLLFDS_MAX];
    int theirs;
    int n = watch_gather(client, fds, &theirs);
    client->outcome.fds_max = n > client->outcome.fds_max ? n : client->outcome.fds_max;
    int timeout = earlier(earlier(theirs, act_timeout(client)), (int)patience);
    int n_ready = poll(fds, (nfds_t)n, timeout);
    /* Only what the library asked for wakes it: a call without reason would hide a lost one. */
    if (n_ready > 0 || (theirs >= 0 && timeout == theirs)) {
        watch_spend(client);
        INSIDE(xmpp_conn_process(client->conn));
        measure(client);
    }
    act_between_turns(client);
}

static void attempt(struct client *client)
{
    must(INSIDE(xmpp_conn_connect(client->conn)), "connect");
    int64_t until = client->began_ms + client->options.patience;
    while (client->conn && xmpp_conn_get_state(client->conn) != XMPP_STATE_OFFLINE) {
        int64_t left = until - act_now();
        if (left <= 0) {
            client->outcome.is_hung = 1;
            return;
        }
        turn(client, left);
    }
}

/* Offline wants nothing more, and nothing more is told. */
static void check_rest(struct client *client)
{
    struct pollfd fds[XMPP_POLLFDS_MAX];
    for (int i = 0; i < 3; i++) {
        INSIDE(xmpp_conn_process(client->conn));
    }
    if (INSIDE(xmpp_conn_get_pollfds(client->conn, fds, XMPP_POLLFDS_MAX)) != 0 ||
        INSIDE(xmpp_conn_get_timeout(client->conn)) != -1) {
        fprintf(stderr, "client: offline, it still waits for something\n");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    struct client client = {.leave_at_ms = INT64_MAX, .receive_at_ms = INT64_MAX};
    if (options_read(&client.options, argc, argv) < 0) {
        return 2;
    }
    int descriptors = machine_descriptors();
    client.conn = xmpp_conn_new();
    set_up(&client);
    client.began_ms = act_now();
    client.outcome.heap_before = machine_heap();
    if (client.options.files >= 0) {
        machine_limit_descriptors(client.options.files);
    }
    for (int i = 0; i < client.options.attempts && client.conn && !client.outcome.is_hung; i++) {
        attempt(&client);
        if (client.conn && !client.outcome.is_hung) {
            check_rest(&client);
        }
    }
    machine_limit_descriptors(-1);
    report_print(&client, descriptors);
    INSIDE(xmpp_conn_unref(client.conn) != NULL);
    if (machine_descriptors() != descriptors) {
        fprintf(stderr, "client: descriptors were left open\n");
        return 2;
    }
    return 0;
}
