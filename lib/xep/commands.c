/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "commands" (XEP-0050): what is offered, who may see and run it, and what service discovery
 * tells of it. Sessions are command_sessions.c. */
#include "xmpp/commands.h"

#include <stdlib.h>
#include <string.h>

#include "command_sessions.h"
#include "command_words.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

static const char key;

struct xm_commands *xm_commands_get(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

static void end(xmpp_destroy_fn destroy, void *userdata)
{
    if (destroy) {
        destroy(userdata);
    }
}

void xm_command_offer_unref(void *data)
{
    struct xm_command_offer *offer = data;
    if (--offer->refs > 0) {
        return;
    }
    end(offer->destroy, offer->userdata);
    free(offer->node);
    free(offer->name);
    free(offer);
}

void xm_commands_unref(void *data)
{
    struct xm_commands *commands = data;
    if (--commands->refs > 0) {
        return;
    }
    xmpp_slot_unref(commands->timer);
    xmpp_map_free(commands->sessions);
    xmpp_map_free(commands->offers);
    end(commands->may_destroy, commands->may_userdata);
    free(commands);
}

static struct xm_commands *new_commands(void)
{
    struct xm_commands *commands = calloc(1, sizeof *commands);
    if (!commands) {
        return NULL;
    }
    commands->refs = 1;
    commands->offers = xmpp_map_new(xm_command_offer_unref);
    commands->sessions = xmpp_map_new(xm_command_session_free);
    if (!commands->offers || !commands->sessions) {
        xm_commands_unref(commands);
        return NULL;
    }
    return commands;
}

/* --- who may ----------------------------------------------------------------------------------------- */

static int is_own(const xmpp_conn *conn, const xmpp_jid *who)
{
    return xmpp_jid_equal_bare(who, xmpp_conn_get_bound_jid(conn));
}

static int ask_may(struct xm_commands *commands, xmpp_conn *conn, const xmpp_jid *who,
                   const char *node)
{
    if (!commands->may) {
        return 0;
    }
    commands->refs++;
    commands->n_calls++;
    int result = commands->may(conn, who, node, commands->may_userdata);
    commands->n_calls--;
    xm_commands_unref(commands);
    return result > 0;
}

static int may_run(struct xm_commands *commands, xmpp_conn *conn, const xmpp_jid *who,
                   const struct xm_command_offer *offer)
{
    switch (offer->who) {
    case XMPP_COMMAND_ANYBODY:
        return 1;
    case XMPP_COMMAND_CONTACTS:
        return is_own(conn, who) || xmpp_presence_may_see(conn, who);
    case XMPP_COMMAND_ASK:
        return is_own(conn, who) || ask_may(commands, conn, who, offer->node);
    default:
        return is_own(conn, who);
    }
}

/* The sender, whom RFC 6120 8.1.2.1 lets leave itself out if it is the own account. @return shared;
 * NULL if out of memory */
static xmpp_jid *sender_of(const xmpp_conn *conn, const xmpp_stanza *request)
{
    xmpp_jid *bare = NULL;
    const xmpp_jid *from = xmpp_stanza_get_from(request);
    if (from) {
        return xmpp_jid_ref(from);
    }
    return xmpp_jid_get_bare(xmpp_conn_get_bound_jid(conn), &bare) == 0 ? bare : NULL;
}

/* --- running ------------------------------------------------------------------------------------------ */

/* To who may not know that we are there it is as if nobody were. */
static int refuse(xmpp_conn *conn, const xmpp_stanza *request, const xmpp_jid *who, int condition)
{
    int may_know = is_own(conn, who) || xmpp_conn_is_from_server(conn, request) ||
                   xmpp_presence_may_see(conn, who);
    return xm_command_refuse(conn, request,
                             may_know ? condition : XMPP_CONDITION_SERVICE_UNAVAILABLE, NULL);
}

static int run(struct xm_commands *commands, xmpp_conn *conn, const xmpp_stanza *request,
               const xmpp_jid *who)
{
    const char *node = xmpp_elem_get_attr(xmpp_iq_get_payload(request), "node");
    struct xm_command_offer *offer = node ? xmpp_map_get(commands->offers, node) : NULL;
    if (!node) {
        return refuse(conn, request, who, XMPP_CONDITION_BAD_REQUEST);
    }
    if (!offer) {
        return refuse(conn, request, who, XMPP_CONDITION_ITEM_NOT_FOUND);
    }
    offer->refs++;
    int result = may_run(commands, conn, who, offer)
                     ? xm_command_sessions_run(commands, conn, request, who, offer)
                     : refuse(conn, request, who, XMPP_CONDITION_FORBIDDEN);
    xm_command_offer_unref(offer);
    return result;
}

static int on_command(xmpp_conn *conn, const xmpp_stanza *request, void *data)
{
    xmpp_jid *who = sender_of(conn, request);
    int result = who ? run(data, conn, request, who) : XMPP_E_NOMEM;
    xmpp_jid_unref(who);
    return result < 0 ? result : 1;
}

/* --- service discovery -------------------------------------------------------------------------------- */

/* XEP-0050 9: no nodes but our own, under the address that was asked. */
static const char *own_address(const xmpp_conn *conn, const xmpp_stanza *request)
{
    const xmpp_jid *to = xmpp_stanza_get_to(request);
    return xmpp_jid_get_text(to ? to : xmpp_conn_get_bound_jid(conn));
}

static void list(struct xm_commands *commands, xmpp_conn *conn, const xmpp_stanza *request,
                 const xmpp_jid *who, xmpp_elem *query)
{
    struct xm_command_offer *offer;
    for (size_t i = 0; xmpp_conn_is_enabled(conn, "commands") &&
                       (offer = xmpp_map_get_value_at(commands->offers, i)) != NULL;
         i++) {
        offer->refs++;
        if (may_run(commands, conn, who, offer)) {
            xmpp_disco_query_add_item(query, own_address(conn, request), offer->node, offer->name);
        }
        xm_command_offer_unref(offer);
    }
}

/* XEP-0050 3.2 */
static void describe_node(xmpp_elem *query, const char *type, const char *name)
{
    xmpp_disco_query_add_identity(query, "automation", type, "en", name);
    xmpp_disco_query_add_feature(query, XMPP_NS_COMMANDS);
    xmpp_disco_query_add_feature(query, XMPP_NS_FORMS);
}

static int answer_offer(struct xm_commands *commands, xmpp_conn *conn, const xmpp_stanza *request,
                        const xmpp_jid *who, struct xm_command_offer *offer, xmpp_elem *query)
{
    offer->refs++;
    int result = XMPP_DISCO_FILLED;
    if (!may_run(commands, conn, who, offer)) {
        int refused = xm_command_refuse(conn, request, XMPP_CONDITION_FORBIDDEN, NULL);
        result = refused < 0 ? refused : XMPP_DISCO_ANSWERED;
    } else if (xmpp_elem_is(query, NULL, XMPP_NS_DISCO_INFO)) {
        describe_node(query, "command-node", offer->name);
    }
    xm_command_offer_unref(offer);
    return result;
}

static int answer_node(xmpp_conn *conn, const xmpp_stanza *request, const char *node,
                       xmpp_elem *query, void *userdata)
{
    struct xm_commands *commands = xm_commands_get(conn);
    (void)userdata;
    struct xm_command_offer *offer = commands && node ? xmpp_map_get(commands->offers, node) : NULL;
    int is_list = commands && node && strcmp(node, XMPP_NS_COMMANDS) == 0;
    if (!is_list && !offer) {
        return XMPP_DISCO_NOT_MINE;
    }
    xmpp_jid *who = sender_of(conn, request);
    int result = who ? XMPP_DISCO_FILLED : XMPP_E_NOMEM;
    if (who && !is_list) {
        result = answer_offer(commands, conn, request, who, offer, query);
    } else if (who && xmpp_elem_is(query, NULL, XMPP_NS_DISCO_ITEMS)) {
        list(commands, conn, request, who, query);
    } else if (who) {
        describe_node(query, "command-list", NULL);
    }
    xmpp_jid_unref(who);
    return result;
}

/* --- the module ----------------------------------------------------------------------------------------- */

static int on_session(xmpp_conn *conn, int event, void *data)
{
    (void)conn;
    if (event == XMPP_SESSION_OFFLINE) {
        xm_command_sessions_end(data, NULL);
    }
    return 0;
}

static xmpp_module *describe(struct xm_commands *commands)
{
    xmpp_module *module = xmpp_module_new(&key, "commands", commands, xm_commands_unref);
    if (!module) {
        xm_commands_unref(commands);
        return NULL;
    }
    xmpp_module_require(module, "disco");
    xmpp_module_add_feature(module, XMPP_NS_COMMANDS);
    xmpp_module_add_feature(module, XMPP_NS_FORMS); /* XEP-0050 2.2 */
    xmpp_module_on_iq(module, XMPP_IQ_SET, "command", XMPP_NS_COMMANDS, on_command);
    xmpp_module_on_session(module, on_session);
    return module;
}

int xmpp_commands_enable(xmpp_conn *conn)
{
    if (!conn) {
        return XMPP_E_INVAL;
    }
    if (xm_commands_get(conn)) {
        return 0;
    }
    struct xm_commands *commands = new_commands();
    xmpp_module *module = commands ? describe(commands) : NULL;
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    if (result < 0) {
        return result;
    }
    result = xmpp_disco_on_node(conn, &key, answer_node, NULL, NULL);
    if (result < 0 && result != XMPP_E_CONFLICT) { /* it was enabled before, and is asked still */
        xmpp_conn_disable(conn, "commands");
        return result;
    }
    return 0;
}

/* --- what is offered -------------------------------------------------------------------------------------- */

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

/* Texts that a stanza can carry. */
static int check_texts(const char *node, const char *name)
{
    xmpp_stanza *stanza = xmpp_stanza_new("item", NULL);
    xmpp_elem_set_attr(xmpp_stanza_root(stanza), "node", node);
    xmpp_elem_set_attr(xmpp_stanza_root(stanza), "name", name);
    int result = xmpp_stanza_get_error(stanza);
    xmpp_stanza_unref(stanza);
    return result;
}

static struct xm_command_offer *new_offer(const char *node, const char *name)
{
    struct xm_command_offer *offer = calloc(1, sizeof *offer);
    if (!offer) {
        return NULL;
    }
    offer->refs = 1;
    offer->node = copy_text(node);
    offer->name = copy_text(name);
    if (!offer->node || !offer->name) {
        xm_command_offer_unref(offer);
        return NULL;
    }
    return offer;
}

int xmpp_commands_add(xmpp_conn *conn, const char *node, const char *name, int who,
                      xmpp_command_run_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    struct xm_commands *commands = xm_commands_get(conn);
    if (!conn || !node || !*node || !name || !handler || who < XMPP_COMMAND_OWN_ACCOUNT ||
        who > XMPP_COMMAND_ANYBODY) {
        return XMPP_E_INVAL;
    }
    if (!commands) {
        return XMPP_E_REQUIRES;
    }
    if (xmpp_map_get(commands->offers, node)) {
        return XMPP_E_CONFLICT;
    }
    int result = check_texts(node, name);
    struct xm_command_offer *offer = result == 0 ? new_offer(node, name) : NULL;
    if (!offer) {
        return result < 0 ? result : XMPP_E_NOMEM;
    }
    result = xmpp_map_set(commands->offers, node, offer);
    if (result < 0) {
        xm_command_offer_unref(offer);
        return result;
    }
    offer->who = who;
    offer->handler = handler;
    offer->userdata = userdata;
    offer->destroy = destroy;
    return 0;
}

int xmpp_commands_remove(xmpp_conn *conn, const char *node)
{
    struct xm_commands *commands = xm_commands_get(conn);
    if (!conn || !node) {
        return XMPP_E_INVAL;
    }
    if (!commands) {
        return XMPP_E_REQUIRES;
    }
    struct xm_command_offer *offer = xmpp_map_get(commands->offers, node);
    if (!offer) {
        return XMPP_E_NOT_FOUND;
    }
    xm_command_sessions_end(commands, offer);
    xmpp_map_remove(commands->offers, node);
    return 0;
}

int xmpp_commands_on_may(xmpp_conn *conn, xmpp_command_may_fn handler, void *userdata,
                         xmpp_destroy_fn destroy)
{
    struct xm_commands *commands = xm_commands_get(conn);
    if (!conn) {
        return XMPP_E_INVAL;
    }
    if (!commands || commands->n_calls > 0) {
        return commands ? XMPP_E_BUSY : XMPP_E_REQUIRES;
    }
    xmpp_destroy_fn old_destroy = commands->may_destroy;
    void *old_userdata = commands->may_userdata;
    commands->may = handler;
    commands->may_userdata = userdata;
    commands->may_destroy = destroy;
    end(old_destroy, old_userdata); /* last: it may drop the connection */
    return 0;
}
