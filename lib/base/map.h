/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A hash map from bytes to pointers, keys borrowed from the values. The hash is keyed (SipHash),
 * as the keys may come from a peer. */
#ifndef XM_BASE_MAP_H
#define XM_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

struct xm_map_entry {
    const char *key;
    size_t len;
    uint64_t hash;
    void *value; /* NULL: free */
};

struct xm_map {
    struct xm_map_entry *entries; /* open addressing, a power of two, at most 3/4 full */
    size_t cap;
    size_t n;
    uint64_t seed[2];
};

/* All zero is an empty map. A seed is set in front of the first use where a peer could add keys; one
 * that can only ask for them cannot make them collide. */
void xm_map_done(struct xm_map *map);
/* Adds; the key must live as long as the entry. Several values may have one key. 0 or
 * XMPP_E_NOMEM. */
int xm_map_add(struct xm_map *map, const char *key, size_t len, void *value);
/* The values with this key, one a call: *pos starts at 0. NULL when there are no more. */
void *xm_map_find(const struct xm_map *map, const char *key, size_t len, size_t *pos);
/* Takes out the entry with this key and this very value; does nothing if it is not there. */
void xm_map_remove(struct xm_map *map, const char *key, size_t len, const void *value);

#endif
