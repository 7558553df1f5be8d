/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file parser.h
 * @brief The streaming XML parser on its own: bytes in, stream header, stanzas and stream end out.
 *
 * Pulled, never calling back: xmpp_parser_feed() takes bytes in pieces of any size and stops at
 * each event, telling how many it used. The byte behind an event is the first one that was not
 * used, so that whoever restarts a stream (STARTTLS, SASL) can never read behind it.
 *
 * It is the strict side of any disagreement (RFC 6120 11): UTF-8 only, no DTD, comment, processing
 * instruction or entity but the five predefined, no unbound prefix, no duplicate attribute, XML
 * 1.0. Its memory is bounded for the whole life of a stream. Errors are final.
 */
#ifndef XMPP_PARSER_H
#define XMPP_PARSER_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What xmpp_parser_feed() stopped at. */
enum xmpp_parser_event {
    XMPP_PARSER_MORE = 0,   /**< all bytes are used; more are needed */
    XMPP_PARSER_HEADER = 1, /**< the stream header: xmpp_parser_get_header() */
    XMPP_PARSER_STANZA = 2, /**< a complete stanza: xmpp_parser_get_stanza() */
    XMPP_PARSER_END = 3     /**< the end tag of the stream; only whitespace may follow */
};

/** What can be limited. */
enum xmpp_parser_limit {
    XMPP_PARSER_STANZA_BYTES = 0, /**< one stanza, from `<` to `>`; default 524,288 */
    XMPP_PARSER_DEPTH = 1,        /**< elements inside each other in a stanza; default 100 */
    XMPP_PARSER_ATTRS = 2, /**< attributes and namespace declarations of a tag; default 256 */
    XMPP_PARSER_HEADER_BYTES =
        3 /**< all in front of the end of the stream header; default 16,384 */
};

/** A new parser, in front of a stream header. @return owned, xmpp_parser_free(); NULL if out of
 * memory */
XMPP_API xmpp_parser *xmpp_parser_new(void);
/** Frees the parser, not the stanzas that were kept. Takes NULL. */
XMPP_API void xmpp_parser_free(xmpp_parser *parser);

/**
 * Sets a limit. It holds from the next stanza on.
 *
 * @param which  an enum xmpp_parser_limit
 * @param value  at least 1, at most 10,000,000
 * @return 0 or XMPP_E_INVAL
 */
XMPP_API int xmpp_parser_set_limit(xmpp_parser *parser, int which, int64_t value);
/** A limit's value, or XMPP_E_INVAL. */
XMPP_API int64_t xmpp_parser_get_limit(const xmpp_parser *parser, int which);

/** Forgets the stream and waits for a new header; limits stay. How a stream is restarted. */
XMPP_API void xmpp_parser_reset(xmpp_parser *parser);

/**
 * Parses until the first event or the end of the bytes.
 *
 * @param ret_used  how many of the bytes were used, also on error; the rest is for the next call
 * @return an enum xmpp_parser_event, or a negative code, which every later call repeats:
 *         XMPP_E_XML (not well-formed, or forbidden in a stream), XMPP_E_TOO_BIG (a limit),
 *         XMPP_E_NOMEM, XMPP_E_INVAL
 */
XMPP_API int xmpp_parser_feed(xmpp_parser *parser, const void *bytes, size_t n_bytes,
                              size_t *ret_used);

/** The stream header as an element without content, sealed. Any element is taken for one: name,
 * namespaces and version are the caller's to check. Borrowed (until the parser is reset or freed;
 * keep it with xmpp_stanza_ref()). NULL in front of it. */
XMPP_API const xmpp_stanza *xmpp_parser_get_header(const xmpp_parser *parser);
/** The stanza of the last event, sealed. Borrowed (until the next call of feed, reset or free;
 * keep it with xmpp_stanza_ref()). NULL if the last event was another. */
XMPP_API const xmpp_stanza *xmpp_parser_get_stanza(const xmpp_parser *parser);

/**
 * The stream error condition that fits an error of this parser (RFC 6120 4.9.3), such as
 * "not-well-formed", "restricted-xml", "unsupported-encoding", "bad-namespace-prefix" or
 * "policy-violation"; NULL if there is no error. Borrowed (for ever).
 */
XMPP_API const char *xmpp_parser_get_condition(const xmpp_parser *parser);
/** What exactly is wrong, in a few words of ours; NULL if nothing is. Borrowed (for ever). */
XMPP_API const char *xmpp_parser_get_reason(const xmpp_parser *parser);

#ifdef __cplusplus
}
#endif

#endif
