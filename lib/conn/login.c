/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the first features to online: what the stream engine tells goes to whom it concerns. It
 * decides nothing about certificates (tls/verify.c), mechanisms (auth.c) or the order of steps
 * (stream/steps.c). */
#include <string.h>

#include "conn/conn.h"

static void fail(xmpp_conn *conn, int code, int phase, const char *reason)
{
    xm_attempt_fail(conn, code, phase, NULL, NULL, reason);
}

/* --- TLS -------------------------------------------------------------------------------------- */

int xm_login_begin_tls(xmpp_conn *conn)
{
    const struct xm_settings *set = &conn->settings;
    int is_direct = conn->attempt->is_direct;
    struct xm_tls_config config = {
        .trust = set->trust,
        .domain = xmpp_jid_get_domain(set->jid),
        .domain_ascii = conn->attempt->domain_ascii,
        .identity = set->identity,
        .alpn = is_direct ? "xmpp-client" : NULL,
        .is_direct = is_direct,
        .chain_max = (size_t)set->limits[XMPP_LIMIT_CHAIN],
    };
    xm_connect_get_tlsa(conn, &config);
    int result = xm_tls_new(&conn->link.tls, &config);
    if (result < 0) {
        fail(conn, result, XMPP_PHASE_TLS, result == XMPP_E_FILE ? "no trusted authorities" : NULL);
    }
    return result;
}

/* <proceed/> came. */
static void start_tls(xmpp_conn *conn)
{
    if (xm_link_unsent(&conn->link) > 0) {
        /* <starttls/> is still in the queue: nobody heard it, and it must not go into TLS */
        fail(conn, XMPP_E_TLS_INJECTED, XMPP_PHASE_TLS, "TLS was to begin before it was asked for");
        return;
    }
    (void)xm_login_begin_tls(conn);
}

void xm_login_secured(xmpp_conn *conn)
{
    struct xm_tls_facts facts;
    xm_tls_get_facts(conn->link.tls, &facts);
    conn->facts->tls_version = facts.version;
    conn->facts->tls_cipher = facts.cipher;
    xm_log(conn, XMPP_AREA_TLS, XMPP_LOG_INFO, "%s, %s, certificate verified", facts.version,
           facts.cipher);
    if (conn->attempt->is_direct) { /* the stream's header waits for this already */
        return;
    }
    size_t from = xm_buf_len(&conn->link.out);
    int result = xm_stream_secured(conn->attempt->stream);
    xm_trace_sent(conn, from, 0);
    if (result < 0) {
        fail(conn, result, XMPP_PHASE_STREAM, NULL);
    }
}

/* --- what the stream tells ---------------------------------------------------------------------- */

/* The states that the application sees follow the stages of the stream. */
static void follow_stage(xmpp_conn *conn)
{
    static const int state_of[] = {
        [XM_STREAM_OPENING] = XMPP_STATE_OPENING,
        [XM_STREAM_SECURING] = XMPP_STATE_SECURING,
        [XM_STREAM_AUTHENTICATING] = XMPP_STATE_AUTHENTICATING,
        [XM_STREAM_BINDING] = XMPP_STATE_BINDING,
        [XM_STREAM_STEPPING] = XMPP_STATE_STEP,
    };
    enum xm_stream_stage stage = xm_stream_get_stage(conn->attempt->stream);
    if (stage <= XM_STREAM_STEPPING && state_of[stage] > conn->state) {
        xm_attempt_enter(conn, state_of[stage]);
    }
}

static void came_online(xmpp_conn *conn)
{
    if (conn->state >= XMPP_STATE_ONLINE) { /* by a stanza, below */
        return;
    }
    conn->bound_jid = xmpp_jid_ref(xm_stream_get_jid(conn->attempt->stream));
    if (!conn->bound_jid) {
        fail(conn, XMPP_E_NOMEM, XMPP_PHASE_BIND, NULL);
        return;
    }
    conn->stats.sessions++;
    xm_connect_forget(conn);
    xm_attempt_note_id(conn);
    xm_log(conn, XMPP_AREA_STREAM, XMPP_LOG_INFO, "online as %s",
           xmpp_jid_get_text(conn->bound_jid));
    xm_attempt_enter(conn, XMPP_STATE_ONLINE);
    xm_report_clear(&conn->attempt->last);
    conn->attempt->online = conn->now;
    xm_alive_begin(conn);
}

/* Where <see-other-host/> leads; NULL if it does not say (RFC 6120 4.9.3.19). */
static const char *elsewhere(const xmpp_stanza *error)
{
    const xmpp_elem *child = xmpp_elem_get_child(xmpp_stanza_get_root(error), "see-other-host",
                                                 "urn:ietf:params:xml:ns:xmpp-streams");
    return child ? xmpp_elem_get_text(child, NULL) : NULL;
}

/* A condition of ours, sent to the peer, is a reason here: only what the peer said is reported as its
 * condition, and with the element that said so. */
static void failed(xmpp_conn *conn, const struct xm_stream_event *event)
{
    if (event->stanza && event->condition && strcmp(event->condition, "see-other-host") == 0 &&
        xm_connect_redirected(conn, elsewhere(event->stanza))) {
        return;
    }
    if (event->stanza) {
        xm_attempt_fail(conn, event->code, event->phase, event->condition, event->text,
                        event->reason);
    } else {
        xm_attempt_fail(conn, event->code, event->phase, NULL, NULL,
                        event->reason ? event->reason : event->condition);
    }
}

/* Only a server that insists on the session of RFC 3921 has come as far as a stanza without being
 * online: a resource is bound, and our request for the session is out, in front of whatever is said
 * from now on. */
void xm_login_heard_stanza(xmpp_conn *conn)
{
    follow_stage(conn);
    came_online(conn);
}

/* The server is found and ready: what comes now concerns it alone. */
static void reached(xmpp_conn *conn, void (*go_on)(xmpp_conn *conn))
{
    xm_connect_settled(conn);
    if (conn->attempt->probe == XMPP_PROBE_STREAM) {
        xm_attempt_end(conn);
    } else {
        go_on(conn);
    }
}

void xm_login_event(xmpp_conn *conn, const struct xm_stream_event *event)
{
    follow_stage(conn);
    switch (event->type) {
    case XM_STREAM_START_TLS:
        start_tls(conn);
        break;
    case XM_STREAM_OFFER:
        reached(conn, xm_auth_offered);
        break;
    case XM_STREAM_HANDSHAKE:
        reached(conn, xm_component_prove);
        break;
    case XM_STREAM_STEP:
        reached(conn, xm_step_begin);
        break;
    case XM_STREAM_CHALLENGE:
        xm_auth_challenged(conn, event);
        break;
    case XM_STREAM_SUCCESS:
        xm_auth_succeeded(conn, event);
        break;
    case XM_STREAM_ONLINE:
        came_online(conn);
        break;
    case XM_STREAM_CLOSED:
        xm_attempt_close(conn);
        break;
    case XM_STREAM_FAILED:
        failed(conn, event);
        break;
    case XM_STREAM_STANZA: /* dispatch.c has it */
    case XM_STREAM_NONE:
        break;
    }
    if (conn->attempt && !conn->attempt->is_ended) {
        follow_stage(conn);
    }
}
