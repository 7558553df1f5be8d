/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Staying connected: coming back, and noticing that the link is dead. A part of conn.h. */
#ifndef XM_CONN_STAYING_H
#define XM_CONN_STAYING_H

#include <stdint.h>

#include "xmpp/types.h"

enum { XM_ID_SIZE = 25 }; /* an id that we made, with its end */

/* --- retry.c: between attempts ---------------------------------------------------------------- */

struct xm_retry {
    int64_t due;       /* of the next attempt; INT64_MAX: it does not wait */
    unsigned n_failed; /* attempts in a row, for the bound of the wait */
    uint8_t is_on;
};

/* Of the attempt that has ended. 1: another follows, and when that is is known now. */
int xm_retry_plan(xmpp_conn *conn);
/* Begins that attempt when its time has come. */
void xm_retry_tick(xmpp_conn *conn);
/* What waits is offline. */
void xm_retry_stop(xmpp_conn *conn);
/* INT64_MAX: nothing waits. */
int64_t xm_retry_due(const xmpp_conn *conn);

/* --- alive.c: while online --------------------------------------------------------------------- */

/* What is known of the other side's life. */
struct xm_alive {
    int64_t heard;       /* when something was received last */
    int64_t n_received;  /* of the link then, in bytes */
    int64_t n_sent;      /* of the link when a sign of life was asked for */
    int64_t n_in_front;  /* the same, once all has left that stood in front of the question */
    int64_t n_arrived;   /* of what we sent, when that was looked at last */
    int64_t since;       /* when the first was said of what is unanswered; INT64_MAX: unknown */
    int64_t probe_due;   /* when a sign of life is due; INT64_MAX: none was asked for */
    int64_t stuck_from;  /* of blocked output: when a byte came or went last; INT64_MAX: none */
    int64_t n_moved;     /* bytes that had come and arrived then */
    uint8_t is_all;      /* whatever we say is to be answered: nobody else watches over it */
    uint8_t is_owed;     /* of that something was said, or a request timed out */
    uint8_t is_deaf;     /* it did not listen */
    char id[XM_ID_SIZE]; /* of the last ping */
};

/* The session begins. */
void xm_alive_begin(xmpp_conn *conn);
/* A request was sent; anything was. Online only. */
void xm_alive_asked(xmpp_conn *conn, int64_t now);
void xm_alive_said(xmpp_conn *conn);
/* A request's time is over: it stays unanswered. */
void xm_alive_unanswered(xmpp_conn *conn);
/* Receiving is turned on or off. */
void xm_alive_set_listening(xmpp_conn *conn, int on);
/* Behind what a turn received: notes it, asks for a sign of life, or ends a dead link. */
void xm_alive_tick(xmpp_conn *conn);
/* Behind what a turn sent: ends a link that takes nothing any more. */
void xm_alive_flushed(xmpp_conn *conn);
/* When a turn has to look at either next; INT64_MAX: never. */
int64_t xm_alive_due(const xmpp_conn *conn);
/* Asks for a sign of life now, if it listens and has not asked. 0, XMPP_E_NOMEM, XMPP_E_SYSTEM. */
int xm_alive_probe(xmpp_conn *conn);
/* 1 if this answers our ping. */
int xm_alive_answered(xmpp_conn *conn, const xmpp_stanza *iq);

#endif
