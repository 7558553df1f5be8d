/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deadlines in order: a binary heap of timers that are embedded in what they are for. */
#ifndef XM_BASE_TIMERS_H
#define XM_BASE_TIMERS_H

#include <stddef.h>
#include <stdint.h>

/* All zero is a timer that is not armed. */
struct xm_timer {
    int64_t due;  /* ms of the monotonic clock */
    size_t place; /* in the heap, from 1; 0: not armed */
};

struct xm_timers {
    struct xm_timer **heap;
    size_t n;
    size_t cap;
};

void xm_timers_done(struct xm_timers *timers);
/* Arms, or moves, a timer. 0 or XMPP_E_NOMEM (a timer that was armed is as it was). */
int xm_timers_set(struct xm_timers *timers, struct xm_timer *timer, int64_t due);
/* Disarms; harmless if it is not armed. */
void xm_timers_unset(struct xm_timers *timers, struct xm_timer *timer);
/* The earliest timer, or NULL. */
struct xm_timer *xm_timers_first(const struct xm_timers *timers);

#endif
