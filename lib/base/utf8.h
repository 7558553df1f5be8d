/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UTF-8 (RFC 3629) and the characters of XML 1.0 2.2. */
#ifndef XM_BASE_UTF8_H
#define XM_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The length in bytes of the character at `text`, and its code point; 0 if it is not UTF-8
 * (overlong, surrogate, beyond U+10FFFF, cut off). n is at least 1. */
size_t xm_utf8_next(const uint8_t *text, size_t n, uint32_t *ret_point);
/* 1 if all of it is UTF-8 made of characters that XML 1.0 allows (no C0 control but tab, LF and
 * CR, no U+FFFE, no U+FFFF). */
int xm_utf8_is_xml(const char *text, size_t n);
/* Copies at most size - 1 bytes for a person to read: cut at a character, what is not UTF-8 and
 * what could harm a terminal (controls, line breaks, bidi overrides) replaced by '?'. */
void xm_utf8_sanitise(char *buf, size_t size, const char *text, size_t n);

#endif
