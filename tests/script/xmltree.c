/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cutting and comparing XML. See xmltree.h. */
#include "script/xmltree.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM_OPEN                                                                                \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
#define STREAM_CLOSE "</stream:stream>"

/* --- cutting -------------------------------------------------------------------------------- */

/* The length of the tag at `bytes`, 0 if it is not whole. */
static size_t tag_length(const char *bytes, size_t n)
{
    char quote = 0;
    for (size_t i = 1; i < n; i++) {
        char c = bytes[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return i + 1;
        }
    }
    return 0;
}

static int starts_with(const char *bytes, size_t n, const char *text)
{
    size_t len = strlen(text);
    return n >= len && memcmp(bytes, text, len) == 0;
}

/* The length of the element at `bytes`; 0: not whole; -1: broken. */
static long element_length(const char *bytes, size_t n)
{
    int depth = 0;
    size_t at = 0;
    while (at < n) {
        if (bytes[at] != '<') {
            at++;
            continue;
        }
        size_t len = tag_length(bytes + at, n - at);
        if (len == 0) {
            return 0;
        }
        if (bytes[at + 1] == '!' || bytes[at + 1] == '?') {
            return -1;
        }
        if (bytes[at + 1] == '/') {
            depth--;
        } else if (bytes[at + len - 2] != '/') {
            depth++;
        }
        at += len;
        if (depth <= 0) {
            return depth < 0 ? -1 : (long)at;
        }
    }
    return 0;
}

static size_t skip_space(const char *bytes, size_t n, size_t at)
{
    while (at < n && strchr(" \t\r\n", bytes[at]) && bytes[at]) {
        at++;
    }
    return at;
}

enum xmltree_piece xmltree_cut(const char *bytes, size_t n, size_t *ret_start, size_t *ret_len)
{
    size_t at = skip_space(bytes, n, 0);
    if (starts_with(bytes + at, n - at, "<?xml ")) {
        size_t len = tag_length(bytes + at, n - at);
        if (len == 0) {
            return XMLTREE_NONE;
        }
        at = skip_space(bytes, n, at + len);
    }
    *ret_start = at;
    if (at == n) {
        return XMLTREE_NONE;
    }
    if (bytes[at] != '<') {
        return XMLTREE_BROKEN;
    }
    *ret_len = tag_length(bytes + at, n - at);
    if (*ret_len == 0) {
        return XMLTREE_NONE;
    }
    if (starts_with(bytes + at, n - at, "<stream:stream ")) {
        return XMLTREE_HEAD;
    }
    if (starts_with(bytes + at, n - at, STREAM_CLOSE)) {
        return XMLTREE_END;
    }
    long len = element_length(bytes + at, n - at);
    *ret_len = len > 0 ? (size_t)len : 0;
    return len > 0 ? XMLTREE_ELEM : len == 0 ? XMLTREE_NONE : XMLTREE_BROKEN;
}

/* --- comparing ------------------------------------------------------------------------------ */

struct match {
    struct vars *vars;
    char *why;
    size_t size;
};

static int differs(struct match *m, const char *where, const char *what, const char *want,
                   const char *got)
{
    snprintf(m->why, m->size, "<%s>: %s should be \"%s\" and is \"%s\"", where, what,
             want ? want : "(nothing)", got ? got : "(nothing)");
    return 0;
}

static const char *ns_of(const xmlNs *ns)
{
    return ns && ns->href ? (const char *)ns->href : "";
}

static int match_value(struct match *m, const xmlNode *at, const char *what, xmlChar *want,
                       xmlChar *got)
{
    const char *w = want ? (const char *)want : "";
    const char *g = got ? (const char *)got : "";
    int same = vars_match(m->vars, w, g);
    if (!same) {
        differs(m, (const char *)at->name, what, w, g);
    }
    xmlFree(want);
    xmlFree(got);
    return same;
}

static int count_attrs(const xmlNode *node)
{
    int n = 0;
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        n++;
    }
    return n;
}

static xmlAttr *find_attr(const xmlNode *node, const xmlAttr *like)
{
    for (xmlAttr *a = node->properties; a; a = a->next) {
        if (xmlStrEqual(a->name, like->name) && strcmp(ns_of(a->ns), ns_of(like->ns)) == 0) {
            return a;
        }
    }
    return NULL;
}

static int match_attrs(struct match *m, const xmlNode *want, const xmlNode *got)
{
    for (const xmlAttr *a = want->properties; a; a = a->next) {
        const char *name = (const char *)a->name;
        const xmlAttr *b = find_attr(got, a);
        if (!b) {
            return differs(m, (const char *)want->name, name, "there", NULL);
        }
        if (!match_value(m, want, name, xmlNodeGetContent((const xmlNode *)a),
                         xmlNodeGetContent((const xmlNode *)b))) {
            return 0;
        }
    }
    for (const xmlAttr *b = got->properties; b; b = b->next) {
        if (!find_attr(want, b)) {
            return differs(m, (const char *)want->name, (const char *)b->name, NULL, "there");
        }
    }
    return count_attrs(want) == count_attrs(got);
}

static int is_text(const xmlNode *node)
{
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
           node->type == XML_ENTITY_REF_NODE;
}

/* All text from *node up to the next element, which *node is then. */
static xmlChar *take_text(const xmlNode **node)
{
    xmlChar *text = NULL;
    while (*node && is_text(*node)) {
        xmlChar *piece = xmlNodeGetContent(*node);
        text = xmlStrcat(text, piece);
        xmlFree(piece);
        *node = (*node)->next;
    }
    return text;
}

static int match_node(struct match *m, const xmlNode *want, const xmlNode *got)
{
    const char *name = (const char *)want->name;
    if (!xmlStrEqual(want->name, got->name)) {
        return differs(m, name, "the element", name, (const char *)got->name);
    }
    if (strcmp(ns_of(want->ns), ns_of(got->ns)) != 0) {
        return differs(m, name, "the namespace", ns_of(want->ns), ns_of(got->ns));
    }
    if (!match_attrs(m, want, got)) {
        return 0;
    }
    const xmlNode *w = want->children;
    const xmlNode *g = got->children;
    for (;;) {
        xmlChar *text = take_text(&w);
        if (!match_value(m, want, "the text", text, take_text(&g))) {
            return 0;
        }
        if (!w || !g) {
            break;
        }
        if (!match_node(m, w, g)) {
            return 0;
        }
        w = w->next;
        g = g->next;
    }
    return !w && !g ? 1
                    : differs(m, name, "the next child", w ? (const char *)w->name : NULL,
                              g ? (const char *)g->name : NULL);
}

static int is_header(const char *text)
{
    return starts_with(text, strlen(text), "<stream:stream ");
}

static xmlDoc *read_xml(const char *text)
{
    size_t size = strlen(text) + sizeof STREAM_OPEN + sizeof STREAM_CLOSE;
    char *whole = malloc(size);
    if (!whole) {
        return NULL;
    }
    snprintf(whole, size, "%s%s%s", is_header(text) ? "" : STREAM_OPEN, text, STREAM_CLOSE);
    xmlDoc *doc = xmlReadMemory(whole, (int)strlen(whole), NULL, NULL,
                                XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET);
    free(whole);
    return doc;
}

/* The default namespace that a stream header declares. */
static const char *content_ns(const xmlNode *header)
{
    for (const xmlNs *ns = header->nsDef; ns; ns = ns->next) {
        if (!ns->prefix) {
            return (const char *)ns->href;
        }
    }
    return "";
}

static int match_docs(struct match *m, const char *want, const xmlDoc *w, const char *got,
                      const xmlDoc *g)
{
    if (!w || !g) {
        snprintf(m->why, m->size, "not well-formed: %s", w ? got : want);
        return 0;
    }
    const xmlNode *a = xmlDocGetRootElement(w);
    const xmlNode *b = xmlDocGetRootElement(g);
    if (is_header(want) != is_header(got)) {
        return differs(m, "stream", "it", want, got);
    }
    if (is_header(want) && strcmp(content_ns(a), content_ns(b)) != 0) {
        return differs(m, "stream", "the content namespace", content_ns(a), content_ns(b));
    }
    return match_node(m, a, b);
}

int xmltree_match(const char *want, const char *got, struct vars *vars, char *why, size_t size)
{
    struct match m = {vars, why, size};
    why[0] = '\0';
    xmlDoc *w = read_xml(want);
    xmlDoc *g = read_xml(got);
    int same = match_docs(&m, want, w, got, g);
    xmlFreeDoc(w);
    xmlFreeDoc(g);
    return same;
}
