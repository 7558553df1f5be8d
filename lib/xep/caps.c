/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "caps" (XEP-0115, XEP-0390): hears presence, adds to what is sent, answers about the own
 * hashes, and has the settings. Asking is caps_known.c. */
#include <stdlib.h>
#include <string.h>

#include "caps_known.h"
#include "caps_proof.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"

enum { CACHE_SIZE = 256 };

static const char key;

struct xm_caps *xm_caps_get(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

void xm_caps_enter(struct xm_caps *caps)
{
    caps->refs++;
    caps->n_calls++;
}

void xm_caps_leave(struct xm_caps *caps)
{
    caps->n_calls--;
    xm_caps_unref(caps);
}

static void end(xmpp_destroy_fn destroy, void *userdata)
{
    if (destroy) {
        destroy(userdata);
    }
}

void xm_caps_unref(void *data)
{
    struct xm_caps *caps = data;
    if (--caps->refs > 0) {
        return;
    }
    xm_caps_forget_all(caps);
    xmpp_map_free(caps->entities);
    xm_caps_cache_done(&caps->proven);
    xm_caps_cache_done(&caps->unproven);
    xm_caps_own_done(&caps->own);
    end(caps->known_destroy, caps->known_userdata);
    end(caps->store_destroy, caps->store_userdata);
    free(caps);
}

/* The module goes. What is under way is cancelled at once: nothing may come back to it. */
static void drop_caps(void *data)
{
    xm_caps_forget_all(data);
    xm_caps_unref(data);
}

static void free_entity(void *value)
{
    struct xm_caps_entity *entity = value;
    xmpp_jid_unref(entity->jid);
    free(entity);
}

static struct xm_caps *new_caps(void)
{
    struct xm_caps *caps = calloc(1, sizeof *caps);
    if (!caps) {
        return NULL;
    }
    caps->refs = 1;
    caps->is_changed = 1;
    caps->entities = xmpp_map_new(free_entity);
    int result = xm_caps_cache_init(&caps->proven, CACHE_SIZE);
    if (result == 0) {
        result = xm_caps_cache_init(&caps->unproven, XMPP_CAPS_MAX_UNVERIFIED);
    }
    if (!caps->entities || result < 0) {
        xm_caps_unref(caps);
        return NULL;
    }
    return caps;
}

/* --- what others announce ------------------------------------------------------------------------- */

static int hear_presence(xmpp_conn *conn, xmpp_stanza *stanza, void *data)
{
    const xmpp_jid *from = xmpp_stanza_get_from(stanza);
    int type = xmpp_presence_get_type(stanza);
    if (!from || xmpp_jid_is_malformed(from) || xmpp_stanza_is_inner(stanza) ||
        xmpp_jid_equal(from, xmpp_conn_get_bound_jid(conn))) {
        return 0;
    }
    if (type == XMPP_PRESENCE_UNAVAILABLE || type == XMPP_PRESENCE_ERROR) {
        xm_caps_forget(data, from);
    }
    if (type != XMPP_PRESENCE_AVAILABLE) {
        return 0;
    }
    return xm_caps_hear(data, conn, from, xmpp_stanza_get_root(stanza));
}

/* XEP-0115 6.3: the server says its own with the features of the stream. */
static int hear_server(xmpp_conn *conn, struct xm_caps *caps)
{
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    xmpp_jid *server = NULL;
    int result = own ? xmpp_jid_new(&server, NULL, xmpp_jid_get_domain(own), NULL) : 0;
    if (server) {
        result =
            xm_caps_hear(caps, conn, server, xmpp_stanza_get_root(xmpp_conn_get_features(conn)));
    }
    xmpp_jid_unref(server);
    return result;
}

/* --- what we announce ------------------------------------------------------------------------------ */

static int refresh(struct xm_caps *caps, xmpp_conn *conn)
{
    if (!caps->is_changed && caps->own.sets[0].info) {
        return 0;
    }
    int result = xm_caps_own_refresh(&caps->own, conn);
    if (result >= 0) {
        caps->is_changed = 0;
    }
    return result;
}

static int extend_presence(xmpp_conn *conn, const xmpp_stanza *stanza, xmpp_elem *more, void *data)
{
    struct xm_caps *caps = data;
    const xmpp_elem *presence = xmpp_stanza_get_root(stanza);
    if (xmpp_presence_get_type(stanza) != XMPP_PRESENCE_AVAILABLE ||
        xmpp_disco_get_policy(conn) == XMPP_DISCO_NOBODY ||
        xmpp_elem_get_child(presence, "c", XMPP_NS_CAPS) ||
        xmpp_elem_get_child(presence, "c", XMPP_NS_CAPS_LEGACY)) {
        return 0;
    }
    int result = refresh(caps, conn);
    if (result < 0) {
        return result;
    }
    xm_caps_own_add(&caps->own, more);
    return 0;
}

/* XEP-0115 6.1: a change is announced to all who see our presence. */
static int announce(struct xm_caps *caps, xmpp_conn *conn)
{
    caps->is_changed = 1;
    int was_sent = caps->own.sets[0].is_sent || caps->own.sets[1].info;
    if (!was_sent || !xmpp_presence_is_announced(conn)) {
        return 0;
    }
    int result = refresh(caps, conn);
    if (result > 0) {
        const xmpp_stanza *own = xmpp_stanza_ref(xmpp_presence_get_own(conn));
        result = xmpp_presence_set_own(conn, own);
        xmpp_stanza_unref(own);
    }
    return result;
}

static void on_changed(xmpp_conn *conn, void *userdata)
{
    struct xm_caps *caps = xm_caps_get(conn);
    (void)userdata;
    if (caps && announce(caps, conn) == XMPP_E_NOMEM) {
        xmpp_conn_fail(conn, XMPP_E_NOMEM, "capabilities");
    }
}

static int answer_node(xmpp_conn *conn, const xmpp_stanza *request, const char *node,
                       xmpp_elem *query, void *userdata)
{
    struct xm_caps *caps = xm_caps_get(conn);
    (void)request;
    (void)userdata;
    if (!caps || !node || !xmpp_elem_is(query, NULL, XMPP_NS_DISCO_INFO)) {
        return XMPP_DISCO_NOT_MINE;
    }
    int result = refresh(caps, conn);
    const xmpp_disco_info *info = result < 0 ? NULL : xm_caps_own_find(&caps->own, node);
    const xmpp_elem *child = xmpp_elem_get_child(xmpp_disco_info_get_elem(info), NULL, NULL);
    for (; child; child = xmpp_elem_get_next(child, NULL, NULL)) {
        xmpp_elem_add_copy(query, child);
    }
    return result < 0 ? result : info ? XMPP_DISCO_FILLED : XMPP_DISCO_NOT_MINE;
}

/* --- the module ------------------------------------------------------------------------------------ */

/* A push of the roster: perhaps somebody may see us from now on. */
static int hear_push(xmpp_conn *conn, xmpp_stanza *iq, void *data)
{
    const xmpp_elem *query = xmpp_iq_get_payload(iq);
    if (xmpp_iq_get_type(iq) != XMPP_IQ_SET || !xmpp_elem_is(query, "query", "jabber:iq:roster") ||
        !xmpp_conn_is_from_account(conn, iq)) {
        return 0;
    }
    int result = xm_caps_ask_anew(data, conn);
    return result == XMPP_E_NOMEM ? result : 0;
}

static int on_session(xmpp_conn *conn, int event, void *data)
{
    struct xm_caps *caps = data;
    switch (event) {
    case XMPP_SESSION_ONLINE:
        xm_caps_forget_all(caps);
        return hear_server(conn, caps);
    case XMPP_SESSION_OFFLINE:
        xm_caps_forget_all(caps);
        return 0;
    case XMPP_SESSION_FEATURES:
        return announce(caps, conn);
    default:
        return 0;
    }
}

static xmpp_module *describe(struct xm_caps *caps)
{
    xmpp_module *module = xmpp_module_new(&key, "caps", caps, drop_caps);
    if (!module) {
        drop_caps(caps);
        return NULL;
    }
    xmpp_module_require(module, "disco");
    xmpp_module_add_feature(module, XMPP_NS_CAPS_LEGACY);
    xmpp_module_add_feature(module, XMPP_NS_CAPS);
    xmpp_module_on_receive(module, XMPP_KIND_PRESENCE, XMPP_FILTER_NOTE, hear_presence);
    xmpp_module_on_receive(module, XMPP_KIND_IQ, XMPP_FILTER_NOTE, hear_push);
    xmpp_module_on_send(module, XMPP_KIND_PRESENCE, extend_presence);
    xmpp_module_on_session(module, on_session);
    return module;
}

/* Both are still registered if the module was enabled before, and have nothing to say without it. */
static int listen_to_disco(xmpp_conn *conn)
{
    int result = xmpp_disco_on_node(conn, &key, answer_node, NULL, NULL);
    if (result == 0 || result == XMPP_E_CONFLICT) {
        result = xmpp_disco_on_changed(conn, &key, on_changed, NULL, NULL);
    }
    return result == XMPP_E_CONFLICT ? 0 : result;
}

int xmpp_caps_enable(xmpp_conn *conn)
{
    if (xm_caps_get(conn)) {
        return 0;
    }
    struct xm_caps *caps = conn ? new_caps() : NULL;
    xmpp_module *module = caps ? describe(caps) : NULL;
    int result = conn ? xmpp_conn_enable(conn, module) : XMPP_E_INVAL;
    xmpp_module_unref(module);
    if (result == 0) {
        result = listen_to_disco(conn);
    }
    if (result < 0 && xm_caps_get(conn)) {
        xmpp_conn_disable(conn, "caps");
    }
    return result;
}

/* --- settings -------------------------------------------------------------------------------------- */

static int begin(const xmpp_conn *conn, int is_good, struct xm_caps **ret_caps)
{
    if (!conn || !is_good) {
        return XMPP_E_INVAL;
    }
    *ret_caps = xm_caps_get(conn);
    return *ret_caps ? 0 : XMPP_E_REQUIRES;
}

/* A text that a stanza can carry. */
static int check_text(const char *text)
{
    xmpp_stanza *stanza = xmpp_stanza_new("presence", NULL);
    xmpp_elem_set_attr(xmpp_stanza_root(stanza), "node", text);
    int result = xmpp_stanza_get_error(stanza);
    xmpp_stanza_unref(stanza);
    return result;
}

int xmpp_caps_set_node(xmpp_conn *conn, const char *uri)
{
    struct xm_caps *caps = NULL;
    int result = begin(conn, !uri || *uri, &caps);
    if (result == 0) {
        result = uri ? check_text(uri) : 0;
    }
    if (result == 0) {
        result = xm_caps_own_set_node(&caps->own, uri);
    }
    if (result == 0) {
        caps->is_changed = 1;
    }
    return result;
}

int xmpp_caps_set_cache_size(xmpp_conn *conn, size_t n)
{
    struct xm_caps *caps = NULL;
    int result = begin(conn, n > 0, &caps);
    if (result == 0) {
        xm_caps_cache_resize(&caps->proven, n);
    }
    return result;
}

int xmpp_caps_on_known(xmpp_conn *conn, xmpp_caps_fn handler, void *userdata,
                       xmpp_destroy_fn destroy)
{
    struct xm_caps *caps = NULL;
    int result = begin(conn, 1, &caps);
    if (result < 0 || caps->n_calls > 0) {
        return result < 0 ? result : XMPP_E_BUSY;
    }
    xmpp_destroy_fn old_destroy = caps->known_destroy;
    void *old_userdata = caps->known_userdata;
    caps->on_known = handler;
    caps->known_userdata = userdata;
    caps->known_destroy = destroy;
    end(old_destroy, old_userdata); /* last: it may drop the connection */
    return 0;
}

int xmpp_caps_set_store(xmpp_conn *conn, xmpp_caps_load_fn load, xmpp_caps_save_fn save,
                        void *userdata, xmpp_destroy_fn destroy)
{
    struct xm_caps *caps = NULL;
    int result = begin(conn, 1, &caps);
    if (result < 0 || caps->n_calls > 0) {
        return result < 0 ? result : XMPP_E_BUSY;
    }
    xmpp_destroy_fn old_destroy = caps->store_destroy;
    void *old_userdata = caps->store_userdata;
    caps->load = load;
    caps->save = save;
    caps->store_userdata = userdata;
    caps->store_destroy = destroy;
    end(old_destroy, old_userdata); /* last: it may drop the connection */
    return 0;
}

/* --- asking what is known --------------------------------------------------------------------------- */

const xmpp_disco_info *xmpp_caps_get(const xmpp_conn *conn, const xmpp_jid *who)
{
    struct xm_caps *caps = xm_caps_get(conn);
    int is_proven = 0;
    return caps && who ? xm_caps_look(caps, who, &is_proven) : NULL;
}

int xmpp_caps_is_verified(const xmpp_conn *conn, const xmpp_jid *who)
{
    struct xm_caps *caps = xm_caps_get(conn);
    int is_proven = 0;
    return caps && who && xm_caps_look(caps, who, &is_proven) && is_proven;
}

/* --- the store -------------------------------------------------------------------------------------- */

static int read_saved(const char *text, size_t len, const struct xm_caps_said *said,
                      xmpp_disco_info **ret_proven)
{
    xmpp_stanza *stanza = NULL;
    xmpp_disco_info *info = NULL;
    int result = xmpp_stanza_parse(&stanza, text, len);
    if (result == 0) {
        result = xmpp_disco_info_parse(&info, xmpp_stanza_get_root(stanza));
    }
    if (result == 0) {
        result = xm_caps_prove(info, said->kind, said->hash, xm_caps_said_value(said), ret_proven);
    }
    xmpp_disco_info_unref(info);
    xmpp_stanza_unref(stanza);
    return result == XMPP_E_PROTOCOL ? XMPP_E_INVAL : result;
}

int xmpp_caps_put(xmpp_conn *conn, const char *name, const char *text, size_t len)
{
    struct xm_caps *caps = NULL;
    struct xm_caps_said said;
    xmpp_disco_info *proven = NULL;
    int result = begin(conn, name && text, &caps);
    if (result < 0) {
        return result;
    }
    xm_caps_said_from_name(&said, name);
    if (said.kind == 0 || len > XMPP_CAPS_MAX_BYTES) {
        return said.kind == 0 ? XMPP_E_INVAL : XMPP_E_TOO_BIG;
    }
    result = read_saved(text, len, &said, &proven);
    if (result == 0) {
        result = xm_caps_cache_put(&caps->proven, name, proven);
    }
    xmpp_disco_info_unref(proven);
    return result;
}
