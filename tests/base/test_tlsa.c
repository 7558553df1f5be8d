/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which TLSA records count (RFC 6698 2.1, 4.1). */
#include "base/answer.h"
#include "check.h"

/* All combinations of three bytes are too many for a table; the known ones are few. */
static void only_known_numbers_are_usable(void)
{
    static const uint8_t data[64];
    static const uint16_t sizes[] = {1, 32, 64};
    for (unsigned usage = 0; usage < 256; usage++) {
        for (unsigned selector = 0; selector < 256; selector++) {
            for (unsigned matching = 0; matching < 256; matching++) {
                const struct xm_tlsa tlsa = {(uint8_t)usage, (uint8_t)selector, (uint8_t)matching,
                                             sizes[matching < 3 ? matching : 0], data};
                int want = usage <= 3 && selector <= 1 && matching <= 2;
                if (xm_tlsa_is_usable(&tlsa) != want) {
                    CHECK_FAIL("%u %u %u", usage, selector, matching);
                }
            }
        }
    }
}

static void hashes_have_their_length(void)
{
    static const uint8_t data[65535];
    static const struct {
        uint8_t matching;
        uint16_t n;
        int want;
    } rows[] = {
        {0, 0, 0},  {0, 1, 1},  {0, 65535, 1}, {1, 0, 0},  {1, 31, 0}, {1, 32, 1}, {1, 33, 0},
        {1, 64, 0}, {2, 32, 0}, {2, 63, 0},    {2, 64, 1}, {2, 65, 0}, {3, 32, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct xm_tlsa tlsa = {3, 1, rows[i].matching, rows[i].n, data};
        check_note("matching %d, %d bytes", rows[i].matching, rows[i].n);
        CHECK_INT(xm_tlsa_is_usable(&tlsa), rows[i].want);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"only known numbers are usable", only_known_numbers_are_usable},
        {"hashes have their length", hashes_have_their_length},
    };
    return CHECK_MAIN(argc, argv, "tlsa", cases);
}
