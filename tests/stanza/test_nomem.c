/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory: each allocation fails in turn, ours and libxml2's, and what a received or a sent stanza
 * costs in allocations when all goes well. */
#include <libxml/xmlmemory.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "check.h"
#include "nomem.h"
#include "stanza/write.h"
#include "xmpp/error.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

/* libxml2's allocations are led by its own hook, past the linker's. */
void *__real_malloc(size_t size);
void *__real_realloc(void *memory, size_t size);

static int n_theirs, did_theirs_fail; /* of the allocations that nomem counts */

static void begin(int n)
{
    n_theirs = 0;
    did_theirs_fail = 0;
    nomem_at(n);
}

static int n_ours(void)
{
    return nomem_count() - n_theirs;
}

static int their_turn(void)
{
    int fails = nomem_fails();
    n_theirs++;
    did_theirs_fail |= fails;
    return fails;
}

static void *xml_malloc(size_t size)
{
    return their_turn() ? NULL : __real_malloc(size);
}

static void *xml_realloc(void *memory, size_t size)
{
    return their_turn() ? NULL : __real_realloc(memory, size);
}

static char *xml_strdup(const char *text)
{
    char *copy = xml_malloc(strlen(text) + 1);
    return copy ? strcpy(copy, text) : NULL;
}

static const char *const dialogue[] = {
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xml:lang='en' "
    "xmlns:stream='http://etherx.jabber.org/streams' from='e.org' to='a@e.org' id='1'>",
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>",
    "<message from='b@e.org/1' to='a@e.org/2' id='&lt;&amp;'><body>x &amp; y &#8364;</body>"
    "<unusual xmlns='urn:unusual' xmlns:p='urn:p' p:a='1'/>1<b/>2<![CDATA[3]]></message>",
    "<iq type='result' id='a-long-identifier-of-no-use'><query xmlns='jabber:iq:roster'>"
    "<item jid='a@b' name='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'/>"
    "<item jid='b@b' name='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'/>"
    "<item jid='c@b' name='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'/>"
    "<item jid='d@b' name='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'/>"
    "<item jid='e@b' name='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'/>"
    "<item jid='f@b' name='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'/>"
    "</query></iq>",
    "<presence/></stream:stream>",
};

/* What is seen of the dialogue, as text; the last word is the error, or 0. */
static int run(struct xm_buf *log, size_t piece)
{
    static const struct xm_write_options options = {.default_ns = XMPP_NS_CLIENT};
    xmpp_parser *parser = xmpp_parser_new();
    int event = parser ? 0 : XMPP_E_NOMEM;
    for (size_t i = 0; i < sizeof dialogue / sizeof *dialogue && event >= 0; i++) {
        size_t len = strlen(dialogue[i]);
        for (size_t at = 0, used = 0; at < len && event >= 0; at += used) {
            size_t n = len - at < piece ? len - at : piece;
            event = xmpp_parser_feed(parser, dialogue[i] + at, n, &used);
            if (event == XMPP_PARSER_STANZA) {
                nomem_pause(); /* the log itself does not fail */
                xm_stanza_write(xmpp_parser_get_stanza(parser), log, &options);
                nomem_resume();
            }
        }
    }
    xmpp_parser_free(parser);
    return event < 0 ? event : 0;
}

/* Every allocation of the dialogue fails once. What was seen until then is right, and the error is
 * told; only for libxml2's own it may not be known that it was memory (it takes some for a name or
 * namespace that is no good). */
static void parsing_survives(void)
{
    for (size_t piece = 7; piece < 2000; piece += 1990) {
        struct xm_buf want = {0};
        begin(-1);
        CHECK_INT(run(&want, piece), 0);
        for (int n = 0; n < 5000; n++) {
            struct xm_buf log = {0};
            check_note("allocation %d, pieces of %zu", n, piece);
            begin(n);
            int code = run(&log, piece);
            int did_fail = nomem_end();
            CHECK(xm_buf_len(&log) <= xm_buf_len(&want));
            CHECK_MEM(xm_buf_head(&log), xm_buf_len(&log), xm_buf_head(&want), xm_buf_len(&log));
            CHECK(code == 0 || code == XMPP_E_NOMEM || (did_theirs_fail && code == XMPP_E_XML));
            CHECK(code != 0 || xm_buf_len(&log) == xm_buf_len(&want));
            xm_buf_done(&log);
            if (!did_fail) {
                CHECK(n > 20);
                break;
            }
        }
        xm_buf_done(&want);
    }
}

/* Whatever is missing, nothing of it is printed by the libraries below. */
static void prints_nothing(void)
{
    int before = dup(STDERR_FILENO);
    FILE *file = tmpfile();
    if (!CHECK(file && before >= 0)) {
        return;
    }
    dup2(fileno(file), STDERR_FILENO);
    for (int n = 0; n < 500; n++) {
        struct xm_buf log = {0};
        begin(n);
        run(&log, 5000);
        nomem_end();
        xm_buf_done(&log);
    }
    dup2(before, STDERR_FILENO);
    close(before);
    CHECK_INT(lseek(fileno(file), 0, SEEK_END), 0);
    fclose(file);
}

static int build(char **ret_text)
{
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    xmpp_elem *root = xmpp_stanza_root(stanza);
    xmpp_stanza_set_to(stanza, "B\xc3\xbc@e.org/1");
    xmpp_stanza_set_id(stanza, "1");
    for (int i = 0; i < 40; i++) {
        xmpp_elem *child = xmpp_elem_add_text_child(root, "child", "urn:c", "some text of a child");
        xmpp_elem_set_attr_ns(child, "a", "urn:a", "1");
        xmpp_elem_add_text(root, "text");
    }
    xmpp_elem_add_copy(root, root);
    xmpp_stanza *copy = xmpp_stanza_copy(stanza);
    int code = stanza ? xmpp_stanza_get_error(stanza) : XMPP_E_NOMEM;
    if (code == 0) {
        code = xmpp_stanza_to_text(copy, ret_text, NULL);
    }
    if (code == 0) {
        xmpp_stanza_seal(copy);
        code = xmpp_stanza_get_error(copy);
    }
    xmpp_stanza_unref(copy);
    xmpp_stanza_unref(stanza);
    return code;
}

static void building_survives(void)
{
    char *want = NULL;
    CHECK_INT(build(&want), 0);
    for (int n = 0; n < 1000; n++) {
        check_note("allocation %d", n);
        char *text = NULL;
        begin(n);
        int code = build(&text);
        int did_fail = nomem_end();
        CHECK_INT(code, did_fail ? XMPP_E_NOMEM : 0);
        if (code == 0) {
            CHECK_STR(text, want);
        }
        xmpp_free(text);
        if (!did_fail) {
            CHECK(n > 5);
            break;
        }
    }
    xmpp_free(want);
}

static void string_parsing_survives(void)
{
    static const char text[] = "<a xmlns='urn:a' b='&amp;'><c>d</c><![CDATA[e]]>f<g/>h</a>";
    for (int n = 0; n < 1000; n++) {
        check_note("allocation %d", n);
        xmpp_stanza *stanza = NULL;
        begin(n);
        int code = xmpp_stanza_parse(&stanza, text, sizeof text - 1);
        int did_fail = nomem_end();
        CHECK(code == 0 || (did_fail && code == XMPP_E_NOMEM) ||
              (did_theirs_fail && code == XMPP_E_XML));
        CHECK((stanza != NULL) == (code == 0));
        if (stanza) {
            CHECK_STR(xmpp_elem_get_text(xmpp_stanza_get_root(stanza), NULL), "efh");
        }
        xmpp_stanza_unref(stanza);
        if (!did_fail) {
            CHECK(n > 10);
            break;
        }
    }
}

/* In the steady state a stanza that nobody keeps costs nothing but libxml2's own. */
static void receiving_allocates_nothing(void)
{
    xmpp_parser *parser = xmpp_parser_new();
    size_t used;
    xmpp_parser_feed(parser, dialogue[0], strlen(dialogue[0]), &used);
    for (int round = 0; round < 20; round++) {
        if (round == 2) {
            begin(-1);
        }
        for (size_t i = 1; i < 4; i++) {
            CHECK_INT(xmpp_parser_feed(parser, dialogue[i], strlen(dialogue[i]), &used),
                      XMPP_PARSER_STANZA);
        }
    }
    CHECK_INT(n_ours(), 0);
    /* one that is kept, a few: it takes its blocks along */
    const xmpp_stanza *kept = xmpp_stanza_ref(xmpp_parser_get_stanza(parser));
    for (int round = 0; round < 20; round++) {
        xmpp_parser_feed(parser, dialogue[3], strlen(dialogue[3]), &used);
    }
    CHECK(n_ours() > 0 && n_ours() < 5);
    xmpp_stanza_unref(kept);
    xmpp_parser_free(parser);
}

/* The same tree again and again, each time anew. */
static void sending_allocates_nothing(void)
{
    static const struct xm_write_options options = {.default_ns = XMPP_NS_CLIENT};
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    struct xm_buf out = {0};
    for (int round = 0; round < 20; round++) {
        if (round == 2) {
            begin(-1);
        }
        CHECK_INT(xmpp_stanza_reset(stanza, "message", NULL), 0);
        xmpp_stanza_set_to(stanza, "bob@example.org/home");
        for (int i = 0; i < 20; i++) { /* more than a first block holds */
            xmpp_elem_add_text_child(xmpp_stanza_root(stanza), "body", NULL, "Some text");
        }
        xm_buf_clear(&out);
        CHECK_INT(xm_stanza_write(stanza, &out, &options), 0);
    }
    CHECK_INT(n_ours(), 0);
    xm_buf_done(&out);
    xmpp_stanza_unref(stanza);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"parsing survives", parsing_survives},
        {"prints nothing", prints_nothing},
        {"building survives", building_survives},
        {"parsing a string survives", string_parsing_survives},
        {"receiving allocates nothing", receiving_allocates_nothing},
        {"sending allocates nothing", sending_allocates_nothing},
    };
    xmlMemSetup(free, xml_malloc, xml_realloc, xml_strdup);
    return CHECK_MAIN(argc, argv, "no memory", cases);
}
