/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The wrapped allocator. See faults.h. It keeps the living blocks in a hash set of addresses; one
 * thread only. */
#include "world/faults.h"

#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t n);
void __real_free(void *block);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t n);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t max);
void __wrap_free(void *block);

struct block {
    uintptr_t address; /* 0: free; 1: was used */
    size_t size;
    size_t number;
};

static struct {
    int inside;
    int suspended;
    int hit;
    size_t fail_at;
    size_t count;
    size_t count_xml;
    struct block *blocks;
    size_t cap;
    size_t used; /* with those that were used */
    size_t live;
} faults;

enum { FORBIDDEN_MAX = 8, FORBIDDEN_BYTES = 64 };

static struct {
    uint8_t bytes[FORBIDDEN_MAX][FORBIDDEN_BYTES];
    size_t size[FORBIDDEN_MAX];
    int n;
    size_t found;
} forbidden;

void faults_forbid(const void *bytes, size_t n)
{
    if (!bytes) {
        forbidden.n = 0;
        forbidden.found = 0;
        return;
    }
    if (forbidden.n == FORBIDDEN_MAX || n == 0 || n > FORBIDDEN_BYTES) {
        abort();
    }
    memcpy(forbidden.bytes[forbidden.n], bytes, n);
    forbidden.size[forbidden.n++] = n;
}

size_t faults_forbidden(void)
{
    return forbidden.found;
}

/* What was never written is read here too, which the address sanitizer allows. */
static void look_into(void *block)
{
    for (int i = 0; block && i < forbidden.n; i++) {
        if (memmem(block, malloc_usable_size(block), forbidden.bytes[i], forbidden.size[i])) {
            forbidden.found++;
            printf("# a block of %zu bytes still holds secret %d\n", malloc_usable_size(block), i);
        }
    }
}

int faults_inside(int inside)
{
    int was = faults.inside;
    faults.inside = inside;
    return was;
}

void faults_start(size_t fail_at)
{
    faults.fail_at = fail_at;
    faults.count = 0;
    faults.count_xml = 0;
    faults.hit = 0;
    faults.suspended = 0;
}

size_t faults_count(void)
{
    return faults.count;
}

size_t faults_count_own(void)
{
    return faults.count - faults.count_xml;
}

int faults_hit(void)
{
    return faults.hit;
}

void faults_suspend(int on)
{
    faults.suspended = on;
}

size_t faults_live(void)
{
    return faults.live;
}

void faults_print_live(void)
{
    for (size_t i = 0; i < faults.cap; i++) {
        if (faults.blocks[i].address > 1) {
            printf("# alive: %zu bytes, allocation %zu\n", faults.blocks[i].size,
                   faults.blocks[i].number);
        }
    }
}

static size_t place_of(uintptr_t address)
{
    return (size_t)((uint64_t)address * 0x9e3779b97f4a7c15U >> 20) & (faults.cap - 1);
}

static void insert(uintptr_t address, size_t size, size_t number)
{
    size_t i = place_of(address);
    while (faults.blocks[i].address > 1) {
        i = (i + 1) & (faults.cap - 1);
    }
    faults.used += faults.blocks[i].address == 0;
    faults.blocks[i] = (struct block){address, size, number};
    faults.live++;
}

static void grow(void)
{
    struct block *old = faults.blocks;
    size_t old_cap = faults.cap;
    faults.cap = faults.live * 4 < 4096 ? 4096 : faults.cap * 2;
    faults.blocks = __real_calloc(faults.cap, sizeof *faults.blocks);
    if (!faults.blocks) {
        abort();
    }
    faults.used = 0;
    faults.live = 0;
    for (size_t i = 0; i < old_cap; i++) {
        if (old[i].address > 1) {
            insert(old[i].address, old[i].size, old[i].number);
        }
    }
    __real_free(old);
}

static void born(void *block, size_t size)
{
    if (block && faults.inside) {
        if (faults.used * 2 >= faults.cap) {
            grow();
        }
        insert((uintptr_t)block, size, faults.count);
    }
}

/* 1 if it was one of those that are watched. */
static int died(uintptr_t address)
{
    for (size_t i = faults.cap ? place_of(address) : 0;
         faults.cap > 0 && faults.blocks[i].address != 0; i = (i + 1) & (faults.cap - 1)) {
        if (faults.blocks[i].address == address) {
            faults.blocks[i].address = 1;
            faults.live--;
            return 1;
        }
    }
    return 0;
}

/* 1 if this allocation is the one to fail. */
static int falls(void)
{
    if (!faults.inside || faults.suspended) {
        return 0;
    }
    faults.count++;
    if (faults.count != faults.fail_at) {
        return 0;
    }
    faults.hit = 1;
    return 1;
}

void *__wrap_malloc(size_t n)
{
    if (falls()) {
        return NULL;
    }
    void *block = __real_malloc(n);
    born(block, n);
    return block;
}

void *__wrap_calloc(size_t n, size_t size)
{
    if (falls()) {
        return NULL;
    }
    void *block = __real_calloc(n, size);
    born(block, n * size);
    return block;
}

void *__wrap_realloc(void *block, size_t n)
{
    if (n > 0 && falls()) {
        return NULL;
    }
    uintptr_t old = (uintptr_t)block;
    look_into(block);
    void *moved = __real_realloc(block, n);
    if (moved || n == 0) {
        int watched = old != 0 && died(old);
        int was = faults_inside(faults.inside || watched);
        born(moved, n);
        faults_inside(was);
    }
    return moved;
}

char *__wrap_strndup(const char *text, size_t max)
{
    size_t n = strnlen(text, max);
    char *copy = __wrap_malloc(n + 1);
    if (copy) {
        memcpy(copy, text, n);
        copy[n] = '\0';
    }
    return copy;
}

char *__wrap_strdup(const char *text)
{
    return __wrap_strndup(text, SIZE_MAX);
}

void __wrap_free(void *block)
{
    look_into(block);
    if (block) {
        died((uintptr_t)block);
    }
    __real_free(block);
}

static void *xml_malloc(size_t n)
{
    faults.count_xml += faults.inside && !faults.suspended;
    return __wrap_malloc(n);
}

static void *xml_realloc(void *block, size_t n)
{
    faults.count_xml += faults.inside && !faults.suspended;
    return __wrap_realloc(block, n);
}

static char *xml_strdup(const char *text)
{
    faults.count_xml += faults.inside && !faults.suspended;
    return __wrap_strdup(text);
}

void faults_init(void)
{
    if (xmlMemSetup(__wrap_free, xml_malloc, xml_realloc, xml_strdup) != 0) {
        abort();
    }
}
