/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One timer each for thousands: a binary heap of deadlines, the earliest on top. A struct deadline
 * is part of whatever waits, and knows its place, so that it can be moved and taken out. */
#ifndef EXAMPLES_DEADLINES_H
#define EXAMPLES_DEADLINES_H

#include <stddef.h>
#include <stdint.h>

struct deadline {
    int64_t at;   /* milliseconds of the monotonic clock */
    size_t place; /* in the heap, from 1; 0: not armed */
    void *owner;
};

struct deadlines {
    struct deadline **heap;
    size_t n, room;
};

/* Milliseconds of the monotonic clock. */
int64_t deadlines_now(void);
/* Arms it, or moves it if it is armed. -1: out of memory. */
int deadlines_set(struct deadlines *all, struct deadline *deadline, int64_t at);
/* Disarms it; harmless if it is not armed. */
void deadlines_clear(struct deadlines *all, struct deadline *deadline);
/* The earliest; NULL if none is armed. */
struct deadline *deadlines_first(const struct deadlines *all);
/* How long to wait for the earliest: milliseconds, -1 if none is armed. */
int deadlines_timeout(const struct deadlines *all);
/* Frees the heap, not those in it. */
void deadlines_done(struct deadlines *all);

#endif
