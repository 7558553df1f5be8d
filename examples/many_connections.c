/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many accounts in one process: epoll over the watch face, one timer heap, one trust store.
 *
 *     many_connections [options] ACCOUNTS-FILE      each line: JID PASSWORD
 *
 * All log in, a few dozen at a time; each asks its server for an answer when it is online; when
 * the last one has it, all leave. An account may stand in the file more than once. The exit status
 * is 0 if every one of them came online and was answered.
 *
 * What a loop like this has to know:
 *  - the loop holds the reference: a connection is dropped only behind a batch, never in a handler,
 *    because the rest of the batch may still name it;
 *  - one batch may name an account twice, while several sockets race to connect: one call of
 *    process does the work of both;
 *  - a timer is spent when it has fired: take it out first, then call process, which may arm it
 *    again;
 *  - timers that process arms with 0 wait for the next turn, so that nobody starves. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sysexits.h>
#include <unistd.h>

#include "account.h"
#include "deadlines.h"
#include "stop.h"

enum { BATCH = 256, CONNECTING_MAX = 32, ANSWER_MS = 30000 };

struct pool {
    struct account account;
    xmpp_trust *trust;
    struct client **clients;
    struct client *gone; /* to be buried behind the batch */
    size_t n_clients, n_started, n_connecting, n_online, n_answered, n_failed, n_gone;
    int is_leaving;
    int epoll_fd;
    uint64_t turn;
    struct deadlines deadlines;
};

struct client {
    struct pool *pool;
    xmpp_conn *conn;
    struct deadline deadline;
    uint64_t turn; /* the last one in which it was processed */
    int was_online, is_answered;
    size_t index; /* in the pool */
    int is_gone;
    struct client *next_gone;
};

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    (void)conn;
    (void)fd_data;
    struct client *client = userdata;
    struct epoll_event event = {.data.ptr = client};
    event.events = (events & POLLIN ? EPOLLIN : 0u) | (events & POLLOUT ? EPOLLOUT : 0u);
    int operation = events == 0 ? EPOLL_CTL_DEL : was == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    return epoll_ctl(client->pool->epoll_fd, operation, fd, &event);
}

static int on_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    (void)conn;
    struct client *client = userdata;
    struct deadlines *all = &client->pool->deadlines;
    if (timeout_ms >= 0)
        return deadlines_set(all, &client->deadline, deadlines_now() + timeout_ms);
    deadlines_clear(all, &client->deadline);
    return 0;
}

static void on_answer(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)reply;
    struct client *client = userdata;
    if (error != 0 && error != XMPP_E_REMOTE) { /* an error of the server's is an answer too */
        xmpp_conn_disconnect(conn);
        return;
    }
    client->is_answered = 1;
    client->pool->n_answered++;
}

static void ask_server(struct client *client)
{
    xmpp_stanza *ping = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem_add(xmpp_stanza_root(ping), "ping", "urn:xmpp:ping");
    int result = xmpp_conn_request(client->conn, NULL, ping, ANSWER_MS, on_answer, client, NULL);
    xmpp_stanza_unref(ping);
    if (result < 0)
        xmpp_conn_disconnect(client->conn);
}

static void set_gone(struct client *client)
{
    client->is_gone = 1;
    client->next_gone = client->pool->gone;
    client->pool->gone = client;
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct client *client = userdata;
    struct pool *pool = client->pool;
    if (state == XMPP_STATE_ONLINE) {
        client->was_online = 1;
        pool->n_connecting--;
        pool->n_online++;
        ask_server(client);
    } else if (state == XMPP_STATE_OFFLINE) {
        account_print_error(&pool->account, conn);
        if (!client->was_online)
            pool->n_connecting--;
        set_gone(client);
    }
}

/* Unreferencing tells the watch to forget everything, so the client goes last. */
static void client_free(struct client *client)
{
    if (!client)
        return;
    xmpp_conn_unref(client->conn);
    free(client);
}

/* A client of one line `JID PASSWORD`, which is cut in two and wiped. */
static struct client *client_new(struct pool *pool, char *line)
{
    struct client *client = calloc(1, sizeof(*client));
    xmpp_conn *conn = xmpp_conn_new();
    char *password = strchr(line, ' ');
    if (password)
        *password++ = '\0';
    int result = client && conn ? 0 : XMPP_E_NOMEM;
    if (result == 0) {
        *client = (struct client){.pool = pool, .conn = conn, .deadline.owner = client};
        result = xmpp_conn_set_jid(conn, line);
    }
    if (result == 0)
        result = xmpp_conn_set_password(conn, password);
    if (result == 0)
        result = xmpp_conn_on_state(conn, NULL, on_state, client, NULL);
    if (result == 0)
        result = xmpp_conn_set_watch(conn, on_fd, on_timer, client, NULL);
    if (result < 0)
        fprintf(stderr, "many_connections: %s: %s\n", line, xmpp_strerror(result));
    explicit_bzero(line, strlen(line));
    if (password)
        explicit_bzero(password, strlen(password));
    if (result == 0 && account_apply(&pool->account, conn, pool->trust) == 0)
        return client;
    xmpp_conn_unref(conn);
    free(client);
    return NULL;
}

static int read_accounts(struct pool *pool, const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        fprintf(stderr, "many_connections: cannot read %s\n", path);
        return -1;
    }
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    int result = 0;
    while (result == 0 && (len = getline(&line, &room, file)) > 0) {
        line[len - 1] = line[len - 1] == '\n' ? '\0' : line[len - 1];
        struct client **all =
            realloc(pool->clients, (pool->n_clients + 1) * sizeof(struct client *));
        if (all)
            pool->clients = all;
        struct client *client = all ? client_new(pool, line) : NULL;
        if (client) {
            client->index = pool->n_clients;
            pool->clients[pool->n_clients++] = client;
        } else {
            result = -1;
        }
    }
    free(line);
    fclose(file);
    return result;
}

/* Lets some more connect, so that a thousand logins do not come in the same moment. */
static void start_some(struct pool *pool)
{
    while (!pool->is_leaving && pool->n_started < pool->n_clients &&
           pool->n_connecting < CONNECTING_MAX) {
        struct client *client = pool->clients[pool->n_started++];
        int result = xmpp_conn_connect(client->conn);
        if (result == 0) {
            pool->n_connecting++;
            continue;
        }
        account_print_failure(&pool->account, client->conn, result);
        set_gone(client);
    }
}

/* Behind a batch: nothing names them any more. */
static void bury(struct pool *pool)
{
    while (pool->gone) {
        struct client *client = pool->gone;
        pool->gone = client->next_gone;
        pool->clients[client->index] = NULL;
        pool->n_gone++;
        pool->n_failed += !client->is_answered;
        client_free(client);
    }
}

static void leave(struct pool *pool)
{
    pool->is_leaving = 1;
    for (size_t i = 0; i < pool->n_started; i++) {
        if (pool->clients[i])
            xmpp_conn_disconnect(pool->clients[i]->conn);
    }
}

static void process(struct client *client)
{
    if (client->turn == client->pool->turn || client->is_gone)
        return;
    client->turn = client->pool->turn;
    xmpp_conn_process(client->conn);
}

static void fire_deadlines(struct pool *pool)
{
    int64_t now = deadlines_now();
    struct deadline *first;
    for (size_t n = pool->deadlines.n; n > 0; n--) {
        first = deadlines_first(&pool->deadlines);
        if (!first || first->at > now)
            return;
        deadlines_clear(&pool->deadlines, first);
        xmpp_conn_process(((struct client *)first->owner)->conn);
    }
}

static void run(struct pool *pool)
{
    for (;;) {
        start_some(pool);
        bury(pool);
        size_t n_alive = pool->n_started - pool->n_gone;
        if (!pool->is_leaving && pool->n_started == pool->n_clients &&
            pool->n_answered + pool->n_failed >= pool->n_clients) {
            printf("%zu online at once\n", n_alive);
            leave(pool);
        }
        if (n_alive == 0 && (pool->is_leaving || pool->n_started == pool->n_clients))
            return;
        struct epoll_event batch[BATCH];
        int n = epoll_wait(pool->epoll_fd, batch, BATCH, deadlines_timeout(&pool->deadlines));
        pool->turn++;
        for (int i = 0; i < n; i++) {
            if (batch[i].data.ptr)
                process(batch[i].data.ptr);
            else if (!pool->is_leaving)
                leave(pool); /* SIGINT or SIGTERM */
        }
        fire_deadlines(pool);
    }
}

int main(int argc, char **argv)
{
    struct pool pool = {0};
    int first = account_parse_options(&pool.account, argc, argv, "ACCOUNTS-FILE", 1, 1);
    int stop_fd = stop_init();
    pool.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = NULL};
    int status = EX_CONFIG;
    if (stop_fd < 0 || pool.epoll_fd < 0 ||
        epoll_ctl(pool.epoll_fd, EPOLL_CTL_ADD, stop_fd, &event) < 0)
        perror("many_connections");
    else if (account_load_trust(&pool.account, &pool.trust) == 0 &&
             read_accounts(&pool, argv[first]) == 0) {
        run(&pool);
        printf("%zu accounts: %zu online, %zu answered, %zu failed\n", pool.n_clients,
               pool.n_online, pool.n_answered, pool.n_failed);
        status = pool.n_answered == pool.n_clients ? EX_OK : EX_UNAVAILABLE;
    }
    for (size_t i = 0; i < pool.n_clients; i++)
        client_free(pool.clients[i]);
    free(pool.clients);
    xmpp_trust_unref(pool.trust);
    deadlines_done(&pool.deadlines);
    close(pool.epoll_fd);
    return status;
}
