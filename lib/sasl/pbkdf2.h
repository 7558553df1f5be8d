/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PBKDF2 (RFC 8018 5.2), one block, in slices: SCRAM's Hi() of RFC 5802 2.2. */
#ifndef XM_SASL_PBKDF2_H
#define XM_SASL_PBKDF2_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"

/* All zero is one that was not begun. */
struct xm_pbkdf2 {
    struct xm_hmac *hmac; /* keyed with the password */
    size_t size;
    uint32_t left; /* rounds */
    uint8_t round[XM_HASH_MAX];
    uint8_t sum[XM_HASH_MAX]; /* the key, when no rounds are left */
};

/* Does the first round; `iterations` is at least 1. 0 or XMPP_E_NOMEM, XMPP_E_INTERNAL. */
int xm_pbkdf2_init(struct xm_pbkdf2 *pbkdf2, enum xm_hash hash, const char *password,
                   const uint8_t *salt, size_t n_salt, uint32_t iterations);
/* Does at most so many rounds. 0: the key is in `sum`; 1: more are left; or a negative code. */
int xm_pbkdf2_step(struct xm_pbkdf2 *pbkdf2, uint32_t rounds);
/* Wipes; harmless twice. */
void xm_pbkdf2_done(struct xm_pbkdf2 *pbkdf2);

#endif
