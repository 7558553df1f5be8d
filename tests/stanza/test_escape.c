/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threat 33: what could end a text or an attribute is escaped wherever it stands, though the
 * serialiser looks at blocks; and what was written is read again as it was. */
#include <string.h>

#include "given.h"
#include "xmpp/stanza.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static const struct {
    const char *text;
    const char *in_text;
    const char *in_attr;
} rows[] = {
    {"<", "&lt;", "&lt;"},
    {">", "&gt;", "&gt;"},
    {"&", "&amp;", "&amp;"},
    {"'", "'", "&apos;"},
    {"\"", "\"", "\""},
    {"\t", "\t", "&#9;"},
    {"\n", "\n", "&#10;"},
    {"\r", "&#13;", "&#13;"},
    {"=", "=", "="},
    {"%", "%", "%"},
    {"?", "?", "?"},
    {"\u00e4", "\u00e4", "\u00e4"},
    {"]]>", "]]&gt;", "]]&gt;"},
    {"<&>", "&lt;&amp;&gt;", "&lt;&amp;&gt;"},
};

/* n times x with the piece at a place, and its end. */
static void fill(char *text, size_t n, size_t at, const char *piece, const char *end)
{
    memset(text, 'x', n);
    text[at] = '\0';
    strcat(text, piece);
    size_t len = strlen(text);
    memset(text + len, 'x', n - at);
    text[len + n - at] = '\0';
    strcat(text, end);
}

static void check_place(size_t row, size_t n, size_t at)
{
    char plain[128] = "";
    char want[256] = "<m a='";
    fill(plain, n, at, rows[row].text, "");
    fill(want + strlen(want), n, at, rows[row].in_attr, "'>");
    fill(want + strlen(want), n, at, rows[row].in_text, "</m>");
    xmpp_stanza *stanza = xmpp_stanza_new("m", NULL);
    xmpp_elem_set_attr(xmpp_stanza_root(stanza), "a", plain);
    xmpp_elem_add_text(xmpp_stanza_root(stanza), plain);
    written(stanza, want);
    xmpp_stanza *read = given(want);
    CHECK_STR(xmpp_elem_get_attr(xmpp_stanza_get_root(read), "a"), plain);
    CHECK_STR(xmpp_elem_get_text(xmpp_stanza_get_root(read), NULL), plain);
    xmpp_stanza_unref(read);
}

static void what_is_special_is_escaped_at_every_place(void)
{
    for (size_t row = 0; row < COUNT(rows); row++) {
        for (size_t n = 0; n < 40; n++) {
            for (size_t at = 0; at <= n; at++) {
                check_note("row %zu, at %zu of %zu", row, at, n);
                check_place(row, n, at);
            }
        }
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"what is special is escaped at every place", what_is_special_is_escaped_at_every_place},
    };
    return CHECK_MAIN(argc, argv, "escape", cases);
}
