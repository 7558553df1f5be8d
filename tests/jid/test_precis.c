/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles of RFC 8265 by its own examples, and the rules of RFC 5892 and RFC 5893. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "jid/precis.h"
#include "jid/precis_class.h"
#include "xmpp/error.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

struct row {
    const char *text;
    const char *prepared; /* NULL: refused */
};

static void usernames(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *ret = NULL;
        size_t len = 0;
        check_note("row %zu, \"%s\"", i, rows[i].text);
        CHECK_INT(xm_precis_username(rows[i].text, strlen(rows[i].text), &ret, &len),
                  rows[i].prepared ? 0 : XMPP_E_JID);
        CHECK_STR(ret, rows[i].prepared);
        CHECK_INT(len, rows[i].prepared ? strlen(rows[i].prepared) : 0);
        free(ret);
    }
}

/* RFC 8265 3.6, tables 1 and 2. */
static void usernames_of_rfc_8265(void)
{
    static const struct row rows[] = {
        {"juliet@example.com", "juliet@example.com"},
        {"fussball", "fussball"},
        {"fu\u00dfball", "fu\u00dfball"},
        {"\u03c0", "\u03c0"},
        {"\u03a3", "\u03c3"},
        {"\u03c3", "\u03c3"},
        {"\u03c2", "\u03c2"},
        {"foo bar", NULL},
        {"", NULL},
        {"henry\u2163", NULL},
        {"\u265a", NULL},
    };
    usernames(rows, COUNT(rows));
}

/* RFC 8265 4.3, tables 3 and 4. */
static void passwords_of_rfc_8265(void)
{
    static const struct row rows[] = {
        {"correct horse battery staple", "correct horse battery staple"},
        {"Correct Horse Battery Staple", "Correct Horse Battery Staple"},
        {"\u03c0\u00df\u00e5", "\u03c0\u00df\u00e5"},
        {"Jack of \u2666s", "Jack of \u2666s"},
        {"foo\u1680bar", "foo bar"},
        {"", NULL},
        {"my cat is a \tby", NULL},
        {" \u3000", "  "},
        {"a\u0308", "\u00e4"},
        {"\xff", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *ret = NULL;
        size_t len = 0;
        check_note("row %zu, \"%s\"", i, rows[i].text);
        CHECK_INT(xm_precis_opaque(rows[i].text, strlen(rows[i].text), &ret, &len),
                  rows[i].prepared ? 0 : XMPP_E_JID);
        CHECK_STR(ret, rows[i].prepared);
        CHECK_INT(len, ret ? strlen(ret) : 0);
        free(ret);
    }
    char *ret = NULL;
    size_t len;
    check_note("a NUL");
    CHECK_INT(xm_precis_opaque("a\0b", 3, &ret, &len), XMPP_E_JID);
}

/* RFC 5892 appendix A. */
static void rules_in_context(void)
{
    static const struct row rows[] = {
        {"l\u00b7l", "l\u00b7l"},
        {"L\u00b7L", "l\u00b7l"},
        {"\u00b7l", NULL},
        {"l\u00b7", NULL},
        {"l\u00b7a", NULL},
        {"a\u00b7l", NULL},
        {"\u0375\u03b1", "\u0375\u03b1"},
        {"\u0375a", NULL},
        {"\u0375", NULL},
        {"\u05d0\u05f3", "\u05d0\u05f3"},
        {"\u05d0\u05f4", "\u05d0\u05f4"},
        {"\u05f3\u05d0", NULL},
        {"a\u05f4", NULL},
        {"\u30fb", NULL},
        {"a\u30fb", NULL},
        {"\u30fb\u30ab", "\u30fb\u30ab"},
        {"\u30fb\u3042", "\u30fb\u3042"},
        {"a\u30fb\u6f22", "a\u30fb\u6f22"},
        {"\uff65\uff76", "\u30fb\u30ab"},
        {"\u0627\u0660", "\u0627\u0660"},
        {"\u0627\u06f0", "\u0627\u06f0"},
        {"\u0627\u0660\u06f0", NULL},
        {"\u0627\u06f0\u0660", NULL},
        {"\u200d", NULL},
        {"a\u200d", NULL},
        {"\u0915\u094d\u200d", "\u0915\u094d\u200d"},
        {"\u0915\u094d\u200c", "\u0915\u094d\u200c"},
        {"a\u200cb", NULL},
        {"\u200c", NULL},
        {"\u0628\u200c\u0628", "\u0628\u200c\u0628"},
        {"\u0628\u0650\u200c\u0650\u0628", "\u0628\u0650\u200c\u0650\u0628"},
        {"\u0627\u200c\u0628", NULL}, /* alef joins to no left neighbour */
        {"\u0628\u200c", NULL},
        {"\u0628\u200c\u0650", NULL},
    };
    usernames(rows, COUNT(rows));
}

/* RFC 5893 2, where something is written from right to left. */
static void the_bidi_rule(void)
{
    static const struct row rows[] = {
        {"\u05d0\u05d1", "\u05d0\u05d1"},
        {"\u05d01", "\u05d01"},
        {"1\u05d0", NULL},
        {"a\u05d0", NULL},
        {"\u05d0a", NULL},
        {"\u05d0-", NULL},
        {"\u05d0-\u05d1", "\u05d0-\u05d1"},
        {"\u05d0\u05b8", "\u05d0\u05b8"},
        {"\u05d0-\u05b8", NULL},
        {"\u06271\u0661", NULL},
        {"\u0661", NULL},
        {"\u0661a", NULL},
    };
    usernames(rows, COUNT(rows));
}

/* Mapping comes before judging (RFC 8264 7), and what came out is judged. */
static void mappings(void)
{
    static const struct row rows[] = {
        {"\uff21\uff22", "ab"},
        {"\uff76\uff9e", "\u30ac"},
        {"\u212a", "k"},
        {"\u2126", "\u03c9"},
        {"\u0130", "i\u0307"},
        {"\u1e9e", "\u00df"},
        {"\u0391\u03a3", "\u03b1\u03c2"}, /* Unicode's toLowerCase at the end of a word */
        {"\ufb01", NULL},
        {"\u00aa", NULL},
        {"\u01c5", NULL},
        {"\u0958", "\u0915\u093c"},
        {"\u0344a", "\u0308\u0301a"},
        {"\ufffd", NULL},
        {"\ufdd0", NULL},
        {"\U0010ffff", NULL},
        {"\ue000", NULL},
        {"\u0378", NULL},
        {"\u1100", NULL},
        {"\u00ad", NULL},
        {"\u200e", NULL},
        {"\ufe0f", NULL},
    };
    usernames(rows, COUNT(rows));
}

/* RFC 8264 8 and the numbers of RFC 8264 9: one of each kind. */
static void properties(void)
{
    static const struct {
        uint32_t point;
        enum xm_precis_property property;
    } rows[] = {
        {0x00, XM_PRECIS_DISALLOWED},     {0x1f, XM_PRECIS_DISALLOWED},
        {0x20, XM_PRECIS_FREE},           {0x21, XM_PRECIS_VALID},
        {0x7e, XM_PRECIS_VALID},          {0x7f, XM_PRECIS_DISALLOWED},
        {0x80, XM_PRECIS_DISALLOWED},     {0xa0, XM_PRECIS_FREE},
        {0xad, XM_PRECIS_DISALLOWED},     {0xb7, XM_PRECIS_CONTEXT},
        {0xdf, XM_PRECIS_VALID},          {0x132, XM_PRECIS_FREE},
        {0x1c5, XM_PRECIS_FREE},          {0x300, XM_PRECIS_VALID},
        {0x340, XM_PRECIS_FREE},          {0x378, XM_PRECIS_DISALLOWED},
        {0x3c2, XM_PRECIS_VALID},         {0x488, XM_PRECIS_FREE},
        {0x640, XM_PRECIS_DISALLOWED},    {0x660, XM_PRECIS_CONTEXT},
        {0x6f9, XM_PRECIS_CONTEXT},       {0x6fd, XM_PRECIS_VALID},
        {0x7fa, XM_PRECIS_DISALLOWED},    {0xf0b, XM_PRECIS_VALID},
        {0x1100, XM_PRECIS_DISALLOWED},   {0x11ff, XM_PRECIS_DISALLOWED},
        {0x200c, XM_PRECIS_CONTEXT},      {0x200d, XM_PRECIS_CONTEXT},
        {0x200b, XM_PRECIS_DISALLOWED},   {0x2028, XM_PRECIS_DISALLOWED},
        {0x2163, XM_PRECIS_FREE},         {0x265a, XM_PRECIS_FREE},
        {0x3007, XM_PRECIS_VALID},        {0x302e, XM_PRECIS_DISALLOWED},
        {0x3031, XM_PRECIS_DISALLOWED},   {0x3035, XM_PRECIS_DISALLOWED},
        {0x303b, XM_PRECIS_DISALLOWED},   {0x30fb, XM_PRECIS_CONTEXT},
        {0xa960, XM_PRECIS_DISALLOWED},   {0xac00, XM_PRECIS_VALID},
        {0xd7fb, XM_PRECIS_DISALLOWED},   {0xe000, XM_PRECIS_DISALLOWED},
        {0xfdd0, XM_PRECIS_DISALLOWED},   {0xfe0f, XM_PRECIS_DISALLOWED},
        {0xff21, XM_PRECIS_FREE},         {0xfffe, XM_PRECIS_DISALLOWED},
        {0x1d160, XM_PRECIS_FREE},        {0x1f600, XM_PRECIS_FREE},
        {0x20000, XM_PRECIS_VALID},       {0xe0001, XM_PRECIS_DISALLOWED},
        {0x10fffd, XM_PRECIS_DISALLOWED}, {0x10ffff, XM_PRECIS_DISALLOWED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_note("U+%04X", (unsigned)rows[i].point);
        CHECK_INT(xm_precis_property(rows[i].point), rows[i].property);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"usernames of RFC 8265", usernames_of_rfc_8265},
        {"passwords of RFC 8265", passwords_of_rfc_8265},
        {"rules in context", rules_in_context},
        {"the Bidi Rule", the_bidi_rule},
        {"mappings", mappings},
        {"properties", properties},
    };
    return CHECK_MAIN(argc, argv, "precis", cases);
}
