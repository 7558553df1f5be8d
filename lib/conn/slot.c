/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registrations: their life and nothing of what they are for. */
#include "conn/slot.h"

#include <stdlib.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "conn/modules.h"

void *xm_slot_new(xmpp_conn *conn, enum xm_slot_kind kind, size_t size, xm_any_fn handler,
                  void *userdata, xmpp_destroy_fn destroy)
{
    struct xmpp_slot *slot = malloc(size);
    if (slot) {
        *slot = (struct xmpp_slot){.conn = conn,
                                   .order = ++conn->n_registered,
                                   .handler = handler,
                                   .userdata = userdata,
                                   .destroy = destroy,
                                   .kind = (uint8_t)kind};
    }
    return slot;
}

void xm_slot_add(struct xmpp_slot *slot, xmpp_slot **ret_slot)
{
    struct xm_slot_list *list = &slot->conn->slots[slot->kind];
    slot->prev = list->last;
    if (list->last) {
        list->last->next = slot;
    } else {
        list->first = slot;
    }
    list->last = slot;
    if (ret_slot) {
        slot->is_held = 1;
        *ret_slot = slot;
    }
}

void xm_slot_discard(struct xmpp_slot *slot)
{
    free(slot);
}

int xm_slot_register(xmpp_conn *conn, xmpp_slot **ret_slot, enum xm_slot_kind kind,
                     xm_any_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (!handler) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    struct xmpp_slot *slot = xm_slot_new(conn, kind, sizeof *slot, handler, userdata, destroy);
    if (!slot) {
        return xm_conn_leave(conn, XMPP_E_NOMEM);
    }
    xm_slot_add(slot, ret_slot);
    return xm_conn_leave(conn, 0);
}

/* Its time means nothing any more, and an id is free. */
static void forget_time(xmpp_conn *conn, struct xmpp_slot *slot)
{
    if (slot->kind == XM_SLOT_REQUEST) {
        xm_request_forget(conn, slot);
    } else if (slot->kind == XM_SLOT_TIMER) {
        xm_timer_forget(conn, slot);
    }
}

static void unlink_slot(struct xmpp_slot *slot)
{
    struct xm_slot_list *list = &slot->conn->slots[slot->kind];
    if (slot->prev) {
        slot->prev->next = slot->next;
    } else {
        list->first = slot->next;
    }
    if (slot->next) {
        slot->next->prev = slot->prev;
    } else {
        list->last = slot->prev;
    }
    if (slot->kind == XM_SLOT_IQ) {
        xm_dispatch_forget(slot->conn, slot);
    } else {
        forget_time(slot->conn, slot);
    }
}

/* Out of the lists; the userdata is destroyed, the slot freed unless the application holds it. The
 * destroy function may drop what it holds: the slot itself. */
static void bury(struct xmpp_slot *slot)
{
    xmpp_conn *conn = slot->conn;
    int is_held = slot->is_held;
    unlink_slot(slot);
    slot->conn = NULL;
    xm_conn_destroy(conn, slot->destroy, slot->userdata);
    if (!is_held) {
        free(slot);
    }
}

void xm_slot_end(struct xmpp_slot *slot)
{
    xmpp_conn *conn = slot->conn;
    if (!conn || slot->is_dead) {
        return;
    }
    if (conn->walking == 0) {
        bury(slot);
        return;
    }
    forget_time(conn, slot);
    slot->is_dead = 1;
    slot->next_dead = conn->dead;
    conn->dead = slot;
}

struct xmpp_slot *xm_slot_next(const xmpp_conn *conn, enum xm_slot_kind kind,
                               const struct xmpp_slot *slot, uint64_t last)
{
    struct xmpp_slot *next = slot ? slot->next : conn->slots[kind].first;
    while (next && next->is_dead) {
        next = next->next;
    }
    return next && next->order <= last && !conn->is_doomed ? next : NULL;
}

void xm_slot_begin_walk(xmpp_conn *conn)
{
    conn->walking++;
}

void xm_slot_end_walk(xmpp_conn *conn)
{
    if (--conn->walking > 0) {
        return;
    }
    /* A destroy function may drop further slots: always the head. */
    for (struct xmpp_slot *slot; (slot = conn->dead);) {
        conn->dead = slot->next_dead;
        bury(slot);
    }
    if (conn->modules) {
        xm_modules_sweep(conn);
    }
}

void xm_slot_end_all(xmpp_conn *conn)
{
    for (size_t kind = 0; kind < XM_SLOT_KINDS; kind++) {
        for (struct xmpp_slot *slot; (slot = conn->slots[kind].first);) {
            bury(slot);
        }
    }
}

xmpp_slot *xmpp_slot_unref(xmpp_slot *slot)
{
    if (!slot) {
        return NULL;
    }
    xmpp_conn *conn = slot->conn;
    slot->is_held = 0;
    if (!conn) {
        free(slot);
    } else if (xm_conn_enter(conn) == 0) {
        xm_slot_end(slot);
        xm_conn_leave(conn, 0);
    } else { /* in a notification, where unref is legal too */
        xm_slot_end(slot);
    }
    return NULL;
}
