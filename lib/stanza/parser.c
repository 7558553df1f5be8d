/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public parser: the tokenizer with a tree growing behind it. It sorts what it is told into
 * stream header and stanzas; what these mean is nothing to it. */
#include "stanza/parser.h"

#include <stdlib.h>
#include <string.h>

#include "stanza/grow.h"
#include "xml/tokens.h"
#include "xmpp/error.h"

enum { HEADER_ARENA = 896 }; /* a first block for the few attributes of a header */

struct xmpp_parser {
    struct xm_tokens tokens;
    struct xm_grow grow;
    struct xm_spare spare; /* arena blocks between stanzas */
    struct xm_addressees known;
    xmpp_stanza *header;
    xmpp_stanza *stanza;    /* the last one, or the one that grows */
    int has_stanza;         /* it was given out by the last call */
    const char *lang;       /* of the header; in its arena */
    const char *content_ns; /* as lang */
    const char *as_client;  /* a namespace that stands for jabber:client; NULL: none */
};

/* --- what the tokenizer calls --------------------------------------------------------------- */

/* Lets go of the last stanza; if nobody kept it, its memory is for the next one. */
static int open_stanza(xmpp_parser *parser)
{
    if (parser->stanza && xm_stanza_is_sole(parser->stanza)) {
        xm_stanza_clear(parser->stanza);
    } else {
        if (parser->stanza) {
            xm_stanza_detach(parser->stanza);
            parser->stanza = xmpp_stanza_unref(parser->stanza);
        }
        parser->stanza = xm_stanza_open(XM_ARENA_FIRST, &parser->spare);
    }
    parser->grow.stanza = parser->stanza;
    parser->grow.as_client = parser->as_client;
    return parser->stanza ? 0 : XMPP_E_NOMEM;
}

static int open_header(xmpp_parser *parser)
{
    parser->header = xm_stanza_open(HEADER_ARENA, NULL);
    parser->grow.stanza = parser->header;
    return parser->header ? 0 : XMPP_E_NOMEM;
}

static int close_header(xmpp_parser *parser)
{
    const char *ns = parser->tokens.sax.content_ns;
    parser->grow.stanza = NULL;
    parser->grow.open = NULL;
    if (ns) {
        parser->content_ns = xm_arena_put(&parser->header->arena, ns, strlen(ns));
        if (!parser->content_ns) {
            return XMPP_E_NOMEM;
        }
    }
    xm_stanza_detach(parser->header);
    int code = xm_stanza_settle(parser->header, NULL);
    parser->lang = parser->header->lang;
    return code;
}

/* What comes once a stanza is kept out of what comes once an element. */
#define RARE __attribute__((noinline))

/* The root of the header or of a stanza. */
static RARE int on_root(xmpp_parser *parser, const char *name, const char *ns,
                        const struct xm_sax_attr *attrs, size_t n_attrs)
{
    int is_header = !parser->header;
    int code = is_header ? open_header(parser) : open_stanza(parser);
    if (code == 0) {
        code = xm_grow_start(&parser->grow, name, ns, attrs, n_attrs);
    }
    return code < 0 || !is_header ? code : close_header(parser);
}

static int on_start(void *user, const char *name, const char *ns, const struct xm_sax_attr *attrs,
                    size_t n_attrs)
{
    xmpp_parser *parser = user;
    if (!parser->grow.open) {
        return on_root(parser, name, ns, attrs, n_attrs);
    }
    return xm_grow_start(&parser->grow, name, ns, attrs, n_attrs);
}

static RARE int close_stanza(xmpp_parser *parser)
{
    xmpp_stanza *stanza = parser->stanza;
    parser->grow.stanza = NULL;
    if (parser->lang) {
        stanza->stream_lang = xm_arena_put(&stanza->arena, parser->lang, strlen(parser->lang));
        if (!stanza->stream_lang) {
            return XMPP_E_NOMEM;
        }
    }
    return xm_stanza_settle(stanza, &parser->known);
}

static int on_end(void *user)
{
    xmpp_parser *parser = user;
    if (!parser->grow.open) { /* the stream's own */
        return 0;
    }
    int code = xm_grow_end(&parser->grow);
    return code < 0 || parser->grow.open ? code : close_stanza(parser);
}

static int on_text(void *user, const char *text, size_t len)
{
    xmpp_parser *parser = user;
    /* the scanner lets nothing through outside of a stanza */
    return parser->grow.open ? xm_grow_text(&parser->grow, text, len) : XMPP_E_INTERNAL;
}

/* The names told so far are gone. Without memory for a lexicon it is only slower. */
static void on_renew(void *user)
{
    xmpp_parser *parser = user;
    free(parser->grow.lexicon);
    parser->grow.lexicon = calloc(1, sizeof *parser->grow.lexicon);
}

static const struct xm_sax_calls calls = {on_start, on_end, on_text, on_renew};

/* --- life ----------------------------------------------------------------------------------- */

xmpp_parser *xmpp_parser_new(void)
{
    static const struct xm_scan_limits limits = {
        .stanza_bytes = 512 * 1024, .depth = 100, .attrs = 256, .header_bytes = 16 * 1024};
    xmpp_parser *parser = calloc(1, sizeof *parser);
    if (parser) {
        xm_tokens_init(&parser->tokens, &limits, &calls, parser);
    }
    return parser;
}

/* Lets go of the stanza, and of all that is only there to be fast. */
static void drop_stanza(xmpp_parser *parser)
{
    if (parser->stanza) {
        xm_stanza_detach(parser->stanza);
        parser->stanza = xmpp_stanza_unref(parser->stanza);
    }
    xm_spare_done(&parser->spare);
    xm_addressees_done(&parser->known);
    free(parser->grow.lexicon);
    parser->grow = (struct xm_grow){0};
    parser->has_stanza = 0;
}

void xmpp_parser_reset(xmpp_parser *parser)
{
    if (!parser) {
        return;
    }
    drop_stanza(parser);
    parser->header = xmpp_stanza_unref(parser->header);
    parser->lang = NULL;
    parser->content_ns = NULL;
    xm_tokens_reset(&parser->tokens);
}

void xmpp_parser_free(xmpp_parser *parser)
{
    if (parser) {
        drop_stanza(parser);
        xmpp_stanza_unref(parser->header);
        xm_tokens_done(&parser->tokens);
        free(parser);
    }
}

void xm_parser_idle(xmpp_parser *parser)
{
    if (xm_parser_is_between(parser)) {
        drop_stanza(parser);
        xm_tokens_idle(&parser->tokens);
    }
}

int xm_parser_is_between(const xmpp_parser *parser)
{
    return xm_scan_is_between(&parser->tokens.scan);
}

const char *xm_parser_get_content_ns(const xmpp_parser *parser)
{
    return parser->content_ns;
}

void xm_parser_take_as_client(xmpp_parser *parser, const char *ns)
{
    parser->as_client = ns;
}

/* --- limits --------------------------------------------------------------------------------- */

static uint32_t *limit_of(struct xm_scan_limits *limits, int which)
{
    switch (which) {
    case XMPP_PARSER_STANZA_BYTES:
        return &limits->stanza_bytes;
    case XMPP_PARSER_DEPTH:
        return &limits->depth;
    case XMPP_PARSER_ATTRS:
        return &limits->attrs;
    case XMPP_PARSER_HEADER_BYTES:
        return &limits->header_bytes;
    default:
        return NULL;
    }
}

int xmpp_parser_set_limit(xmpp_parser *parser, int which, int64_t value)
{
    uint32_t *limit = parser ? limit_of(&parser->tokens.scan.next_limits, which) : NULL;
    if (!limit || value < 1 || value > XM_PARSER_LIMIT_MAX) {
        return XMPP_E_INVAL;
    }
    *limit = (uint32_t)value;
    if (parser->tokens.scan.state == XM_SCAN_AT_START) {
        parser->tokens.scan.limits = parser->tokens.scan.next_limits;
    }
    return 0;
}

int64_t xmpp_parser_get_limit(const xmpp_parser *parser, int which)
{
    if (!parser) {
        return XMPP_E_INVAL;
    }
    struct xm_scan_limits limits = parser->tokens.scan.next_limits;
    const uint32_t *limit = limit_of(&limits, which);
    return limit ? (int64_t)*limit : XMPP_E_INVAL;
}

/* --- the work ------------------------------------------------------------------------------- */

int xmpp_parser_feed(xmpp_parser *parser, const void *bytes, size_t n_bytes, size_t *ret_used)
{
    if (!parser || !ret_used || (!bytes && n_bytes > 0)) {
        return XMPP_E_INVAL;
    }
    parser->has_stanza = 0;
    int stop = xm_tokens_feed(&parser->tokens, bytes, n_bytes, ret_used);
    parser->has_stanza = stop == XM_SCAN_STANZA;
    return stop; /* the values are those of enum xmpp_parser_event */
}

const xmpp_stanza *xmpp_parser_get_header(const xmpp_parser *parser)
{
    return parser && parser->header && parser->header->is_sealed ? parser->header : NULL;
}

const xmpp_stanza *xmpp_parser_get_stanza(const xmpp_parser *parser)
{
    return parser && parser->has_stanza ? parser->stanza : NULL;
}

const char *xmpp_parser_get_condition(const xmpp_parser *parser)
{
    if (!parser || parser->tokens.error == 0) {
        return NULL;
    }
    return parser->tokens.condition ? parser->tokens.condition : "resource-constraint";
}

const char *xmpp_parser_get_reason(const xmpp_parser *parser)
{
    if (!parser || parser->tokens.error == 0) {
        return NULL;
    }
    return parser->tokens.reason ? parser->tokens.reason : xmpp_strerror(parser->tokens.error);
}
