/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streaming parser. Each dialogue is a string; what it must give is written as one too, and it
 * is fed whole, byte by byte, and split at random. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "check.h"
#include "stanza/parser.h"
#include "stanza/write.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

#define HEAD                                                                                       \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "        \
    "xml:lang='en'>"
#define COUNT(list) (sizeof(list) / sizeof *(list))

/* --- the log of events ---------------------------------------------------------------------- */

static void log_stanza(struct xm_buf *log, const xmpp_stanza *stanza)
{
    static const struct xm_write_options options = {.default_ns = XMPP_NS_CLIENT};
    CHECK_INT(xm_stanza_write(stanza, log, &options), 0);
}

/* H header, S stanza, E end, each with what it is; then "! code condition". 0 to go on. */
static int log_event(struct xm_buf *log, const xmpp_parser *parser, int event)
{
    char text[200];
    switch (event) {
    case XMPP_PARSER_MORE:
        return 0;
    case XMPP_PARSER_HEADER:
        xm_buf_add_text(log, "H");
        CHECK(xmpp_parser_get_header(parser) != NULL);
        return 0;
    case XMPP_PARSER_STANZA:
        xm_buf_add_text(log, "S");
        log_stanza(log, xmpp_parser_get_stanza(parser));
        return 0;
    case XMPP_PARSER_END:
        xm_buf_add_text(log, "E");
        return 0;
    default:
        snprintf(text, sizeof text, "!%s %s", xmpp_error_name(event) + strlen("XMPP_E_"),
                 xmpp_parser_get_condition(parser));
        xm_buf_add_text(log, text);
        CHECK(xmpp_parser_get_reason(parser) != NULL);
        return event;
    }
}

enum how { WHOLE, BYTES, RANDOM };

static size_t piece_of(enum how how, size_t left)
{
    size_t most = how == WHOLE ? left : how == BYTES ? 1 : 1 + (size_t)(random() % 40);
    return most < left ? most : left;
}

/* Feeds all of it; the log is what happened. */
static char *run(xmpp_parser *parser, const char *text, size_t len, enum how how)
{
    struct xm_buf log = {0};
    size_t at = 0;
    while (at < len) {
        size_t n = piece_of(how, len - at);
        char *piece = malloc(n); /* so that reading behind it is seen */
        memcpy(piece, text + at, n);
        size_t used = n + 1;
        int event = xmpp_parser_feed(parser, piece, n, &used);
        free(piece);
        if (!CHECK(used <= n)) {
            break;
        }
        at += used;
        if (log_event(&log, parser, event) < 0) {
            CHECK_INT(xmpp_parser_feed(parser, " ", 1, &used), event);
            break;
        }
    }
    xm_buf_add(&log, "", 1);
    return (char *)log.bytes;
}

static void check_run(const char *text, size_t len, const char *want)
{
    static const char *const names[] = {"whole", "byte by byte", "split at random"};
    for (enum how how = WHOLE; how <= RANDOM; how++) {
        for (int round = 0; round < (how == RANDOM ? 5 : 1); round++) {
            unsigned seed = (unsigned)time(NULL) + (unsigned)round;
            srandom(seed);
            check_note("%s, %s, seed %u", strstr(text, "en'>") ? strstr(text, "en'>") + 4 : text,
                       names[how], seed);
            xmpp_parser *parser = xmpp_parser_new();
            char *log = run(parser, text, len, how);
            CHECK_STR(log, want);
            free(log);
            xmpp_parser_free(parser);
        }
    }
}

struct row {
    const char *text;
    const char *want;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        check_run(rows[i].text, strlen(rows[i].text), rows[i].want);
    }
}

/* --- what a stream is ----------------------------------------------------------------------- */

static void reads_streams(void)
{
    static const struct row rows[] = {
        {HEAD, "H"},
        {"<?xml version='1.0'?>" HEAD, "H"},
        {"<?xml version='1.0' encoding='UTF-8'?>" HEAD, "H"},
        {"<?xml version=\"1.0\"  encoding = \"utf-8\" standalone='yes' ?>\n" HEAD, "H"},
        {"\xef\xbb\xbf" HEAD, "H"},
        {"\xef\xbb\xbf<?xml version='1.0'?>" HEAD, "H"},
        {" \r\n\t" HEAD, "H"},
        {HEAD "<message/>", "HS<message/>"},
        {HEAD " \n <iq/> \n <iq/>\n", "HS<iq/>S<iq/>"},
        {HEAD "<a><b><c/></b></a></stream:stream> \n", "HS<a><b><c/></b></a>E"},
        {HEAD "</stream:stream>", "HE"},
        {HEAD "<a x='>' y=\"'>/\" z='/'/>", "HS<a x='&gt;' y='&apos;&gt;/' z='/'/>"},
        {HEAD "<a x='/'><b y='/' /></a >", "HS<a x='/'><b y='/'/></a>"},
        {HEAD "<a\n x='1'\t/>", "HS<a x='1'/>"},
        {HEAD "<a>x&lt;&amp;&gt;&apos;&quot;&#65;&#x42;</a>", "HS<a>x&lt;&amp;&gt;'\"AB</a>"},
        {HEAD "<a>\"'</a>", "HS<a>\"'</a>"},
        {HEAD "<a>x > y ]> ]] </a>", "HS<a>x &gt; y ]&gt; ]] </a>"},
        {HEAD "<a>]]&gt;</a>", "HS<a>]]&gt;</a>"},
        {HEAD "<a><![CDATA[<b>]]]]>></a>", "HS<a>&lt;b&gt;]]&gt;</a>"},
        {HEAD "<a><![CDATA[]]></a>", "HS<a/>"},
        {HEAD "<a>1<![CDATA[<!-- ' -->]]>2</a>", "HS<a>1&lt;!-- ' --&gt;2</a>"},
        {HEAD "<a>1\r\n2\r3</a>", "HS<a>1\n2\n3</a>"},
        {HEAD "<a b='1\r\n2\t&#9;&#10;'/>", "HS<a b='1 2 &#9;&#10;'/>"},
        {HEAD "<a>\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80</a>",
         "HS<a>\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80</a>"},
        {HEAD "<\xc3\xa4 \xc3\xb6='1'/>", "HS<\xc3\xa4 \xc3\xb6='1'/>"},
        {HEAD "<x xmlns='vcard-temp'/>", "HS<x xmlns='vcard-temp'/>"},
        {HEAD "<x xmlns=''><y/></x>", "HS<x xmlns=''><y/></x>"},
        {HEAD "<p:x xmlns:p='urn:p'><y/><p:y/></p:x>",
         "HS<x xmlns='urn:p'><y xmlns='jabber:client'/><y/></x>"},
        {HEAD "<x xmlns:p='urn:p' p:y='1' y='2'/>", "HS<x xmlns:a0='urn:p' a0:y='1' y='2'/>"},
        {HEAD "<stream:error><x xmlns='urn:x'/></stream:error>",
         "HS<error xmlns='http://etherx.jabber.org/streams'><x xmlns='urn:x'/></error>"},
        {HEAD "<a xml:lang='de'/>", "HS<a xml:lang='de'/>"},
        {HEAD "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>", "HS<a/>"},
        {"<x:s xmlns:x='urn:x' xmlns:y='urn:y'><y:a><x:b/></y:a></x:s>",
         "HS<a xmlns='urn:y'><b xmlns='urn:x'/></a>E"},
    };
    check_rows(rows, COUNT(rows));
}

/* --- what it is not ------------------------------------------------------------------------- */

static void refuses(void)
{
#define BAD  "!XML not-well-formed"
#define REST "!XML restricted-xml"
#define ENC  "!XML unsupported-encoding"
    static const struct row rows[] = {
        /* in front of the header */
        {"x", BAD},
        {"<", ""},
        {"<>", BAD},
        {"</a>", BAD},
        {"<?xml version='1.1'?>" HEAD, "!XML bad-format"},
        {"<?xml version='1.0' encoding='ISO-8859-1'?>" HEAD, ENC},
        {"<?xml version='1.0' encoding='UTF-16'?>" HEAD, ENC},
        {"<?xml version='1.0' encoding='utf-7'?>" HEAD, ENC},
        {"<?xml version='1.0' encoding=''?>" HEAD, ENC},
        {"<?xml encoding='utf-8'?>" HEAD, BAD},
        {"<?xml version='1.0' standalone='maybe'?>" HEAD, BAD},
        {"<?xml version='1.0' x='y'?>" HEAD, BAD},
        {"<?xml version='1.0'encoding='utf-8'?>" HEAD, BAD},
        {"<?xml version='1.0'?><?xml version='1.0'?>" HEAD, REST},
        {" <?xml version='1.0'?>" HEAD, REST},
        {"<?php version='1.0'?>" HEAD, REST},
        {"<?xmlx version='1.0'?>" HEAD, REST},
        {"<!DOCTYPE s>" HEAD, REST},
        {"<?xml version='1.0'?><!DOCTYPE s [<!ENTITY a 'b'>]>" HEAD, REST},
        {"<!-- x -->" HEAD, REST},
        {"\xff\xfe<", ENC},
        {"\xfe\xff", ENC},
        {"\xef\xbb<", ENC},
        {"<s/>", "!XML bad-format"},
        {"<stream:stream>", "!XML bad-namespace-prefix"},
        {"<s xmlns:p=''>", BAD},
        /* between stanzas */
        {HEAD "x", "H!XML bad-format"},
        {HEAD "<a/>&#32;", "HS<a/>!XML bad-format"},
        {HEAD "<![CDATA[ ]]>", "H!XML bad-format"},
        {"<![CDATA[ ]]>", "!XML bad-format"},
        {HEAD "</stream:stream>x", "HE" BAD},
        {HEAD "</stream:stream><a/>", "HE" BAD},
        {HEAD "</stream:strea>", "H" BAD},
        {HEAD "</s>", "H" BAD},
        {HEAD "<?xml version='1.0'?>", "H" REST},
        /* what must not be in a stream, RFC 6120 11.1, and what must not even begin */
        {HEAD "<!-- x -->", "H" REST},
        {HEAD "<!-", "H" REST},
        {HEAD "<?", "H" REST},
        {HEAD "<a><!-", "H" REST},
        {HEAD "<a><?", "H" REST},
        {HEAD "<a><!D", "H" REST},
        {HEAD "<a>x<!-- y --></a>", "H" REST},
        {HEAD "<a><!ENTITY b 'c'></a>", "H" REST},
        {HEAD "<a>&b;</a>", "H" REST},
        {HEAD "<a b='&c;'/>", "H" REST},
        {HEAD "<a><![CDATA [x]]></a>", "H" BAD},
        {HEAD "<a><![IGNORE[x]]></a>", "H" BAD},
        /* not well-formed */
        {HEAD "<a></b>", "H" BAD},
        {HEAD "<a><b></a></b>", "H" BAD},
        {HEAD "<a><b></a>", "H" BAD},
        {HEAD "<a b='<'/>", "H" BAD},
        {HEAD "<a b='<", "H" BAD},
        {HEAD "<a <b/>", "H" BAD},
        {HEAD "<a b=c/>", "H" BAD},
        {HEAD "<a b/>", "H" BAD},
        {HEAD "<a b='1'c='2'/>", "H" BAD},
        {HEAD "<a b='1' b='2'/>", "H" BAD},
        {HEAD "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "H" BAD},
        {HEAD "<a xmlns:p='u' xmlns:p='v'/>", "H" BAD},
        {HEAD "< a/>", "H" BAD},
        {HEAD "<a/ >", "H" BAD},
        {HEAD "<a></a/>", "H" BAD},
        {HEAD "<>", "H" BAD},
        {HEAD "<a>&</a>", "H" BAD},
        {HEAD "<a>&#;</a>", "H" BAD},
        {HEAD "<a>&#0;</a>", "H" BAD},
        {HEAD "<a>&#1;</a>", "H" BAD},
        {HEAD "<a>&#xFFFE;</a>", "H" BAD},
        {HEAD "<a>&#xD800;</a>", "H" BAD},
        {HEAD "<a>&#x110000;</a>", "H" BAD},
        {HEAD "<a>]]></a>", "H" BAD},
        {HEAD "<a>\x01</a>", "H" BAD},
        {HEAD "<a b='\x1f'/>", "H" BAD},
        {HEAD "<1/>", "H" BAD},
        {HEAD "<-a/>", "H" BAD},
        /* not UTF-8: overlong, surrogates, beyond, cut off, alone */
        {HEAD "<a>\xc0\xbc</a>", "H" BAD},
        {HEAD "<a>\xe0\x80\xbc</a>", "H" BAD},
        {HEAD "<a>\xf0\x80\x80\xbc</a>", "H" BAD},
        {HEAD "<a>\xed\xa0\x80</a>", "H" BAD},
        {HEAD "<a>\xf4\x90\x80\x80</a>", "H" BAD},
        {HEAD "<a>\xe2\x82</a>", "H" BAD},
        {HEAD "<a>\x80</a>", "H" BAD},
        {HEAD "<a>\xff</a>", "H" BAD},
        {HEAD "<a>\xef\xbf\xbe</a>", "H" BAD},
        {HEAD "<a b='\xc3'/>", "H" BAD},
        {HEAD "<a b\xe4='1'/>", "H" BAD},
        {HEAD "<a><![CDATA[\xc3]]></a>", "H" BAD},
        /* namespaces */
        {HEAD "<p:a/>", "H!XML bad-namespace-prefix"},
        {HEAD "<a p:b='1'/>", "H!XML bad-namespace-prefix"},
        {HEAD "<a xmlns:p=''/>", "H" BAD},
        {HEAD "<a xmlns:xml='urn:x'/>", "H" BAD},
        {HEAD "<a xmlns:xmlns='urn:x'/>", "H" BAD},
        {HEAD "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", "H" BAD},
        {HEAD "<a xmlns='http://www.w3.org/XML/1998/namespace'/>", "H" BAD},
        {HEAD "<a:b:c xmlns:a='u'/>", "H" BAD},
        {HEAD "<:a/>", "H" BAD},
    };
    check_rows(rows, COUNT(rows));
    static const char nul_in_text[] = HEAD "<a>\0</a>";
    static const char nul_in_tag[] = HEAD "<a \0='1'/>";
    static const char nul_in_value[] = HEAD "<a b='\0'/>";
    static const char nul_between[] = HEAD "\0";
    static const char utf16[] = "<\0s\0>\0";
    static const char utf32[] = "\0\0\0<";
    check_run(nul_in_text, sizeof nul_in_text - 1, "H" BAD);
    check_run(nul_in_tag, sizeof nul_in_tag - 1, "H" BAD);
    check_run(nul_in_value, sizeof nul_in_value - 1, "H" BAD);
    check_run(nul_between, sizeof nul_between - 1, "H!XML bad-format");
    check_run(utf16, sizeof utf16 - 1, ENC);
    check_run(utf32, sizeof utf32 - 1, ENC);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"reads streams", reads_streams},
        {"refuses what is no stream", refuses},
    };
    return CHECK_MAIN(argc, argv, "parser", cases);
}
