/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One contact: what the server says of it, read from an <item/> and written as one. It knows no
 * roster and no connection. */
#ifndef XM_IM_ROSTER_ITEM_H
#define XM_IM_ROSTER_ITEM_H

#include <stddef.h>
#include <stdint.h>

#include "xmpp/roster.h"
#include "xmpp/stanza.h"

#define XM_NS_ROSTER "jabber:iq:roster"

enum {
    XM_ROSTER_TEXT_MAX = 4096, /* bytes of a name and groups, in one item */
    XM_ROSTER_GROUPS_MAX = 64,
    XM_ROSTER_NO_STATE = 255
};

/* All that the server says, in one block of memory. */
struct xm_roster_facts {
    uint8_t subscription; /* enum xmpp_subscription */
    uint8_t is_asked;
    uint8_t is_approved;
    uint8_t is_cut;
    size_t n_groups;
    const char *name;     /* into the texts behind the array; NULL: none */
    const char *groups[]; /* each into them */
};

struct xmpp_roster_item {
    xmpp_jid *jid;                 /* bare */
    struct xm_roster_facts *facts; /* NULL: subscription='remove' */
    uint8_t is_requesting;
    /* The state in front of the session's last push, to which a presence that comes behind the push
     * it belongs in front of still fits; XM_ROSTER_NO_STATE: none. */
    uint8_t before;
};

/* Reads an <item/>. 0; XMPP_E_INVAL for one that cannot be used: no bare JID, an unknown
 * subscription; XMPP_E_NOMEM. */
int xm_roster_item_read(struct xmpp_roster_item **ret_item, const xmpp_elem *elem);
/* Takes NULL. */
void xm_roster_item_free(void *item);
/* 1 if the server says the same of both. */
int xm_roster_item_equal(const struct xmpp_roster_item *a, const struct xmpp_roster_item *b);
/* Adds an <item/> with all that was read. */
void xm_roster_item_write(const struct xmpp_roster_item *item, xmpp_elem *parent);
/* Of an item in a list. */
int xm_roster_item_state(const struct xmpp_roster_item *item);

#endif
