/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Happy eyeballs (RFC 8305 5, XEP-0495 4.4) over one group of runners: who starts when. It knows no
 * address and no name, only an order and a clock. A runner is a number of the caller's.
 *
 *     waiting ──start──▶ running ──▶ won (TCP is connected; all others are cancelled)
 *        ▲                 │  └────▶ lost (refused, or its time is over)
 *        └── cancelled ◀───┘         a runner that won and failed later has lost, too
 *
 * The next starts `delay` after the one before it, or at once when that one, the latest to start,
 * or a winner has lost; never while one has won, and never as one more than XM_RACE_RUNNING_MAX.
 * That an earlier one has lost hurries nobody. */
#ifndef XM_DIAL_RACE_H
#define XM_DIAL_RACE_H

#include <stddef.h>
#include <stdint.h>

enum { XM_RACE_MAX = 64, XM_RACE_RUNNING_MAX = 7 };

enum xm_race_state { XM_RACE_WAITING, XM_RACE_RUNNING, XM_RACE_WON, XM_RACE_LOST };

struct xm_race {
    int delay;                  /* ms between two starts */
    int limit;                  /* ms that one may run */
    uint8_t order[XM_RACE_MAX]; /* runners, in the order in which they are to start */
    uint8_t n;
    uint8_t state[XM_RACE_MAX];   /* by runner: an enum xm_race_state */
    int64_t started[XM_RACE_MAX]; /* by runner */
    int64_t next_start;           /* not earlier than this; INT64_MIN: at once */
    uint8_t latest;               /* the runner that was started last */
};

void xm_race_init(struct xm_race *race, int delay_ms, int limit_ms);
/* A new order: those that were known keep their state, others wait. At most XM_RACE_MAX, each
 * number below XM_RACE_MAX and once. */
void xm_race_set_order(struct xm_race *race, const uint8_t *order, size_t n);

enum xm_race_event { XM_RACE_NOTHING, XM_RACE_START, XM_RACE_TIMED_OUT, XM_RACE_CANCEL };
/* What is to be done now: *ret_runner starts (it counts as running from here), has used up its time
 * (it counts as lost), or is cancelled as another has won (it counts as waiting). `may_start`: 0
 * while the caller wants to wait for answers (resolution delay). */
enum xm_race_event xm_race_next(struct xm_race *race, int64_t now, int may_start,
                                unsigned *ret_runner);
void xm_race_won(struct xm_race *race, unsigned runner);
void xm_race_lost(struct xm_race *race, unsigned runner);
/* 1 when all have lost. */
int xm_race_is_over(const struct xm_race *race);
/* INT64_MAX: none. */
int64_t xm_race_deadline(const struct xm_race *race, int may_start);

#endif
