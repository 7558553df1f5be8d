/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SASLprep: the examples of RFC 4013 3, and what comes after Unicode 3.2. */
#include <string.h>

#include "base/mem.h"
#include "check.h"
#include "sasl/prep.h"
#include "xmpp/error.h"

static const struct {
    const char *text;
    const char *prepared; /* NULL: refused */
} rows[] = {
    /* RFC 4013 3 */
    {"I\xc2\xadX", "IX"},
    {"user", "user"},
    {"USER", "USER"},
    {"\xc2\xaa", "a"},
    {"\xe2\x85\xa8", "IX"},
    {"\x07", NULL},
    {"\xd8\xa7\x31", NULL},
    /* RFC 5802 3 advises these two, whose NFC and NFKC differ. */
    {"\xc2\xbd", "1\xe2\x81\x84\x32"},
    {"\xc2\xb4", " \xcc\x81"},
    /* spaces become one kind, and stay where they are */
    {" a\xc2\xa0z ", " a z "},
    /* assigned after Unicode 3.2: an emoji, a letter, and either beside what is mapped */
    {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
    {"\xe1\xba\x9e", "\xe1\xba\x9e"},
    {"\xf0\x9f\x98\x80\xc2\xaa", "\xf0\x9f\x98\x80"
                                 "a"},
    /* prohibited, beside an unassigned one too */
    {"a\x7f", NULL},
    {"\xf0\x9f\x98\x80\x07", NULL},
    {"\xee\x80\x80", NULL},
    {"a\xe2\x80\xae", NULL},
    /* nothing, or nothing left */
    {"", NULL},
    {"\xc2\xad", NULL},
    /* not UTF-8 */
    {"\xff", NULL},
    {"a\xc3", NULL},
    {"\xed\xa0\x80", NULL},
    {"\xc0\xaf", NULL},
};

static void names_and_passwords_are_prepared(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *prepared = NULL;
        check_note("row %zu", i);
        int code = xm_prep_sasl(&prepared, rows[i].text);
        CHECK_INT(code, rows[i].prepared ? 0 : XMPP_E_AUTH_CREDENTIALS);
        CHECK_STR(prepared, rows[i].prepared);
        xm_mem_free_secret(prepared);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"names and passwords are prepared", names_and_passwords_are_prepared},
    };
    return CHECK_MAIN(argc, argv, "sasl-prep", cases);
}
