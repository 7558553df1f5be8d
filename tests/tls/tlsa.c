/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record maker. */
#include "tls/tlsa.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

static gnutls_datum_t select_form(const struct cert *cert, unsigned selector)
{
    gnutls_datum_t der = {NULL, 0};
    gnutls_pubkey_t key;
    if (selector != 1) {
        if (gnutls_x509_crt_export2(cert->crt, GNUTLS_X509_FMT_DER, &der) < 0) {
            abort();
        }
        return der;
    }
    if (gnutls_pubkey_init(&key) < 0 || gnutls_pubkey_import_x509(key, cert->crt, 0) < 0 ||
        gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der) < 0) {
        abort();
    }
    gnutls_pubkey_deinit(key);
    return der;
}

struct xm_tlsa tlsa_make(const struct cert *cert, unsigned usage, unsigned selector,
                         unsigned matching, uint8_t *room, size_t size)
{
    gnutls_datum_t der = select_form(cert, selector);
    gnutls_digest_algorithm_t hash = matching == 2 ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256;
    size_t n = matching == 0 ? der.size : gnutls_hash_get_len(hash);
    if (n > size) {
        abort();
    }
    if (matching == 0) {
        memcpy(room, der.data, n);
    } else if (gnutls_hash_fast(hash, der.data, der.size, room) < 0) {
        abort();
    }
    gnutls_free(der.data);
    return (struct xm_tlsa){.usage = (uint8_t)usage,
                            .selector = (uint8_t)selector,
                            .matching = (uint8_t)matching,
                            .n_data = (uint16_t)n,
                            .data = room};
}
