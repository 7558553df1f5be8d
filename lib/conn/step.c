/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A module's step between the features and authentication: an attempt of its own kind, which never
 * authenticates. What may come in it stream/step.c and request.c say: answers to its requests, and
 * nothing else. */
#include "xmpp/step.h"

#include <string.h>

#include "conn/conn.h"
#include "conn/modules.h"
#include "net/net.h"
#include "xmpp/iq.h"

static int connect_step(xmpp_conn *conn, const char *name)
{
    const xmpp_module *module = name ? xm_modules_find(conn, name) : NULL;
    if (!module || !module->on_step) {
        return XMPP_E_NOT_FOUND;
    }
    return xm_connect_step_of(conn, module->key);
}

int xmpp_conn_connect_step(xmpp_conn *conn, const char *name)
{
    int result = xm_settings_begin(conn);
    return result < 0 ? result : xm_conn_leave(conn, connect_step(conn, name));
}

/* --- the step --------------------------------------------------------------------------------- */

static void fail(xmpp_conn *conn, int code, const char *reason)
{
    xm_attempt_fail(conn, code, XMPP_PHASE_STREAM, NULL, NULL, reason);
}

void xm_step_begin(xmpp_conn *conn)
{
    xm_state_tell(conn); /* that it steps is heard first */
    if (conn->is_doomed || conn->attempt->is_ended) {
        return;
    }
    const xmpp_module *module = xm_modules_find_key(conn, conn->attempt->step);
    if (!module || !module->on_step) {
        fail(conn, XMPP_E_REQUIRES, "the module whose step it is was disabled");
        return;
    }
    xm_slot_begin_walk(conn);
    const xmpp_stanza *features = xm_stream_get_features(conn->attempt->stream);
    int result = module->on_step(conn, xmpp_stanza_get_root(features), module->data);
    if (result < 0 && !conn->is_doomed) {
        fail(conn, result, module->name);
    }
    xm_slot_end_walk(conn);
}

void xm_step_lost(xmpp_conn *conn, const void *key)
{
    if (conn->state == XMPP_STATE_STEP && conn->attempt->step == key) {
        conn->now = xm_net_now();
        fail(conn, XMPP_E_REQUIRES, "the module whose step it is was disabled");
    }
}

void xm_step_heard(xmpp_conn *conn, const xmpp_stanza *iq)
{
    conn->stats.stanzas_received++;
    if (xm_request_answered(conn, iq) || conn->is_doomed || conn->attempt->is_ended) {
        return;
    }
    if (conn->attempt->n_given_up > 0) { /* too late for whoever asked */
        conn->attempt->n_given_up--;
        return;
    }
    size_t from = xm_buf_len(&conn->link.out);
    xm_stream_fail(conn->attempt->stream, "not-authorized");
    xm_trace_sent(conn, from, 0);
    fail(conn, XMPP_E_PROTOCOL, "an answer came to what was not asked");
}

int xm_step_is_server(const xmpp_conn *conn, const xmpp_jid *from)
{
    return !xmpp_jid_is_malformed(from) && xmpp_jid_is_bare(from) && !xmpp_jid_get_local(from) &&
           strcmp(xmpp_jid_get_domain(from), xmpp_jid_get_domain(conn->settings.jid)) == 0;
}

/* As it is prepared: a stanza that is built here is not sealed. */
static int is_to_server(const xmpp_conn *conn, const xmpp_stanza *stanza)
{
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(stanza), "to");
    return !to || strcmp(to, xmpp_jid_get_domain(conn->settings.jid)) == 0;
}

int xm_step_may_send(const xmpp_conn *conn, const xmpp_stanza *stanza)
{
    int is_request = xmpp_stanza_get_kind(stanza) == XMPP_KIND_IQ &&
                     (xmpp_iq_get_type(stanza) & (XMPP_IQ_GET | XMPP_IQ_SET)) != 0;
    return is_request && is_to_server(conn, stanza);
}

int xmpp_conn_end_step(xmpp_conn *conn, int error)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (error > 0) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    if (conn->state != XMPP_STATE_STEP || conn->attempt->is_ended) {
        return xm_conn_leave(conn, XMPP_E_STATE);
    }
    conn->now = xm_net_now();
    if (error == 0) {
        xm_attempt_end(conn);
    } else {
        fail(conn, error, NULL);
    }
    return xm_conn_leave(conn, 0);
}
