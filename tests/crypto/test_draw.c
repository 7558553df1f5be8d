/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers from a seed: the blocks that the header promises, whatever the pieces they are taken in. */
#include <string.h>

#include "check.h"
#include "crypto/draw.h"
#include "crypto/hash.h"

/* The first n bytes, computed by the definition. */
static void expected(const uint8_t seed[XM_DRAW_SEED], uint8_t *bytes, size_t n_blocks)
{
    for (size_t i = 0; i < n_blocks; i++) {
        uint8_t text[XM_DRAW_SEED + 8] = {0};
        memcpy(text, seed, XM_DRAW_SEED);
        text[XM_DRAW_SEED + 7] = (uint8_t)i;
        CHECK_INT(xm_hash_of(XM_SHA256, text, sizeof text, bytes + 32 * i), 0);
    }
}

static void pieces_of_any_size_are_one_stream(void)
{
    static const uint8_t seed[XM_DRAW_SEED] = "a seed";
    uint8_t want[32 * 8];
    expected(seed, want, 8);
    for (size_t piece = 1; piece <= 70; piece++) {
        struct xm_draw draw;
        uint8_t got[sizeof want];
        xm_draw_init(&draw, seed);
        for (size_t at = 0; at < sizeof got; at += piece) {
            size_t left = sizeof got - at;
            xm_draw_bytes(&draw, got + at, piece < left ? piece : left);
        }
        check_note("pieces of %zu", piece);
        CHECK_MEM(got, sizeof got, want, sizeof want);
    }
}

static void numbers_are_its_bytes_in_network_order(void)
{
    static const uint8_t seed[XM_DRAW_SEED] = {0};
    uint8_t want[32];
    struct xm_draw draw;
    expected(seed, want, 1);
    xm_draw_init(&draw, seed);
    CHECK_INT(xm_draw_u16(&draw), want[0] << 8 | want[1]);
    CHECK_INT(xm_draw_u32(&draw),
              (uint32_t)want[2] << 24 | (uint32_t)want[3] << 16 | (uint32_t)want[4] << 8 | want[5]);
    xm_draw_bytes(&draw, NULL, 0);
    CHECK_INT(xm_draw_u16(&draw), want[6] << 8 | want[7]);
}

static void another_seed_is_another_stream(void)
{
    uint8_t seed[XM_DRAW_SEED] = {0};
    struct xm_draw draw;
    xm_draw_init(&draw, seed);
    uint32_t one = xm_draw_u32(&draw);
    seed[XM_DRAW_SEED - 1] = 1;
    xm_draw_init(&draw, seed);
    CHECK(xm_draw_u32(&draw) != one);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"pieces of any size are one stream", pieces_of_any_size_are_one_stream},
        {"numbers are its bytes in network order", numbers_are_its_bytes_in_network_order},
        {"another seed is another stream", another_seed_is_another_stream},
    };
    return CHECK_MAIN(argc, argv, "draw", cases);
}
