/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees: building, reading, copying, serialising, parsing. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "check.h"
#include "stanza/write.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

/* The tree's text is this; frees it. */
static void check_text(const xmpp_stanza *stanza, const char *want)
{
    char *text = NULL;
    size_t len = 0;
    if (CHECK_INT(xmpp_stanza_to_text(stanza, &text, &len), 0)) {
        CHECK_STR(text, want);
        CHECK_INT(len, strlen(want));
        xmpp_free(text);
    }
}

static xmpp_stanza *parse(const char *text)
{
    xmpp_stanza *stanza = NULL;
    CHECK_INT(xmpp_stanza_parse(&stanza, text, strlen(text)), 0);
    return stanza;
}

static void builds_a_message(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    xmpp_elem *root = xmpp_stanza_root(stanza);
    xmpp_stanza_set_to(stanza, "Bob@Example.NET/Phone");
    xmpp_stanza_set_type(stanza, "chat");
    xmpp_stanza_set_id(stanza, "a'1");
    xmpp_elem_add_text_child(root, "body", NULL, "1 < 2 & \"x\" > 'y' ]]>");
    xmpp_elem *x = xmpp_elem_add(root, "x", "urn:x");
    xmpp_elem_add(x, "y", NULL);
    xmpp_elem_add(x, "z", "jabber:client");
    xmpp_elem_add(x, "n", "");
    check_text(stanza, "<message to='bob@example.net/Phone' type='chat' id='a&apos;1'>"
                       "<body>1 &lt; 2 &amp; \"x\" &gt; 'y' ]]&gt;</body>"
                       "<x xmlns='urn:x'><y/><z xmlns='jabber:client'/><n xmlns=''/></x>"
                       "</message>");
    xmpp_stanza_unref(stanza);
}

static void reads_a_tree(void)
{
    xmpp_stanza *stanza =
        parse("<message from='a@b' type='chat'> x <b k='v' xml:lang='de'>1<i>2</i>"
              "3</b> y <b xmlns='urn:b'/> z </message>");
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    const xmpp_elem *b = xmpp_elem_get_child(root, "b", NULL);
    CHECK_STR(xmpp_elem_get_name(root), "message");
    CHECK_STR(xmpp_elem_get_ns(root), "jabber:client");
    CHECK(xmpp_elem_get_stanza(b) == stanza);
    CHECK(xmpp_elem_get_parent(b) == root);
    CHECK(xmpp_elem_get_parent(root) == NULL);
    CHECK_STR(xmpp_elem_get_attr(b, "k"), "v");
    CHECK_STR(xmpp_elem_get_attr_ns(b, "lang", XMPP_NS_XML), "de");
    CHECK(xmpp_elem_get_attr(b, "lang") == NULL);
    CHECK_INT(xmpp_elem_get_n_attrs(b), 2);
    CHECK_STR(xmpp_elem_get_attr_name_at(b, 1), "lang");
    CHECK_STR(xmpp_elem_get_attr_ns_at(b, 1), XMPP_NS_XML);
    CHECK_STR(xmpp_elem_get_attr_value_at(b, 1), "de");
    CHECK(xmpp_elem_get_attr_name_at(b, 2) == NULL);
    /* mixed content, in one piece and in order */
    size_t len;
    CHECK_STR(xmpp_elem_get_text(root, &len), " x  y  z ");
    CHECK_INT(len, 9);
    CHECK_STR(xmpp_elem_get_head(root, &len), " x ");
    CHECK_STR(xmpp_elem_get_text(b, NULL), "13");
    CHECK_STR(xmpp_elem_get_tail(b, NULL), " y ");
    CHECK_STR(xmpp_elem_get_child_text(b, "i", NULL), "2");
    const xmpp_elem *second = xmpp_elem_get_next(b, NULL, NULL);
    CHECK(xmpp_elem_is(second, "b", "urn:b"));
    CHECK_STR(xmpp_elem_get_text(second, &len), "");
    CHECK_INT(len, 0);
    CHECK(xmpp_elem_get_next(b, "b", "jabber:client") == NULL);
    CHECK(xmpp_elem_get_child(root, "b", "urn:b") == second);
    CHECK(xmpp_elem_get_child(root, "i", NULL) == NULL);
    xmpp_stanza_unref(stanza);
}

static void nothing_of_nothing(void)
{
    xmpp_stanza *stanza = NULL;
    CHECK(xmpp_stanza_root(NULL) == NULL && xmpp_stanza_get_root(NULL) == NULL);
    CHECK(xmpp_stanza_get_id(NULL) == NULL && xmpp_stanza_get_type(NULL) == NULL);
    CHECK(xmpp_stanza_get_from(NULL) == NULL && xmpp_stanza_get_to(NULL) == NULL);
    CHECK(xmpp_stanza_get_lang(NULL) == NULL && xmpp_stanza_get_kind(NULL) == XMPP_KIND_OTHER);
    CHECK(xmpp_stanza_copy(NULL) == NULL && xmpp_stanza_ref(NULL) == NULL);
    CHECK(xmpp_stanza_unref(NULL) == NULL);
    CHECK_INT(xmpp_stanza_get_error(NULL), XMPP_E_NOMEM);
    CHECK_INT(xmpp_stanza_reset(NULL, "a", NULL), XMPP_E_INVAL);
    CHECK_INT(xmpp_stanza_parse(NULL, "<a/>", 4), XMPP_E_INVAL);
    CHECK_INT(xmpp_stanza_parse(&stanza, NULL, 4), XMPP_E_INVAL);
    CHECK(xmpp_elem_get_text(NULL, NULL) == NULL && xmpp_elem_get_lang(NULL) == NULL);
    CHECK(xmpp_elem_get_child(NULL, "a", NULL) == NULL && xmpp_elem_get_n_attrs(NULL) == 0);
    CHECK(!xmpp_elem_is(NULL, NULL, NULL));
    CHECK(xmpp_elem_add(NULL, "a", NULL) == NULL);
    CHECK(xmpp_elem_add_copy(NULL, NULL) == NULL);
    CHECK(xmpp_elem_add_text_child(NULL, "a", NULL, "b") == NULL);
    xmpp_elem_add_text(NULL, "a");
    xmpp_elem_set_attr(NULL, "a", "b");
    xmpp_elem_remove(NULL);
    xmpp_stanza_set_id(NULL, "a");
    xmpp_stanza_set_to(NULL, "a");
    xmpp_stanza_set_to_jid(NULL, NULL);
    xmpp_stanza_seal(NULL);
}

/* What cannot be built sticks, and is told by what uses it. */
static void errors_stick(void)
{
    static const struct {
        const char *name, *ns, *attr, *value, *text, *to;
        int error;
    } rows[] = {
        {.name = "a", .error = 0},
        {.name = "\xc3\xa4-1.b", .error = 0},
        {.name = "", .error = XMPP_E_NAME},
        {.name = NULL, .error = XMPP_E_NAME},
        {.name = "a b", .error = XMPP_E_NAME},
        {.name = "a:b", .error = XMPP_E_NAME},
        {.name = "1a", .error = XMPP_E_NAME},
        {.name = "a><b", .error = XMPP_E_NAME},
        {.name = "\xff", .error = XMPP_E_NAME},
        {.name = "a", .ns = "u\x01", .error = XMPP_E_CHAR},
        {.name = "a", .ns = "http://www.w3.org/2000/xmlns/", .error = XMPP_E_NAME},
        {.name = "a", .attr = "b c", .value = "", .error = XMPP_E_NAME},
        {.name = "a", .attr = "xmlns", .value = "urn:x", .error = XMPP_E_NAME},
        {.name = "a", .attr = "xmlns:x", .value = "urn:x", .error = XMPP_E_NAME},
        {.name = "a", .attr = NULL, .value = "x", .error = XMPP_E_NAME},
        {.name = "a", .attr = "b", .value = "\x1b", .error = XMPP_E_CHAR},
        {.name = "a", .attr = "b", .value = "\xc0\x80", .error = XMPP_E_CHAR},
        {.name = "a", .text = "\x01", .error = XMPP_E_CHAR},
        {.name = "a", .text = "\xed\xa0\x80", .error = XMPP_E_CHAR},
        {.name = "a", .text = "\xef\xbf\xbf", .error = XMPP_E_CHAR},
        {.name = "a", .text = "1\t2\r\n3\x7f", .error = 0},
        {.name = "a", .to = "@b", .error = XMPP_E_JID},
        {.name = "a", .to = "", .error = XMPP_E_JID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("row %zu", i);
        xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
        xmpp_elem *child = xmpp_elem_add(xmpp_stanza_root(stanza), rows[i].name, rows[i].ns);
        if (rows[i].value) {
            xmpp_elem_set_attr(child, rows[i].attr, rows[i].value);
        }
        xmpp_elem_add_text(child, rows[i].text);
        if (rows[i].to) {
            xmpp_stanza_set_to(stanza, rows[i].to);
        }
        xmpp_elem_add(xmpp_stanza_root(stanza), "b d", NULL); /* the first error is kept */
        xmpp_stanza_set_id(stanza, "1");
        int want = rows[i].error ? rows[i].error : XMPP_E_NAME;
        char *text = NULL;
        CHECK_INT(xmpp_stanza_get_error(stanza), want);
        CHECK_INT(xmpp_stanza_to_text(stanza, &text, NULL), want);
        CHECK(text == NULL);
        xmpp_stanza_unref(stanza);
    }
    xmpp_stanza *bad = xmpp_stanza_new("a b", NULL);
    CHECK(xmpp_stanza_get_root(bad) != NULL);
    CHECK_INT(xmpp_stanza_get_error(bad), XMPP_E_NAME);
    CHECK_INT(xmpp_stanza_reset(bad, "a", NULL), 0);
    CHECK_INT(xmpp_stanza_get_error(bad), 0);
    check_text(bad, "<a/>");
    xmpp_stanza_unref(bad);
}

static void changes_attributes(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("iq", NULL);
    xmpp_elem *root = xmpp_stanza_root(stanza);
    for (char name[2] = "a"; *name <= 'j'; ++*name) {
        xmpp_elem_set_attr(root, name, name);
    }
    xmpp_elem_set_attr(root, "c", "new");
    xmpp_elem_set_attr(root, "d", NULL);
    xmpp_elem_set_attr(root, "nothing", NULL);
    xmpp_elem_set_attr_ns(root, "a", "urn:1", "n1");
    xmpp_elem_set_attr_ns(root, "b", "urn:1", "n2");
    xmpp_elem_set_attr_ns(root, "a", "urn:'2'", "n3");
    xmpp_elem_set_attr_ns(root, "lang", XMPP_NS_XML, "en");
    xmpp_elem_set_attr_ns(root, "e", "", "none");
    check_text(stanza, "<iq a='a' b='b' c='new' e='none' f='f' g='g' h='h' i='i' j='j' "
                       "xmlns:a9='urn:1' a9:a='n1' a9:b='n2' xmlns:a11='urn:&apos;2&apos;' "
                       "a11:a='n3' xml:lang='en'/>");
    xmpp_stanza_set_to(stanza, "a@b");
    xmpp_stanza_set_to(stanza, NULL);
    CHECK(xmpp_elem_get_attr(root, "to") == NULL);
    xmpp_stanza_set_from(stanza, "A@B/c");
    CHECK_STR(xmpp_elem_get_attr(root, "from"), "a@b/c");
    xmpp_stanza_set_from(stanza, NULL);
    CHECK(xmpp_elem_get_attr(root, "from") == NULL);
    xmpp_stanza_set_from(stanza, "@b");
    CHECK_INT(xmpp_stanza_get_error(stanza), XMPP_E_JID);
    xmpp_stanza_unref(stanza);
}

/* XML 1.0 2.11 and 3.3.3: what a parser would change is written as a reference. */
static void serialises_white_space(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("a", NULL);
    xmpp_elem_set_attr(xmpp_stanza_root(stanza), "b", " \t\r\n\"");
    xmpp_elem_add_text(xmpp_stanza_root(stanza), " \t\r\n");
    check_text(stanza, "<a b=' &#9;&#13;&#10;\"'> \t&#13;\n</a>");
    char *text;
    size_t len;
    CHECK_INT(xmpp_stanza_to_text(stanza, &text, &len), 0);
    xmpp_stanza *again = parse(text);
    CHECK_STR(xmpp_elem_get_attr(xmpp_stanza_get_root(again), "b"), " \t\r\n\"");
    CHECK_STR(xmpp_elem_get_text(xmpp_stanza_get_root(again), NULL), " \t\r\n");
    xmpp_free(text);
    xmpp_stanza_unref(again);
    xmpp_stanza_unref(stanza);
}

/* Every one of these comes back as it was written. */
static void round_trips(void)
{
    static const char *const rows[] = {
        "<message/>",
        "<a xmlns='urn:a'><b><c xmlns='urn:c'/><d/></b></a>",
        "<a xmlns=''><b xmlns='urn:b'/><c/></a>",
        "<a xml:lang='de'>1<b/>2<b>3</b>4</a>",
        "<xml:a><b/><b xmlns='urn:b'><xml:c><b/></xml:c></b></xml:a>",
        "<a xmlns:a0='urn:x' a0:b='1'><c d='2' xmlns:a1='urn:x' a1:b='3'/></a>",
        "<a b='&lt;&amp;&gt;&apos;\"&#9;&#10;&#13;'>&lt;&amp;&gt;'\"&#13;\t\n</a>",
        "<a xmlns='urn:&amp;#38;'><b xmlns='urn:&amp;'/></a>",
        "<a xmlns='urn:&amp;' xmlns:a0='&amp;#38;' a0:b='1'/>",
        "<a b='&amp;' c='&amp;#38;' d='&amp;&amp;amp;&amp;#' e='&amp;#38;#38;'/>",
        "<\xc3\xa4 \xc3\xb6='\xf0\x9f\x98\x80'>\xe2\x82\xac 12345678 &amp; 12345678&lt;</\xc3\xa4>",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("row %zu", i);
        xmpp_stanza *stanza = parse(rows[i]);
        check_text(stanza, rows[i]);
        xmpp_stanza *copy = xmpp_stanza_copy(stanza);
        xmpp_stanza_unref(stanza);
        check_text(copy, rows[i]);
        xmpp_stanza_unref(copy);
    }
}

static void parses_one_element(void)
{
    static const struct {
        const char *text;
        int code;
    } rows[] = {
        {" <a/> ", 0},
        {"<stream:features/>", 0},
        {"", XMPP_E_XML},
        {" ", XMPP_E_XML},
        {"x", XMPP_E_XML},
        {"<a>", XMPP_E_XML},
        {"<a", XMPP_E_XML},
        {"<a/><b/>", XMPP_E_XML},
        {"<a/>x", XMPP_E_XML},
        {"<a/><", XMPP_E_XML},
        {"<a/></stream:stream>", XMPP_E_XML},
        {"</stream:stream>", XMPP_E_XML},
        {"<?xml version='1.0'?><a/>", XMPP_E_XML},
        {"<!-- x --><a/>", XMPP_E_XML},
        {"<!DOCTYPE a><a/>", XMPP_E_XML},
        {"<a>&b;</a>", XMPP_E_XML},
        {"<p:a/>", XMPP_E_XML},
        {"<a></b>", XMPP_E_XML},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("%s", rows[i].text);
        xmpp_stanza *stanza = NULL;
        CHECK_INT(xmpp_stanza_parse(&stanza, rows[i].text, strlen(rows[i].text)), rows[i].code);
        CHECK((stanza != NULL) == (rows[i].code == 0));
        xmpp_stanza_unref(stanza);
    }
    xmpp_stanza *stanza = NULL;
    CHECK_INT(xmpp_stanza_parse(&stanza, "<a/>xyz", 4), 0);
    CHECK_INT(xmpp_stanza_get_kind(stanza), XMPP_KIND_OTHER);
    xmpp_elem_add(xmpp_stanza_root(stanza), "b", NULL); /* it is not sealed */
    check_text(stanza, "<a><b/></a>");
    xmpp_stanza_unref(stanza);
}

static void copies_and_removes(void)
{
    xmpp_stanza *stanza = parse("<a>0<b i='1'>1<c/>2</b>3<b i='2'/>4<d/>5</a>");
    xmpp_elem *root = xmpp_stanza_root(stanza);
    const xmpp_elem *b = xmpp_elem_get_child(root, "b", NULL);
    xmpp_elem *copy = xmpp_elem_add_copy(root, b);
    CHECK(xmpp_elem_get_parent(copy) == root);
    xmpp_elem_add_text(copy, "new");
    check_text(stanza, "<a>0<b i='1'>1<c/>2</b>3<b i='2'/>4<d/>5<b i='1'>1<c/>2new</b></a>");
    /* into itself: no end of it if it were copied while it grows */
    xmpp_elem_add_copy(copy, root);
    check_text(stanza,
               "<a>0<b i='1'>1<c/>2</b>3<b i='2'/>4<d/>5<b i='1'>1<c/>2new"
               "<a>0<b i='1'>1<c/>2</b>3<b i='2'/>4<d/>5<b i='1'>1<c/>2new</b></a></b></a>");
    xmpp_elem_remove(copy);
    xmpp_elem_remove(copy);
    xmpp_elem *second = (xmpp_elem *)xmpp_elem_get_next(b, "b", NULL);
    xmpp_elem_remove(second);
    CHECK_STR(xmpp_elem_get_text(root, NULL), "035");
    CHECK(xmpp_elem_find(root, NULL, NULL) == xmpp_elem_get_child(root, NULL, NULL));
    xmpp_elem_remove((xmpp_elem *)b);
    check_text(stanza, "<a>0<d/>5</a>");
    xmpp_elem_remove(root);
    xmpp_elem_remove((xmpp_elem *)xmpp_elem_get_child(root, "d", NULL));
    xmpp_elem_add_text(root, "6");
    xmpp_elem_add(root, "e", "urn:e");
    xmpp_elem_add_text(root, "7");
    check_text(stanza, "<a>06<e xmlns='urn:e'/>7</a>");
    CHECK_STR(xmpp_elem_get_text(root, NULL), "067");
    xmpp_stanza_unref(stanza);
}

static void an_element_becomes_a_stanza(void)
{
    xmpp_stanza *outer = parse("<a xml:lang='de'>0<b i='1'>1<c/>2</b>3<d xml:lang=''/></a>");
    const xmpp_elem *root = xmpp_stanza_get_root(outer);
    xmpp_stanza *inner = xmpp_stanza_from_elem(xmpp_elem_get_child(root, "b", NULL));
    xmpp_stanza *silent = xmpp_stanza_from_elem(xmpp_elem_get_child(root, "d", NULL));
    xmpp_stanza *whole = xmpp_stanza_from_elem(root);
    xmpp_stanza_unref(outer); /* they are on their own */
    check_text(inner, "<b i='1'>1<c/>2</b>");
    check_text(whole, "<a xml:lang='de'>0<b i='1'>1<c/>2</b>3<d xml:lang=''/></a>");
    CHECK(xmpp_elem_get_parent(xmpp_stanza_get_root(inner)) == NULL);
    CHECK_STR(xmpp_stanza_get_lang(inner), "de");
    CHECK(xmpp_stanza_get_lang(silent) == NULL);
    xmpp_elem_add_text(xmpp_stanza_root(inner), "new");
    xmpp_stanza_seal(inner);
    check_text(inner, "<b i='1'>1<c/>2new</b>");
    CHECK_STR(xmpp_stanza_get_lang(inner), "de");
    CHECK(xmpp_stanza_from_elem(NULL) == NULL);
    xmpp_stanza_unref(inner);
    xmpp_stanza_unref(silent);
    xmpp_stanza_unref(whole);
}

static void sealing_ends_building(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("presence", NULL);
    xmpp_elem *root = xmpp_stanza_root(stanza);
    xmpp_elem_set_attr(root, "from", "Room@Conf.Example/\xe1\xbd\xa8\xce\xb4");
    xmpp_elem_set_attr(root, "to", "not @ valid@@");
    xmpp_elem_set_attr(root, "type", "unavailable");
    xmpp_elem_set_attr(root, "id", "7");
    xmpp_elem_add_text(root, "1");
    xmpp_elem_add(root, "x", NULL);
    xmpp_elem_add_text(root, "2");
    CHECK(xmpp_stanza_get_from(stanza) == NULL);
    CHECK_STR(xmpp_stanza_get_type(stanza), "unavailable");
    CHECK_STR(xmpp_stanza_get_id(stanza), "7");
    xmpp_stanza_seal(stanza);
    xmpp_stanza_seal(stanza);
    CHECK_INT(xmpp_stanza_get_kind(stanza), XMPP_KIND_PRESENCE);
    CHECK_STR(xmpp_jid_get_text(xmpp_stanza_get_from(stanza)),
              "room@conf.example/\xe1\xbd\xa8\xce\xb4");
    CHECK(xmpp_jid_is_malformed(xmpp_stanza_get_to(stanza)));
    CHECK_STR(xmpp_stanza_get_type(stanza), "unavailable");
    CHECK_STR(xmpp_stanza_get_id(stanza), "7");
    CHECK_STR(xmpp_elem_get_text(root, NULL), "12");
    CHECK(xmpp_stanza_get_lang(stanza) == NULL);
    /* nothing changes it any more */
    CHECK(xmpp_elem_add(root, "y", NULL) == NULL);
    xmpp_elem_add_text(root, "3");
    xmpp_elem_set_attr(root, "id", "8");
    xmpp_elem_set_attr(root, "type", NULL);
    xmpp_elem_remove((xmpp_elem *)xmpp_elem_get_child(root, "x", NULL));
    CHECK_INT(xmpp_stanza_reset(stanza, "a", NULL), XMPP_E_STATE);
    check_text(stanza, "<presence from='Room@Conf.Example/\xe1\xbd\xa8\xce\xb4' to='not @ valid@@' "
                       "type='unavailable' id='7'>1<x/>2</presence>");
    /* an address that is kept outlives the stanza */
    xmpp_jid *from = xmpp_jid_ref(xmpp_stanza_get_from(stanza));
    xmpp_stanza_unref(stanza);
    CHECK_STR(xmpp_jid_get_bare_text(from), "room@conf.example");
    xmpp_jid_unref(from);
}

static void is_used_again(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    const xmpp_stanza *held = xmpp_stanza_ref(stanza);
    CHECK_INT(xmpp_stanza_reset(stanza, "iq", NULL), XMPP_E_BUSY);
    xmpp_stanza_unref(held);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(xmpp_stanza_reset(stanza, "iq", "urn:x"), 0);
        xmpp_elem_add(xmpp_stanza_root(stanza), "a", NULL);
        check_text(stanza, "<iq xmlns='urn:x'><a/></iq>");
    }
    xmpp_stanza_unref(stanza);
}

/* RFC 6120 4.7.4, 8.1.5, XML 1.0 2.12 */
static void inherits_languages(void)
{
    xmpp_stanza *stanza = parse("<a xml:lang='de'><b><c xml:lang=''><d/></c><e xml:lang='fr'/></b>"
                                "</a>");
    const xmpp_elem *b = xmpp_elem_get_child(xmpp_stanza_get_root(stanza), "b", NULL);
    const xmpp_elem *c = xmpp_elem_get_child(b, "c", NULL);
    CHECK_STR(xmpp_stanza_get_lang(stanza), "de");
    CHECK_STR(xmpp_elem_get_lang(b), "de");
    CHECK(xmpp_elem_get_lang(c) == NULL);
    CHECK(xmpp_elem_get_lang(xmpp_elem_get_child(c, "d", NULL)) == NULL);
    CHECK_STR(xmpp_elem_get_lang(xmpp_elem_get_next(c, "e", NULL)), "fr");
    xmpp_stanza_unref(stanza);
}

/* What is written where the id is missing, and where no namespace needs to be declared. */
static void writes_in_a_scope(void)
{
    static const struct xm_write_options with_id = {.default_ns = "jabber:client", .id = "x'1"};
    static const struct xm_write_options without = {.default_ns = "jabber:client"};
    static const struct xm_write_options elsewhere = {.default_ns = "urn:a"};
    struct xm_buf out = {0};
    xmpp_stanza *stanza = parse("<iq><a id='2' xmlns='urn:a'/></iq>");
    CHECK_INT(xm_stanza_write(stanza, &out, &with_id), 0);
    xmpp_stanza_set_id(stanza, "1");
    CHECK_INT(xm_stanza_write(stanza, &out, &without), 0);
    CHECK_INT(xm_stanza_write(stanza, &out, &elsewhere), 0);
    static const char want[] = "<iq id='x&apos;1'><a xmlns='urn:a' id='2'/></iq>"
                               "<iq id='1'><a xmlns='urn:a' id='2'/></iq>"
                               "<iq xmlns='jabber:client' id='1'><a xmlns='urn:a' id='2'/></iq>";
    CHECK_MEM(xm_buf_head(&out), xm_buf_len(&out), want, sizeof want - 1);
    xmpp_elem_add_text(xmpp_stanza_root(stanza), "\x01");
    CHECK_INT(xm_stanza_write(stanza, &out, &elsewhere), XMPP_E_CHAR);
    CHECK_INT(xm_buf_len(&out), sizeof want - 1);
    xm_buf_done(&out);
    xmpp_stanza_unref(stanza);
}

/* Large and deep, and in no more than linear time. */
static void grows(void)
{
    enum { N = 20000 };
    xmpp_stanza *stanza = xmpp_stanza_new("a", NULL);
    xmpp_elem *deep = xmpp_stanza_root(stanza);
    for (int i = 0; i < N; i++) {
        xmpp_elem_add_text(xmpp_stanza_root(stanza), "0123456789");
        deep = xmpp_elem_add(deep, "b", NULL);
        xmpp_elem_add_text(deep, "x");
    }
    size_t len;
    char *text;
    xmpp_elem_get_text(xmpp_stanza_get_root(stanza), &len);
    CHECK_INT(len, 10 * N);
    CHECK_INT(xmpp_stanza_to_text(stanza, &text, &len), 0);
    CHECK_INT(len, 7 + 10 * N + N * 8);
    xmpp_free(text);
    xmpp_stanza_seal(stanza);
    xmpp_stanza *copy = xmpp_stanza_copy(stanza);
    xmpp_stanza_unref(stanza);
    CHECK(copy != NULL);
    xmpp_stanza_unref(copy);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"builds a message", builds_a_message},
        {"reads a tree", reads_a_tree},
        {"nothing comes of nothing", nothing_of_nothing},
        {"errors stick", errors_stick},
        {"changes attributes", changes_attributes},
        {"serialises white space", serialises_white_space},
        {"comes back as it was written", round_trips},
        {"parses exactly one element", parses_one_element},
        {"copies and removes", copies_and_removes},
        {"an element becomes a stanza", an_element_becomes_a_stanza},
        {"sealing ends building", sealing_ends_building},
        {"is used again", is_used_again},
        {"inherits languages", inherits_languages},
        {"writes into a scope", writes_in_a_scope},
        {"grows", grows},
    };
    return CHECK_MAIN(argc, argv, "stanza", cases);
}
