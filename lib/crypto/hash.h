/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hash, HMAC and random bytes on GnuTLS, for everybody above. Names no session and no protocol. */
#ifndef XM_CRYPTO_HASH_H
#define XM_CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The last two as hashes only, not in an HMAC. */
enum xm_hash { XM_SHA1, XM_SHA256, XM_SHA384, XM_SHA512, XM_SHA3_256, XM_SHA3_512 };
enum { XM_HASH_MAX = 64 };

size_t xm_hash_size(enum xm_hash hash);
/* Each 0 or XMPP_E_INTERNAL, XMPP_E_NOMEM. `ret` has room for xm_hash_size() bytes. */
int xm_hash_of(enum xm_hash hash, const void *bytes, size_t n, uint8_t *ret);
int xm_hmac_of(enum xm_hash hash, const void *key, size_t n_key, const void *bytes, size_t n,
               uint8_t *ret);
/* Cryptographically strong random bytes. 0 or XMPP_E_SYSTEM. */
int xm_random(void *bytes, size_t n);

/* One key, many messages: the keyed state is made once (for PBKDF2 in slices). */
struct xm_hmac;
int xm_hmac_new(struct xm_hmac **ret_hmac, enum xm_hash hash, const void *key, size_t n_key);
void xm_hmac_free(struct xm_hmac *hmac);
int xm_hmac_add(struct xm_hmac *hmac, const void *bytes, size_t n);
/* The code of what was added since the last time; the state is as new. */
void xm_hmac_end(struct xm_hmac *hmac, uint8_t *ret);

#endif
