/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a message says of a name: its aliases are followed as far as they lead in the message, and
 * what stands at their end is the answer. */
#ifndef XM_DNS_READING_H
#define XM_DNS_READING_H

#include <stddef.h>
#include <stdint.h>

#include "base/answer.h"
#include "dns/message.h"

enum { XM_READING_LINKS_MAX = 8 }; /* aliases on the way to one answer, over all messages */

enum xm_verdict {
    XM_VERDICT_ANSWER,   /* records, or for certain none */
    XM_VERDICT_ALIAS,    /* another name has the answer, and is to be asked for */
    XM_VERDICT_CUT,      /* did not fit: to be asked for by TCP */
    XM_VERDICT_ERROR,    /* the server's code says so */
    XM_VERDICT_LAME,     /* it sends us elsewhere: the server does not resolve */
    XM_VERDICT_LOOP,     /* too many aliases */
    XM_VERDICT_MALFORMED /* what cannot be read */
};

/* On the way to an answer; goes on from message to message. */
struct xm_reading {
    char name[XM_DNS_NAME_MAX]; /* where the aliases have led so far; first what is asked for */
    unsigned n_links;
    uint32_t ttl;         /* the least so far; UINT32_MAX in the beginning */
    uint8_t is_authentic; /* every message so far had its AD bit set; first 1 */
    uint16_t rcode;       /* of the last message */
};

/* All but the name. */
void xm_reading_init(struct xm_reading *reading);
/* Reads a message that xm_message_match() has taken. An enum xm_verdict, or XMPP_E_NOMEM. *ret_answer
 * is set for ANSWER (owned, free()); its DNSSEC state is INSECURE: who believes AD bits sets it. */
int xm_reading_take(struct xm_reading *reading, const uint8_t *bytes, size_t n, enum xm_rr type,
                    struct xm_answer **ret_answer);

#endif
