/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands between the library's own code and malloc. What the libraries below it allocate is not
 * seen here; the parser's tests do that. */
#include "failing.h"

#include <stddef.h>

static long left = -1;
static int has_failed;
static int is_paused;
static unsigned long count;

void failing_set(long n)
{
    left = n;
    has_failed = 0;
}

void failing_pause(void)
{
    is_paused = 1;
}

void failing_resume(void)
{
    is_paused = 0;
}

int failing_has_failed(void)
{
    return has_failed;
}

unsigned long failing_get_count(void)
{
    return count;
}

static int fails(void)
{
    count++;
    if (left < 0 || is_paused) {
        return 0;
    }
    if (left-- > 0) {
        return 0;
    }
    has_failed = 1;
    return 1;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}
