/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes one allocation of the library fail: the linker leads its malloc, calloc and realloc here. */
#ifndef TESTS_STREAM_FAILING_H
#define TESTS_STREAM_FAILING_H

/* The n-th allocation from now on fails, counted from 0; -1: none does. */
void failing_set(long n);
/* From here to there allocations are the test's own: they neither count nor fail. */
void failing_pause(void);
void failing_resume(void);
/* How many allocations there were. */
unsigned long failing_get_count(void);
/* 1 if that allocation has come. */
int failing_has_failed(void);

#endif
