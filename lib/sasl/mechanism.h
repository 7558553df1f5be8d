/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a SASL mechanism is to the front (sasl.c): a small table of functions, bytes in and bytes
 * out. A new mechanism is a file with such a table, a line in choose.c that says when it may be
 * used, and a line in sasl.c that makes it. */
#ifndef XM_SASL_MECHANISM_H
#define XM_SASL_MECHANISM_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "crypto/hash.h"
#include "sasl/sasl.h"

struct xm_mechanism;

/* The front calls these only in an order that makes sense: start once, then a challenge at a time,
 * work while it was asked for, nothing behind an error. */
struct xm_mechanism_ops {
    /* The initial response. 0 with *ret_has, or a negative code. */
    int (*start)(struct xm_mechanism *self, struct xm_buf *out, int *ret_has);
    /* An enum xm_sasl_result, or a negative code. */
    int (*challenge)(struct xm_mechanism *self, const uint8_t *bytes, size_t n, struct xm_buf *out);
    /* One slice of computing. NULL: never returns XM_SASL_WORK. */
    int (*work)(struct xm_mechanism *self, uint32_t rounds, struct xm_buf *out);
    /* Wipes and frees. */
    void (*free)(struct xm_mechanism *self);
};

/* First in the struct of each mechanism. */
struct xm_mechanism {
    const struct xm_mechanism_ops *ops;
    int is_done;        /* nothing is missing but the server's success */
    const char *reason; /* of the error that was returned, static */
};

/* SCRAM's family, the strongest hash first. */
struct xm_scram_name {
    const char *plain;
    const char *plus;
    const char *hash_name; /* as in the mechanism's name */
    enum xm_hash hash;
};
enum { XM_SCRAM_NAMES = 3 };
extern const struct xm_scram_name xm_scram_names[XM_SCRAM_NAMES];

int xm_scram_new(struct xm_mechanism **ret_mechanism, const struct xm_scram_name *name,
                 const struct xm_sasl_choice *choice, const struct xm_sasl_policy *policy,
                 const struct xm_sasl_channel *channel, struct xm_sasl_cache *cache,
                 const uint8_t *nonce, size_t n_nonce);
/* PLAIN, EXTERNAL, ANONYMOUS and DIGEST-MD5, by libgsasl. */
int xm_gsasl_new(struct xm_mechanism **ret_mechanism, const struct xm_sasl_choice *choice,
                 const struct xm_sasl_policy *policy);

#endif
