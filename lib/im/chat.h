/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One chat: whom it is with, where its next message goes, of which type and in which thread. It knows
 * no connection; chat.c keeps the chats of one. */
#ifndef XM_IM_CHAT_H
#define XM_IM_CHAT_H

#include "xmpp/chat.h"

#define XM_CHAT_NS_MUC_USER "http://jabber.org/protocol/muc#user"

struct xmpp_chat {
    unsigned refs;
    xmpp_jid *peer;
    xmpp_jid *locked; /* NULL: it is not */
    char *thread;
    char *parent;
    int type;       /* an enum xmpp_message_type */
    int is_private; /* with an occupant of a room */
    int is_opened;  /* by the application */
    int is_shared;  /* the peer was sent presence for it */
    int is_over;
    uint64_t heard; /* the higher, the later the peer wrote */
};

/* NULL if out of memory. */
xmpp_chat *xm_chat_new(const xmpp_jid *peer, int is_private);
/* Takes NULL. */
void xm_chat_unlock(xmpp_chat *chat);
/* A message of this chat was received now. 0 or XMPP_E_NOMEM. */
int xm_chat_hear(xmpp_chat *chat, const xmpp_stanza *message, const xmpp_jid *from);
/* A message of this chat came inside another one. 0. */
int xm_chat_hear_copy(xmpp_chat *chat, const xmpp_jid *from);

#endif
