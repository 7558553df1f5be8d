/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests and their answers. Each is answered exactly once, or cancelled by dropping its slot; an
 * answer counts only if kind, type, id and sender fit (RFC 6120 8.1.2.1). */
#include <string.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "net/net.h"
#include "xmpp/iq.h"

struct xm_request {
    struct xm_timed_slot timed;
    xmpp_jid *to;       /* whose answer counts; NULL: the server, for the own account */
    xmpp_jid *from;     /* of a component: for whom the answer is; NULL: of a client */
    uint8_t is_offline; /* made when not online, never sent: to be answered so */
    uint8_t is_owed;    /* sent in a step, and not answered */
    char id[];
};

void xm_request_forget(xmpp_conn *conn, struct xmpp_slot *slot)
{
    struct xm_request *request = (struct xm_request *)slot;
    conn->n_due_requests -= request->is_offline;
    request->is_offline = 0;
    if (request->is_owed && conn->attempt) {
        conn->attempt->n_given_up++;
    }
    request->is_owed = 0;
    xm_map_remove(&conn->requests, request->id, strlen(request->id), request);
    xm_timers_unset(&conn->timers, &request->timed.timer);
    request->to = xmpp_jid_unref(request->to);
    request->from = xmpp_jid_unref(request->from);
}

/* --- making ----------------------------------------------------------------------------------- */

/* Puts the request into the tables; what fails is undone by xm_request_forget(). */
static int enlist(xmpp_conn *conn, struct xm_request *request, const xmpp_stanza *iq,
                  int timeout_ms)
{
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(iq), "to");
    int result = to ? xmpp_jid_parse(&request->to, to) : 0;
    if (result == 0 && xm_component_is(conn)) {
        result = xm_component_get_sender(conn, iq, &request->from);
    }
    if (result == 0) {
        result = xm_map_add(&conn->requests, request->id, strlen(request->id), request);
    }
    int64_t now = xm_net_now();
    if (result == 0) {
        result = xm_timers_set(&conn->timers, &request->timed.timer, now + timeout_ms);
    }
    if (result == 0 && conn->state == XMPP_STATE_ONLINE) {
        xm_alive_asked(conn, now);
        return xm_send_is_full(conn) ? XMPP_E_QUEUE_FULL : xm_send_now(conn, iq, request->id);
    }
    if (result == 0 && conn->state == XMPP_STATE_STEP) {
        result = xm_send_now(conn, iq, request->id);
        request->is_owed = result == 0;
        return result;
    }
    if (result == 0) {
        request->is_offline = 1;
        conn->n_due_requests++;
    }
    return result;
}

static int check(xmpp_conn *conn, const xmpp_stanza *iq, int timeout_ms, xmpp_reply_fn handler)
{
    int result = xmpp_stanza_get_error(iq);
    if (result < 0) {
        return result;
    }
    int type = xmpp_iq_get_type(iq);
    if (!handler || timeout_ms < 0 || (type != XMPP_IQ_GET && type != XMPP_IQ_SET)) {
        return XMPP_E_INVAL;
    }
    const char *id = xmpp_stanza_get_id(iq);
    size_t pos = 0;
    return id && xm_map_find(&conn->requests, id, strlen(id), &pos) ? XMPP_E_INVAL : 0;
}

/* A request with its id, in no table yet; NULL if out of memory. */
static struct xm_request *new_request(xmpp_conn *conn, const char *id, xmpp_reply_fn handler,
                                      void *userdata, xmpp_destroy_fn destroy)
{
    size_t n_id = strlen(id) + 1;
    struct xm_request *request = xm_slot_new(conn, XM_SLOT_REQUEST, sizeof *request + n_id,
                                             (xm_any_fn)handler, userdata, destroy);
    if (request) {
        request->timed.timer = (struct xm_timer){0};
        request->to = NULL;
        request->from = NULL;
        request->is_offline = 0;
        request->is_owed = 0;
        memcpy(request->id, id, n_id);
    }
    return request;
}

/* Makes and sends it; on failure nothing is left of it. */
static int start(xmpp_conn *conn, struct xm_request *request, xmpp_slot **ret_slot,
                 const xmpp_stanza *iq, int timeout_ms)
{
    int result = enlist(conn, request, iq, timeout_ms);
    if (result < 0) {
        conn->was_full |= result == XMPP_E_QUEUE_FULL;
        xm_request_forget(conn, &request->timed.slot);
        xm_slot_discard(&request->timed.slot);
        return result;
    }
    xm_slot_add(&request->timed.slot, ret_slot);
    return 0;
}

static int request(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_stanza *iq, int timeout_ms,
                   xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    char made_id[XM_ID_SIZE];
    int result = check(conn, iq, timeout_ms, handler);
    const char *id = xmpp_stanza_get_id(iq);
    if (result == 0 && !id) {
        result = xm_conn_make_id(made_id);
        id = made_id;
    }
    if (result < 0) {
        return result;
    }
    struct xm_request *made = new_request(conn, id, handler, userdata, destroy);
    if (timeout_ms == 0) {
        timeout_ms = (int)conn->settings.limits[XMPP_LIMIT_REQUEST_TIME];
    }
    return made ? start(conn, made, ret_slot, iq, timeout_ms) : XMPP_E_NOMEM;
}

int xmpp_conn_request(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_stanza *iq, int timeout_ms,
                      xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    return xm_conn_leave(conn, request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy));
}

/* --- answering -------------------------------------------------------------------------------- */

/* Tells the outcome. The request is out of the tables first: whatever the handler does, this one is
 * answered. */
static void answer(xmpp_conn *conn, struct xm_request *request, int error, const xmpp_stanza *reply)
{
    request->is_owed &= reply == NULL;
    xm_request_forget(conn, &request->timed.slot);
    xm_slot_begin_walk(conn);
    if (!request->timed.slot.is_dead) {
        ((xmpp_reply_fn)request->timed.slot.handler)(conn, error, reply,
                                                     request->timed.slot.userdata);
    }
    xm_slot_end(&request->timed.slot);
    xm_slot_end_walk(conn);
}

/* RFC 6120 8.1.2.1, 8.2.3: X answers for X; the server answers for the account, without `from` or
 * as the account's bare JID. Nothing beyond that is accepted. */
static int sender_fits(const xmpp_conn *conn, const struct xm_request *request,
                       const xmpp_stanza *iq)
{
    const xmpp_jid *own = conn->bound_jid;
    const xmpp_jid *from = xmpp_stanza_get_from(iq);
    if (conn->state ==
        XMPP_STATE_STEP) { /* nobody but the server can speak, and there is no account */
        return !from || xm_step_is_server(conn, from);
    }
    if (request->from) { /* a component has no account, and many names */
        const xmpp_jid *to = xmpp_stanza_get_to(iq);
        return from && xmpp_jid_equal(request->to, from) && to && xmpp_jid_equal(request->from, to);
    }
    int for_account =
        !request->to || (xmpp_jid_is_bare(request->to) && xmpp_jid_equal_bare(request->to, own));
    if (!for_account) {
        return from && xmpp_jid_equal(request->to, from);
    }
    return !from || (xmpp_jid_is_bare(from) && xmpp_jid_equal_bare(from, own));
}

int xm_request_answered(xmpp_conn *conn, const xmpp_stanza *iq)
{
    const char *id = xmpp_stanza_get_id(iq);
    size_t pos = 0;
    struct xm_request *request = xm_map_find(&conn->requests, id, strlen(id), &pos);
    if (!request || request->timed.slot.is_dead || request->is_offline ||
        !sender_fits(conn, request, iq)) {
        if (!request && conn->state != XMPP_STATE_STEP && xm_alive_answered(conn, iq)) {
            return 1;
        }
        xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, "an answer that nobody asked for");
        return 0;
    }
    answer(conn, request, xmpp_iq_get_type(iq) == XMPP_IQ_RESULT ? 0 : XMPP_E_REMOTE, iq);
    return 1;
}

static void tick_offline(xmpp_conn *conn)
{
    uint64_t last = conn->n_registered;
    xm_slot_begin_walk(conn);
    for (struct xmpp_slot *slot = NULL; (slot = xm_slot_next(conn, XM_SLOT_REQUEST, slot, last));) {
        struct xm_request *request = (struct xm_request *)slot;
        if (request->is_offline) {
            answer(conn, request, XMPP_E_OFFLINE, NULL);
        }
    }
    xm_slot_end_walk(conn);
}

void xm_request_tick(xmpp_conn *conn)
{
    if (conn->n_due_requests > 0) {
        tick_offline(conn);
    }
}

void xm_request_overdue(xmpp_conn *conn, struct xmpp_slot *slot)
{
    struct xm_request *request = (struct xm_request *)slot;
    if (!request->is_offline) {
        xm_alive_unanswered(conn);
    }
    answer(conn, request, XMPP_E_TIMEOUT, NULL);
}

void xm_request_end_all(xmpp_conn *conn, int code)
{
    uint64_t last = conn->n_registered;
    xm_slot_begin_walk(conn);
    for (struct xmpp_slot *slot = NULL; (slot = xm_slot_next(conn, XM_SLOT_REQUEST, slot, last));) {
        struct xm_request *request = (struct xm_request *)slot;
        if (!request->is_offline) {
            answer(conn, request, code, NULL);
        }
    }
    xm_slot_end_walk(conn);
}
