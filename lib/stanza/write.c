/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The serialiser. Elements never have a prefix but `xml`: each names its namespace as the default
 * one where that changes. Attributes in a namespace get a prefix of their own. Characters that XML
 * forbids cannot be here: building and parsing refuse them. */
#include "stanza/write.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/block.h"
#include "stanza/parser.h"
#include "stanza/tree.h"
#include "xmpp/error.h"

/* Where text goes: a part of the buffer that is committed in the end. */
struct writer {
    struct xm_buf *out;
    uint8_t *at;
    uint8_t *end;
    size_t done; /* bytes committed so far */
    size_t most; /* as in the options */
    int error;
};

/* What was written is the buffer's. 0 if it is too long. */
static int commit(struct writer *writer)
{
    size_t written =
        writer->at ? (size_t)(writer->at - (writer->out->bytes + writer->out->end)) : 0;
    xm_buf_commit(writer->out, written);
    writer->done += written;
    return writer->most == 0 || writer->done <= writer->most;
}

/* Makes room for n bytes. 0 if there is none. */
static int make_room(struct writer *writer, size_t n)
{
    enum { LEAST = 512 };
    if (writer->error < 0) {
        return 0;
    }
    int is_long = !commit(writer);
    writer->at = is_long ? NULL : xm_buf_reserve(writer->out, n < LEAST ? LEAST : n);
    if (!writer->at) { /* some place, without room: nothing may be copied to NULL */
        writer->at = writer->end = (uint8_t *)"";
        writer->error = is_long ? XMPP_E_TOO_BIG : XMPP_E_NOMEM;
        return 0;
    }
    writer->end = writer->at + xm_buf_room(writer->out);
    return 1;
}

static inline void put(struct writer *writer, const void *bytes, size_t n)
{
    if ((size_t)(writer->end - writer->at) < n && !make_room(writer, n)) {
        return;
    }
    memcpy(writer->at, bytes, n);
    writer->at += n;
}

/* A byte, and a text behind it. */
static inline void put_with(struct writer *writer, char byte, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(writer->end - writer->at) <= n && !make_room(writer, n + 1)) {
        return;
    }
    *writer->at = (uint8_t)byte;
    memcpy(writer->at + 1, text, n);
    writer->at += n + 1;
}

#define PUT(writer, literal) put(writer, literal, sizeof literal - 1)

static void put_text(struct writer *writer, const char *text)
{
    put(writer, text, strlen(text));
}

/* --- escaping ------------------------------------------------------------------------------- */

/* 1 if none of the bytes is below a space, or & ' < >. */
static int is_plain(xm_block block)
{
    /* & and ' differ in one bit, < and > in another */
    return !xm_block_any((xm_block)((block < ' ') | ((block | 1) == '\'') | ((block | 2) == '>')));
}

/* What stands for the byte; NULL if it can stand for itself. */
static const char *escape_of(char byte, int in_attr)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>': /* for the sake of `]]>` */
        return "&gt;";
    case '\r': /* a parser would make it a line feed, XML 1.0 2.11 */
        return "&#13;";
    case '\'':
        return in_attr ? "&apos;" : NULL;
    case '\t': /* a parser would make these spaces, XML 1.0 3.3.3 */
        return in_attr ? "&#9;" : NULL;
    case '\n':
        return in_attr ? "&#10;" : NULL;
    default:
        return NULL;
    }
}

/* The first byte from `at` on that cannot stand for itself; len if all can. */
static size_t skip_plain(const char *text, size_t at, size_t len, int in_attr)
{
    while (at < len) {
        while (len - at >= XM_BLOCK && is_plain(xm_block_load(text + at))) {
            at += XM_BLOCK;
        }
        if (len - at < XM_BLOCK && is_plain(xm_block_load_short(text + at, len - at))) {
            return len;
        }
        size_t stop = len - at < XM_BLOCK ? len : at + XM_BLOCK;
        for (; at < stop; at++) {
            if ((uint8_t)text[at] <= '>' && escape_of(text[at], in_attr)) {
                return at;
            }
        }
    }
    return len;
}

static void put_escaped(struct writer *writer, const char *text, size_t len, int in_attr)
{
    size_t from = 0;
    for (;;) {
        size_t at = skip_plain(text, from, len, in_attr);
        put(writer, text + from, at - from);
        if (at == len) {
            return;
        }
        put_text(writer, escape_of(text[at], in_attr));
        from = at + 1;
    }
}

static void put_run(struct writer *writer, const struct xm_text *text)
{
    if (text->len > 0) {
        put_escaped(writer, text->bytes, text->len, 0);
    }
}

/* --- tags ----------------------------------------------------------------------------------- */

/* Asked more than once for each tag: most namespaces are told apart by their first letter. */
static int is_xml_ns(const char *ns)
{
    return *ns == *XMPP_NS_XML && strcmp(ns, XMPP_NS_XML) == 0;
}

/* The default namespace that is in scope for the content of an element; NULL: the stream's. An
 * element in the xml namespace has a prefix, and leaves the default as it was. */
static const char *scope_of(const xmpp_elem *elem)
{
    while (elem && is_xml_ns(elem->ns)) {
        elem = elem->parent;
    }
    return elem ? elem->ns : NULL;
}

static void put_value(struct writer *writer, const char *value)
{
    PUT(writer, "='");
    put_escaped(writer, value, strlen(value), 1);
    PUT(writer, "'");
}

/* The prefix of the attribute at `index`: the number of the first attribute in its namespace. */
static void put_prefix(struct writer *writer, const xmpp_elem *elem, uint32_t index)
{
    char prefix[16];
    uint32_t first = 0;
    while (!elem->attrs[first].ns || strcmp(elem->attrs[first].ns, elem->attrs[index].ns) != 0) {
        first++;
    }
    int len = snprintf(prefix, sizeof prefix, "a%u", first);
    if (first == index) {
        PUT(writer, " xmlns:");
        put(writer, prefix, (size_t)len);
        put_value(writer, elem->attrs[index].ns);
    }
    PUT(writer, " ");
    put(writer, prefix, (size_t)len);
    PUT(writer, ":");
}

static void put_attr(struct writer *writer, const xmpp_elem *elem, uint32_t index)
{
    const struct xm_attr *attr = &elem->attrs[index];
    if (!attr->ns) {
        put_with(writer, ' ', attr->name);
        put_value(writer, attr->value);
        return;
    }
    if (is_xml_ns(attr->ns)) { /* bound by definition, Namespaces in XML 3 */
        PUT(writer, " xml:");
    } else {
        put_prefix(writer, elem, index);
    }
    put_text(writer, attr->name);
    put_value(writer, attr->value);
}

static void put_name(struct writer *writer, const xmpp_elem *elem)
{
    if (is_xml_ns(elem->ns)) {
        PUT(writer, "xml:");
    }
    put_text(writer, elem->name);
}

static int is_empty(const xmpp_elem *elem)
{
    return !elem->first && elem->head.len == 0;
}

static inline void put_tag(struct writer *writer, const xmpp_elem *elem, const char *scope,
                           const char *id)
{
    PUT(writer, "<");
    put_name(writer, elem);
    if (elem->ns != scope && strcmp(elem->ns, scope) != 0 && !is_xml_ns(elem->ns)) {
        PUT(writer, " xmlns");
        put_value(writer, elem->ns);
    }
    for (uint32_t i = 0; i < elem->n_attrs; i++) {
        put_attr(writer, elem, i);
    }
    if (id) {
        PUT(writer, " id");
        put_value(writer, id);
    }
}

static void put_end(struct writer *writer, const xmpp_elem *elem)
{
    PUT(writer, "</");
    put_name(writer, elem);
    PUT(writer, ">");
}

/* --- the tree ------------------------------------------------------------------------------- */

/* The start tag and the first text. 1 if its children and its end tag are to follow. */
static int put_start(struct writer *writer, const xmpp_elem *elem, const char *scope,
                     const struct xm_write_options *options)
{
    put_tag(writer, elem, scope, NULL);
    if (is_empty(elem)) {
        PUT(writer, "/>");
        return 0;
    }
    PUT(writer, ">");
    if (options->is_secret && options->is_secret(elem, options->context)) {
        PUT(writer, "[redacted]");
        put_end(writer, elem);
        return 0;
    }
    put_run(writer, &elem->head);
    return 1;
}

/* An element and what is in it. */
static void put_tree(struct writer *writer, const xmpp_elem *root, const char *outer_scope,
                     const struct xm_write_options *options)
{
    const xmpp_elem *elem = root;
    const char *scope = outer_scope;
    for (;;) {
        int is_open = put_start(writer, elem, scope ? scope : options->default_ns, options);
        if (is_open && elem->first) {
            scope = scope_of(elem);
            elem = elem->first;
            continue;
        }
        if (is_open) {
            put_end(writer, elem);
        }
        while (elem != root) {
            put_run(writer, &elem->tail);
            if (elem->next) {
                break;
            }
            elem = elem->parent;
            put_end(writer, elem);
        }
        if (elem == root || writer->error < 0) {
            return;
        }
        scope = scope_of(elem->parent);
        elem = elem->next;
    }
}

static void put_root(struct writer *writer, const xmpp_elem *root,
                     const struct xm_write_options *options)
{
    const xmpp_elem *more = options->more ? options->more->first : NULL;
    put_tag(writer, root, options->default_ns, options->id);
    if (options->from && !xmpp_elem_get_attr(root, "from")) {
        PUT(writer, " from");
        put_value(writer, options->from);
    }
    if (is_empty(root) && !more) {
        PUT(writer, "/>");
        return;
    }
    PUT(writer, ">");
    if (options->is_secret && options->is_secret(root, options->context)) {
        PUT(writer, "[redacted]");
        put_end(writer, root);
        return;
    }
    const char *scope = scope_of(root);
    put_run(writer, &root->head);
    for (const xmpp_elem *child = root->first; child; child = child->next) {
        put_tree(writer, child, scope, options);
        put_run(writer, &child->tail);
    }
    for (; more; more = more->next) {
        put_tree(writer, more, scope, options);
    }
    put_end(writer, root);
}

int xm_stanza_is_secret(const xmpp_stanza *stanza)
{
    return stanza && stanza->arena.is_secret;
}

int xm_stanza_write(const xmpp_stanza *stanza, struct xm_buf *out,
                    const struct xm_write_options *options)
{
    if (!stanza || stanza->error < 0) {
        return xmpp_stanza_get_error(stanza);
    }
    struct writer writer = {.out = out, .most = options->most};
    size_t before = xm_buf_len(out);
    put_root(&writer, stanza->root, options);
    if (writer.error == 0 && !commit(&writer)) {
        writer.error = XMPP_E_TOO_BIG;
    }
    if (writer.error < 0) {
        xm_buf_cut(out, before);
    }
    return writer.error;
}

int xmpp_stanza_to_text(const xmpp_stanza *stanza, char **ret_text, size_t *ret_len)
{
    static const struct xm_write_options options = {.default_ns = XMPP_NS_CLIENT,
                                                    .most = XM_PARSER_LIMIT_MAX};
    struct xm_buf out = {0};
    if (!ret_text) {
        return XMPP_E_INVAL;
    }
    int code = xm_stanza_write(stanza, &out, &options);
    size_t len = xm_buf_len(&out);
    if (code == 0) {
        code = xm_buf_add(&out, "", 1);
    }
    if (code < 0) {
        xm_buf_done(&out);
        return code;
    }
    *ret_text = (char *)out.bytes;
    if (ret_len) {
        *ret_len = len;
    }
    return 0;
}
