/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocking people, XEP-0191: the list that the server keeps, as far as it is known here, and the
 * requests that change it. The list changes by what the server tells alone, never by what was asked.
 * Blocks nothing itself. */
#include "xmpp/blocking.h"

#include <stdlib.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/map.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

static const char ns[] = XMPP_NS_BLOCKING;
static const char ns_errors[] = "urn:xmpp:blocking:errors";
static const char key;

struct blocking {
    xmpp_map *list; /* xmpp_jid by prepared text */
    int is_wanted;
    int is_loaded;
    size_t max;
    xmpp_slot *fetching; /* the request for the list */
    xmpp_blocking_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
    int telling;
};

/* --- the list --------------------------------------------------------------------------------------- */

static void free_jid(void *jid)
{
    xmpp_jid_unref(jid);
}

/* Takes the address over, if it goes well. 1: added; 0: it was there, or is none; XMPP_E_NOMEM. */
static int add(xmpp_map *list, const char *text)
{
    xmpp_jid *jid = NULL;
    int result = text ? xmpp_jid_parse(&jid, text) : XMPP_E_JID;
    if (result < 0) {
        return result == XMPP_E_NOMEM ? result : 0;
    }
    int is_there = xmpp_map_get(list, xmpp_jid_get_text(jid)) != NULL;
    result = is_there ? 0 : xmpp_map_set(list, xmpp_jid_get_text(jid), jid);
    if (is_there || result < 0) {
        xmpp_jid_unref(jid);
        return result;
    }
    return 1;
}

/* The addresses of the items of an element, each once; what is none is passed over. 0; XMPP_E_TOO_BIG;
 * XMPP_E_NOMEM. */
static int read_items(const xmpp_elem *elem, size_t max, xmpp_map **ret_items)
{
    const xmpp_elem *item = xmpp_elem_get_child(elem, "item", ns);
    xmpp_map *items = xmpp_map_new(free_jid);
    int result = items ? 0 : XMPP_E_NOMEM;
    for (; item && result >= 0; item = xmpp_elem_get_next(item, "item", ns)) {
        result = add(items, xmpp_elem_get_attr(item, "jid"));
        if (xmpp_map_get_size(items) > max) {
            result = XMPP_E_TOO_BIG;
        }
    }
    if (result < 0) {
        xmpp_map_free(items);
        return result;
    }
    *ret_items = items;
    return 0;
}

/* --- telling ---------------------------------------------------------------------------------------- */

static void tell(xmpp_conn *conn, struct blocking *blocking, int event, const xmpp_jid *jid)
{
    if (blocking->handler) {
        blocking->telling++;
        blocking->handler(conn, event, jid, blocking->userdata);
        blocking->telling--;
    }
}

static void drop(struct blocking *blocking)
{
    xmpp_map_free(blocking->list);
    blocking->list = NULL;
    blocking->is_loaded = 0;
}

/* What is not known as a whole is not known. */
static void give_up(xmpp_conn *conn, struct blocking *blocking)
{
    drop(blocking);
    tell(conn, blocking, XMPP_BLOCKING_FAILED, NULL);
}

/* --- fetching --------------------------------------------------------------------------------------- */

static void hear_list(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct blocking *blocking = xmpp_conn_get_data(conn, &key);
    xmpp_map *list = NULL;
    (void)userdata;
    if (!blocking) {
        return;
    }
    blocking->fetching = xmpp_slot_unref(blocking->fetching);
    const xmpp_elem *elem = xmpp_elem_get_child(xmpp_stanza_get_root(reply), "blocklist", ns);
    if (error == 0) {
        error = elem ? read_items(elem, blocking->max, &list) : XMPP_E_PROTOCOL;
    }
    if (error == XMPP_E_NOMEM) {
        (void)xmpp_conn_fail(conn, XMPP_E_NOMEM, "no memory for the list of who is blocked");
    }
    if (error < 0) {
        give_up(conn, blocking);
        return;
    }
    drop(blocking);
    blocking->list = list;
    blocking->is_loaded = 1;
    tell(conn, blocking, XMPP_BLOCKING_LOADED, NULL);
}

static int fetch(xmpp_conn *conn, struct blocking *blocking)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem_add(xmpp_stanza_root(iq), "blocklist", ns);
    int result = xmpp_conn_request(conn, &blocking->fetching, iq, 0, hear_list, NULL, NULL);
    xmpp_stanza_unref(iq);
    return result;
}

static int hear_session(xmpp_conn *conn, int event, void *data)
{
    struct blocking *blocking = data;
    if (event == XMPP_SESSION_OFFLINE) {
        drop(blocking);
    }
    if (event != XMPP_SESSION_ONLINE || !blocking->is_wanted || blocking->fetching ||
        blocking->is_loaded) {
        return 0;
    }
    int result = fetch(conn, blocking);
    if (result < 0 && result != XMPP_E_NOMEM) {
        give_up(conn, blocking);
    }
    return result;
}

/* --- what the server tells ---------------------------------------------------------------------------- */

static int answer(xmpp_conn *conn, const xmpp_stanza *iq)
{
    xmpp_stanza *result = xmpp_iq_result(iq);
    int code = xmpp_conn_answer(conn, result);
    xmpp_stanza_unref(result);
    return code;
}

static int refuse(xmpp_conn *conn, const xmpp_stanza *iq, int condition)
{
    int result = xmpp_conn_answer_error(conn, iq, condition, NULL);
    return result < 0 ? result : 1;
}

/* Whoever is told may let go of the list, of the module, or of the connection, and hears no more. */
static int goes_on(const xmpp_conn *conn, const struct blocking *blocking)
{
    return xmpp_conn_is_enabled(conn, "blocking") && xmpp_conn_get_data(conn, &key) == blocking &&
           blocking->is_loaded;
}

/* 1: the list has changed; 0: it was so already. */
static int change(struct blocking *blocking, const xmpp_jid *jid, int blocks)
{
    const char *text = xmpp_jid_get_text(jid);
    return blocks ? add(blocking->list, text) : xmpp_map_remove(blocking->list, text);
}

static int apply(xmpp_conn *conn, struct blocking *blocking, const xmpp_map *told, int blocks)
{
    int event = blocks ? XMPP_BLOCKING_BLOCKED : XMPP_BLOCKING_UNBLOCKED;
    for (size_t i = 0; i < xmpp_map_get_size(told) && goes_on(conn, blocking); i++) {
        const xmpp_jid *jid = xmpp_map_get_value_at(told, i);
        int result = change(blocking, jid, blocks);
        if (result < 0) {
            return result;
        }
        if (xmpp_map_get_size(blocking->list) > blocking->max) {
            give_up(conn, blocking);
        } else if (result > 0) {
            tell(conn, blocking, event, jid);
        }
    }
    return 0;
}

static void clear_all(xmpp_conn *conn, struct blocking *blocking)
{
    if (blocking->is_loaded) {
        xmpp_map_clear(blocking->list);
        tell(conn, blocking, XMPP_BLOCKING_ALL_CLEARED, NULL);
    }
}

/* XEP-0191 3.3, 3.4, 3.5. An `<unblock/>` is for all only if there is nothing in it: one with items
 * that are none must not open everything. */
static int hear_push(xmpp_conn *conn, const xmpp_stanza *iq, void *data)
{
    struct blocking *blocking = data;
    const xmpp_elem *payload = xmpp_iq_get_payload(iq);
    int blocks = xmpp_elem_is(payload, "block", ns);
    xmpp_map *told = NULL;
    if (!xmpp_conn_is_from_account(conn, iq)) {
        return refuse(conn, iq, XMPP_CONDITION_SERVICE_UNAVAILABLE);
    }
    int is_all = !blocks && !xmpp_elem_get_child(payload, NULL, NULL);
    int result = read_items(payload, blocking->max, &told);
    if (result == XMPP_E_TOO_BIG && blocking->is_loaded) {
        give_up(conn, blocking);
    }
    if (result == XMPP_E_TOO_BIG) {
        return refuse(conn, iq, XMPP_CONDITION_RESOURCE_CONSTRAINT);
    }
    if (result == 0 && xmpp_map_get_size(told) == 0 && !is_all) {
        xmpp_map_free(told);
        return refuse(conn, iq, XMPP_CONDITION_BAD_REQUEST);
    }
    if (result == 0) {
        result = answer(conn, iq);
    }
    if (result == 0 && is_all) {
        clear_all(conn, blocking);
    } else if (result == 0) {
        result = apply(conn, blocking, told, blocks);
    }
    xmpp_map_free(told);
    return result < 0 ? result : 1;
}

/* --- the module --------------------------------------------------------------------------------------- */

static void free_blocking(void *data)
{
    struct blocking *blocking = data;
    xmpp_slot_unref(blocking->fetching);
    if (blocking->destroy) {
        blocking->destroy(blocking->userdata);
    }
    xmpp_map_free(blocking->list);
    free(blocking);
}

int xmpp_blocking_enable(xmpp_conn *conn)
{
    struct blocking *blocking = calloc(1, sizeof *blocking);
    xmpp_module *module =
        blocking ? xmpp_module_new(&key, "blocking", blocking, free_blocking) : NULL;
    if (!module) {
        free(blocking);
        return XMPP_E_NOMEM;
    }
    blocking->max = XMPP_BLOCKING_MAX;
    xmpp_module_on_iq(module, XMPP_IQ_SET, "block", ns, hear_push);
    xmpp_module_on_iq(module, XMPP_IQ_SET, "unblock", ns, hear_push);
    xmpp_module_on_session(module, hear_session);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_blocking_keep(xmpp_conn *conn, int on)
{
    struct blocking *blocking = xmpp_conn_get_data(conn, &key);
    if (!blocking) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    blocking->is_wanted = on;
    if (!on) {
        blocking->fetching = xmpp_slot_unref(blocking->fetching);
        drop(blocking);
        return 0;
    }
    if (blocking->fetching || blocking->is_loaded ||
        xmpp_conn_get_state(conn) != XMPP_STATE_ONLINE) {
        return 0;
    }
    return fetch(conn, blocking);
}

int xmpp_blocking_set_max(xmpp_conn *conn, int n)
{
    struct blocking *blocking = xmpp_conn_get_data(conn, &key);
    if (!conn || n < 0) {
        return XMPP_E_INVAL;
    }
    if (!blocking) {
        return XMPP_E_REQUIRES;
    }
    blocking->max = (size_t)n;
    return 0;
}

int xmpp_blocking_on_event(xmpp_conn *conn, xmpp_blocking_fn handler, void *userdata,
                           xmpp_destroy_fn destroy)
{
    struct blocking *blocking = xmpp_conn_get_data(conn, &key);
    if (!blocking) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    if (blocking->telling) {
        return XMPP_E_BUSY;
    }
    xmpp_destroy_fn old_destroy = blocking->destroy;
    void *old_userdata = blocking->userdata;
    blocking->handler = handler;
    blocking->userdata = userdata;
    blocking->destroy = destroy;
    if (old_destroy) { /* last: it may drop the connection */
        old_destroy(old_userdata);
    }
    return 0;
}

/* --- what is known -------------------------------------------------------------------------------------- */

int xmpp_blocking_is_loaded(const xmpp_conn *conn)
{
    const struct blocking *blocking = xmpp_conn_get_data(conn, &key);
    return blocking && blocking->is_loaded;
}

/* XEP-0191 6. A domain with a resource stands for itself alone. */
int xmpp_blocking_is_blocked(const xmpp_conn *conn, const xmpp_jid *jid)
{
    const struct blocking *blocking = xmpp_conn_get_data(conn, &key);
    const xmpp_map *list = blocking ? blocking->list : NULL;
    return list && jid &&
           (xmpp_map_get(list, xmpp_jid_get_text(jid)) ||
            xmpp_map_get(list, xmpp_jid_get_bare_text(jid)) ||
            xmpp_map_get(list, xmpp_jid_get_domain(jid)));
}

const xmpp_jid *xmpp_blocking_get_at(const xmpp_conn *conn, size_t index)
{
    const struct blocking *blocking = xmpp_conn_get_data(conn, &key);
    return blocking && blocking->list ? xmpp_map_get_value_at(blocking->list, index) : NULL;
}

int xmpp_blocking_is_error(const xmpp_stanza *stanza)
{
    return xmpp_elem_is(xmpp_stanza_error_get_app(stanza), "blocked", ns_errors);
}

/* --- requests ------------------------------------------------------------------------------------------- */

static int request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *what,
                   const xmpp_jid *const *jids, size_t n, int timeout_ms, xmpp_reply_fn handler,
                   void *userdata, xmpp_destroy_fn destroy)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, NULL);
    xmpp_elem *elem = xmpp_elem_add(xmpp_stanza_root(iq), what, ns);
    for (size_t i = 0; i < n; i++) {
        xmpp_elem_set_attr(xmpp_elem_add(elem, "item", NULL), "jid", xmpp_jid_get_text(jids[i]));
    }
    int result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

/* Without an address the server would refuse to block, and unblock everybody. */
static int are_given(const xmpp_jid *const *jids, size_t n)
{
    for (size_t i = 0; jids && i < n; i++) {
        if (!jids[i]) {
            return 0;
        }
    }
    return jids && n > 0;
}

int xmpp_blocking_block(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *const *jids,
                        size_t n, int timeout_ms, xmpp_reply_fn handler, void *userdata,
                        xmpp_destroy_fn destroy)
{
    if (!are_given(jids, n)) {
        return XMPP_E_INVAL;
    }
    return request(conn, ret_slot, "block", jids, n, timeout_ms, handler, userdata, destroy);
}

int xmpp_blocking_unblock(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *const *jids,
                          size_t n, int timeout_ms, xmpp_reply_fn handler, void *userdata,
                          xmpp_destroy_fn destroy)
{
    if (!are_given(jids, n)) {
        return XMPP_E_INVAL;
    }
    return request(conn, ret_slot, "unblock", jids, n, timeout_ms, handler, userdata, destroy);
}

int xmpp_blocking_unblock_all(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                              xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    return request(conn, ret_slot, "unblock", NULL, 0, timeout_ms, handler, userdata, destroy);
}
