/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public map: base/map.h with keys and an order of its own. */
#include "xmpp/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "net/net.h"
#include "xmpp/error.h"

struct entry {
    void *value;
    size_t len;
    char key[];
};

struct xmpp_map {
    struct xm_map by_key;
    struct entry **entries; /* in the order of adding */
    size_t n;
    size_t cap;
    xmpp_destroy_fn destroy;
};

xmpp_map *xmpp_map_new(xmpp_destroy_fn destroy)
{
    xmpp_map *map = xm_mem_new0(1, sizeof *map);
    if (map && xm_net_random(map->by_key.seed, sizeof map->by_key.seed) < 0) {
        free(map);
        return NULL;
    }
    if (map) {
        map->destroy = destroy;
    }
    return map;
}

static void end(const xmpp_map *map, void *value)
{
    if (map->destroy) {
        map->destroy(value);
    }
}

void xmpp_map_clear(xmpp_map *map)
{
    while (map && map->n > 0) { /* destroying one may look at the others */
        struct entry *entry = map->entries[--map->n];
        xm_map_remove(&map->by_key, entry->key, entry->len, entry);
        end(map, entry->value);
        free(entry);
    }
}

void xmpp_map_free(xmpp_map *map)
{
    if (map) {
        xmpp_map_clear(map);
        xm_map_done(&map->by_key);
        free(map->entries);
        free(map);
    }
}

static struct entry *find(const xmpp_map *map, const char *key)
{
    size_t pos = 0;
    return map && key ? xm_map_find(&map->by_key, key, strlen(key), &pos) : NULL;
}

static int add(xmpp_map *map, const char *key, void *value)
{
    size_t len = strlen(key);
    struct entry *entry = malloc(sizeof *entry + len + 1);
    if (!entry ||
        xm_mem_grow((void **)&map->entries, &map->cap, map->n + 1, sizeof(struct entry *)) < 0) {
        free(entry);
        return XMPP_E_NOMEM;
    }
    entry->value = value;
    entry->len = len;
    memcpy(entry->key, key, len + 1);
    if (xm_map_add(&map->by_key, entry->key, len, entry) < 0) {
        free(entry);
        return XMPP_E_NOMEM;
    }
    map->entries[map->n++] = entry;
    return 0;
}

int xmpp_map_set(xmpp_map *map, const char *key, void *value)
{
    if (!map) {
        return XMPP_E_NOMEM;
    }
    if (!key || !value) {
        return XMPP_E_INVAL;
    }
    struct entry *entry = find(map, key);
    if (!entry) {
        return add(map, key, value);
    }
    void *old = entry->value;
    entry->value = value;
    end(map, old);
    return 0;
}

void *xmpp_map_get(const xmpp_map *map, const char *key)
{
    const struct entry *entry = find(map, key);
    return entry ? entry->value : NULL;
}

void *xmpp_map_take(xmpp_map *map, const char *key)
{
    struct entry *entry = find(map, key);
    if (!entry) {
        return NULL;
    }
    void *value = entry->value;
    size_t at = 0;
    while (map->entries[at] != entry) {
        at++;
    }
    map->n--;
    memmove(map->entries + at, map->entries + at + 1, (map->n - at) * sizeof(struct entry *));
    xm_map_remove(&map->by_key, entry->key, entry->len, entry);
    free(entry);
    return value;
}

int xmpp_map_remove(xmpp_map *map, const char *key)
{
    void *value = xmpp_map_take(map, key);
    if (value) {
        end(map, value);
    }
    return value != NULL;
}

size_t xmpp_map_get_size(const xmpp_map *map)
{
    return map ? map->n : 0;
}

const char *xmpp_map_get_key_at(const xmpp_map *map, size_t index)
{
    return map && index < map->n ? map->entries[index]->key : NULL;
}

void *xmpp_map_get_value_at(const xmpp_map *map, size_t index)
{
    return map && index < map->n ? map->entries[index]->value : NULL;
}
