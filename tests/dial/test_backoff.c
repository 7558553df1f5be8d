/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The wait before the next attempt: its bound by failures, and what is drawn below it. */
#include <limits.h>

#include "check.h"
#include "crypto/draw.h"
#include "dial/backoff.h"

static void the_bound_doubles_up_to_the_most(void)
{
    static const struct {
        int64_t first;
        int64_t most;
        unsigned n_failed;
        int64_t bound;
    } rows[] = {
        {1000, 300000, 0, 1000},
        {1000, 300000, 1, 2000},
        {1000, 300000, 2, 4000},
        {1000, 300000, 8, 256000},
        {1000, 300000, 9, 300000},
        {1000, 300000, 10, 300000},
        {1000, 300000, UINT_MAX, 300000},
        {1000, 1000, 0, 1000},
        {1000, 1000, 7, 1000},
        {5000, 1000, 0, 1000},
        {1, 2, 1, 2},
        {1, INT64_MAX, 62, INT64_MAX / 2 + 1},
        {1, INT64_MAX, 63, INT64_MAX},
        {1, INT64_MAX, 64, INT64_MAX},
        {3, INT64_MAX, UINT_MAX, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_backoff backoff = {.first = rows[i].first, .most = rows[i].most};
        check_note("row %zu", i);
        CHECK_INT(xm_backoff_bound(&backoff, rows[i].n_failed), rows[i].bound);
    }
}

static void what_is_drawn_lies_between_nothing_and_the_bound(void)
{
    static const struct {
        int64_t bound;
        uint64_t random;
        int64_t wait;
    } rows[] = {
        {0, 0, 0},
        {0, UINT64_MAX, 0},
        {-1, 12345, 0},
        {1, 0, 0},
        {1, 1, 1},
        {1, 2, 0},
        {1000, 1000, 1000},
        {1000, 1001, 0},
        {60000, 30000, 30000},
        {INT64_MAX, INT64_MAX, INT64_MAX},
        {INT64_MAX, UINT64_MAX, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("row %zu", i);
        CHECK_INT(xm_backoff_draw(rows[i].bound, rows[i].random), rows[i].wait);
    }
}

/* Full jitter: clients that lost their server together do not come back together. Chi-square over
 * 100 cells with a fixed seed; 99 degrees of freedom stay below 149 in 999 of 1,000 cases. */
static void each_time_is_as_likely_as_the_other(void)
{
    enum { DRAWS = 10000, CELLS = 100, WIDTH = 600 };
    static const uint8_t seed[XM_DRAW_SEED] = "seed of the test of full jitter";
    struct xm_draw draw;
    int cells[CELLS] = {0};
    double chi = 0;
    xm_draw_init(&draw, seed);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t random;
        xm_draw_bytes(&draw, &random, sizeof random);
        cells[xm_backoff_draw((int64_t)CELLS * WIDTH - 1, random) / WIDTH]++;
    }
    for (int i = 0; i < CELLS; i++) {
        double off = cells[i] - DRAWS / CELLS;
        chi += off * off / ((double)DRAWS / CELLS);
    }
    check_note("chi-square %f", chi);
    CHECK(chi < 149);
    CHECK(chi > 58); /* nor is it evener than chance makes it */
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"the bound doubles up to the most", the_bound_doubles_up_to_the_most},
        {"what is drawn lies between nothing and the bound",
         what_is_drawn_lies_between_nothing_and_the_bound},
        {"each time is as likely as the other", each_time_is_as_likely_as_the_other},
    };
    return CHECK_MAIN(argc, argv, "backoff", cases);
}
