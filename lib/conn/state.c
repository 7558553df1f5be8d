/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state, and telling it: what is entered anywhere is told at the next safe point inside
 * process, in order, each once. */
#include <string.h>

#include "conn/conn.h"
#include "conn/modules.h"

void xm_state_set(xmpp_conn *conn, int state)
{
    if (conn->state == state) {
        return;
    }
    conn->state = state;
    if (conn->n_tells < XM_TELLS_MAX) { /* more never gather: each turn tells */
        conn->tells[conn->n_tells++] = (uint8_t)state;
    }
}

static void tell(xmpp_conn *conn, int state)
{
    uint64_t last = conn->n_registered;
    xm_modules_tell(conn, state);
    xm_slot_begin_walk(conn);
    for (struct xmpp_slot *slot = NULL; (slot = xm_slot_next(conn, XM_SLOT_STATE, slot, last));) {
        ((xmpp_state_fn)slot->handler)(conn, state, slot->userdata);
    }
    xm_slot_end_walk(conn);
}

void xm_state_tell(xmpp_conn *conn)
{
    while (conn->n_tells > 0 && !conn->is_doomed) {
        int state = conn->tells[0];
        memmove(conn->tells, conn->tells + 1, --conn->n_tells);
        tell(conn, state);
    }
}

int xmpp_conn_on_state(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_state_fn handler, void *userdata,
                       xmpp_destroy_fn destroy)
{
    return xm_slot_register(conn, ret_slot, XM_SLOT_STATE, (xm_any_fn)handler, userdata, destroy);
}
