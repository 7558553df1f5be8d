/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offline messages one by one, XEP-0013. Keeps no message and no header: only what was asked for and is
 * under way, so that nobody can pass for it. */
#include "xmpp/offline_retrieval.h"

#include <stdlib.h>
#include <string.h>

#include "question.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"

static const char ns[] = XMPP_NS_OFFLINE;
static const char ns_info[] = "http://jabber.org/protocol/disco#info";
static const char ns_items[] = "http://jabber.org/protocol/disco#items";
static const char ns_form[] = "jabber:x:data";
static const char key;
static const char node_key;

enum { MARKS_MAX = 16 }; /* in one message */

struct fetch;

/* What is under way. The module and each request have a share: either may end first. */
struct live {
    int refs;
    struct fetch *first;
};

/* A request for messages. */
struct fetch {
    struct live *live;
    struct fetch *next;
    xmpp_reply_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
    size_t n;      /* 0: all */
    char *nodes[]; /* NULL: has come */
};

static void unref(void *data)
{
    struct live *live = data;
    if (--live->refs == 0) {
        free(live);
    }
}

/* --- what comes ----------------------------------------------------------------------------------- */

/* 1 if this message was asked for; of a node that was named, once. */
static int take(struct live *live, const char *node)
{
    int takes_all = 0;
    for (struct fetch *fetch = live->first; fetch; fetch = fetch->next) {
        takes_all |= fetch->n == 0;
        for (size_t i = 0; i < fetch->n; i++) {
            if (fetch->nodes[i] && strcmp(fetch->nodes[i], node) == 0) {
                free(fetch->nodes[i]);
                fetch->nodes[i] = NULL;
                return 1;
            }
        }
    }
    return takes_all;
}

/* The node that a message names; NULL if it names none, or more than one: then somebody wrote the
 * other. */
static const char *read_node(const xmpp_elem *offline)
{
    const xmpp_elem *item = xmpp_elem_get_child(offline, "item", ns);
    if (xmpp_elem_get_next(offline, "offline", ns) || xmpp_elem_get_next(item, "item", ns)) {
        return NULL;
    }
    return xmpp_elem_get_attr(item, "node");
}

/* Each costs a look at all that is in front of it, and one is what servers write: a message with
 * many is made to keep us busy, and goes no further. */
static int strip(xmpp_stanza *stanza)
{
    xmpp_elem *offline;
    int n = 0;
    while ((offline = xmpp_elem_find(xmpp_stanza_root(stanza), "offline", ns))) {
        if (++n > MARKS_MAX) {
            return 1;
        }
        xmpp_elem_remove(offline);
        if (xmpp_elem_get_parent(offline)) {
            return XMPP_E_INTERNAL;
        }
    }
    return 0;
}

/* XEP-0013 2.4: the server marks what it sends on request. Anybody can write such a mark, so it counts
 * only where one is waited for (threat: results that nobody asked for). */
static int check(xmpp_conn *conn, xmpp_stanza *stanza, void *data)
{
    const xmpp_elem *offline = xmpp_elem_get_child(xmpp_stanza_get_root(stanza), "offline", ns);
    const char *node = read_node(offline);
    (void)conn;
    if (!offline) {
        return 0;
    }
    if (!node || xmpp_stanza_is_inner(stanza) || !take(data, node)) {
        return strip(stanza);
    }
    char *copy = strdup(node);
    int result = copy ? xmpp_stanza_set_fact(stanza, &node_key, copy, free) : XMPP_E_NOMEM;
    if (result < 0) {
        free(copy);
    }
    return result;
}

const char *xmpp_offline_retrieval_get_node(const xmpp_stanza *message)
{
    return xmpp_stanza_get_fact(message, &node_key);
}

int xmpp_offline_retrieval_enable(xmpp_conn *conn)
{
    struct live *live = calloc(1, sizeof *live);
    xmpp_module *module = live ? xmpp_module_new(&key, "offline-retrieval", live, unref) : NULL;
    if (!module) {
        free(live);
        return XMPP_E_NOMEM;
    }
    live->refs = 1;
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_CHECK, check);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

/* --- requests for messages ------------------------------------------------------------------------ */

static void free_fetch(struct fetch *fetch)
{
    struct fetch **at = &fetch->live->first;
    while (*at != fetch) {
        at = &(*at)->next;
    }
    *at = fetch->next;
    unref(fetch->live);
    for (size_t i = 0; i < fetch->n; i++) {
        free(fetch->nodes[i]);
    }
    free(fetch);
}

static void forget(void *data)
{
    struct fetch *fetch = data;
    if (fetch->destroy) {
        fetch->destroy(fetch->userdata);
    }
    free_fetch(fetch);
}

static void hear(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *data)
{
    const struct fetch *fetch = data;
    fetch->handler(conn, error, reply, fetch->userdata);
}

static struct fetch *new_fetch(struct live *live, const char *const *nodes, size_t n)
{
    struct fetch *fetch = calloc(1, sizeof *fetch + n * sizeof *fetch->nodes);
    if (!fetch) {
        return NULL;
    }
    fetch->live = live;
    fetch->n = n;
    fetch->next = live->first;
    live->first = fetch;
    live->refs++;
    for (size_t i = 0; i < n; i++) {
        fetch->nodes[i] = strdup(nodes[i]);
        if (!fetch->nodes[i]) {
            free_fetch(fetch);
            return NULL;
        }
    }
    return fetch;
}

/* An iq with the actions on these nodes. */
static xmpp_stanza *new_iq(int type, const char *action, const char *const *nodes, size_t n)
{
    xmpp_stanza *iq = xmpp_iq_new(type, NULL);
    xmpp_elem *offline = xmpp_elem_add(xmpp_stanza_root(iq), "offline", ns);
    for (size_t i = 0; i < n; i++) {
        xmpp_elem *item = xmpp_elem_add(offline, "item", NULL);
        xmpp_elem_set_attr(item, "action", action);
        xmpp_elem_set_attr(item, "node", nodes[i]);
    }
    if (n == 0) {
        xmpp_elem_add(offline, action, NULL);
    }
    return iq;
}

static int fetch_messages(xmpp_conn *conn, xmpp_slot **ret_slot, const char *const *nodes, size_t n,
                          int timeout_ms, xmpp_reply_fn handler, void *userdata,
                          xmpp_destroy_fn destroy)
{
    struct live *live = xmpp_conn_get_data(conn, &key);
    if (!conn || !handler) {
        return XMPP_E_INVAL;
    }
    if (!live) {
        return XMPP_E_REQUIRES;
    }
    struct fetch *fetch = new_fetch(live, nodes, n);
    if (!fetch) {
        return XMPP_E_NOMEM;
    }
    fetch->handler = handler;
    fetch->userdata = userdata;
    fetch->destroy = destroy;
    xmpp_stanza *iq = new_iq(XMPP_IQ_GET, n > 0 ? "view" : "fetch", nodes, n);
    int result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, hear, fetch, forget);
    xmpp_stanza_unref(iq);
    if (result < 0 && result != XMPP_E_GONE) {
        free_fetch(fetch); /* the userdata is the caller's still */
    }
    return result;
}

static int are_given(const char *const *nodes, size_t n)
{
    for (size_t i = 0; nodes && i < n; i++) {
        if (!nodes[i]) {
            return 0;
        }
    }
    return nodes && n > 0;
}

int xmpp_offline_retrieval_view(xmpp_conn *conn, xmpp_slot **ret_slot, const char *const *nodes,
                                size_t n, int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                xmpp_destroy_fn destroy)
{
    if (!are_given(nodes, n) || n > XMPP_OFFLINE_VIEW_MAX) {
        return XMPP_E_INVAL;
    }
    return fetch_messages(conn, ret_slot, nodes, n, timeout_ms, handler, userdata, destroy);
}

int xmpp_offline_retrieval_fetch(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                 xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    return fetch_messages(conn, ret_slot, NULL, 0, timeout_ms, handler, userdata, destroy);
}

/* --- other requests ------------------------------------------------------------------------------- */

static int request(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza *iq, int timeout_ms,
                   xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    int result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

int xmpp_offline_retrieval_remove(xmpp_conn *conn, xmpp_slot **ret_slot, const char *const *nodes,
                                  size_t n, int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                  xmpp_destroy_fn destroy)
{
    if (!are_given(nodes, n)) {
        return XMPP_E_INVAL;
    }
    return request(conn, ret_slot, new_iq(XMPP_IQ_SET, "remove", nodes, n), timeout_ms, handler,
                   userdata, destroy);
}

int xmpp_offline_retrieval_purge(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                 xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    return request(conn, ret_slot, new_iq(XMPP_IQ_SET, "purge", NULL, 0), timeout_ms, handler,
                   userdata, destroy);
}

/* Service discovery of the account, at the node that stands for its messages. */
static xmpp_stanza *new_query(const char *ns_query)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem_set_attr(xmpp_elem_add(xmpp_stanza_root(iq), "query", ns_query), "node", ns);
    return iq;
}

int xmpp_offline_retrieval_request_headers(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                           xmpp_reply_fn handler, void *userdata,
                                           xmpp_destroy_fn destroy)
{
    return request(conn, ret_slot, new_query(ns_items), timeout_ms, handler, userdata, destroy);
}

/* With a node, or the next one that has. */
static const xmpp_elem *first_header(const xmpp_elem *item)
{
    while (item && !xmpp_elem_get_attr(item, "node")) {
        item = xmpp_elem_get_next(item, "item", ns_items);
    }
    return item;
}

const xmpp_elem *xmpp_offline_retrieval_get_header(const xmpp_stanza *reply, const xmpp_elem *last)
{
    if (last) {
        return first_header(xmpp_elem_get_next(last, "item", ns_items));
    }
    const xmpp_elem *query = xmpp_elem_get_child(xmpp_stanza_get_root(reply), "query", ns_items);
    return xmpp_iq_get_type(reply) == XMPP_IQ_RESULT
               ? first_header(xmpp_elem_get_child(query, "item", ns_items))
               : NULL;
}

const char *xmpp_offline_header_get_node(const xmpp_elem *header)
{
    return xmpp_elem_get_attr(header, "node");
}

const char *xmpp_offline_header_get_from(const xmpp_elem *header)
{
    return xmpp_elem_get_attr(header, "name");
}

/* --- the number ------------------------------------------------------------------------------------ */

/* XEP-0013 2.2: a field of a form (XEP-0128). */
static const char *find_number(const xmpp_stanza *reply)
{
    const xmpp_elem *query = xmpp_elem_get_child(xmpp_stanza_get_root(reply), "query", ns_info);
    const xmpp_elem *field = xmpp_elem_get_child(query, "x", ns_form);
    field = xmpp_elem_get_child(field, "field", ns_form);
    for (; field; field = xmpp_elem_get_next(field, "field", ns_form)) {
        const char *var = xmpp_elem_get_attr(field, "var");
        if (var && strcmp(var, "number_of_messages") == 0) {
            return xmpp_elem_get_child_text(field, "value", ns_form);
        }
    }
    return NULL;
}

static int read_number(const char *text, size_t *ret_count)
{
    size_t count = 0;
    if (!text || !*text) {
        return XMPP_E_PROTOCOL;
    }
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || count > UINT32_MAX / 16) {
            return XMPP_E_PROTOCOL;
        }
        count = count * 10 + (size_t)(*text - '0');
    }
    *ret_count = count;
    return 0;
}

static void hear_count(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *data)
{
    const struct xm_question *question = data;
    size_t number = 0;
    if (error == 0) {
        error = read_number(find_number(reply), &number);
    }
    ((xmpp_offline_count_fn)question->handler)(conn, error, number, reply, question->userdata);
}

int xmpp_offline_retrieval_count(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                 xmpp_offline_count_fn handler, void *userdata,
                                 xmpp_destroy_fn destroy)
{
    if (!conn || !handler) {
        return XMPP_E_INVAL;
    }
    return xm_question_ask(conn, ret_slot, new_query(ns_info), timeout_ms, hear_count,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}
