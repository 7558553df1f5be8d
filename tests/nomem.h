/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the n-th allocation of the library fail, for tests of one layer alone (those of the whole
 * client have tests/world/faults.h). What the libraries below allocate for themselves is not seen. */
#ifndef TESTS_NOMEM_H
#define TESTS_NOMEM_H

/* The n-th allocation from now, from 0, fails; others do not. Negative: none fails. Counts anew. */
void nomem_at(int n);
/* Allocations since. */
int nomem_count(void);
/* 1 if the n-th was one of them. No allocation fails from now on. */
int nomem_hit(void);

#endif
