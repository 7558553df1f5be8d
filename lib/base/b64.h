/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base64, RFC 4648 4, strictly: no white space, no missing or superfluous padding, no bits set
 * behind the last byte. */
#ifndef XM_BASE_B64_H
#define XM_BASE_B64_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Bytes that n bytes need, without a NUL. */
#define XM_B64_LEN(n) (((n) + 2) / 3 * 4)
/* Bytes that n characters can give at most. */
#define XM_B64_BYTES(n) ((n) / 4 * 3)

/* Writes XM_B64_LEN(n) characters and a NUL. */
void xm_b64_encode(char *text, const void *bytes, size_t n);
/* Appends XM_B64_LEN(n) characters. 0 or XMPP_E_NOMEM. */
int xm_b64_add(struct xm_buf *out, const void *bytes, size_t n);
/* The number of bytes written (at most XM_B64_BYTES(n)), or -1 if the text is not strict base64. */
ptrdiff_t xm_b64_decode(uint8_t *bytes, const char *text, size_t n);

#endif
