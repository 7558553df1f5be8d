/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A target: a host and a port that may be connected to, and what DNS says of it. From the answers
 * it makes tries, or leaves itself out (RFC 7673 3).
 *
 *     CLOSED      its group is not due yet
 *       │  xm_target_open(): AAAA and A are asked for
 *       ▼
 *     ADDRESSES   one of both is missing. With a secure SRV nothing is tried until both are there
 *       │ │
 *       │ └─ SRV and an address are secure ─▶ TLSA   that answer is missing, nothing is tried
 *       ▼                                      │
 *     DONE   its tries are known, or it is ◀───┘
 *            left out
 */
#ifndef XM_DIAL_TARGET_H
#define XM_DIAL_TARGET_H

#include "dial/question.h"
#include "dial/tries.h"

enum xm_target_state { XM_TARGET_CLOSED, XM_TARGET_ADDRESSES, XM_TARGET_TLSA, XM_TARGET_DONE };

struct xm_target {
    enum xm_target_state state;
    char *host; /* owned */
    uint16_t port;
    uint16_t priority;
    uint16_t weight;
    uint8_t is_srv;
    uint8_t is_direct;
    uint8_t is_secure;    /* found by a secure SRV answer: RFC 7673 applies */
    uint8_t dnssec;       /* of what led to it; secure where nothing was asked */
    unsigned group;       /* from 0 */
    unsigned rank;        /* in the order of SRV, from 0 */
    const char *left_out; /* why it is never looked up, static; NULL */

    unsigned addresses[2]; /* questions: AAAA, A */
    unsigned tlsa_question;
    uint8_t has_taken[2];
    uint8_t n_kept;   /* places among the tries that wait for it */
    uint8_t has_ipv6; /* an IPv6 address is known that there is a way to */
    unsigned n_tries; /* that can be started */
    enum xm_dane dane;
    struct xm_tlsa *tlsa; /* owned; the data is the answer's. Those that can be used first */
    uint8_t n_tlsa;
};

void xm_target_done(struct xm_target *target);
/* Keeps it a place among the tries for each family, until that is known: whatever others have, one
 * address of each of its families can be tried. Once, before any target is opened. */
void xm_target_keep_places(struct xm_target *target, struct xm_tries *tries);
/* Begins with it: a numeric address is a try at once, of a name the addresses are asked for. 0 or
 * XMPP_E_NOMEM. */
int xm_target_open(struct xm_target *target, struct xm_questions *questions,
                   struct xm_tries *tries);
/* Does what the answers that are there allow. 0 or XMPP_E_NOMEM. */
int xm_target_look(struct xm_target *target, struct xm_questions *questions,
                   struct xm_tries *tries);

#endif
