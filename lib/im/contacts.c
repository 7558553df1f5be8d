/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other half of the module "presence": who is there. A presence is about its sender and about
 * nobody else, so all that a forged one could do is to lie about the liar. */
#include <string.h>

#include "presence.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"
#include "xmpp/roster.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

#define NS_MUC_USER "http://jabber.org/protocol/muc#user"
#define NS_ROSTER   "jabber:iq:roster"

enum { RESOURCES_OF_STRANGER = 4 };

/* --- telling -------------------------------------------------------------------------------------- */

/* Whoever is told may disable the module, or drop the connection, and hears no more then. */
static int goes_on(const xmpp_conn *conn, const struct xm_presence *presence)
{
    return xmpp_conn_is_enabled(conn, "presence") && xm_presence_of(conn) == presence;
}

static void tell(xmpp_conn *conn, struct xm_presence *presence, int event,
                 const xmpp_resource *resource, const xmpp_stanza *stanza)
{
    if (presence->handler && goes_on(conn, presence)) {
        presence->is_telling++;
        presence->handler(conn, event, resource, stanza, presence->userdata);
        presence->is_telling--;
    }
}

/* Taken out before it is told: the handler finds things as they are. */
static void end_resource(xmpp_conn *conn, struct xm_presence *presence, xmpp_resource *resource,
                         const xmpp_stanza *stanza)
{
    if (resource) {
        xm_resources_take(&presence->there, resource);
        tell(conn, presence, XMPP_RESOURCE_LEFT, resource, stanza);
        xm_resource_free(resource);
    }
}

/* All resources of somebody. */
static void end_person(xmpp_conn *conn, struct xm_presence *presence, const xmpp_jid *who,
                       const xmpp_stanza *stanza)
{
    struct xm_person *person;
    while ((person = xm_resources_find(&presence->there, who))) {
        end_resource(conn, presence, person->resources[person->n - 1], stanza);
    }
}

void xm_contacts_end_all(xmpp_conn *conn, struct xm_presence *presence)
{
    size_t n;
    while ((n = xmpp_map_get_size(presence->there.people)) > 0) {
        struct xm_person *person = xm_resources_at(&presence->there, n - 1);
        end_resource(conn, presence, person->resources[person->n - 1], NULL);
    }
}

int xmpp_presence_on_resource(xmpp_conn *conn, xmpp_resource_fn handler, void *userdata,
                              xmpp_destroy_fn destroy)
{
    struct xm_presence *presence = xm_presence_of(conn);
    if (!conn || !presence) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    if (presence->is_telling) {
        return XMPP_E_BUSY;
    }
    xmpp_destroy_fn old_destroy = presence->destroy;
    void *old_userdata = presence->userdata;
    presence->handler = handler;
    presence->userdata = userdata;
    presence->destroy = destroy;
    if (old_destroy) {
        old_destroy(old_userdata);
    }
    return 0;
}

/* --- what is received ----------------------------------------------------------------------------- */

/* 1 if there is room for one more resource of somebody. */
static int has_room(const struct xm_presence *presence, const struct xm_person *person,
                    const xmpp_jid *from, int is_stranger)
{
    size_t most = (size_t)presence->limits[XMPP_PRESENCE_RESOURCES];
    if (is_stranger && most > RESOURCES_OF_STRANGER) {
        most = RESOURCES_OF_STRANGER;
    }
    if (person && xm_resources_get(&presence->there, from)) {
        return 1;
    }
    if (is_stranger && !(person && person->is_stranger) &&
        presence->there.n_strangers >= (size_t)presence->limits[XMPP_PRESENCE_STRANGERS]) {
        return 0;
    }
    return (person ? person->n : 0) < most;
}

/* 1 if the bare JID is one that has no right to be: nobody is kept by it. */
static int is_bare_malformed(const xmpp_jid *from, int *ret_is)
{
    xmpp_jid *bare = NULL;
    *ret_is = 0;
    if (!xmpp_jid_is_malformed(from)) {
        return 0;
    }
    if (xmpp_jid_get_bare(from, &bare) < 0) {
        return XMPP_E_NOMEM;
    }
    *ret_is = xmpp_jid_is_malformed(bare);
    xmpp_jid_unref(bare);
    return 0;
}

static int came(xmpp_conn *conn, struct xm_presence *presence, const xmpp_stanza *stanza,
                const xmpp_jid *from)
{
    xmpp_resource *resource;
    int is_bad;
    if (xmpp_elem_get_child(xmpp_stanza_get_root(stanza), "x", NS_MUC_USER)) {
        return 0; /* an occupant of a room */
    }
    int result = is_bare_malformed(from, &is_bad);
    if (result < 0 || is_bad || xm_directed_is_room(&presence->directed, from) ||
        xmpp_jid_equal(from, xmpp_conn_get_bound_jid(conn))) {
        return result;
    }
    int is_stranger = !xm_presence_is_own(conn, from) && !xmpp_roster_find(conn, from) &&
                      !xm_directed_has(&presence->directed, from);
    struct xm_person *person = xm_resources_find(&presence->there, from);
    if (!has_room(presence, person, from, is_stranger)) {
        return 0;
    }
    result = xm_resources_put(&presence->there, from, stanza, is_stranger, &resource);
    if (result > 0) {
        tell(conn, presence, result, resource, stanza);
    }
    return result < 0 ? result : 0;
}

/* An address is there no longer; without a resource it speaks for all of them (RFC 6121 4.5.4). */
static void left(xmpp_conn *conn, struct xm_presence *presence, const xmpp_stanza *stanza,
                 const xmpp_jid *from)
{
    int is_error = xmpp_presence_get_type(stanza) == XMPP_PRESENCE_ERROR;
    if (xmpp_jid_is_bare(from)) {
        xm_directed_end_all(&presence->directed, from, is_error);
        end_person(conn, presence, from, stanza);
    } else {
        xm_directed_end(&presence->directed, from);
        end_resource(conn, presence, xm_resources_get(&presence->there, from), stanza);
    }
}

/* RFC 6121 4.7.1: told to those who know anyway that somebody is here to tell it. */
static int refuse(xmpp_conn *conn, const xmpp_stanza *stanza, const xmpp_jid *from)
{
    int result = 0;
    if (xmpp_presence_may_see(conn, from)) {
        result = xmpp_conn_answer_error(conn, stanza, XMPP_CONDITION_BAD_REQUEST, NULL);
    }
    return result == XMPP_E_NOMEM ? result : 0;
}

int xm_contacts_on_presence(xmpp_conn *conn, xmpp_stanza *stanza, void *data)
{
    struct xm_presence *presence = data;
    const xmpp_jid *from = xmpp_stanza_get_from(stanza);
    if (!from || xmpp_stanza_is_inner(stanza)) {
        return 0;
    }
    switch (xmpp_presence_get_type(stanza)) {
    case XMPP_PRESENCE_AVAILABLE:
        return came(conn, presence, stanza, from);
    case XMPP_PRESENCE_UNAVAILABLE:
    case XMPP_PRESENCE_ERROR:
        left(conn, presence, stanza, from);
        return 0;
    case XMPP_PRESENCE_UNSUBSCRIBED:
        end_person(conn, presence, from, stanza);
        return 0;
    case XMPP_PRESENCE_UNKNOWN:
        return refuse(conn, stanza, from);
    default:
        return 0;
    }
}

/* --- what the roster says ------------------------------------------------------------------------- */

/* The item of a push that the roster will take (RFC 6121 2.1.6); NULL for anything else. */
static const xmpp_elem *pushed_item(const xmpp_conn *conn, const xmpp_stanza *stanza)
{
    const xmpp_elem *query = xmpp_elem_get_child(xmpp_stanza_get_root(stanza), "query", NS_ROSTER);
    const xmpp_elem *item = xmpp_elem_get_child(query, "item", NS_ROSTER);
    if (xmpp_iq_get_type(stanza) != XMPP_IQ_SET || !xmpp_conn_is_from_account(conn, stanza) ||
        xmpp_elem_get_next(item, NULL, NULL)) {
        return NULL;
    }
    return item;
}

static int lets_see(const char *subscription)
{
    return subscription && (strcmp(subscription, "to") == 0 || strcmp(subscription, "both") == 0);
}

/* A contact that was seen by subscription, and will not be any more, is gone for us, whatever we hear
 * of it (RFC 6121 2.5.2, 3.2, 3.3). The roster has not read the push yet: it still says what was. */
int xm_contacts_on_push(xmpp_conn *conn, xmpp_stanza *stanza, void *data)
{
    const xmpp_elem *item = pushed_item(conn, stanza);
    const char *text = xmpp_elem_get_attr(item, "jid");
    xmpp_jid *jid = NULL;
    if (!text || lets_see(xmpp_elem_get_attr(item, "subscription"))) {
        return 0;
    }
    int result = xmpp_jid_parse(&jid, text);
    const xmpp_roster_item *before = result == 0 ? xmpp_roster_find(conn, jid) : NULL;
    if (xmpp_roster_item_get_subscription(before) & XMPP_SUBSCRIPTION_TO) {
        end_person(conn, data, jid, NULL);
    }
    xmpp_jid_unref(jid);
    return result == XMPP_E_NOMEM ? result : 0;
}

/* --- looking -------------------------------------------------------------------------------------- */

const xmpp_resource *xmpp_presence_get_resource_at(const xmpp_conn *conn, const xmpp_jid *who,
                                                   size_t index)
{
    const struct xm_presence *presence = xm_presence_of(conn);
    const struct xm_person *person =
        presence && who ? xm_resources_find(&presence->there, who) : NULL;
    return person && index < person->n ? person->resources[index] : NULL;
}

const xmpp_resource *xmpp_presence_get_best(const xmpp_conn *conn, const xmpp_jid *who)
{
    return xmpp_presence_get_resource_at(conn, who, 0);
}

const xmpp_resource *xmpp_presence_get_resource(const xmpp_conn *conn, const xmpp_jid *full)
{
    const struct xm_presence *presence = xm_presence_of(conn);
    return presence && full ? xm_resources_get(&presence->there, full) : NULL;
}

const xmpp_jid *xmpp_presence_get_present(const xmpp_conn *conn, size_t index)
{
    const struct xm_presence *presence = xm_presence_of(conn);
    const struct xm_person *person = presence ? xm_resources_at(&presence->there, index) : NULL;
    return person ? person->bare : NULL;
}

int xmpp_presence_set_limit(xmpp_conn *conn, int limit, int n)
{
    struct xm_presence *presence = xm_presence_of(conn);
    if (!conn || limit < 0 || limit >= XM_PRESENCE_LIMITS || n < 0) {
        return XMPP_E_INVAL;
    }
    if (!presence) {
        return XMPP_E_REQUIRES;
    }
    presence->limits[limit] = n;
    return 0;
}
