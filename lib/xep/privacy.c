/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Privacy lists, XEP-0016: asking for them, changing them, and hearing that they changed. Keeps none,
 * and applies no rule: the server does. */
#include "xmpp/privacy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

static const char ns[] = XMPP_NS_PRIVACY;
static const char key;

struct privacy {
    xmpp_privacy_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
    int telling;
};

/* --- the module ----------------------------------------------------------------------------------- */

static int refuse(xmpp_conn *conn, const xmpp_stanza *iq, int condition)
{
    int result = xmpp_conn_answer_error(conn, iq, condition, NULL);
    return result < 0 ? result : 1;
}

/* XEP-0016 2.6: one list, by its name. */
static int hear_push(xmpp_conn *conn, const xmpp_stanza *iq, void *data)
{
    struct privacy *privacy = data;
    if (!xmpp_conn_is_from_account(conn, iq)) {
        return refuse(conn, iq, XMPP_CONDITION_SERVICE_UNAVAILABLE);
    }
    const xmpp_elem *list = xmpp_elem_get_child(xmpp_iq_get_payload(iq), "list", ns);
    const char *name = xmpp_elem_get_attr(list, "name");
    if (!name || xmpp_elem_get_next(list, "list", ns)) {
        return refuse(conn, iq, XMPP_CONDITION_BAD_REQUEST);
    }
    xmpp_stanza *answer = xmpp_iq_result(iq);
    int result = xmpp_conn_answer(conn, answer);
    xmpp_stanza_unref(answer);
    if (result < 0) {
        return result;
    }
    if (privacy->handler) {
        privacy->telling++;
        privacy->handler(conn, name, privacy->userdata);
        privacy->telling--;
    }
    return 1;
}

static void free_privacy(void *data)
{
    struct privacy *privacy = data;
    if (privacy->destroy) {
        privacy->destroy(privacy->userdata);
    }
    free(privacy);
}

int xmpp_privacy_enable(xmpp_conn *conn)
{
    struct privacy *privacy = calloc(1, sizeof *privacy);
    xmpp_module *module = privacy ? xmpp_module_new(&key, "privacy", privacy, free_privacy) : NULL;
    if (!module) {
        free(privacy);
        return XMPP_E_NOMEM;
    }
    xmpp_module_on_iq(module, XMPP_IQ_SET, "query", ns, hear_push);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_privacy_on_change(xmpp_conn *conn, xmpp_privacy_fn handler, void *userdata,
                           xmpp_destroy_fn destroy)
{
    struct privacy *privacy = xmpp_conn_get_data(conn, &key);
    if (!privacy) {
        return conn ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    if (privacy->telling) {
        return XMPP_E_BUSY;
    }
    xmpp_destroy_fn old_destroy = privacy->destroy;
    void *old_userdata = privacy->userdata;
    privacy->handler = handler;
    privacy->userdata = userdata;
    privacy->destroy = destroy;
    if (old_destroy) { /* last: it may drop the connection */
        old_destroy(old_userdata);
    }
    return 0;
}

/* --- requests -------------------------------------------------------------------------------------- */

static int request(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza *iq, int timeout_ms,
                   xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

/* With a child that names a list; or none. */
static xmpp_stanza *new_iq(int type, const char *what, const char *name)
{
    xmpp_stanza *iq = xmpp_iq_new(type, NULL);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", ns);
    if (what) {
        xmpp_elem_set_attr(xmpp_elem_add(query, what, NULL), "name", name);
    }
    return iq;
}

int xmpp_privacy_request_names(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                               xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    return request(conn, ret_slot, new_iq(XMPP_IQ_GET, NULL, NULL), timeout_ms, handler, userdata,
                   destroy);
}

int xmpp_privacy_request_list(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                              int timeout_ms, xmpp_reply_fn handler, void *userdata,
                              xmpp_destroy_fn destroy)
{
    if (!name) {
        return XMPP_E_INVAL;
    }
    return request(conn, ret_slot, new_iq(XMPP_IQ_GET, "list", name), timeout_ms, handler, userdata,
                   destroy);
}

/* A list without a rule is how one is removed (XEP-0016 2.8), which must not happen by mistake. */
int xmpp_privacy_set_list(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_stanza *list,
                          int timeout_ms, xmpp_reply_fn handler, void *userdata,
                          xmpp_destroy_fn destroy)
{
    const xmpp_elem *root = xmpp_stanza_get_root(list);
    int result = list ? xmpp_stanza_get_error(list) : XMPP_E_INVAL;
    if (result == 0 && (!xmpp_elem_is(root, "list", ns) || !xmpp_elem_get_attr(root, "name") ||
                        !xmpp_elem_get_child(root, "item", ns))) {
        result = XMPP_E_INVAL;
    }
    if (result < 0) {
        return result;
    }
    xmpp_stanza *iq = new_iq(XMPP_IQ_SET, NULL, NULL);
    xmpp_elem_add_copy(xmpp_elem_find(xmpp_stanza_root(iq), "query", ns), root);
    return request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy);
}

int xmpp_privacy_remove_list(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                             int timeout_ms, xmpp_reply_fn handler, void *userdata,
                             xmpp_destroy_fn destroy)
{
    if (!name) {
        return XMPP_E_INVAL;
    }
    return request(conn, ret_slot, new_iq(XMPP_IQ_SET, "list", name), timeout_ms, handler, userdata,
                   destroy);
}

int xmpp_privacy_set_active(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name, int timeout_ms,
                            xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    return request(conn, ret_slot, new_iq(XMPP_IQ_SET, "active", name), timeout_ms, handler,
                   userdata, destroy);
}

int xmpp_privacy_set_default(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                             int timeout_ms, xmpp_reply_fn handler, void *userdata,
                             xmpp_destroy_fn destroy)
{
    return request(conn, ret_slot, new_iq(XMPP_IQ_SET, "default", name), timeout_ms, handler,
                   userdata, destroy);
}

/* --- reading ----------------------------------------------------------------------------------------- */

static const xmpp_elem *find_in_reply(const xmpp_stanza *reply, const char *name)
{
    const xmpp_elem *root = xmpp_stanza_get_root(reply);
    if (xmpp_iq_get_type(reply) != XMPP_IQ_RESULT) {
        return NULL;
    }
    return xmpp_elem_get_child(xmpp_elem_get_child(root, "query", ns), name, ns);
}

const char *xmpp_privacy_get_active(const xmpp_stanza *reply)
{
    return xmpp_elem_get_attr(find_in_reply(reply, "active"), "name");
}

const char *xmpp_privacy_get_default(const xmpp_stanza *reply)
{
    return xmpp_elem_get_attr(find_in_reply(reply, "default"), "name");
}

const char *xmpp_privacy_get_name_at(const xmpp_stanza *reply, size_t index)
{
    const xmpp_elem *list = find_in_reply(reply, "list");
    size_t at = 0;
    for (; list && index < XMPP_PRIVACY_NAMES_MAX; list = xmpp_elem_get_next(list, "list", ns)) {
        const char *name = xmpp_elem_get_attr(list, "name");
        if (name && at++ == index) {
            return name;
        }
    }
    return NULL;
}

const xmpp_elem *xmpp_privacy_get_list(const xmpp_stanza *reply)
{
    return find_in_reply(reply, "list");
}

int xmpp_privacy_rule_get_kind(const xmpp_elem *rule)
{
    static const char *const names[] = {"", "jid", "group", "subscription"};
    const char *type = xmpp_elem_get_attr(rule, "type");
    if (!type) {
        return XMPP_PRIVACY_ALL;
    }
    for (int kind = XMPP_PRIVACY_JID; kind <= XMPP_PRIVACY_SUBSCRIPTION; kind++) {
        if (strcmp(type, names[kind]) == 0) {
            return kind;
        }
    }
    return -1;
}

const char *xmpp_privacy_rule_get_value(const xmpp_elem *rule)
{
    return xmpp_privacy_rule_get_kind(rule) > XMPP_PRIVACY_ALL ? xmpp_elem_get_attr(rule, "value")
                                                               : NULL;
}

/* An unsignedInt of XML Schema, without more zeros than one. */
int64_t xmpp_privacy_rule_get_order(const xmpp_elem *rule)
{
    const char *text = xmpp_elem_get_attr(rule, "order");
    int64_t order = 0;
    for (const char *at = text; at && *at; at++) {
        if (*at < '0' || *at > '9' || order > UINT32_MAX) {
            return -1;
        }
        order = order * 10 + (*at - '0');
    }
    return text && *text && order <= UINT32_MAX ? order : -1;
}

int xmpp_privacy_rule_is_deny(const xmpp_elem *rule)
{
    const char *action = xmpp_elem_get_attr(rule, "action");
    return action && strcmp(action, "deny") == 0;
}

/* None of them means all (XEP-0016 2.1). */
static const struct {
    int bit;
    const char *name;
} kinds_of_stanza[] = {
    {XMPP_PRIVACY_MESSAGE, "message"},
    {XMPP_PRIVACY_IQ, "iq"},
    {XMPP_PRIVACY_PRESENCE_IN, "presence-in"},
    {XMPP_PRIVACY_PRESENCE_OUT, "presence-out"},
};
enum { N_KINDS = (int)(sizeof kinds_of_stanza / sizeof *kinds_of_stanza) };

int xmpp_privacy_rule_get_what(const xmpp_elem *rule)
{
    int what = 0;
    for (int i = 0; i < N_KINDS; i++) {
        if (xmpp_elem_get_child(rule, kinds_of_stanza[i].name, ns)) {
            what |= kinds_of_stanza[i].bit;
        }
    }
    return what ? what : XMPP_PRIVACY_EVERYTHING;
}

/* --- building ----------------------------------------------------------------------------------------- */

xmpp_stanza *xmpp_privacy_list_new(const char *name)
{
    xmpp_stanza *list = name ? xmpp_stanza_new("list", ns) : NULL;
    xmpp_elem_set_attr(xmpp_stanza_root(list), "name", name);
    return list;
}

/* Behind all that are there. */
static int64_t next_order(const xmpp_stanza *list)
{
    const xmpp_elem *rule = xmpp_elem_get_child(xmpp_stanza_get_root(list), "item", ns);
    int64_t next = 1;
    for (; rule; rule = xmpp_elem_get_next(rule, "item", ns)) {
        int64_t order = xmpp_privacy_rule_get_order(rule);
        next = order >= next ? order + 1 : next;
    }
    return next;
}

int xmpp_privacy_list_add(xmpp_stanza *list, int kind, const char *value, int deny, int what)
{
    static const char *const types[] = {NULL, "jid", "group", "subscription"};
    char order[24];
    int is_kind = kind >= XMPP_PRIVACY_ALL && kind <= XMPP_PRIVACY_SUBSCRIPTION;
    if (!list || !is_kind || (kind == XMPP_PRIVACY_ALL) != !value ||
        (what & ~XMPP_PRIVACY_EVERYTHING)) {
        return XMPP_E_INVAL;
    }
    (void)snprintf(order, sizeof order, "%" PRId64, next_order(list));
    xmpp_elem *rule = xmpp_elem_add(xmpp_stanza_root(list), "item", NULL);
    xmpp_elem_set_attr(rule, "type", types[kind]);
    xmpp_elem_set_attr(rule, "value", value);
    xmpp_elem_set_attr(rule, "action", deny ? "deny" : "allow");
    xmpp_elem_set_attr(rule, "order", order);
    for (int i = 0; what != XMPP_PRIVACY_EVERYTHING && i < N_KINDS; i++) {
        if (what & kinds_of_stanza[i].bit) {
            xmpp_elem_add(rule, kinds_of_stanza[i].name, NULL);
        }
    }
    return xmpp_stanza_get_error(list);
}
