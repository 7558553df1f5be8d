/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bump arena: memory for a tree, freed as a whole. Nothing in it moves. Blocks double in size
 * from a small first one, so that a small tree that is kept holds little, and a large one is still
 * linear. Blocks that a tree gave back can be kept at hand for the next one. */
#ifndef XM_STANZA_ARENA_H
#define XM_STANZA_ARENA_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct xm_arena_block {
    struct xm_arena_block *next;
    size_t size; /* of the whole block */
};

/* Blocks that wait to be used again, the smallest sizes; all zero is none. */
struct xm_spare {
    struct xm_arena_block *blocks;
    size_t bytes;
};

struct xm_arena {
    char *top;   /* where the next thing goes */
    char *limit; /* end of the present block */
    struct xm_arena_block *newest;
    struct xm_arena_block *base; /* the first one, which a reset keeps */
    struct xm_spare *spare;      /* where blocks are looked for; NULL: malloc alone */
    uint8_t is_secret;           /* its memory is wiped before it is given back or used again */
};

enum {
    XM_ARENA_FIRST = 1024,     /* the first block, its header and malloc's included */
    XM_ARENA_SPARE = 32 * 1024 /* what is kept at hand at most */
};

/* Memory from a fresh block: the slow half of xm_arena_alloc(). */
void *xm_arena_alloc_slow(struct xm_arena *arena, size_t n);

/* n bytes, aligned to 8; NULL if out of memory. n is far below SIZE_MAX. */
static inline void *xm_arena_alloc(struct xm_arena *arena, size_t n)
{
    size_t pad = (size_t) - (uintptr_t)arena->top & 7;
    if (n + pad <= (size_t)(arena->limit - arena->top)) {
        void *here = arena->top + pad;
        arena->top += pad + n;
        return here;
    }
    return xm_arena_alloc_slow(arena, n);
}

/* A copy with a NUL behind it, aligned to nothing; NULL if out of memory. */
static inline char *xm_arena_put(struct xm_arena *arena, const void *text, size_t len)
{
    char *here = arena->top;
    if (len < (size_t)(arena->limit - here)) {
        arena->top = here + len + 1;
    } else {
        here = xm_arena_alloc_slow(arena, len + 1);
        if (!here) {
            return NULL;
        }
    }
    memcpy(here, text, len);
    here[len] = '\0';
    return here;
}

/* Makes the newest thing longer where it stands; 0 if there is no room, or it is not the newest. */
static inline int xm_arena_extend(struct xm_arena *arena, const char *thing, size_t n, size_t new_n)
{
    if (thing + n != arena->top || new_n - n > (size_t)(arena->limit - arena->top)) {
        return 0;
    }
    arena->top += new_n - n;
    return 1;
}

/* A new arena whose first block begins with n bytes for the caller, who may keep the arena itself
 * there. NULL if out of memory. */
void *xm_arena_open(struct xm_arena *arena, size_t n, size_t first_size, struct xm_spare *spare);
/* Empties it but for the first block and the caller's n bytes in it. */
void xm_arena_reset(struct xm_arena *arena, size_t n);
/* Frees all, or gives it to the spare blocks. The arena may lie in its own block. */
void xm_arena_close(struct xm_arena *arena);
/* Frees the spare blocks. */
void xm_spare_done(struct xm_spare *spare);

#endif
