/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Coming back: whether an attempt that has ended is followed by another, and when. How long the
 * wait is is dial/backoff.c's to say, what helps and what does not report.c's, and how an attempt is
 * made connect.c's. */
#include "conn/conn.h"
#include "dial/backoff.h"
#include "net/net.h"
#include "xmpp/retry.h"

/* --- whether and when ------------------------------------------------------------------------- */

/* Time would help, and the attempt can be made again. */
static int may_help(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    return conn->retry.is_on && !conn->is_doomed && conn->error.advice == XMPP_ADVICE_RETRY &&
           !attempt->is_unwanted && !attempt->is_given && attempt->probe == 0 && !attempt->step;
}

/* The longest that may be waited now (RFC 6120 3.3). A session that was short has not helped: one
 * that is cut whenever it begins is waited for longer and longer. */
static int64_t next_bound(xmpp_conn *conn)
{
    const int64_t *limits = conn->settings.limits;
    struct xm_retry *retry = &conn->retry;
    struct xm_backoff backoff = {.first = limits[XMPP_LIMIT_RETRY_FIRST],
                                 .most = limits[XMPP_LIMIT_RETRY_MOST]};
    int64_t session = limits[XMPP_LIMIT_RETRY_SESSION];
    if (conn->attempt && conn->attempt->is_moved) { /* nobody else moves with us: at once */
        return 0;
    }
    int64_t online = conn->attempt ? conn->attempt->online : INT64_MAX;
    if (online != INT64_MAX && conn->now - online >= limits[XMPP_LIMIT_RETRY_STABLE]) {
        retry->n_failed = 0;
        return session;
    }
    int64_t bound = xm_backoff_bound(&backoff, retry->n_failed++);
    return online != INT64_MAX && session > bound ? session : bound;
}

static int begin_wait(xmpp_conn *conn)
{
    uint64_t random;
    int64_t bound = next_bound(conn);
    if (xm_net_random(&random, sizeof random) < 0) { /* it was asked with each id before */
        return 0;
    }
    conn->retry.due = conn->now + xm_backoff_draw(bound, random);
    xm_log(conn, XMPP_AREA_NET, XMPP_LOG_INFO, "tries again in %lld ms",
           (long long)(conn->retry.due - conn->now));
    return 1;
}

int xm_retry_plan(xmpp_conn *conn)
{
    return may_help(conn) && begin_wait(conn);
}

/* --- waiting ------------------------------------------------------------------------------------ */

void xm_retry_stop(xmpp_conn *conn)
{
    conn->retry.due = INT64_MAX;
    xm_state_set(conn, XMPP_STATE_OFFLINE);
}

void xm_retry_tick(xmpp_conn *conn)
{
    struct xm_retry *retry = &conn->retry;
    if (conn->state != XMPP_STATE_WAITING || conn->now < retry->due) {
        return;
    }
    struct xmpp_error last = conn->error;
    conn->error = (struct xmpp_error){0};
    int result = xm_connect_again(conn);
    if (result == 0) {
        retry->due = INT64_MAX;
        conn->attempt->last = last;
        return;
    }
    xm_report_clear(&last); /* what is there now says why it could not begin */
    if (conn->error.advice != XMPP_ADVICE_RETRY || !begin_wait(conn)) {
        xm_retry_stop(conn);
    }
}

int64_t xm_retry_due(const xmpp_conn *conn)
{
    return conn->retry.due;
}

/* --- for the application ------------------------------------------------------------------------ */

int xmpp_conn_set_reconnect(xmpp_conn *conn, int on)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    conn->retry.is_on = on != 0;
    if (!on && conn->state == XMPP_STATE_WAITING) {
        xm_retry_stop(conn);
    }
    return xm_conn_leave(conn, 0);
}

int64_t xmpp_conn_get_retry_in(const xmpp_conn *conn)
{
    if (!conn || conn->state != XMPP_STATE_WAITING) {
        return -1;
    }
    int64_t left = conn->retry.due - xm_net_now();
    return left > 0 ? left : 0;
}

int xmpp_conn_network_changed(xmpp_conn *conn)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    conn->now = xm_net_now();
    conn->retry.n_failed = 0;
    if (conn->resolver && (!conn->attempt || conn->state >= XMPP_STATE_ONLINE)) {
        xm_resolver_idle(conn->resolver, INT64_MAX);
    }
    if (conn->state == XMPP_STATE_WAITING) {
        conn->retry.due = conn->now;
    } else if (conn->state == XMPP_STATE_ONLINE) {
        conn->attempt->is_moved = 1;
        result = xm_alive_probe(conn);
    } else if (conn->attempt && conn->state < XMPP_STATE_ONLINE) { /* CLOSING and a step go on */
        xm_attempt_restart(conn);
    }
    return xm_conn_leave(conn, result);
}
