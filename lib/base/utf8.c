/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UTF-8, checked. No normalisation and no classes: that is jid/. */
#include "base/utf8.h"

#include <string.h>

#include "base/block.h"

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

/* 1 if all are printable or DEL ASCII: nothing to look at more closely. */
static int is_plain(xm_block block)
{
    typedef int8_t signed_block __attribute__((vector_size(XM_BLOCK)));
    return !xm_block_any((xm_block)((signed_block)block < ' ')); /* from 0x80 on it is negative */
}

/* How many bytes from the start on are plain, in whole blocks, or n. */
static size_t skip_plain(const char *text, size_t n)
{
    size_t at = 0;
    if (n < XM_BLOCK) {
        return is_plain(xm_block_load_short(text, n)) ? n : 0;
    }
    while (n - at >= XM_BLOCK && is_plain(xm_block_load(text + at))) {
        at += XM_BLOCK;
    }
    /* the last block overlaps the one before it */
    return n - at < XM_BLOCK && is_plain(xm_block_load(text + n - XM_BLOCK)) ? n : at;
}

int xm_utf8_is_xml(const char *text, size_t n)
{
    for (size_t i = 0; (i += skip_plain(text + i, n - i)) < n;) {
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
