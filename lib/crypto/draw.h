/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers that nobody can predict, drawn from a seed: so engines that need many take one argument,
 * and a test that gives the seed knows them all. SHA-256 of seed and counter. */
#ifndef XM_CRYPTO_DRAW_H
#define XM_CRYPTO_DRAW_H

#include <stddef.h>
#include <stdint.h>

enum { XM_DRAW_SEED = 32 };

struct xm_draw {
    uint8_t seed[XM_DRAW_SEED];
    uint64_t counter;
    uint8_t block[32];
    uint8_t n_left; /* of the block */
};

void xm_draw_init(struct xm_draw *draw, const uint8_t seed[XM_DRAW_SEED]);
/* The next n bytes. Never fails: the hash is computed without allocating. */
void xm_draw_bytes(struct xm_draw *draw, void *bytes, size_t n);
uint16_t xm_draw_u16(struct xm_draw *draw);
uint32_t xm_draw_u32(struct xm_draw *draw);

#endif
