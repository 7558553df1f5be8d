/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who says something: what only the account itself, or its server, may say. */
#include <string.h>

#include "conn/conn.h"
#include "xmpp/module.h"

int xmpp_conn_is_from_account(const xmpp_conn *conn, const xmpp_stanza *stanza)
{
    if (!conn || !stanza || xm_component_is(conn)) {
        return 0;
    }
    const xmpp_jid *from = xmpp_stanza_get_from(stanza);
    return !from || (xmpp_jid_is_bare(from) && xmpp_jid_equal_bare(from, conn->bound_jid));
}

int xmpp_conn_is_from_server(const xmpp_conn *conn, const xmpp_stanza *stanza)
{
    const xmpp_jid *own = conn && !xm_component_is(conn) ? conn->bound_jid : NULL;
    const xmpp_jid *from = stanza ? xmpp_stanza_get_from(stanza) : NULL;
    return own && from && xmpp_jid_is_bare(from) && !xmpp_jid_get_local(from) &&
           !xmpp_jid_is_malformed(from) &&
           strcmp(xmpp_jid_get_domain(from), xmpp_jid_get_domain(own)) == 0;
}
