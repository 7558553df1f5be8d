/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list that a server keeps of directed presence (RFC 6121 4.6.1), kept here too, since who is on
 * it may be told that we are there. A room is on it by the address of ours in it. */
#include "directed.h"

#include <stdlib.h>

#include "xmpp/error.h"
#include "xmpp/jid.h"

static const char is_room_here; /* what the map of rooms has for each: it is a set */

static void unref_jid(void *jid)
{
    xmpp_jid_unref(jid);
}

int xm_directed_init(struct xm_directed *directed)
{
    directed->sent = xmpp_map_new(unref_jid);
    directed->rooms = xmpp_map_new(NULL);
    return directed->sent && directed->rooms ? 0 : XMPP_E_NOMEM;
}

void xm_directed_done(struct xm_directed *directed)
{
    xmpp_map_free(directed->sent);
    xmpp_map_free(directed->rooms);
}

void xm_directed_end_everybody(struct xm_directed *directed)
{
    xmpp_map_clear(directed->sent);
}

void xm_directed_clear(struct xm_directed *directed)
{
    xmpp_map_clear(directed->sent);
    xmpp_map_clear(directed->rooms);
}

static int add_room(struct xm_directed *directed, const xmpp_jid *jid, size_t most)
{
    const char *bare = xmpp_jid_get_bare_text(jid);
    if (xmpp_map_get(directed->rooms, bare)) {
        return 0;
    }
    int result = xmpp_map_set(directed->rooms, bare, (void *)(uintptr_t)&is_room_here);
    while (xmpp_map_get_size(directed->rooms) > most) {
        xmpp_map_remove(directed->rooms, xmpp_map_get_key_at(directed->rooms, 0));
    }
    return result;
}

static int add(struct xm_directed *directed, const xmpp_jid *to)
{
    xmpp_jid *jid = xmpp_jid_ref(to);
    int result = jid ? xmpp_map_set(directed->sent, xmpp_jid_get_text(jid), jid) : XMPP_E_NOMEM;
    if (result < 0) {
        xmpp_jid_unref(jid);
    }
    return result;
}

int xm_directed_add(struct xm_directed *directed, const xmpp_jid *to, int is_room, size_t most)
{
    int result = 0;
    if (is_room) {
        result = add_room(directed, to, most);
    }
    if (result == 0 && !xmpp_map_get(directed->sent, xmpp_jid_get_text(to))) {
        result = add(directed, to);
    }
    while (xmpp_map_get_size(directed->sent) > most) {
        xmpp_map_remove(directed->sent, xmpp_map_get_key_at(directed->sent, 0));
    }
    return result;
}

void xm_directed_end(struct xm_directed *directed, const xmpp_jid *jid)
{
    xmpp_map_remove(directed->sent, xmpp_jid_get_text(jid));
}

void xm_directed_end_all(struct xm_directed *directed, const xmpp_jid *jid, int but_rooms)
{
    size_t i = xmpp_map_get_size(directed->sent);
    if (but_rooms && xm_directed_is_room(directed, jid)) {
        return;
    }
    while (i-- > 0) {
        if (xmpp_jid_equal_bare(xmpp_map_get_value_at(directed->sent, i), jid)) {
            xmpp_map_remove(directed->sent, xmpp_map_get_key_at(directed->sent, i));
        }
    }
}

/* A room is told by the address of ours in it, and all who are there see it. */
static int is_in_room(const struct xm_directed *directed, const xmpp_jid *who)
{
    size_t i = xm_directed_is_room(directed, who) ? xmpp_map_get_size(directed->sent) : 0;
    while (i-- > 0) {
        if (xmpp_jid_equal_bare(xmpp_map_get_value_at(directed->sent, i), who)) {
            return 1;
        }
    }
    return 0;
}

int xm_directed_has(const struct xm_directed *directed, const xmpp_jid *who)
{
    return xmpp_map_get(directed->sent, xmpp_jid_get_text(who)) ||
           xmpp_map_get(directed->sent, xmpp_jid_get_bare_text(who)) || is_in_room(directed, who);
}

int xm_directed_is_room(const struct xm_directed *directed, const xmpp_jid *jid)
{
    return xmpp_map_get(directed->rooms, xmpp_jid_get_bare_text(jid)) != NULL;
}

const xmpp_jid *xm_directed_get(const struct xm_directed *directed, size_t index)
{
    return xmpp_map_get_value_at(directed->sent, index);
}
