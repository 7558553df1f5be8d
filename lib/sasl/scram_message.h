/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages of SCRAM, RFC 5802 7: what the server sends, taken apart strictly; names, escaped. */
#ifndef XM_SASL_SCRAM_MESSAGE_H
#define XM_SASL_SCRAM_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "crypto/hash.h"

/* More than any honest server sends. */
enum { XM_SCRAM_MESSAGE_MAX = 4096, XM_SCRAM_SALT_MAX = 256 };

struct xm_scram_first {
    const char *nonce; /* borrowed from the message */
    size_t n_nonce;
    uint8_t salt[XM_SCRAM_SALT_MAX + 2]; /* whole groups of base64 */
    size_t n_salt;
    uint64_t iterations; /* larger than any uint32_t stands for all that is larger */
};

/* 0, or XMPP_E_AUTH_PROTOCOL with *ret_why; what a server-error means otherwise. */
int xm_scram_read_first(struct xm_scram_first *ret_first, const uint8_t *bytes, size_t n,
                        const char **ret_why);
/* The signature of a server-final-message, which must have n_signature bytes. Returns as above. */
int xm_scram_read_final(uint8_t *ret_signature, size_t n_signature, const uint8_t *bytes, size_t n,
                        const char **ret_why);
/* Appends a saslname, with ',' and '=' escaped. 0 or XMPP_E_NOMEM. */
int xm_scram_add_name(struct xm_buf *out, const char *name);

#endif
