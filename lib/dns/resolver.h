/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stub resolver as a sans-I/O engine: questions go in, answers come out, and in between it says
 * which sockets it wants, what is to be sent over them, and takes what was received. ldns is its wire
 * codec (message.c), and nothing more.
 *
 * Channels: at most XM_DNS_CHANNELS sockets at a time, each for one question to one server; a
 * question that finds none free waits for its turn. The owner makes what is open match what is
 * wanted: whenever a channel's serial differs from the one it knows, what is open there is closed,
 * and, if kind is not NONE, a new socket is opened. Each call that takes something may change it: what
 * the old socket still has is not for the new question.
 *
 * An answer is taken only from the server that was asked, over the socket it was asked on, with the
 * question's id, name, type, and case of letters; by UDP anything else is dropped, and waiting goes on
 * (RFC 5452). Servers are asked one after the other, each for the same time, in `attempts` rounds. */
#ifndef XM_DNS_RESOLVER_H
#define XM_DNS_RESOLVER_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/answer.h"
#include "crypto/draw.h"
#include "dns/resolv_conf.h"

enum { XM_DNS_CHANNELS = 8, XM_DNS_NAME_MAX = 254, XM_DNS_UDP_MAX = 4096 };

struct xm_resolver;

/* 0 or XMPP_E_NOMEM. The configuration is copied; the seed makes ids, the order of servers under
 * `rotate`, and the case of letters. */
int xm_resolver_new(struct xm_resolver **ret_resolver, const struct xm_dns_config *config,
                    const uint8_t seed[XM_DRAW_SEED]);
/* The same for one that is there: questions that are open are forgotten. The cache stays if the servers
 * do: what others said, or were believed, does not hold for these. */
void xm_resolver_configure(struct xm_resolver *resolver, const struct xm_dns_config *config,
                           const uint8_t seed[XM_DRAW_SEED]);
/* Takes NULL. */
void xm_resolver_free(struct xm_resolver *resolver);

/* --- questions and answers ------------------------------------------------------------------- */

/* Asks for the records of a name (A-labels, complete, with or without the dot at its end). The number
 * of the question, from 1, with which it is answered exactly once; it may be answered from the cache,
 * or share another's query. XMPP_E_INVAL for what is no name, XMPP_E_NOMEM, XMPP_E_TOO_BIG for too
 * many questions. */
int xm_resolver_ask(struct xm_resolver *resolver, const char *name, enum xm_rr type, int64_t now);
/* Forgets all questions, and closes all channels; the cache stays. */
void xm_resolver_cancel(struct xm_resolver *resolver);
/* Forgets what is out of date, and all memory that is not the cache's; INT64_MAX: the cache too. */
void xm_resolver_idle(struct xm_resolver *resolver, int64_t now);

struct xm_resolver_event {
    int question;
    const struct xm_answer *answer; /* borrowed (until the next call) */
    const struct xm_addr *server;   /* who said so; NULL: the cache, or nobody */
    int64_t took;                   /* ms */
    const char *reason; /* of a failure, static: "SERVFAIL", "no answer", … ; else NULL */
    int is_nomem;       /* it failed for want of memory, here */
};
/* The next answer: 1, or 0 if there is none now. */
int xm_resolver_next(struct xm_resolver *resolver, struct xm_resolver_event *ret_event);

/* --- channels --------------------------------------------------------------------------------- */

enum xm_channel_kind { XM_CHANNEL_NONE, XM_CHANNEL_UDP, XM_CHANNEL_TCP };
struct xm_channel {
    uint32_t serial; /* another one: another socket */
    enum xm_channel_kind kind;
    struct xm_addr server;
};
/* What is wanted of channel 0 to XM_DNS_CHANNELS - 1. */
void xm_resolver_get_channel(const struct xm_resolver *resolver, unsigned channel,
                             struct xm_channel *ret_channel);
/* What is to be sent: for UDP one datagram. *ret_n 0: nothing. Borrowed (until the next call). */
const uint8_t *xm_resolver_peek(const struct xm_resolver *resolver, unsigned channel,
                                size_t *ret_n);
/* So many bytes of it were taken. */
void xm_resolver_sent(struct xm_resolver *resolver, unsigned channel, size_t n);
/* What was received: for UDP one datagram, whole. */
void xm_resolver_recv(struct xm_resolver *resolver, unsigned channel, const uint8_t *bytes,
                      size_t n, int64_t now);
/* The socket cannot be opened, was refused (for UDP by ICMP), cut, or is at its end: the next server
 * at once. */
void xm_resolver_failed(struct xm_resolver *resolver, unsigned channel, int64_t now);

/* --- time ------------------------------------------------------------------------------------- */

/* INT64_MAX: none. */
int64_t xm_resolver_deadline(const struct xm_resolver *resolver);
void xm_resolver_tick(struct xm_resolver *resolver, int64_t now);

/* --- for a resolver of the application's ------------------------------------------------------- */

/* Reads a whole DNS message that answers (name, type), such as DNS over HTTPS delivers (RFC 8484); its
 * id is not looked at. `trust_ad`: its AD bit is believed. 0 (also for an answer that says FAILED),
 * XMPP_E_PROTOCOL for what answers no such question, XMPP_E_NOMEM. *ret_answer is owned, free(). */
int xm_dns_read_answer(const uint8_t *bytes, size_t n, const char *name, enum xm_rr type,
                       int trust_ad, struct xm_answer **ret_answer);

#endif
