/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The heap of timers. It has no clock and calls nobody. */
#include "base/timers.h"

#include <stdlib.h>

#include "base/mem.h"
#include "xmpp/error.h"

void xm_timers_done(struct xm_timers *timers)
{
    free(timers->heap);
    *timers = (struct xm_timers){0};
}

static void put(struct xm_timers *timers, size_t place, struct xm_timer *timer)
{
    timers->heap[place - 1] = timer;
    timer->place = place;
}

static void sift_up(struct xm_timers *timers, struct xm_timer *timer)
{
    size_t place = timer->place;
    while (place > 1 && timers->heap[place / 2 - 1]->due > timer->due) {
        put(timers, place, timers->heap[place / 2 - 1]);
        place /= 2;
    }
    put(timers, place, timer);
}

static void sift_down(struct xm_timers *timers, struct xm_timer *timer)
{
    size_t place = timer->place;
    for (size_t child; (child = place * 2) <= timers->n; place = child) {
        if (child < timers->n && timers->heap[child]->due < timers->heap[child - 1]->due) {
            child++;
        }
        if (timers->heap[child - 1]->due >= timer->due) {
            break;
        }
        put(timers, place, timers->heap[child - 1]);
    }
    put(timers, place, timer);
}

int xm_timers_set(struct xm_timers *timers, struct xm_timer *timer, int64_t due)
{
    if (timer->place == 0) {
        void *heap = timers->heap;
        if (xm_mem_grow(&heap, &timers->cap, timers->n + 1, sizeof *timers->heap) < 0) {
            return XMPP_E_NOMEM;
        }
        timers->heap = heap;
        timer->place = ++timers->n;
    }
    timer->due = due;
    sift_up(timers, timer);
    sift_down(timers, timer);
    return 0;
}

void xm_timers_unset(struct xm_timers *timers, struct xm_timer *timer)
{
    if (timer->place == 0) {
        return;
    }
    struct xm_timer *last = timers->heap[--timers->n];
    if (last != timer) {
        put(timers, timer->place, last);
        sift_up(timers, last);
        sift_down(timers, last);
    }
    timer->place = 0;
    if (timers->n == 0) {
        xm_timers_done(timers);
    }
}

struct xm_timer *xm_timers_first(const struct xm_timers *timers)
{
    return timers->n > 0 ? timers->heap[0] : NULL;
}
