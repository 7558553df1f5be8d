/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of SRV records. Draws nothing and judges no record: it is given both. */
#include "dial/srv.h"

#include <string.h>

/* What stands in front before anything is drawn: lower priorities, and of one those of weight 0. */
static int stands_before(const struct xm_srv *a, const struct xm_srv *b)
{
    if (a->priority != b->priority) {
        return a->priority < b->priority;
    }
    return a->weight == 0 && b->weight != 0;
}

static void arrange(struct xm_srv *list, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct xm_srv moved = list[i];
        size_t to = i;
        for (; to > 0 && stands_before(&moved, &list[to - 1]); to--) {
            list[to] = list[to - 1];
        }
        list[to] = moved;
    }
}

/* The first whose running sum is not below the number drawn (RFC 2782, "Weight"). */
static size_t draw(const struct xm_srv *list, size_t n, uint32_t random)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += list[i].weight;
    }
    uint64_t drawn = random % (sum + 1);
    size_t i = 0;
    for (uint64_t running = list[0].weight; running < drawn; running += list[i].weight) {
        i++;
    }
    return i;
}

void xm_srv_order(struct xm_srv *list, size_t n, const uint32_t *random)
{
    arrange(list, n);
    for (size_t i = 0; i < n; i++) {
        size_t left = 1;
        while (i + left < n && list[i + left].priority == list[i].priority) {
            left++;
        }
        size_t drawn = i + draw(list + i, left, random[i]);
        struct xm_srv next = list[drawn];
        memmove(list + i + 1, list + i, (drawn - i) * sizeof *list);
        list[i] = next;
    }
}
