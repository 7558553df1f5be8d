/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Using a gateway, XEP-0100 6.3: how to ask for a contact, and what its address is. Nothing is kept. */
#include "xmpp/gateway.h"

#include <string.h>

#include "question.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

static const char ns_gateway[] = "jabber:iq:gateway";

static const xmpp_elem *query_of(const xmpp_stanza *reply)
{
    return xmpp_elem_get_child(xmpp_stanza_get_root(reply), "query", ns_gateway);
}

static void on_prompt(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    const struct xm_question *question = userdata;
    const xmpp_elem *query = error == 0 ? query_of(reply) : NULL;
    const char *desc = xmpp_elem_get_child_text(query, "desc", ns_gateway);
    const char *prompt = xmpp_elem_get_child_text(query, "prompt", ns_gateway);
    if (error == 0 && !prompt) {
        error = XMPP_E_PROTOCOL;
    }
    ((xmpp_gateway_prompt_fn)question->handler)(conn, error, error == 0 ? desc : NULL, prompt,
                                                reply, question->userdata);
}

/* A gateway says what is in its own domain, and nobody else's. */
static int read_address(const xmpp_stanza *reply, xmpp_jid **ret_jid)
{
    const xmpp_jid *from = xmpp_stanza_get_from(reply);
    const char *text = xmpp_elem_get_child_text(query_of(reply), "jid", ns_gateway);
    xmpp_jid *jid = NULL;
    int result = text ? xmpp_jid_parse(&jid, text) : XMPP_E_PROTOCOL;
    if (result == 0 &&
        (!from || strcmp(xmpp_jid_get_domain(jid), xmpp_jid_get_domain(from)) != 0)) {
        jid = xmpp_jid_unref(jid);
        result = XMPP_E_PROTOCOL;
    }
    *ret_jid = jid;
    return result == XMPP_E_NOMEM ? result : result < 0 ? XMPP_E_PROTOCOL : 0;
}

static void on_address(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    const struct xm_question *question = userdata;
    xmpp_jid *jid = NULL;
    if (error == 0) {
        error = read_address(reply, &jid);
    }
    ((xmpp_gateway_address_fn)question->handler)(conn, error, jid, reply, question->userdata);
    xmpp_jid_unref(jid);
}

int xmpp_gateway_get_prompt(xmpp_conn *conn, xmpp_slot **ret_slot, const char *gateway,
                            const char *lang, xmpp_gateway_prompt_fn handler, void *userdata,
                            xmpp_destroy_fn destroy)
{
    if (!conn || !gateway || !handler) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, gateway);
    if (lang) {
        xmpp_elem_set_attr_ns(xmpp_stanza_root(iq), "lang", XMPP_NS_XML, lang);
    }
    xmpp_elem_add(xmpp_stanza_root(iq), "query", ns_gateway);
    return xm_question_ask(conn, ret_slot, iq, 0, on_prompt,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}

int xmpp_gateway_get_address(xmpp_conn *conn, xmpp_slot **ret_slot, const char *gateway,
                             const char *name, xmpp_gateway_address_fn handler, void *userdata,
                             xmpp_destroy_fn destroy)
{
    if (!conn || !gateway || !name || !handler) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, gateway);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", ns_gateway);
    xmpp_elem_add_text_child(query, "prompt", NULL, name);
    return xm_question_ask(conn, ret_slot, iq, 0, on_address,
                           xm_question_new((xm_question_fn)handler, userdata, destroy));
}
