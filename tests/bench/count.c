/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counting by standing in front: of glibc's allocator for the whole process, of recv and send for
 * what is linked statically. Not for threads. */
#include "count.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* glibc's own names; their declarations are in no header */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static struct counts counts;

void *malloc(size_t size)
{
    counts.mallocs++;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    counts.mallocs++;
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    counts.mallocs++;
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    counts.mallocs++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    void *memory = aligned_alloc(alignment, size);
    if (!memory) {
        return ENOMEM;
    }
    *ret_memory = memory;
    return 0;
}

ssize_t __real_recv(int fd, void *bytes, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t n, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t n, int flags)
{
    counts.recvs++;
    return __real_recv(fd, bytes, n, flags);
}

ssize_t __real_send(int fd, const void *bytes, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t n, int flags)
{
    counts.sends++;
    return __real_send(fd, bytes, n, flags);
}

struct counts count_now(void)
{
    return counts;
}

void count_print(const struct counts *before, unsigned long n)
{
    struct counts now = counts;
    printf("mallocs %.4f\n", (double)(now.mallocs - before->mallocs) / (double)n);
    printf("recvs %.4f\n", (double)(now.recvs - before->recvs) / (double)n);
    printf("sends %.4f\n", (double)(now.sends - before->sends) / (double)n);
}

__attribute__((destructor)) static void print_all(void)
{
    if (getenv("BENCH_COUNT")) {
        fprintf(stderr, "all-mallocs %lu\n", counts.mallocs);
    }
}
