/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tokenizer. The parser is given as few and as large pieces as can be: a stanza that comes in
 * one piece is one push, and it ends on the stanza's last byte, so nothing is ever left inside. A
 * tag is given whole or not at all, and text not byte by byte: libxml2 looks at everything it has
 * again with each push. */
#include "xml/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"

enum {
    RUN = 32 * 1024,         /* bytes looked at in one go: bounds what libxml2 buffers */
    TEXT_HELD = 1024,        /* text that waits for more before it is given on */
    LARGE_STANZA = 64 * 1024 /* behind one, the buffers it needed are freed */
};

void xm_tokens_init(struct xm_tokens *tokens, const struct xm_scan_limits *limits,
                    const struct xm_sax_calls *calls, void *user)
{
    *tokens = (struct xm_tokens){0};
    xm_scan_init(&tokens->scan, limits);
    xm_sax_init(&tokens->sax, calls, user);
}

void xm_tokens_done(struct xm_tokens *tokens)
{
    xm_sax_reset(&tokens->sax);
    xm_buf_done(&tokens->held);
    free(tokens->header);
    tokens->header = NULL;
}

void xm_tokens_reset(struct xm_tokens *tokens)
{
    struct xm_scan_limits limits = tokens->scan.next_limits;
    xm_tokens_done(tokens);
    xm_tokens_init(tokens, &limits, tokens->sax.calls, tokens->sax.user);
}

static int push(struct xm_tokens *tokens, const uint8_t *bytes, size_t n)
{
    if (n == 0) {
        return 0;
    }
    int code = xm_sax_push(&tokens->sax, bytes, n, tokens->header, tokens->n_header,
                           tokens->scan.most_attrs);
    if (code < 0) {
        tokens->condition = tokens->sax.condition;
        tokens->reason = tokens->sax.reason;
    }
    return code;
}

/* Gives the parser what is held and the first n bytes of these. */
static int push_all(struct xm_tokens *tokens, const uint8_t *bytes, size_t n)
{
    if (xm_buf_len(&tokens->held) == 0) {
        return push(tokens, bytes, n);
    }
    if (xm_buf_add(&tokens->held, bytes, n) < 0) {
        return XMPP_E_NOMEM;
    }
    int code = push(tokens, xm_buf_head(&tokens->held), xm_buf_len(&tokens->held));
    xm_buf_clear(&tokens->held);
    return code;
}

/* 1 if text ends between `&` and `;`. libxml2 would look for the `;` again with each push. */
static int ends_in_reference(const uint8_t *text, size_t n, int began_in_one)
{
    const uint8_t *start = n > 0 ? memrchr(text, '&', n) : NULL;
    if (!start && !began_in_one) {
        return 0;
    }
    const uint8_t *from = start ? start : text;
    return n == 0 || !memchr(from, ';', n - (size_t)(from - text));
}

/* 1 if what is held should go to the parser before the next tag. */
static int is_enough_text(struct xm_tokens *tokens, const uint8_t *text, size_t n)
{
    if (!xm_scan_is_in_text(&tokens->scan)) {
        tokens->has_reference = 0;
        return 0;
    }
    tokens->has_reference = ends_in_reference(text, n, tokens->has_reference);
    return !tokens->has_reference && xm_buf_len(&tokens->held) + n >= TEXT_HELD;
}

/* Gives the parser whole tags, and keeps the rest. */
static int push_whole(struct xm_tokens *tokens, const uint8_t *bytes,
                      const struct xm_scan_piece *piece)
{
    if (piece->opens && xm_buf_add(&tokens->held, "<", 1) < 0) {
        return XMPP_E_NOMEM;
    }
    if (piece->whole > piece->from) {
        int code = push_all(tokens, bytes + piece->from, piece->whole - piece->from);
        if (code < 0) {
            return code;
        }
        tokens->has_reference = 0;
    }
    const uint8_t *rest = bytes + piece->whole;
    size_t n_rest = piece->used - piece->whole;
    if (n_rest == 0) {
        return 0;
    }
    return is_enough_text(tokens, rest, n_rest) ? push_all(tokens, rest, n_rest)
                                                : xm_buf_add(&tokens->held, rest, n_rest);
}

static int keep_header(struct xm_tokens *tokens, const uint8_t *bytes,
                       const struct xm_scan_piece *piece)
{
    size_t n_held = xm_buf_len(&tokens->held);
    size_t n_new = piece->whole - piece->from;
    size_t opens = piece->opens != 0;
    uint8_t *header = malloc(opens + n_held + n_new);
    if (!header) {
        return XMPP_E_NOMEM;
    }
    if (opens) {
        header[0] = '<';
    }
    if (n_held > 0) {
        memcpy(header + opens, xm_buf_head(&tokens->held), n_held);
    }
    memcpy(header + opens + n_held, bytes + piece->from, n_new);
    tokens->header = header;
    tokens->n_header = opens + n_held + n_new;
    return 0;
}

/* At a boundary the two must agree where we are. */
static int check_boundary(struct xm_tokens *tokens)
{
    if (tokens->sax.depth == tokens->scan.depth) {
        return 0;
    }
    tokens->condition = "not-well-formed";
    tokens->reason = "not well-formed XML";
    return XMPP_E_XML;
}

static void tidy(struct xm_tokens *tokens)
{
    int was_large = tokens->scan.bytes > LARGE_STANZA;
    if (was_large || xm_sax_is_worn(&tokens->sax)) {
        xm_sax_drop(&tokens->sax);
    }
    if (was_large) {
        xm_buf_shrink(&tokens->held);
    }
}

/* One run of the scanner and what follows of it. */
static int run(struct xm_tokens *tokens, const uint8_t *bytes, size_t n, size_t *ret_used)
{
    struct xm_scan_piece piece;
    int stop = xm_scan_run(&tokens->scan, bytes, n, &piece);
    *ret_used = piece.used;
    if (stop < 0) {
        /* what went wrong in front of it comes first */
        int code = piece.opens && piece.whole > piece.from ? xm_buf_add(&tokens->held, "<", 1) : 0;
        code = code < 0 ? code : push_all(tokens, bytes + piece.from, piece.whole - piece.from);
        if (code == 0) {
            tokens->condition = tokens->scan.condition;
            tokens->reason = tokens->scan.reason;
        }
        return code < 0 ? code : stop;
    }
    int code = stop == XM_SCAN_HEADER ? keep_header(tokens, bytes, &piece) : 0;
    code = code < 0 ? code : push_whole(tokens, bytes, &piece);
    if (code < 0 || stop == XM_SCAN_MORE) {
        return code;
    }
    code = check_boundary(tokens);
    if (code < 0) {
        return code;
    }
    tidy(tokens);
    return stop;
}

int xm_tokens_feed(struct xm_tokens *tokens, const uint8_t *bytes, size_t n, size_t *ret_used)
{
    *ret_used = 0;
    if (tokens->error < 0) {
        return tokens->error;
    }
    while (*ret_used < n) {
        size_t left = n - *ret_used;
        size_t used;
        int stop = run(tokens, bytes + *ret_used, left < RUN ? left : RUN, &used);
        *ret_used += used;
        if (stop < 0) {
            tokens->error = stop;
        }
        if (stop != XM_SCAN_MORE) {
            return stop;
        }
    }
    return XM_SCAN_MORE;
}

void xm_tokens_idle(struct xm_tokens *tokens)
{
    if (xm_scan_is_between(&tokens->scan)) {
        xm_sax_drop(&tokens->sax);
        xm_buf_shrink(&tokens->held);
    }
}
