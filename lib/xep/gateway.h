/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "gateway" from the inside: gateway.c (settings, users, the session), gateway_ask.c (questions
 * to the application), gateway_requests.c (iqs), gateway_presence.c (presence, and whose messages pass).
 * Using a gateway is gateway_client.c, which needs nothing of this. */
#ifndef XM_XEP_GATEWAY_H
#define XM_XEP_GATEWAY_H

#include <stdint.h>

#include "xmpp/gateway.h"
#include "xmpp/map.h"

#define XM_NS_GATEWAY          "jabber:iq:gateway"
#define XM_NS_GATEWAY_REGISTER "jabber:iq:register"

enum { XM_GATEWAY_NAME_MAX = 64 }; /* of a field, its NUL included */

/* Where a user is. */
enum xm_gateway_state {
    XM_GATEWAY_OUT,    /* not there, or refused */
    XM_GATEWAY_ASKING, /* there; the application is asked to log in */
    XM_GATEWAY_IN      /* logged in */
};

struct xm_gateway_user {
    char *username;
    xmpp_map *resources; /* full JIDs that are there; NULL: none was */
    enum xm_gateway_state state;
    uint8_t is_greeted; /* in this session */
};

/* A handler of the application's. */
struct xm_gateway_handler {
    void (*call)(void);
    void *userdata;
    xmpp_destroy_fn destroy;
};

struct xm_gateway {
    xmpp_map *users; /* by bare JID */
    int max_users;
    char *instructions;
    char *fields; /* with spaces between */
    char *desc;
    char *prompt; /* NULL: names are not made into addresses */
    struct xm_gateway_handler asker;
    struct xm_gateway_handler teller;
    xmpp_gateway_ask *asks; /* that are open */
    int n_asks;
    xmpp_slot *greeting; /* goes on when there is room in the queue */
};

/* --- gateway.c -------------------------------------------------------------------------------- */

/* NULL if the module is not enabled. */
struct xm_gateway *xm_gateway_find(const xmpp_conn *conn);
/* The user of a bare JID; NULL: a stranger. */
struct xm_gateway_user *xm_gateway_find_user(const struct xm_gateway *gateway, const char *jid);
/* Adds or renames one; `jid` is prepared. 0, XMPP_E_TOO_BIG, XMPP_E_NOMEM. */
int xm_gateway_put_user(struct xm_gateway *gateway, const char *jid, const char *username);
/* Tells the application. */
void xm_gateway_tell(xmpp_conn *conn, int event, const char *user, const xmpp_jid *contact,
                     const xmpp_stanza *stanza);
/* The gateway's own address. */
const char *xm_gateway_domain(const xmpp_conn *conn);
/* Sends a presence; `from` NULL: the gateway's. As xmpp_conn_send(). */
int xm_gateway_send(xmpp_conn *conn, int type, const char *from, const char *to);
/* Of a send that nobody waits for only this matters: XMPP_E_NOMEM, or 0. */
int xm_gateway_memory(int result);
/* The user is forgotten, and told so. As xmpp_conn_send(). */
int xm_gateway_dismiss(xmpp_conn *conn, struct xm_gateway *gateway, const char *jid);
/* A copy; NULL if out of memory. */
char *xm_gateway_copy(const char *text);

/* --- gateway_ask.c ---------------------------------------------------------------------------- */

/* Asks the application; refused if nobody wants to answer. 0, XMPP_E_NOMEM, or XMPP_E_TOO_BIG if too many are
 * open. */
int xm_gateway_ask(xmpp_conn *conn, struct xm_gateway *gateway, int kind, const char *user,
                   const xmpp_stanza *stanza);
/* Questions that need no answer any more: of a user (NULL: of all), of one kind (0: of any). */
void xm_gateway_close_asks(struct xm_gateway *gateway, const char *user, int kind);

/* --- gateway_requests.c ----------------------------------------------------------------------- */

/* Registration, and names that become addresses. As xmpp_stanza_fn. */
int xm_gateway_on_register(xmpp_conn *conn, const xmpp_stanza *iq, void *userdata);
int xm_gateway_on_name(xmpp_conn *conn, const xmpp_stanza *iq, void *userdata);

/* --- gateway_presence.c ----------------------------------------------------------------------- */

/* As xmpp_filter_fn. */
int xm_gateway_on_presence(xmpp_conn *conn, xmpp_stanza *stanza, void *userdata);
int xm_gateway_on_message(xmpp_conn *conn, xmpp_stanza *stanza, void *userdata);

#endif
