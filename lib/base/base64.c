/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base64 of the public face: the strict one of b64.h, in memory of the caller's own. Not for text
 * that is folded into lines: whoever may get such a text takes the white space out first. */
#include <stdlib.h>

#include "base/b64.h"
#include "xmpp/error.h"
#include "xmpp/util.h"

int xmpp_base64_encode(const void *bytes, size_t n, char **ret_text)
{
    if ((!bytes && n > 0) || !ret_text) {
        return XMPP_E_INVAL;
    }
    char *text = n < SIZE_MAX / 2 ? malloc(XM_B64_LEN(n) + 1) : NULL;
    if (!text) {
        return XMPP_E_NOMEM;
    }
    xm_b64_encode(text, bytes, n);
    *ret_text = text;
    return 0;
}

int xmpp_base64_decode(const char *text, size_t len, uint8_t **ret_bytes, size_t *ret_n)
{
    if (!text || !ret_bytes || !ret_n) {
        return XMPP_E_INVAL;
    }
    uint8_t *bytes = malloc(XM_B64_BYTES(len) + 1);
    if (!bytes) {
        return XMPP_E_NOMEM;
    }
    ptrdiff_t n = xm_b64_decode(bytes, text, len);
    if (n < 0) {
        free(bytes);
        return XMPP_E_CHAR;
    }
    bytes[n] = '\0';
    *ret_bytes = bytes;
    *ret_n = (size_t)n;
    return 0;
}
