/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzzes the streaming parser against itself: a stream in one piece, byte by byte and in pieces of
 * the fuzzer's choice gives the same events at the same bytes; and each stanza, written and parsed
 * again, is the same text. The first byte chooses the pieces and how small the limits are. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "stanza/parser.h"
#include "stanza/write.h"
#include "xmpp/jid.h"
#include "xmpp/parser.h"
#include "xmpp/stanza.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int held)
{
    if (!held) {
        abort();
    }
}

/* Writes, parses, writes: the same. */
static void log_stanza(struct xm_buf *log, const xmpp_stanza *stanza)
{
    char *text;
    char *again;
    size_t len;
    xmpp_stanza *parsed;
    demand(xmpp_stanza_to_text(stanza, &text, &len) == 0);
    demand(xmpp_stanza_parse(&parsed, text, len) == 0);
    demand(xmpp_stanza_to_text(parsed, &again, NULL) == 0);
    demand(strcmp(text, again) == 0);
    xmpp_stanza *copy = xmpp_stanza_copy(stanza);
    xmpp_stanza_seal(copy);
    demand((xmpp_stanza_get_from(copy) != NULL) == (xmpp_stanza_get_from(stanza) != NULL));
    demand(xmpp_jid_equal(xmpp_stanza_get_from(copy), xmpp_stanza_get_from(stanza)));
    demand(xmpp_jid_equal(xmpp_stanza_get_to(copy), xmpp_stanza_get_to(stanza)));
    demand(xm_buf_add(log, text, len + 1) == 0);
    xmpp_stanza_unref(copy);
    xmpp_stanza_unref(parsed);
    xmpp_free(again);
    xmpp_free(text);
}

/* All events with the bytes they ended at. What kind of error is last may depend on the pieces, as
 * a limit can be seen before the parser sees what is wrong; that there is one may not. */
static void run(struct xm_buf *log, const uint8_t *data, size_t size, size_t piece, int is_small)
{
    xmpp_parser *parser = xmpp_parser_new();
    demand(parser != NULL);
    if (is_small) {
        xmpp_parser_set_limit(parser, XMPP_PARSER_STANZA_BYTES, 200);
        xmpp_parser_set_limit(parser, XMPP_PARSER_DEPTH, 3);
        xmpp_parser_set_limit(parser, XMPP_PARSER_ATTRS, 3);
        xmpp_parser_set_limit(parser, XMPP_PARSER_HEADER_BYTES, 300);
    }
    size_t at = 0;
    int event = XMPP_PARSER_MORE;
    while (at < size && event >= 0) {
        size_t used;
        size_t n = size - at < piece ? size - at : piece;
        uint8_t *copy = malloc(n);
        demand(copy != NULL);
        memcpy(copy, data + at, n);
        event = xmpp_parser_feed(parser, copy, n, &used);
        free(copy);
        demand(used <= n && (event != XMPP_PARSER_MORE || used == n));
        at += used;
        if (event == XMPP_PARSER_STANZA || event == XMPP_PARSER_HEADER) {
            log_stanza(log, event == XMPP_PARSER_STANZA ? xmpp_parser_get_stanza(parser)
                                                        : xmpp_parser_get_header(parser));
        }
        if (event > 0) {
            demand(xm_buf_add(log, &at, sizeof at) == 0);
            demand(xm_parser_is_between(parser));
        }
        if (event > 0 && is_small) {
            xm_parser_idle(parser);
        }
    }
    demand(xm_buf_add(log, event < 0 ? "!" : ".", 1) == 0);
    demand((xmpp_parser_get_condition(parser) != NULL) == (event < 0));
    xmpp_parser_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    size_t piece = 2 + data[0] % 64;
    int is_small = data[0] >= 128;
    struct xm_buf logs[3] = {{0}};
    const size_t pieces[3] = {size, 1, piece};
    for (int i = 0; i < 3; i++) {
        run(&logs[i], data + 1, size - 1, pieces[i], is_small);
    }
    for (int i = 1; i < 3; i++) {
        demand(xm_buf_len(&logs[i]) == xm_buf_len(&logs[0]));
        demand(memcmp(xm_buf_head(&logs[i]), xm_buf_head(&logs[0]), xm_buf_len(&logs[0])) == 0);
    }
    for (int i = 0; i < 3; i++) {
        xm_buf_done(&logs[i]);
    }
    return 0;
}
