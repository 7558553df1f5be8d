/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scanner. Not a parser: names, entities, characters and whether tags fit each other are
 * checked by the parser behind it, and a disagreement between the two is an error there. */
#include "xml/scan.h"

#include <string.h>

#include "xml/marks.h"
#include "xml/prolog.h"
#include "xmpp/error.h"

void xm_scan_init(struct xm_scan *scan, const struct xm_scan_limits *limits)
{
    struct xm_scan_limits kept = *limits;
    *scan = (struct xm_scan){.state = XM_SCAN_AT_START, .limits = kept, .next_limits = kept};
}

int xm_scan_refuse(struct xm_scan *scan, const char *condition, const char *reason)
{
    scan->condition = condition;
    scan->reason = reason;
    return XMPP_E_XML;
}

int xm_scan_exceed(struct xm_scan *scan, const char *reason)
{
    scan->condition = "policy-violation"; /* RFC 6120 4.9.3.14, 13.12 */
    scan->reason = reason;
    return XMPP_E_TOO_BIG;
}

/* --- between stanzas, behind the end --------------------------------------------------------- */

/* White space between stanzas and behind the end: as much as there is, for nothing. */
static int run_between(struct xm_scan *scan, const uint8_t *bytes, size_t n, size_t *at)
{
    while (*at < n && xm_scan_is_space(bytes[*at])) {
        ++*at;
    }
    if (*at == n) {
        return 0;
    }
    if (scan->state == XM_SCAN_AFTER) {
        return xm_scan_refuse(scan, "not-well-formed", "data behind the end of the stream");
    }
    if (bytes[*at] != '<') {
        return xm_scan_refuse(scan, "bad-format", "text between stanzas");
    }
    ++*at;
    scan->limits = scan->next_limits;
    scan->bytes = 0;
    scan->state = XM_SCAN_OPENED;
    return 0;
}

/* --- inside the header or a stanza ---------------------------------------------------------- */

/* RFC 6120 11.1: no comment, no DTD. */
static int refuse_bang(struct xm_scan *scan)
{
    return scan->matched > 0 ? xm_scan_refuse(scan, "not-well-formed", "a broken CDATA section")
                             : xm_scan_refuse(scan, "restricted-xml", "a comment or declaration");
}

/* A byte of `<![CDATA[`. 1: it was taken. */
static int bang_byte(struct xm_scan *scan, uint8_t byte)
{
    static const char cdata[] = "[CDATA[";
    if (byte != (uint8_t)cdata[scan->matched]) {
        return refuse_bang(scan);
    }
    if (scan->depth <= 1) {
        return xm_scan_refuse(scan, "bad-format", "text outside of a stanza");
    }
    if (++scan->matched == strlen(cdata)) {
        scan->state = XM_SCAN_IN_CDATA;
    }
    return 1;
}

/* The byte behind `<`. 1 if it was taken, 0 if it is the tag's. */
static inline int opening_byte(struct xm_scan *scan, uint8_t byte)
{
    scan->attrs = 0;
    scan->closing = byte == '/';
    if (byte != '!' && byte != '?') {
        scan->state = XM_SCAN_IN_TAG;
        return scan->closing;
    }
    if (byte == '?') {
        return xm_scan_refuse(scan, "restricted-xml", "a processing instruction");
    }
    scan->matched = 0;
    scan->state = XM_SCAN_IN_BANG;
    return 1;
}

/* A walk over the marks of one run. All that steps it is inlined into one function, so that it stays
 * in registers: that is half the cost of scanning. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

struct walk {
    struct xm_scan *scan;
    const uint8_t *bytes;
    size_t n;
    size_t at; /* behind the last mark */
    struct xm_marks marks;
    struct xm_scan_piece *piece;
};

/* What a step of the walk answers beside enum xm_scan_stop and errors. */
enum { GO_ON = 0, NO_MORE_BYTES = 100 };

/* The next mark, which may mean nothing; 0 if there is none, or it is NUL. */
static ALWAYS_INLINE uint8_t next_mark(struct walk *walk)
{
    if (walk->marks.bits == 0 && !xm_marks_refill(&walk->marks)) {
        walk->at = walk->n;
        return 0;
    }
    size_t at = xm_marks_take(&walk->marks);
    walk->at = at + 1;
    return walk->bytes[at];
}

/* Why there was none; the state is where the next run goes on. */
static ALWAYS_INLINE int no_mark(struct walk *walk, uint8_t state)
{
    int is_nul = walk->at > 0 && walk->bytes[walk->at - 1] == 0;
    walk->scan->state = state;
    return is_nul ? xm_scan_refuse(walk->scan, "not-well-formed", "a NUL byte") : NO_MORE_BYTES;
}

/* The byte k in front of the last mark, which may have been in an earlier run. */
static ALWAYS_INLINE uint8_t byte_before(const struct walk *walk, size_t k)
{
    return walk->at > k ? walk->bytes[walk->at - 1 - k] : walk->scan->tail[1 + walk->at - k];
}

/* The `>` of a tag, when but the stream's element is open, or not even that. */
static int end_at_top(struct xm_scan *scan, int was_opening)
{
    scan->state = scan->depth == 0 ? XM_SCAN_AFTER : XM_SCAN_BETWEEN;
    return scan->depth == 0 ? XM_SCAN_END : was_opening ? XM_SCAN_HEADER : XM_SCAN_STANZA;
}

/* The `>` of a tag: how deep are we now? */
static ALWAYS_INLINE int end_tag(struct walk *walk)
{
    struct xm_scan *scan = walk->scan;
    int is_opening = !scan->closing && byte_before(walk, 1) != '/';
    walk->piece->whole = walk->at;
    scan->state = XM_SCAN_IN_TEXT;
    if (scan->closing) {
        scan->depth--;
    } else if (scan->depth > scan->limits.depth) { /* the stream's own does not count */
        return xm_scan_exceed(scan, "elements too deep inside each other");
    } else if (is_opening) {
        scan->depth++;
    } else if (scan->depth == 0) {
        return xm_scan_refuse(scan, "bad-format", "a stream header that ends the stream");
    }
    return scan->depth > 1 ? GO_ON : end_at_top(scan, is_opening);
}

/* The rest of an attribute's value. */
static ALWAYS_INLINE int in_value(struct walk *walk, uint8_t quote)
{
    uint8_t mark;
    do {
        mark = next_mark(walk);
        if (mark == '<') {
            return xm_scan_refuse(walk->scan, "not-well-formed", "`<` in an attribute");
        }
        if (mark == 0) {
            walk->scan->quote = quote;
            return no_mark(walk, XM_SCAN_IN_VALUE);
        }
    } while (mark != quote);
    return GO_ON;
}

/* The rest of a tag. */
static ALWAYS_INLINE int in_tag(struct walk *walk)
{
    struct xm_scan *scan = walk->scan;
    for (;;) {
        uint8_t mark = next_mark(walk);
        if (mark == '>') {
            return end_tag(walk);
        }
        if (mark == 0) {
            return no_mark(walk, XM_SCAN_IN_TAG);
        }
        if (mark == '<') {
            return xm_scan_refuse(scan, "not-well-formed", "`<` inside a tag");
        }
        if (++scan->attrs > scan->limits.attrs) {
            return xm_scan_exceed(scan, "too many attributes");
        }
        scan->most_attrs = scan->attrs > scan->most_attrs ? scan->attrs : scan->most_attrs;
        int stop = in_value(walk, mark);
        if (stop != GO_ON) {
            return stop;
        }
    }
}

static ALWAYS_INLINE int is_section_end(const struct walk *walk)
{
    return byte_before(walk, 1) == ']' && byte_before(walk, 2) == ']';
}

static ALWAYS_INLINE int in_text(struct walk *walk)
{
    for (;;) {
        uint8_t mark = next_mark(walk);
        if (mark == '<') {
            walk->scan->state = XM_SCAN_OPENED;
            return GO_ON;
        }
        if (mark == 0) {
            return no_mark(walk, XM_SCAN_IN_TEXT);
        }
        if (mark == '>' && is_section_end(walk)) {
            return xm_scan_refuse(walk->scan, "not-well-formed", "`]]>` in text");
        }
    }
}

static ALWAYS_INLINE int in_cdata(struct walk *walk)
{
    uint8_t mark = next_mark(walk);
    if (mark == 0) {
        return no_mark(walk, XM_SCAN_IN_CDATA);
    }
    if (mark == '>' && is_section_end(walk)) {
        walk->scan->state = XM_SCAN_IN_TEXT;
    }
    return GO_ON;
}

/* Behind a `<`. None of the bytes that are taken here is a mark. */
static ALWAYS_INLINE int in_opening(struct walk *walk)
{
    if (walk->at == walk->n) {
        return NO_MORE_BYTES;
    }
    struct xm_scan *scan = walk->scan;
    uint8_t byte = walk->bytes[walk->at];
    int taken = scan->state == XM_SCAN_IN_BANG ? bang_byte(scan, byte) : opening_byte(scan, byte);
    if (taken < 0) {
        return taken;
    }
    walk->at += (size_t)taken;
    return GO_ON;
}

/* Where the end of the header or stanza is, if it is among these bytes. */
static int run_inside(struct xm_scan *scan, const uint8_t *bytes, size_t n,
                      struct xm_scan_piece *piece)
{
    struct walk walk = {.scan = scan, .bytes = bytes, .n = n, .at = piece->used, .piece = piece};
    walk.marks = xm_marks_of(bytes, n, walk.at);
    int stop = GO_ON;
    while (stop == GO_ON) {
        switch (scan->state) {
        case XM_SCAN_IN_TAG:
            stop = in_tag(&walk);
            break;
        case XM_SCAN_IN_VALUE:
            stop = in_value(&walk, scan->quote);
            scan->state = stop == GO_ON ? XM_SCAN_IN_TAG : scan->state;
            break;
        case XM_SCAN_IN_TEXT:
            stop = in_text(&walk);
            break;
        case XM_SCAN_IN_CDATA:
            stop = in_cdata(&walk);
            break;
        default:
            stop = in_opening(&walk);
            break;
        }
    }
    piece->used = walk.at;
    return stop == NO_MORE_BYTES ? XM_SCAN_MORE : stop;
}

/* Holds a header or stanza to its limit in bytes; a stop beyond it is none. */
static int count(struct xm_scan *scan, struct xm_scan_piece *piece, int stop)
{
    int in_header = scan->depth == 0 || stop == XM_SCAN_HEADER;
    uint64_t limit = in_header ? scan->limits.header_bytes : scan->limits.stanza_bytes;
    uint64_t bytes = scan->bytes + (piece->used - piece->from);
    if (bytes > limit) {
        size_t room = (size_t)(limit - scan->bytes);
        if (piece->whole > piece->from + room) {
            piece->whole = piece->from;
        }
        return xm_scan_exceed(scan,
                              in_header ? "the stream header is too long" : "a stanza is too long");
    }
    scan->bytes = bytes;
    return stop;
}

static void remember_tail(struct xm_scan *scan, const uint8_t *bytes, size_t n)
{
    if (n >= 2) {
        scan->tail[0] = bytes[n - 2];
        scan->tail[1] = bytes[n - 1];
    } else if (n == 1) {
        scan->tail[0] = scan->tail[1];
        scan->tail[1] = bytes[0];
    }
}

int xm_scan_run(struct xm_scan *scan, const uint8_t *bytes, size_t n, struct xm_scan_piece *piece)
{
    size_t at = 0;
    int stop = 0;
    *piece = (struct xm_scan_piece){0};
    if (scan->state < XM_SCAN_BETWEEN) {
        stop = xm_scan_prolog(scan, bytes, n, &at);
        piece->from = at;
        piece->opens = scan->state >= XM_SCAN_OPENED;
    } else if (scan->state < XM_SCAN_OPENED) {
        stop = run_between(scan, bytes, n, &at);
        piece->from = scan->state == XM_SCAN_OPENED ? at - 1 : at;
    }
    piece->whole = piece->from;
    piece->used = at;
    if (stop == 0 && scan->state >= XM_SCAN_OPENED) {
        stop = run_inside(scan, bytes, n, piece);
        stop = stop < 0 ? stop : count(scan, piece, stop);
    }
    remember_tail(scan, bytes, piece->used);
    return stop;
}
