/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two halves of the scanner share: its errors, and the half in front of the header. Seen
 * by these two files alone. */
#ifndef XM_XML_PROLOG_H
#define XM_XML_PROLOG_H

#include "xml/scan.h"

static inline int xm_scan_is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* Notes what is wrong. XMPP_E_XML. */
int xm_scan_refuse(struct xm_scan *scan, const char *condition, const char *reason);
/* Notes that a limit is exceeded. XMPP_E_TOO_BIG. */
int xm_scan_exceed(struct xm_scan *scan, const char *reason);
/* Reads from *at up to behind the `<` of the header: its state says whether that was found. 0,
 * XMPP_E_XML or XMPP_E_TOO_BIG. */
int xm_scan_prolog(struct xm_scan *scan, const uint8_t *bytes, size_t n, size_t *at);

#endif
