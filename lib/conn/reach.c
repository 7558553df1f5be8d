/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hands of the route (dial/route.h): it says what to ask and whom to connect to, this asks and
 * connects, and tells it how that went. Who answers is names.c; what follows a connection,
 * connect.c; what follows a failure, next.c. */
#include "conn/reach.h"

#include <stdio.h>
#include <string.h>

#include "conn/conn.h"
#include "net/net.h"

enum { RESOLUTION_DELAY = 50 /* ms, RFC 8305 3 */, DETAIL_MAX = 384 };

static struct xm_route_config config_of(const xmpp_conn *conn)
{
    const struct xm_settings *set = &conn->settings;
    const struct xm_reach *reach = conn->reach;
    const struct xm_proxy_settings *proxy = &xm_ways(conn)->proxy;
    struct xm_route_config config = {
        .domain = reach->host && reach->by_srv ? reach->host : conn->attempt->domain_ascii,
        .host = reach->by_srv ? NULL : reach->host,
        .port = reach->port,
        .is_direct = conn->attempt->is_direct,
        /* what another zone says of keys is not what the JID's domain says (threat 17) */
        .is_pkix = reach->n_redirects > 0 && reach->host &&
                   strcmp(reach->host, conn->attempt->domain_ascii) != 0,
        .is_plan = conn->attempt->probe == XMPP_PROBE_NAMES,
        .is_survey = conn->attempt->probe == XMPP_PROBE_STREAM,
        .attempt_delay = (int)set->limits[XMPP_LIMIT_ATTEMPT_DELAY],
        .resolution_delay = RESOLUTION_DELAY,
        .attempt_limit = (int)set->limits[XMPP_LIMIT_TCP_TIME],
    };
    if (!config.host && (reach->port > 0 || xm_names_has_host(conn, config.domain))) {
        config.host = config.domain; /* the domain itself, and no SRV */
    }
    if (proxy->kind != XMPP_PROXY_NONE) { /* it is told the rest: through_proxy.c */
        config.host = proxy->host;
        config.port = proxy->port;
    }
    return config;
}

int xm_reach_begin(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    uint8_t seed[XM_DRAW_SEED];
    struct xm_route *route = NULL;
    int result = xm_names_begin(conn);
    if (result == 0) {
        result = xm_net_random(seed, sizeof seed);
    }
    if (result < 0) {
        return result;
    }
    struct xm_route_config config = config_of(conn);
    result = xm_route_new(&route, &config, seed, conn->now);
    if (result == 0) {
        xm_story_forget_tries(reach);
        xm_route_free(reach->route);
        reach->route = route;
        reach->winner = XM_ROUTE_TRIES_MAX;
        reach->is_over = 0;
    }
    return result;
}

/* --- racing ----------------------------------------------------------------------------------------- */

static void forget_run(struct xm_reach *reach, unsigned i)
{
    reach->n_runs--;
    memmove(&reach->runs[i], &reach->runs[i + 1], (reach->n_runs - i) * sizeof *reach->runs);
}

static void close_run(xmpp_conn *conn, unsigned i)
{
    xm_watch_close_fd(conn, conn->reach->runs[i].fd);
    forget_run(conn->reach, i);
}

static void note_outcome(xmpp_conn *conn, unsigned number, int outcome)
{
    conn->reach->tries[number].outcome = (uint8_t)outcome;
}

static void connected(xmpp_conn *conn, unsigned number, int fd)
{
    struct xm_reach *reach = conn->reach;
    conn->link.fd = fd;
    reach->winner = number;
    note_outcome(conn, number, XMPP_OUTCOME_WON);
    memcpy(conn->facts->address, reach->tries[number].address, XM_ADDR_TEXT);
    xm_log(conn, XMPP_AREA_NET, XMPP_LOG_DEBUG, "connected to %s", conn->facts->address);
    xm_route_connected(reach->route, number, conn->now);
}

static void refused(xmpp_conn *conn, unsigned number, int code)
{
    struct xm_reach *reach = conn->reach;
    note_outcome(conn, number, XMPP_OUTCOME_FAILED);
    xm_log(conn, XMPP_AREA_NET, XMPP_LOG_INFO, "%s: %s", reach->tries[number].address,
           xmpp_strerror(code));
    xm_route_failed(reach->route, number, code, conn->now);
}

static void start(xmpp_conn *conn, unsigned number)
{
    struct xm_reach *reach = conn->reach;
    const struct xm_try *t = xm_route_get_try(reach->route, number);
    int fd = -1;
    memcpy(conn->facts->address, reach->tries[number].address, XM_ADDR_TEXT);
    xm_log(conn, XMPP_AREA_NET, XMPP_LOG_DEBUG, "connecting to %s", conn->facts->address);
    xm_attempt_enter(conn, XMPP_STATE_CONNECTING);
    int result = xm_component_may_reach(conn, &t->addr) ? xm_net_connect(&t->addr, &fd)
                                                        : XMPP_E_NOT_LOOPBACK;
    if (result > 0) {
        connected(conn, number, fd);
    } else if (result < 0) {
        refused(conn, number, result);
    } else {
        reach->runs[reach->n_runs++] = (struct xm_run){.fd = fd, .number = number};
    }
}

/* Another has won, or its time is over. */
static void stop(xmpp_conn *conn, unsigned number, int outcome)
{
    struct xm_reach *reach = conn->reach;
    for (unsigned i = 0; i < reach->n_runs; i++) {
        if (reach->runs[i].number == number) {
            close_run(conn, i);
            break;
        }
    }
    note_outcome(conn, number, outcome);
}

/* How the connects that are under way go: all but the first that is made have lost. Of several that
 * are made when somebody looks, the one that was started first is the better one. */
static void look_at_runs(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    for (unsigned i = 0; i < reach->n_runs && reach->winner == XM_ROUTE_TRIES_MAX;) {
        struct xm_run run = reach->runs[i];
        int result = xm_net_connect_result(run.fd);
        if (result > 0) {
            forget_run(reach, i);
            connected(conn, run.number, run.fd);
        } else if (result < 0) {
            close_run(conn, i);
            refused(conn, run.number, result);
        } else {
            i++;
        }
    }
}

/* --- the end ------------------------------------------------------------------------------------------ */

/* Why the last question for SRV that failed did. NULL: nobody said. */
static const char *why_not_answered(const struct xm_reach *reach)
{
    for (size_t i = reach->n_lookups; i > 0; i--) {
        const struct xmpp_lookup *lookup = reach->lookups[i - 1];
        if (lookup->type == XMPP_RR_SRV && lookup->status == XMPP_ANSWER_FAILED) {
            return lookup->reason;
        }
    }
    return NULL;
}

/* Who could not be found or reached, and what is known of why: what somebody who reads nothing but
 * the error's message has to know. `best` NULL: there was nobody to try. */
static void tell_whom(const xmpp_conn *conn, const struct xmpp_try *best, int code,
                      const char *reason, char detail[DETAIL_MAX])
{
    const struct xm_reach *reach = conn->reach;
    const char *proxy = xm_ways(conn)->proxy.kind != XMPP_PROXY_NONE ? "the proxy, " : "";
    const char *domain = reach->host ? reach->host : xmpp_jid_get_domain(conn->settings.jid);
    const char *who = !best ? domain : reason ? best->t->host : best->address;
    const char *why = !best && code == XMPP_E_DNS ? why_not_answered(reach) : NULL;
    snprintf(detail, DETAIL_MAX, "%s%s%s%s%s%s", proxy, who, reason ? ": " : "",
             reason ? reason : "", why ? ": " : "", why ? why : "");
}

/* Nothing is left: the most telling failure is the attempt's. */
static void report(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    const char *reason = NULL;
    unsigned number = XM_ROUTE_TRIES_MAX;
    int code = xm_route_get_error(reach->route, &reason, &number);
    reach->is_over = 1;
    if (code == 0) { /* a plan */
        conn->attempt->is_ended = 1;
        return;
    }
    const struct xmpp_try *best = number < reach->n_tries ? &reach->tries[number] : NULL;
    if (best && best->report.code != 0) {
        xm_report_copy(&conn->error, &best->report);
        conn->attempt->is_ended = 1;
        return;
    }
    int is_lookup = code == XMPP_E_LOOKUP || code == XMPP_E_DNS || code == XMPP_E_NO_SERVICE ||
                    code == XMPP_E_NOMEM;
    char detail[DETAIL_MAX];
    tell_whom(conn, best, code, reason, detail);
    xm_attempt_fail(conn, code, is_lookup ? XMPP_PHASE_DNS : XMPP_PHASE_TCP, NULL, NULL, detail);
}

/* --- following the route -------------------------------------------------------------------------------- */

static void ask(xmpp_conn *conn, const struct xm_route_event *event)
{
    int result = xm_names_ask(conn, event->question, event->name, event->rr);
    if (result < 0) {
        xm_attempt_fail(conn, result, XMPP_PHASE_DNS, NULL, NULL,
                        result == XMPP_E_FILE || result == XMPP_E_TOO_BIG ? "the hosts file"
                                                                          : NULL);
    }
}

static void do_event(xmpp_conn *conn, const struct xm_route_event *event)
{
    switch (event->type) {
    case XM_ROUTE_ASK:
        ask(conn, event);
        break;
    case XM_ROUTE_START:
        start(conn, event->number);
        break;
    case XM_ROUTE_CANCEL:
        stop(conn, event->number, XMPP_OUTCOME_CANCELLED);
        break;
    case XM_ROUTE_STOP:
        stop(conn, event->number, XMPP_OUTCOME_FAILED);
        break;
    case XM_ROUTE_OVER:
        report(conn);
        break;
    case XM_ROUTE_NOTHING:
        break;
    }
}

static int is_over(const xmpp_conn *conn)
{
    return conn->is_doomed || !conn->attempt || conn->attempt->is_ended || conn->reach->is_over;
}

/* Does what the route wants done now. 1 if there was something. */
static int follow(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    struct xm_route_event event;
    int was_busy = 0;
    for (;;) {
        xm_route_next(reach->route, conn->now, &event);
        if (xm_story_follow(reach) < 0) {
            xm_attempt_fail(conn, XMPP_E_NOMEM, XMPP_PHASE_DNS, NULL, NULL, NULL);
        }
        if (event.type == XM_ROUTE_NOTHING || is_over(conn)) {
            return was_busy;
        }
        do_event(conn, &event);
        was_busy = 1;
        if (is_over(conn)) {
            return 0;
        }
    }
}

int xm_reach_step(xmpp_conn *conn)
{
    look_at_runs(conn); /* once: what begins now has no news yet */
    do {
        xm_names_step(conn);
    } while (!is_over(conn) && follow(conn));
    return !is_over(conn) && conn->reach->winner < XM_ROUTE_TRIES_MAX;
}

void xm_reach_lost(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    struct xmpp_try *t = &reach->tries[reach->winner];
    unsigned number = reach->winner;
    reach->winner = XM_ROUTE_TRIES_MAX;
    xm_report_clear(&t->report);
    t->report = conn->error;
    conn->error = (struct xmpp_error){0};
    note_outcome(conn, number, XMPP_OUTCOME_FAILED);
    xm_route_failed(reach->route, number, t->report.code, conn->now);
}

void xm_reach_stop(xmpp_conn *conn)
{
    struct xm_reach *reach = conn->reach;
    while (reach->n_runs > 0) {
        close_run(conn, reach->n_runs - 1);
    }
    xm_names_stop(conn);
}
