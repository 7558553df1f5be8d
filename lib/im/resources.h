/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is there: people by bare JID, and of each the resources, the best one first. It knows neither
 * connection nor roster: what is put in, and how many, is decided by presence.c. */
#ifndef XM_IM_RESOURCES_H
#define XM_IM_RESOURCES_H

#include <stddef.h>
#include <stdint.h>

#include "xmpp/map.h"
#include "xmpp/presence_session.h"

struct xmpp_resource {
    xmpp_jid *jid;
    const xmpp_stanza *presence;
    int priority;
    int rank;     /* of the show, the lowest is the best */
    uint64_t age; /* the higher, the later it was heard of */
};

struct xm_person {
    xmpp_jid *bare;
    xmpp_resource **resources; /* the best one first; never empty */
    size_t n;
    int is_stranger;
};

struct xm_resources {
    xmpp_map *people; /* by bare JID: struct xm_person */
    size_t n_strangers;
    uint64_t heard; /* presences until now */
};

/* 0 or XMPP_E_NOMEM. */
int xm_resources_init(struct xm_resources *there);
void xm_resources_done(struct xm_resources *there);

/* The person with the bare JID of an address; NULL if none of their resources is there. */
struct xm_person *xm_resources_find(const struct xm_resources *there, const xmpp_jid *who);
/* The resource with this very address. */
xmpp_resource *xm_resources_get(const struct xm_resources *there, const xmpp_jid *jid);
/* Somebody, by number from 0; NULL behind the last. */
struct xm_person *xm_resources_at(const struct xm_resources *there, size_t index);

/* Takes note of an available presence. Whether the sender is a stranger may change. XMPP_RESOURCE_CAME
 * or _CHANGED, or XMPP_E_NOMEM: then all is as it was. */
int xm_resources_put(struct xm_resources *there, const xmpp_jid *from, const xmpp_stanza *presence,
                     int is_stranger, xmpp_resource **ret_resource);
/* Takes a resource out: it is the caller's, xm_resource_free(). */
void xm_resources_take(struct xm_resources *there, xmpp_resource *resource);
void xm_resource_free(xmpp_resource *resource);

#endif
