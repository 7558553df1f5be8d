/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "roster": fetched at each new session (RFC 6121 2.2), kept by pushes (2.1.6). What a
 * push or a result says of contacts is roster_change.c's; subscriptions are roster_subscriptions.c's.
 * It never decides for a person, and never sends presence of its own accord but by a policy. */
#include "roster.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/component.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/stanza_error.h"

static const char key;

struct xm_roster *xm_roster_of(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

int xm_roster_is_over(const struct xm_roster *roster, const xmpp_conn *conn)
{
    return !xmpp_conn_is_enabled(conn, "roster") || xm_roster_of(conn) != roster;
}

struct xm_roster *xm_roster_ref(struct xm_roster *roster)
{
    roster->refs++;
    return roster;
}

void xm_roster_unref(void *data)
{
    struct xm_roster *roster = data;
    if (--roster->refs > 0) {
        return;
    }
    xmpp_map_free(roster->items);
    xmpp_map_free(roster->requests);
    free(roster->account);
    free(roster->version);
    free(roster);
}

static void destroy(void *data)
{
    struct xm_roster *roster = data;
    roster->fetch = xmpp_slot_unref(roster->fetch);
    roster->hearer = xm_roster_owned_unref(roster->hearer);
    roster->cache = xm_roster_owned_unref(roster->cache);
    xm_roster_unref(roster);
}

int xm_roster_set_text(char **slot, const char *text)
{
    size_t n = text ? strlen(text) + 1 : 0;
    char *copy = text ? malloc(n) : NULL;
    if (text && !copy) {
        return XMPP_E_NOMEM;
    }
    if (copy) {
        memcpy(copy, text, n);
    }
    free(*slot);
    *slot = copy;
    return 0;
}

/* --- fetching --------------------------------------------------------------------------------- */

/* A version that a result or a push has; 0 or XMPP_E_NOMEM. */
static int set_version(struct xm_roster *roster, const xmpp_elem *query)
{
    const char *version = xmpp_elem_get_attr(query, "ver");
    size_t len = version ? strlen(version) : 0;
    return xm_roster_set_text(&roster->version,
                              len > 0 && len <= XM_ROSTER_VERSION_MAX ? version : NULL);
}

static void tell_complete(struct xm_roster *roster, xmpp_conn *conn, int is_cached)
{
    struct xmpp_roster_event event = {.type = XMPP_ROSTER_EVENT_COMPLETE, .is_cached = is_cached};
    xm_roster_tell(roster, conn, &event);
}

/* RFC 6121 2.1.4: the whole roster; without a query (2.6.3) it is empty, and pushes are to come. 0 or
 * XMPP_E_NOMEM. */
static int take_result(struct xm_roster *roster, xmpp_conn *conn, const xmpp_elem *query)
{
    xmpp_map *fresh;
    int is_cut;
    int result = xm_roster_read_all(roster, &fresh, query, &is_cut);
    if (result < 0) {
        return result;
    }
    result = set_version(roster, query);
    if (result < 0) {
        xmpp_map_free(fresh);
        return result;
    }
    roster->has_base = 1;
    roster->is_current = 1;
    roster->is_lossy = 0;
    if (is_cut) {
        xm_roster_forget_version(roster, conn);
    }
    xm_roster_replace(roster, conn, fresh);
    if (!xm_roster_is_over(roster, conn)) {
        xm_roster_save_all(roster, conn);
    }
    if (is_cut) {
        xm_roster_tell_full(roster, conn, NULL);
    }
    tell_complete(roster, conn, 0);
    return 0;
}

static void take_answer(struct xm_roster *roster, xmpp_conn *conn, const xmpp_stanza *reply)
{
    const xmpp_elem *query = xmpp_iq_get_payload(reply);
    if (query && !xmpp_elem_is(query, "query", XM_NS_ROSTER)) {
        xm_roster_tell_error(roster, conn, XMPP_ROSTER_EVENT_FAILED, XMPP_E_PROTOCOL, reply);
    } else if (!query && roster->has_asked_version) { /* RFC 6121 2.6.3: as it was */
        roster->is_current = 1;
        tell_complete(roster, conn, 1);
    } else if (take_result(roster, conn, query) < 0) {
        xmpp_conn_fail(conn, XMPP_E_NOMEM, "the roster");
    }
}

static void on_roster(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct xm_roster *roster = userdata;
    if (xm_roster_is_over(roster, conn) || error == XMPP_E_DISCONNECTED ||
        error == XMPP_E_OFFLINE) {
        return;
    }
    xm_roster_ref(roster);
    roster->fetch = xmpp_slot_unref(roster->fetch);
    if (error != 0) {
        xm_roster_tell_error(roster, conn, XMPP_ROSTER_EVENT_FAILED, error, reply);
    } else {
        take_answer(roster, conn, reply);
    }
    xm_roster_unref(roster);
}

static int is_versioned(const xmpp_conn *conn)
{
    const xmpp_elem *features = xmpp_stanza_get_root(xmpp_conn_get_features(conn));
    return xmpp_elem_get_child(features, "ver", "urn:xmpp:features:rosterver") != NULL;
}

/* Sends the request; with a version of NULL the roster comes as a whole. */
static int fetch(struct xm_roster *roster, xmpp_conn *conn, const char *version)
{
    roster->fetch = xmpp_slot_unref(roster->fetch);
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", XM_NS_ROSTER);
    int is_offered = is_versioned(conn);
    if (is_offered) { /* RFC 6121 2.6.2: only where it is offered, and empty at first */
        xmpp_elem_set_attr(query, "ver", version ? version : "");
    }
    roster->has_asked_version = is_offered && version;
    int result = xmpp_conn_request(conn, &roster->fetch, iq, 0, on_roster, xm_roster_ref(roster),
                                   xm_roster_unref);
    if (result < 0 && result != XMPP_E_GONE) {
        xm_roster_unref(roster);
    }
    xmpp_stanza_unref(iq);
    return result;
}

/* --- the session ------------------------------------------------------------------------------ */

/* What was another account's goes. 0 or XMPP_E_NOMEM. */
static int forget_all(struct xm_roster *roster, xmpp_conn *conn)
{
    const struct xm_roster_request *request;
    xmpp_map *none = xmpp_map_new(xm_roster_item_free);
    if (!none) {
        return XMPP_E_NOMEM;
    }
    free(roster->version);
    roster->version = NULL;
    roster->has_base = 0;
    roster->is_lossy = 0;
    roster->was_loaded = 0;
    roster->is_cache_whole = 0;
    while (!xm_roster_is_over(roster, conn) &&
           (request = xmpp_map_get_value_at(roster->requests, 0))) {
        xmpp_jid *jid = xmpp_jid_ref(request->jid);
        struct xmpp_roster_event event = {.type = XMPP_ROSTER_EVENT_REQUEST_OVER,
                                          .jid = jid,
                                          .item = xm_roster_find(roster, jid)};
        xm_roster_forget_request(roster, xmpp_jid_get_bare_text(jid));
        xm_roster_tell(roster, conn, &event);
        xmpp_jid_unref(jid);
    }
    xm_roster_replace(roster, conn, none);
    return 0;
}

static int settle_account(struct xm_roster *roster, xmpp_conn *conn)
{
    const char *account = xmpp_jid_get_bare_text(xmpp_conn_get_bound_jid(conn));
    int result = 0;
    if (roster->account && strcmp(roster->account, account) != 0) {
        result = forget_all(roster, conn);
    }
    return result < 0 ? result : xm_roster_set_text(&roster->account, account);
}

static int begin(struct xm_roster *roster, xmpp_conn *conn)
{
    struct xmpp_roster_item *item;
    roster->is_current = 0;
    roster->was_full_told = 0;
    for (size_t i = 0; (item = xmpp_map_get_value_at(roster->items, i)); i++) {
        item->before = XM_ROSTER_NO_STATE;
    }
    int result = settle_account(roster, conn);
    if (result == 0 && !roster->has_base && is_versioned(conn)) {
        xm_roster_load(roster, conn);
    }
    if (result == 0 && !xm_roster_is_over(roster, conn)) {
        result = fetch(roster, conn, roster->version);
    }
    return result;
}

static int on_session(xmpp_conn *conn, int event, void *data)
{
    struct xm_roster *roster = data;
    if (event == XMPP_SESSION_ONLINE && !xmpp_conn_is_component(conn)) {
        int result = begin(roster, conn);
        if (result < 0 && result != XMPP_E_NOMEM) {
            xm_roster_tell_error(roster, conn, XMPP_ROSTER_EVENT_FAILED, result, NULL);
        }
        return result;
    }
    if (event == XMPP_SESSION_OFFLINE) {
        roster->is_current = 0;
    }
    return 0;
}

/* --- pushes ----------------------------------------------------------------------------------- */

static int refuse(xmpp_conn *conn, const xmpp_stanza *push, int condition)
{
    int result = xmpp_conn_answer_error(conn, push, condition, NULL);
    return result < 0 ? result : 1;
}

/* The one item of a push (RFC 6121 2.1.6); NULL if there is none, or another. */
static const xmpp_elem *only_item(const xmpp_elem *query)
{
    const xmpp_elem *item = xmpp_elem_get_child(query, "item", XM_NS_ROSTER);
    return xmpp_elem_get_next(item, "item", XM_NS_ROSTER) ? NULL : item;
}

/* The version goes with a whole roster only, and into the cache behind the contact. 0 or
 * XMPP_E_NOMEM: then it is the older one, and what is newer is pushed again. */
static int keep(struct xm_roster *roster, xmpp_conn *conn, const xmpp_elem *query,
                const struct xm_roster_pushed *pushed)
{
    int result = 0;
    if (pushed->is_left_out) {
        xm_roster_forget_version(roster, conn);
    } else if (roster->is_current && !roster->is_lossy && xmpp_elem_get_attr(query, "ver")) {
        result = set_version(roster, query);
    }
    xm_roster_save_one(roster, conn, pushed->item ? pushed->item : pushed->old, !pushed->item);
    return result;
}

static int take_push(struct xm_roster *roster, xmpp_conn *conn, const xmpp_elem *query,
                     const xmpp_stanza *push)
{
    struct xmpp_roster_item *item;
    struct xm_roster_pushed pushed;
    const xmpp_elem *elem = only_item(query);
    int result = elem ? xm_roster_item_read(&item, elem) : XMPP_E_INVAL;
    if (result < 0) {
        return result == XMPP_E_INVAL ? refuse(conn, push, XMPP_CONDITION_BAD_REQUEST) : result;
    }
    result = xm_roster_push(roster, item, &pushed);
    if (result < 0) {
        xm_roster_item_free(item);
        return result;
    }
    xmpp_stanza *answer = xmpp_iq_result(push);
    result = xmpp_conn_answer(conn, answer);
    xmpp_stanza_unref(answer);
    int kept = keep(roster, conn, query, &pushed);
    xm_roster_tell_pushed(roster, conn, &pushed);
    return result < 0 ? result : kept < 0 ? kept : 1;
}

static int on_push(xmpp_conn *conn, const xmpp_stanza *push, void *data)
{
    if (xmpp_conn_is_component(conn)) {
        return 0;
    }
    /* RFC 6121 2.1.6: what is not from the account itself is not looked at */
    if (!xmpp_conn_is_from_account(conn, push)) {
        return refuse(conn, push, XMPP_CONDITION_SERVICE_UNAVAILABLE);
    }
    return take_push(data, conn, xmpp_iq_get_payload(push), push);
}

/* --- the module ------------------------------------------------------------------------------- */

static struct xm_roster *new_roster(void)
{
    struct xm_roster *roster = calloc(1, sizeof *roster);
    if (!roster) {
        return NULL;
    }
    roster->refs = 1;
    roster->max_items = XM_ROSTER_MAX;
    roster->items = xmpp_map_new(xm_roster_item_free);
    roster->requests = xmpp_map_new(xm_roster_request_free);
    if (!roster->items || !roster->requests) {
        xm_roster_unref(roster);
        return NULL;
    }
    return roster;
}

int xmpp_roster_enable(xmpp_conn *conn)
{
    if (!conn) {
        return XMPP_E_INVAL;
    }
    if (xm_roster_of(conn)) {
        return 0;
    }
    struct xm_roster *roster = new_roster();
    xmpp_module *module = roster ? xmpp_module_new(&key, "roster", roster, destroy) : NULL;
    if (!module) {
        if (roster) {
            xm_roster_unref(roster);
        }
        return XMPP_E_NOMEM;
    }
    xmpp_module_on_session(module, on_session);
    xmpp_module_on_iq(module, XMPP_IQ_SET, "query", XM_NS_ROSTER, on_push);
    xmpp_module_on_receive(module, XMPP_KIND_PRESENCE, XMPP_FILTER_NOTE, xm_roster_note_presence);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_roster_refresh(xmpp_conn *conn)
{
    if (!conn) {
        return XMPP_E_INVAL;
    }
    struct xm_roster *roster = xm_roster_of(conn);
    if (!roster) {
        return XMPP_E_REQUIRES;
    }
    if (xmpp_conn_get_state(conn) != XMPP_STATE_ONLINE || xmpp_conn_is_component(conn)) {
        return XMPP_E_STATE;
    }
    return fetch(roster, conn, NULL);
}

int xmpp_roster_set_max(xmpp_conn *conn, size_t max_items)
{
    if (!conn || max_items == 0) {
        return XMPP_E_INVAL;
    }
    struct xm_roster *roster = xm_roster_of(conn);
    if (!roster) {
        return XMPP_E_REQUIRES;
    }
    roster->max_items = max_items;
    return 0;
}

int xmpp_roster_get_status(const xmpp_conn *conn)
{
    const struct xm_roster *roster = xm_roster_of(conn);
    if (!roster || !roster->has_base) {
        return XMPP_ROSTER_UNKNOWN;
    }
    return roster->is_current ? XMPP_ROSTER_CURRENT : XMPP_ROSTER_KEPT;
}

size_t xmpp_roster_get_n_items(const xmpp_conn *conn)
{
    const struct xm_roster *roster = xm_roster_of(conn);
    return roster ? xmpp_map_get_size(roster->items) : 0;
}

const xmpp_roster_item *xmpp_roster_get_item(const xmpp_conn *conn, size_t index)
{
    const struct xm_roster *roster = xm_roster_of(conn);
    return roster ? xmpp_map_get_value_at(roster->items, index) : NULL;
}

const xmpp_roster_item *xmpp_roster_find(const xmpp_conn *conn, const xmpp_jid *jid)
{
    const struct xm_roster *roster = xm_roster_of(conn);
    return roster ? xm_roster_find(roster, jid) : NULL;
}
