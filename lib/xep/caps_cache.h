/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers that are remembered by name, up to a number: beyond, the one that was not used for the
 * longest time goes. */
#ifndef XM_XEP_CAPS_CACHE_H
#define XM_XEP_CAPS_CACHE_H

#include <stdint.h>

#include "xmpp/caps.h"
#include "xmpp/map.h"

struct xm_caps_cache {
    xmpp_map *entries;
    size_t max;
    uint64_t n_uses; /* that there ever were: what "not for the longest time" is counted by */
};

/* 0 or XMPP_E_NOMEM. */
int xm_caps_cache_init(struct xm_caps_cache *cache, size_t max);
void xm_caps_cache_done(struct xm_caps_cache *cache);
void xm_caps_cache_resize(struct xm_caps_cache *cache, size_t max);
/* Borrowed (until something is put). NULL if it is not there. */
const xmpp_disco_info *xm_caps_cache_get(struct xm_caps_cache *cache, const char *name);
/* Takes a reference. 0 or XMPP_E_NOMEM. */
int xm_caps_cache_put(struct xm_caps_cache *cache, const char *name, const xmpp_disco_info *info);
void xm_caps_cache_remove(struct xm_caps_cache *cache, const char *name);

#endif
