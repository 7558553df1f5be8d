/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sending: into the bounded queue, which the turn empties. */
#include <string.h>

#include "conn/conn.h"
#include "conn/modules.h"
#include "stanza/typed.h"
#include "stanza/write.h"
#include "xmpp/iq.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

int xm_send_is_full(const xmpp_conn *conn)
{
    return (int64_t)xm_link_queued(&conn->link) >= conn->settings.limits[XMPP_LIMIT_QUEUE_HIGH];
}

static int write_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, const char *id,
                        const xmpp_elem *more)
{
    xm_link_prepare_out(&conn->link);
    if (xm_stanza_is_secret(stanza)) {
        conn->link.out.is_secret = 1;
    }
    int result = xm_stream_send(conn->attempt->stream, stanza, id, more);
    if (result == 0) {
        conn->stats.stanzas_sent++;
        xm_alive_said(conn);
        if (xm_trace_is_on(conn)) {
            xm_trace_stanza(conn, stanza, id, more);
        }
    }
    return result;
}

/* With what modules add to it. */
static int write_extended(xmpp_conn *conn, const xmpp_stanza *stanza, const char *id)
{
    xmpp_stanza *more = NULL;
    const char *own_id = xmpp_stanza_get_id(stanza);
    int result = xm_filters_extend(conn, stanza, own_id ? own_id : id, &more);
    if (result == 0) {
        result = write_stanza(conn, stanza, id, xmpp_stanza_get_root(more));
    }
    xmpp_stanza_unref(more);
    return result;
}

int xm_send_now(xmpp_conn *conn, const xmpp_stanza *stanza, const char *id)
{
    char made[XM_ID_SIZE];
    if (!conn->attempt || (conn->state != XMPP_STATE_ONLINE &&
                           (conn->state != XMPP_STATE_STEP || !xm_step_may_send(conn, stanza)))) {
        return XMPP_E_STATE;
    }
    if (conn->settings.component_secret) { /* asked here, as few are one */
        int result = xm_component_check_sent(conn, stanza);
        if (result < 0) {
            return result;
        }
    }
    if (xmpp_stanza_get_id(stanza)) {
        id = NULL; /* it has its own */
    } else if (!id) {
        if (xm_conn_make_id(made) < 0) {
            return XMPP_E_SYSTEM;
        }
        id = made;
    }
    return conn->modules ? write_extended(conn, stanza, id) : write_stanza(conn, stanza, id, NULL);
}

/* What the application sends: bounded, and a stanza. */
static int send_checked(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    int result = xmpp_stanza_get_error(stanza);
    if (result < 0) {
        return result;
    }
    if (xmpp_stanza_get_kind(stanza) == XMPP_KIND_OTHER) {
        return XMPP_E_INVAL;
    }
    if (conn->state != XMPP_STATE_ONLINE) {
        return XMPP_E_STATE;
    }
    if (xm_send_is_full(conn)) {
        conn->was_full = 1;
        return XMPP_E_QUEUE_FULL;
    }
    return xm_send_now(conn, stanza, NULL);
}

int xmpp_conn_send(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    return xm_conn_leave(conn, send_checked(conn, stanza));
}

static int answer(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    int result = xmpp_stanza_get_error(stanza);
    if (result < 0) {
        return result;
    }
    if ((xmpp_iq_get_type(stanza) & (XMPP_IQ_RESULT | XMPP_IQ_ERROR)) == 0 ||
        xmpp_stanza_get_kind(stanza) != XMPP_KIND_IQ) {
        return XMPP_E_INVAL;
    }
    return xm_send_now(conn, stanza, NULL);
}

int xmpp_conn_answer(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    int result = xm_conn_enter(conn);
    return result < 0 ? result : xm_conn_leave(conn, answer(conn, stanza));
}

/* Errors of messages and presences are bounded as the answers of iqs are: by what is received. */
static int answer_error(xmpp_conn *conn, const xmpp_stanza *stanza, int condition, const char *text)
{
    if (!xm_typed_may_be_answered(stanza)) {
        return 0;
    }
    xmpp_stanza *error = xmpp_stanza_error_reply(stanza, condition, text);
    int result = xmpp_stanza_get_error(error);
    result = result < 0 ? result : xm_send_now(conn, error, NULL);
    xmpp_stanza_unref(error);
    return result;
}

int xmpp_conn_answer_error(xmpp_conn *conn, const xmpp_stanza *stanza, int condition,
                           const char *text)
{
    int result = xm_conn_enter(conn);
    return result < 0 ? result : xm_conn_leave(conn, answer_error(conn, stanza, condition, text));
}

int xmpp_conn_send_text(xmpp_conn *conn, const char *text, size_t len)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    xmpp_stanza *stanza = NULL;
    result = xmpp_stanza_parse(&stanza, text, len);
    if (result == 0) {
        result = send_checked(conn, stanza);
    }
    xmpp_stanza_unref(stanza);
    return xm_conn_leave(conn, result);
}

int xm_send_owes_writable(const xmpp_conn *conn)
{
    int64_t low = conn->settings.limits[XMPP_LIMIT_QUEUE_LOW];
    return conn->was_full && (int64_t)xm_link_queued(&conn->link) <= low;
}

void xm_send_tell_writable(xmpp_conn *conn)
{
    if (!xm_send_owes_writable(conn)) {
        return;
    }
    conn->was_full = 0;
    uint64_t last = conn->n_registered;
    xm_slot_begin_walk(conn);
    for (struct xmpp_slot *slot = NULL;
         (slot = xm_slot_next(conn, XM_SLOT_WRITABLE, slot, last));) {
        ((xmpp_writable_fn)slot->handler)(conn, slot->userdata);
    }
    xm_slot_end_walk(conn);
}

int xmpp_conn_on_writable(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_writable_fn handler,
                          void *userdata, xmpp_destroy_fn destroy)
{
    return xm_slot_register(conn, ret_slot, XM_SLOT_WRITABLE, (xm_any_fn)handler, userdata,
                            destroy);
}

int xmpp_conn_set_receiving(xmpp_conn *conn, int on)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    conn->is_paused = on == 0;
    xm_alive_set_listening(conn, on);
    return xm_conn_leave(conn, 0);
}
