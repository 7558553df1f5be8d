/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the ASCII characters may be in an address: one table, for the short way that nearly every
 * address takes. */
#ifndef XM_JID_ASCII_H
#define XM_JID_ASCII_H

#include <stddef.h>
#include <stdint.h>

enum {
    XM_ASCII_LOCAL = 1,    /* stands in a prepared localpart: RFC 7622 3.3, 3.3.1 */
    XM_ASCII_RESOURCE = 2, /* stands in a prepared resourcepart, but for a space at its start */
    XM_ASCII_DOMAIN = 4,   /* stands in a prepared domain name: LDH in lower case, `_`, the dot */
    XM_ASCII_UPPER = 8     /* a capital letter: in a localpart or domain it becomes a small one */
};

extern const uint8_t xm_ascii_table[256];

/* The bits that all the bytes have; all bits for no byte. */
unsigned xm_ascii_all(const char *text, size_t len);
/* Copies, capital letters as small ones. Without a NUL. `to` may be `from`. */
void xm_ascii_lower(char *to, const char *from, size_t len);

#endif
