/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers drawn from a seed: block i is the SHA-256 of the seed and i, so who sees some of them
 * cannot tell the others. Not a source of entropy: the seed is (xm_random()), and not for keys. */
#include "crypto/draw.h"

#include <string.h>

#include "crypto/hash.h"

void xm_draw_init(struct xm_draw *draw, const uint8_t seed[XM_DRAW_SEED])
{
    *draw = (struct xm_draw){.counter = 0};
    memcpy(draw->seed, seed, XM_DRAW_SEED);
}

static void next_block(struct xm_draw *draw)
{
    uint8_t text[XM_DRAW_SEED + 8];
    memcpy(text, draw->seed, XM_DRAW_SEED);
    for (int i = 0; i < 8; i++) {
        text[XM_DRAW_SEED + i] = (uint8_t)(draw->counter >> (56 - 8 * i));
    }
    draw->counter++;
    draw->n_left = sizeof draw->block;
    /* One hash on the stack: what can fail is a GnuTLS that is in its error state as a whole, and
     * with that one no TLS session comes about either. */
    if (xm_hash_of(XM_SHA256, text, sizeof text, draw->block) < 0) {
        xm_random(draw->block, sizeof draw->block);
    }
}

void xm_draw_bytes(struct xm_draw *draw, void *bytes, size_t n)
{
    uint8_t *to = bytes;
    while (n > 0) {
        if (draw->n_left == 0) {
            next_block(draw);
        }
        size_t take = n < draw->n_left ? n : draw->n_left;
        memcpy(to, draw->block + sizeof draw->block - draw->n_left, take);
        draw->n_left = (uint8_t)(draw->n_left - take);
        to += take;
        n -= take;
    }
}

uint16_t xm_draw_u16(struct xm_draw *draw)
{
    uint8_t bytes[2];
    xm_draw_bytes(draw, bytes, sizeof bytes);
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

uint32_t xm_draw_u32(struct xm_draw *draw)
{
    uint32_t high = xm_draw_u16(draw);
    return high << 16 | xm_draw_u16(draw);
}
