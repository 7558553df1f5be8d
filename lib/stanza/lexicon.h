/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of XMPP: names and namespaces so common that trees point to the library's own copy
 * instead of making one. A lexicon remembers for each string of the parser, by its address, whether
 * it is such a word; what it remembers is worth nothing once these strings are gone. */
#ifndef XM_STANZA_LEXICON_H
#define XM_STANZA_LEXICON_H

#include <stdint.h>

enum { XM_LEXICON_SLOTS = 256 }; /* as many as the hash below has values */

/* All zero is an empty one. */
struct xm_lexicon {
    struct {
        const char *seen; /* the parser's string */
        const char *word; /* ours; NULL: it is none */
    } slots[XM_LEXICON_SLOTS];
};

/* Our word with this text; NULL if there is none. Lives for ever. */
const char *xm_lexicon_find(const char *text);

/* As xm_lexicon_find(), for a string that does not change at its address. */
static inline const char *xm_lexicon_look(struct xm_lexicon *lexicon, const char *seen)
{
    uint32_t slot = ((uint32_t)(uintptr_t)seen * UINT32_C(2654435769)) >> 24; /* Knuth's hash */
    if (lexicon->slots[slot].seen != seen) {
        lexicon->slots[slot].word = xm_lexicon_find(seen);
        lexicon->slots[slot].seen = seen;
    }
    return lexicon->slots[slot].word;
}

#endif
