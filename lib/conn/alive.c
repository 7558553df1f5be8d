/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Noticing that the link is dead (RFC 6120 4.6). What the system does about it is net/'s; this asks
 * the server for a sign of life, by one ping at a time (XEP-0199), and ends a session that gives none.
 * Whatever is received is such a sign, so nothing here looks at what was said.
 *
 * Nothing of it runs unless it is online and listens: before, each phase has its deadline, closing
 * has one, and what is not read while receiving is off may be the answer. No timer is kept: when to
 * look next is computed from three times when the watch asks for it. */
#include <string.h>

#include "conn/conn.h"
#include "net/net.h"
#include "xmpp/iq.h"
#include "xmpp/retry.h"

enum {
    /* ms that what was sent may stay unacknowledged. Systems count from the first retransmission, a
     * second or a few behind the sending, and look at their own pace: 50 s leave room for both below
     * the 60 that are promised. */
    DEAD_AFTER = 50000,
    SILENCE = 30000, /* ms of silence that make us ask, while something is unanswered */
    /* ms in which not one byte comes or goes though output waits, where the system does not watch over
     * that. A question would stand behind the same output, and behind a full queue nobody listens for
     * its answer. A minute, as for all else. */
    STUCK_FOR = 60000,
    KEEPALIVE_MIN = 1000,
    KEEPALIVE_MAX = 24 * 3600 * 1000
};

/* A proxy acknowledges what the server has not seen, and a given descriptor may lead to one. */
static int is_direct_link(const xmpp_conn *conn)
{
    return !conn->attempt->is_given && xm_ways(conn)->proxy.kind == XMPP_PROXY_NONE;
}

void xm_alive_begin(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    int fd = conn->link.fd;
    int is_watched = fd >= 0 && xm_net_set_dead_after(fd, DEAD_AFTER);
    *alive = (struct xm_alive){.heard = conn->now,
                               .n_received = conn->link.n_received,
                               .since = INT64_MAX,
                               .probe_due = INT64_MAX,
                               .stuck_from = INT64_MAX,
                               .is_all = !is_watched || !is_direct_link(conn)};
}

/* --- what is unanswered ------------------------------------------------------------------------- */

static int has_requests(const xmpp_conn *conn)
{
    return conn->requests.n > conn->n_due_requests;
}

void xm_alive_asked(xmpp_conn *conn, int64_t now)
{
    struct xm_alive *alive = &conn->attempt->alive;
    if (conn->requests.n - conn->n_due_requests == 1 && !alive->is_owed) {
        alive->since = now;
    }
}

void xm_alive_said(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    if (!alive->is_all || alive->is_owed) {
        return;
    }
    alive->is_owed = 1;
    if (!has_requests(conn)) {
        alive->since = xm_net_now();
    }
}

void xm_alive_unanswered(xmpp_conn *conn)
{
    if (conn->state == XMPP_STATE_ONLINE) {
        conn->attempt->alive.is_owed = 1;
    }
}

/* --- when to look ------------------------------------------------------------------------------- */

static int is_listening(const xmpp_conn *conn)
{
    return conn->state == XMPP_STATE_ONLINE && xm_turn_may_receive(conn);
}

static int64_t due_to_ask(const xmpp_conn *conn)
{
    const struct xm_alive *alive = &conn->attempt->alive;
    int64_t due = INT64_MAX;
    if (conn->settings.keepalive > 0) {
        due = alive->heard + conn->settings.keepalive;
    }
    if (alive->since != INT64_MAX && (alive->is_owed || has_requests(conn))) {
        int64_t from = alive->heard > alive->since ? alive->heard : alive->since;
        due = from + SILENCE < due ? from + SILENCE : due;
    }
    return due;
}

static int64_t due_to_hear(const xmpp_conn *conn)
{
    if (!is_listening(conn)) {
        return INT64_MAX;
    }
    int64_t probe_due = conn->attempt->alive.probe_due;
    return probe_due != INT64_MAX ? probe_due : due_to_ask(conn);
}

/* While the application does not read it may be the cause: a peer that cannot get rid of its words need
 * not take ours. */
static int64_t due_to_move(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    if (conn->state != XMPP_STATE_ONLINE || conn->is_paused || !attempt ||
        attempt->alive.stuck_from == INT64_MAX) {
        return INT64_MAX;
    }
    return attempt->alive.stuck_from + STUCK_FOR;
}

int64_t xm_alive_due(const xmpp_conn *conn)
{
    int64_t to_hear = due_to_hear(conn);
    int64_t to_move = due_to_move(conn);
    return to_hear < to_move ? to_hear : to_move;
}

/* --- asking ------------------------------------------------------------------------------------- */

static int send_ping(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    int result = xm_conn_make_id(alive->id);
    if (result < 0 || xm_send_is_full(conn)) { /* then what is in front of it will tell */
        return result;
    }
    xmpp_stanza *ping = xmpp_iq_new(XMPP_IQ_GET, xmpp_jid_get_domain(conn->bound_jid));
    xmpp_elem_add(xmpp_stanza_root(ping), "ping", "urn:xmpp:ping");
    if (xm_component_is(conn)) { /* the server brings it back to us: component.c */
        xmpp_stanza_set_from(ping, xmpp_jid_get_domain(conn->bound_jid));
    }
    result = ping ? xmpp_stanza_get_error(ping) : XMPP_E_NOMEM;
    if (result == 0) {
        result = xm_send_now(conn, ping, alive->id);
    }
    xmpp_stanza_unref(ping);
    return result;
}

int xm_alive_probe(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    if (!is_listening(conn) || alive->probe_due != INT64_MAX) {
        return 0;
    }
    int64_t in_front = conn->link.n_sent + (int64_t)xm_link_unsent(&conn->link);
    int result = send_ping(conn);
    if (result == 0) {
        alive->probe_due = conn->now + conn->settings.limits[XMPP_LIMIT_PROBE_TIME];
        alive->n_sent = conn->link.n_sent;
        alive->n_in_front = in_front;
        alive->n_arrived = xm_link_arrived(&conn->link);
        alive->is_owed = 0; /* the answer says that it arrived, too */
        alive->since = has_requests(conn) ? conn->now : INT64_MAX;
    }
    return result;
}

/* By the rules of any request: id and sender must fit (RFC 6120 8.1.2.1), and one answer is all. */
int xm_alive_answered(xmpp_conn *conn, const xmpp_stanza *iq)
{
    struct xm_alive *alive = &conn->attempt->alive;
    const xmpp_jid *from = xmpp_stanza_get_from(iq);
    if (alive->id[0] == '\0' || strcmp(xmpp_stanza_get_id(iq), alive->id) != 0 || !from ||
        xmpp_jid_get_local(from) || !xmpp_jid_is_bare(from) ||
        strcmp(xmpp_jid_get_domain(from), xmpp_jid_get_domain(conn->bound_jid)) != 0) {
        return 0;
    }
    alive->id[0] = '\0';
    return 1;
}

/* --- hearing ------------------------------------------------------------------------------------ */

/* What was there before our question left does not answer it. */
static void note_heard(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    alive->n_received = conn->link.n_received;
    alive->heard = conn->now;
    conn->attempt->is_moved = 0;
    if (!alive->is_all) { /* it lives, also behind a request that timed out */
        alive->is_owed = 0;
    }
    if (alive->n_sent != conn->link.n_sent) {
        alive->probe_due = INT64_MAX;
    }
}

/* It listens again: the silence begins anew, a question that is open has all its time again, and so has
 * output that is stuck. */
static void listen_again(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    alive->is_deaf = 0;
    alive->heard = conn->now;
    if (alive->stuck_from != INT64_MAX) {
        alive->stuck_from = conn->now;
    }
    if (alive->probe_due != INT64_MAX) {
        alive->probe_due = conn->now + conn->settings.limits[XMPP_LIMIT_PROBE_TIME];
    }
}

void xm_alive_set_listening(xmpp_conn *conn, int on)
{
    if (conn->state != XMPP_STATE_ONLINE) {
        return;
    }
    if (!on) {
        conn->attempt->alive.is_deaf = 1;
    } else if (conn->attempt->alive.is_deaf) {
        conn->now = xm_net_now();
        listen_again(conn);
    }
}

static void fail(xmpp_conn *conn, int code, const char *reason)
{
    xm_attempt_fail(conn, code, XMPP_PHASE_SESSION, NULL, NULL, reason);
}

static void end_dead(xmpp_conn *conn)
{
    xm_stream_fail(conn->attempt->stream, "connection-timeout"); /* RFC 6120 4.6.2 */
    fail(conn, XMPP_E_TIMEOUT, "the link is dead");
}

/* When we looked last the question stood behind what was said before, and some of that has arrived since:
 * a slow way is not a dead one. Nor is silent what was not read to its end. */
static int is_moving(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    int64_t before = alive->n_arrived;
    alive->n_arrived = xm_link_arrived(&conn->link);
    return (alive->n_arrived > before && before < alive->n_in_front) ||
           xm_link_is_pending(&conn->link);
}

/* The sign of life is due and was not given. */
static void give_up(xmpp_conn *conn)
{
    if (is_moving(conn)) {
        conn->attempt->alive.probe_due = conn->now + conn->settings.limits[XMPP_LIMIT_PROBE_TIME];
        return;
    }
    end_dead(conn);
}

void xm_alive_tick(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    if (conn->state != XMPP_STATE_ONLINE) {
        return;
    }
    if (alive->n_received != conn->link.n_received) {
        note_heard(conn);
    }
    if (!xm_turn_may_receive(conn)) {
        alive->is_deaf = 1;
    } else if (alive->is_deaf) {
        listen_again(conn);
    }
    if (conn->now < due_to_hear(conn)) {
        return;
    }
    if (alive->probe_due != INT64_MAX) {
        give_up(conn);
        return;
    }
    int result = xm_alive_probe(conn);
    if (result < 0) {
        fail(conn, result, NULL);
    }
}

/* Behind the flush, which has just tried: what was not called for long may find room. Over an own
 * transport only the application knows whether it will take something. Where the system watches, it
 * does so without a timer of ours. */
void xm_alive_flushed(xmpp_conn *conn)
{
    struct xm_alive *alive = &conn->attempt->alive;
    const struct xm_link *link = &conn->link;
    if (conn->state != XMPP_STATE_ONLINE || !alive->is_all || !link->is_blocked || link->pipe) {
        alive->stuck_from = INT64_MAX;
        return;
    }
    int64_t n_moved = link->n_received + xm_link_arrived(link);
    int is_stuck = alive->stuck_from != INT64_MAX && alive->n_moved == n_moved;
    if (!is_stuck) {
        alive->stuck_from = conn->now;
        alive->n_moved = n_moved;
    } else if (conn->now >= due_to_move(conn)) {
        end_dead(conn);
    }
}

int xmpp_conn_set_keepalive(xmpp_conn *conn, int64_t idle_ms)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (idle_ms != 0 && (idle_ms < KEEPALIVE_MIN || idle_ms > KEEPALIVE_MAX)) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    conn->settings.keepalive = idle_ms;
    return xm_conn_leave(conn, 0);
}
