/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PBKDF2 in slices. gnutls_pbkdf2() would be a little faster, but it cannot be left in the middle,
 * and an event loop must not stand still for half a million rounds. No second block: the key is as
 * long as the hash. */
#include "sasl/pbkdf2.h"

#include <string.h>

#include "base/mem.h"

int xm_pbkdf2_init(struct xm_pbkdf2 *pbkdf2, enum xm_hash hash, const char *password,
                   const uint8_t *salt, size_t n_salt, uint32_t iterations)
{
    static const uint8_t first_block[4] = {0, 0, 0, 1};
    *pbkdf2 = (struct xm_pbkdf2){.size = xm_hash_size(hash), .left = iterations - 1};
    int code = xm_hmac_new(&pbkdf2->hmac, hash, password, strlen(password));
    if (code == 0) {
        code = xm_hmac_add(pbkdf2->hmac, salt, n_salt);
    }
    if (code == 0) {
        code = xm_hmac_add(pbkdf2->hmac, first_block, sizeof first_block);
    }
    if (code < 0) {
        xm_pbkdf2_done(pbkdf2);
        return code;
    }
    xm_hmac_end(pbkdf2->hmac, pbkdf2->round);
    memcpy(pbkdf2->sum, pbkdf2->round, pbkdf2->size);
    return 0;
}

int xm_pbkdf2_step(struct xm_pbkdf2 *pbkdf2, uint32_t rounds)
{
    uint32_t n = rounds < pbkdf2->left ? rounds : pbkdf2->left;
    for (uint32_t i = 0; i < n; i++) {
        int code = xm_hmac_add(pbkdf2->hmac, pbkdf2->round, pbkdf2->size);
        if (code < 0) {
            return code;
        }
        xm_hmac_end(pbkdf2->hmac, pbkdf2->round);
        for (size_t k = 0; k < pbkdf2->size; k++) {
            pbkdf2->sum[k] ^= pbkdf2->round[k];
        }
    }
    pbkdf2->left -= n;
    return pbkdf2->left > 0;
}

void xm_pbkdf2_done(struct xm_pbkdf2 *pbkdf2)
{
    xm_hmac_free(pbkdf2->hmac);
    xm_mem_wipe(pbkdf2, sizeof *pbkdf2);
}
