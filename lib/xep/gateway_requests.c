/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The requests that a gateway answers: registration (XEP-0077, XEP-0100 4.1 to 4.3) and names that become
 * addresses (XEP-0100 6.3). Whether data are right is the application's to say. */
#include "gateway.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

/* 1 if it is the gateway itself that is spoken to, by somebody who has an address. */
static int is_to_gateway(const xmpp_conn *conn, const xmpp_stanza *iq)
{
    const xmpp_jid *from = xmpp_stanza_get_from(iq);
    const xmpp_jid *to = xmpp_stanza_get_to(iq);
    return from && to && !xmpp_jid_is_malformed(from) && xmpp_jid_is_bare(to) &&
           !xmpp_jid_get_local(to) && strcmp(xmpp_jid_get_domain(to), xm_gateway_domain(conn)) == 0;
}

/* What a handler returns once it has answered. */
static int answered(int result)
{
    return result == XMPP_E_NOMEM ? result : 1;
}

static int refuse(xmpp_conn *conn, const xmpp_stanza *iq, int condition)
{
    return answered(xmpp_conn_answer_error(conn, iq, condition, NULL));
}

static int send_answer(xmpp_conn *conn, xmpp_stanza *iq)
{
    int result = iq ? xmpp_conn_answer(conn, iq) : XMPP_E_NOMEM;
    xmpp_stanza_unref(iq);
    return answered(result);
}

static int ask(xmpp_conn *conn, struct xm_gateway *gateway, int kind, const xmpp_stanza *iq)
{
    const char *user = xmpp_jid_get_bare_text(xmpp_stanza_get_from(iq));
    int result = xm_gateway_ask(conn, gateway, kind, user, iq);
    return result == XMPP_E_TOO_BIG ? refuse(conn, iq, XMPP_CONDITION_RESOURCE_CONSTRAINT)
                                    : answered(result);
}

/* --- registration ------------------------------------------------------------------------------- */

/* Copies the next name of the list at *at, which moves behind it. 0: there are no more. */
static int next_name(const char **at, char name[XM_GATEWAY_NAME_MAX])
{
    *at += strspn(*at, " ");
    size_t n = strcspn(*at, " ");
    memcpy(name, *at, n); /* none is longer */
    name[n] = '\0';
    *at += n;
    return n > 0;
}

static void add_fields(xmpp_elem *query, const struct xm_gateway *gateway,
                       const struct xm_gateway_user *user)
{
    char name[XM_GATEWAY_NAME_MAX];
    const char *at = gateway->fields;
    while (next_name(&at, name)) {
        /* a password that is on file is nobody's to see, XEP-0077 3.1 */
        int is_known = user && strcmp(name, "username") == 0;
        xmpp_elem_add_text_child(query, name, NULL, is_known ? user->username : NULL);
    }
}

static int tell_fields(xmpp_conn *conn, const struct xm_gateway *gateway,
                       const struct xm_gateway_user *user, const xmpp_stanza *iq)
{
    xmpp_stanza *result = xmpp_iq_result(iq);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(result), "query", XM_NS_GATEWAY_REGISTER);
    if (user) {
        xmpp_elem_add(query, "registered", NULL);
    }
    if (gateway->instructions) {
        xmpp_elem_add_text_child(query, "instructions", NULL, gateway->instructions);
    }
    add_fields(query, gateway, user);
    return send_answer(conn, result);
}

/* 1 if every field that is asked for is there. */
static int is_complete(const struct xm_gateway *gateway, const xmpp_elem *query)
{
    char name[XM_GATEWAY_NAME_MAX];
    const char *at = gateway->fields;
    while (next_name(&at, name)) {
        const char *value = xmpp_elem_get_child_text(query, name, XM_NS_GATEWAY_REGISTER);
        if (!value || !*value || strlen(value) > XMPP_GATEWAY_FIELD_MAX) {
            return 0;
        }
    }
    return 1;
}

/* XEP-0100 4.3.1: logged out, forgotten, the result, and the end of the subscriptions. */
static int unregister(xmpp_conn *conn, struct xm_gateway *gateway, const char *user,
                      const xmpp_stanza *iq)
{
    xm_gateway_tell(conn, XMPP_GATEWAY_UNREGISTERED, user, NULL, iq);
    int result = send_answer(conn, xmpp_iq_result(iq));
    if (result < 0 || !xm_gateway_find_user(gateway, user)) {
        return result;
    }
    return answered(xm_gateway_dismiss(conn, gateway, user));
}

static int on_set(xmpp_conn *conn, struct xm_gateway *gateway, const xmpp_stanza *iq)
{
    const xmpp_elem *query = xmpp_iq_get_payload(iq);
    const char *user = xmpp_jid_get_bare_text(xmpp_stanza_get_from(iq));
    const xmpp_elem *first = xmpp_elem_get_child(query, NULL, NULL);
    if (!xmpp_elem_get_child(query, "remove", XM_NS_GATEWAY_REGISTER)) {
        return is_complete(gateway, query) ? ask(conn, gateway, XMPP_GATEWAY_REGISTER, iq)
                                           : refuse(conn, iq, XMPP_CONDITION_NOT_ACCEPTABLE);
    }
    if (xmpp_elem_get_next(first, NULL, NULL)) { /* XEP-0077 3.2 */
        return refuse(conn, iq, XMPP_CONDITION_BAD_REQUEST);
    }
    if (!xm_gateway_find_user(gateway, user)) {
        return refuse(conn, iq, XMPP_CONDITION_REGISTRATION_REQUIRED);
    }
    return unregister(conn, gateway, user, iq);
}

int xm_gateway_on_register(xmpp_conn *conn, const xmpp_stanza *iq, void *userdata)
{
    struct xm_gateway *gateway = userdata;
    if (!is_to_gateway(conn, iq)) {
        return 0;
    }
    if (xmpp_iq_get_type(iq) == XMPP_IQ_SET) {
        return on_set(conn, gateway, iq);
    }
    const char *user = xmpp_jid_get_bare_text(xmpp_stanza_get_from(iq));
    return tell_fields(conn, gateway, xm_gateway_find_user(gateway, user), iq);
}

/* --- names -------------------------------------------------------------------------------------- */

static int tell_prompt(xmpp_conn *conn, const struct xm_gateway *gateway, const xmpp_stanza *iq)
{
    xmpp_stanza *result = xmpp_iq_result(iq);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(result), "query", XM_NS_GATEWAY);
    if (gateway->desc) {
        xmpp_elem_add_text_child(query, "desc", NULL, gateway->desc);
    }
    xmpp_elem_add_text_child(query, "prompt", NULL, gateway->prompt);
    return send_answer(conn, result);
}

int xm_gateway_on_name(xmpp_conn *conn, const xmpp_stanza *iq, void *userdata)
{
    struct xm_gateway *gateway = userdata;
    if (!gateway->prompt || !is_to_gateway(conn, iq)) {
        return 0;
    }
    if (xmpp_iq_get_type(iq) == XMPP_IQ_GET) {
        return tell_prompt(conn, gateway, iq);
    }
    const char *name = xmpp_elem_get_child_text(xmpp_iq_get_payload(iq), "prompt", XM_NS_GATEWAY);
    if (!name || !*name || strlen(name) > XMPP_GATEWAY_FIELD_MAX) {
        return refuse(conn, iq, XMPP_CONDITION_BAD_REQUEST);
    }
    if (!xm_gateway_find_user(gateway, xmpp_jid_get_bare_text(xmpp_stanza_get_from(iq)))) {
        return refuse(conn, iq, XMPP_CONDITION_REGISTRATION_REQUIRED);
    }
    return ask(conn, gateway, XMPP_GATEWAY_ADDRESS, iq);
}
