/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See backoff.h. It keeps nothing and asks nobody: two formulas. */
#include "dial/backoff.h"

int64_t xm_backoff_bound(const struct xm_backoff *backoff, unsigned n_failed)
{
    int64_t bound = backoff->first;
    for (unsigned i = 0; i < n_failed && bound < backoff->most; i++) {
        bound = bound > INT64_MAX / 2 ? INT64_MAX : 2 * bound;
    }
    return bound < backoff->most ? bound : backoff->most;
}

int64_t xm_backoff_draw(int64_t bound, uint64_t random)
{
    /* A bound is of days at most: the remainder prefers small numbers by less than one in 10^10. */
    return bound <= 0 ? 0 : (int64_t)(random % ((uint64_t)bound + 1));
}
