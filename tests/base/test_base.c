/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bottom layer: buffer, base64, UTF-8, map, timers, error texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/nocase.h"
#include "base/timers.h"
#include "base/utf8.h"
#include "check.h"
#include "xmpp/error.h"

/* RFC 4648 10, and what strictness means. */
static void base64_is_strict(void)
{
    static const struct {
        const char *text;
        const char *bytes; /* NULL: refused */
    } rows[] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
        {"Zg=", NULL},
        {"Zg", NULL},
        {"Z===", NULL},
        {"====", NULL},
        {"Zh==", NULL},
        {"Zm9=", NULL},
        {"Zg==Zg==", NULL},
        {"Zm 9v", NULL},
        {"Zm9v\n", NULL},
        {"Zm9\n", NULL},
        {"Zm-_", NULL},
        {"=m9v", NULL},
        {"Zm=v", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[16];
        check_note("row %zu", i);
        ptrdiff_t n = xm_b64_decode(bytes, rows[i].text, strlen(rows[i].text));
        if (!rows[i].bytes) {
            CHECK_INT(n, -1);
            continue;
        }
        char text[16];
        CHECK_INT(n, strlen(rows[i].bytes));
        CHECK_MEM(bytes, strlen(rows[i].bytes), rows[i].bytes, strlen(rows[i].bytes));
        xm_b64_encode(text, rows[i].bytes, strlen(rows[i].bytes));
        CHECK_STR(text, rows[i].text);
    }
}

static void case_of_ascii_letters_is_passed_over(void)
{
    CHECK(xm_nocase_equal("UTF-8 az", "utf-8 AZ", 8));
    CHECK(xm_nocase_equal("abc", "abd", 2));
    CHECK(!xm_nocase_equal("ab", "abc", 3));
    CHECK(!xm_nocase_equal("@[", "`{", 1)); /* they differ in the bit of case */
    CHECK(!xm_nocase_equal("[", "{", 1));
    CHECK(!xm_nocase_equal("\xc3\x84", "\xc3\xa4", 2));
}

static void buffer_is_a_queue(void)
{
    struct xm_buf buf = {0};
    uint32_t in = 0;
    uint32_t out = 0;
    for (uint32_t round = 0; round < 3000; round++) {
        for (uint32_t i = 0; i < round % 7; i++, in++) {
            CHECK_INT(xm_buf_add(&buf, &in, sizeof in), 0);
        }
        for (uint32_t i = 0; i < round % 6 && xm_buf_len(&buf) > 0; i++, out++) {
            uint32_t got;
            memcpy(&got, xm_buf_head(&buf), sizeof got);
            CHECK_INT(got, out);
            xm_buf_take(&buf, sizeof got);
        }
    }
    CHECK_INT(xm_buf_len(&buf), (in - out) * sizeof in);
    xm_buf_cut(&buf, 2);
    CHECK_INT(xm_buf_len(&buf), 2);
    xm_buf_take(&buf, 2);
    xm_buf_shrink(&buf);
    CHECK(buf.bytes == NULL);
    CHECK(xm_buf_reserve(&buf, SIZE_MAX) == NULL);
    xm_buf_done(&buf);
}

static void utf8_knows_what_xml_allows(void)
{
    static const struct {
        const char *text;
        int good;
    } rows[] = {
        {"", 1},
        {"plain text that is longer than a word", 1},
        {"tab\t lf\n cr\r\x7f", 1},
        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 1},
        {"\xef\xbf\xbd", 1},
        {"0123456\x01", 0},
        {"\x1f", 0},
        {"\xef\xbf\xbe", 0},
        {"\xef\xbf\xbf", 0},
        {"\xc0\x80", 0},
        {"\xe0\x80\x80", 0},
        {"\xf0\x80\x80\x80", 0},
        {"\xed\xa0\x80", 0},
        {"\xf4\x90\x80\x80", 0},
        {"\xf5\x80\x80\x80", 0},
        {"\x80", 0},
        {"\xe2\x82", 0},
        {"\xe2\x82\x28", 0},
        {"\xff", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("row %zu", i);
        CHECK_INT(xm_utf8_is_xml(rows[i].text, strlen(rows[i].text)), rows[i].good);
    }
    CHECK_INT(xm_utf8_is_xml("a\0b", 3), 0);
}

/* Text is looked at in blocks: what is bad is bad wherever it stands. */
static void utf8_is_checked_at_every_place(void)
{
    static const struct {
        const char *bytes;
        int good;
    } rows[] = {
        {"\xc3\xa4", 1}, {"\xf0\x9f\x98\x80", 1}, {"\x7f", 1},         {"\n", 1}, {"\x01", 0},
        {"\x80", 0},     {"\xef\xbf\xbf", 0},     {"\xf0\x9f\x98", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t width = strlen(rows[i].bytes);
        for (size_t n = width; n < 50; n++) {
            for (size_t at = 0; at + width <= n; at++) {
                char text[50];
                memset(text, 'x', sizeof text);
                memcpy(text + at, rows[i].bytes, width);
                check_note("row %zu, at %zu of %zu", i, at, n);
                CHECK_INT(xm_utf8_is_xml(text, n), rows[i].good);
            }
        }
    }
}

static void hostile_text_is_made_harmless(void)
{
    char buf[16];
    xm_utf8_sanitise(buf, sizeof buf, "a\x1b[31m\nb", 8);
    CHECK_STR(buf, "a?[31m?b");
    xm_utf8_sanitise(buf, sizeof buf, "\xe2\x80\xae\xff\xc3\xa4", 6);
    CHECK_STR(buf, "??\xc3\xa4");
    xm_utf8_sanitise(buf, 4, "\xc3\xa4\xc3\xa4", 4);
    CHECK_STR(buf, "\xc3\xa4");
}

static void map_finds_what_was_added(void)
{
    enum { N = 1000 };
    static char keys[N][8];
    static int values[N];
    struct xm_map map = {.seed = {1, 2}};
    for (int i = 0; i < N; i++) {
        snprintf(keys[i], sizeof keys[i], "k%d", i / 2);
        CHECK_INT(xm_map_add(&map, keys[i], strlen(keys[i]), &values[i]), 0);
    }
    for (int i = 0; i < N; i += 3) {
        xm_map_remove(&map, keys[i], strlen(keys[i]), &values[i]);
        xm_map_remove(&map, keys[i], strlen(keys[i]), &values[i]);
    }
    for (int i = 0; i < N; i += 2) {
        size_t pos = 0;
        int found = 0;
        while (xm_map_find(&map, keys[i], strlen(keys[i]), &pos)) {
            found++;
        }
        check_note("key %d", i);
        CHECK_INT(found, (i % 3 != 0) + ((i + 1) % 3 != 0));
    }
    for (int i = 0; i < N; i++) {
        xm_map_remove(&map, keys[i], strlen(keys[i]), &values[i]);
    }
    CHECK(map.entries == NULL);
    xm_map_done(&map);
}

static void timers_come_in_order(void)
{
    enum { N = 200 };
    static struct xm_timer timers[N];
    struct xm_timers heap = {0};
    uint32_t x = 1;
    for (int i = 0; i < N; i++) {
        x = x * 1103515245u + 12345u;
        CHECK_INT(xm_timers_set(&heap, &timers[i], (int64_t)(x >> 16)), 0);
    }
    for (int i = 0; i < N; i += 5) {
        xm_timers_unset(&heap, &timers[i]);
        xm_timers_unset(&heap, &timers[i]);
        CHECK_INT(xm_timers_set(&heap, &timers[i + 1], timers[i + 1].due / 2), 0);
    }
    int64_t last = 0;
    int n = 0;
    for (struct xm_timer *first; (first = xm_timers_first(&heap)); n++) {
        CHECK(first->due >= last);
        last = first->due;
        xm_timers_unset(&heap, first);
    }
    CHECK_INT(n, N - N / 5);
    CHECK(heap.heap == NULL);
}

static void every_error_has_a_text(void)
{
    CHECK_STR(xmpp_strerror(0), "success");
    CHECK_STR(xmpp_strerror(XMPP_E_NOMEM), "out of memory");
    CHECK_STR(xmpp_error_name(XMPP_E_CLOSED), "XMPP_E_CLOSED");
    CHECK_STR(xmpp_strerror(-9999), "unknown error");
    CHECK_STR(xmpp_error_name(7), NULL);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"base64 is strict", base64_is_strict},
        {"case of ASCII letters is passed over", case_of_ascii_letters_is_passed_over},
        {"a buffer is a queue", buffer_is_a_queue},
        {"UTF-8 knows what XML allows", utf8_knows_what_xml_allows},
        {"UTF-8 is checked at every place", utf8_is_checked_at_every_place},
        {"hostile text is made harmless", hostile_text_is_made_harmless},
        {"a map finds what was added", map_finds_what_was_added},
        {"timers come in order", timers_come_in_order},
        {"every error has a text", every_error_has_a_text},
    };
    return CHECK_MAIN(argc, argv, "base", cases);
}
