/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One element from a string: the same tokenizer as a stream's, inside of a stream header that says
 * what is in scope. */
#include "xmpp/stanza.h"

#include "stanza/grow.h"
#include "stanza/parser.h"
#include "xml/tokens.h"
#include "xmpp/error.h"

static const char header[] =
    "<stream:stream xmlns='" XMPP_NS_CLIENT "' xmlns:stream='" XMPP_NS_STREAMS "'>";

struct parse {
    struct xm_tokens tokens;
    struct xm_grow grow;
    int has_header;
};

static int on_start(void *user, const char *name, const char *ns, const struct xm_sax_attr *attrs,
                    size_t n_attrs)
{
    struct parse *parse = user;
    if (!parse->has_header) {
        parse->has_header = 1;
        return 0;
    }
    if (!parse->grow.stanza) {
        parse->grow.stanza = xm_stanza_open(XM_ARENA_FIRST, NULL);
        if (!parse->grow.stanza) {
            return XMPP_E_NOMEM;
        }
    }
    return xm_grow_start(&parse->grow, name, ns, attrs, n_attrs);
}

static int on_end(void *user)
{
    struct parse *parse = user;
    return parse->grow.open ? xm_grow_end(&parse->grow) : 0;
}

static int on_text(void *user, const char *text, size_t len)
{
    struct parse *parse = user;
    return parse->grow.open ? xm_grow_text(&parse->grow, text, len) : XMPP_E_INTERNAL;
}

static void on_renew(void *user)
{
    (void)user;
}

/* The element, and behind it only white space. */
static int run(struct xm_tokens *tokens, const char *text, size_t len)
{
    size_t used;
    int stop = xm_tokens_feed(tokens, (const uint8_t *)header, sizeof header - 1, &used);
    if (stop < 0) {
        return stop;
    }
    stop = xm_tokens_feed(tokens, (const uint8_t *)text, len, &used);
    if (stop < 0 || stop != XM_SCAN_STANZA) {
        return stop < 0 ? stop : XMPP_E_XML;
    }
    stop = xm_tokens_feed(tokens, (const uint8_t *)text + used, len - used, &used);
    if (stop < 0) {
        return stop;
    }
    return stop == XM_SCAN_MORE && xm_scan_is_between(&tokens->scan) ? 0 : XMPP_E_XML;
}

int xmpp_stanza_parse(xmpp_stanza **ret_stanza, const char *text, size_t len)
{
    static const struct xm_scan_limits limits = {.stanza_bytes = XM_PARSER_LIMIT_MAX,
                                                 .depth = 1000,
                                                 .attrs = 1000,
                                                 .header_bytes = sizeof header};
    static const struct xm_sax_calls calls = {on_start, on_end, on_text, on_renew};
    struct parse parse = {0};
    if (!ret_stanza || !text) {
        return XMPP_E_INVAL;
    }
    xm_tokens_init(&parse.tokens, &limits, &calls, &parse);
    int code = run(&parse.tokens, text, len);
    xm_tokens_done(&parse.tokens);
    if (code < 0) {
        xmpp_stanza_unref(parse.grow.stanza);
        return code;
    }
    *ret_stanza = parse.grow.stanza;
    return 0;
}
