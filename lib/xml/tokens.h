/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The strict tokenizer: scanner, parser, and the bytes that wait between them. Bytes in pieces of
 * any size come in; elements and text go out by callback while it runs, and it stops behind each
 * header, stanza and stream end. */
#ifndef XM_XML_TOKENS_H
#define XM_XML_TOKENS_H

#include "base/buf.h"
#include "xml/sax.h"
#include "xml/scan.h"

struct xm_tokens {
    struct xm_scan scan;
    struct xm_sax sax;
    struct xm_buf held; /* an incomplete tag, or a little text */
    int has_reference;  /* the text that is held ends inside of a reference */
    uint8_t *header;    /* the start tag of the stream, to be told again */
    size_t n_header;
    int error; /* XMPP_E_…, final */
    const char *condition;
    const char *reason;
};

void xm_tokens_init(struct xm_tokens *tokens, const struct xm_scan_limits *limits,
                    const struct xm_sax_calls *calls, void *user);
void xm_tokens_done(struct xm_tokens *tokens);
/* Waits for a new header; the limits stay. */
void xm_tokens_reset(struct xm_tokens *tokens);
/* Runs to the first stop: enum xm_scan_stop, or an error that is final. */
int xm_tokens_feed(struct xm_tokens *tokens, const uint8_t *bytes, size_t n, size_t *ret_used);
/* Frees what is only there to be fast, if nothing is half-read. */
void xm_tokens_idle(struct xm_tokens *tokens);

#endif
