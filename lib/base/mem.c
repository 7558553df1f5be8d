/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory helpers. Not an allocator: everything comes from malloc and goes to free. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/stanza.h"

void xmpp_free(void *text)
{
    free(text);
}

void *xm_mem_new0(size_t n, size_t size)
{
    return calloc(n, size);
}

int xm_mem_grow(void **array, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap) {
        return 0;
    }
    size_t want = *cap < 4 ? 4 : *cap;
    while (want < need) {
        if (want > SIZE_MAX / 2) {
            return XMPP_E_NOMEM;
        }
        want *= 2;
    }
    if (want > SIZE_MAX / size) {
        return XMPP_E_NOMEM;
    }
    void *grown = realloc(*array, want * size);
    if (!grown) {
        return XMPP_E_NOMEM;
    }
    *array = grown;
    *cap = want;
    return 0;
}

char *xm_mem_dup(const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? malloc(len + 1) : NULL;
    if (!copy) {
        return NULL;
    }
    if (len > 0) {
        memcpy(copy, text, len);
    }
    copy[len] = '\0';
    return copy;
}

int xm_mem_set(char **slot, const char *text)
{
    char *copy = NULL;
    if (text) {
        copy = xm_mem_dup(text, strlen(text));
        if (!copy) {
            return XMPP_E_NOMEM;
        }
    }
    free(*slot);
    *slot = copy;
    return 0;
}

void xm_mem_wipe(void *bytes, size_t n)
{
    if (n > 0) {
        explicit_bzero(bytes, n);
    }
}

void xm_mem_free_secret(char *text)
{
    if (text) {
        xm_mem_wipe(text, strlen(text));
        free(text);
    }
}

int xm_mem_equal_secret(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a;
    const unsigned char *y = b;
    unsigned char differ = 0;
    for (size_t i = 0; i < n; i++) {
        differ = (unsigned char)(differ | (x[i] ^ y[i]));
    }
    return differ == 0;
}
