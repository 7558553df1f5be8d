/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The data of the module "presence", and how its two halves meet: what we send (presence.c) and who
 * is there (contacts.c). */
#ifndef XM_IM_PRESENCE_H
#define XM_IM_PRESENCE_H

#include "directed.h"
#include "resources.h"
#include "xmpp/presence_session.h"

enum { XM_PRESENCE_LIMITS = 3 };

struct xm_presence {
    const xmpp_stanza *own; /* what was set; NULL: nothing yet */
    int is_session;         /* we have heard that there is one */
    int is_due;             /* initial presence is held, or found no room in the queue */
    int n_holds;
    int is_announced; /* available in this session */
    int is_hidden;    /* unavailable by its own word */
    int is_invisible; /* by the server, which was asked to */
    xmpp_slot *writable;
    struct xm_directed directed;
    struct xm_resources there;
    int limits[XM_PRESENCE_LIMITS]; /* by enum xmpp_presence_limit */

    xmpp_resource_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
    int is_telling;
};

/* NULL if the module is not enabled. */
struct xm_presence *xm_presence_of(const xmpp_conn *conn);
/* 1 if it is an address of the account of the session. */
int xm_presence_is_own(const xmpp_conn *conn, const xmpp_jid *who);

/* Filters: presence that is received, and requests, of which pushes of the roster. */
int xm_contacts_on_presence(xmpp_conn *conn, xmpp_stanza *stanza, void *data);
int xm_contacts_on_push(xmpp_conn *conn, xmpp_stanza *stanza, void *data);
/* Nobody is there any more. */
void xm_contacts_end_all(xmpp_conn *conn, struct xm_presence *presence);

#endif
