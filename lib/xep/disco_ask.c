/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking others (XEP-0030 3 and 4): a request, and its answer as an object. Nothing is remembered. */
#include "xmpp/disco.h"

#include "question.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/stanza.h"

/* An answer without the element that was asked for is none. */
static int as_error(int result)
{
    return result == XMPP_E_INVAL ? XMPP_E_PROTOCOL : result;
}

static void on_info_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    const struct xm_question *question = userdata;
    xmpp_disco_info *info = NULL;
    if (error == 0) {
        error = as_error(xmpp_disco_info_parse(&info, xmpp_iq_get_payload(reply)));
    }
    ((xmpp_disco_info_fn)question->handler)(conn, error, info, reply, question->userdata);
    xmpp_disco_info_unref(info);
}

static void on_items_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    const struct xm_question *question = userdata;
    xmpp_disco_items *items = NULL;
    if (error == 0) {
        error = as_error(xmpp_disco_items_parse(&items, xmpp_iq_get_payload(reply)));
    }
    ((xmpp_disco_items_fn)question->handler)(conn, error, items, reply, question->userdata);
    xmpp_disco_items_unref(items);
}

static xmpp_stanza *new_query(const char *ns, const char *to, const char *node,
                              const xmpp_pager *pager)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, to);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", ns);
    if (node) {
        xmpp_elem_set_attr(query, "node", node);
    }
    xmpp_pager_add(pager, query);
    return iq;
}

int xmpp_disco_get_info(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, const char *node,
                        xmpp_disco_info_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    if (!conn || !handler) {
        return XMPP_E_INVAL;
    }
    return xm_question_ask(conn, ret_slot, new_query(XMPP_NS_DISCO_INFO, to, node, NULL), 0,
                           on_info_reply,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}

int xmpp_disco_get_items(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, const char *node,
                         const xmpp_pager *pager, xmpp_disco_items_fn handler, void *userdata,
                         xmpp_destroy_fn destroy)
{
    if (!conn || !handler) {
        return XMPP_E_INVAL;
    }
    return xm_question_ask(conn, ret_slot, new_query(XMPP_NS_DISCO_ITEMS, to, node, pager), 0,
                           on_items_reply,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}

/* --- adding to an answer ------------------------------------------------------------------------ */

void xmpp_disco_query_add_identity(xmpp_elem *query, const char *category, const char *type,
                                   const char *lang, const char *name)
{
    xmpp_elem *identity = xmpp_elem_add(query, "identity", XMPP_NS_DISCO_INFO);
    xmpp_elem_set_attr(identity, "category", category);
    xmpp_elem_set_attr(identity, "type", type);
    if (lang) {
        xmpp_elem_set_attr_ns(identity, "lang", XMPP_NS_XML, lang);
    }
    if (name) {
        xmpp_elem_set_attr(identity, "name", name);
    }
}

void xmpp_disco_query_add_feature(xmpp_elem *query, const char *var)
{
    xmpp_elem_set_attr(xmpp_elem_add(query, "feature", XMPP_NS_DISCO_INFO), "var", var);
}

void xmpp_disco_query_add_item(xmpp_elem *query, const char *jid, const char *node,
                               const char *name)
{
    xmpp_elem *item = xmpp_elem_add(query, "item", XMPP_NS_DISCO_ITEMS);
    xmpp_elem_set_attr(item, "jid", jid);
    if (node) {
        xmpp_elem_set_attr(item, "node", node);
    }
    if (name) {
        xmpp_elem_set_attr(item, "name", name);
    }
}
