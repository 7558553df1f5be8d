/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gateways, XEP-0100: who is registered, what is set, and the session of the component. */
#include "gateway.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"
#include "xmpp/stanza.h"

static const char key;
static const char usual_fields[] = "username password";
enum { MAX_USERS = 10000, PAUSE = 100 /* ms, until there is room in the queue */ };

struct xm_gateway *xm_gateway_find(const xmpp_conn *conn)
{
    return conn ? xmpp_conn_get_data(conn, &key) : NULL;
}

const char *xm_gateway_domain(const xmpp_conn *conn)
{
    const xmpp_jid *jid = xmpp_conn_get_jid(conn);
    return jid ? xmpp_jid_get_domain(jid) : "";
}

char *xm_gateway_copy(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = malloc(n);
    return copy ? memcpy(copy, text, n) : NULL;
}

/* 0, or why nothing can be done. */
static int check(const xmpp_conn *conn)
{
    return !conn ? XMPP_E_INVAL : xm_gateway_find(conn) ? 0 : XMPP_E_REQUIRES;
}

/* --- sending ------------------------------------------------------------------------------------ */

int xm_gateway_send(xmpp_conn *conn, int type, const char *from, const char *to)
{
    xmpp_stanza *presence = xmpp_presence_new(type, to);
    xmpp_stanza_set_from(presence, from ? from : xm_gateway_domain(conn));
    int result = presence ? xmpp_conn_send(conn, presence) : XMPP_E_NOMEM;
    xmpp_stanza_unref(presence);
    return result;
}

int xm_gateway_memory(int result)
{
    return result == XMPP_E_NOMEM ? result : 0;
}

void xm_gateway_tell(xmpp_conn *conn, int event, const char *user, const xmpp_jid *contact,
                     const xmpp_stanza *stanza)
{
    const struct xm_gateway *gateway = xm_gateway_find(conn);
    if (gateway && gateway->teller.call) {
        ((xmpp_gateway_event_fn)gateway->teller.call)(conn, event, user, contact, stanza,
                                                      gateway->teller.userdata);
    }
}

/* --- users -------------------------------------------------------------------------------------- */

static void free_user(void *data)
{
    struct xm_gateway_user *user = data;
    xmpp_map_free(user->resources);
    free(user->username);
    free(user);
}

struct xm_gateway_user *xm_gateway_find_user(const struct xm_gateway *gateway, const char *jid)
{
    return xmpp_map_get(gateway->users, jid);
}

int xm_gateway_put_user(struct xm_gateway *gateway, const char *jid, const char *username)
{
    struct xm_gateway_user *user = xm_gateway_find_user(gateway, jid);
    char *name = xm_gateway_copy(username);
    if (!name) {
        return XMPP_E_NOMEM;
    }
    if (user) {
        free(user->username);
        user->username = name;
        return 0;
    }
    int result = xmpp_map_get_size(gateway->users) >= (size_t)gateway->max_users ? XMPP_E_TOO_BIG
                                                                                 : XMPP_E_NOMEM;
    user = result == XMPP_E_NOMEM ? calloc(1, sizeof *user) : NULL;
    if (user) {
        result = xmpp_map_set(gateway->users, jid, user);
    }
    if (result < 0) {
        free(name);
        free(user);
        return result;
    }
    user->username = name;
    return 0;
}

int xmpp_gateway_add_user(xmpp_conn *conn, const char *jid, const char *username)
{
    int result = check(conn);
    xmpp_jid *user = NULL;
    if (result == 0 && (!jid || !username || strlen(username) > XMPP_GATEWAY_FIELD_MAX)) {
        result = XMPP_E_INVAL;
    }
    if (result == 0) {
        result = xmpp_jid_parse(&user, jid);
    }
    if (result == 0) {
        result = xm_gateway_put_user(xm_gateway_find(conn), xmpp_jid_get_bare_text(user), username);
    }
    xmpp_jid_unref(user);
    return result;
}

/* XEP-0100 4.3.1 */
int xm_gateway_dismiss(xmpp_conn *conn, struct xm_gateway *gateway, const char *jid)
{
    static const int types[] = {XMPP_PRESENCE_UNSUBSCRIBE, XMPP_PRESENCE_UNSUBSCRIBED,
                                XMPP_PRESENCE_UNAVAILABLE};
    char *to = xm_gateway_copy(jid); /* it may be the key that goes */
    int result = to ? 0 : XMPP_E_NOMEM;
    for (size_t i = 0; i < sizeof types / sizeof *types && result == 0; i++) {
        result = xm_gateway_send(conn, types[i], NULL, to);
    }
    if (to && result != XMPP_E_GONE) { /* then all of them are */
        xm_gateway_close_asks(gateway, to, 0);
        xmpp_map_remove(gateway->users, to);
    }
    free(to);
    return result;
}

int xmpp_gateway_remove_user(xmpp_conn *conn, const char *jid)
{
    int result = jid ? check(conn) : XMPP_E_INVAL;
    if (result < 0) {
        return result;
    }
    struct xm_gateway *gateway = xm_gateway_find(conn);
    return xm_gateway_find_user(gateway, jid) ? xm_gateway_dismiss(conn, gateway, jid)
                                              : XMPP_E_NOT_FOUND;
}

const char *xmpp_gateway_get_user(const xmpp_conn *conn, size_t index)
{
    const struct xm_gateway *gateway = xm_gateway_find(conn);
    return gateway ? xmpp_map_get_key_at(gateway->users, index) : NULL;
}

static const struct xm_gateway_user *look(const xmpp_conn *conn, const char *jid)
{
    const struct xm_gateway *gateway = xm_gateway_find(conn);
    return gateway && jid ? xm_gateway_find_user(gateway, jid) : NULL;
}

const char *xmpp_gateway_get_username(const xmpp_conn *conn, const char *jid)
{
    const struct xm_gateway_user *user = look(conn, jid);
    return user ? user->username : NULL;
}

int xmpp_gateway_is_logged_in(const xmpp_conn *conn, const char *jid)
{
    const struct xm_gateway_user *user = look(conn, jid);
    return user && user->state == XM_GATEWAY_IN;
}

/* --- settings ----------------------------------------------------------------------------------- */

/* Replaces two texts, or none of them. */
static int set_texts(char **first, const char *first_text, char **second, const char *second_text)
{
    char *a = first_text ? xm_gateway_copy(first_text) : NULL;
    char *b = second_text ? xm_gateway_copy(second_text) : NULL;
    if ((first_text && !a) || (second_text && !b)) {
        free(a);
        free(b);
        return XMPP_E_NOMEM;
    }
    free(*first);
    free(*second);
    *first = a;
    *second = b;
    return 0;
}

/* Names of elements, "username" among them. */
static int check_fields(const char *fields)
{
    xmpp_stanza *probe = xmpp_stanza_new("query", XM_NS_GATEWAY_REGISTER);
    char *copy = probe ? xm_gateway_copy(fields) : NULL;
    char *rest = copy;
    int is_short = 1;
    for (char *name; rest && (name = strtok_r(rest, " ", &rest));) {
        xmpp_elem_add(xmpp_stanza_root(probe), name, NULL);
        is_short &= strlen(name) < XM_GATEWAY_NAME_MAX;
    }
    int result = copy ? xmpp_stanza_get_error(probe) : XMPP_E_NOMEM;
    result = result == 0 && !is_short ? XMPP_E_INVAL : result;
    if (result == 0 && !xmpp_elem_get_child(xmpp_stanza_get_root(probe), "username", NULL)) {
        result = XMPP_E_INVAL;
    }
    free(copy);
    xmpp_stanza_unref(probe);
    return result == XMPP_E_NOMEM ? result : result < 0 ? XMPP_E_INVAL : 0;
}

int xmpp_gateway_set_registration(xmpp_conn *conn, const char *instructions, const char *fields)
{
    int result = check(conn);
    fields = fields ? fields : usual_fields;
    if (result == 0) {
        result = check_fields(fields);
    }
    if (result < 0) {
        return result;
    }
    struct xm_gateway *gateway = xm_gateway_find(conn);
    return set_texts(&gateway->instructions, instructions, &gateway->fields, fields);
}

int xmpp_gateway_set_prompt(xmpp_conn *conn, const char *desc, const char *prompt)
{
    int result = check(conn);
    if (result < 0) {
        return result;
    }
    struct xm_gateway *gateway = xm_gateway_find(conn);
    return set_texts(&gateway->desc, desc, &gateway->prompt, prompt);
}

int xmpp_gateway_set_max_users(xmpp_conn *conn, int max)
{
    int result = check(conn);
    if (result == 0 && max < 1) {
        result = XMPP_E_INVAL;
    }
    if (result == 0) {
        xm_gateway_find(conn)->max_users = max;
    }
    return result;
}

static void drop_handler(struct xm_gateway_handler *handler)
{
    struct xm_gateway_handler old = *handler;
    *handler = (struct xm_gateway_handler){NULL, NULL, NULL};
    if (old.destroy) {
        old.destroy(old.userdata);
    }
}

static int set_handler(xmpp_conn *conn, size_t offset, void (*call)(void), void *userdata,
                       xmpp_destroy_fn destroy)
{
    int result = check(conn);
    if (result < 0) {
        return result;
    }
    struct xm_gateway_handler *handler = (void *)((char *)xm_gateway_find(conn) + offset);
    struct xm_gateway_handler old = *handler;
    *handler = (struct xm_gateway_handler){call, userdata, destroy};
    drop_handler(&old); /* last: it may drop the connection */
    return 0;
}

int xmpp_gateway_on_ask(xmpp_conn *conn, xmpp_gateway_ask_fn handler, void *userdata,
                        xmpp_destroy_fn destroy)
{
    return set_handler(conn, offsetof(struct xm_gateway, asker), (void (*)(void))handler, userdata,
                       destroy);
}

int xmpp_gateway_on_event(xmpp_conn *conn, xmpp_gateway_event_fn handler, void *userdata,
                          xmpp_destroy_fn destroy)
{
    return set_handler(conn, offsetof(struct xm_gateway, teller), (void (*)(void))handler, userdata,
                       destroy);
}

/* --- the session -------------------------------------------------------------------------------- */

/* Looks for all users who are there; whoever is answers with presence, and is logged in by it. */
static void greet(xmpp_conn *conn, void *userdata)
{
    struct xm_gateway *gateway = xm_gateway_find(conn);
    struct xm_gateway_user *user;
    int result = 0;
    (void)userdata;
    if (!gateway) {
        return;
    }
    gateway->greeting = xmpp_slot_unref(gateway->greeting);
    for (size_t i = 0; result == 0 && (user = xmpp_map_get_value_at(gateway->users, i)); i++) {
        if (!user->is_greeted) {
            result = xm_gateway_send(conn, XMPP_PRESENCE_PROBE, NULL,
                                     xmpp_map_get_key_at(gateway->users, i));
            user->is_greeted = result == 0;
        }
    }
    if (result == XMPP_E_QUEUE_FULL) {
        result = xmpp_conn_set_timer(conn, &gateway->greeting, PAUSE, greet, NULL, NULL);
    }
    if (result == XMPP_E_NOMEM) {
        xmpp_conn_fail(conn, result, "gateway");
    }
}

static int on_session(xmpp_conn *conn, int event, void *userdata)
{
    struct xm_gateway *gateway = userdata;
    struct xm_gateway_user *user;
    if (event == XMPP_SESSION_ONLINE) {
        greet(conn, NULL);
    } else if (event == XMPP_SESSION_OFFLINE) {
        gateway->greeting = xmpp_slot_unref(gateway->greeting);
        xm_gateway_close_asks(gateway, NULL, 0);
        for (size_t i = 0; (user = xmpp_map_get_value_at(gateway->users, i)); i++) {
            xmpp_map_clear(user->resources);
            user->state = XM_GATEWAY_OUT;
            user->is_greeted = 0;
        }
    }
    return 0;
}

int xmpp_gateway_leave(xmpp_conn *conn)
{
    int result = check(conn);
    const char *jid;
    for (size_t i = 0; result != XMPP_E_REQUIRES && (jid = xmpp_gateway_get_user(conn, i)); i++) {
        int code = xm_gateway_send(conn, XMPP_PRESENCE_UNAVAILABLE, NULL, jid);
        if (code == XMPP_E_GONE) {
            return code;
        }
        result = result < 0 ? result : code;
    }
    return result;
}

int xmpp_gateway_remove_contact(xmpp_conn *conn, const char *user, const char *contact)
{
    static const int types[] = {XMPP_PRESENCE_UNSUBSCRIBE, XMPP_PRESENCE_UNSUBSCRIBED,
                                XMPP_PRESENCE_UNAVAILABLE};
    int result = user && contact ? check(conn) : XMPP_E_INVAL;
    for (size_t i = 0; i < sizeof types / sizeof *types && result == 0; i++) {
        result = xm_gateway_send(conn, types[i], contact, user);
    }
    return result;
}

/* --- enabling ----------------------------------------------------------------------------------- */

static void free_gateway(void *data)
{
    struct xm_gateway *gateway = data;
    xm_gateway_close_asks(gateway, NULL, 0);
    xmpp_slot_unref(gateway->greeting);
    drop_handler(&gateway->asker);
    drop_handler(&gateway->teller);
    xmpp_map_free(gateway->users);
    free(gateway->instructions);
    free(gateway->fields);
    free(gateway->desc);
    free(gateway->prompt);
    free(gateway);
}

static struct xm_gateway *new_gateway(void)
{
    struct xm_gateway *gateway = calloc(1, sizeof *gateway);
    if (!gateway) {
        return NULL;
    }
    gateway->max_users = MAX_USERS;
    gateway->users = xmpp_map_new(free_user);
    gateway->fields = xm_gateway_copy(usual_fields);
    if (!gateway->users || !gateway->fields) {
        free_gateway(gateway);
        return NULL;
    }
    return gateway;
}

int xmpp_gateway_enable(xmpp_conn *conn)
{
    struct xm_gateway *gateway = new_gateway();
    xmpp_module *module = gateway ? xmpp_module_new(&key, "gateway", gateway, free_gateway) : NULL;
    if (!module) {
        if (gateway) {
            free_gateway(gateway);
        }
        return XMPP_E_NOMEM;
    }
    int both = XMPP_IQ_GET | XMPP_IQ_SET;
    xmpp_module_add_feature(module, XM_NS_GATEWAY_REGISTER);
    xmpp_module_add_feature(module, XM_NS_GATEWAY);
    xmpp_module_on_iq(module, both, "query", XM_NS_GATEWAY_REGISTER, xm_gateway_on_register);
    xmpp_module_on_iq(module, both, "query", XM_NS_GATEWAY, xm_gateway_on_name);
    xmpp_module_on_receive(module, XMPP_KIND_PRESENCE, XMPP_FILTER_NOTE, xm_gateway_on_presence);
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_CHECK, xm_gateway_on_message);
    xmpp_module_on_session(module, on_session);
    xmpp_module_redact(module, "password", XM_NS_GATEWAY_REGISTER, NULL, NULL);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}
