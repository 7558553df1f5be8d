/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A registration, and lists of them. A slot belongs to the connection, and to the application as
 * well if it asked for it; it is unlinked and destroyed only when nobody is walking the lists, so
 * that a handler may drop any slot, its own included. */
#ifndef XM_CONN_SLOT_H
#define XM_CONN_SLOT_H

#include <stdint.h>

#include "base/timers.h"
#include "xmpp/ask.h"
#include "xmpp/handler.h"

enum xm_slot_kind {
    XM_SLOT_MESSAGE,
    XM_SLOT_PRESENCE,
    XM_SLOT_STATE,
    XM_SLOT_WRITABLE,
    XM_SLOT_ASK,
    XM_SLOT_IQ,
    XM_SLOT_REQUEST,
    XM_SLOT_TIMER,
    XM_SLOT_KINDS
};

typedef void (*xm_any_fn)(void);

struct xmpp_slot {
    xmpp_conn *conn; /* NULL: over, the application's part is all that is left */
    struct xmpp_slot *next;
    struct xmpp_slot *prev;
    struct xmpp_slot *next_dead;
    uint64_t order; /* of registration */
    xm_any_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
    uint8_t kind;
    uint8_t is_held; /* by the application */
    uint8_t is_dead; /* dropped while the lists were walked */
};

/* One that its time ends: a request, a timer. */
struct xm_timed_slot {
    struct xmpp_slot slot;
    struct xm_timer timer;
};

struct xm_slot_list {
    struct xmpp_slot *first;
    struct xmpp_slot *last;
};

/* A new slot of `size` bytes, a structure that begins with one, not yet in a list; what is behind
 * the slot in it is the caller's to fill. NULL if out of memory. */
void *xm_slot_new(xmpp_conn *conn, enum xm_slot_kind kind, size_t size, xm_any_fn handler,
                  void *userdata, xmpp_destroy_fn destroy);
/* Puts it at the end of its kind's list and hands it out, if ret_slot is not NULL. */
void xm_slot_add(struct xmpp_slot *slot, xmpp_slot **ret_slot);
/* Frees a slot that was not added; destroys nothing. Takes NULL. */
void xm_slot_discard(struct xmpp_slot *slot);
/* New and add, as a whole public call, for the kinds that need nothing more. */
int xm_slot_register(xmpp_conn *conn, xmpp_slot **ret_slot, enum xm_slot_kind kind,
                     xm_any_fn handler, void *userdata, xmpp_destroy_fn destroy);
/* The registration is over: destroys the userdata, now or as soon as nobody walks the lists. */
void xm_slot_end(struct xmpp_slot *slot);
/* The next of a kind behind `slot` (NULL: from the first) that is alive and was registered no later
 * than `last`, so that what a handler registers waits for the next walk. NULL when there are no more,
 * and once the connection is dropped. Between begin and end of a walk only. */
struct xmpp_slot *xm_slot_next(const xmpp_conn *conn, enum xm_slot_kind kind,
                               const struct xmpp_slot *slot, uint64_t last);
/* Walking the lists begins and ends; it nests. */
void xm_slot_begin_walk(xmpp_conn *conn);
void xm_slot_end_walk(xmpp_conn *conn);
/* Ends all slots of the connection. */
void xm_slot_end_all(xmpp_conn *conn);

#endif
