/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arena. It knows nothing of trees, and frees nothing by itself. */
#include "stanza/arena.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
    MALLOC_OVERHEAD = 16, /* so that a block and malloc's header make a round size */
    BLOCK_MAX = 16 * 1024 /* where doubling ends */
};

/* A spare block of at least this size, taken out; NULL if there is none. There are few. */
static struct xm_arena_block *take_spare(struct xm_spare *spare, size_t size)
{
    for (struct xm_arena_block **at = &spare->blocks; *at; at = &(*at)->next) {
        struct xm_arena_block *block = *at;
        if (block->size >= size && block->size / 4 <= size) {
            *at = block->next;
            spare->bytes -= block->size;
            return block;
        }
    }
    return NULL;
}

static struct xm_arena_block *new_block(struct xm_spare *spare, size_t size)
{
    struct xm_arena_block *block = spare ? take_spare(spare, size) : NULL;
    if (!block) {
        block = malloc(size);
        if (!block) {
            return NULL;
        }
        block->size = size;
    }
    block->next = NULL;
    return block;
}

static void drop_block(struct xm_spare *spare, struct xm_arena_block *block)
{
    if (!spare || block->size > BLOCK_MAX || spare->bytes + block->size > XM_ARENA_SPARE) {
        free(block);
        return;
    }
    spare->bytes += block->size;
    block->next = spare->blocks;
    spare->blocks = block;
}

static void use_block(struct xm_arena *arena, struct xm_arena_block *block)
{
    block->next = arena->newest;
    arena->newest = block;
    arena->top = (char *)(block + 1);
    arena->limit = (char *)block + block->size;
}

void *xm_arena_alloc_slow(struct xm_arena *arena, size_t n)
{
    size_t last = arena->newest->size + MALLOC_OVERHEAD;
    size_t size = last < BLOCK_MAX ? 2 * last : last;
    if (size > BLOCK_MAX) {
        size = BLOCK_MAX;
    }
    size -= MALLOC_OVERHEAD;
    if (n > size - sizeof(struct xm_arena_block)) {
        size = n + sizeof(struct xm_arena_block);
    }
    struct xm_arena_block *block = new_block(arena->spare, size);
    if (!block) {
        return NULL;
    }
    size_t left = (size_t)(arena->limit - arena->top);
    if (block->size - sizeof *block - n < left) { /* a big thing: stay where there is more room */
        block->next = arena->newest->next;
        arena->newest->next = block;
        return block + 1;
    }
    use_block(arena, block);
    arena->top += n;
    return block + 1;
}

void *xm_arena_open(struct xm_arena *arena, size_t n, size_t first_size, struct xm_spare *spare)
{
    struct xm_arena_block *block = new_block(spare, first_size - MALLOC_OVERHEAD);
    if (!block) {
        return NULL;
    }
    *arena = (struct xm_arena){.spare = spare};
    use_block(arena, block);
    arena->base = block;
    return xm_arena_alloc(arena, n);
}

/* Gives up all blocks but one, of which the caller's bytes are kept. */
static void drop_blocks(struct xm_arena *arena, const struct xm_arena_block *kept, size_t n)
{
    struct xm_spare *spare = arena->spare;
    struct xm_arena_block *block = arena->newest;
    int is_secret = arena->is_secret;
    while (block) {
        struct xm_arena_block *next = block->next;
        size_t from = sizeof *block + (block == kept ? n : 0);
        if (is_secret) { /* the arena itself may go with it */
            xm_mem_wipe((char *)block + from, block->size - from);
        }
        if (block != kept) {
            drop_block(spare, block);
        }
        block = next;
    }
}

void xm_arena_reset(struct xm_arena *arena, size_t n)
{
    struct xm_arena_block *base = arena->base;
    drop_blocks(arena, base, n);
    arena->is_secret = 0;
    base->next = NULL;
    arena->newest = NULL;
    use_block(arena, base);
    arena->top += n;
}

void xm_arena_close(struct xm_arena *arena)
{
    drop_blocks(arena, NULL, 0);
}

void xm_spare_done(struct xm_spare *spare)
{
    while (spare->blocks) {
        struct xm_arena_block *next = spare->blocks->next;
        free(spare->blocks);
        spare->blocks = next;
    }
    spare->bytes = 0;
}
