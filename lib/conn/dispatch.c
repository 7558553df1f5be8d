/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who gets a received stanza: answers go to request.c, the rest to the modules (filters.c) and then to
 * the handlers in the order of registration. Requests that nobody handles, or that are not proper requests, are answered here
 * (RFC 6120 8.2.3, 8.4); nothing else is answered by itself. */
#include <string.h>

#include "conn/conn.h"
#include "conn/modules.h"
#include "xmpp/iq.h"
#include "xmpp/stanza_error.h"

struct xm_iq_slot {
    struct xmpp_slot slot;
    int types;
    const char *ns; /* in `text`; NULL: any */
    char text[];    /* the name, "" for any; then the namespace */
};

/* --- registering ----------------------------------------------------------------------------- */

int xmpp_conn_on_message(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza_fn handler,
                         void *userdata, xmpp_destroy_fn destroy)
{
    return xm_slot_register(conn, ret_slot, XM_SLOT_MESSAGE, (xm_any_fn)handler, userdata, destroy);
}

int xmpp_conn_on_presence(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza_fn handler,
                          void *userdata, xmpp_destroy_fn destroy)
{
    return xm_slot_register(conn, ret_slot, XM_SLOT_PRESENCE, (xm_any_fn)handler, userdata,
                            destroy);
}

static struct xm_iq_slot *new_iq_slot(xmpp_conn *conn, int types, const char *name, const char *ns,
                                      xmpp_stanza_fn handler, void *userdata,
                                      xmpp_destroy_fn destroy)
{
    size_t n_name = name ? strlen(name) + 1 : 1;
    size_t n_ns = ns ? strlen(ns) + 1 : 0;
    struct xm_iq_slot *iq = xm_slot_new(conn, XM_SLOT_IQ, sizeof *iq + n_name + n_ns,
                                        (xm_any_fn)handler, userdata, destroy);
    if (iq) {
        iq->types = types;
        iq->ns = ns ? memcpy(iq->text + n_name, ns, n_ns) : NULL;
        memcpy(iq->text, name ? name : "", n_name);
    }
    return iq;
}

int xmpp_conn_on_iq(xmpp_conn *conn, xmpp_slot **ret_slot, int types, const char *name,
                    const char *ns, xmpp_stanza_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (!handler || types == 0 || (types & ~(XMPP_IQ_GET | XMPP_IQ_SET)) != 0 ||
        (name && *name == '\0')) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    struct xm_iq_slot *iq = new_iq_slot(conn, types, name, ns, handler, userdata, destroy);
    if (!iq || xm_map_add(&conn->iq_table, iq->text, strlen(iq->text), iq) < 0) {
        xm_slot_discard(iq ? &iq->slot : NULL);
        return xm_conn_leave(conn, XMPP_E_NOMEM);
    }
    xm_slot_add(&iq->slot, ret_slot);
    return xm_conn_leave(conn, 0);
}

void xm_dispatch_forget(xmpp_conn *conn, struct xmpp_slot *slot)
{
    struct xm_iq_slot *iq = (struct xm_iq_slot *)slot;
    xm_map_remove(&conn->iq_table, iq->text, strlen(iq->text), iq);
}

/* --- messages and presence ------------------------------------------------------------------- */

static const char *name_of(const xmpp_stanza *stanza)
{
    return xmpp_elem_get_name(xmpp_stanza_get_root(stanza));
}

/* Calls one handler: 1 if the stanza is handled. */
static int call(xmpp_conn *conn, struct xmpp_slot *slot, const xmpp_stanza *stanza, int *ret_result)
{
    *ret_result = ((xmpp_stanza_fn)slot->handler)(conn, stanza, slot->userdata);
    if (*ret_result < 0 && !conn->is_doomed) {
        xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, "a handler of <%s/> failed: %s",
               name_of(stanza), xmpp_strerror(*ret_result));
    }
    return *ret_result != 0 || conn->is_doomed;
}

static void to_list(xmpp_conn *conn, enum xm_slot_kind kind, const xmpp_stanza *stanza)
{
    uint64_t last = conn->n_registered;
    int result;
    for (struct xmpp_slot *slot = NULL; (slot = xm_slot_next(conn, kind, slot, last));) {
        if (call(conn, slot, stanza, &result)) {
            return;
        }
    }
}

/* --- iq requests ----------------------------------------------------------------------------- */

/* The first handler behind `after` in the order of registration, of those for this name. */
static struct xm_iq_slot *first_after(const xmpp_conn *conn, const char *name, const char *ns,
                                      int type, uint64_t after, uint64_t last)
{
    struct xm_iq_slot *best = NULL;
    size_t pos = 0;
    for (struct xm_iq_slot *iq; (iq = xm_map_find(&conn->iq_table, name, strlen(name), &pos));) {
        uint64_t order = iq->slot.order;
        if (!iq->slot.is_dead && (iq->types & type) && order > after && order <= last &&
            (!iq->ns || strcmp(iq->ns, ns) == 0) && (!best || order < best->slot.order)) {
            best = iq;
        }
    }
    return best;
}

static void answer_error(xmpp_conn *conn, const xmpp_stanza *iq, int condition)
{
    xmpp_stanza *reply = xmpp_stanza_error_reply(iq, condition, NULL);
    int result = xm_send_now(conn, reply, NULL);
    xmpp_stanza_unref(reply);
    if (result == XMPP_E_NOMEM) { /* silence would leave the peer waiting */
        xm_attempt_fail(conn, result, XMPP_PHASE_SESSION, NULL, NULL, "an iq was to be answered");
    } else if (result < 0) {
        xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, "an iq could not be answered: %s",
               xmpp_strerror(result));
    }
}

static void to_handlers_of(xmpp_conn *conn, const xmpp_stanza *stanza, int type)
{
    const xmpp_elem *payload = xmpp_elem_get_child(xmpp_stanza_get_root(stanza), NULL, NULL);
    const char *name = xmpp_elem_get_name(payload);
    const char *ns = xmpp_elem_get_ns(payload);
    uint64_t after = 0;
    uint64_t last = conn->n_registered;
    for (;;) {
        struct xm_iq_slot *named = first_after(conn, name, ns, type, after, last);
        struct xm_iq_slot *any = first_after(conn, "", ns, type, after, last);
        struct xm_iq_slot *iq =
            !named || (any && any->slot.order < named->slot.order) ? any : named;
        if (!iq) {
            answer_error(conn, stanza, XMPP_CONDITION_SERVICE_UNAVAILABLE);
            return;
        }
        int result;
        after = iq->slot.order;
        if (call(conn, &iq->slot, stanza, &result)) {
            if (result < 0 && !conn->is_doomed) {
                answer_error(conn, stanza, XMPP_CONDITION_INTERNAL_SERVER_ERROR);
            }
            return;
        }
    }
}

/* The modules come first: filters, then whoever answers it. */
static void handle_request(xmpp_conn *conn, const xmpp_stanza *stanza, int type)
{
    int result = xm_filters_run(conn, stanza);
    if (result == 0 && !conn->is_doomed) {
        result = xm_filters_answer(conn, stanza, type);
    }
    if (conn->is_doomed || result > 0) {
        return;
    }
    if (result < 0) {
        answer_error(conn, stanza, XMPP_CONDITION_INTERNAL_SERVER_ERROR);
    } else {
        to_handlers_of(conn, stanza, type);
    }
}

static void handle_iq(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    int type = xmpp_iq_get_type(stanza);
    if (!xmpp_stanza_get_id(stanza)) { /* no answer could be told from another */
        xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, "an iq without id is ignored");
        return;
    }
    if (type == XMPP_IQ_RESULT || type == XMPP_IQ_ERROR) {
        (void)xm_request_answered(conn, stanza);
        return;
    }
    const xmpp_elem *payload = xmpp_elem_get_child(xmpp_stanza_get_root(stanza), NULL, NULL);
    if (type == 0 || !payload || xmpp_elem_get_next(payload, NULL, NULL)) { /* RFC 6120 8.2.3 */
        answer_error(conn, stanza, XMPP_CONDITION_BAD_REQUEST);
        return;
    }
    handle_request(conn, stanza, type);
}

void xm_dispatch_to_handlers(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    int is_message = xmpp_stanza_get_kind(stanza) == XMPP_KIND_MESSAGE;
    to_list(conn, is_message ? XM_SLOT_MESSAGE : XM_SLOT_PRESENCE, stanza);
}

void xm_dispatch_stanza(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    conn->stats.stanzas_received++;
    if (conn->settings.component_secret && !xm_component_takes(conn, stanza)) {
        return;
    }
    xm_slot_begin_walk(conn);
    switch (xmpp_stanza_get_kind(stanza)) {
    case XMPP_KIND_MESSAGE:
    case XMPP_KIND_PRESENCE:
        if (xm_filters_run(conn, stanza) == 0 && !conn->is_doomed) {
            xm_dispatch_to_handlers(conn, stanza);
        }
        break;
    case XMPP_KIND_IQ:
        handle_iq(conn, stanza);
        break;
    default:
        xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_DEBUG, "ignored: <%s/>", name_of(stanza));
        break;
    }
    xm_slot_end_walk(conn);
}
