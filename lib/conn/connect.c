/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How an attempt begins: where the server is, and a connected descriptor to it; then the stream is
 * opened. The addresses of a host are tried one after the other. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "net/net.h"

enum { HOSTS_MAX = 1 << 20, DEFAULT_PORT = 5222 };

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
    if (result == 0 && xm_buf_len(&hosts) > 0) {
        attempt->n_addrs =
            (uint8_t)xm_addr_find_in_hosts((const char *)xm_buf_head(&hosts), xm_buf_len(&hosts),
                                           host, port, attempt->addrs, XM_ADDRS_MAX);
    }
    xm_buf_done(&hosts);
    return result == 0 && attempt->n_addrs == 0 ? XMPP_E_LOOKUP : result;
}

/* An attempt that cannot begin: no event, but a report that says why. */
static int refuse(xmpp_conn *conn, int code, int phase, const char *reason)
{
    xm_report_set(&conn->error, code, phase, NULL, NULL, reason);
    return code;
}

/* Checks the settings and makes the attempt; of the connection only the report changes. */
static int make_attempt(xmpp_conn *conn, struct xm_attempt **ret_attempt)
{
    const struct xm_settings *set = &conn->settings;
    if (!set->jid) {
        return refuse(conn, XMPP_E_INVAL, XMPP_PHASE_NONE, "no JID was set");
    }
    if (!set->is_anonymous && !xmpp_jid_get_local(set->jid)) {
        return refuse(conn, XMPP_E_INVAL, XMPP_PHASE_NONE,
                      "the JID has no localpart, what stands before the @");
    }
    char domain[XM_DOMAIN_MAX];
    int len = xmpp_jid_get_domain_ascii(set->jid, domain, sizeof domain);
    if (len < 0) {
        return refuse(conn, len, XMPP_PHASE_NONE, NULL);
    }
    struct xm_attempt *attempt = xm_mem_new0(1, sizeof *attempt + (size_t)len + 1);
    if (!attempt) {
        return refuse(conn, XMPP_E_NOMEM, XMPP_PHASE_NONE, NULL);
    }
    attempt->phase_due = INT64_MAX;
    attempt->total_due = INT64_MAX;
    memcpy(attempt->domain_ascii, domain, (size_t)len);
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

static const char *no_address(const xmpp_conn *conn, int code)
{
    return code == XMPP_E_FILE     ? "the hosts file"
           : code != XMPP_E_LOOKUP ? NULL
           : conn->settings.host   ? conn->settings.host
                                   : xmpp_jid_get_domain(conn->settings.jid);
}

/* Finds out where to, or takes the descriptor. */
static int reach(xmpp_conn *conn, struct xm_attempt *attempt, const int *fd)
{
    int result = fd ? xm_net_adopt(*fd) : find_addresses(conn, attempt);
    if (result < 0 && fd) {
        return refuse(conn, result, XMPP_PHASE_TCP,
                      result == XMPP_E_INVAL ? "not a connected stream socket" : NULL);
    }
    return result < 0 ? refuse(conn, result, XMPP_PHASE_DNS, no_address(conn, result)) : 0;
}

/* Begins an attempt as a whole public call: over this descriptor, or if it is NULL to an address. */
static int begin(xmpp_conn *conn, const int *fd)
{
    struct xm_attempt *attempt = NULL;
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    result = make_attempt(conn, &attempt);
    if (result == 0) {
        result = reach(conn, attempt, fd);
    }
    if (result < 0) {
        free(attempt);
        return xm_conn_leave(conn, result);
    }
    if (fd) {
        conn->link.fd = *fd;
    }
    start(conn, attempt);
    return xm_conn_leave(conn, 0);
}

int xmpp_conn_connect(xmpp_conn *conn)
{
    return begin(conn, NULL);
}

int xmpp_conn_connect_fd(xmpp_conn *conn, int fd)
{
    return begin(conn, &fd);
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

/* Each address that is left has the same share of the time that is left: one that hangs leaves
 * something to the others. */
static int64_t share_of_time(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    int n_left = attempt->n_addrs - attempt->next_addr;
    return conn->now + (xm_attempt_due(conn) - conn->now) / n_left;
}

/* Begins with the next address, or ends the attempt if there is none. As xm_net_connect(). */
static int connect_next(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (attempt->next_addr == attempt->n_addrs) {
        xm_attempt_fail(conn, attempt->last_error, XMPP_PHASE_TCP, NULL, NULL, conn->facts.address);
        return attempt->last_error;
    }
    attempt->addr_due = share_of_time(conn);
    const struct xm_addr *addr = &attempt->addrs[attempt->next_addr++];
    xm_addr_print(addr, conn->facts.address);
    xm_log(conn, XMPP_AREA_NET, XMPP_LOG_DEBUG, "connecting to %s", conn->facts.address);
    return xm_net_connect(addr, &conn->link.fd);
}

/* How the connect that is under way goes. As xm_net_connect_result(). */
static int look_at_connect(xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    int result = xm_net_connect_result(conn->link.fd);
    if (result == 0 && conn->now >= attempt->addr_due && attempt->next_addr < attempt->n_addrs) {
        result = XMPP_E_TIMEOUT;
    }
    if (result < 0) {
        xm_attempt_give_up_fd(conn); /* the next address comes when it is closed */
    }
    return result;
}

void xm_connect_step(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (attempt->stream || attempt->is_ended) {
        return;
    }
    int result = attempt->n_addrs == 0    ? 1 /* the descriptor was given */
                 : attempt->is_connecting ? look_at_connect(conn)
                                          : connect_next(conn);
    attempt->is_connecting = result == 0;
    if (result > 0) {
        open_stream(conn);
    } else if (result < 0) {
        attempt->last_error = result;
        xm_log(conn, XMPP_AREA_NET, XMPP_LOG_INFO, "%s: %s", conn->facts.address,
               xmpp_strerror(result));
    }
}
