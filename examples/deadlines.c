/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The heap. Places count from 1: the children of i are 2i and 2i + 1. */
#include "deadlines.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

int64_t deadlines_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void put(struct deadlines *all, struct deadline *deadline, size_t place)
{
    all->heap[place - 1] = deadline;
    deadline->place = place;
}

/* Moves it up or down to where it belongs. */
static void settle(struct deadlines *all, struct deadline *deadline)
{
    size_t i = deadline->place;
    while (i > 1 && all->heap[i / 2 - 1]->at > deadline->at) {
        put(all, all->heap[i / 2 - 1], i);
        i /= 2;
    }
    for (;;) {
        size_t child = 2 * i;
        if (child + 1 <= all->n && all->heap[child]->at < all->heap[child - 1]->at)
            child++;
        if (child > all->n || all->heap[child - 1]->at >= deadline->at)
            break;
        put(all, all->heap[child - 1], i);
        i = child;
    }
    put(all, deadline, i);
}

int deadlines_set(struct deadlines *all, struct deadline *deadline, int64_t at)
{
    if (deadline->place == 0) {
        if (all->n == all->room) {
            size_t room = all->room ? 2 * all->room : 64;
            struct deadline **heap = realloc(all->heap, room * sizeof(struct deadline *));
            if (!heap)
                return -1;
            all->heap = heap;
            all->room = room;
        }
        put(all, deadline, ++all->n);
    }
    deadline->at = at;
    settle(all, deadline);
    return 0;
}

void deadlines_clear(struct deadlines *all, struct deadline *deadline)
{
    size_t place = deadline->place;
    if (place == 0)
        return;
    deadline->place = 0;
    struct deadline *last = all->heap[--all->n];
    if (last == deadline)
        return;
    put(all, last, place);
    settle(all, last);
}

struct deadline *deadlines_first(const struct deadlines *all)
{
    return all->n ? all->heap[0] : NULL;
}

int deadlines_timeout(const struct deadlines *all)
{
    if (all->n == 0)
        return -1;
    int64_t left = all->heap[0]->at - deadlines_now();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

void deadlines_done(struct deadlines *all)
{
    free(all->heap);
    *all = (struct deadlines){0};
}
