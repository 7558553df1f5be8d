/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who starts when. No address, no socket and no clock of its own. */
#include "dial/race.h"

#include <string.h>

void xm_race_init(struct xm_race *race, int delay_ms, int limit_ms)
{
    memset(race, 0, sizeof *race);
    race->delay = delay_ms;
    race->limit = limit_ms;
    race->next_start = INT64_MIN;
}

void xm_race_set_order(struct xm_race *race, const uint8_t *order, size_t n)
{
    race->n = (uint8_t)(n < XM_RACE_MAX ? n : XM_RACE_MAX);
    memcpy(race->order, order, race->n);
}

static int count(const struct xm_race *race, enum xm_race_state state)
{
    int n = 0;
    for (size_t i = 0; i < race->n; i++) {
        n += race->state[race->order[i]] == state;
    }
    return n;
}

/* The first in the order that is in this state: its number, or -1. */
static int first(const struct xm_race *race, enum xm_race_state state)
{
    for (size_t i = 0; i < race->n; i++) {
        if (race->state[race->order[i]] == state) {
            return race->order[i];
        }
    }
    return -1;
}

/* Of those that run the one that was started first, so the one whose time is over first; or -1. */
static int longest_running(const struct xm_race *race)
{
    int found = -1;
    for (size_t i = 0; i < race->n; i++) {
        unsigned runner = race->order[i];
        if (race->state[runner] == XM_RACE_RUNNING &&
            (found < 0 || race->started[runner] < race->started[found])) {
            found = (int)runner;
        }
    }
    return found;
}

static void start(struct xm_race *race, unsigned runner, int64_t now)
{
    race->state[runner] = XM_RACE_RUNNING;
    race->started[runner] = now;
    race->latest = (uint8_t)runner;
    race->next_start = now + race->delay;
}

/* Somebody waits, and there is room. */
static int can_start(const struct xm_race *race)
{
    return first(race, XM_RACE_WAITING) >= 0 && count(race, XM_RACE_RUNNING) < XM_RACE_RUNNING_MAX;
}

enum xm_race_event xm_race_next(struct xm_race *race, int64_t now, int may_start,
                                unsigned *ret_runner)
{
    int runner = longest_running(race);
    if (first(race, XM_RACE_WON) >= 0) {
        if (runner < 0) {
            return XM_RACE_NOTHING;
        }
        race->state[runner] = XM_RACE_WAITING;
        *ret_runner = (unsigned)runner;
        return XM_RACE_CANCEL;
    }
    if (runner >= 0 && now >= race->started[runner] + race->limit) {
        xm_race_lost(race, (unsigned)runner);
        *ret_runner = (unsigned)runner;
        return XM_RACE_TIMED_OUT;
    }
    if (may_start && can_start(race) && now >= race->next_start) {
        *ret_runner = (unsigned)first(race, XM_RACE_WAITING);
        start(race, *ret_runner, now);
        return XM_RACE_START;
    }
    return XM_RACE_NOTHING;
}

void xm_race_won(struct xm_race *race, unsigned runner)
{
    if (race->state[runner] == XM_RACE_RUNNING && first(race, XM_RACE_WON) < 0) {
        race->state[runner] = XM_RACE_WON;
    }
}

void xm_race_lost(struct xm_race *race, unsigned runner)
{
    if (race->state[runner] == XM_RACE_WON || runner == race->latest) {
        race->next_start = INT64_MIN;
    }
    race->state[runner] = XM_RACE_LOST;
}

int xm_race_is_over(const struct xm_race *race)
{
    return count(race, XM_RACE_LOST) == race->n;
}

int64_t xm_race_deadline(const struct xm_race *race, int may_start)
{
    if (first(race, XM_RACE_WON) >= 0) {
        return INT64_MAX;
    }
    int runner = longest_running(race);
    int64_t deadline = runner >= 0 ? race->started[runner] + race->limit : INT64_MAX;
    if (may_start && can_start(race) && race->next_start < deadline) {
        deadline = race->next_start;
    }
    return deadline;
}
