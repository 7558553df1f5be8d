/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One turn: all that one call of process does, in one fixed order, within a bound. After everything
 * that may call the application, a turn looks whether the connection is still wanted. */
#include "conn/conn.h"
#include "conn/modules.h"
#include "net/net.h"

enum {
    ROOM = 32768, /* received at a time */
    SOON = 20,    /* ms between turns of a busy connection */
    MANY = 32,    /* such turns make it one */
    MUCH = 24,    /* stanzas of one turn make it one at once */
    KEPT = 1000   /* ms that it keeps its memory behind the last of them */
};

/* What a turn may still do before it gives way to other connections. */
struct budget {
    int64_t bytes;
    int64_t stanzas;
};

int xm_turn_may_receive(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    if (!attempt || !attempt->stream || attempt->is_ended || !xm_link_is_open(&conn->link)) {
        return 0;
    }
    if (conn->state == XMPP_STATE_ONLINE && conn->is_paused) {
        return 0;
    }
    /* What we answer to what we receive must find room. */
    return !conn->link.is_blocked || !xm_send_is_full(conn);
}

int xm_turn_has_work(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    if (conn->n_tells > 0 || conn->n_due_requests > 0 || xm_modules_have_work(conn)) {
        return 1;
    }
    if (!attempt) {
        return 0;
    }
    if (attempt->is_ended || attempt->is_working || xm_ask_has_answer(conn)) {
        return 1;
    }
    if (!attempt->stream) {
        return xm_connect_has_work(conn);
    }
    if (!conn->link.is_blocked && xm_link_queued(&conn->link) > 0 &&
        (!conn->link.tls || conn->link.is_secure || xm_buf_len(xm_tls_out(conn->link.tls)) > 0)) {
        return 1;
    }
    return xm_send_owes_writable(conn) ||
           (xm_turn_may_receive(conn) && xm_link_is_pending(&conn->link));
}

/* Somebody who is called may end it all. */
static int is_over(const xmpp_conn *conn)
{
    return conn->is_doomed || !conn->attempt || conn->attempt->is_ended;
}

/* A stanza is heard online, never before, but for the answers to what a step asks. */
static void handle_stanza(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    if (conn->state == XMPP_STATE_STEP) {
        xm_step_heard(conn, stanza);
        return;
    }
    if (conn->state < XMPP_STATE_ONLINE) {
        xm_login_heard_stanza(conn);
        xm_state_tell(conn);
    }
    if (!is_over(conn)) {
        xm_dispatch_stanza(conn, stanza);
    }
}

static void handle_event(xmpp_conn *conn, const struct xm_stream_event *event,
                         struct budget *budget)
{
    if (conn->is_doomed) { /* in the trace */
        return;
    }
    if (event->type == XM_STREAM_STANZA) {
        budget->stanzas--;
        handle_stanza(conn, event->stanza);
    } else {
        xm_login_event(conn, event);
    }
    if (!conn->is_doomed) {
        xm_state_tell(conn);
    }
}

/* Hands bytes to the stream until they are used up, or the turn is. 0 or a negative code. */
static int feed(xmpp_conn *conn, const uint8_t *bytes, size_t n, struct budget *budget)
{
    while (n > 0 && !is_over(conn)) {
        struct xm_stream_event event;
        size_t used;
        size_t from = xm_buf_len(&conn->link.out);
        xm_stream_recv(conn->attempt->stream, bytes, n, &used, &event);
        bytes += used;
        n -= used;
        if (event.heard) {
            xm_trace_received(conn, event.heard);
        }
        if (event.type != XM_STREAM_STANZA) {
            xm_trace_sent(conn, from, 0);
        }
        /* on the way a step may be taken that is no event, such as asking for TLS */
        if (event.type != XM_STREAM_NONE || conn->state < XMPP_STATE_ONLINE) {
            handle_event(conn, &event, budget);
        }
        if (n > 0 && !is_over(conn) && (budget->stanzas <= 0 || !xm_turn_may_receive(conn))) {
            return xm_link_unread(&conn->link, bytes, n);
        }
    }
    return n > 0 || is_over(conn) ? 0 : xm_link_unread(&conn->link, bytes, 0);
}

/* The link is at its orderly end. */
static void end_of_link(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (attempt->is_closing) {
        attempt->is_ended = 1;
        return;
    }
    struct xm_stream_event event;
    xm_stream_recv_end(attempt->stream, &event);
    if (event.type == XM_STREAM_CLOSED) {
        attempt->is_ended = 1;
        return;
    }
    xm_login_event(conn, &event);
}

/* The link failed: a reset, or TLS that broke. */
static void link_failed(xmpp_conn *conn, int code)
{
    struct xm_attempt *attempt = conn->attempt;
    if (conn->state == XMPP_STATE_CLOSING && code != XMPP_E_NOMEM) { /* all that mattered is said */
        xm_log(conn, XMPP_AREA_NET, XMPP_LOG_INFO, "while closing: %s", xmpp_strerror(code));
        attempt->is_ended = 1;
        return;
    }
    const char *reason = conn->link.tls ? xm_tls_get_reason(conn->link.tls) : "";
    xm_attempt_fail(conn, code, xm_attempt_phase(conn->state), NULL, NULL, *reason ? reason : NULL);
}

/* The handshake of STARTTLS. 1 if it is done and receiving goes on. */
static int secure(xmpp_conn *conn, uint8_t *room)
{
    struct xm_link *link = &conn->link;
    int done = xm_link_handshake(link, room, ROOM);
    if (done > 0) {
        xm_login_secured(conn);
    } else if (done < 0) {
        xm_attempt_fail(conn, done, XMPP_PHASE_TLS, NULL, NULL, xm_tls_get_reason(link->tls));
        if (conn->error.code == done) { /* and nothing went wrong before */
            conn->error.findings = xm_tls_get_findings(link->tls);
        }
    }
    return done > 0;
}

static void receive(xmpp_conn *conn, uint8_t *room, struct budget *budget)
{
    struct xm_link *link = &conn->link;
    xm_link_begin_turn(link);
    while (!is_over(conn) && xm_turn_may_receive(conn) && budget->bytes > 0 &&
           budget->stanzas > 0) {
        if (link->tls && !link->is_secure) {
            if (!secure(conn, room)) {
                return;
            }
            continue;
        }
        const uint8_t *bytes;
        size_t n;
        int64_t before = link->n_received;
        int result = xm_link_recv(link, room, ROOM, &bytes, &n);
        /* of TLS what was on the wire counts: records of one byte each are dear */
        budget->bytes -= link->n_received - before;
        if (result == XM_LINK_BYTES) {
            result = feed(conn, bytes, n, budget);
        } else if (result == XM_LINK_END) {
            end_of_link(conn);
            return;
        } else if (result == XM_LINK_NONE && !link->is_cut) {
            return;
        } else if (result == XM_LINK_NONE) {
            result = XMPP_E_RESET;
        }
        if (result < 0 && !is_over(conn)) {
            link_failed(conn, result);
        }
    }
}

static void flush(xmpp_conn *conn)
{
    if (!conn->attempt || !conn->attempt->stream) {
        return;
    }
    int result = xm_link_flush(&conn->link);
    if (result < 0) {
        link_failed(conn, result);
        return;
    }
    xm_alive_flushed(conn);
    if (conn->attempt->is_ended) {
        return;
    }
    xm_attempt_step_close(conn);
    xm_send_tell_writable(conn);
}

/* 1 for a connection that received many stanzas in this turn, or one in it and in many turns before
 * it, each soon after the other: it is about to receive more, and making its parser anew each time
 * would double the cost of a stanza. */
static int is_busy(xmpp_conn *conn)
{
    struct xm_rest *rest = &conn->rest;
    if (conn->stats.stanzas_received != rest->n_stanzas) {
        rest->n_turns = conn->now - rest->last <= SOON ? rest->n_turns + 1 : 0;
        rest->n_turns += conn->stats.stanzas_received - rest->n_stanzas >= MUCH ? MANY : 0;
        rest->n_stanzas = conn->stats.stanzas_received;
        rest->last = conn->now;
    }
    return rest->n_turns >= MANY && conn->now - rest->last <= KEPT;
}

/* Everything is said and heard: only what an idle connection needs stays. */
static void shrink(xmpp_conn *conn)
{
    if (!conn->attempt || !conn->attempt->stream || xm_turn_has_work(conn)) {
        return;
    }
    if (conn->state == XMPP_STATE_ONLINE && is_busy(conn)) {
        conn->rest.due = conn->now + KEPT + 1;
        return;
    }
    conn->rest.due = INT64_MAX;
    xm_link_idle(&conn->link);
    xm_stream_idle(conn->attempt->stream);
}

int64_t xm_turn_due(const xmpp_conn *conn)
{
    return conn->attempt ? conn->rest.due : INT64_MAX;
}

/* Receiving, with its room on the stack: nothing is allocated for what is used at once. */
static void run_attempt(xmpp_conn *conn)
{
    uint8_t room[ROOM];
    struct budget budget = {
        .bytes = conn->settings.limits[XMPP_LIMIT_TURN_BYTES],
        .stanzas = conn->settings.limits[XMPP_LIMIT_TURN_STANZAS],
    };
    xm_connect_step(conn);
    xm_state_tell(conn);
    if (!is_over(conn) && conn->attempt->stream) {
        receive(conn, room, &budget);
    }
    if (!is_over(conn)) {
        xm_auth_work(conn);
    }
    if (!is_over(conn)) {
        xm_attempt_tick(conn);
    }
    if (!is_over(conn)) {
        xm_alive_tick(conn);
    }
}

void xm_turn_run(xmpp_conn *conn)
{
    conn->now = xm_net_now();
    conn->stats.turns++;
    xm_watch_spend(conn);
    xm_retry_tick(conn);
    xm_state_tell(conn);
    if (conn->attempt && !conn->is_doomed) {
        run_attempt(conn);
    }
    if (!conn->is_doomed) {
        xm_modules_tick(conn);
    }
    if (!conn->is_doomed) {
        xm_request_tick(conn);
        xm_timer_tick(conn);
    }
    if (!conn->is_doomed && conn->attempt && !conn->attempt->is_ended) {
        flush(conn);
    }
    if (conn->attempt && conn->attempt->is_ended) {
        xm_state_tell(conn); /* where it was, while it is still there */
    }
    if (!conn->is_doomed && conn->attempt && conn->attempt->is_ended) {
        xm_attempt_finish(conn);
    }
    if (!conn->is_doomed) {
        xm_state_tell(conn);
        shrink(conn);
    }
}

int xmpp_conn_process(xmpp_conn *conn)
{
    if (!conn) {
        return XMPP_E_INVAL;
    }
    if (conn->depth > 0) {
        return XMPP_E_BUSY;
    }
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    xm_turn_run(conn);
    return xm_conn_leave(conn, 0);
}
