/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One attempt: the deadline of each phase and of all, and the end. How it begins is connect.c, what
 * is said over the connection login.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "net/net.h"

/* By state: the limit that is its deadline, and where a failure in it is placed. */
static const struct {
    int limit; /* -1: none */
    int phase;
} of_state[] = {
    [XMPP_STATE_OFFLINE] = {-1, XMPP_PHASE_NONE},
    [XMPP_STATE_RESOLVING] = {XMPP_LIMIT_DNS_TIME, XMPP_PHASE_DNS},
    [XMPP_STATE_CONNECTING] = {-1, XMPP_PHASE_TCP}, /* each address has its own: dial/race.c */
    [XMPP_STATE_OPENING] = {XMPP_LIMIT_STREAM_TIME, XMPP_PHASE_STREAM},
    [XMPP_STATE_SECURING] = {XMPP_LIMIT_TLS_TIME, XMPP_PHASE_TLS},
    [XMPP_STATE_AUTHENTICATING] = {XMPP_LIMIT_SASL_TIME, XMPP_PHASE_SASL},
    [XMPP_STATE_BINDING] = {XMPP_LIMIT_BIND_TIME, XMPP_PHASE_BIND},
    [XMPP_STATE_ONLINE] = {-1, XMPP_PHASE_SESSION},
    [XMPP_STATE_CLOSING] = {XMPP_LIMIT_CLOSE_TIME, XMPP_PHASE_SESSION},
    [XMPP_STATE_WAITING] = {-1, XMPP_PHASE_NONE},
    [XMPP_STATE_STEP] = {-1, XMPP_PHASE_STREAM}, /* its requests have their own */
};

int xm_attempt_phase(int state)
{
    return of_state[state].phase;
}

void xm_attempt_enter(xmpp_conn *conn, int state)
{
    struct xm_attempt *attempt = conn->attempt;
    if (conn->state == state) {
        return;
    }
    int limit = of_state[state].limit;
    attempt->phase_due = limit < 0 ? INT64_MAX : conn->now + conn->settings.limits[limit];
    if (state >= XMPP_STATE_ONLINE) {
        attempt->total_due = INT64_MAX;
    }
    conn->link.is_hurried = state < XMPP_STATE_ONLINE;
    xm_state_set(conn, state);
}

void xm_attempt_renew(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    const int64_t *limits = conn->settings.limits;
    int limit = of_state[conn->state].limit;
    attempt->phase_due = limit < 0 ? INT64_MAX : conn->now + limits[limit];
    attempt->total_due = conn->now + limits[XMPP_LIMIT_CONNECT_TIME];
}

/* --- deadlines ------------------------------------------------------------------------------ */

static int64_t deadline(const struct xm_attempt *attempt)
{
    return attempt->phase_due < attempt->total_due ? attempt->phase_due : attempt->total_due;
}

int64_t xm_attempt_due(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    if (!attempt) {
        return INT64_MAX;
    }
    int64_t due = deadline(attempt);
    int64_t connect_due = attempt->stream ? INT64_MAX : xm_connect_due(conn);
    return connect_due < due ? connect_due : due;
}

static int64_t left_until(int64_t due, int64_t now)
{
    return due == INT64_MAX ? INT64_MAX : due - now;
}

void xm_attempt_stop_clock(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    attempt->left_of_phase = left_until(attempt->phase_due, conn->now);
    attempt->left_of_total = left_until(attempt->total_due, conn->now);
    attempt->phase_due = conn->now + conn->settings.limits[XMPP_LIMIT_ASK_TIME];
    attempt->total_due = INT64_MAX;
}

static int64_t due_after(int64_t left, int64_t now)
{
    return left == INT64_MAX ? INT64_MAX : now + left;
}

void xm_attempt_start_clock(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    attempt->phase_due = due_after(attempt->left_of_phase, conn->now);
    attempt->total_due = due_after(attempt->left_of_total, conn->now);
}

void xm_attempt_tick(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (conn->now < deadline(attempt) || attempt->is_ended) {
        return;
    }
    if (conn->state == XMPP_STATE_CLOSING) { /* it is good-bye all the same */
        xm_log(conn, XMPP_AREA_STREAM, XMPP_LOG_INFO, "the server did not close in time");
        attempt->is_ended = 1;
        return;
    }
    if (attempt->stream) {
        xm_stream_fail(attempt->stream, "connection-timeout");
    }
    xm_attempt_fail(conn, XMPP_E_TIMEOUT, xm_attempt_phase(conn->state), NULL, NULL,
                    attempt->ask ? "the question was not answered" : NULL);
    if (attempt->ask) { /* asking again by itself would not help */
        conn->error.advice = XMPP_ADVICE_ASK_PASSWORD;
    }
}

/* --- the end -------------------------------------------------------------------------------- */

static int area_of(int phase)
{
    switch (phase) {
    case XMPP_PHASE_DNS:
    case XMPP_PHASE_TCP:
        return XMPP_AREA_NET;
    case XMPP_PHASE_TLS:
        return XMPP_AREA_TLS;
    case XMPP_PHASE_SASL:
        return XMPP_AREA_SASL;
    default:
        return XMPP_AREA_STREAM;
    }
}

void xm_attempt_end(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    attempt->is_ended = 1;
    if (attempt->stream) { /* RFC 6120 4.4; the stream knows whether it said so already */
        size_t from = xm_buf_len(&conn->link.out);
        xm_stream_close(attempt->stream);
        xm_trace_sent(conn, from, 0);
    }
}

void xm_attempt_fail(xmpp_conn *conn, int code, int phase, const char *condition, const char *text,
                     const char *reason)
{
    if (conn->attempt->is_ended) {
        return;
    }
    xm_attempt_end(conn);
    if (conn->error.code != 0) { /* the first thing that went wrong is what is told */
        return;
    }
    xm_report_set(&conn->error, code, phase, condition, text, reason);
    xm_log(conn, area_of(phase), XMPP_LOG_ERROR, "%s", xmpp_error_get_message(&conn->error));
}

void xm_attempt_close(xmpp_conn *conn)
{
    if (conn->state != XMPP_STATE_CLOSING) { /* the server began */
        xm_report_set(&conn->error, XMPP_E_CLOSED, XMPP_PHASE_SESSION, NULL, NULL, NULL);
        xm_attempt_enter(conn, XMPP_STATE_CLOSING);
    }
    conn->attempt->is_closing = 1;
}

void xm_attempt_step_close(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (!attempt->is_closing || attempt->is_ended || xm_link_unsent(&conn->link) > 0) {
        return;
    }
    if (!conn->link.is_secure) {
        attempt->is_ended = 1;
        return;
    }
    xm_tls_close(conn->link.tls);
    int result = xm_link_flush(&conn->link);
    if (result < 0) {
        attempt->is_ended = 1;
    }
}

int xmpp_conn_fail(xmpp_conn *conn, int code, const char *reason)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (code >= 0) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    if (!conn->attempt || conn->attempt->is_ended) {
        return xm_conn_leave(conn, XMPP_E_STATE);
    }
    conn->now = xm_net_now();
    xm_attempt_fail(conn, code, xm_attempt_phase(conn->state), NULL, NULL, reason);
    return xm_conn_leave(conn, 0);
}

int xmpp_conn_disconnect(xmpp_conn *conn)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    struct xm_attempt *attempt = conn->attempt;
    if (attempt) {
        attempt->is_unwanted = 1;
    }
    if (conn->state == XMPP_STATE_WAITING) {
        xm_report_clear(&conn->error);
        xm_retry_stop(conn);
    } else if (attempt && conn->state == XMPP_STATE_ONLINE) {
        conn->now = xm_net_now();
        size_t from = xm_buf_len(&conn->link.out);
        xm_stream_close(attempt->stream);
        xm_trace_sent(conn, from, 0);
        xm_attempt_enter(conn, XMPP_STATE_CLOSING);
    } else if (attempt && conn->state != XMPP_STATE_CLOSING) {
        xm_buf_clear(&conn->link.out); /* at once: what waits there is not said any more */
        attempt->is_ended = 1;
    }
    return xm_conn_leave(conn, 0);
}

void xm_attempt_restart(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (!attempt->is_ended && !attempt->is_given) {
        xm_buf_clear(&conn->link.out);
        attempt->is_ended = 1;
        attempt->is_restarted = 1;
    }
}

/* The last words, as far as the system takes them at once. */
static void say_good_bye(xmpp_conn *conn)
{
    struct xm_link *link = &conn->link;
    if (!xm_link_is_open(link)) {
        return;
    }
    int result = xm_link_flush(link);
    if (link->is_secure && result == 0 && xm_link_unsent(link) == 0) {
        xm_tls_close(link->tls);
        (void)xm_link_flush(link);
    }
}

void xm_attempt_note_id(xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    const char *id = attempt->stream ? xm_stream_get_id(attempt->stream) : NULL;
    if (id && !conn->facts->stream_id) {
        conn->facts->stream_id = xm_mem_dup(id, strlen(id));
    }
}

void xm_attempt_drop_link(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    say_good_bye(conn);
    if (attempt->ask) { /* it was this server's: what comes next may ask its own */
        xm_attempt_start_clock(conn);
        xm_ask_close(conn);
    }
    xm_attempt_note_id(conn);
    conn->stats.received += conn->link.n_received;
    conn->stats.sent += conn->link.n_sent;
    int fd = conn->link.fd;
    xm_link_done(&conn->link);
    conn->link.fd = -1;
    if (fd >= 0) {
        xm_watch_close_fd(conn, fd);
    }
    xm_stream_free(attempt->stream);
    xm_proxy_free(attempt->proxy);
    xm_sasl_free(attempt->sasl);
    attempt->stream = NULL;
    attempt->proxy = NULL;
    attempt->sasl = NULL;
}

void xm_attempt_drop(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (!attempt) {
        return;
    }
    xm_attempt_drop_link(conn);
    xm_connect_stop(conn);
    xm_mem_free_secret(attempt->password);
    xm_report_clear(&attempt->last);
    free(attempt);
    conn->attempt = NULL;
    conn->was_full = 0;
    conn->rest = (struct xm_rest){.n_stanzas = conn->stats.stanzas_received, .due = INT64_MAX};
}

void xm_attempt_finish(xmpp_conn *conn)
{
    while (xm_connect_goes_on(conn)) {
        xm_state_tell(conn);
        if (conn->is_doomed) {
            return;
        }
        xm_connect_step(conn);
        if (conn->attempt->is_ended && conn->attempt->is_restarted) {
            return; /* by whoever was told; that may be for ever, so each has a turn */
        }
        if (conn->attempt->is_ended) { /* not told of a server that is the last */
            continue;
        }
        if (!conn->attempt->stream && conn->state > XMPP_STATE_CONNECTING) {
            xm_attempt_enter(conn, XMPP_STATE_CONNECTING);
        }
        return;
    }
    int state = xm_retry_plan(conn) ? XMPP_STATE_WAITING : XMPP_STATE_OFFLINE;
    xm_attempt_drop(conn);
    xm_state_set(conn, state);
    xm_request_end_all(conn, XMPP_E_DISCONNECTED);
}
