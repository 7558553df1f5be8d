/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search for marks: each of its ways against the plain question, byte by byte. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "xml/marks.h"

static int is_mark(uint8_t byte)
{
    return byte == '<' || byte == '>' || byte == '"' || byte == '\'' || byte == 0;
}

static uint64_t marks_of(const uint8_t *bytes)
{
    uint64_t marks = 0;
    for (unsigned i = 0; i < XM_MARKS_BLOCK; i++) {
        marks |= (uint64_t)is_mark(bytes[i]) << i;
    }
    return marks;
}

/* Every byte at every place, among others of all kinds. */
static void finds_each_byte(void)
{
    static const uint8_t around[] = {0, 1, ' ', '=', '?', '<', 0x7f, 0x80, 0xbc, 0xff};
    for (size_t i = 0; i < sizeof around; i++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            for (unsigned at = 0; at < XM_MARKS_BLOCK; at++) {
                uint8_t bytes[XM_MARKS_BLOCK];
                memset(bytes, around[i], sizeof bytes);
                bytes[at] = (uint8_t)byte;
                int held = xm_marks_block(bytes) == marks_of(bytes) &&
                           xm_marks_block_plain(bytes) == marks_of(bytes);
                if (!held) {
                    CHECK_FAIL("byte %u at %u among %u", byte, at, around[i]);
                    return;
                }
            }
        }
    }
    CHECK(1);
}

/* From any start to any end, and not a byte beyond. */
static void walks(void)
{
    unsigned seed = (unsigned)time(NULL);
    srandom(seed);
    check_note("seed %u", seed);
    for (size_t n = 0; n < 300; n++) {
        uint8_t *bytes = malloc(n + 1);
        for (size_t i = 0; i < n; i++) {
            bytes[i] = (uint8_t)("<>\"'ab= \0\xc3"[random() % 10]);
        }
        size_t from = n > 0 ? (size_t)random() % n : 0;
        uint8_t *exact = malloc(n > 0 ? n : 1);
        memcpy(exact, bytes, n);
        struct xm_marks marks = xm_marks_of(exact, n, from);
        for (size_t i = from; i < n; i++) {
            if (is_mark(bytes[i])) {
                CHECK((marks.bits != 0 || xm_marks_refill(&marks)) && xm_marks_take(&marks) == i);
            }
        }
        CHECK(marks.bits == 0 && !xm_marks_refill(&marks));
        free(exact);
        free(bytes);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"finds each byte", finds_each_byte},
        {"walks", walks},
    };
    return CHECK_MAIN(argc, argv, "marks", cases);
}
