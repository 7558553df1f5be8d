/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the scanner in front of the stream header: byte order mark, XML declaration, white
 * space. Byte by byte, as there are few of them and the header's limit counts them. */
#include "xml/prolog.h"

#include <string.h>

#include "xml/decl.h"
#include "xmpp/error.h"

static int refuse_start(struct xm_scan *scan, uint8_t byte)
{
    if (byte == 0x00 || byte == 0xfe || byte == 0xff || byte == 0xef || scan->matched > 0) {
        /* UTF-16 or UTF-32: RFC 6120 11.6 */
        return xm_scan_refuse(scan, "unsupported-encoding", "the encoding is not UTF-8");
    }
    return xm_scan_refuse(scan, "not-well-formed", "text in front of the stream header");
}

/* A byte of the declaration: kept, with each run of white space as one. */
static int keep_decl(struct xm_scan *scan, uint8_t byte)
{
    char kept = xm_scan_is_space(byte) ? ' ' : (char)byte;
    if (kept == ' ' && scan->n_decl > 0 && scan->decl[scan->n_decl - 1] == ' ') {
        return 0;
    }
    if (scan->n_decl == XM_SCAN_DECL_MAX) {
        return xm_scan_refuse(scan, "not-well-formed", "the XML declaration is too long");
    }
    scan->decl[scan->n_decl++] = kept;
    size_t n = scan->n_decl;
    static const char intro[] = "<?xml ";
    if (n <= strlen(intro) && memcmp(scan->decl, intro, n) != 0) {
        return xm_scan_refuse(scan, "restricted-xml",
                              "a processing instruction"); /* RFC 6120 11.1 */
    }
    if (n < 2 || memcmp(scan->decl + n - 2, "?>", 2) != 0) {
        return 0;
    }
    scan->state = XM_SCAN_IN_PROLOG;
    return xm_decl_check(scan->decl, n, &scan->condition, &scan->reason);
}

static int begin_header(struct xm_scan *scan)
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
    return xm_scan_is_space(byte) ? 0 : refuse_start(scan, byte);
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
    return begin_header(scan);
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
        return byte == '<'              ? begin_header(scan)
               : xm_scan_is_space(byte) ? 0
                                        : refuse_start(scan, byte);
    }
}

int xm_scan_prolog(struct xm_scan *scan, const uint8_t *bytes, size_t n, size_t *at)
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
            return xm_scan_exceed(scan, "the stream header is too long");
        }
    }
    return 0;
}
