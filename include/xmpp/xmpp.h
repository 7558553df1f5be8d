/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file xmpp.h
 * @brief All of libxmpp: include this one.
 */
#ifndef XMPP_XMPP_H
#define XMPP_XMPP_H

#include "xmpp/ask.h"
#include "xmpp/auth.h"
#include "xmpp/blocking.h"
#include "xmpp/carbons.h"
#include "xmpp/chat.h"
#include "xmpp/chat_states.h"
#include "xmpp/component.h"
#include "xmpp/conn.h"
#include "xmpp/correction.h"
#include "xmpp/delay.h"
#include "xmpp/disco.h"
#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/forwarded.h"
#include "xmpp/handler.h"
#include "xmpp/hints.h"
#include "xmpp/idle.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/log.h"
#include "xmpp/map.h"
#include "xmpp/markers.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/parser.h"
#include "xmpp/ping.h"
#include "xmpp/presence.h"
#include "xmpp/presence_session.h"
#include "xmpp/private_storage.h"
#include "xmpp/reach.h"
#include "xmpp/receipts.h"
#include "xmpp/retry.h"
#include "xmpp/roster.h"
#include "xmpp/rsm.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"
#include "xmpp/stanza_ids.h"
#include "xmpp/step.h"
#include "xmpp/transport.h"
#include "xmpp/trust.h"
#include "xmpp/types.h"
#include "xmpp/util.h"
#include "xmpp/vcard.h"

#endif
