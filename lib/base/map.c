/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hash map: linear probing, removal by shifting back, SipHash-2-4. It owns neither keys nor
 * values. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "xmpp/error.h"

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static uint64_t hash_of(const struct xm_map *map, const char *key, size_t len)
{
    uint64_t v[4] = {
        map->seed[0] ^ UINT64_C(0x736f6d6570736575), map->seed[1] ^ UINT64_C(0x646f72616e646f6d),
        map->seed[0] ^ UINT64_C(0x6c7967656e657261), map->seed[1] ^ UINT64_C(0x7465646279746573)};
    for (size_t i = 0; i <= len; i += 8) {
        uint64_t word = 0;
        if (i + 8 <= len) {
            memcpy(&word, key + i, 8);
        } else {
            memcpy(&word, key + i, len - i);
            word |= (uint64_t)len << 56;
        }
        v[3] ^= word;
        sip_round(v);
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void xm_map_done(struct xm_map *map)
{
    free(map->entries);
    map->entries = NULL;
    map->cap = 0;
    map->n = 0;
}

static void place(struct xm_map_entry *entries, size_t cap, const struct xm_map_entry *entry)
{
    size_t i = (size_t)entry->hash & (cap - 1);
    while (entries[i].value) {
        i = (i + 1) & (cap - 1);
    }
    entries[i] = *entry;
}

static int grow(struct xm_map *map)
{
    size_t cap = map->cap > 0 ? map->cap * 2 : 4;
    struct xm_map_entry *entries = xm_mem_new0(cap, sizeof *entries);
    if (!entries) {
        return XMPP_E_NOMEM;
    }
    for (size_t i = 0; i < map->cap; i++) {
        if (map->entries[i].value) {
            place(entries, cap, &map->entries[i]);
        }
    }
    free(map->entries);
    map->entries = entries;
    map->cap = cap;
    return 0;
}

int xm_map_add(struct xm_map *map, const char *key, size_t len, void *value)
{
    if ((map->n + 1) * 4 > map->cap * 3 && grow(map) < 0) {
        return XMPP_E_NOMEM;
    }
    struct xm_map_entry entry = {key, len, hash_of(map, key, len), value};
    place(map->entries, map->cap, &entry);
    map->n++;
    return 0;
}

static int matches(const struct xm_map_entry *entry, const char *key, size_t len, uint64_t hash)
{
    return entry->hash == hash && entry->len == len && memcmp(entry->key, key, len) == 0;
}

void *xm_map_find(const struct xm_map *map, const char *key, size_t len, size_t *pos)
{
    if (map->n == 0) {
        return NULL;
    }
    uint64_t hash = hash_of(map, key, len);
    for (size_t step = *pos; step < map->cap; step++) {
        const struct xm_map_entry *entry = &map->entries[((size_t)hash + step) & (map->cap - 1)];
        if (!entry->value) {
            return NULL;
        }
        if (matches(entry, key, len, hash)) {
            *pos = step + 1;
            return entry->value;
        }
    }
    return NULL;
}

/* Closes the gap at `hole`: entries behind it that would not be found any more move up. */
static void close_gap(struct xm_map *map, size_t hole)
{
    size_t mask = map->cap - 1;
    for (size_t i = (hole + 1) & mask; map->entries[i].value; i = (i + 1) & mask) {
        size_t home = (size_t)map->entries[i].hash & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            map->entries[hole] = map->entries[i];
            hole = i;
        }
    }
    map->entries[hole] = (struct xm_map_entry){0};
}

void xm_map_remove(struct xm_map *map, const char *key, size_t len, const void *value)
{
    if (map->n == 0) {
        return;
    }
    uint64_t hash = hash_of(map, key, len);
    for (size_t i = (size_t)hash & (map->cap - 1); map->entries[i].value;
         i = (i + 1) & (map->cap - 1)) {
        if (map->entries[i].value == value && matches(&map->entries[i], key, len, hash)) {
            close_gap(map, i);
            if (--map->n == 0) {
                xm_map_done(map);
            }
            return;
        }
    }
}
