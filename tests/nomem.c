/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocations by way of the linker's --wrap. */
#include "nomem.h"

#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static int fail_at = -1;
static int count;
static int is_paused;

int nomem_fails(void)
{
    return !is_paused && count++ == fail_at;
}

void *__wrap_malloc(size_t size)
{
    return nomem_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return nomem_fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return nomem_fails() ? NULL : __real_realloc(memory, size);
}

void nomem_at(int n)
{
    fail_at = n;
    count = 0;
}

int nomem_count(void)
{
    return count;
}

int nomem_hit(void)
{
    return fail_at >= 0 && count > fail_at;
}

int nomem_end(void)
{
    int hit = nomem_hit();
    fail_at = -1;
    return hit;
}

void nomem_pause(void)
{
    is_paused = 1;
}

void nomem_resume(void)
{
    is_paused = 0;
}
