/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What its time ends: timers of the application, and requests that nobody answers. */
#include "conn/conn.h"
#include "net/net.h"

void xm_timer_forget(xmpp_conn *conn, struct xmpp_slot *slot)
{
    xm_timers_unset(&conn->timers, &((struct xm_timed_slot *)slot)->timer);
}

static int set(xmpp_conn *conn, xmpp_slot **ret_slot, int delay_ms, xmpp_timer_due_fn handler,
               void *userdata, xmpp_destroy_fn destroy)
{
    if (!handler || delay_ms < 0) {
        return XMPP_E_INVAL;
    }
    struct xm_timed_slot *timed =
        xm_slot_new(conn, XM_SLOT_TIMER, sizeof *timed, (xm_any_fn)handler, userdata, destroy);
    if (!timed) {
        return XMPP_E_NOMEM;
    }
    timed->timer = (struct xm_timer){0};
    if (xm_timers_set(&conn->timers, &timed->timer, xm_net_now() + delay_ms) < 0) {
        xm_slot_discard(&timed->slot);
        return XMPP_E_NOMEM;
    }
    xm_slot_add(&timed->slot, ret_slot);
    return 0;
}

int xmpp_conn_set_timer(xmpp_conn *conn, xmpp_slot **ret_slot, int delay_ms,
                        xmpp_timer_due_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    return xm_conn_leave(conn, set(conn, ret_slot, delay_ms, handler, userdata, destroy));
}

static void fire(xmpp_conn *conn, struct xmpp_slot *slot)
{
    xm_timer_forget(conn, slot);
    xm_slot_begin_walk(conn);
    ((xmpp_timer_due_fn)slot->handler)(conn, slot->userdata);
    xm_slot_end(slot);
    xm_slot_end_walk(conn);
}

static struct xmpp_slot *of_timer(struct xm_timer *timer)
{
    return &((struct xm_timed_slot *)(void *)((char *)timer -
                                              offsetof(struct xm_timed_slot, timer)))
                ->slot;
}

void xm_timer_tick(xmpp_conn *conn)
{
    uint64_t last = conn->n_registered; /* what is set in a handler waits for the next turn */
    for (struct xm_timer *timer;
         !conn->is_doomed && (timer = xm_timers_first(&conn->timers)) && timer->due <= conn->now;) {
        struct xmpp_slot *slot = of_timer(timer);
        if (slot->order > last) {
            return;
        }
        if (slot->kind == XM_SLOT_REQUEST) {
            xm_request_overdue(conn, slot);
        } else {
            fire(conn, slot);
        }
    }
}
