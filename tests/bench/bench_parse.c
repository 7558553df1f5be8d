/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a received stanza costs: the parser of the library, or the floor it is measured against,
 * libxml2's push parser with the least tree that could be called one. Run under callgrind by
 * run.py, which prints the ratio.
 *
 *     bench-parse floor|parser N [bytes a piece] */
#include <libxml/parser.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mix.h"
#include "xmpp/jid.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

enum { PIECE = 16 * 1024 };

/* --- the floor ------------------------------------------------------------------------------ */

struct node {
    struct node *parent;
    struct node *first;
    struct node *last;
    struct node *next;
    char *name;
    char *ns;
    char **attrs; /* name, value, … */
    int n_attrs;
    char *text;
    size_t text_len;
};

static struct floor {
    char arena[1 << 16];
    size_t top;
    struct node *open;
    int depth;
    unsigned long stanzas;
} lowest;

static void *take(size_t n)
{
    void *here = lowest.arena + lowest.top;
    lowest.top += (n + 7) & ~(size_t)7;
    return here;
}

static char *dup_len(const void *text, size_t len)
{
    char *copy = take(len + 1);
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

static char *dup_text(const xmlChar *text)
{
    return text ? dup_len(text, strlen((const char *)text)) : NULL;
}

static void link_node(struct node *node)
{
    node->parent = lowest.open;
    if (!lowest.open) {
        return;
    }
    if (lowest.open->last) {
        lowest.open->last->next = node;
    } else {
        lowest.open->first = node;
    }
    lowest.open->last = node;
}

static void floor_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns,
                        int n_ns, const xmlChar **declared, int n_attrs, int n_defaulted,
                        const xmlChar **attrs)
{
    (void)user, (void)prefix, (void)n_ns, (void)declared, (void)n_defaulted;
    if (lowest.depth++ == 0) {
        return;
    }
    if (lowest.depth == 2) {
        lowest.top = 0;
        lowest.open = NULL;
    }
    struct node *node = take(sizeof *node);
    *node = (struct node){.n_attrs = n_attrs};
    node->name = dup_text(name);
    node->ns = dup_text(ns);
    node->attrs = take((size_t)n_attrs * 2 * sizeof *node->attrs);
    for (int i = 0; i < n_attrs; i++, attrs += 5) {
        node->attrs[2 * i] = dup_text(attrs[0]);
        node->attrs[2 * i + 1] = dup_len(attrs[3], (size_t)(attrs[4] - attrs[3]));
    }
    link_node(node);
    lowest.open = node;
}

static void floor_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
    (void)user, (void)name, (void)prefix, (void)ns;
    lowest.depth--;
    lowest.stanzas += lowest.depth == 1;
    if (lowest.depth > 1) {
        lowest.open = lowest.open->parent;
    }
}

static void floor_text(void *user, const xmlChar *text, int len)
{
    (void)user;
    struct node *node = lowest.open;
    if (lowest.depth < 2) {
        return;
    }
    if (!node->text) {
        node->text = dup_len(text, (size_t)len);
        node->text_len = (size_t)len;
        return;
    }
    char *longer = take(node->text_len + (size_t)len + 1);
    memcpy(longer, node->text, node->text_len);
    memcpy(longer + node->text_len, text, (size_t)len);
    node->text = longer;
    node->text_len += (size_t)len;
    longer[node->text_len] = '\0';
}

static __attribute__((noinline)) unsigned long run_floor(const char *stream, size_t len,
                                                         size_t piece)
{
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof sax);
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = floor_start;
    sax.endElementNs = floor_end;
    sax.characters = floor_text;
    sax.cdataBlock = floor_text;
    xmlParserCtxtPtr context = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    for (size_t at = 0; at < len; at += piece) {
        xmlParseChunk(context, stream + at, (int)(len - at < piece ? len - at : piece), 0);
    }
    xmlFreeParserCtxt(context);
    return lowest.stanzas;
}

/* --- the library ---------------------------------------------------------------------------- */

/* Reads what a handler would. */
static size_t look_at(const xmpp_stanza *stanza)
{
    const char *type = xmpp_stanza_get_type(stanza);
    const char *body = xmpp_elem_get_child_text(xmpp_stanza_get_root(stanza), "body", NULL);
    const xmpp_jid *from = xmpp_stanza_get_from(stanza);
    return (type ? 1u : 0u) + (body ? 1u : 0u) + (from ? 1u : 0u);
}

static __attribute__((noinline)) unsigned long run_parser(const char *stream, size_t len,
                                                          size_t piece)
{
    xmpp_parser *parser = xmpp_parser_new();
    unsigned long stanzas = 0;
    size_t seen = 0;
    for (size_t at = 0; at < len;) {
        size_t used;
        size_t left = piece - at % piece;
        int event = xmpp_parser_feed(parser, stream + at, len - at < left ? len - at : left, &used);
        if (event < 0) {
            fprintf(stderr, "bench-parse: %s\n", xmpp_parser_get_reason(parser));
            exit(1);
        }
        if (event == XMPP_PARSER_STANZA) {
            seen += look_at(xmpp_parser_get_stanza(parser));
            stanzas++;
        }
        at += used;
    }
    xmpp_parser_free(parser);
    return seen > 0 ? stanzas : 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: bench-parse floor|parser N [bytes a piece]\n");
        return 2;
    }
    unsigned n = (unsigned)strtoul(argv[2], NULL, 10);
    size_t piece = argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) : PIECE;
    size_t len;
    char *stream = mix_stream(n, &len);
    if (!stream || piece == 0) {
        return 1;
    }
    unsigned long stanzas = strcmp(argv[1], "floor") == 0 ? run_floor(stream, len, piece)
                                                          : run_parser(stream, len, piece);
    printf("%lu stanzas of %.1f bytes\n", stanzas, (double)(len - strlen(mix_header())) / n);
    free(stream);
    xmlCleanupParser();
    return stanzas != n;
}
