/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How an attempt begins: from the settings, a descriptor or a transport, to the moment when the stream
 * is opened. Who is looked for and connected to is reach.c; what is said to a proxy, through_proxy.c;
 * what follows when it fails, next.c. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "conn/reach.h"
#include "net/net.h"
#include "xmpp/component.h"
#include "xmpp/transport.h"

/* An attempt that cannot begin: no event, but a report that says why. */
static int refuse(xmpp_conn *conn, int code, int phase, const char *reason)
{
    xm_report_set(&conn->error, code, phase, NULL, NULL, reason);
    return code;
}

static int make_facts(xmpp_conn *conn)
{
    if (!conn->facts) {
        conn->facts = xm_mem_new0(1, sizeof *conn->facts);
    }
    return conn->facts ? 0 : XMPP_E_NOMEM;
}

/* What the application gives with the call, where it is more than "connect". */
struct given {
    const int *fd;                               /* instead of looking for the server; NULL: none */
    const struct xm_transport_config *transport; /* the same */
    int probe;                                   /* an enum xmpp_probe; 0: none */
    const void *step;                            /* the module whose step it is for; NULL: none */
};

/* What is wrong with the settings; NULL: nothing. */
static const char *complaint(const xmpp_conn *conn, const struct given *given)
{
    const struct xm_settings *set = &conn->settings;
    if (!set->jid) {
        return "no JID was set";
    }
    if (xm_component_is(conn)) {
        int is_tls = given->transport && given->transport->kind == XMPP_TRANSPORT_DIRECT_TLS;
        return given->step ? "a component takes no step"
               : is_tls    ? "a component has no TLS"
                           : xm_component_complaint(conn);
    }
    if (!set->is_anonymous && given->probe == 0 && !given->step && !xmpp_jid_get_local(set->jid)) {
        return "the JID has no localpart, what stands before the @";
    }
    return NULL;
}

/* Checks the settings and makes the attempt; of the connection only the report changes. */
static int make_attempt(xmpp_conn *conn, const struct given *given, struct xm_attempt **ret_attempt)
{
    const struct xm_settings *set = &conn->settings;
    const char *reason = complaint(conn, given);
    if (reason) {
        return refuse(conn, XMPP_E_INVAL, XMPP_PHASE_NONE, reason);
    }
    char domain[XM_DOMAIN_MAX];
    int len = xmpp_jid_get_domain_ascii(set->jid, domain, sizeof domain);
    if (len < 0) {
        return refuse(conn, len, XMPP_PHASE_NONE, NULL);
    }
    struct xm_attempt *attempt = xm_mem_new0(1, sizeof *attempt + (size_t)len + 1);
    if (!attempt || make_facts(conn) < 0) {
        free(attempt);
        return refuse(conn, XMPP_E_NOMEM, XMPP_PHASE_NONE, NULL);
    }
    attempt->phase_due = INT64_MAX;
    attempt->total_due = INT64_MAX;
    attempt->online = INT64_MAX;
    attempt->is_direct = set->is_direct;
    attempt->probe = (uint8_t)given->probe;
    attempt->step = given->step;
    memcpy(attempt->domain_ascii, domain, (size_t)len);
    *ret_attempt = attempt;
    return 0;
}

/* Of a server that is left. */
void xm_connect_forget_facts(xmpp_conn *conn)
{
    if (conn->facts) {
        free(conn->facts->stream_id);
        *conn->facts = (struct xm_facts){.stream_id = NULL};
    }
}

static void forget_last(xmpp_conn *conn)
{
    xm_report_clear(&conn->error);
    conn->bound_jid = xmpp_jid_unref(conn->bound_jid);
    xm_connect_forget_facts(conn);
    xm_connect_forget(conn);
}

/* --- looking for the server ------------------------------------------------------------------- */

int xm_connect_make_reach(const xmpp_conn *conn, struct xm_reach **ret_reach)
{
    const struct xm_settings *set = &conn->settings;
    struct xm_reach *reach = xm_mem_new0(1, sizeof *reach);
    if (!reach) {
        return XMPP_E_NOMEM;
    }
    for (unsigned i = 0; i < XM_DNS_CHANNELS; i++) {
        reach->channels[i].fd = -1;
    }
    reach->winner = XM_ROUTE_TRIES_MAX;
    int is_component = xm_component_is(conn);
    reach->port = is_component && set->port == 0 ? XMPP_COMPONENT_PORT : set->port;
    if (xm_mem_set(&reach->host, is_component && !set->host ? "localhost" : set->host) < 0) {
        free(reach);
        return XMPP_E_NOMEM;
    }
    *ret_reach = reach;
    return 0;
}

void xm_connect_forget(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    if (reach) {
        xm_story_done(reach);
        xm_route_free(reach->route);
        xm_buf_done(&reach->hosts);
        free(reach->host);
        free(reach);
        conn->reach = NULL;
    }
}

void xm_connect_stop(xmpp_conn *conn)
{
    if (conn->reach) {
        xm_reach_stop(conn);
    }
}

/* 1 if nobody needs to be asked where that is. */
static int is_numeric(const xmpp_conn *conn)
{
    const char *host = xm_ways(conn)->proxy.kind != XMPP_PROXY_NONE ? xm_ways(conn)->proxy.host
                       : conn->reach->host                          ? conn->reach->host
                                                                    : conn->attempt->domain_ascii;
    struct xm_addr addr;
    return xm_addr_parse(host, 0, &addr);
}

int xm_connect_begin_reach(xmpp_conn *conn)
{
    int result = xm_reach_begin(conn);
    if (result == 0) {
        xm_attempt_enter(conn, is_numeric(conn) ? XMPP_STATE_CONNECTING : XMPP_STATE_RESOLVING);
    }
    return result;
}

/* --- beginning ------------------------------------------------------------------------------------ */

/* `reach` is NULL where something was given. */
static int start(xmpp_conn *conn, struct xm_attempt *attempt, struct xm_reach *reach)
{
    forget_last(conn);
    conn->attempt = attempt;
    conn->reach = reach;
    conn->now = xm_net_now();
    conn->stats.connects++;
    attempt->total_due = conn->now + conn->settings.limits[XMPP_LIMIT_CONNECT_TIME];
    if (!reach) {
        attempt->is_given = 1;
        xm_attempt_enter(conn, XMPP_STATE_CONNECTING);
        return 0;
    }
    reach->began = conn->now;
    return xm_connect_begin_reach(conn);
}

static int is_file(int code)
{
    return code == XMPP_E_FILE || code == XMPP_E_TOO_BIG;
}

static const char *what_is_wrong(const struct given *given, int code)
{
    return code != XMPP_E_INVAL ? NULL
           : given->fd          ? "not a connected stream socket"
                                : "no such kind of transport";
}

/* As start(), but what fails leaves nothing behind but the report. */
static int try_start(xmpp_conn *conn, struct xm_attempt *attempt, const struct given *given)
{
    struct xm_reach *reach = NULL;
    struct xm_transport *transport = NULL;
    int result = given->fd          ? xm_net_adopt(*given->fd)
                 : given->transport ? xm_transport_new(&transport, given->transport)
                                    : xm_connect_make_reach(conn, &reach);
    if (result < 0) {
        free(attempt);
        return refuse(conn, result, XMPP_PHASE_TCP, what_is_wrong(given, result));
    }
    result = start(conn, attempt, reach);
    if (result < 0) {
        free(attempt);
        conn->attempt = NULL;
        xm_connect_forget(conn);
        return refuse(conn, result, XMPP_PHASE_DNS, is_file(result) ? "the hosts file" : NULL);
    }
    if (given->fd) {
        conn->link.fd = *given->fd;
    }
    xm_transport_begin(conn, transport);
    return 0;
}

static int make_and_start(xmpp_conn *conn, const struct given *given)
{
    struct xm_attempt *attempt = NULL;
    int result = make_attempt(conn, given, &attempt);
    return result == 0 ? try_start(conn, attempt, given) : result;
}

/* Begins an attempt as a whole public call: over what was given, or to wherever the server is. */
static int begin(xmpp_conn *conn, const struct given *given)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    conn->retry.n_failed = 0;
    return xm_conn_leave(conn, make_and_start(conn, given));
}

int xm_connect_again(xmpp_conn *conn)
{
    return make_and_start(conn, &(struct given){0});
}

int xmpp_conn_connect(xmpp_conn *conn)
{
    return begin(conn, &(struct given){0});
}

int xm_connect_step_of(xmpp_conn *conn, const void *key)
{
    return make_and_start(conn, &(struct given){.step = key});
}

int xmpp_conn_connect_fd(xmpp_conn *conn, int fd)
{
    return begin(conn, &(struct given){.fd = &fd});
}

int xmpp_conn_connect_transport(xmpp_conn *conn, int transport, xmpp_output_fn on_output,
                                void *userdata, xmpp_destroy_fn destroy)
{
    struct xm_transport_config config = {transport, on_output, userdata, destroy};
    return begin(conn, &(struct given){.transport = &config});
}

int xmpp_conn_probe(xmpp_conn *conn, int until)
{
    if (until != XMPP_PROBE_NAMES && until != XMPP_PROBE_STREAM) {
        int result = xm_settings_begin(conn);
        if (result == 0) {
            result = refuse(conn, XMPP_E_INVAL, XMPP_PHASE_NONE, "no such kind of probe");
            result = xm_conn_leave(conn, result);
        }
        return result;
    }
    return begin(conn, &(struct given){.probe = until});
}

/* --- from a connection to a stream -------------------------------------------------------------- */

static const struct xm_try *winner(const xmpp_conn *conn)
{
    const struct xm_reach *reach = conn->reach;
    return reach && reach->winner < reach->n_tries ? reach->tries[reach->winner].t : NULL;
}

void xm_connect_get_tlsa(const xmpp_conn *conn, struct xm_tls_config *config)
{
    const struct xm_try *t = winner(conn);
    if (t && t->dane == XM_DANE_USABLE) {
        config->tlsa = t->tlsa;
        config->n_tlsa = t->n_tlsa;
        config->tlsa_host = t->is_host_secure ? t->host : NULL;
    }
}

/* Clear text is left for logins alone: a step sends what there is no SCRAM for. */
static enum xm_stream_security security_of(const xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    if (attempt->is_direct || attempt->is_verified) {
        return XM_STREAM_SECURE;
    }
    return conn->settings.may_cleartext && !attempt->step ? XM_STREAM_CLEARTEXT
                                                          : XM_STREAM_TLS_REQUIRED;
}

static int make_stream(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    const struct xm_settings *set = &conn->settings;
    int has_account = !set->is_anonymous && !attempt->step && xmpp_jid_get_local(set->jid);
    char id[XM_ID_SIZE];
    struct xm_stream_config config = {
        .purpose = xm_component_is(conn) ? XM_STREAM_FOR_COMPONENT
                   : attempt->step       ? XM_STREAM_FOR_STEP
                                         : XM_STREAM_FOR_LOGIN,
        .domain = xmpp_jid_get_domain(set->jid),
        .account = has_account ? set->jid : NULL,
        .resource = xmpp_jid_get_resource(set->jid),
        .lang = set->lang,
        .security = security_of(conn),
        .is_traced = xm_trace_is_on(conn),
    };
    for (size_t i = 0; i < XM_PARSER_LIMITS; i++) { /* the first four limits are the parser's */
        config.limits[i] = set->limits[i];
    }
    int result = xm_conn_make_id(id);
    return result == 0 ? xm_stream_new(&attempt->stream, &config, &conn->link.out, id) : result;
}

/* The header goes out; with direct TLS it waits behind the handshake, and the stream is one that
 * uses no STARTTLS even if it is offered (XEP-0368). */
static void open_stream(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    const struct xm_try *t = winner(conn);
    attempt->is_direct = t ? t->is_direct : attempt->is_direct;
    if (attempt->is_direct && xm_login_begin_tls(conn) < 0) {
        return;
    }
    int result = make_stream(conn);
    if (result < 0) {
        xm_attempt_fail(conn, result, XMPP_PHASE_STREAM, NULL, NULL, NULL);
        return;
    }
    xm_trace_sent(conn, 0, 0);
    xm_attempt_enter(conn, attempt->is_direct ? XMPP_STATE_SECURING : XMPP_STATE_OPENING);
}

/* --- one step ------------------------------------------------------------------------------------------ */

void xm_connect_step(xmpp_conn *conn)
{
    const struct xm_attempt *attempt = conn->attempt;
    if (attempt->stream || attempt->is_ended) {
        return;
    }
    if (!xm_link_is_open(&conn->link)) {
        int is_reached = xm_reach_step(conn);
        xm_state_tell(conn); /* whoever hears that may end it */
        if (!is_reached || conn->is_doomed || attempt->is_ended) {
            return;
        }
    }
    if (xm_ways(conn)->proxy.kind == XMPP_PROXY_NONE || attempt->is_given) {
        open_stream(conn);
        return;
    }
    if (!attempt->proxy) {
        xm_connect_ask_proxy(conn);
    }
    if (!attempt->is_ended && xm_connect_step_proxy(conn)) {
        open_stream(conn);
    }
}

void xm_connect_wants(const xmpp_conn *conn, struct xm_wants *wants)
{
    const struct xm_reach *reach = conn->reach;
    if (conn->attempt->proxy) {
        xm_wants_add(wants, conn->link.fd, conn->link.is_blocked ? POLLIN | POLLOUT : POLLIN);
        return;
    }
    if (!reach) {
        return;
    }
    for (unsigned i = 0; i < reach->n_runs; i++) {
        xm_wants_add(wants, reach->runs[i].fd, POLLOUT);
    }
    xm_names_wants(conn, wants);
}

int64_t xm_connect_due(const xmpp_conn *conn)
{
    const struct xm_reach *reach = conn->reach;
    if (!reach || reach->is_over || conn->attempt->proxy) {
        return INT64_MAX;
    }
    int64_t route = xm_route_deadline(reach->route);
    int64_t names = xm_names_due(conn);
    return names < route ? names : route;
}

int xm_connect_has_work(const xmpp_conn *conn)
{
    if (conn->attempt->proxy) {
        return xm_link_queued(&conn->link) > 0 && !conn->link.is_blocked;
    }
    return conn->attempt->is_given || xm_connect_due(conn) <= conn->now;
}
