/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modules of a client for people, in an order in which each finds what it requires. */
#include "xmpp/im.h"

#include <stddef.h>

#include "xmpp/caps.h"
#include "xmpp/carbons.h"
#include "xmpp/chat.h"
#include "xmpp/chat_states.h"
#include "xmpp/correction.h"
#include "xmpp/disco.h"
#include "xmpp/forwarded.h"
#include "xmpp/markers.h"
#include "xmpp/ping.h"
#include "xmpp/presence_session.h"
#include "xmpp/receipts.h"
#include "xmpp/roster.h"
#include "xmpp/stanza_ids.h"

typedef int (*enable_fn)(xmpp_conn *conn);

static const enable_fn enablers[] = {
    xmpp_roster_enable,   xmpp_presence_enable,    xmpp_chat_enable,      xmpp_disco_enable,
    xmpp_caps_enable,     xmpp_stanza_ids_enable,  xmpp_forwarded_enable, xmpp_carbons_enable,
    xmpp_receipts_enable, xmpp_chat_states_enable, xmpp_markers_enable,   xmpp_correction_enable,
    xmpp_ping_enable,
};

int xmpp_im_enable(xmpp_conn *conn)
{
    int result = 0;
    for (size_t i = 0; i < sizeof enablers / sizeof *enablers && result == 0; i++) {
        result = enablers[i](conn);
    }
    return result;
}
