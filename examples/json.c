/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing JSON. It reads none. */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>

#include "text.h"

static int is_first; /* in the innermost object or list */

static void put_comma(void)
{
    if (!is_first)
        putchar(',');
    is_first = 0;
}

static void put_string(const char *text)
{
    putchar('"');
    while (*text) {
        const char *start = text;
        uint32_t c = text_next(&text);
        if (c == '"' || c == '\\')
            printf("\\%c", (int)c);
        else if (c == 0xFFFD)
            fputs("\xEF\xBF\xBD", stdout);
        else if (text_is_harmless(c))
            fwrite(start, 1, (size_t)(text - start), stdout);
        else if (c < 0x10000)
            printf("\\u%04" PRIx32, c);
        else
            printf("\\u%04" PRIx32 "\\u%04" PRIx32, 0xD800 + ((c - 0x10000) >> 10),
                   0xDC00 + ((c - 0x10000) & 0x3FF));
    }
    putchar('"');
}

static void put_key(const char *key)
{
    put_comma();
    put_string(key);
    putchar(':');
}

void json_begin(const char *event)
{
    putchar('{');
    is_first = 1;
    if (event)
        json_text("event", event);
}

void json_text(const char *key, const char *value)
{
    put_key(key);
    if (value)
        put_string(value);
    else
        fputs("null", stdout);
}

void json_number(const char *key, int64_t value)
{
    put_key(key);
    printf("%" PRId64, value);
}

void json_number_or_null(const char *key, int64_t value)
{
    if (value >= 0)
        json_number(key, value);
    else
        json_text(key, NULL);
}

void json_bool(const char *key, int value)
{
    put_key(key);
    fputs(value ? "true" : "false", stdout);
}

void json_list_begin(const char *key)
{
    put_key(key);
    putchar('[');
    is_first = 1;
}

void json_list_add(const char *value)
{
    put_comma();
    put_string(value);
}

void json_list_add_object(void)
{
    put_comma();
    putchar('{');
    is_first = 1;
}

void json_object_end(void)
{
    putchar('}');
    is_first = 0;
}

void json_list_end(void)
{
    putchar(']');
    is_first = 0;
}

void json_end(void)
{
    fputs("}\n", stdout);
    fflush(stdout);
}
