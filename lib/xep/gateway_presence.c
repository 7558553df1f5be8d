/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Presence between users and a gateway, XEP-0100 4.4 to 4.7 and 5.1: who is there, who may see whom. And
 * whose messages pass. */
#include "gateway.h"

#include <string.h>

#include "xmpp/component.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"
#include "xmpp/presence.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

/* A presence on its way: from whom, and about which contact. */
struct heard {
    xmpp_conn *conn;
    struct xm_gateway *gateway;
    struct xm_gateway_user *user;
    const char *jid;         /* of the user, bare */
    const xmpp_jid *contact; /* NULL: the gateway */
    const xmpp_stanza *stanza;
};

static int send(const struct heard *heard, int type)
{
    const char *from = heard->contact ? xmpp_jid_get_bare_text(heard->contact) : NULL;
    return xm_gateway_memory(xm_gateway_send(heard->conn, type, from, heard->jid));
}

static void tell(const struct heard *heard, int event)
{
    xm_gateway_tell(heard->conn, event, heard->jid, heard->contact, heard->stanza);
}

/* --- there and not there ------------------------------------------------------------------------ */

/* Takes note of a resource: 1; 0: there are too many; XMPP_E_NOMEM. */
static int note_resource(const struct heard *heard)
{
    struct xm_gateway_user *user = heard->user;
    const char *from = xmpp_jid_get_text(xmpp_stanza_get_from(heard->stanza));
    if (!user->resources) {
        user->resources = xmpp_map_new(NULL);
    }
    if (xmpp_map_get(user->resources, from)) {
        return 1;
    }
    if (xmpp_map_get_size(user->resources) >= XMPP_GATEWAY_RESOURCES_MAX) {
        return 0;
    }
    int result = xmpp_map_set(user->resources, from, user);
    return result < 0 ? result : 1;
}

static int on_available(const struct heard *heard)
{
    struct xm_gateway_user *user = heard->user;
    int result = note_resource(heard);
    if (result <= 0) {
        return result;
    }
    if (user->state == XM_GATEWAY_IN) {
        tell(heard, XMPP_GATEWAY_PRESENCE);
    } else if (user->state == XM_GATEWAY_OUT) {
        user->state = XM_GATEWAY_ASKING;
        result = xm_gateway_ask(heard->conn, heard->gateway, XMPP_GATEWAY_LOGIN, heard->jid,
                                heard->stanza);
        user = xm_gateway_find_user(heard->gateway, heard->jid);
        if (result == XMPP_E_TOO_BIG && user) {
            user->state = XM_GATEWAY_OUT; /* the next presence may have more luck */
        }
    }
    return xm_gateway_memory(result);
}

/* The last resource has gone. */
static int log_out(const struct heard *heard, int is_answered)
{
    struct xm_gateway_user *user = heard->user;
    int was_in = user->state == XM_GATEWAY_IN;
    int was_there = user->state != XM_GATEWAY_OUT;
    user->state = XM_GATEWAY_OUT;
    xm_gateway_close_asks(heard->gateway, heard->jid, XMPP_GATEWAY_LOGIN);
    const char *to = xmpp_jid_get_text(xmpp_stanza_get_from(heard->stanza));
    int result = is_answered && was_there
                     ? xm_gateway_send(heard->conn, XMPP_PRESENCE_UNAVAILABLE, NULL, to)
                     : 0;
    if (was_in) {
        tell(heard, XMPP_GATEWAY_LOGGED_OUT);
    }
    return xm_gateway_memory(result);
}

static int on_unavailable(const struct heard *heard)
{
    struct xm_gateway_user *user = heard->user;
    const xmpp_jid *from = xmpp_stanza_get_from(heard->stanza);
    if (!heard->contact) {
        xmpp_map_remove(user->resources, xmpp_jid_get_text(from));
        if (xmpp_jid_is_bare(from)) { /* all of them */
            xmpp_map_clear(user->resources);
        }
        if (xmpp_map_get_size(user->resources) == 0) {
            return log_out(heard, 1);
        }
    }
    if (user->state == XM_GATEWAY_IN) {
        tell(heard, XMPP_GATEWAY_PRESENCE);
    }
    return 0;
}

/* What we told could not be delivered: nobody is there. */
static int on_error(const struct heard *heard)
{
    if (heard->contact) {
        return 0;
    }
    xmpp_map_clear(heard->user->resources);
    return log_out(heard, 0);
}

static int on_probe(const struct heard *heard)
{
    int is_in = heard->user->state == XM_GATEWAY_IN;
    if (is_in && heard->contact) {
        tell(heard, XMPP_GATEWAY_PROBED);
        return 0;
    }
    return send(heard, is_in ? XMPP_PRESENCE_AVAILABLE : XMPP_PRESENCE_UNAVAILABLE);
}

/* --- who may see whom --------------------------------------------------------------------------- */

static int on_subscribe(const struct heard *heard)
{
    if (heard->contact) {
        return xm_gateway_memory(xm_gateway_ask(heard->conn, heard->gateway, XMPP_GATEWAY_ADD,
                                                heard->jid, heard->stanza));
    }
    int result = send(heard, XMPP_PRESENCE_SUBSCRIBED);
    if (result == 0 && heard->user->state == XM_GATEWAY_IN) {
        result = send(heard, XMPP_PRESENCE_AVAILABLE);
    }
    return result;
}

static int on_unsubscribe(const struct heard *heard)
{
    int result = send(heard, XMPP_PRESENCE_UNAVAILABLE); /* RFC 6121 3.3.3 */
    if (heard->contact) {
        tell(heard, XMPP_GATEWAY_REMOVED);
    }
    return result;
}

static int on_answer(const struct heard *heard, int event)
{
    if (heard->contact) {
        tell(heard, event);
    }
    return 0;
}

/* --- all of it ---------------------------------------------------------------------------------- */

static int note(const struct heard *heard, int type)
{
    switch (type) {
    case XMPP_PRESENCE_AVAILABLE:
        return on_available(heard);
    case XMPP_PRESENCE_UNAVAILABLE:
        return on_unavailable(heard);
    case XMPP_PRESENCE_SUBSCRIBE:
        return on_subscribe(heard);
    case XMPP_PRESENCE_SUBSCRIBED:
        return on_answer(heard, XMPP_GATEWAY_APPROVED);
    case XMPP_PRESENCE_UNSUBSCRIBE:
        return on_unsubscribe(heard);
    case XMPP_PRESENCE_UNSUBSCRIBED:
        return on_answer(heard, XMPP_GATEWAY_DENIED);
    case XMPP_PRESENCE_PROBE:
        return on_probe(heard);
    default:
        return on_error(heard);
    }
}

/* Who has not registered hears so when asking for something, and nothing else. */
static int on_stranger(xmpp_conn *conn, const struct heard *heard, int type)
{
    if (type == XMPP_PRESENCE_SUBSCRIBE) {
        return xm_gateway_memory(xmpp_conn_answer_error(
            conn, heard->stanza, XMPP_CONDITION_REGISTRATION_REQUIRED, NULL));
    }
    return type == XMPP_PRESENCE_PROBE ? send(heard, XMPP_PRESENCE_UNSUBSCRIBED) : 0;
}

/* 1 if it is from somebody else to us. */
static int is_foreign(const xmpp_conn *conn, const xmpp_stanza *stanza)
{
    const xmpp_jid *from = xmpp_stanza_get_from(stanza);
    const xmpp_jid *to = xmpp_stanza_get_to(stanza);
    return xmpp_conn_is_component(conn) && from && to && !xmpp_jid_is_malformed(from) &&
           !xmpp_jid_is_malformed(to) &&
           strcmp(xmpp_jid_get_domain(from), xm_gateway_domain(conn)) != 0;
}

int xm_gateway_on_presence(xmpp_conn *conn, xmpp_stanza *stanza, void *userdata)
{
    int type = xmpp_presence_get_type(stanza);
    if (!is_foreign(conn, stanza) || type == XMPP_PRESENCE_UNKNOWN) {
        return 0;
    }
    const xmpp_jid *to = xmpp_stanza_get_to(stanza);
    struct heard heard = {.conn = conn,
                          .gateway = userdata,
                          .jid = xmpp_jid_get_bare_text(xmpp_stanza_get_from(stanza)),
                          .contact = xmpp_jid_get_local(to) ? to : NULL,
                          .stanza = stanza};
    heard.user = xm_gateway_find_user(heard.gateway, heard.jid);
    int result = heard.user ? note(&heard, type) : on_stranger(conn, &heard, type);
    return result < 0 ? result : 1;
}

/* XEP-0100 4.8.2. */
int xm_gateway_on_message(xmpp_conn *conn, xmpp_stanza *stanza, void *userdata)
{
    if (!is_foreign(conn, stanza) || !xmpp_jid_get_local(xmpp_stanza_get_to(stanza)) ||
        xmpp_message_get_type(stanza) == XMPP_MESSAGE_ERROR) {
        return 0;
    }
    const char *from = xmpp_jid_get_bare_text(xmpp_stanza_get_from(stanza));
    if (xm_gateway_find_user(userdata, from)) {
        return 0;
    }
    int result = xmpp_conn_answer_error(conn, stanza, XMPP_CONDITION_REGISTRATION_REQUIRED, NULL);
    return result == XMPP_E_NOMEM ? result : 1;
}
