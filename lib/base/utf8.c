/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UTF-8, checked. No normalisation and no classes: that is jid/. */
#include "base/utf8.h"

#include <string.h>

static int is_tail(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t xm_utf8_next(const uint8_t *text, size_t n, uint32_t *ret_point)
{
    uint8_t first = text[0];
    if (first < 0x80) {
        *ret_point = first;
        return 1;
    }
    size_t len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || n < len) {
        return 0;
    }
    uint32_t point = first & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if (!is_tail(text[i])) {
            return 0;
        }
        point = point << 6 | (text[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[len] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
        return 0;
    }
    *ret_point = point;
    return len;
}

static int is_xml_char(uint32_t point)
{
    if (point < 0x20) {
        return point == '\t' || point == '\n' || point == '\r';
    }
    return point != 0xfffe && point != 0xffff;
}

enum { BLOCK = 16 };
typedef int8_t block_16 __attribute__((vector_size(BLOCK))); /* any machine's, by the compiler */

/* 1 if the sixteen bytes are all printable or DEL ASCII: nothing to look at more closely. */
static int is_plain_block(const char *text)
{
    block_16 block;
    memcpy(&block, text, sizeof block);
    block_16 hits = block < 0x20; /* bytes from 0x80 are negative */
    uint64_t halves[2];
    memcpy(halves, &hits, sizeof halves);
    return (halves[0] | halves[1]) == 0;
}

int xm_utf8_is_xml(const char *text, size_t n)
{
    size_t i = 0;
    int ends_plain = n >= BLOCK && is_plain_block(text + n - BLOCK);
    size_t end = ends_plain ? n - BLOCK : n; /* what is behind it was looked at */
    while (i < end) {
        if (i + BLOCK <= n && is_plain_block(text + i)) {
            i += BLOCK;
            continue;
        }
        if ((int8_t)text[i] >= 0x20) { /* ASCII */
            i++;
            continue;
        }
        uint32_t point;
        size_t len = xm_utf8_next((const uint8_t *)text + i, n - i, &point);
        if (len == 0 || !is_xml_char(point)) {
            return 0;
        }
        i += len;
    }
    return 1;
}

static int is_harmful(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x061c ||
           (point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

void xm_utf8_sanitise(char *buf, size_t size, const char *text, size_t n)
{
    size_t out = 0;
    for (size_t i = 0; i < n;) {
        uint32_t point = 0;
        size_t len = xm_utf8_next((const uint8_t *)text + i, n - i, &point);
        int good = len > 0 && !is_harmful(point);
        size_t width = good ? len : 1;
        if (out + width >= size) {
            break;
        }
        if (good) {
            memcpy(buf + out, text + i, len);
        } else {
            buf[out] = '?';
        }
        out += width;
        i += len > 0 ? len : 1;
    }
    buf[out] = '\0';
}
