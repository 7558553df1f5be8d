/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Strict base64. Not constant in time: what passes here is on the wire in the same form. */
#include "base/b64.h"

#include <string.h>

#include "xmpp/error.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void xm_b64_encode(char *text, const void *bytes, size_t n)
{
    const uint8_t *in = bytes;
    size_t i = 0;
    for (; i + 3 <= n; i += 3) {
        uint32_t word = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
        *text++ = alphabet[word >> 18];
        *text++ = alphabet[word >> 12 & 63];
        *text++ = alphabet[word >> 6 & 63];
        *text++ = alphabet[word & 63];
    }
    if (i < n) {
        int two = i + 1 < n;
        uint32_t word = (uint32_t)in[i] << 16 | (two ? (uint32_t)in[i + 1] << 8 : 0);
        *text++ = alphabet[word >> 18];
        *text++ = alphabet[word >> 12 & 63];
        *text++ = two ? alphabet[word >> 6 & 63] : '=';
        *text++ = '=';
    }
    *text = '\0';
}

int xm_b64_add(struct xm_buf *out, const void *bytes, size_t n)
{
    /* a NUL is written as well */
    uint8_t *room = n < SIZE_MAX / 2 ? xm_buf_reserve(out, XM_B64_LEN(n) + 1) : NULL;
    if (!room) {
        return XMPP_E_NOMEM;
    }
    xm_b64_encode((char *)room, bytes, n);
    xm_buf_commit(out, XM_B64_LEN(n));
    return 0;
}

/* The value of one character, or -1. */
static int value_of(char c)
{
    const char *at = c != '\0' ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* Decodes one group of four, `pad` of which are '='. Returns 0 or -1. */
static int decode_group(uint8_t *out, const char *text, int pad)
{
    uint32_t word = 0;
    for (int i = 0; i < 4; i++) {
        int v = i >= 4 - pad ? 0 : value_of(text[i]);
        if (v < 0) {
            return -1;
        }
        word = word << 6 | (uint32_t)v;
    }
    if ((pad == 1 && (word & 0xff)) || (pad == 2 && (word & 0xffff))) {
        return -1;
    }
    out[0] = (uint8_t)(word >> 16);
    if (pad < 2) {
        out[1] = (uint8_t)(word >> 8);
    }
    if (pad < 1) {
        out[2] = (uint8_t)word;
    }
    return 0;
}

ptrdiff_t xm_b64_decode(uint8_t *bytes, const char *text, size_t n)
{
    if (n % 4 != 0) {
        return -1;
    }
    uint8_t *out = bytes;
    for (size_t i = 0; i < n; i += 4) {
        int pad = 0;
        if (i + 4 == n) {
            pad = text[i + 3] != '=' ? 0 : text[i + 2] != '=' ? 1 : 2;
        }
        if (decode_group(out, text + i, pad) < 0) {
            return -1;
        }
        out += 3 - pad;
    }
    return out - bytes;
}
