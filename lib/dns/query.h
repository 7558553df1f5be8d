/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One query: a name and a type, asked of one server after the other until one answers.
 *
 *                     a channel is free
 *       WAITING ───────────────────────────▶ UDP ◀──┐  the next server; this one again without EDNS0;
 *          │                                 │ │ └──┘  the name that an alias leads to
 *          │             cut off, other case │ │
 *          │                                 ▼ │
 *          │                                TCP ──────▶ UDP, as above
 *          │ no memory, no server            │ │
 *          └───────────────────────────────▶ DONE      an answer, or no server is left
 *
 * Each time UDP or TCP is entered there is another socket, another id, and for UDP another case. */
#ifndef XM_DNS_QUERY_H
#define XM_DNS_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/answer.h"
#include "base/buf.h"
#include "crypto/draw.h"
#include "dns/message.h"
#include "dns/reading.h"
#include "dns/resolv_conf.h"

/* Whom all queries of a resolver ask, and what has been learned of them: a bit for each server. */
struct xm_servers {
    struct xm_dns_config config;
    uint8_t without_edns0; /* it did not understand it */
    uint8_t without_case;  /* it does not repeat the case of letters: by TCP alone */
    struct xm_draw draw;
};

enum xm_query_state {
    XM_QUERY_WAITING, /* nothing has been asked: it has no channel */
    XM_QUERY_UDP,     /* a datagram leaves, or has left; its answer is waited for */
    XM_QUERY_TCP,     /* the same by TCP */
    XM_QUERY_DONE     /* nothing more happens to it */
};

struct xm_query {
    struct xm_query *next; /* the owner's list */
    int channel;           /* the owner's; -1: none */

    char name[XM_DNS_NAME_MAX]; /* what was asked for; what is asked now stands in `reading` */
    enum xm_rr type;
    enum xm_query_state state;
    uint8_t is_new_socket; /* set with each new one; the owner clears it */
    int64_t deadline;      /* of this server */

    uint8_t first;    /* the server that comes first */
    uint8_t n_before; /* how many were asked before this one, all rounds together */
    uint16_t id;
    char asked[XM_DNS_NAME_MAX]; /* in the case in which it was asked */
    struct xm_reading reading;
    uint8_t out[2 + XM_MESSAGE_QUERY_MAX]; /* TCP's length, the query */
    size_t n_out;
    size_t n_sent;
    struct xm_buf in; /* what came by TCP */

    struct xm_answer *answer; /* DONE: owned; NULL: it failed */
    const char *reason;       /* the most telling failure so far; static */
    uint8_t is_nomem;         /* it failed for want of memory */
    uint8_t rank;             /* of the reason */
    struct xm_addr server;    /* who answered; family 0: nobody */
    int64_t ended;
};

/* `name` as xm_dns_name_read() gives it. NULL if out of memory. */
struct xm_query *xm_query_new(const char *name, enum xm_rr type);
void xm_query_free(struct xm_query *query);
/* It has been answered already. Takes the answer. */
void xm_query_answer(struct xm_query *query, struct xm_answer *answer, int64_t now);

/* The first server is asked. */
void xm_query_begin(struct xm_query *query, struct xm_servers *servers, int64_t now);
const struct xm_addr *xm_query_get_server(const struct xm_query *query,
                                          const struct xm_servers *servers);
/* What is still to be sent. */
const uint8_t *xm_query_peek(const struct xm_query *query, size_t *ret_n);
void xm_query_sent(struct xm_query *query, size_t n);
void xm_query_recv(struct xm_query *query, struct xm_servers *servers, const uint8_t *bytes,
                   size_t n, int64_t now);
/* The socket failed. */
void xm_query_failed(struct xm_query *query, struct xm_servers *servers, int64_t now);
/* Time passes. */
void xm_query_tick(struct xm_query *query, struct xm_servers *servers, int64_t now);

#endif
