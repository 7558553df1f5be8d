/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "presence", RFC 6121 4: what others are told of us. Who is there is contacts.c;
 * subscriptions are the roster's. */
#include "presence.h"

#include <stdlib.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"
#include "xmpp/roster.h"
#include "xmpp/stanza.h"

#define NS_MUC "http://jabber.org/protocol/muc"

enum { RESOURCES = 32, STRANGERS = 100, DIRECTED = 1000 };

static const char key;

struct xm_presence *xm_presence_of(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

/* --- what is sent --------------------------------------------------------------------------------- */

static int is_available(const xmpp_stanza *presence)
{
    return presence && xmpp_presence_get_type(presence) == XMPP_PRESENCE_AVAILABLE;
}

static int is_unavailable(const xmpp_stanza *presence)
{
    return presence && xmpp_presence_get_type(presence) == XMPP_PRESENCE_UNAVAILABLE;
}

static int has_child(const xmpp_stanza *stanza, const char *name, const char *ns)
{
    return xmpp_elem_get_child(xmpp_stanza_get_root(stanza), name, ns) != NULL;
}

static void note_broadcast(struct xm_presence *presence, const xmpp_stanza *stanza)
{
    if (is_available(stanza) || is_unavailable(stanza)) {
        presence->is_announced = is_available(stanza);
        presence->is_hidden = !presence->is_announced;
    }
    if (is_unavailable(stanza)) {
        xm_directed_end_everybody(&presence->directed); /* RFC 6121 4.6.3: by the server */
    }
}

static int note_directed(struct xm_presence *presence, const xmpp_stanza *stanza,
                         const xmpp_jid *to)
{
    switch (xmpp_presence_get_type(stanza)) {
    case XMPP_PRESENCE_AVAILABLE:
        return xm_directed_add(&presence->directed, to, has_child(stanza, "x", NS_MUC),
                               (size_t)presence->limits[XMPP_PRESENCE_DIRECTED]);
    case XMPP_PRESENCE_UNAVAILABLE:
        xm_directed_end(&presence->directed, to);
        return 0;
    case XMPP_PRESENCE_UNSUBSCRIBED:
        xm_directed_end_all(&presence->directed, to, 0); /* RFC 6121 4.6.1 */
        return 0;
    default:
        return 0;
    }
}

/* Whatever is sent passes here, by whom it may be sent. */
static int on_send(xmpp_conn *conn, const xmpp_stanza *stanza, xmpp_elem *more, void *data)
{
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(stanza), "to");
    (void)conn;
    (void)more;
    if (!to) {
        note_broadcast(data, stanza);
        return 0;
    }
    /* a tree of its own: only a sealed one says its addresses, and this one is still open */
    xmpp_stanza *envelope = xmpp_stanza_new("presence", NULL);
    xmpp_elem_set_attr(xmpp_stanza_root(envelope), "to", to);
    xmpp_stanza_seal(envelope);
    int result = xmpp_stanza_get_error(envelope);
    if (result == 0) {
        result = note_directed(data, stanza, xmpp_stanza_get_to(envelope));
    }
    xmpp_stanza_unref(envelope);
    return result;
}

/* --- the own presence ----------------------------------------------------------------------------- */

/* Initial presence (RFC 6121 4.2.1): the roster, which this module requires, was asked for first. */
static int announce(xmpp_conn *conn, struct xm_presence *presence)
{
    presence->is_due = 0;
    if (!is_available(presence->own)) {
        presence->is_hidden |= presence->own != NULL;
        return 0;
    }
    if (presence->n_holds > 0) {
        presence->is_due = 1;
        return 0;
    }
    int result = xmpp_conn_send(conn, presence->own);
    if (result == XMPP_E_QUEUE_FULL) {
        presence->is_announced = 0; /* on_send() has seen it */
        presence->is_due = 1;
        return 0;
    }
    return result;
}

int xmpp_presence_set_hidden(xmpp_conn *conn, int on)
{
    struct xm_presence *presence = xm_presence_of(conn);
    if (!presence) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    presence->is_invisible = on;
    if (on) {
        xm_directed_clear(&presence->directed); /* XEP-0186 3.1: the server tells them */
    }
    return 0;
}

int xmpp_presence_hold(xmpp_conn *conn, int on)
{
    struct xm_presence *presence = xm_presence_of(conn);
    if (!conn || !presence) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    if (!on && presence->n_holds == 0) {
        return XMPP_E_STATE;
    }
    presence->n_holds += on ? 1 : -1;
    return presence->n_holds == 0 && presence->is_due ? announce(conn, presence) : 0;
}

/* RFC 6121 4.2.1, 4.4.1, 4.5.1 */
static int is_broadcast(const xmpp_stanza *stanza)
{
    if (xmpp_stanza_get_kind(stanza) != XMPP_KIND_PRESENCE ||
        xmpp_elem_get_attr(xmpp_stanza_get_root(stanza), "to")) {
        return 0;
    }
    return is_available(stanza) ||
           (is_unavailable(stanza) && !has_child(stanza, "show", XMPP_NS_CLIENT) &&
            !has_child(stanza, "priority", XMPP_NS_CLIENT));
}

/* A copy that stays as it is; what stuck to it is the result. */
static int seal_copy(const xmpp_stanza *stanza, xmpp_stanza **ret_copy)
{
    xmpp_stanza *copy =
        stanza ? xmpp_stanza_copy(stanza) : xmpp_presence_new(XMPP_PRESENCE_UNAVAILABLE, NULL);
    int result = xmpp_stanza_get_error(copy);
    if (result < 0) {
        xmpp_stanza_unref(copy);
        return result;
    }
    xmpp_stanza_seal(copy);
    *ret_copy = copy;
    return 0;
}

/* Sends what is set while online. */
static int broadcast(xmpp_conn *conn, struct xm_presence *presence, const xmpp_stanza *own)
{
    int was_announced = presence->is_announced;
    int was_hidden = presence->is_hidden;
    if (presence->n_holds > 0 && !was_announced && is_available(own)) {
        presence->is_due = 1;
        return 0;
    }
    int result = xmpp_conn_send(conn, own);
    if (result == XMPP_E_GONE) {
        return result; /* and the module with it */
    }
    if (result < 0) {
        presence->is_announced = was_announced;
        presence->is_hidden = was_hidden;
    } else {
        presence->is_due = 0;
    }
    return result;
}

int xmpp_presence_set_own(xmpp_conn *conn, const xmpp_stanza *own)
{
    struct xm_presence *presence = xm_presence_of(conn);
    xmpp_stanza *copy;
    if (!conn || (own && !is_broadcast(own))) {
        return XMPP_E_INVAL;
    }
    if (!presence) {
        return XMPP_E_REQUIRES;
    }
    int result = seal_copy(own, &copy);
    if (result < 0) {
        return result;
    }
    if (presence->is_session) {
        result = broadcast(conn, presence, copy);
    }
    if (result < 0) {
        xmpp_stanza_unref(copy);
        return result;
    }
    xmpp_stanza_unref(presence->own);
    presence->own = copy;
    return 0;
}

const xmpp_stanza *xmpp_presence_get_own(const xmpp_conn *conn)
{
    const struct xm_presence *presence = xm_presence_of(conn);
    return presence ? presence->own : NULL;
}

int xmpp_presence_is_announced(const xmpp_conn *conn)
{
    const struct xm_presence *presence = xm_presence_of(conn);
    return presence && presence->is_announced;
}

int xmpp_presence_direct(xmpp_conn *conn, const xmpp_jid *to, const xmpp_stanza *stanza)
{
    struct xm_presence *presence = xm_presence_of(conn);
    if (!conn || !to || (stanza && !is_available(stanza) && !is_unavailable(stanza)) ||
        (stanza && xmpp_stanza_get_kind(stanza) != XMPP_KIND_PRESENCE)) {
        return XMPP_E_INVAL;
    }
    if (!presence) {
        return XMPP_E_REQUIRES;
    }
    if (!stanza && is_available(presence->own)) {
        stanza = presence->own;
    }
    xmpp_stanza *copy =
        stanza ? xmpp_stanza_copy(stanza) : xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    xmpp_stanza_set_to_jid(copy, to);
    int result = xmpp_conn_send(conn, copy);
    xmpp_stanza_unref(copy);
    return result;
}

const xmpp_jid *xmpp_presence_get_directed(const xmpp_conn *conn, size_t index)
{
    const struct xm_presence *presence = xm_presence_of(conn);
    return presence ? xm_directed_get(&presence->directed, index) : NULL;
}

int xmpp_presence_probe(xmpp_conn *conn, const xmpp_jid *to)
{
    if (!conn || !to) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *probe = xmpp_presence_new(XMPP_PRESENCE_PROBE, NULL);
    xmpp_stanza_set_to_jid(probe, to);
    int result = xmpp_conn_send(conn, probe);
    xmpp_stanza_unref(probe);
    return result;
}

/* --- who may see us ------------------------------------------------------------------------------- */

int xm_presence_is_own(const xmpp_conn *conn, const xmpp_jid *who)
{
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    return own && xmpp_jid_equal_bare(own, who);
}

int xmpp_presence_is_room(const xmpp_conn *conn, const xmpp_jid *jid)
{
    const struct xm_presence *presence = xm_presence_of(conn);
    return presence && jid && xm_directed_is_room(&presence->directed, jid);
}

int xmpp_presence_may_see(const xmpp_conn *conn, const xmpp_jid *who)
{
    const struct xm_presence *presence = xm_presence_of(conn);
    if (!presence || !who) {
        return 0;
    }
    if (xm_presence_is_own(conn, who) || xm_directed_has(&presence->directed, who)) {
        return 1;
    }
    return !presence->is_hidden && !presence->is_invisible &&
           (xmpp_roster_get_subscription(conn, who) & XMPP_SUBSCRIPTION_FROM) != 0;
}

/* --- the session ---------------------------------------------------------------------------------- */

static void on_writable(xmpp_conn *conn, void *userdata)
{
    struct xm_presence *presence = userdata;
    if (presence->is_due && presence->is_session && announce(conn, presence) == XMPP_E_NOMEM) {
        xmpp_conn_fail(conn, XMPP_E_NOMEM, "the presence could not be sent");
    }
}

static int on_session(xmpp_conn *conn, int event, void *data)
{
    struct xm_presence *presence = data;
    switch (event) {
    case XMPP_SESSION_ONLINE:
        presence->is_session = 1;
        return announce(conn, presence);
    case XMPP_SESSION_OFFLINE:
        presence->is_session = 0;
        presence->is_due = 0;
        presence->is_announced = 0;
        presence->is_hidden = 0;
        presence->is_invisible = 0;
        xm_directed_clear(&presence->directed);
        xm_contacts_end_all(conn, presence);
        return 0;
    default:
        return 0; /* a session that is resumed is as it was */
    }
}

static void destroy_presence(void *data)
{
    struct xm_presence *presence = data;
    xmpp_slot_unref(presence->writable);
    xmpp_stanza_unref(presence->own);
    xm_directed_done(&presence->directed);
    xm_resources_done(&presence->there);
    if (presence->destroy) {
        presence->destroy(presence->userdata);
    }
    free(presence);
}

static struct xm_presence *new_presence(xmpp_conn *conn)
{
    struct xm_presence *presence = calloc(1, sizeof *presence);
    if (!presence) {
        return NULL;
    }
    presence->limits[XMPP_PRESENCE_RESOURCES] = RESOURCES;
    presence->limits[XMPP_PRESENCE_STRANGERS] = STRANGERS;
    presence->limits[XMPP_PRESENCE_DIRECTED] = DIRECTED;
    if (xm_directed_init(&presence->directed) < 0 || xm_resources_init(&presence->there) < 0 ||
        xmpp_conn_on_writable(conn, &presence->writable, on_writable, presence, NULL) < 0) {
        destroy_presence(presence);
        return NULL;
    }
    return presence;
}

int xmpp_presence_enable(xmpp_conn *conn)
{
    if (!conn || xm_presence_of(conn)) {
        return conn ? 0 : XMPP_E_INVAL;
    }
    struct xm_presence *presence = new_presence(conn);
    if (!presence) {
        return XMPP_E_NOMEM;
    }
    xmpp_module *module = xmpp_module_new(&key, "presence", presence, destroy_presence);
    if (!module) {
        destroy_presence(presence);
        return XMPP_E_NOMEM;
    }
    xmpp_module_require(module, "roster");
    xmpp_module_on_receive(module, XMPP_KIND_PRESENCE, XMPP_FILTER_NOTE, xm_contacts_on_presence);
    xmpp_module_on_receive(module, XMPP_KIND_IQ, XMPP_FILTER_NOTE, xm_contacts_on_push);
    xmpp_module_on_send(module, XMPP_KIND_PRESENCE, on_send);
    xmpp_module_on_session(module, on_session);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}
