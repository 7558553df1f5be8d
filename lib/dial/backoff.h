/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long to wait before the next attempt: a random time below a bound that doubles ("full jitter",
 * RFC 6120 3.3). Clock, random numbers and what counts as a failure are the owner's. */
#ifndef XM_DIAL_BACKOFF_H
#define XM_DIAL_BACKOFF_H

#include <stdint.h>

struct xm_backoff {
    int64_t first; /* ms, at least 1: the bound before anything has failed */
    int64_t most;  /* ms: no bound is above it */
};

/* The bound behind so many failures in a row: first, twice that, ..., most. */
int64_t xm_backoff_bound(const struct xm_backoff *backoff, unsigned n_failed);
/* A time from 0 to the bound, both included, each as likely as the other. */
int64_t xm_backoff_draw(int64_t bound, uint64_t random);

#endif
