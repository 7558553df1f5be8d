/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of util.h asks the system: clocks and random ids. The rest of it is in base/ and crypto/. */
#include "xmpp/util.h"

#include "conn/conn.h"
#include "net/net.h"
#include "xmpp/stanza.h"

_Static_assert(XMPP_ID_MAX == XM_ID_SIZE, "ids are of one length");

int64_t xmpp_time_now(void)
{
    return xm_net_wall();
}

int64_t xmpp_monotonic_now(void)
{
    return xm_net_now();
}

int xmpp_make_id(char *id)
{
    return id ? xm_conn_make_id(id) : XMPP_E_INVAL;
}

int xmpp_stanza_ensure_id(xmpp_stanza *stanza)
{
    char id[XMPP_ID_MAX];
    const char *old = xmpp_stanza_get_id(stanza);
    if (!stanza || (old && *old)) {
        return stanza ? 0 : XMPP_E_INVAL;
    }
    int result = xmpp_make_id(id);
    if (result == 0) {
        xmpp_stanza_set_id(stanza, id);
    }
    return result;
}
