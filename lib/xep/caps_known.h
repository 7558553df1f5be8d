/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who announced what, and what came of asking about it. */
#ifndef XM_XEP_CAPS_KNOWN_H
#define XM_XEP_CAPS_KNOWN_H

#include "caps_cache.h"
#include "caps_own.h"
#include "caps_said.h"
#include "xmpp/caps.h"
#include "xmpp/map.h"

enum xm_caps_state {
    XM_CAPS_WANTED, /* to be asked, or somebody else who announces the same */
    XM_CAPS_FAILED, /* was asked, and did not answer: not asked again about this */
    XM_CAPS_KNOWN,  /* told; what, is in one of the caches, or was forgotten since */
};

/* Somebody who announced something. */
struct xm_caps_entity {
    xmpp_jid *jid;
    struct xm_caps_said said;
    enum xm_caps_state state;
};

/* A request that is under way. */
struct xm_caps_request {
    xmpp_slot *slot;
    xmpp_jid *jid; /* NULL: there is none */
    struct xm_caps_said said;
};

/* The data of the module "caps". */
struct xm_caps {
    unsigned refs;      /* the module's, and one for each place that calls the application */
    int n_calls;        /* of the application that are running */
    xmpp_map *entities; /* by full JID */
    struct xm_caps_cache proven;   /* by name */
    struct xm_caps_cache unproven; /* by full JID */
    struct xm_caps_request requests[XMPP_CAPS_MAX_REQUESTS];
    xmpp_slot *later; /* a timer: who could not be asked, by the roster until now; NULL: none */
    struct xm_caps_own own;
    int is_changed; /* the own set has to be computed */

    xmpp_caps_fn on_known;
    void *known_userdata;
    xmpp_destroy_fn known_destroy;
    xmpp_caps_load_fn load;
    xmpp_caps_save_fn save;
    void *store_userdata;
    xmpp_destroy_fn store_destroy;
};

/* The module's data; NULL if it is not enabled. */
struct xm_caps *xm_caps_get(const xmpp_conn *conn);
/* Around calls of the application: the data lives as long. */
void xm_caps_enter(struct xm_caps *caps);
void xm_caps_leave(struct xm_caps *caps);
void xm_caps_unref(void *data);

/* Somebody announced something, or nothing. 0 or a negative code. */
int xm_caps_hear(struct xm_caps *caps, xmpp_conn *conn, const xmpp_jid *from,
                 const xmpp_elem *elem);
/* The roster changes: when it has, who could not be asked is, if that is possible then. 0 or a negative
 * code. */
int xm_caps_ask_anew(struct xm_caps *caps, xmpp_conn *conn);
/* Somebody is gone. */
void xm_caps_forget(struct xm_caps *caps, const xmpp_jid *from);
/* All are, and what is under way is cancelled. */
void xm_caps_forget_all(struct xm_caps *caps);
/* What is known of somebody, and whether it is proven. Borrowed. */
const xmpp_disco_info *xm_caps_look(struct xm_caps *caps, const xmpp_jid *who, int *ret_is_proven);

#endif
