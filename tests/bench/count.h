/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program costs that instructions do not show: allocations of the whole process, the
 * libraries below included, and the system calls by which the library receives and sends. A program
 * that links count.c is counted; it prints its allocations when it ends if BENCH_COUNT is set. */
#ifndef TESTS_BENCH_COUNT_H
#define TESTS_BENCH_COUNT_H

struct counts {
    unsigned long mallocs; /* malloc, calloc, realloc and their aligned kin */
    unsigned long recvs;   /* with the linker's --wrap */
    unsigned long sends;
};

/* Since the program began. */
struct counts count_now(void);
/* Prints "name value" for what was spent since `before`, divided by n. */
void count_print(const struct counts *before, unsigned long n);

#endif
