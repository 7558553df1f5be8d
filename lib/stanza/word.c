/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looking up words. The tables are short, and their owners' own. */
#include "stanza/word.h"

#include <string.h>

int xm_word_value(const struct xm_word *words, size_t n, const char *text, int otherwise)
{
    for (size_t i = 0; text && i < n; i++) {
        if (words[i].text[0] == text[0] && strcmp(words[i].text, text) == 0) {
            return words[i].value;
        }
    }
    return otherwise;
}

const char *xm_word_text(const struct xm_word *words, size_t n, int value)
{
    for (size_t i = 0; i < n; i++) {
        if (words[i].value == value) {
            return words[i].text;
        }
    }
    return NULL;
}
