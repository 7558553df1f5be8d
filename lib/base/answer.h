/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What DNS said to one question, as plain data: how answers cross from layer to layer, as only dns/
 * knows the wire format. One block of memory: free() frees it all. */
#ifndef XM_BASE_ANSWER_H
#define XM_BASE_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* Types of records that are asked for (RFC 1035, 3596, 2782, 6698). */
enum xm_rr { XM_RR_A = 1, XM_RR_AAAA = 28, XM_RR_SRV = 33, XM_RR_TLSA = 52 };

/* What DNSSEC says of an answer (RFC 4035 4.3). */
enum xm_dnssec {
    XM_DNSSEC_INSECURE = 0,     /* nothing is signed, or nobody who may say so has validated it */
    XM_DNSSEC_SECURE = 1,       /* validated, the whole chain of aliases included */
    XM_DNSSEC_BOGUS = 2,        /* it should be signed, and is not, or wrongly */
    XM_DNSSEC_INDETERMINATE = 3 /* cannot be found out: the look-up failed */
};

enum xm_answer_status {
    XM_ANSWER_FOUND = 0,   /* there are records */
    XM_ANSWER_NONE = 1,    /* the name has no records of this type */
    XM_ANSWER_NO_NAME = 2, /* there is no such name (RFC 2308) */
    XM_ANSWER_FAILED = 3   /* nobody could tell: never the same as "no records" */
};

/* A certificate association of RFC 6698 2.1. */
struct xm_tlsa {
    uint8_t usage;
    uint8_t selector;
    uint8_t matching;
    uint16_t n_data;
    const uint8_t *data;
};

/* 1 if a TLSA record can be used (RFC 6698 4.1): usage, selector and matching type are known, and
 * the data has the length of its hash. */
int xm_tlsa_is_usable(const struct xm_tlsa *tlsa);

/* Of a record the fields of its type are filled. */
struct xm_record {
    uint16_t priority; /* SRV */
    uint16_t weight;
    uint16_t port;
    const char *target;  /* lower case, without the dot at its end; "" is the root */
    struct xm_addr addr; /* A, AAAA; port 0 */
    struct xm_tlsa tlsa;
};

struct xm_answer {
    enum xm_answer_status status;
    enum xm_dnssec dnssec;
    uint32_t
        ttl; /* seconds; the least of the chain and the records, or of the SOA for negative ones */
    size_t n_records;
    struct xm_record *records; /* in the order of the answer */
};

enum { XM_ANSWER_RECORDS_MAX = 64 }; /* more are cut off, of SRV those of the highest priorities */

/* A copy of an answer with all it points to; NULL if out of memory. Owned, free(). */
struct xm_answer *xm_answer_dup(const struct xm_answer *answer);

#endif
