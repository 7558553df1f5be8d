/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of SRV records (RFC 2782, "Usage rules"). */
#ifndef XM_DIAL_SRV_H
#define XM_DIAL_SRV_H

#include <stddef.h>
#include <stdint.h>

struct xm_srv {
    uint16_t priority;
    uint16_t weight;
    size_t index; /* the caller's: which record it was */
};

/* Orders by priority, and within each by the running sum of weights: those of weight 0 first in the
 * list, a number from 0 to the sum inclusive, the first record whose running sum is not below it.
 * `random` has n numbers, one for each place of the order; each is taken modulo (sum + 1). */
void xm_srv_order(struct xm_srv *list, size_t n, const uint32_t *random);

#endif
