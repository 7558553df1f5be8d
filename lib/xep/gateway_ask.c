/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a gateway asks its application, XEP-0100 4 and 6.3, and what its answers lead to. */
#include "gateway.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/presence.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

struct xmpp_gateway_ask {
    unsigned refs;
    struct xm_gateway *gateway; /* NULL: it is answered, or too late */
    xmpp_conn *conn;
    xmpp_gateway_ask *next; /* open, as this one */
    int kind;
    int is_new;      /* of XMPP_GATEWAY_REGISTER: it was no user before */
    int is_answered; /* of XMPP_GATEWAY_REGISTER: the result was sent, the subscription was not */
    const xmpp_stanza *stanza; /* what led to it */
    char user[];
};

/* It is open no longer. */
static void close_ask(xmpp_gateway_ask *ask)
{
    xmpp_gateway_ask **at = &ask->gateway->asks;
    while (*at != ask) {
        at = &(*at)->next;
    }
    *at = ask->next;
    ask->gateway->n_asks--;
    ask->gateway = NULL;
}

void xm_gateway_close_asks(struct xm_gateway *gateway, const char *user, int kind)
{
    xmpp_gateway_ask *next;
    for (xmpp_gateway_ask *ask = gateway->asks; ask; ask = next) {
        next = ask->next;
        if ((!user || strcmp(ask->user, user) == 0) && (kind == 0 || ask->kind == kind)) {
            close_ask(ask);
        }
    }
}

int xm_gateway_ask(xmpp_conn *conn, struct xm_gateway *gateway, int kind, const char *user,
                   const xmpp_stanza *stanza)
{
    if (gateway->n_asks >= XMPP_GATEWAY_ASKS_MAX) {
        return XMPP_E_TOO_BIG;
    }
    size_t n = strlen(user) + 1;
    xmpp_gateway_ask *ask = calloc(1, sizeof *ask + n);
    if (!ask) {
        return XMPP_E_NOMEM;
    }
    ask->refs = 1;
    ask->gateway = gateway;
    ask->conn = conn;
    ask->kind = kind;
    ask->stanza = xmpp_stanza_ref(stanza);
    memcpy(ask->user, user, n);
    ask->next = gateway->asks;
    gateway->asks = ask;
    gateway->n_asks++;
    if (gateway->asker.call) {
        ((xmpp_gateway_ask_fn)gateway->asker.call)(conn, ask, gateway->asker.userdata);
    }
    int result = 0;
    if (ask->refs == 1 && ask->gateway) { /* nobody keeps it */
        result = xmpp_gateway_ask_refuse(ask, 0, NULL);
    }
    xmpp_gateway_ask_unref(ask);
    return result == XMPP_E_NOMEM ? result : 0;
}

/* --- reading ------------------------------------------------------------------------------------ */

int xmpp_gateway_ask_get_kind(const xmpp_gateway_ask *ask)
{
    return ask ? ask->kind : 0;
}

const char *xmpp_gateway_ask_get_user(const xmpp_gateway_ask *ask)
{
    return ask ? ask->user : NULL;
}

const xmpp_jid *xmpp_gateway_ask_get_contact(const xmpp_gateway_ask *ask)
{
    return ask && ask->kind == XMPP_GATEWAY_ADD ? xmpp_stanza_get_to(ask->stanza) : NULL;
}

const char *xmpp_gateway_ask_get_field(const xmpp_gateway_ask *ask, const char *name)
{
    const xmpp_elem *query = ask ? xmpp_iq_get_payload(ask->stanza) : NULL;
    if (!query || !name) {
        return NULL;
    }
    if (ask->kind == XMPP_GATEWAY_ADDRESS) {
        return strcmp(name, "name") == 0 ? xmpp_elem_get_child_text(query, "prompt", XM_NS_GATEWAY)
                                         : NULL;
    }
    return ask->kind == XMPP_GATEWAY_REGISTER
               ? xmpp_elem_get_child_text(query, name, XM_NS_GATEWAY_REGISTER)
               : NULL;
}

xmpp_gateway_ask *xmpp_gateway_ask_ref(xmpp_gateway_ask *ask)
{
    if (ask) {
        ask->refs++;
    }
    return ask;
}

xmpp_gateway_ask *xmpp_gateway_ask_unref(xmpp_gateway_ask *ask)
{
    if (!ask || --ask->refs > 0) {
        return NULL;
    }
    if (ask->gateway && xmpp_gateway_ask_refuse(ask, 0, NULL) == XMPP_E_NOMEM) {
        (void)xmpp_conn_fail(ask->conn, XMPP_E_NOMEM, "gateway");
    }
    if (ask->gateway) { /* it could not be said */
        struct xm_gateway_user *user = xm_gateway_find_user(ask->gateway, ask->user);
        if (user && ask->kind == XMPP_GATEWAY_LOGIN) {
            user->state = XM_GATEWAY_OUT; /* the next presence may have more luck */
        }
        close_ask(ask);
    }
    xmpp_stanza_unref(ask->stanza);
    free(ask);
    return NULL;
}

/* --- yes ---------------------------------------------------------------------------------------- */

static int answer(const xmpp_gateway_ask *ask, xmpp_stanza *result)
{
    int code = result ? xmpp_conn_answer(ask->conn, result) : XMPP_E_NOMEM;
    xmpp_stanza_unref(result);
    return code;
}

/* XEP-0100 4.1.1: the result, and a subscription of a user who is new. */
static int accept_registration(xmpp_gateway_ask *ask)
{
    int was_there = xm_gateway_find_user(ask->gateway, ask->user) != NULL;
    int result =
        xm_gateway_put_user(ask->gateway, ask->user, xmpp_gateway_ask_get_field(ask, "username"));
    if (result == XMPP_E_TOO_BIG) {
        int code = xmpp_gateway_ask_refuse(ask, XMPP_CONDITION_RESOURCE_CONSTRAINT, NULL);
        return code == XMPP_E_NOMEM ? code : result;
    }
    ask->is_new |= result == 0 && !was_there;
    if (result == 0 && !ask->is_answered) {
        result = answer(ask, xmpp_iq_result(ask->stanza));
        ask->is_answered = result == 0;
    }
    if (result == 0 && ask->is_new) {
        result = xm_gateway_send(ask->conn, XMPP_PRESENCE_SUBSCRIBE, NULL, ask->user);
    }
    return result;
}

static int accept_login(const xmpp_gateway_ask *ask)
{
    struct xm_gateway_user *user = xm_gateway_find_user(ask->gateway, ask->user);
    int result = xm_gateway_send(ask->conn, XMPP_PRESENCE_AVAILABLE, NULL, ask->user);
    if (result == 0 && user) {
        user->state = XM_GATEWAY_IN;
    }
    return result;
}

/* XEP-0100 4.6.1 */
static int accept_contact(const xmpp_gateway_ask *ask)
{
    const char *contact = xmpp_jid_get_bare_text(xmpp_stanza_get_to(ask->stanza));
    int result = xm_gateway_send(ask->conn, XMPP_PRESENCE_SUBSCRIBED, contact, ask->user);
    return result < 0 ? result
                      : xm_gateway_send(ask->conn, XMPP_PRESENCE_SUBSCRIBE, contact, ask->user);
}

int xmpp_gateway_ask_accept(xmpp_gateway_ask *ask)
{
    if (!ask || ask->kind == XMPP_GATEWAY_ADDRESS) {
        return XMPP_E_INVAL;
    }
    if (!ask->gateway) {
        return XMPP_E_STALE;
    }
    int result = ask->kind == XMPP_GATEWAY_REGISTER ? accept_registration(ask)
                 : ask->kind == XMPP_GATEWAY_LOGIN  ? accept_login(ask)
                                                    : accept_contact(ask);
    if (result == 0) {
        close_ask(ask);
    }
    return result;
}

int xmpp_gateway_ask_answer_address(xmpp_gateway_ask *ask, const char *address)
{
    if (!ask || !address || ask->kind != XMPP_GATEWAY_ADDRESS) {
        return XMPP_E_INVAL;
    }
    if (!ask->gateway) {
        return XMPP_E_STALE;
    }
    xmpp_jid *jid = NULL;
    int result = xmpp_jid_parse(&jid, address);
    if (result == 0 && strcmp(xmpp_jid_get_domain(jid), xm_gateway_domain(ask->conn)) != 0) {
        result = XMPP_E_JID;
    }
    if (result == 0) {
        xmpp_stanza *iq = xmpp_iq_result(ask->stanza);
        xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", XM_NS_GATEWAY);
        xmpp_elem_add_text_child(query, "jid", NULL, xmpp_jid_get_text(jid));
        result = answer(ask, iq);
    }
    xmpp_jid_unref(jid);
    if (result == 0) {
        close_ask(ask);
    }
    return result;
}

/* --- no ----------------------------------------------------------------------------------------- */

/* XEP-0100 4.4.2: the gateway's presence is an error. */
static int refuse_login(const xmpp_gateway_ask *ask, int condition, const char *text)
{
    struct xm_gateway_user *user = xm_gateway_find_user(ask->gateway, ask->user);
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_ERROR, ask->user);
    xmpp_stanza_set_from(presence, xm_gateway_domain(ask->conn));
    xmpp_stanza_error_add(presence, condition, 0, text);
    int result = presence ? xmpp_conn_send(ask->conn, presence) : XMPP_E_NOMEM;
    xmpp_stanza_unref(presence);
    if (result == 0 && user) {
        user->state = XM_GATEWAY_OUT;
    }
    return result;
}

static int usual_condition(int kind)
{
    return kind == XMPP_GATEWAY_REGISTER  ? XMPP_CONDITION_NOT_ACCEPTABLE
           : kind == XMPP_GATEWAY_ADDRESS ? XMPP_CONDITION_ITEM_NOT_FOUND
                                          : XMPP_CONDITION_SERVICE_UNAVAILABLE;
}

int xmpp_gateway_ask_refuse(xmpp_gateway_ask *ask, int condition, const char *text)
{
    if (!ask || (condition != 0 && !xmpp_condition_get_name(condition))) {
        return XMPP_E_INVAL;
    }
    if (!ask->gateway) {
        return XMPP_E_STALE;
    }
    if (ask->is_answered) { /* one answer to an iq */
        return XMPP_E_STALE;
    }
    int result;
    condition = condition ? condition : usual_condition(ask->kind);
    if (ask->kind == XMPP_GATEWAY_ADD) {
        result =
            xm_gateway_send(ask->conn, XMPP_PRESENCE_UNSUBSCRIBED,
                            xmpp_jid_get_bare_text(xmpp_stanza_get_to(ask->stanza)), ask->user);
    } else if (ask->kind == XMPP_GATEWAY_LOGIN) {
        result = refuse_login(ask, condition, text);
    } else {
        result = xmpp_conn_answer_error(ask->conn, ask->stanza, condition, text);
    }
    if (result == 0) {
        close_ask(ask);
    }
    return result;
}
