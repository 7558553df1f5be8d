/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing without regard to case: ASCII letters alone, and the same whatever the locale is. That
 * of a Turkish one has another small letter for `I`. */
#ifndef XM_BASE_NOCASE_H
#define XM_BASE_NOCASE_H

#include <stddef.h>

static inline char xm_nocase_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* 1 if n bytes are equal but for case. Nothing behind the first difference is read: a text that ends
 * with a NUL may be shorter than n where the other is not. */
static inline int xm_nocase_equal(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (xm_nocase_lower(a[i]) != xm_nocase_lower(b[i])) {
            return 0;
        }
    }
    return 1;
}

#endif
