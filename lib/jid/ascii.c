/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the ASCII characters may be in an address. Bytes of other characters have no bit: these
 * take the long way, through PRECIS or IDNA. */
#include "jid/ascii.h"

/* One row is sixteen characters. */
const uint8_t xm_ascii_table[256] = {
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  /* 0x00 */
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  /* 0x10 */
    2,  3,  2,  3,  3,  3,  2,  2,  3,  3,  3,  3,  3,  7,  7,  2,  /* 0x20 */
    7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  2,  3,  2,  3,  2,  3,  /* 0x30 */
    2,  10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, /* 0x40 */
    10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 3,  3,  3,  3,  7,  /* 0x50 */
    3,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  /* 0x60 */
    7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  3,  3,  3,  3,  0,  /* 0x70 */
};

unsigned xm_ascii_all(const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text;
    const uint8_t *end = at + len;
    unsigned all = ~0u;
    for (; end - at >= 4; at += 4) { /* each from and to of a stream comes by here */
        all &= xm_ascii_table[at[0]] & xm_ascii_table[at[1]] & xm_ascii_table[at[2]] &
               xm_ascii_table[at[3]];
    }
    for (; at < end; at++) {
        all &= xm_ascii_table[*at];
    }
    return all;
}

void xm_ascii_lower(char *to, const char *from, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = from[i];
        to[i] = xm_ascii_table[(uint8_t)c] & XM_ASCII_UPPER ? (char)(c | 0x20) : c;
    }
}
