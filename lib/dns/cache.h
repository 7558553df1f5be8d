/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers that still hold, by name and type. Bounded: the oldest goes. */
#ifndef XM_DNS_CACHE_H
#define XM_DNS_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "base/answer.h"

enum {
    XM_DNS_CACHE_MAX = 64,
    XM_DNS_CACHE_DATA_MAX =
        4096 /* bytes of one answer's targets and TLSA data; larger is not kept */
};

struct xm_dns_cache_entry;
/* All zero is an empty one. */
struct xm_dns_cache {
    struct xm_dns_cache_entry *entries[XM_DNS_CACHE_MAX]; /* the oldest first */
    size_t n;
};

/* Keeps a copy for as long as its TTL says; failures are not kept, nor what is large. Without memory it is not kept. */
void xm_dns_cache_put(struct xm_dns_cache *cache, const char *name, enum xm_rr type,
                      const struct xm_answer *answer, int64_t now);
/* What is known, its TTL being what is left of it; NULL. Borrowed (until the next call). */
const struct xm_answer *xm_dns_cache_get(struct xm_dns_cache *cache, const char *name,
                                         enum xm_rr type, int64_t now);
/* Forgets what is out of date; INT64_MAX: all. */
void xm_dns_cache_expire(struct xm_dns_cache *cache, int64_t now);

#endif
