/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NCName: the names of XML 1.0 (fifth edition, 2.3) without a colon. */
#include "stanza/name.h"

#include <stdint.h>

#include "base/utf8.h"

struct range {
    uint32_t first;
    uint32_t last;
};

static const struct range start_ranges[] = {
    {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x2ff},    {0x370, 0x37d},
    {0x37f, 0x1fff},  {0x200c, 0x200d}, {0x2070, 0x218f}, {0x2c00, 0x2fef},
    {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff},
};
/* beside the above, and digits, `-` and `.` */
static const struct range further_ranges[] = {{0xb7, 0xb7}, {0x300, 0x36f}, {0x203f, 0x2040}};

static int is_among(const struct range *ranges, size_t n, uint32_t point)
{
    for (size_t i = 0; i < n; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last) {
            return 1;
        }
    }
    return 0;
}

/* What an ASCII character may be in a name: as all names of XMPP are. Other bytes are nothing. */
enum { START = 1, FURTHER = 2 };
static const uint8_t ascii[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x10 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0, /* 0x20 */
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, /* 0x30 */
    0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, /* 0x40 */
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 3, /* 0x50 */
    0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, /* 0x60 */
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, /* 0x70 */
};

static int is_start(uint32_t point)
{
    if (point < 0x80) {
        return ascii[point] & START;
    }
    return is_among(start_ranges, sizeof start_ranges / sizeof *start_ranges, point);
}

static int is_further(uint32_t point)
{
    if (point < 0x80) {
        return ascii[point] & FURTHER;
    }
    return is_start(point) ||
           is_among(further_ranges, sizeof further_ranges / sizeof *further_ranges, point);
}

int xm_name_is_valid(const char *name, size_t len)
{
    const uint8_t *bytes = (const uint8_t *)name;
    size_t at = 0;
    if (len == 0) {
        return 0;
    }
    if (ascii[bytes[0]] & START) {
        do {
            at++;
        } while (at < len && (ascii[bytes[at]] & FURTHER));
    }
    while (at < len) {
        uint32_t point;
        size_t width = xm_utf8_next(bytes + at, len - at, &point);
        if (width == 0 || !(at == 0 ? is_start(point) : is_further(point))) {
            return 0;
        }
        at += width;
    }
    return 1;
}
