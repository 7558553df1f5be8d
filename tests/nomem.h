/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the n-th allocation of the library fail, for tests of one layer alone (those of the whole
 * client have tests/world/faults.h). What the libraries below allocate for themselves is not seen,
 * unless a test leads it here. */
#ifndef TESTS_NOMEM_H
#define TESTS_NOMEM_H

/* The n-th allocation from now, from 0, fails; others do not. Negative: none fails. Counts anew. */
void nomem_at(int n);
/* Allocations since. */
int nomem_count(void);
/* 1 if the n-th was one of them. */
int nomem_hit(void);
/* No allocation fails from now on. Returns as nomem_hit(). */
int nomem_end(void);
/* From here to there allocations are the test's own: they neither count nor fail. */
void nomem_pause(void);
void nomem_resume(void);
/* For the allocator's hook of another library: an allocation; 1 if it has to fail. */
int nomem_fails(void);

#endif
