/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private data in the account, XEP-0049. Knows nothing of what is stored. */
#include "xmpp/private_storage.h"

#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/stanza.h"

static const char ns_private[] = "jabber:iq:private";

int xmpp_private_storage_get(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                             const char *ns, int timeout_ms, xmpp_reply_fn handler, void *userdata,
                             xmpp_destroy_fn destroy)
{
    if (!name || !ns) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", ns_private);
    xmpp_elem_add(query, name, ns);
    int result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

int xmpp_private_storage_set(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_elem *data,
                             int timeout_ms, xmpp_reply_fn handler, void *userdata,
                             xmpp_destroy_fn destroy)
{
    /* half an element must not take the place of a whole one */
    int result = data ? xmpp_stanza_get_error(xmpp_elem_get_stanza(data)) : XMPP_E_INVAL;
    if (result < 0) {
        return result;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, NULL);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", ns_private);
    xmpp_elem_add_copy(query, data);
    result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

const xmpp_elem *xmpp_private_storage_read(const xmpp_stanza *reply, const char *name,
                                           const char *ns)
{
    const xmpp_elem *root = xmpp_stanza_get_root(reply);
    if (xmpp_iq_get_type(reply) != XMPP_IQ_RESULT || !name || !ns) {
        return NULL;
    }
    return xmpp_elem_get_child(xmpp_elem_get_child(root, "query", ns_private), name, ns);
}
