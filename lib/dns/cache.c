/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cache: a short list, walked from its end. Answers are kept whole under the name that was asked
 * for, never the records of a message one by one: what a message says besides is not remembered. */
#include "dns/cache.h"

#include <stdlib.h>
#include <string.h>

struct xm_dns_cache_entry {
    struct xm_answer *answer;
    int64_t expires;
    enum xm_rr type;
    char name[];
};

static void drop(struct xm_dns_cache *cache, size_t i)
{
    free(cache->entries[i]->answer);
    free(cache->entries[i]);
    cache->n--;
    memmove(&cache->entries[i], &cache->entries[i + 1], (cache->n - i) * sizeof *cache->entries);
}

static struct xm_dns_cache_entry *make(const char *name, enum xm_rr type,
                                       const struct xm_answer *answer)
{
    size_t size = strlen(name) + 1;
    struct xm_dns_cache_entry *entry = malloc(sizeof *entry + size);
    if (!entry) {
        return NULL;
    }
    entry->type = type;
    memcpy(entry->name, name, size);
    entry->answer = xm_answer_dup(answer);
    if (!entry->answer) {
        free(entry);
        return NULL;
    }
    return entry;
}

/* What it points to; the records themselves are few. */
static size_t data_of(const struct xm_answer *answer)
{
    size_t n = 0;
    for (size_t i = 0; i < answer->n_records; i++) {
        const struct xm_record *record = &answer->records[i];
        n += record->tlsa.n_data + (record->target ? strlen(record->target) : 0);
    }
    return n;
}

static size_t find(const struct xm_dns_cache *cache, const char *name, enum xm_rr type)
{
    size_t i = 0;
    while (i < cache->n &&
           (cache->entries[i]->type != type || strcmp(cache->entries[i]->name, name) != 0)) {
        i++;
    }
    return i;
}

void xm_dns_cache_put(struct xm_dns_cache *cache, const char *name, enum xm_rr type,
                      const struct xm_answer *answer, int64_t now)
{
    if (answer->status == XM_ANSWER_FAILED || answer->ttl == 0 ||
        data_of(answer) > XM_DNS_CACHE_DATA_MAX) {
        return;
    }
    struct xm_dns_cache_entry *entry = make(name, type, answer);
    if (!entry) {
        return;
    }
    size_t old = find(cache, name, type);
    if (old < cache->n) {
        drop(cache, old);
    } else if (cache->n == XM_DNS_CACHE_MAX) {
        drop(cache, 0);
    }
    entry->expires = now + (int64_t)answer->ttl * 1000;
    cache->entries[cache->n++] = entry;
}

const struct xm_answer *xm_dns_cache_get(struct xm_dns_cache *cache, const char *name,
                                         enum xm_rr type, int64_t now)
{
    size_t i = find(cache, name, type);
    if (i == cache->n) {
        return NULL;
    }
    struct xm_dns_cache_entry *entry = cache->entries[i];
    if (now >= entry->expires) {
        drop(cache, i);
        return NULL;
    }
    entry->answer->ttl = (uint32_t)((entry->expires - now + 999) / 1000);
    return entry->answer;
}

void xm_dns_cache_expire(struct xm_dns_cache *cache, int64_t now)
{
    for (size_t i = cache->n; i-- > 0;) {
        if (now >= cache->entries[i]->expires) {
            drop(cache, i);
        }
    }
}
