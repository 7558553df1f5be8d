/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hash, HMAC and random bytes, by GnuTLS. Not a cipher and not a protocol: who needs a derived key
 * (PBKDF2, SCRAM) builds it above from these. */
#include "crypto/hash.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#include "xmpp/error.h"

struct xm_hmac {
    gnutls_hmac_hd_t handle;
};

static const struct {
    gnutls_digest_algorithm_t digest;
    gnutls_mac_algorithm_t mac;
    size_t size;
} algorithms[] = {
    [XM_SHA1] = {GNUTLS_DIG_SHA1, GNUTLS_MAC_SHA1, 20},
    [XM_SHA256] = {GNUTLS_DIG_SHA256, GNUTLS_MAC_SHA256, 32},
    [XM_SHA384] = {GNUTLS_DIG_SHA384, GNUTLS_MAC_SHA384, 48},
    [XM_SHA512] = {GNUTLS_DIG_SHA512, GNUTLS_MAC_SHA512, 64},
    [XM_SHA3_256] = {GNUTLS_DIG_SHA3_256, GNUTLS_MAC_UNKNOWN, 32},
    [XM_SHA3_512] = {GNUTLS_DIG_SHA3_512, GNUTLS_MAC_UNKNOWN, 64},
};

static int code_of(int gnutls_code)
{
    if (gnutls_code >= 0) {
        return 0;
    }
    return gnutls_code == GNUTLS_E_MEMORY_ERROR ? XMPP_E_NOMEM : XMPP_E_INTERNAL;
}

size_t xm_hash_size(enum xm_hash hash)
{
    return algorithms[hash].size;
}

int xm_hash_of(enum xm_hash hash, const void *bytes, size_t n, uint8_t *ret)
{
    return code_of(gnutls_hash_fast(algorithms[hash].digest, bytes, n, ret));
}

int xm_hmac_of(enum xm_hash hash, const void *key, size_t n_key, const void *bytes, size_t n,
               uint8_t *ret)
{
    return code_of(gnutls_hmac_fast(algorithms[hash].mac, key, n_key, bytes, n, ret));
}

int xm_random(void *bytes, size_t n)
{
    return gnutls_rnd(GNUTLS_RND_RANDOM, bytes, n) < 0 ? XMPP_E_SYSTEM : 0;
}

int xm_hmac_new(struct xm_hmac **ret_hmac, enum xm_hash hash, const void *key, size_t n_key)
{
    struct xm_hmac *hmac = malloc(sizeof *hmac);
    if (!hmac) {
        return XMPP_E_NOMEM;
    }
    int code = code_of(gnutls_hmac_init(&hmac->handle, algorithms[hash].mac, key, n_key));
    if (code < 0) {
        free(hmac);
        return code;
    }
    *ret_hmac = hmac;
    return 0;
}

void xm_hmac_free(struct xm_hmac *hmac)
{
    if (hmac) {
        gnutls_hmac_deinit(hmac->handle, NULL); /* GnuTLS wipes the keyed state */
        free(hmac);
    }
}

int xm_hmac_add(struct xm_hmac *hmac, const void *bytes, size_t n)
{
    return code_of(gnutls_hmac(hmac->handle, bytes, n));
}

void xm_hmac_end(struct xm_hmac *hmac, uint8_t *ret)
{
    gnutls_hmac_output(hmac->handle, ret); /* and begins anew with the same key */
}
