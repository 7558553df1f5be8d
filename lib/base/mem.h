/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory: the few helpers above malloc that everybody needs. Out of memory is an error that
 * travels; nothing here ends the program. */
#ifndef XM_BASE_MEM_H
#define XM_BASE_MEM_H

#include <stddef.h>

/* An array of n zeroed elements; NULL if out of memory or if the product overflows. */
void *xm_mem_new0(size_t n, size_t size);
/* Grows an array to hold at least `need` elements, doubling *cap. 0 or XMPP_E_NOMEM; on failure
 * the array is as it was. */
int xm_mem_grow(void **array, size_t *cap, size_t need, size_t size);
/* A copy with a NUL behind it; NULL if out of memory. */
char *xm_mem_dup(const char *text, size_t len);
/* Replaces *slot by a copy of text (NULL: by NULL). 0 or XMPP_E_NOMEM, then *slot is as it was. */
int xm_mem_set(char **slot, const char *text);
/* Wipes n bytes, in a way that no compiler removes. */
void xm_mem_wipe(void *bytes, size_t n);
/* Wipes and frees a secret text. Takes NULL. */
void xm_mem_free_secret(char *text);
/* 1 if n bytes are equal, in a time that depends on n alone. */
int xm_mem_equal_secret(const void *a, const void *b, size_t n);

#endif
