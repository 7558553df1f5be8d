/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sixteen bytes of text looked at in one step, by the compiler's vectors: no header of a processor,
 * and no byte beyond the text is read. What is looked for is the caller's. */
#ifndef XM_BASE_BLOCK_H
#define XM_BASE_BLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { XM_BLOCK = 16 };
typedef uint8_t xm_block __attribute__((vector_size(XM_BLOCK)));

static inline xm_block xm_block_load(const char *text)
{
    xm_block block;
    memcpy(&block, text, sizeof block);
    return block;
}

/* All bytes of a text of fewer than sixteen, some of them twice, and spaces. */
static inline xm_block xm_block_load_short(const char *text, size_t n)
{
    typedef uint64_t words __attribute__((vector_size(XM_BLOCK)));
    const uint64_t spaces = UINT64_C(0x2020202020202020);
    uint64_t front = spaces;
    uint64_t back = spaces;
    if (n >= 8) {
        memcpy(&front, text, 8);
        memcpy(&back, text + n - 8, 8);
    } else if (n >= 4) {
        uint32_t half;
        memcpy(&half, text, 4);
        front = half;
        memcpy(&half, text + n - 4, 4);
        back = half | spaces << 32;
        front |= spaces << 32;
    } else if (n > 0) {
        front = (uint8_t)text[0] | (uint32_t)(uint8_t)text[n / 2] << 8;
        front |= (uint64_t)(uint8_t)text[n - 1] << 16 | spaces << 24;
    }
    return (xm_block)(words){front, back};
}

/* 1 if a byte of what a comparison of blocks gave is set. */
static inline int xm_block_any(xm_block hits)
{
    uint64_t halves[2];
    memcpy(halves, &hits, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

#endif
