/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scanner. Not a parser: names, entities, characters and whether tags fit each other are
 * checked by the parser behind it, and a disagreement between the two is an error there. */
#include "xml/scan.h"

#include <string.h>

#include "xml/decl.h"
#include "xml/marks.h"
#include "xmpp/error.h"

void xm_scan_init(struct xm_scan *scan, const struct xm_scan_limits *limits)
{
    struct xm_scan_limits kept = *limits;
    *scan = (struct xm_scan){.state = XM_SCAN_AT_START, .limits = kept, .next_limits = kept};
}

static int refuse(struct xm_scan *scan, const char *condition, const char *reason)
{
    scan->condition = condition;
    scan->reason = reason;
    return XMPP_E_XML;
}

static int exceed(struct xm_scan *scan, const char *reason)
{
    scan->condition = "policy-violation"; /* RFC 6120 4.9.3.14, 13.12 */
    scan->reason = reason;
    return XMPP_E_TOO_BIG;
}

static int is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* --- in front of the header, between stanzas, behind the end -------------------------------- */

static int refuse_start(struct xm_scan *scan, uint8_t byte)
{
    if (byte == 0x00 || byte == 0xfe || byte == 0xff || byte == 0xef || scan->matched > 0) {
        /* UTF-16 or UTF-32: RFC 6120 11.6 */
        return refuse(scan, "unsupported-encoding", "the encoding is not UTF-8");
    }
    return refuse(scan, "not-well-formed", "text in front of the stream header");
}

/* A byte of the declaration: kept, with each run of white space as one. */
static int keep_decl(struct xm_scan *scan, uint8_t byte)
{
    char kept = is_space(byte) ? ' ' : (char)byte;
    if (kept == ' ' && scan->n_decl > 0 && scan->decl[scan->n_decl - 1] == ' ') {
        return 0;
    }
    if (scan->n_decl == XM_SCAN_DECL_MAX) {
        return refuse(scan, "not-well-formed", "the XML declaration is too long");
    }
    scan->decl[scan->n_decl++] = kept;
    size_t n = scan->n_decl;
    static const char intro[] = "<?xml ";
    if (n <= strlen(intro) && memcmp(scan->decl, intro, n) != 0) {
        return refuse(scan, "restricted-xml", "a processing instruction"); /* RFC 6120 11.1 */
    }
    if (n < 2 || memcmp(scan->decl + n - 2, "?>", 2) != 0) {
        return 0;
    }
    scan->state = XM_SCAN_IN_PROLOG;
    return xm_decl_check(scan->decl, n, &scan->condition, &scan->reason);
}

static int begin_tag(struct xm_scan *scan)
{
    scan->state = XM_SCAN_OPENED;
    return 0;
}

static int start_byte(struct xm_scan *scan, uint8_t byte)
{
    if (byte == 0xef && scan->state == XM_SCAN_AT_START) {
        scan->state = XM_SCAN_AT_BOM;
        scan->matched = 1;
        return 0;
    }
    if (byte == '<') {
        scan->state = XM_SCAN_AT_FIRST;
        return 0;
    }
    scan->state = XM_SCAN_IN_PROLOG;
    return is_space(byte) ? 0 : refuse_start(scan, byte);
}

static int bom_byte(struct xm_scan *scan, uint8_t byte)
{
    static const uint8_t bom[] = {0xef, 0xbb, 0xbf};
    if (byte != bom[scan->matched]) {
        return refuse_start(scan, byte);
    }
    if (++scan->matched == sizeof bom) {
        scan->matched = 0;
        scan->state = XM_SCAN_AT_MARKED;
    }
    return 0;
}

/* Behind the first `<` of all. The one that it follows is given to the parser by the caller. */
static int first_byte(struct xm_scan *scan, uint8_t byte)
{
    if (byte == '?') {
        scan->state = XM_SCAN_IN_DECL;
        scan->decl[scan->n_decl++] = '<';
        return keep_decl(scan, byte);
    }
    if (byte == 0x00) {
        return refuse_start(scan, byte);
    }
    return begin_tag(scan);
}

/* One byte in front of the header. */
static int prolog_byte(struct xm_scan *scan, uint8_t byte)
{
    switch (scan->state) {
    case XM_SCAN_AT_START:
    case XM_SCAN_AT_MARKED:
        return start_byte(scan, byte);
    case XM_SCAN_AT_BOM:
        return bom_byte(scan, byte);
    case XM_SCAN_AT_FIRST:
        return first_byte(scan, byte);
    case XM_SCAN_IN_DECL:
        return keep_decl(scan, byte);
    default:
        return byte == '<' ? begin_tag(scan) : is_space(byte) ? 0 : refuse_start(scan, byte);
    }
}

/* Reads up to the `<` of the header. */
static int run_prolog(struct xm_scan *scan, const uint8_t *bytes, size_t n, size_t *at)
{
    while (*at < n && scan->state < XM_SCAN_BETWEEN) {
        uint8_t before = scan->state;
        int code = prolog_byte(scan, bytes[*at]);
        if (code < 0) {
            return code;
        }
        if (before == XM_SCAN_AT_FIRST && scan->state == XM_SCAN_OPENED) {
            break; /* no declaration: this byte is looked at again, as the tag's */
        }
        ++*at;
        if (++scan->bytes > scan->limits.header_bytes) {
            return exceed(scan, "the stream header is too long");
        }
    }
    return 0;
}

/* White space between stanzas and behind the end: as much as there is, for nothing. */
static int run_between(struct xm_scan *scan, const uint8_t *bytes, size_t n, size_t *at)
{
    while (*at < n && is_space(bytes[*at])) {
        ++*at;
    }
    if (*at == n) {
        return 0;
    }
    if (scan->state == XM_SCAN_AFTER) {
        return refuse(scan, "not-well-formed", "data behind the end of the stream");
    }
    if (bytes[*at] != '<') {
        return refuse(scan, "bad-format", "text between stanzas");
    }
    ++*at;
    scan->limits = scan->next_limits;
    scan->bytes = 0;
    return begin_tag(scan);
}

/* --- inside the header or a stanza ---------------------------------------------------------- */

/* RFC 6120 11.1: no comment, no DTD. */
static int refuse_bang(struct xm_scan *scan)
{
    return scan->matched > 0 ? refuse(scan, "not-well-formed", "a broken CDATA section")
                             : refuse(scan, "restricted-xml", "a comment or declaration");
}

/* One byte behind `<`, or of `<![CDATA[`. 1 if it was taken, 0 if it is the tag's. */
static int opening_byte(struct xm_scan *scan, uint8_t byte)
{
    static const char cdata[] = "[CDATA[";
    if (scan->state == XM_SCAN_IN_BANG) {
        if (byte != (uint8_t)cdata[scan->matched]) {
            return refuse_bang(scan);
        }
        if (scan->depth <= 1) {
            return refuse(scan, "bad-format", "text outside of a stanza");
        }
        if (++scan->matched == strlen(cdata)) {
            scan->state = XM_SCAN_IN_CDATA;
        }
        return 1;
    }
    if (byte == '?') {
        return refuse(scan, "restricted-xml", "a processing instruction");
    }
    scan->matched = 0;
    scan->closing = byte == '/';
    scan->attrs = 0;
    scan->state = byte == '!' ? XM_SCAN_IN_BANG : XM_SCAN_IN_TAG;
    return byte == '!' || byte == '/';
}

/* The byte k in front of the one at `at`, which may have been in an earlier run. */
static uint8_t byte_before(const struct xm_scan *scan, const uint8_t *bytes, size_t at, size_t k)
{
    return at >= k ? bytes[at - k] : scan->tail[2 - (k - at)];
}

/* The `>` of a tag: how deep are we now? enum xm_scan_stop or an error. */
static int end_tag(struct xm_scan *scan, int is_empty)
{
    scan->state = XM_SCAN_IN_TEXT;
    if (scan->closing) {
        scan->depth--;
    } else if (scan->depth > scan->limits.depth) { /* the stream's own does not count */
        return exceed(scan, "elements too deep inside each other");
    } else if (!is_empty) {
        scan->depth++;
        if (scan->depth > 1) {
            return XM_SCAN_MORE;
        }
        scan->state = XM_SCAN_BETWEEN;
        return XM_SCAN_HEADER;
    } else if (scan->depth == 0) {
        return refuse(scan, "bad-format", "a stream header that ends the stream");
    }
    if (scan->depth > 1) {
        return XM_SCAN_MORE;
    }
    scan->state = scan->depth == 1 ? XM_SCAN_BETWEEN : XM_SCAN_AFTER;
    return scan->depth == 1 ? XM_SCAN_STANZA : XM_SCAN_END;
}

static int mark_in_tag(struct xm_scan *scan, uint8_t mark, int is_empty)
{
    switch (mark) {
    case '>':
        return end_tag(scan, is_empty);
    case '"':
    case '\'':
        scan->quote = mark;
        scan->state = XM_SCAN_IN_VALUE;
        return ++scan->attrs > scan->limits.attrs ? exceed(scan, "too many attributes") : 0;
    case '<':
        return refuse(scan, "not-well-formed", "`<` inside a tag");
    default:
        return refuse(scan, "not-well-formed", "a NUL byte");
    }
}

static int mark_in_value(struct xm_scan *scan, uint8_t mark)
{
    if (mark == scan->quote) {
        scan->state = XM_SCAN_IN_TAG;
        return 0;
    }
    return mark == '<' ? refuse(scan, "not-well-formed", "`<` in an attribute") : 0;
}

static int mark_in_text(struct xm_scan *scan, uint8_t mark, int is_section_end)
{
    if (scan->state == XM_SCAN_IN_CDATA) {
        if (mark == '>' && is_section_end) {
            scan->state = XM_SCAN_IN_TEXT;
        }
        return 0;
    }
    if (mark == '<') {
        return begin_tag(scan);
    }
    return mark == '>' && is_section_end ? refuse(scan, "not-well-formed", "`]]>` in text") : 0;
}

/* What one of the five bytes means where it stands. enum xm_scan_stop or an error. */
static inline int mark(struct xm_scan *scan, const uint8_t *bytes, size_t at)
{
    uint8_t byte = bytes[at];
    if (byte == 0) {
        return refuse(scan, "not-well-formed", "a NUL byte");
    }
    if (scan->state == XM_SCAN_IN_TAG) {
        return mark_in_tag(scan, byte, byte_before(scan, bytes, at, 1) == '/');
    }
    if (scan->state == XM_SCAN_IN_VALUE) {
        return mark_in_value(scan, byte);
    }
    int is_section_end = byte == '>' && byte_before(scan, bytes, at, 1) == ']' &&
                         byte_before(scan, bytes, at, 2) == ']';
    return mark_in_text(scan, byte, is_section_end);
}

/* Where the end of the header or stanza is, if it is among these bytes. */
static int run_inside(struct xm_scan *scan, const uint8_t *bytes, size_t n, size_t at,
                      struct xm_scan_piece *piece)
{
    struct xm_marks marks = xm_marks_of(bytes, n, at);
    for (;;) {
        while (at < n && (scan->state == XM_SCAN_OPENED || scan->state == XM_SCAN_IN_BANG)) {
            int taken = opening_byte(scan, bytes[at]);
            if (taken < 0) {
                return taken;
            }
            at += (size_t)taken;
        }
        size_t next = xm_marks_step(&marks);
        if (next >= n) {
            piece->used = n;
            return XM_SCAN_MORE;
        }
        int was_in_tag = scan->state == XM_SCAN_IN_TAG;
        int stop = mark(scan, bytes, next);
        if (stop < 0) {
            return stop;
        }
        at = next + 1;
        if (was_in_tag && bytes[next] == '>') {
            piece->whole = at;
        }
        if (stop > 0) {
            piece->used = at;
            return stop;
        }
    }
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
        return exceed(scan, in_header ? "the stream header is too long" : "a stanza is too long");
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
        stop = run_prolog(scan, bytes, n, &at);
        piece->from = at;
        piece->opens = scan->state >= XM_SCAN_OPENED;
    } else if (scan->state < XM_SCAN_OPENED) {
        stop = run_between(scan, bytes, n, &at);
        piece->from = scan->state == XM_SCAN_OPENED ? at - 1 : at;
    }
    piece->whole = piece->from;
    piece->used = at;
    if (stop == 0 && scan->state >= XM_SCAN_OPENED) {
        stop = run_inside(scan, bytes, n, at, piece);
        stop = stop < 0 ? stop : count(scan, piece, stop);
    }
    remember_tail(scan, bytes, piece->used);
    return stop;
}
