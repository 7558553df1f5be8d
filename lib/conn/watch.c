/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The watch set and its two faces: asked for before each poll(), or told when it changes. Both are
 * drawn from the same two questions, collect() and due(). */
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "net/net.h"

enum { EARLY = 8 /* ms: twice the tick of a coarse clock */ };

void xm_wants_add(struct xm_wants *wants, int fd, int events)
{
    if (fd >= 0 && events != 0 && wants->n < XMPP_POLLFDS_MAX) {
        wants->list[wants->n++] = (struct xm_want){.fd = fd, .events = (short)events};
    }
}

/* What is to be waited for: the link's descriptor, or those that look for the server. */
static void collect(const xmpp_conn *conn, struct xm_wants *wants)
{
    const struct xm_attempt *attempt = conn->attempt;
    wants->n = 0;
    if (!attempt || attempt->is_ended) {
        return;
    }
    if (!attempt->stream) {
        xm_connect_wants(conn, wants);
        return;
    }
    int events = xm_turn_may_receive(conn) ? POLLIN : 0;
    xm_wants_add(wants, conn->link.fd, events | (conn->link.is_blocked ? POLLOUT : 0));
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When process must be called at the latest; INT64_MAX: only when a descriptor is ready. */
static int64_t due(const xmpp_conn *conn, int64_t now)
{
    if (xm_turn_has_work(conn)) {
        return now;
    }
    const struct xm_timer *timer = xm_timers_first(&conn->timers);
    int64_t first = earlier(xm_attempt_due(conn), xm_turn_due(conn));
    first = earlier(first, earlier(xm_alive_due(conn), xm_retry_due(conn)));
    return timer && timer->due < first ? timer->due : first;
}

static int timeout_until(int64_t when, int64_t now)
{
    if (when == INT64_MAX) {
        return -1;
    }
    int64_t left = when > now ? when - now : 0;
    return left < INT_MAX ? (int)left : INT_MAX;
}

/* The clock is asked only where the answer depends on it. */
static int64_t now_if_needed(const xmpp_conn *conn)
{
    int64_t when = due(conn, 0);
    return when == 0 || when == INT64_MAX ? 0 : xm_net_now();
}

int xmpp_conn_get_pollfds(xmpp_conn *conn, struct pollfd *fds, unsigned n_fds)
{
    struct xm_wants wants = {.n = 0};
    if (conn) {
        collect(conn, &wants);
    }
    for (unsigned i = 0; fds && i < wants.n && i < n_fds; i++) {
        fds[i] = (struct pollfd){.fd = wants.list[i].fd, .events = wants.list[i].events};
    }
    return (int)wants.n;
}

int xmpp_conn_get_timeout(xmpp_conn *conn)
{
    if (!conn) {
        return -1;
    }
    int64_t now = now_if_needed(conn);
    return timeout_until(due(conn, now), now);
}

/* --- the watch ------------------------------------------------------------------------------ */

/* Tells the application; what it is told to forget leaves the list, and is closed if nobody needs it
 * any more. */
static int tell_fd(xmpp_conn *conn, unsigned i, short events)
{
    struct xm_watch *watch = &conn->watch;
    struct xm_told *told = &watch->told[i];
    short was = told->events;
    told->events = events;
    xm_conn_begin_notify(conn);
    int result = watch->on_fd(conn, told->fd, events, was, &told->fd_data, watch->userdata);
    xm_conn_end_notify(conn);
    if (events == 0) {
        if (told->is_done) {
            xm_net_close(told->fd);
        }
        *told = watch->told[--watch->n_told];
    }
    return result;
}

static int tell_timer(xmpp_conn *conn, int timeout_ms)
{
    xm_conn_begin_notify(conn);
    int result = conn->watch.on_timer(conn, timeout_ms, conn->watch.userdata);
    xm_conn_end_notify(conn);
    return result;
}

static short wanted_events(const struct xm_wants *wants, int fd)
{
    for (unsigned i = 0; i < wants->n; i++) {
        if (wants->list[i].fd == fd) {
            return wants->list[i].events;
        }
    }
    return 0;
}

/* Where a descriptor is in the list of what was told; n_told: nowhere. */
static unsigned find_told(const struct xm_watch *watch, int fd)
{
    unsigned i = 0;
    while (i < watch->n_told && watch->told[i].fd != fd) {
        i++;
    }
    return i;
}

static int keep_first(int result, int next)
{
    return result < 0 ? result : next;
}

/* Removals first; then what is new or has changed. */
static int update_fds(xmpp_conn *conn)
{
    struct xm_watch *watch = &conn->watch;
    struct xm_wants wants;
    collect(conn, &wants);
    int result = 0;
    for (unsigned i = watch->n_told; i-- > 0;) {
        if (wanted_events(&wants, watch->told[i].fd) == 0) {
            result = keep_first(result, tell_fd(conn, i, 0));
        }
    }
    for (unsigned k = 0; k < wants.n; k++) {
        unsigned i = find_told(watch, wants.list[k].fd);
        if (i == watch->n_told) {
            watch->told[watch->n_told++] = (struct xm_told){.fd = wants.list[k].fd};
        }
        if (watch->told[i].events != wants.list[k].events) {
            result = keep_first(result, tell_fd(conn, i, wants.list[k].events));
        }
    }
    return result;
}

/* 1 if the application's timer may still fire. */
static int is_armed(const struct xm_watch *watch)
{
    return watch->due != INT64_MAX || watch->late != INT64_MAX;
}

static int update_timer(xmpp_conn *conn)
{
    struct xm_watch *watch = &conn->watch;
    int64_t when = due(conn, 0);
    if (when == INT64_MAX ? !is_armed(watch) : when >= watch->due) {
        return 0; /* the usual case: nothing is to be told, and the clock is not asked */
    }
    int64_t now = xm_net_now();
    when = due(conn, now);
    if (when == INT64_MAX ? !is_armed(watch) : when >= watch->due) {
        return 0;
    }
    watch->late = INT64_MAX;
    watch->due = when > now || when == INT64_MAX ? when : now;
    return tell_timer(conn, timeout_until(when, now));
}

void xm_watch_spend(xmpp_conn *conn)
{
    /* A loop's clock may lag a little behind ours, and its timer fire that much too early: told anew
     * once too often is better than never again. */
    struct xm_watch *watch = &conn->watch;
    if (watch->due <= conn->now + EARLY) {
        watch->late = watch->due > conn->now ? watch->due : INT64_MAX;
        watch->due = INT64_MAX;
    }
}

void xm_watch_close_fd(xmpp_conn *conn, int fd)
{
    struct xm_watch *watch = &conn->watch;
    unsigned i = find_told(watch, fd);
    if (i == watch->n_told) { /* nobody heard of it */
        xm_net_close(fd);
    } else {
        watch->told[i].is_done = 1;
    }
}

/* Tells what changed; the first refusal is the result. */
static int tell_changes(xmpp_conn *conn)
{
    int result = update_fds(conn);
    int64_t armed = conn->watch.due;
    int told = 0;
    if (!conn->is_doomed) { /* the last reference may be dropped in a notification */
        told = update_timer(conn);
    }
    if (!conn->is_doomed && conn->watch.due != armed && xm_turn_has_work(conn)) {
        int again = update_timer(conn); /* it may have dropped a question */
        told = told < 0 ? told : again;
    }
    return result < 0 ? result : told;
}

void xm_watch_update(xmpp_conn *conn)
{
    static const char reason[] = "the watch refused";
    if (!conn->watch.on_fd || tell_changes(conn) >= 0) {
        return;
    }
    if (conn->state == XMPP_STATE_WAITING) { /* for a timer that nobody has */
        xm_report_set(&conn->error, XMPP_E_APP, XMPP_PHASE_NONE, NULL, NULL, reason);
        xm_retry_stop(conn);
    } else if (conn->attempt && !conn->attempt->is_ended) {
        xm_attempt_fail(conn, XMPP_E_APP, xm_attempt_phase(conn->state), NULL, NULL, reason);
    } else {
        return;
    }
    (void)tell_changes(conn); /* the end needs one more turn */
}

/* Tells that all is forgotten: descriptors 0, the timer -1. */
static void forget_all(xmpp_conn *conn)
{
    struct xm_watch *watch = &conn->watch;
    while (watch->n_told > 0) {
        (void)tell_fd(conn, watch->n_told - 1, 0);
    }
    if (is_armed(watch)) {
        watch->due = INT64_MAX;
        watch->late = INT64_MAX;
        (void)tell_timer(conn, -1);
    }
}

void xm_watch_drop(xmpp_conn *conn)
{
    struct xm_watch watch = conn->watch;
    if (watch.on_fd) {
        forget_all(conn);
    }
    free(watch.told);
    conn->watch = (struct xm_watch){.due = INT64_MAX, .late = INT64_MAX};
    xm_conn_destroy(conn, watch.destroy, watch.userdata);
}

int xmpp_conn_set_watch(xmpp_conn *conn, xmpp_fd_fn on_fd, xmpp_timer_fn on_timer, void *userdata,
                        xmpp_destroy_fn destroy)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (!on_fd != !on_timer) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    struct xm_told *told = on_fd ? xm_mem_new0(XMPP_POLLFDS_MAX, sizeof *told) : NULL;
    if (on_fd && !told) {
        return xm_conn_leave(conn, XMPP_E_NOMEM);
    }
    xm_watch_drop(conn);
    conn->watch.on_fd = on_fd;
    conn->watch.on_timer = on_timer;
    conn->watch.userdata = userdata;
    conn->watch.told = told;
    if (on_fd && tell_changes(conn) < 0) { /* nothing is kept, nothing destroyed */
        xm_watch_drop(conn);
        return xm_conn_leave(conn, XMPP_E_APP);
    }
    conn->watch.destroy = destroy;
    return xm_conn_leave(conn, 0);
}
