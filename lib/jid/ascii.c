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
    unsigned all = ~0u;
    for (size_t i = 0; i < len; i++) {
        all &= xm_ascii_table[(uint8_t)text[i]];
    }
    return all;
}

unsigned xm_ascii_any(const char *text, size_t len, unsigned bit)
{
    for (size_t i = 0; i < len; i++) {
        if (xm_ascii_table[(uint8_t)text[i]] & bit) {
            return 1;
        }
    }
    return 0;
}

void xm_ascii_lower(char *to, const char *from, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = from[i];
        to[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
}
