/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom the module "disco" answers (XEP-0030 8): whoever may know that we are there. What it answers is
 * disco.c. */
#include "disco_whom.h"

#include <string.h>

#include "xmpp/conn.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence_session.h"
#include "xmpp/roster.h"
#include "xmpp/stanza.h"

/* A server whose users see our presence sees it too, and asks what we can do in order to know what of
 * theirs to send us (XEP-0163 3, XEP-0390 6.4). */
static int is_server_of_contact(const xmpp_conn *conn, const xmpp_jid *from)
{
    const char *domain = xmpp_jid_get_domain(from);
    if (!from || xmpp_jid_get_local(from) || xmpp_jid_get_resource(from)) {
        return 0;
    }
    const xmpp_roster_item *item;
    for (size_t i = 0; (item = xmpp_roster_get_item(conn, i)) != NULL; i++) {
        const xmpp_jid *jid = xmpp_roster_item_get_jid(item);
        if (strcmp(xmpp_jid_get_domain(jid), domain) == 0 && xmpp_presence_may_see(conn, jid)) {
            return 1;
        }
    }
    return 0;
}

int xm_disco_may_ask(const xmpp_conn *conn, int policy, const xmpp_stanza *request)
{
    const xmpp_jid *from = xmpp_stanza_get_from(request);
    if (policy != XMPP_DISCO_PRESENCE) {
        return policy == XMPP_DISCO_ANYBODY;
    }
    return xmpp_conn_is_from_account(conn, request) || xmpp_conn_is_from_server(conn, request) ||
           xmpp_jid_equal_bare(from, xmpp_conn_get_bound_jid(conn)) ||
           xmpp_presence_may_see(conn, from) || is_server_of_contact(conn, from);
}
