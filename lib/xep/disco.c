/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "disco" (XEP-0030): what we are and can do, and whom we tell. What others are is asked in
 * disco_ask.c. */
#include "xmpp/disco.h"

#include <stdlib.h>
#include <string.h>

#include "disco_nodes.h"
#include "disco_whom.h"
#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

static const char key;

struct disco {
    unsigned refs; /* the module's, and one for each walk over the handlers */
    int policy;
    xmpp_stanza *own; /* a <query/> with what was set; never with an error */
    struct xm_disco_regs nodes;
    struct xm_disco_regs changes;
    xmpp_slot *timer; /* a change is going to be told */
};

static void drop_disco(void *data)
{
    struct disco *disco = data;
    if (--disco->refs > 0) {
        return;
    }
    xmpp_slot_unref(disco->timer);
    xm_disco_regs_done(&disco->nodes);
    xm_disco_regs_done(&disco->changes);
    xmpp_stanza_unref(disco->own);
    free(disco);
}

static struct disco *new_disco(void)
{
    struct disco *disco = calloc(1, sizeof *disco);
    if (!disco) {
        return NULL;
    }
    disco->refs = 1;
    disco->own = xmpp_stanza_new("query", XMPP_NS_DISCO_INFO);
    if (!disco->own) {
        free(disco);
        return NULL;
    }
    return disco;
}

static struct disco *get_disco(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

/* --- answering --------------------------------------------------------------------------------- */

static void add_children(xmpp_elem *query, const xmpp_elem *from)
{
    const xmpp_elem *child = xmpp_elem_get_child(from, NULL, NULL);
    for (; child; child = xmpp_elem_get_next(child, NULL, NULL)) {
        xmpp_elem_add_copy(query, child);
    }
}

/* What there is about a node, or without one. An enum xmpp_disco_answer, or a negative code. */
static int fill(xmpp_conn *conn, struct disco *disco, const xmpp_stanza *request, xmpp_elem *query)
{
    int is_items = xmpp_elem_is(query, NULL, XMPP_NS_DISCO_ITEMS);
    int has_node = xmpp_elem_get_attr(query, "node") != NULL;
    int answer = xm_disco_regs_ask(&disco->nodes, conn, request, query, is_items && !has_node);
    if (answer != XMPP_DISCO_NOT_MINE || has_node) {
        return answer;
    }
    if (is_items) {
        return XMPP_DISCO_FILLED; /* XEP-0030 7: nothing is an empty list */
    }
    xmpp_disco_info *info = NULL;
    int result = xmpp_disco_get_own(conn, &info);
    add_children(query, xmpp_disco_info_get_elem(info));
    xmpp_disco_info_unref(info);
    return result < 0 ? result : XMPP_DISCO_FILLED;
}

static int answer_query(xmpp_conn *conn, const xmpp_stanza *request, void *data)
{
    struct disco *disco = data;
    if (!xm_disco_may_ask(conn, disco->policy, request)) {
        int result =
            xmpp_conn_answer_error(conn, request, XMPP_CONDITION_SERVICE_UNAVAILABLE, NULL);
        return result < 0 ? result : 1;
    }
    const xmpp_elem *asked = xmpp_iq_get_payload(request);
    const char *node = xmpp_elem_get_attr(asked, "node");
    xmpp_stanza *answer = xmpp_iq_result(request);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(answer), "query", xmpp_elem_get_ns(asked));
    if (!query) {
        xmpp_stanza_unref(answer);
        return XMPP_E_NOMEM;
    }
    if (node) {
        xmpp_elem_set_attr(query, "node", node);
    }
    disco->refs++;
    int result = fill(conn, disco, request, query);
    drop_disco(disco);
    if (result == XMPP_DISCO_FILLED) {
        result = xmpp_conn_answer(conn, answer);
    } else if (result == XMPP_DISCO_NOT_MINE) {
        result = xmpp_conn_answer_error(conn, request, XMPP_CONDITION_ITEM_NOT_FOUND, NULL);
    }
    xmpp_stanza_unref(answer);
    return result < 0 ? result : 1;
}

int xmpp_disco_enable(xmpp_conn *conn)
{
    struct disco *disco = new_disco();
    xmpp_module *module = disco ? xmpp_module_new(&key, "disco", disco, drop_disco) : NULL;
    if (!module && disco) {
        drop_disco(disco);
    }
    xmpp_module_add_feature(module, XMPP_NS_DISCO_INFO);
    xmpp_module_add_feature(module, XMPP_NS_DISCO_ITEMS);
    xmpp_module_on_iq(module, XMPP_IQ_GET, "query", XMPP_NS_DISCO_INFO, answer_query);
    xmpp_module_on_iq(module, XMPP_IQ_GET, "query", XMPP_NS_DISCO_ITEMS, answer_query);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

/* --- what is told ------------------------------------------------------------------------------ */

static int has_feature(const xmpp_elem *query, const char *var)
{
    const xmpp_elem *feature = xmpp_elem_get_child(query, "feature", XMPP_NS_DISCO_INFO);
    for (; feature; feature = xmpp_elem_get_next(feature, "feature", XMPP_NS_DISCO_INFO)) {
        const char *other = xmpp_elem_get_attr(feature, "var");
        if (other && strcmp(other, var) == 0) { /* it has none for want of memory only */
            return 1;
        }
    }
    return 0;
}

/* Each once: twice would be ill-formed (XEP-0115 5.4). */
static void add_features(xmpp_elem *query, const xmpp_conn *conn)
{
    const char *var;
    for (size_t i = 0; (var = xmpp_conn_get_feature(conn, i)) != NULL; i++) {
        if (!has_feature(query, var)) {
            xmpp_disco_query_add_feature(query, var);
        }
    }
}

int xmpp_disco_get_own(xmpp_conn *conn, xmpp_disco_info **ret_info)
{
    const struct disco *disco = get_disco(conn);
    if (!conn || !ret_info) {
        return XMPP_E_INVAL;
    }
    if (!disco) {
        return XMPP_E_REQUIRES;
    }
    xmpp_stanza *stanza = xmpp_stanza_new("query", XMPP_NS_DISCO_INFO);
    xmpp_elem *query = xmpp_stanza_root(stanza);
    const xmpp_elem *own = xmpp_stanza_get_root(disco->own);
    if (!xmpp_elem_get_child(own, "identity", XMPP_NS_DISCO_INFO)) {
        xmpp_disco_query_add_identity(query, "client", "pc", "en", NULL);
    }
    add_children(query, own);
    add_features(query, conn);
    int result = xmpp_stanza_get_error(stanza);
    if (result == 0) {
        result = xmpp_disco_info_parse(ret_info, query);
    }
    xmpp_stanza_unref(stanza);
    return result;
}

/* --- setting it -------------------------------------------------------------------------------- */

static void tell_change(xmpp_conn *conn, void *userdata)
{
    (void)userdata;
    struct disco *disco = get_disco(conn);
    if (disco) {
        disco->timer = xmpp_slot_unref(disco->timer);
        disco->refs++;
        xm_disco_regs_tell(&disco->changes, conn);
        drop_disco(disco);
    }
}

/* Takes a changed copy, if all went well, and sees to it that the change is told. Drops the copy
 * otherwise. */
static int take_changed(xmpp_conn *conn, struct disco *disco, xmpp_stanza *changed)
{
    int result = xmpp_stanza_get_error(changed);
    if (result == 0 && !disco->timer) {
        result = xmpp_conn_set_timer(conn, &disco->timer, 0, tell_change, NULL, NULL);
    }
    if (result < 0) {
        xmpp_stanza_unref(changed);
        return result;
    }
    xmpp_stanza_unref(disco->own);
    disco->own = changed;
    return 0;
}

/* The module's data for a call with arguments that are there; or why not. */
static int begin(const xmpp_conn *conn, int is_good, struct disco **ret_disco)
{
    if (!conn || !is_good) {
        return XMPP_E_INVAL;
    }
    *ret_disco = get_disco(conn);
    return *ret_disco ? 0 : XMPP_E_REQUIRES;
}

int xmpp_disco_set_policy(xmpp_conn *conn, int policy)
{
    struct disco *disco = NULL;
    int is_good = policy >= XMPP_DISCO_PRESENCE && policy <= XMPP_DISCO_NOBODY;
    int result = begin(conn, is_good, &disco);
    if (result == 0) {
        disco->policy = policy;
    }
    return result;
}

int xmpp_disco_get_policy(const xmpp_conn *conn)
{
    const struct disco *disco = get_disco(conn);
    return disco ? disco->policy : XMPP_DISCO_NOBODY;
}

/* The same category, type and language are the same identity (XEP-0030 3.1). */
static int has_identity(const xmpp_elem *query, const char *category, const char *type,
                        const char *lang)
{
    const xmpp_elem *one = xmpp_elem_get_child(query, "identity", XMPP_NS_DISCO_INFO);
    for (; one; one = xmpp_elem_get_next(one, "identity", XMPP_NS_DISCO_INFO)) {
        if (strcmp(xmpp_elem_get_attr(one, "category"), category) == 0 &&
            strcmp(xmpp_elem_get_attr(one, "type"), type) == 0 &&
            strcmp(xmpp_elem_get_attr_ns(one, "lang", XMPP_NS_XML), lang) == 0) {
            return 1;
        }
    }
    return 0;
}

int xmpp_disco_add_identity(xmpp_conn *conn, const char *category, const char *type,
                            const char *lang, const char *name)
{
    struct disco *disco = NULL;
    int is_good = category && *category && type && *type && !(lang && !*lang);
    int result = begin(conn, is_good, &disco);
    if (result < 0) {
        return result;
    }
    lang = lang ? lang : "en";
    if (has_identity(xmpp_stanza_get_root(disco->own), category, type, lang)) {
        return XMPP_E_CONFLICT;
    }
    xmpp_stanza *changed = xmpp_stanza_copy(disco->own);
    xmpp_disco_query_add_identity(xmpp_stanza_root(changed), category, type, lang, name);
    return take_changed(conn, disco, changed);
}

/* A child of what was set, in a copy that will be taken. */
static xmpp_elem *child_of(xmpp_stanza *changed, const char *name)
{
    return (xmpp_elem *)xmpp_elem_get_child(xmpp_stanza_root(changed), name, NULL);
}

int xmpp_disco_clear_identities(xmpp_conn *conn)
{
    struct disco *disco = NULL;
    int result = begin(conn, 1, &disco);
    if (result < 0) {
        return result;
    }
    xmpp_stanza *changed = xmpp_stanza_copy(disco->own);
    xmpp_elem *identity;
    while ((identity = child_of(changed, "identity")) != NULL) {
        xmpp_elem_remove(identity);
    }
    return take_changed(conn, disco, changed);
}

int xmpp_disco_add_feature(xmpp_conn *conn, const char *var)
{
    struct disco *disco = NULL;
    int result = begin(conn, var && *var, &disco);
    if (result < 0 || has_feature(xmpp_stanza_get_root(disco->own), var)) {
        return result;
    }
    xmpp_stanza *changed = xmpp_stanza_copy(disco->own);
    xmpp_disco_query_add_feature(xmpp_stanza_root(changed), var);
    return take_changed(conn, disco, changed);
}

int xmpp_disco_remove_feature(xmpp_conn *conn, const char *var)
{
    struct disco *disco = NULL;
    int result = begin(conn, var != NULL, &disco);
    if (result < 0) {
        return result;
    }
    if (!has_feature(xmpp_stanza_get_root(disco->own), var)) {
        return XMPP_E_NOT_FOUND;
    }
    xmpp_stanza *changed = xmpp_stanza_copy(disco->own);
    const xmpp_elem *feature = child_of(changed, "feature");
    while (feature && strcmp(xmpp_elem_get_attr(feature, "var"), var) != 0) {
        feature = xmpp_elem_get_next(feature, "feature", NULL);
    }
    xmpp_elem_remove((xmpp_elem *)feature);
    return take_changed(conn, disco, changed);
}

static void remove_form(xmpp_stanza *changed, const char *form_type)
{
    const xmpp_elem *form = xmpp_form_find(xmpp_stanza_root(changed), form_type);
    if (form) {
        xmpp_elem_remove((xmpp_elem *)form);
    }
}

/* XEP-0128 2: a form of type "result" with a FORM_TYPE. */
int xmpp_disco_set_form(xmpp_conn *conn, const xmpp_elem *form)
{
    struct disco *disco = NULL;
    const char *form_type = xmpp_form_get_form_type(form);
    int is_good = form_type && xmpp_form_get_type(form) == XMPP_FORM_RESULT &&
                  !xmpp_form_get_reported(form) && !xmpp_form_get_item(form, 0);
    int result = begin(conn, is_good, &disco);
    if (result < 0) {
        return result;
    }
    xmpp_stanza *changed = xmpp_stanza_copy(disco->own);
    remove_form(changed, form_type);
    xmpp_elem_add_copy(xmpp_stanza_root(changed), form);
    return take_changed(conn, disco, changed);
}

int xmpp_disco_remove_form(xmpp_conn *conn, const char *form_type)
{
    struct disco *disco = NULL;
    int result = begin(conn, form_type != NULL, &disco);
    if (result < 0) {
        return result;
    }
    if (!xmpp_form_find(xmpp_stanza_get_root(disco->own), form_type)) {
        return XMPP_E_NOT_FOUND;
    }
    xmpp_stanza *changed = xmpp_stanza_copy(disco->own);
    remove_form(changed, form_type);
    return take_changed(conn, disco, changed);
}

/* --- handlers ---------------------------------------------------------------------------------- */

int xmpp_disco_on_node(xmpp_conn *conn, const void *reg_key, xmpp_disco_node_fn handler,
                       void *userdata, xmpp_destroy_fn destroy)
{
    struct disco *disco = NULL;
    struct xm_disco_reg reg = {
        .key = reg_key, .on_node = handler, .userdata = userdata, .destroy = destroy};
    int result = begin(conn, reg_key != NULL, &disco);
    if (result < 0) {
        return result;
    }
    return handler ? xm_disco_regs_add(&disco->nodes, &reg)
                   : xm_disco_regs_drop(&disco->nodes, reg_key);
}

int xmpp_disco_on_changed(xmpp_conn *conn, const void *reg_key, xmpp_disco_changed_fn handler,
                          void *userdata, xmpp_destroy_fn destroy)
{
    struct disco *disco = NULL;
    struct xm_disco_reg reg = {
        .key = reg_key, .on_changed = handler, .userdata = userdata, .destroy = destroy};
    int result = begin(conn, reg_key != NULL, &disco);
    if (result < 0) {
        return result;
    }
    return handler ? xm_disco_regs_add(&disco->changes, &reg)
                   : xm_disco_regs_drop(&disco->changes, reg_key);
}
