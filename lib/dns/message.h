/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DNS messages on the wire (RFC 1035 4): a query is written, an answer is told apart from what is
 * none, and its records are read. What they mean is said in reading.h. */
#ifndef XM_DNS_MESSAGE_H
#define XM_DNS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/answer.h"
#include "dns/resolver.h"

enum {
    XM_MESSAGE_QUERY_MAX = 12 + 255 + 4 + 11, /* header, name, type and class, OPT */
    XM_MESSAGE_ITEMS_MAX = 512,               /* records of one message that are kept */
    XM_MESSAGE_UDP_SIZE = 1232,               /* what fits one packet anywhere, as EDNS0 says it */
    XM_MESSAGE_BADVERS = 16                   /* RFC 6891 6.1.3 */
};

/* Types that are read, but not asked for. */
enum { XM_MESSAGE_NS = 2, XM_MESSAGE_CNAME = 5, XM_MESSAGE_SOA = 6, XM_MESSAGE_OPT = 41 };

struct xm_message_query {
    const char *name; /* in the case in which it is to be asked */
    enum xm_rr type;
    uint16_t id;
    uint8_t has_edns0;
};

/* The length of the query, or XMPP_E_NOMEM. */
int xm_message_write(const struct xm_message_query *query, uint8_t bytes[XM_MESSAGE_QUERY_MAX]);

/* Whether bytes are the answer to a query (RFC 5452 9.1). */
enum xm_message_match {
    XM_MESSAGE_STRANGE,    /* no: another id or question, no answer, no message at all */
    XM_MESSAGE_BARE,       /* the header alone, with its id and an error: it was not understood */
    XM_MESSAGE_OTHER_CASE, /* but for the case of the letters */
    XM_MESSAGE_OURS,
    XM_MESSAGE_NO_MEMORY
};
/* `id` negative: any. */
enum xm_message_match xm_message_match(const uint8_t *bytes, size_t n, const char *name,
                                       enum xm_rr type, int id);

/* A record of class IN. */
struct xm_message_item {
    uint16_t type;
    uint32_t ttl; /* of a SOA what it allows for negative answers (RFC 2308 5) */
    char owner[XM_DNS_NAME_MAX];
    char target[XM_DNS_NAME_MAX]; /* of CNAME and SRV; "" is the root */
    struct xm_record record;      /* A, AAAA, SRV, TLSA: points into the message's bytes, and not to
                                     the target */
};

/* What of a message counts: of the answers records of the type asked for and aliases, in their
 * order; the SOA of the authority section. */
struct xm_message {
    uint16_t rcode; /* with what EDNS0 adds to it */
    uint8_t is_cut; /* TC: nothing but the header was read */
    uint8_t is_authoritative;
    uint8_t is_authentic; /* the AD bit; nothing yet about whether it is believed */
    uint8_t has_ns;       /* in the authority section */
    uint8_t has_soa;
    struct xm_message_item soa;
    struct xm_message_item *items;
    size_t n_items;
    size_t cap;
};

/* Reads what xm_message_match() has taken for an answer. 0, XMPP_E_NOMEM, or XMPP_E_PROTOCOL for what
 * is malformed; then there is nothing to give back. */
int xm_message_read(const uint8_t *bytes, size_t n, enum xm_rr type,
                    struct xm_message *ret_message);
void xm_message_done(struct xm_message *message);

/* The name of a code, static: "SERVFAIL". */
const char *xm_message_rcode_text(uint16_t rcode);

#endif
