/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of SRV records: tables of numbers drawn, and how often each comes first. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "crypto/draw.h"
#include "dial/srv.h"

enum { RECORDS_MAX = 8 };

/* The indices in order, as digits. */
static void print_order(const struct xm_srv *list, size_t n, char text[RECORDS_MAX + 1])
{
    memset(text, 0, RECORDS_MAX + 1);
    for (size_t i = 0; i < n && i < RECORDS_MAX; i++) {
        text[i] = (char)('0' + list[i].index);
    }
}

static void a_table_of_random_numbers_gives_the_order(void)
{
    static const struct {
        const char *what;
        size_t n;
        struct xm_srv list[RECORDS_MAX];
        uint32_t random[RECORDS_MAX];
        const char *order;
    } rows[] = {
        {"nothing", 0, {{0}}, {0}, ""},
        {"one", 1, {{5, 7, 0}}, {6}, "0"},
        {"lower priorities first", 3, {{20, 0, 0}, {10, 0, 1}, {0, 0, 2}}, {0, 0, 0}, "210"},
        {"a weight does not leave its priority", 2, {{20, 65535, 0}, {10, 0, 1}}, {9, 9}, "10"},
        {"0 takes the first", 3, {{1, 1, 0}, {1, 2, 1}, {1, 3, 2}}, {0, 0, 0}, "012"},
        {"the running sum is not below", 3, {{1, 1, 0}, {1, 2, 1}, {1, 3, 2}}, {1, 2, 0}, "012"},
        {"one above the first", 3, {{1, 1, 0}, {1, 2, 1}, {1, 3, 2}}, {2, 1, 0}, "102"},
        {"the end of the second", 3, {{1, 1, 0}, {1, 2, 1}, {1, 3, 2}}, {3, 1, 0}, "102"},
        {"one above the second", 3, {{1, 1, 0}, {1, 2, 1}, {1, 3, 2}}, {4, 2, 0}, "210"},
        {"the sum, inclusive", 3, {{1, 1, 0}, {1, 2, 1}, {1, 3, 2}}, {6, 3, 1}, "210"},
        {"modulo the sum and one", 3, {{1, 1, 0}, {1, 2, 1}, {1, 3, 2}}, {7, 6, 0}, "012"},
        {"weight 0 stands in front", 3, {{1, 5, 0}, {1, 0, 1}, {1, 5, 2}}, {0, 0, 0}, "102"},
        {"weight 0 by 0 alone", 3, {{1, 5, 0}, {1, 0, 1}, {1, 5, 2}}, {1, 0, 0}, "012"},
        {"weight 0 last", 3, {{1, 5, 0}, {1, 0, 1}, {1, 5, 2}}, {6, 5, 0}, "201"},
        {"all of weight 0 as they stand", 3, {{1, 0, 0}, {1, 0, 1}, {1, 0, 2}}, {9, 9, 9}, "012"},
        {"each place has its number",
         4,
         {{2, 1, 0}, {1, 1, 1}, {2, 1, 2}, {1, 1, 3}},
         {2, 0, 0, 0},
         "3102"},
        {"the largest sums", 2, {{0, 65535, 0}, {0, 65535, 1}}, {131070, 65535}, "10"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_srv list[RECORDS_MAX];
        char order[RECORDS_MAX + 1];
        check_note("%s", rows[i].what);
        memcpy(list, rows[i].list, sizeof list);
        xm_srv_order(list, rows[i].n, rows[i].random);
        print_order(list, rows[i].n, order);
        CHECK_STR(order, rows[i].order);
    }
}

/* RFC 2782: of weights w the first is drawn from the sum + 1 numbers 0 to sum, so the first of the
 * list has one more than its weight. Chi-square against that, with seeds that do not change; the
 * bounds are those of one in a thousand for as many degrees of freedom. */
static void the_first_is_drawn_by_weight(void)
{
    enum { DRAWS = 10000 };
    static const struct {
        size_t n;
        uint16_t weights[5];
        double bound;
    } rows[] = {
        {2, {1, 1}, 10.83},
        {2, {0, 60}, 10.83},
        {3, {10, 20, 30}, 13.82},
        {4, {0, 1, 9, 90}, 16.27},
        {5, {100, 200, 300, 400, 65000}, 18.47},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        uint8_t seed[XM_DRAW_SEED] = {(uint8_t)row};
        struct xm_draw draw;
        unsigned counts[5] = {0};
        double sum = 1;
        double chi = 0;
        xm_draw_init(&draw, seed);
        for (size_t i = 0; i < rows[row].n; i++) {
            sum += rows[row].weights[i];
        }
        for (int i = 0; i < DRAWS; i++) {
            struct xm_srv list[5];
            uint32_t random[5];
            for (size_t r = 0; r < rows[row].n; r++) {
                list[r] = (struct xm_srv){1, rows[row].weights[r], r};
                random[r] = xm_draw_u32(&draw);
            }
            xm_srv_order(list, rows[row].n, random);
            counts[list[0].index]++;
        }
        for (size_t i = 0; i < rows[row].n; i++) {
            double expected = DRAWS * (rows[row].weights[i] + (i == 0)) / sum;
            chi += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        check_note("row %zu, chi-square %.2f", row, chi);
        CHECK(chi < rows[row].bound);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a table of random numbers gives the order", a_table_of_random_numbers_gives_the_order},
        {"the first is drawn by weight", the_first_is_drawn_by_weight},
    };
    return CHECK_MAIN(argc, argv, "dial-srv", cases);
}
