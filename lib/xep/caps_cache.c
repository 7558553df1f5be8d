/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cache of answers. It takes what it is given: that it is proven is caps.c's to see to. */
#include "caps_cache.h"

#include <stdlib.h>

#include "xmpp/error.h"

struct entry {
    const xmpp_disco_info *info;
    uint64_t used;
};

static void free_entry(void *value)
{
    struct entry *entry = value;
    xmpp_disco_info_unref(entry->info);
    free(entry);
}

int xm_caps_cache_init(struct xm_caps_cache *cache, size_t max)
{
    cache->entries = xmpp_map_new(free_entry);
    cache->max = max;
    return cache->entries ? 0 : XMPP_E_NOMEM;
}

void xm_caps_cache_done(struct xm_caps_cache *cache)
{
    xmpp_map_free(cache->entries);
}

static void remove_oldest(struct xm_caps_cache *cache)
{
    const char *oldest = NULL;
    uint64_t used = UINT64_MAX;
    const struct entry *entry;
    for (size_t i = 0; (entry = xmpp_map_get_value_at(cache->entries, i)) != NULL; i++) {
        if (entry->used < used) {
            used = entry->used;
            oldest = xmpp_map_get_key_at(cache->entries, i);
        }
    }
    xmpp_map_remove(cache->entries, oldest);
}

void xm_caps_cache_resize(struct xm_caps_cache *cache, size_t max)
{
    cache->max = max;
    while (xmpp_map_get_size(cache->entries) > max) {
        remove_oldest(cache);
    }
}

const xmpp_disco_info *xm_caps_cache_get(struct xm_caps_cache *cache, const char *name)
{
    struct entry *entry = xmpp_map_get(cache->entries, name);
    if (!entry) {
        return NULL;
    }
    entry->used = ++cache->n_uses;
    return entry->info;
}

int xm_caps_cache_put(struct xm_caps_cache *cache, const char *name, const xmpp_disco_info *info)
{
    struct entry *entry = malloc(sizeof *entry);
    if (!entry) {
        return XMPP_E_NOMEM;
    }
    entry->info = xmpp_disco_info_ref(info);
    entry->used = ++cache->n_uses;
    if (xmpp_map_set(cache->entries, name, entry) < 0) {
        free_entry(entry);
        return XMPP_E_NOMEM;
    }
    xm_caps_cache_resize(cache, cache->max);
    return 0;
}

void xm_caps_cache_remove(struct xm_caps_cache *cache, const char *name)
{
    xmpp_map_remove(cache->entries, name);
}
