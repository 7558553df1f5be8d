/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What many connections cost while nothing happens, and how a login goes, over TCP on loopback; the
 * server is another process, so that only the client is counted. Prints "name value" lines.
 *
 *     bench-many idle|login|tls-idle|tls-login N */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "count.h"
#include "mix.h"

enum { GREETING = 20, FIRST = 100, BATCH = 20, WAIT = 5000, KEEPALIVE_LEAST = 200000 };

static void must(int held, const char *what)
{
    if (!held) {
        perror(what);
        exit(1);
    }
}

/* --- the server's process --------------------------------------------------------------------- */

struct guest {
    int fd;
    int is_greeted;
    struct server *server;
};

static void flush(struct guest *guest)
{
    for (struct xm_buf *out; xm_buf_len(out = server_out(guest->server)) > 0;) {
        ssize_t put = send(guest->fd, xm_buf_head(out), xm_buf_len(out), MSG_NOSIGNAL);
        must(put > 0, "server send");
        xm_buf_take(out, (size_t)put);
    }
}

/* Everyone is welcomed with some stanzas of the mix, each in a record of its own. */
static void greet(struct guest *guest)
{
    char stanza[MIX_MAX];
    guest->is_greeted = 1;
    for (unsigned i = 0; i < GREETING; i++) {
        server_say(guest->server, stanza, mix_stanza(stanza, sizeof stanza, i));
    }
}

static void receive(struct guest *guest)
{
    char room[16384];
    ssize_t got = read(guest->fd, room, sizeof room);
    if (got <= 0) {
        close(guest->fd);
        server_free(guest->server);
        free(guest);
        return;
    }
    server_hear(guest->server, room, (size_t)got);
    if (server_is_online(guest->server) && !guest->is_greeted) {
        greet(guest);
    }
    flush(guest);
}

static void welcome(int epoll, int listener, const struct cert *leaf)
{
    struct guest *guest = calloc(1, sizeof *guest);
    must(guest != NULL, "calloc");
    guest->fd = accept(listener, NULL, NULL);
    must(guest->fd >= 0, "accept");
    int on = 1;
    setsockopt(guest->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    guest->server = server_new(leaf);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = guest};
    must(epoll_ctl(epoll, EPOLL_CTL_ADD, guest->fd, &event) == 0, "epoll_ctl");
}

static void serve(int listener, const struct cert *leaf)
{
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    must(epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) == 0, "epoll");
    while (epoll_wait(epoll, &event, 1, -1) == 1) {
        if (event.data.ptr) {
            receive(event.data.ptr);
        } else {
            welcome(epoll, listener, leaf);
        }
    }
}

/* Starts it; the port it listens on. It ends with this process. */
static uint16_t start_server(const struct cert *leaf)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    must(listener >= 0 && bind(listener, (struct sockaddr *)&here, len) == 0 &&
             listen(listener, 128) == 0 &&
             getsockname(listener, (struct sockaddr *)&here, &len) == 0,
         "listen");
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(listener, leaf);
        _exit(1);
    }
    close(listener);
    return ntohs(here.sin_port);
}

/* --- the clients ------------------------------------------------------------------------------ */

static void begin(struct client *client, uint16_t port, int with_tls)
{
    client_init(client, with_tls);
    must(xmpp_conn_set_server(client->conn, "127.0.0.1", port) == 0, "set_server");
    must(xmpp_conn_connect(client->conn) == 0, "connect");
}

static int is_greeted(const struct client *client)
{
    return xmpp_conn_get_stat(client->conn, XMPP_STAT_STANZAS_RECEIVED) >= GREETING;
}

static void answer(struct client *client)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, "bob@example.net");
    xmpp_message_set_body(message, NULL, "Thank you, that was a warm welcome.");
    must(xmpp_conn_send(client->conn, message) == 0, "send");
    xmpp_stanza_unref(message);
    client_turn(client, 0);
}

/* Logs several in at a time, and exchanges stanzas. */
static void log_in(struct client *clients, unsigned n, uint16_t port, int with_tls)
{
    for (unsigned i = 0; i < n; i++) {
        begin(&clients[i], port, with_tls);
    }
    for (unsigned done = 0; done < n;) {
        done = 0;
        for (unsigned i = 0; i < n; i++) {
            if (is_greeted(&clients[i])) {
                done++;
            } else {
                must(xmpp_conn_get_state(clients[i].conn) != XMPP_STATE_OFFLINE, "offline");
                client_turn(&clients[i], 1);
            }
        }
    }
    for (unsigned i = 0; i < n; i++) {
        answer(&clients[i]);
    }
}

/* When something is to be done; what keeps the connection alive is minutes away, and not counted. */
static int is_due_soon(const struct client *client)
{
    int timeout = xmpp_conn_get_timeout(client->conn);
    return timeout >= 0 && timeout < KEEPALIVE_LEAST;
}

/* The loop goes round until nothing is to be done. */
static void settle(struct client *clients, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        for (int turn = 0; turn < 10 && is_due_soon(&clients[i]); turn++) {
            client_turn(&clients[i], WAIT);
        }
    }
}

static void log_all_in(struct client *clients, unsigned n, uint16_t port, int with_tls)
{
    for (unsigned i = 0; i < n; i += BATCH) {
        log_in(clients + i, n - i < BATCH ? n - i : BATCH, port, with_tls);
    }
    settle(clients, n);
}

/* KiB that nobody shares. */
static long private_kib(void)
{
    char line[256];
    long total = 0;
    long kib;
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    must(file != NULL, "smaps_rollup");
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "Private_Clean: %ld", &kib) == 1 ||
            sscanf(line, "Private_Dirty: %ld", &kib) == 1) {
            total += kib;
        }
    }
    fclose(file);
    return total;
}

/* 1 if nothing but what the server says can wake it for minutes. */
static int is_asleep(const struct client *client)
{
    struct pollfd fds[XMPP_POLLFDS_MAX];
    return !is_due_soon(client) &&
           xmpp_conn_get_pollfds(client->conn, fds, XMPP_POLLFDS_MAX) == 1 &&
           fds[0].events == POLLIN && poll(fds, 1, 0) == 0;
}

static void idle(unsigned n, uint16_t port, int with_tls)
{
    struct client *clients = calloc(FIRST + n, sizeof *clients);
    must(clients != NULL, "calloc");
    log_all_in(clients, FIRST, port, with_tls);
    long before = private_kib();
    log_all_in(clients + FIRST, n, port, with_tls);
    printf("kib %.2f\n", (double)(private_kib() - before) / n);
    unsigned awake = 0;
    for (unsigned i = 0; i < FIRST + n; i++) {
        awake += !is_asleep(&clients[i]);
    }
    printf("awake %u\n", awake);
    for (unsigned i = 0; i < FIRST + n; i++) {
        client_done(&clients[i]);
    }
    free(clients);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static void login(unsigned n, uint16_t port, int with_tls)
{
    double *ms = calloc(n, sizeof *ms);
    must(ms != NULL && n > 0, "calloc");
    unsigned long turns = 0;
    struct counts before = count_now();
    for (unsigned i = 0; i < n; i++) {
        struct client client;
        double began = now_ms();
        begin(&client, port, with_tls);
        while (xmpp_conn_get_state(client.conn) != XMPP_STATE_ONLINE) {
            must(xmpp_conn_get_state(client.conn) != XMPP_STATE_OFFLINE, "offline");
            client_turn(&client, WAIT);
            turns++;
        }
        ms[i] = now_ms() - began;
        client_done(&client);
    }
    count_print(&before, n);
    printf("turns %.2f\n", (double)turns / n);
    qsort(ms, n, sizeof *ms, ascending);
    printf("ms %.2f\n", ms[n / 2]);
    printf("ms-most %.2f\n", ms[n - 1]);
    free(ms);
}

int main(int argc, char **argv)
{
    const char *what = argc == 3 ? argv[1] : "";
    unsigned n = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    int with_tls = strncmp(what, "tls-", 4) == 0;
    what += with_tls ? 4 : 0;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    uint16_t port = start_server(with_tls ? server_leaf() : NULL);
    if (strcmp(what, "idle") == 0) {
        idle(n, port, with_tls);
    } else if (strcmp(what, "login") == 0) {
        login(n, port, with_tls);
    } else {
        fprintf(stderr, "usage: bench-many idle|login|tls-idle|tls-login N\n");
        return 2;
    }
    return 0;
}
