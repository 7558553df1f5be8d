/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scripts' own tools: cutting a client's stream, comparing canonical XML, binding values. */
#include <string.h>

#include "check.h"
#include "script/vars.h"
#include "script/xmltree.h"

static void cuts_a_stream_into_pieces(void)
{
    static const struct {
        const char *bytes;
        enum xmltree_piece piece;
        const char *text;
    } rows[] = {
        {"", XMLTREE_NONE, ""},
        {" \n", XMLTREE_NONE, ""},
        {"<?xml version='1.0'?><stream:stream to='a>b'><x", XMLTREE_HEAD,
         "<stream:stream to='a>b'>"},
        {"<?xml version='1.0'", XMLTREE_NONE, ""},
        {"</stream:stream>", XMLTREE_END, "</stream:stream>"},
        {" <a><b c='/>'/>t</a><d/>", XMLTREE_ELEM, "<a><b c='/>'/>t</a>"},
        {"<a/>", XMLTREE_ELEM, "<a/>"},
        {"<a><b></a>", XMLTREE_NONE, ""},
        {"<a><!-- no --></a>", XMLTREE_BROKEN, ""},
        {"text", XMLTREE_BROKEN, ""},
        {"</b>", XMLTREE_BROKEN, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t start = 0;
        size_t len = 0;
        check_note("row %zu", i);
        enum xmltree_piece piece = xmltree_cut(rows[i].bytes, strlen(rows[i].bytes), &start, &len);
        CHECK_INT(piece, rows[i].piece);
        if (rows[i].text[0]) {
            CHECK_MEM(rows[i].bytes + start, len, rows[i].text, strlen(rows[i].text));
        }
    }
}

static void compares_canonical_xml(void)
{
    static const struct {
        const char *want;
        const char *got;
        int same;
    } rows[] = {
        {"<a b='1' c='2'/>", "<a c=\"2\" b='1'></a>", 1},
        {"<a xmlns='u'><b/></a>", "<p:a xmlns:p='u'><p:b/></p:a>", 1},
        {"<a xmlns='u'/>", "<a/>", 0},
        {"<a p:b='1' xmlns:p='u'/>", "<a b='1'/>", 0},
        {"<a/>", "<a b=''/>", 0},
        {"<a b=''/>", "<a/>", 0},
        {"<a>x&amp;&#x79;</a>", "<a>x&#38;y</a>", 1},
        {"<a>x</a>", "<a>x </a>", 0},
        {"<a>x<b/>y</a>", "<a>x<b/>y</a>", 1},
        {"<a>x<b/>y</a>", "<a>xy<b/></a>", 0},
        {"<a><b/></a>", "<a><b/><b/></a>", 0},
        {"<a><b/><c/></a>", "<a><c/><b/></a>", 0},
        {"<a>*</a>", "<a>all</a>", 1},
        {"<a b='*v'><c>*v</c></a>", "<a b='7'><c>7</c></a>", 1},
        {"<a b='*v'><c>*v</c></a>", "<a b='7'><c>8</c></a>", 0},
        {"<a/>", "<a><unclosed></a>", 0},
        {"<stream:stream xmlns='jabber:client' xmlns:stream='s' to='d'>",
         "<stream:stream to='d' xmlns:stream='s' xmlns='jabber:client'>", 1},
        {"<stream:stream xmlns='jabber:client' xmlns:stream='s' to='d'>",
         "<stream:stream to='d' xmlns:stream='s' xmlns='jabber:server'>", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vars vars = {0};
        char why[256];
        check_note("row %zu", i);
        CHECK_INT(xmltree_match(rows[i].want, rows[i].got, &vars, why, sizeof why), rows[i].same);
        CHECK_INT(why[0] == '\0', rows[i].same);
        vars_done(&vars);
    }
}

static void binds_and_expands(void)
{
    struct vars vars = {0};
    struct xm_buf out = {0};
    CHECK_INT(vars_match(&vars, "*id", "x1"), 1);
    CHECK_INT(vars_match(&vars, "*id", "x2"), 0);
    CHECK_INT(vars_match(&vars, "*", "x2"), 1);
    CHECK_INT(vars_match(&vars, "*Not a name", "x2"), 0);
    CHECK_INT(vars_expand(&vars, "<iq id='*id'/>\\x00\\xfF\\n\\*", &out), 1);
    CHECK_MEM(xm_buf_head(&out), xm_buf_len(&out), "<iq id='x1'/>\0\xff\n*", 17);
    CHECK_INT(vars_expand(&vars, "*other", &out), 0);
    CHECK_INT(vars_expand(&vars, "\\q", &out), 0);
    CHECK_INT(vars_expand(&vars, "\\x0", &out), 0);
    xm_buf_done(&out);
    vars_done(&vars);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"cuts a stream into pieces", cuts_a_stream_into_pieces},
        {"compares canonical XML", compares_canonical_xml},
        {"binds and expands values", binds_and_expands},
    };
    return CHECK_MAIN(argc, argv, "script", cases);
}
