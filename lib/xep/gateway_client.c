/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Using a gateway, XEP-0100 6.3: how to ask for a contact, and what its address is. Nothing is kept. */
#include "xmpp/gateway.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

static const char ns_gateway[] = "jabber:iq:gateway";

/* What was asked, and whom to tell. */
struct call {
    xmpp_gateway_prompt_fn on_prompt; /* one of the two */
    xmpp_gateway_address_fn on_address;
    void *userdata;
    xmpp_destroy_fn destroy;
};

static void free_call(void *userdata)
{
    struct call *call = userdata;
    if (call->destroy) {
        call->destroy(call->userdata);
    }
    free(call);
}

static const xmpp_elem *query_of(const xmpp_stanza *reply)
{
    return xmpp_elem_get_child(xmpp_stanza_get_root(reply), "query", ns_gateway);
}

static void on_prompt(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    const struct call *call = userdata;
    const xmpp_elem *query = error == 0 ? query_of(reply) : NULL;
    const char *desc = xmpp_elem_get_child_text(query, "desc", ns_gateway);
    const char *prompt = xmpp_elem_get_child_text(query, "prompt", ns_gateway);
    if (error == 0 && !prompt) {
        error = XMPP_E_PROTOCOL;
    }
    call->on_prompt(conn, error, error == 0 ? desc : NULL, prompt, reply, call->userdata);
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
    const struct call *call = userdata;
    xmpp_jid *jid = NULL;
    if (error == 0) {
        error = read_address(reply, &jid);
    }
    call->on_address(conn, error, jid, reply, call->userdata);
    xmpp_jid_unref(jid);
}

/* Sends it, which is dropped. */
static int ask(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza *iq, const struct call *like)
{
    struct call *call = iq ? malloc(sizeof *call) : NULL;
    int result = XMPP_E_NOMEM;
    if (call) {
        *call = *like;
        result = xmpp_conn_request(conn, ret_slot, iq, 0, call->on_prompt ? on_prompt : on_address,
                                   call, free_call);
    }
    if (result < 0 && result != XMPP_E_GONE) {
        free(call);
    }
    xmpp_stanza_unref(iq);
    return result;
}

int xmpp_gateway_get_prompt(xmpp_conn *conn, xmpp_slot **ret_slot, const char *gateway,
                            const char *lang, xmpp_gateway_prompt_fn handler, void *userdata,
                            xmpp_destroy_fn destroy)
{
    if (!conn || !gateway || !handler) {
        return XMPP_E_INVAL;
    }
    struct call call = {.on_prompt = handler, .userdata = userdata, .destroy = destroy};
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, gateway);
    if (lang) {
        xmpp_elem_set_attr_ns(xmpp_stanza_root(iq), "lang", XMPP_NS_XML, lang);
    }
    xmpp_elem_add(xmpp_stanza_root(iq), "query", ns_gateway);
    return ask(conn, ret_slot, iq, &call);
}

int xmpp_gateway_get_address(xmpp_conn *conn, xmpp_slot **ret_slot, const char *gateway,
                             const char *name, xmpp_gateway_address_fn handler, void *userdata,
                             xmpp_destroy_fn destroy)
{
    if (!conn || !gateway || !name || !handler) {
        return XMPP_E_INVAL;
    }
    struct call call = {.on_address = handler, .userdata = userdata, .destroy = destroy};
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, gateway);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", ns_gateway);
    xmpp_elem_add_text_child(query, "prompt", NULL, name);
    return ask(conn, ret_slot, iq, &call);
}
