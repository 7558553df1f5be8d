/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loop's two faces: the plain one asks the library in front of each poll(), the other one keeps
 * what it was told. In the latter a descriptor that is closed before it is told 0 is a sin. */
#include <string.h>

#include "client.h"

static int find(const struct watch *watch, int fd)
{
    int i = 0;
    while (i < watch->n_fds && watch->fds[i].fd != fd) {
        i++;
    }
    return i;
}

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    struct client *client = userdata;
    struct watch *watch = &client->watch;
    int i = find(watch, fd);
    (void)conn;
    (void)fd_data;
    if (was != (i < watch->n_fds ? watch->fds[i].events : 0)) {
        inside_sin("told what was not so", fd);
    }
    inside_told(fd, events);
    if (events == 0 && i < watch->n_fds) {
        watch->fds[i] = watch->fds[--watch->n_fds];
    } else if (i == XMPP_POLLFDS_MAX) {
        inside_sin("told too many", fd);
    } else if (events != 0) {
        watch->fds[i] = (struct pollfd){.fd = fd, .events = events};
        watch->n_fds += i == watch->n_fds;
    }
    return 0;
}

static int on_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    struct client *client = userdata;
    (void)conn;
    client->watch.due_ms = timeout_ms < 0 ? -1 : act_now() + timeout_ms;
    return 0;
}

int watch_prepare(struct client *client)
{
    client->watch.due_ms = -1;
    return client->options.is_watch
               ? (int)INSIDE(xmpp_conn_set_watch(client->conn, on_fd, on_timer, client, NULL))
               : 0;
}

int watch_gather(struct client *client, struct pollfd fds[XMPP_POLLFDS_MAX], int *ret_timeout)
{
    struct watch *watch = &client->watch;
    if (!client->options.is_watch) {
        *ret_timeout = (int)INSIDE(xmpp_conn_get_timeout(client->conn));
        return (int)INSIDE(xmpp_conn_get_pollfds(client->conn, fds, XMPP_POLLFDS_MAX));
    }
    int64_t left = watch->due_ms - act_now();
    *ret_timeout = watch->due_ms < 0 ? -1 : left > 0 ? (int)left : 0;
    memcpy(fds, watch->fds, (size_t)watch->n_fds * sizeof *fds);
    return watch->n_fds;
}

void watch_spend(struct client *client)
{
    struct watch *watch = &client->watch;
    if (watch->due_ms >= 0 && watch->due_ms <= act_now()) {
        watch->due_ms = -1;
    }
}
