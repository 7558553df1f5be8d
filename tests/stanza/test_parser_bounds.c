/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the streaming parser promises beside the content of its events: where it stops, how much it
 * takes, and what it holds on to. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "check.h"
#include "stanza/parser.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

#define HEAD                                                                                       \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "        \
    "xml:lang='en' from='Example.org' id='1'>"

static size_t used;

static int feed(xmpp_parser *parser, const char *text)
{
    return xmpp_parser_feed(parser, text, strlen(text), &used);
}

/* A parser behind its header. */
static xmpp_parser *open_stream(void)
{
    xmpp_parser *parser = xmpp_parser_new();
    CHECK_INT(feed(parser, HEAD), XMPP_PARSER_HEADER);
    return parser;
}

/* Feeds all of it in pieces: the first event that is not MORE. */
static int feed_pieces(xmpp_parser *parser, const char *text, size_t len, size_t piece)
{
    int event = XMPP_PARSER_MORE;
    for (size_t at = 0; at < len && event == XMPP_PARSER_MORE; at += used) {
        event = xmpp_parser_feed(parser, text + at, len - at < piece ? len - at : piece, &used);
    }
    return event;
}

/* n bytes in front of, n times the middle, and the end. Free it. */
static char *repeat(const char *front, const char *middle, size_t n, const char *end)
{
    struct xm_buf buf = {0};
    xm_buf_add_text(&buf, front);
    for (size_t i = 0; i < n; i++) {
        xm_buf_add_text(&buf, middle);
    }
    xm_buf_add_text(&buf, end);
    xm_buf_add(&buf, "", 1);
    return (char *)buf.bytes;
}

/* --- where it stops ------------------------------------------------------------------------- */

static void stops_at_the_byte(void)
{
    static const char text[] = HEAD "<a/> <b>x</b>\x16\x03\x01"; /* TLS behind the stanza */
    size_t head = strlen(HEAD);
    xmpp_parser *parser = xmpp_parser_new();
    CHECK_INT(xmpp_parser_feed(parser, text, sizeof text - 1, &used), XMPP_PARSER_HEADER);
    CHECK_INT(used, head);
    CHECK(xmpp_parser_get_stanza(parser) == NULL);
    CHECK_INT(xmpp_parser_feed(parser, text + head, sizeof text - 1 - head, &used),
              XMPP_PARSER_STANZA);
    CHECK_INT(used, strlen("<a/>"));
    CHECK_STR(xmpp_elem_get_name(xmpp_stanza_get_root(xmpp_parser_get_stanza(parser))), "a");
    CHECK_INT(feed(parser, " <b>x</b>\x16\x03\x01"), XMPP_PARSER_STANZA);
    CHECK_INT(used, strlen(" <b>x</b>"));
    CHECK_INT(feed(parser, "\x16\x03\x01"), XMPP_E_XML);
    xmpp_parser_free(parser);
}

static void starts_anew(void)
{
    xmpp_parser *parser = open_stream();
    CHECK_INT(xmpp_parser_set_limit(parser, XMPP_PARSER_ATTRS, 7), 0);
    CHECK_STR(xmpp_elem_get_attr(xmpp_stanza_get_root(xmpp_parser_get_header(parser)), "id"), "1");
    const xmpp_stanza *kept = xmpp_stanza_ref(xmpp_parser_get_header(parser));
    CHECK_INT(feed(parser, "<a><b"), XMPP_PARSER_MORE);
    xmpp_parser_reset(parser);
    CHECK(xmpp_parser_get_header(parser) == NULL);
    CHECK_INT(feed(parser, "<?xml version='1.0'?><s xmlns='urn:s'>"), XMPP_PARSER_HEADER);
    CHECK_STR(xmpp_elem_get_ns(xmpp_stanza_get_root(xmpp_parser_get_header(parser))), "urn:s");
    CHECK_INT(feed(parser, "<stream:a/>"), XMPP_E_XML); /* that prefix was the old stream's */
    CHECK_STR(xmpp_parser_get_condition(parser), "bad-namespace-prefix");
    xmpp_parser_reset(parser);
    CHECK(xmpp_parser_get_condition(parser) == NULL && xmpp_parser_get_reason(parser) == NULL);
    CHECK_INT(feed(parser, HEAD), XMPP_PARSER_HEADER);
    CHECK_INT(xmpp_parser_get_limit(parser, XMPP_PARSER_ATTRS), 7);
    xmpp_parser_free(parser);
    CHECK_STR(xmpp_elem_get_name(xmpp_stanza_get_root(kept)), "stream");
    CHECK_STR(xmpp_jid_get_text(xmpp_stanza_get_from(kept)), "example.org");
    xmpp_stanza_unref(kept);
}

static void refuses_arguments(void)
{
    xmpp_parser *parser = xmpp_parser_new();
    CHECK_INT(xmpp_parser_feed(NULL, "", 0, &used), XMPP_E_INVAL);
    CHECK_INT(xmpp_parser_feed(parser, NULL, 1, &used), XMPP_E_INVAL);
    CHECK_INT(xmpp_parser_feed(parser, "", 0, NULL), XMPP_E_INVAL);
    CHECK_INT(xmpp_parser_feed(parser, NULL, 0, &used), XMPP_PARSER_MORE);
    CHECK_INT(xmpp_parser_set_limit(parser, 99, 1), XMPP_E_INVAL);
    CHECK_INT(xmpp_parser_set_limit(parser, XMPP_PARSER_DEPTH, 0), XMPP_E_INVAL);
    CHECK_INT(xmpp_parser_set_limit(parser, XMPP_PARSER_DEPTH, 10000001), XMPP_E_INVAL);
    CHECK_INT(xmpp_parser_set_limit(NULL, XMPP_PARSER_DEPTH, 1), XMPP_E_INVAL);
    CHECK_INT(xmpp_parser_get_limit(parser, -1), XMPP_E_INVAL);
    CHECK_INT(xmpp_parser_get_limit(NULL, XMPP_PARSER_DEPTH), XMPP_E_INVAL);
    CHECK(xmpp_parser_get_header(NULL) == NULL && xmpp_parser_get_stanza(NULL) == NULL);
    CHECK(xmpp_parser_get_condition(NULL) == NULL && xmpp_parser_get_reason(NULL) == NULL);
    xmpp_parser_reset(NULL);
    xmpp_parser_free(NULL);
    xmpp_parser_free(parser);
}

/* --- limits --------------------------------------------------------------------------------- */

static void holds_its_limits(void)
{
    static const struct {
        int which;
        int64_t preset;
        int limit; /* what it is set to */
        const char *fits;
        const char *exceeds;
    } rows[] = {
        {XMPP_PARSER_STANZA_BYTES, 524288, 10, "  <a>345</a>", "<a>3456</a>"},
        {XMPP_PARSER_STANZA_BYTES, 524288, 10, "<a b='78'/", "<a b='78' /"},
        {XMPP_PARSER_DEPTH, 100, 2, "<a><b/><b></b></a>", "<a><b><c/>"},
        {XMPP_PARSER_DEPTH, 100, 1, "<a/>", "<a><b>"},
        {XMPP_PARSER_ATTRS, 256, 2, "<a b='' xmlns=''><c d=\"'='\" e=''/></a>", "<a b='' c='' d='"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t piece = 1; piece < 100; piece += 98) {
            check_note("row %zu, pieces of %zu", i, piece);
            xmpp_parser *parser = open_stream();
            CHECK_INT(xmpp_parser_get_limit(parser, rows[i].which), rows[i].preset);
            CHECK_INT(xmpp_parser_set_limit(parser, rows[i].which, rows[i].limit), 0);
            CHECK_INT(xmpp_parser_get_limit(parser, rows[i].which), rows[i].limit);
            CHECK(feed_pieces(parser, rows[i].fits, strlen(rows[i].fits), piece) >= 0);
            xmpp_parser_reset(parser);
            feed(parser, HEAD);
            CHECK_INT(feed_pieces(parser, rows[i].exceeds, strlen(rows[i].exceeds), piece),
                      XMPP_E_TOO_BIG);
            CHECK_STR(xmpp_parser_get_condition(parser), "policy-violation");
            xmpp_parser_free(parser);
        }
    }
}

/* The header's limit counts all that is in front of its end. */
static void holds_the_header_limit(void)
{
    static const char *const fronts[] = {"<s a='", "<?xml version='1.0'?>", " ", "\xef\xbb\xbf",
                                         "<?xml   "};
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++) {
        for (size_t piece = 1; piece < 100000; piece += 99998) {
            check_note("row %zu, pieces of %zu", i, piece);
            xmpp_parser *parser = xmpp_parser_new();
            char *text = repeat(fronts[i], " ", 17000, "");
            CHECK_INT(feed_pieces(parser, text, strlen(text), piece), XMPP_E_TOO_BIG);
            free(text);
            xmpp_parser_reset(parser);
            CHECK_INT(xmpp_parser_set_limit(parser, XMPP_PARSER_HEADER_BYTES, 10), 0);
            CHECK_INT(feed_pieces(parser, " <s a='7'>", 10, piece), XMPP_PARSER_HEADER);
            xmpp_parser_reset(parser);
            CHECK_INT(feed_pieces(parser, " <s a='78'>", 11, piece), XMPP_E_TOO_BIG);
            xmpp_parser_free(parser);
        }
    }
}

/* A limit holds from the next stanza on. */
static void changes_limits_later(void)
{
    xmpp_parser *parser = open_stream();
    CHECK_INT(feed(parser, "<a b='1'"), XMPP_PARSER_MORE);
    CHECK_INT(xmpp_parser_set_limit(parser, XMPP_PARSER_STANZA_BYTES, 4), 0);
    CHECK_INT(feed(parser, " c='2'/>"), XMPP_PARSER_STANZA);
    CHECK_INT(feed(parser, "<a/>"), XMPP_PARSER_STANZA);
    CHECK_INT(feed(parser, "<ab/>"), XMPP_E_TOO_BIG);
    xmpp_parser_free(parser);
}

/* The largest that can be allowed is really allowed. */
static void allows_the_largest(void)
{
    static const char *const shapes[][3] = {
        {"<a b='", ">x", "'/>"}, {"<a>", "x\n", "</a>"}, {"<a><![CDATA[", "x>", "]]></a>"}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        check_note("shape %zu", i);
        xmpp_parser *parser = open_stream();
        CHECK_INT(xmpp_parser_set_limit(parser, XMPP_PARSER_STANZA_BYTES, 10000000), 0);
        char *text = repeat(shapes[i][0], shapes[i][1], 4900000, shapes[i][2]);
        CHECK_INT(feed_pieces(parser, text, strlen(text), 16384), XMPP_PARSER_STANZA);
        free(text);
        xmpp_parser_free(parser);
    }
}

/* --- time ----------------------------------------------------------------------------------- */

/* What is quadratic takes many seconds at this size; linear, a few hundredths of one. */
static void takes_linear_time(void)
{
    static const char *const shapes[][3] = {
        {"<a b='", ">", "'/>"}, {"<a>", "x", "</a>"},     {"<a>", "&#49;", "</a>"},
        {"<a>&#", "1", ""},     {"<a>", "<b/>x", "</a>"}, {"<a><![CDATA[", "]", "]]></a>"},
        {"<a", " b", ""},       {"<a", " xmlns='", ""},   {"", " ", "<a/>"},
        {"<a", " ", "/>"},      {"<", "a", "/>"},         {"<a>", "<![CDATA[]]>", "</a>"},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (size_t piece = 1; piece < 2000; piece += 1023) {
            check_note("shape %zu, pieces of %zu", i, piece);
            xmpp_parser *parser = open_stream();
            size_t n = (piece == 1 ? 400000 : 3000000) / strlen(shapes[i][1]);
            xmpp_parser_set_limit(parser, XMPP_PARSER_STANZA_BYTES, 10000000);
            char *text = repeat(shapes[i][0], shapes[i][1], n, shapes[i][2]);
            clock_t start = clock();
            feed_pieces(parser, text, strlen(text), piece);
            CHECK(clock() - start < CLOCKS_PER_SEC);
            free(text);
            xmpp_parser_free(parser);
        }
    }
}

/* Each name is looked for in all declarations around it: there may not be too many. */
static void bounds_namespaces_in_scope(void)
{
    struct xm_buf buf = {0};
    xmpp_parser *parser = open_stream();
    for (int i = 0; i < 50; i++) {
        char text[40];
        xm_buf_add_text(&buf, "<a");
        for (int j = 0; j < 100; j++) {
            snprintf(text, sizeof text, " xmlns:p%d-%d='u'", i, j);
            xm_buf_add_text(&buf, text);
        }
        xm_buf_add_text(&buf, ">");
    }
    CHECK_INT(feed_pieces(parser, (char *)buf.bytes, xm_buf_len(&buf), 4096), XMPP_E_TOO_BIG);
    CHECK_STR(xmpp_parser_get_condition(parser), "policy-violation");
    /* one behind the other they are as many as one likes */
    xmpp_parser_reset(parser);
    CHECK_INT(feed(parser, HEAD "<b>"), XMPP_PARSER_HEADER);
    CHECK_INT(feed(parser, "<b>"), XMPP_PARSER_MORE);
    for (int i = 0; i < 5000; i++) {
        CHECK_INT(feed(parser, "<a xmlns='u' xmlns:p='v'/>"), XMPP_PARSER_MORE);
    }
    CHECK_INT(feed(parser, "</b>"), XMPP_PARSER_STANZA);
    xm_buf_done(&buf);
    xmpp_parser_free(parser);
}

/* --- memory --------------------------------------------------------------------------------- */

static size_t heap(void)
{
    return mallinfo2().uordblks;
}

static int is_measured(void)
{
    size_t before = heap();
    void *block = malloc(100000);
    size_t after = heap();
    free(block);
    return after > before; /* not under a sanitizer's allocator */
}

/* Fifty thousand stanzas, all of whose names are new; and white space without end. */
static void stays_flat(void)
{
    xmpp_parser *parser = open_stream();
    size_t first = 0;
    size_t most = 0;
    for (unsigned i = 0; i < 50000; i++) {
        char text[300];
        snprintf(text, sizeof text,
                 "<n%u-%0100u xmlns='urn:%u' a%u='' xmlns:p%u='urn:%u' p%u:b%u=''/> \n ", i, i, i,
                 i, i, i, i, i);
        if (!CHECK_INT(feed(parser, text), XMPP_PARSER_STANZA)) {
            break;
        }
        CHECK_INT(feed(parser, " \n "), XMPP_PARSER_MORE);
        first = i == 5000 ? heap() : first;
        most = heap() > most ? heap() : most;
    }
    CHECK(!is_measured() || most < first + 1024 * 1024);
    char space[1024];
    memset(space, '\n', sizeof space);
    size_t before = heap();
    for (int i = 0; i < 10000; i++) {
        CHECK_INT(xmpp_parser_feed(parser, space, sizeof space, &used), XMPP_PARSER_MORE);
    }
    CHECK(!is_measured() || heap() == before);
    CHECK(xm_parser_is_between(parser));
    xmpp_parser_free(parser);
}

/* The context is new every few thousand names, and what the header declared stays in force. */
static void keeps_what_the_header_declared(void)
{
    xmpp_parser *parser = xmpp_parser_new();
    CHECK_INT(
        feed(parser, "<s:s xmlns:s='urn:s' xmlns='urn:d' xmlns:q='urn:&amp;q' xml:lang='de'>"),
        XMPP_PARSER_HEADER);
    for (unsigned i = 0; i < 5000; i++) {
        char text[100];
        snprintf(text, sizeof text, "<x%u><q:y/></x%u>", i, i);
        if (i % 100 == 0) {
            xm_parser_idle(parser);
        }
        CHECK_INT(feed(parser, text), XMPP_PARSER_STANZA);
        const xmpp_elem *root = xmpp_stanza_get_root(xmpp_parser_get_stanza(parser));
        CHECK_STR(xmpp_elem_get_ns(root), "urn:d");
        CHECK(xmpp_elem_get_child(root, "y", "urn:&q") != NULL);
        CHECK_STR(xmpp_stanza_get_lang(xmpp_parser_get_stanza(parser)), "de");
    }
    CHECK_INT(feed(parser, "</s:s>"), XMPP_PARSER_END);
    xmpp_parser_free(parser);
}

static void is_small_when_idle(void)
{
    enum { N = 64 };
    xmpp_parser *parsers[N];
    xmpp_parser_free(open_stream()); /* what libxml2 keeps for ever is there now */
    size_t before = heap();
    for (int i = 0; i < N; i++) {
        parsers[i] = open_stream();
        CHECK_INT(feed(parsers[i], "<message to='a@b/c'><body>x</body></message>"),
                  XMPP_PARSER_STANZA);
        xm_parser_idle(parsers[i]);
        CHECK(xmpp_parser_get_stanza(parsers[i]) == NULL);
    }
    size_t each = (heap() - before) / N;
    check_note("%zu bytes each", each);
    CHECK(!is_measured() || each < 1536);
    for (int i = 0; i < N; i++) {
        CHECK_INT(feed(parsers[i], "<iq/>"), XMPP_PARSER_STANZA);
        CHECK_STR(xmpp_stanza_get_lang(xmpp_parser_get_stanza(parsers[i])), "en");
        xmpp_parser_free(parsers[i]);
    }
}

/* Half a stanza cannot be dropped. */
static void is_not_idle_inside(void)
{
    xmpp_parser *parser = open_stream();
    CHECK_INT(feed(parser, "<a>12<b "), XMPP_PARSER_MORE);
    CHECK(!xm_parser_is_between(parser));
    xm_parser_idle(parser);
    CHECK_INT(feed(parser, "/></a>"), XMPP_PARSER_STANZA);
    CHECK_STR(xmpp_elem_get_head(xmpp_stanza_get_root(xmpp_parser_get_stanza(parser)), NULL), "12");
    CHECK(xm_parser_is_between(parser));
    xmpp_parser_free(parser);
}

/* What a handler kept stays as it is, whatever the stream does then. */
static void kept_stanzas_stay(void)
{
    const xmpp_stanza *kept[10];
    xmpp_parser *parser = open_stream();
    for (int i = 0; i < 10; i++) {
        char text[100];
        snprintf(text, sizeof text,
                 "<message from='A@b/%d' to='me@b/%d' id='%d'><body>&lt;%d</body></message>", i,
                 i % 3, i, i);
        CHECK_INT(feed(parser, text), XMPP_PARSER_STANZA);
        kept[i] = xmpp_stanza_ref(xmpp_parser_get_stanza(parser));
        CHECK_INT(feed(parser, "<presence/>"), XMPP_PARSER_STANZA);
    }
    xmpp_parser_free(parser);
    for (int i = 0; i < 10; i++) {
        char text[30];
        snprintf(text, sizeof text, "a@b/%d", i);
        CHECK_STR(xmpp_jid_get_text(xmpp_stanza_get_from(kept[i])), text);
        snprintf(text, sizeof text, "me@b/%d", i % 3);
        CHECK_STR(xmpp_jid_get_text(xmpp_stanza_get_to(kept[i])), text);
        snprintf(text, sizeof text, "<%d", i);
        CHECK_STR(xmpp_elem_get_child_text(xmpp_stanza_get_root(kept[i]), "body", NULL), text);
        CHECK_INT(xmpp_stanza_get_kind(kept[i]), XMPP_KIND_MESSAGE);
        CHECK_STR(xmpp_stanza_get_lang(kept[i]), "en");
        xmpp_stanza_unref(kept[i]);
    }
}

/* 1 if the children at even places have all the same namespace in memory, and those at odd places. */
static int has_two_namespaces(const xmpp_elem *root)
{
    const xmpp_elem *even = xmpp_elem_get_child(root, NULL, NULL);
    const xmpp_elem *odd = xmpp_elem_get_next(even, NULL, NULL);
    const char *namespaces[] = {xmpp_elem_get_ns(even), xmpp_elem_get_ns(odd)};
    size_t n = 0;
    for (const xmpp_elem *at = even; at; at = xmpp_elem_get_next(at, NULL, NULL), n++) {
        if (xmpp_elem_get_ns(at) != namespaces[n % 2] || strlen(namespaces[n % 2]) != 1001) {
            return 0;
        }
    }
    return n == 2000 && strcmp(namespaces[0], namespaces[1]) != 0;
}

/* Said once, and meant by each of many elements with four bytes: memory is not what it costs to send. */
static void keeps_a_long_namespace_once(void)
{
    char front[3000];
    char name[1001];
    memset(name, 'n', sizeof name);
    snprintf(front, sizeof front, "<message xmlns:a='%.1000sa' xmlns:b='%.1000sb'>", name, name);
    char *text = repeat(front, "<a:c b:d='1'/><b:c a:d='1'/>", 1000, "</message>");
    xmpp_parser *parser = open_stream();
    CHECK_INT(feed(parser, text), XMPP_PARSER_STANZA);
    const xmpp_stanza *stanza = xmpp_parser_get_stanza(parser);
    xmpp_stanza *copy = xmpp_stanza_copy(stanza);
    CHECK(has_two_namespaces(xmpp_stanza_get_root(stanza)));
    CHECK(has_two_namespaces(xmpp_stanza_get_root(copy)));
    const xmpp_elem *child = xmpp_elem_get_child(xmpp_stanza_get_root(copy), NULL, NULL);
    CHECK_STR(
        xmpp_elem_get_attr_ns(child, "d", xmpp_elem_get_ns(xmpp_elem_get_next(child, NULL, NULL))),
        "1");
    xmpp_stanza_unref(copy);
    xmpp_parser_free(parser);
    free(text);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"stops at the byte", stops_at_the_byte},
        {"starts anew", starts_anew},
        {"refuses arguments", refuses_arguments},
        {"holds its limits", holds_its_limits},
        {"holds the header's limit", holds_the_header_limit},
        {"changes limits from the next stanza on", changes_limits_later},
        {"allows the largest", allows_the_largest},
        {"takes linear time", takes_linear_time},
        {"bounds the namespaces in scope", bounds_namespaces_in_scope},
        {"keeps a long namespace once", keeps_a_long_namespace_once},
        {"stays flat", stays_flat},
        {"keeps what the header declared", keeps_what_the_header_declared},
        {"is small when idle", is_small_when_idle},
        {"is not idle inside of a stanza", is_not_idle_inside},
        {"kept stanzas stay", kept_stanzas_stay},
    };
    return CHECK_MAIN(argc, argv, "parser bounds", cases);
}
