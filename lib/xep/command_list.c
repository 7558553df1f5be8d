/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking which commands somebody offers (XEP-0050 3.2): items of a node, without what that somebody
 * says of others. */
#include "question.h"
#include "xmpp/commands.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

/* XEP-0050 9: a node that is not under the address of whoever answers is suspicious. */
static int is_its_own(const xmpp_conn *conn, const xmpp_stanza *reply, const xmpp_jid *jid)
{
    const xmpp_jid *from = xmpp_stanza_get_from(reply);
    if (from) {
        return xmpp_jid_equal(jid, from);
    }
    return xmpp_jid_is_bare(jid) && xmpp_jid_equal_bare(jid, xmpp_conn_get_bound_jid(conn));
}

static int filter(const xmpp_conn *conn, const xmpp_stanza *reply, const xmpp_disco_items *items,
                  xmpp_disco_items **ret_own)
{
    xmpp_stanza *stanza = xmpp_stanza_new("query", XMPP_NS_DISCO_ITEMS);
    for (size_t i = 0; i < xmpp_disco_items_get_n(items); i++) {
        const xmpp_jid *jid = xmpp_disco_items_get_jid(items, i);
        const char *node = xmpp_disco_items_get_node(items, i);
        if (node && is_its_own(conn, reply, jid)) {
            xmpp_disco_query_add_item(xmpp_stanza_root(stanza), xmpp_jid_get_text(jid), node,
                                      xmpp_disco_items_get_name(items, i));
        }
    }
    int result = xmpp_stanza_get_error(stanza);
    if (result == 0) {
        result = xmpp_disco_items_parse(ret_own, xmpp_stanza_get_root(stanza));
    }
    xmpp_stanza_unref(stanza);
    return result;
}

static void on_items(xmpp_conn *conn, int error, const xmpp_disco_items *items,
                     const xmpp_stanza *reply, void *userdata)
{
    const struct xm_question *question = userdata;
    xmpp_disco_items *own = NULL;
    if (error == 0) {
        error = filter(conn, reply, items, &own);
    }
    ((xmpp_disco_items_fn)question->handler)(conn, error, own, reply, question->userdata);
    xmpp_disco_items_unref(own);
}

int xmpp_commands_list(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to,
                       xmpp_disco_items_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    if (!conn || !handler) {
        return XMPP_E_INVAL;
    }
    struct xm_question *question = xm_question_new((xm_question_fn)handler, userdata, destroy);
    int result = XMPP_E_NOMEM;
    if (question) {
        result = xmpp_disco_get_items(conn, ret_slot, to, XMPP_NS_COMMANDS, NULL, on_items,
                                      question, xm_question_forget);
    }
    return xm_question_settle(question, result);
}
