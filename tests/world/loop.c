/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The loop. See loop.h. */
#include "world/loop.h"

#include <poll.h>
#include <string.h>

#include "world/faults.h"
#include "world/world.h"
#include "xmpp/error.h"

/* PBKDF2 in slices turns long without the world seeing anything. A timer that has nearly passed when
 * process is called may be told anew: not every loop's clock is ours. */
enum { LOOP_TURNS_MAX = 20000, NEARLY = 8 };

static struct loop_fd *find_fd(struct loop *loop, int fd)
{
    for (int i = 0; i < LOOP_FDS; i++) {
        if (loop->fds[i].events != 0 && loop->fds[i].fd == fd) {
            return &loop->fds[i];
        }
    }
    return NULL;
}

static void add_fd(struct loop *loop, int fd, short events, void **fd_data)
{
    for (int i = 0; i < LOOP_FDS; i++) {
        if (loop->fds[i].events == 0) {
            loop->fds[i] = (struct loop_fd){fd, events, &loop->fds[i]};
            *fd_data = &loop->fds[i];
            return;
        }
    }
    world_fault("more than %d descriptors are told", LOOP_FDS);
}

static void told_fd(struct loop *loop, int fd, short events, short was, void **fd_data)
{
    struct loop_fd *known = find_fd(loop, fd);
    if (was != (known ? known->events : 0)) {
        world_fault("descriptor %d: was %d is told, %d was", fd, was, known ? known->events : 0);
    }
    if (*fd_data != (known ? known->data : NULL)) {
        world_fault("descriptor %d: fd_data is not what was stored", fd);
    }
    if (events == was) {
        world_fault("descriptor %d: %d is told twice", fd, events);
    }
    if (!world_is_open(fd)) {
        world_fault("descriptor %d is told after it was closed", fd);
    }
    if (known) {
        known->events = events;
    } else if (events != 0) {
        add_fd(loop, fd, events, fd_data);
    }
}

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    int inside = faults_inside(0);
    (void)conn;
    told_fd(userdata, fd, events, was, fd_data);
    faults_inside(inside);
    return 0;
}

static int on_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    struct loop *loop = userdata;
    (void)conn;
    int is_armed = loop->timer >= 0; /* until process is called behind it */
    int is_spent = is_armed && loop->timer - world_now() <= NEARLY;
    if (timeout_ms >= 0 && is_armed && !is_spent && world_now() + timeout_ms >= loop->timer) {
        world_fault("a timer is told that is not earlier than the armed one");
    }
    loop->timer = timeout_ms < 0 ? -1 : world_now() + timeout_ms;
    return 0;
}

static void on_destroy(void *userdata)
{
    struct loop *loop = userdata;
    loop->n_destroyed++;
    for (int i = 0; i < LOOP_FDS; i++) {
        if (loop->fds[i].events != 0) {
            world_fault("descriptor %d was not forgotten", loop->fds[i].fd);
        }
    }
    if (loop->timer >= 0 && loop->timer > world_now()) {
        world_fault("the timer was not forgotten");
    }
    loop->conn = NULL;
}

int loop_init(struct loop *loop, xmpp_conn *conn)
{
    memset(loop, 0, sizeof *loop);
    loop->conn = conn;
    loop->timer = -1;
    int result = IN_LIB(xmpp_conn_set_watch(conn, on_fd, on_timer, loop, on_destroy));
    if (result != 0) {
        loop->conn = NULL;
    }
    if (result != 0 && !(result == XMPP_E_NOMEM && faults_hit())) {
        world_fault("the watch was refused");
    }
    return result;
}

void loop_check(struct loop *loop)
{
    struct pollfd fds[XMPP_POLLFDS_MAX];
    if (!loop->conn) {
        return;
    }
    int n = IN_LIB(xmpp_conn_get_pollfds(loop->conn, fds, XMPP_POLLFDS_MAX));
    int told = 0;
    for (int i = 0; i < LOOP_FDS; i++) {
        told += loop->fds[i].events != 0;
    }
    if (n > XMPP_POLLFDS_MAX || n != told) {
        world_fault("%d descriptors to poll, %d told", n, told);
    }
    for (int i = 0; i < n && i < XMPP_POLLFDS_MAX; i++) {
        const struct loop_fd *known = find_fd(loop, fds[i].fd);
        if (!known || known->events != fds[i].events) {
            world_fault("descriptor %d: %d to poll, %d told", fds[i].fd, fds[i].events,
                        known ? known->events : 0);
        }
        int waits = (fds[i].events & POLLIN) != 0 || loop->may_pause;
        if (!waits && world_unread(fds[i].fd) > 0) {
            world_fault("descriptor %d has input that nobody waits for", fds[i].fd);
        }
    }
    int timeout = IN_LIB(xmpp_conn_get_timeout(loop->conn));
    if (timeout < 0 ? loop->timer > world_now() : loop->timer < 0) {
        world_fault("the timeout is %d, and a timer is %sarmed", timeout,
                    loop->timer < 0 ? "not " : "");
    }
    if (timeout >= 0 && loop->timer > world_now() + timeout) {
        world_fault("the timer is armed too late");
    }
}

/* A told timeout is spent when it has passed. */
static int spend_timer(struct loop *loop)
{
    if (loop->timer < 0 || loop->timer > world_now()) {
        return 0;
    }
    loop->timer = -1;
    return 1;
}

static int is_ready(struct loop *loop)
{
    for (int i = 0; i < LOOP_FDS; i++) {
        struct loop_fd *f = &loop->fds[i];
        if (f->events != 0 && world_poll(f->fd, f->events) != 0) {
            return 1;
        }
    }
    return 0;
}

void loop_turn(struct loop *loop)
{
    spend_timer(loop);
    int result = IN_LIB(xmpp_conn_process(loop->conn));
    loop->turns++;
    if (loop->on_turn) {
        loop->on_turn(loop->userdata);
    }
    if (result == XMPP_E_GONE) {
        if (loop->conn) {
            world_fault("the connection is gone, and its watch was not destroyed");
        }
    } else if (result != 0) {
        world_fault("process answered %s", xmpp_error_name(result));
    } else if (!loop->conn) {
        world_fault("the watch was destroyed, and process did not say gone");
    }
    loop_check(loop);
}

void loop_run(struct loop *loop)
{
    unsigned turns = 0;
    loop_check(loop);
    while (loop->conn && (spend_timer(loop) || is_ready(loop))) {
        if (turns++ > LOOP_TURNS_MAX) {
            world_fault("the loop turns and turns");
            return;
        }
        loop_turn(loop);
    }
}

/* When the loop may wake next: at its timer, or when the world does something by itself. */
static int64_t next_wake(const struct loop *loop)
{
    int64_t next = world_next();
    return loop->timer >= 0 && loop->timer < next ? loop->timer : next;
}

void loop_advance(struct loop *loop, int64_t ms)
{
    int64_t until = world_now() + ms;
    loop_run(loop);
    while (loop->conn && next_wake(loop) <= until) {
        int64_t step = next_wake(loop) - world_now();
        world_advance(step > 0 ? step : 0);
        loop_run(loop);
        if (world_faults() > 0) {
            return;
        }
    }
    world_advance(until - world_now());
    loop_run(loop);
}
