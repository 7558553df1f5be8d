/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hash functions of the public face, by the names that protocols write (XEP-0300 3.1). Not more
 * than a table above crypto/hash.h. */
#include <stddef.h>
#include <string.h>

#include "crypto/hash.h"
#include "xmpp/error.h"
#include "xmpp/util.h"

static const struct {
    const char *name;
    enum xm_hash hash;
} hashes[] = {
    [XMPP_HASH_SHA1] = {"sha-1", XM_SHA1},
    [XMPP_HASH_SHA256] = {"sha-256", XM_SHA256},
    [XMPP_HASH_SHA512] = {"sha-512", XM_SHA512},
    [XMPP_HASH_SHA3_256] = {"sha3-256", XM_SHA3_256},
    [XMPP_HASH_SHA3_512] = {"sha3-512", XM_SHA3_512},
};
enum { N_HASHES = (int)(sizeof hashes / sizeof *hashes) };

const char *xmpp_hash_get_name(int hash)
{
    return hash > 0 && hash < N_HASHES ? hashes[hash].name : NULL;
}

int xmpp_hash_from_name(const char *name)
{
    for (int hash = 1; name && hash < N_HASHES; hash++) {
        if (strcmp(hashes[hash].name, name) == 0) {
            return hash;
        }
    }
    return 0;
}

int xmpp_hash(int hash, const void *bytes, size_t n, uint8_t *digest)
{
    if (!xmpp_hash_get_name(hash) || (!bytes && n > 0) || !digest) {
        return XMPP_E_INVAL;
    }
    enum xm_hash kind = hashes[hash].hash;
    int result = xm_hash_of(kind, n > 0 ? bytes : "", n, digest);
    return result < 0 ? result : (int)xm_hash_size(kind);
}
