/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the five bytes that can matter to the structure of XML (< > " ' and NUL) at a few
 * instructions for sixteen bytes: all that a stanza's text costs before the parser sees it. What a
 * mark means, and whether it means anything where it stands, is the scanner's. */
#ifndef XM_XML_MARKS_H
#define XM_XML_MARKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { XM_MARKS_BLOCK = 64 };

/* Each byte that is zero becomes a bit, in the order of memory. */
static inline uint64_t xm_marks_zeros(uint64_t word)
{
    const uint64_t low7 = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t high = ~(((word & low7) + low7) | word | low7); /* 0x80 where the byte is zero */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    high = __builtin_bswap64(high);
#endif
    return (high >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/* The marks among 64 bytes, one bit each, the first the lowest: for any machine. */
static inline uint64_t xm_marks_block_plain(const uint8_t *bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t marks = 0;
    for (unsigned i = 0; i < XM_MARKS_BLOCK / 8; i++) {
        uint64_t word;
        memcpy(&word, bytes + 8 * i, sizeof word);
        uint64_t here = xm_marks_zeros(word) | xm_marks_zeros((word | 2 * ones) ^ '>' * ones) |
                        xm_marks_zeros(word ^ '"' * ones) | xm_marks_zeros(word ^ '\'' * ones);
        marks |= here << (8 * i);
    }
    return marks;
}

#ifdef __SSE2__
typedef char xm_marks_16 __attribute__((vector_size(16)));

static inline uint64_t xm_marks_of_16(const uint8_t *bytes)
{
    xm_marks_16 b;
    memcpy(&b, bytes, sizeof b);
    /* '<' and '>' differ in one bit */
    xm_marks_16 marks = ((b | 2) == '>') | (b == '"') | (b == '\'') | (b == 0);
    return (uint64_t)(unsigned)__builtin_ia32_pmovmskb128(marks);
}

static inline uint64_t xm_marks_block(const uint8_t *bytes)
{
    return xm_marks_of_16(bytes) | xm_marks_of_16(bytes + 16) << 16 |
           xm_marks_of_16(bytes + 32) << 32 | xm_marks_of_16(bytes + 48) << 48;
}
#else
static inline uint64_t xm_marks_block(const uint8_t *bytes)
{
    return xm_marks_block_plain(bytes);
}
#endif

/* A walk over all marks of some bytes. */
struct xm_marks {
    const uint8_t *bytes;
    size_t n;
    size_t next;   /* start of the block behind the one in `bits` */
    uint64_t bits; /* marks of the present block that were not given yet */
};

static inline struct xm_marks xm_marks_of(const uint8_t *bytes, size_t n, size_t from)
{
    return (struct xm_marks){.bytes = bytes, .n = n, .next = from};
}

/* The last block, where fewer than 64 bytes are left. */
static inline uint64_t xm_marks_rest(const uint8_t *bytes, size_t n)
{
    uint8_t padded[XM_MARKS_BLOCK];
    memset(padded, ' ', sizeof padded);
    memcpy(padded, bytes, n);
    return xm_marks_block(padded);
}

/* Looks for the next block with marks. 0 if there is none. */
static inline int xm_marks_refill(struct xm_marks *marks)
{
    while (marks->bits == 0) {
        if (marks->next >= marks->n) {
            return 0;
        }
        size_t left = marks->n - marks->next;
        const uint8_t *block = marks->bytes + marks->next;
        marks->bits = left >= XM_MARKS_BLOCK ? xm_marks_block(block) : xm_marks_rest(block, left);
        marks->next += XM_MARKS_BLOCK;
    }
    return 1;
}

/* Where the next mark of this block is; there must be one. */
static inline size_t xm_marks_take(struct xm_marks *marks)
{
    size_t at = marks->next - XM_MARKS_BLOCK + (size_t)__builtin_ctzll(marks->bits);
    marks->bits &= marks->bits - 1;
    return at;
}

#endif
