/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Can a TLSA record be used at all? Of the record alone: whether DNSSEC vouches for it is asked
 * elsewhere, and so is whether a certificate matches it. */
#include "base/answer.h"

enum { USAGE_MAX = 3, SELECTOR_MAX = 1, SHA256_SIZE = 32, SHA512_SIZE = 64 };

int xm_tlsa_is_usable(const struct xm_tlsa *tlsa)
{
    if (tlsa->usage > USAGE_MAX || tlsa->selector > SELECTOR_MAX) {
        return 0;
    }
    switch (tlsa->matching) { /* RFC 6698 2.1.3 */
    case 0:
        return tlsa->n_data > 0;
    case 1:
        return tlsa->n_data == SHA256_SIZE;
    case 2:
        return tlsa->n_data == SHA512_SIZE;
    default:
        return 0;
    }
}
