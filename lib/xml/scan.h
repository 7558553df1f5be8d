/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scanner in front of the XML parser: knows where tags begin and end, and nothing of what they
 * say. It refuses what must not even begin (comments, processing instructions, DOCTYPE, NUL), holds
 * to the limits, and finds the byte at which a stanza is complete, so that the parser behind it is
 * only ever given whole tags, and never a byte of what follows a boundary.
 *
 * Whatever it accepts still has to pass the parser. It keeps no bytes and allocates nothing. */
#ifndef XM_XML_SCAN_H
#define XM_XML_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* What a run stopped at. The values are those of enum xmpp_parser_event. */
enum xm_scan_stop {
    XM_SCAN_MORE = 0,   /* the bytes are at an end */
    XM_SCAN_HEADER = 1, /* the `>` of the stream header */
    XM_SCAN_STANZA = 2, /* the `>` of a stanza */
    XM_SCAN_END = 3     /* the `>` of the stream's end tag */
};

enum xm_scan_state {
    XM_SCAN_AT_START,  /* no byte was seen: a byte order mark or a declaration may come */
    XM_SCAN_AT_BOM,    /* in the byte order mark */
    XM_SCAN_AT_MARKED, /* behind a byte order mark: a declaration may come */
    XM_SCAN_AT_FIRST,  /* behind the first `<`: a declaration or the header */
    XM_SCAN_IN_DECL,   /* in the XML declaration */
    XM_SCAN_IN_PROLOG, /* behind it, in front of the header */
    XM_SCAN_BETWEEN,   /* between stanzas */
    XM_SCAN_AFTER,     /* behind the end of the stream */
    /* from here on the bytes are the parser's too */
    XM_SCAN_OPENED,   /* behind a `<` */
    XM_SCAN_IN_BANG,  /* in `<![CDATA[` */
    XM_SCAN_IN_TAG,   /* in a tag, not in a value */
    XM_SCAN_IN_VALUE, /* in an attribute's value */
    XM_SCAN_IN_TEXT,
    XM_SCAN_IN_CDATA,
};

enum { XM_SCAN_DECL_MAX = 96 };

struct xm_scan_limits {
    uint32_t stanza_bytes;
    uint32_t depth;
    uint32_t attrs;
    uint32_t header_bytes;
};

struct xm_scan {
    uint8_t state;   /* enum xm_scan_state */
    uint8_t quote;   /* the one that ends the value */
    uint8_t closing; /* in an end tag */
    uint8_t matched; /* bytes of a fixed sequence that were seen */
    uint8_t tail[2]; /* the last two bytes in front of this run */
    uint8_t n_decl;
    char decl[XM_SCAN_DECL_MAX]; /* the declaration, white space pressed together */
    uint32_t depth;              /* open elements; 1: the stream's only */
    uint32_t attrs;              /* of this tag, so far */
    uint32_t most_attrs;         /* of any tag, so far */
    uint64_t bytes;              /* of this header or stanza, so far */
    struct xm_scan_limits limits;
    struct xm_scan_limits next_limits; /* that hold from the next stanza on */
    const char *condition;             /* after an error: RFC 6120 4.9.3 */
    const char *reason;
};

/* What a run saw: bytes [from, whole) are whole tags and the text between them, [whole, used) has
 * to wait for more, unless it is text. On an error only [from, whole) is meant. */
struct xm_scan_piece {
    size_t from;
    size_t whole;
    size_t used;
    int opens; /* the header begins here, with a `<` that is not among the bytes */
};

/* All limits are those of `limits` from now on. */
void xm_scan_init(struct xm_scan *scan, const struct xm_scan_limits *limits);
/* Looks at bytes until a stop. enum xm_scan_stop, XMPP_E_XML or XMPP_E_TOO_BIG. */
int xm_scan_run(struct xm_scan *scan, const uint8_t *bytes, size_t n, struct xm_scan_piece *piece);
/* 1 if what waits is text, which the parser can take in any pieces. A CDATA section it cannot:
 * libxml2 hands out 300 bytes a push, and looks for its end in all the rest each time. */
static inline int xm_scan_is_in_text(const struct xm_scan *scan)
{
    return scan->state == XM_SCAN_IN_TEXT;
}
/* 1 if nothing is half-read. */
static inline int xm_scan_is_between(const struct xm_scan *scan)
{
    return scan->state == XM_SCAN_BETWEEN || scan->state == XM_SCAN_AFTER ||
           scan->state == XM_SCAN_AT_START;
}

#endif
