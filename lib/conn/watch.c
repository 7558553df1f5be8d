/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The watch set and its two faces: asked for before each poll(), or told when it changes. Both are
 * drawn from the same two questions, want_events() and due(). */
#include <limits.h>
#include <poll.h>

#include "conn/conn.h"
#include "net/net.h"

enum { EARLY = 8 /* ms: twice the tick of a coarse clock */ };

/* The events to wait for on the descriptor; 0 if there is none, or nothing to wait for. */
static short want_events(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    if (!attempt || conn->link.fd < 0) {
        return 0;
    }
    if (!attempt->stream) {
        return attempt->is_connecting ? POLLOUT : 0;
    }
    int events = xm_turn_may_receive(conn) ? POLLIN : 0;
    return (short)(events | (conn->link.is_blocked ? POLLOUT : 0));
}

/* When process must be called at the latest; INT64_MAX: only when a descriptor is ready. */
static int64_t due(const xmpp_conn *conn, int64_t now)
{
    if (xm_turn_has_work(conn)) {
        return now;
    }
    const struct xm_timer *timer = xm_timers_first(&conn->timers);
    int64_t first = xm_attempt_due(conn);
    int64_t rest = xm_turn_due(conn);
    first = rest < first ? rest : first;
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
    short events = conn ? want_events(conn) : 0;
    if (events == 0) {
        return 0;
    }
    if (fds && n_fds > 0) {
        fds[0] = (struct pollfd){.fd = conn->link.fd, .events = events};
    }
    return 1;
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

static int tell_fd(xmpp_conn *conn, int fd, short events)
{
    struct xm_watch *watch = &conn->watch;
    short was = watch->events;
    watch->fd = events != 0 ? fd : -1;
    watch->events = events;
    xm_conn_begin_notify(conn);
    int result = watch->on_fd(conn, fd, events, was, &watch->fd_data, watch->userdata);
    xm_conn_end_notify(conn);
    if (events == 0) {
        watch->fd_data = NULL;
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

/* Removals first; then what is new or has changed. */
static int update_fd(xmpp_conn *conn)
{
    struct xm_watch *watch = &conn->watch;
    short events = want_events(conn);
    int fd = events != 0 ? conn->link.fd : -1;
    int result = 0;
    if (watch->fd >= 0 && watch->fd != fd) {
        result = tell_fd(conn, watch->fd, 0);
    }
    if (fd >= 0 && (watch->fd != fd || watch->events != events)) {
        int told = tell_fd(conn, fd, events);
        result = result < 0 ? result : told;
    }
    return result;
}

static int update_timer(xmpp_conn *conn)
{
    struct xm_watch *watch = &conn->watch;
    int64_t when = due(conn, 0);
    if (when == INT64_MAX && watch->due == INT64_MAX) {
        return 0; /* the usual case: nothing armed, nothing needed, the clock is not asked */
    }
    int64_t now = xm_net_now();
    when = due(conn, now);
    if (when == INT64_MAX ? watch->due == INT64_MAX : when >= watch->due) {
        return 0;
    }
    watch->due = when > now || when == INT64_MAX ? when : now;
    return tell_timer(conn, timeout_until(when, now));
}

void xm_watch_spend(xmpp_conn *conn)
{
    /* A loop's clock may lag a little behind ours, and its timer fire that much too early: told anew
     * once too often is better than never again. */
    if (conn->watch.due <= conn->now + EARLY) {
        conn->watch.due = INT64_MAX;
    }
}

static void close_forgotten(xmpp_conn *conn)
{
    if (conn->closing_fd >= 0) {
        xm_net_close(conn->closing_fd);
        conn->closing_fd = -1;
    }
}

/* Tells what changed; the first refusal is the result. */
static int tell_changes(xmpp_conn *conn)
{
    int result = update_fd(conn);
    int64_t armed = conn->watch.due;
    close_forgotten(conn);
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
    if (!conn->watch.on_fd) {
        close_forgotten(conn);
        return;
    }
    if (tell_changes(conn) < 0 && conn->attempt && !conn->attempt->is_ended) {
        xm_attempt_fail(conn, XMPP_E_APP, xm_attempt_phase(conn->state), NULL, NULL,
                        "the watch refused");
        (void)tell_changes(conn); /* the end needs one more turn */
    }
}

/* Tells that all is forgotten: the descriptor 0, the timer -1. */
static void forget_all(xmpp_conn *conn)
{
    struct xm_watch *watch = &conn->watch;
    if (watch->fd >= 0) {
        (void)tell_fd(conn, watch->fd, 0);
    }
    if (watch->due != INT64_MAX) {
        watch->due = INT64_MAX;
        (void)tell_timer(conn, -1);
    }
}

void xm_watch_drop(xmpp_conn *conn)
{
    struct xm_watch watch = conn->watch;
    if (watch.on_fd) {
        forget_all(conn);
    }
    close_forgotten(conn);
    conn->watch = (struct xm_watch){.fd = -1, .due = INT64_MAX};
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
    xm_watch_drop(conn);
    conn->watch.on_fd = on_fd;
    conn->watch.on_timer = on_timer;
    conn->watch.userdata = userdata;
    if (on_fd && tell_changes(conn) < 0) { /* nothing is kept, nothing destroyed */
        xm_watch_drop(conn);
        return xm_conn_leave(conn, XMPP_E_APP);
    }
    conn->watch.destroy = destroy;
    return xm_conn_leave(conn, 0);
}
