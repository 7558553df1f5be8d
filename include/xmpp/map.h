/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file map.h
 * @brief A map from texts to things, for extensions that keep something for each address or id.
 *
 * What is kept is found by its key in constant time, whoever chose the keys, and can be walked in the
 * order in which it was added.
 */
#ifndef XMPP_MAP_H
#define XMPP_MAP_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A map from texts to things (map.h). */
typedef struct xmpp_map xmpp_map;

/**
 * A new, empty map.
 *
 * @param destroy  for each value that is removed or replaced, or freed with the map; may be NULL
 * @return owned, xmpp_map_free(); NULL if out of memory, or without random numbers
 */
XMPP_API xmpp_map *xmpp_map_new(xmpp_destroy_fn destroy);
/** Frees it and destroys what is in it. Takes NULL. */
XMPP_API void xmpp_map_free(xmpp_map *map);
/**
 * Adds a value; one that has this key is destroyed, and its place taken.
 *
 * @param key    copied
 * @param value  not NULL
 * @return 0; XMPP_E_NOMEM, also for a NULL map, or XMPP_E_INVAL: then nothing is kept and nothing
 *         destroyed
 */
XMPP_API int xmpp_map_set(xmpp_map *map, const char *key, void *value);
/** The value of a key; NULL if there is none. Borrowed (as long as it is in the map). */
XMPP_API void *xmpp_map_get(const xmpp_map *map, const char *key);
/** Removes and destroys the value of a key. @return 1; 0 if there was none */
XMPP_API int xmpp_map_remove(xmpp_map *map, const char *key);
/** Removes the value of a key without destroying it. @return the value, which is the caller's; NULL if
 * there is none */
XMPP_API void *xmpp_map_take(xmpp_map *map, const char *key);
/** Removes and destroys all. */
XMPP_API void xmpp_map_clear(xmpp_map *map);
/** How many there are. */
XMPP_API size_t xmpp_map_get_size(const xmpp_map *map);
/** The key at `index`, from 0, in the order in which they were added; NULL beyond the last. Borrowed
 * (as long as it is in the map). */
XMPP_API const char *xmpp_map_get_key_at(const xmpp_map *map, size_t index);
/** The value at `index`; NULL beyond the last. Borrowed (as long as it is in the map). */
XMPP_API void *xmpp_map_get_value_at(const xmpp_map *map, size_t index);

#ifdef __cplusplus
}
#endif

#endif
