/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What follows when a server has failed: its next address, where it has sent us, or all of it anew. Until
 * mechanisms are on offer a failure is the address's; what is ours says nothing about another. */
#include "conn/conn.h"
#include "conn/reach.h"

void xm_connect_settled(xmpp_conn *conn)
{
    if (conn->reach) {
        conn->reach->is_settled = 1;
        xm_reach_stop(conn);
    }
}

/* What failed here says nothing about another address. */
static int is_ours(int code)
{
    return code == XMPP_E_NOMEM || code == XMPP_E_APP || code == XMPP_E_INTERNAL ||
           code == XMPP_E_FILE || code == XMPP_E_REDIRECT;
}

static int may_go_on(const xmpp_conn *conn)
{
    const struct xm_reach *reach = conn->reach;
    const struct xm_attempt *attempt = conn->attempt;
    return reach && conn->error.code != 0 && !is_ours(conn->error.code) && !reach->is_settled &&
           !reach->is_over && reach->winner < XM_ROUTE_TRIES_MAX && conn->now < attempt->total_due;
}

/* All time is over behind a server that had failed of more than that: a certificate that was refused is not
 * to be asked for again by itself, and somebody has to mend it. */
static void tell_the_most(xmpp_conn *conn)
{
    const struct xm_reach *reach = conn->reach;
    const char *reason;
    unsigned number = XM_ROUTE_TRIES_MAX;
    if (!reach || reach->is_settled || conn->error.code != XMPP_E_TIMEOUT ||
        conn->now < conn->attempt->total_due) {
        return;
    }
    (void)xm_route_get_error(reach->route, &reason, &number);
    if (number < reach->n_tries && reach->tries[number].report.code != 0) {
        xm_report_copy(&conn->error, &reach->tries[number].report);
    }
}

/* From the settings on, by what the files and DNS say now. 1: it goes on. */
static int restart(xmpp_conn *conn)
{
    struct xm_reach *reach = NULL;
    conn->attempt->is_restarted = 0;
    xm_reach_stop(conn);
    if (conn->resolver) {
        xm_resolver_idle(conn->resolver, INT64_MAX);
    }
    int result = xm_connect_make_reach(conn, &reach);
    if (result == 0) {
        xm_connect_forget(conn);
        conn->reach = reach;
        reach->began = conn->now;
        result = xm_connect_begin_reach(conn);
    }
    if (result < 0) {
        xm_attempt_fail(conn, result, XMPP_PHASE_DNS, NULL, NULL, NULL);
        return 0;
    }
    xm_attempt_renew(conn);
    return 1;
}

int xm_connect_goes_on(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    struct xm_reach *reach = conn->reach;
    int is_redirected = reach && reach->is_redirected;
    if (attempt->is_unwanted || conn->is_doomed ||
        (!attempt->is_restarted && !is_redirected && !may_go_on(conn))) {
        tell_the_most(conn);
        return 0;
    }
    xm_attempt_drop_link(conn);
    xm_connect_forget_facts(conn);
    attempt->is_ended = 0;
    attempt->is_closing = 0;
    attempt->is_working = 0;
    attempt->phase_due = INT64_MAX; /* that was the time of what failed */
    attempt->is_direct = conn->settings.is_direct;
    if (attempt->is_restarted) {
        return restart(conn);
    }
    if (!is_redirected) {
        xm_reach_lost(conn);
        return 1;
    }
    reach->is_redirected = 0;
    reach->is_settled = 0;
    xm_reach_stop(conn);
    int result = xm_connect_begin_reach(conn);
    if (result < 0) {
        xm_attempt_fail(conn, result, XMPP_PHASE_DNS, NULL, NULL, NULL);
    }
    return result == 0;
}
