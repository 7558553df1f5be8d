/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words of the protocol and the enums they are in the public headers: tables, read both ways. */
#ifndef XM_STANZA_WORD_H
#define XM_STANZA_WORD_H

#include <stddef.h>

struct xm_word {
    const char *text;
    int value;
};

/* The value of a text; `otherwise` if it is NULL or in no row. */
int xm_word_value(const struct xm_word *words, size_t n, const char *text, int otherwise);
/* The text of a value; NULL if it is in no row. */
const char *xm_word_text(const struct xm_word *words, size_t n, int value);

#endif
