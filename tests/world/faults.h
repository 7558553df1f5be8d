/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory under control: counts what the library allocates (our own objects and libxml2, by the
 * linker's --wrap and xmlMemSetup), makes the n-th allocation fail, and knows which blocks are
 * still alive. Only what happens inside the library counts: a test says when it enters, and its
 * callbacks and the world say when they leave. What GnuTLS and libgsasl allocate for themselves is
 * not seen. */
#ifndef TESTS_WORLD_FAULTS_H
#define TESTS_WORLD_FAULTS_H

#include <stddef.h>

/* Before all else in main(): libxml2 must not have allocated anything yet. */
void faults_init(void);

/* Enters (1) or leaves (0) the library; returns what was before, to be given back. */
int faults_inside(int inside);
/* An API call, counted: `int r = IN_LIB(xmpp_conn_connect(conn));` */
#define IN_LIB(call)                                                                               \
    __extension__({                                                                                \
        int faults_was_ = faults_inside(1);                                                        \
        __typeof__(call) faults_ret_ = (call);                                                     \
        faults_inside(faults_was_);                                                                \
        faults_ret_;                                                                               \
    })
#define IN_LIB_VOID(call)                                                                          \
    do {                                                                                           \
        int faults_was_ = faults_inside(1);                                                        \
        (call);                                                                                    \
        faults_inside(faults_was_);                                                                \
    } while (0)

/* Allocations are counted from here, and the n-th (from 1) fails; 0: none fails. */
void faults_start(size_t fail_at);
/* How many there were since. */
size_t faults_count(void);
/* Of which our own objects made, without libxml2's. */
size_t faults_count_own(void);
/* 1 once the n-th has failed. */
int faults_hit(void);
/* Counting stops and goes on, for what a script shall not sweep. */
void faults_suspend(int on);
/* Blocks that the library allocated and nobody has freed yet. */
size_t faults_live(void);
/* From now on no block may hold these bytes when it is given back, or grown by realloc, which may
 * leave them behind; NULL: all may. At most 64 bytes; up to 8 such, which add up. */
void faults_forbid(const void *bytes, size_t n);
/* How many blocks did. */
size_t faults_forbidden(void);
/* Prints the sizes of those blocks as diagnostics. */
void faults_print_live(void);

#endif
