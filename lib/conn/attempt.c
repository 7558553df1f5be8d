/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One attempt from connect to offline: addresses, TCP, the deadline of each phase and of all, and
 * the end. What is said over the connection is login.c. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "net/net.h"

enum { HOSTS_MAX = 1 << 20, DEFAULT_PORT = 5222 };

/* By state: the limit that is its deadline, and where a failure in it is placed. */
static const struct {
    int limit; /* -1: none */
    int phase;
} of_state[] = {
    [XMPP_STATE_OFFLINE] = {-1, XMPP_PHASE_NONE},
    [XMPP_STATE_RESOLVING] = {XMPP_LIMIT_TCP_TIME, XMPP_PHASE_DNS},
    [XMPP_STATE_CONNECTING] = {XMPP_LIMIT_TCP_TIME, XMPP_PHASE_TCP},
    [XMPP_STATE_OPENING] = {XMPP_LIMIT_STREAM_TIME, XMPP_PHASE_STREAM},
    [XMPP_STATE_SECURING] = {XMPP_LIMIT_TLS_TIME, XMPP_PHASE_TLS},
    [XMPP_STATE_AUTHENTICATING] = {XMPP_LIMIT_SASL_TIME, XMPP_PHASE_SASL},
    [XMPP_STATE_BINDING] = {XMPP_LIMIT_BIND_TIME, XMPP_PHASE_BIND},
    [XMPP_STATE_ONLINE] = {-1, XMPP_PHASE_SESSION},
    [XMPP_STATE_CLOSING] = {XMPP_LIMIT_CLOSE_TIME, XMPP_PHASE_SESSION},
    [XMPP_STATE_WAITING] = {-1, XMPP_PHASE_NONE},
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
    if (state == XMPP_STATE_ONLINE || state == XMPP_STATE_CLOSING) {
        attempt->total_due = INT64_MAX;
    }
    conn->link.is_hurried = state < XMPP_STATE_ONLINE;
    xm_state_set(conn, state);
}

/* --- beginning ------------------------------------------------------------------------------ */

/* Fills the addresses: a numeric host, or a name in the hosts file. */
static int find_addresses(xmpp_conn *conn, struct xm_attempt *attempt)
{
    const struct xm_settings *set = &conn->settings;
    const char *host = set->host ? set->host : attempt->domain_ascii;
    uint16_t port = set->port > 0 ? set->port : DEFAULT_PORT;
    if (xm_addr_parse(host, port, &attempt->addrs[0])) {
        attempt->n_addrs = 1;
        return 0;
    }
    struct xm_buf hosts = {0};
    const char *path = set->hosts_file ? set->hosts_file : "/etc/hosts";
    int result = xm_net_read_file(path, HOSTS_MAX, &hosts);
    if (result == 0) {
        attempt->n_addrs =
            (uint8_t)xm_addr_find_in_hosts((const char *)xm_buf_head(&hosts), xm_buf_len(&hosts),
                                           host, port, attempt->addrs, XM_ADDRS_MAX);
        result = attempt->n_addrs > 0 ? 0 : XMPP_E_LOOKUP;
    }
    xm_buf_done(&hosts);
    return result;
}

/* Checks the settings and makes the attempt; nothing of the connection changes. */
static int make_attempt(xmpp_conn *conn, struct xm_attempt **ret_attempt)
{
    const struct xm_settings *set = &conn->settings;
    if (!set->jid || (!set->is_anonymous && !xmpp_jid_get_local(set->jid))) {
        return XMPP_E_INVAL;
    }
    struct xm_attempt *attempt = xm_mem_new0(1, sizeof *attempt);
    if (!attempt) {
        return XMPP_E_NOMEM;
    }
    attempt->phase_due = INT64_MAX;
    attempt->total_due = INT64_MAX;
    int len =
        xmpp_jid_get_domain_ascii(set->jid, attempt->domain_ascii, sizeof attempt->domain_ascii);
    if (len < 0) {
        free(attempt);
        return len;
    }
    *ret_attempt = attempt;
    return 0;
}

static void forget_last(xmpp_conn *conn)
{
    xm_report_clear(&conn->error);
    conn->bound_jid = xmpp_jid_unref(conn->bound_jid);
    free(conn->facts.stream_id);
    conn->facts = (struct xm_facts){0};
}

static void start(xmpp_conn *conn, struct xm_attempt *attempt)
{
    forget_last(conn);
    conn->attempt = attempt;
    conn->now = xm_net_now();
    conn->stats.connects++;
    attempt->total_due = conn->now + conn->settings.limits[XMPP_LIMIT_CONNECT_TIME];
    xm_attempt_enter(conn, XMPP_STATE_CONNECTING);
}

int xmpp_conn_connect(xmpp_conn *conn)
{
    struct xm_attempt *attempt = NULL;
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    result = make_attempt(conn, &attempt);
    if (result == 0) {
        result = find_addresses(conn, attempt);
    }
    if (result < 0) {
        free(attempt);
        return xm_conn_leave(conn, result);
    }
    start(conn, attempt);
    return xm_conn_leave(conn, 0);
}

int xmpp_conn_connect_fd(xmpp_conn *conn, int fd)
{
    struct xm_attempt *attempt = NULL;
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    result = make_attempt(conn, &attempt);
    if (result == 0) {
        result = xm_net_adopt(fd);
    }
    if (result < 0) {
        free(attempt);
        return xm_conn_leave(conn, result);
    }
    conn->link.fd = fd;
    start(conn, attempt);
    return xm_conn_leave(conn, 0);
}

/* --- reaching the server -------------------------------------------------------------------- */

static void open_stream(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    const struct xm_settings *set = &conn->settings;
    char id[XM_ID_SIZE];
    struct xm_stream_config config = {
        .domain = xmpp_jid_get_domain(set->jid),
        .account = set->is_anonymous ? NULL : set->jid,
        .resource = xmpp_jid_get_resource(set->jid),
        .lang = set->lang,
        .security = set->may_cleartext ? XM_STREAM_CLEARTEXT : XM_STREAM_TLS_REQUIRED,
        .is_traced = xm_trace_is_on(conn),
    };
    /* the first four limits are the parser's */
    memcpy(config.limits, set->limits, sizeof config.limits);
    int result = xm_conn_make_id(id);
    if (result == 0) {
        result = xm_stream_new(&attempt->stream, &config, &conn->link.out, id);
    }
    if (result < 0) {
        xm_attempt_fail(conn, result, XMPP_PHASE_STREAM, NULL, NULL, NULL);
        return;
    }
    xm_trace_sent(conn, 0, 0);
    xm_attempt_enter(conn, XMPP_STATE_OPENING);
}

static void give_up_fd(xmpp_conn *conn)
{
    conn->closing_fd = conn->link.fd;
    conn->link.fd = -1;
}

/* Begins with the next address; 1 if one is connected at once. */
static int connect_next(xmpp_conn *conn, int last_error)
{
    struct xm_attempt *attempt = conn->attempt;
    if (attempt->next_addr == attempt->n_addrs) {
        xm_attempt_fail(conn, last_error, XMPP_PHASE_TCP, NULL, NULL, conn->facts.address);
        return 0;
    }
    const struct xm_addr *addr = &attempt->addrs[attempt->next_addr++];
    xm_addr_print(addr, conn->facts.address);
    xm_log(conn, XMPP_AREA_NET, XMPP_LOG_DEBUG, "connecting to %s", conn->facts.address);
    return xm_net_connect(addr, &conn->link.fd);
}

void xm_attempt_step(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (attempt->stream || attempt->is_ended) {
        return;
    }
    int result = XMPP_E_LOOKUP;
    if (attempt->n_addrs == 0) { /* the descriptor was given */
        result = 1;
    } else if (attempt->is_connecting) {
        result = xm_net_connect_result(conn->link.fd);
        if (result < 0) {
            xm_log(conn, XMPP_AREA_NET, XMPP_LOG_INFO, "%s: %s", conn->facts.address,
                   xmpp_strerror(result));
            attempt->is_connecting = 0;
            attempt->last_error = result;
            give_up_fd(conn);
            return; /* the next address comes when that descriptor is closed */
        }
    } else {
        result = connect_next(conn, attempt->last_error);
        if (result < 0) {
            attempt->last_error = result;
        }
    }
    if (attempt->is_ended) {
        return;
    }
    attempt->is_connecting = result == 0;
    if (result > 0) {
        open_stream(conn);
    }
}

/* --- deadlines ------------------------------------------------------------------------------ */

int64_t xm_attempt_due(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    if (!attempt) {
        return INT64_MAX;
    }
    return attempt->phase_due < attempt->total_due ? attempt->phase_due : attempt->total_due;
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
    if (conn->now < xm_attempt_due(conn) || attempt->is_ended) {
        return;
    }
    if (conn->state ==
        XMPP_STATE_CLOSING) { /* good-bye took too long: it is good-bye all the same */
        xm_log(conn, XMPP_AREA_STREAM, XMPP_LOG_INFO, "the server did not close in time");
        attempt->is_ended = 1;
        return;
    }
    if (attempt->stream) {
        xm_stream_fail(attempt->stream, "connection-timeout");
    }
    xm_attempt_fail(conn, XMPP_E_TIMEOUT, xm_attempt_phase(conn->state), NULL, NULL,
                    attempt->ask ? "the question was not answered" : NULL);
}

/* --- the end -------------------------------------------------------------------------------- */

void xm_attempt_fail(xmpp_conn *conn, int code, int phase, const char *condition, const char *text,
                     const char *reason)
{
    struct xm_attempt *attempt = conn->attempt;
    if (attempt->is_ended) {
        return;
    }
    attempt->is_ended = 1;
    if (conn->error.code != 0) { /* the first thing that went wrong is what is told */
        return;
    }
    xm_report_set(&conn->error, code, phase, condition, text, reason);
    xm_log(conn, phase == XMPP_PHASE_TLS ? XMPP_AREA_TLS : XMPP_AREA_STREAM, XMPP_LOG_ERROR, "%s",
           xmpp_error_get_message(&conn->error));
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
    if (!attempt->is_closing || attempt->is_ended || xm_link_queued(&conn->link) > 0) {
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

int xmpp_conn_disconnect(xmpp_conn *conn)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    struct xm_attempt *attempt = conn->attempt;
    if (attempt && conn->state == XMPP_STATE_ONLINE) {
        conn->now = xm_net_now();
        size_t from = xm_buf_len(&conn->link.out);
        xm_stream_close(attempt->stream);
        xm_trace_sent(conn, from, 0);
        xm_attempt_enter(conn, XMPP_STATE_CLOSING);
    } else if (attempt && conn->state != XMPP_STATE_CLOSING) {
        attempt->is_ended = 1;
    }
    return xm_conn_leave(conn, 0);
}

/* The last words, as far as the system takes them at once. */
static void say_good_bye(xmpp_conn *conn)
{
    struct xm_link *link = &conn->link;
    if (link->fd < 0 || conn->attempt->is_connecting) {
        return;
    }
    int result = xm_link_flush(link);
    if (link->tls && result == 0 && !link->is_blocked) {
        if (link->is_secure) {
            xm_tls_close(link->tls);
        }
        (void)xm_link_flush(link);
    }
}

void xm_attempt_drop(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (!attempt) {
        return;
    }
    say_good_bye(conn);
    xm_ask_close(conn);
    conn->stats.received += conn->link.n_received;
    conn->stats.sent += conn->link.n_sent;
    xm_link_done(&conn->link);
    if (conn->link.fd >= 0) {
        give_up_fd(conn);
    }
    xm_stream_free(attempt->stream);
    xm_sasl_free(attempt->sasl);
    xm_mem_free_secret(attempt->password);
    free(attempt);
    conn->attempt = NULL;
    conn->was_full = 0;
}

void xm_attempt_finish(xmpp_conn *conn)
{
    xm_attempt_drop(conn);
    xm_state_set(conn, XMPP_STATE_OFFLINE);
    xm_request_end_all(conn, XMPP_E_DISCONNECTED);
}
