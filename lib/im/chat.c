/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module "chat", RFC 6121 5.1: which resource of a peer an answer goes to. It looks at what is
 * received and sends nothing by itself. */
#include "xmpp/chat.h"

#include <stdlib.h>

#include "chat.h"
#include "xmpp/conn.h"
#include "xmpp/delay.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/map.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"

enum { CHATS = 200 };

struct chats {
    xmpp_map *by_peer; /* by bare JID, or the full one of an occupant; each holds a reference */
    size_t max;
    uint64_t heard; /* messages until now */
};

static const char key;

static struct chats *chats_of(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

/* --- finding -------------------------------------------------------------------------------------- */

/* One that is kept by exactly this address goes first: it may be an occupant's of a room that was
 * left. */
static xmpp_chat *find(const xmpp_conn *conn, const struct chats *chats, const xmpp_jid *peer)
{
    xmpp_chat *chat = xmpp_map_get(chats->by_peer, xmpp_jid_get_text(peer));
    if (chat || xmpp_presence_is_room(conn, peer)) {
        return chat;
    }
    return xmpp_map_get(chats->by_peer, xmpp_jid_get_bare_text(peer));
}

/* Makes room for one more; 0 if all that are there were opened. */
static int make_room(struct chats *chats)
{
    size_t n = xmpp_map_get_size(chats->by_peer);
    const xmpp_chat *oldest = NULL;
    if (n < chats->max) {
        return 1;
    }
    for (size_t i = 0; i < n; i++) {
        const xmpp_chat *chat = xmpp_map_get_value_at(chats->by_peer, i);
        if (!chat->is_opened && (!oldest || chat->heard < oldest->heard)) {
            oldest = chat;
        }
    }
    return oldest && xmpp_map_remove(chats->by_peer, xmpp_jid_get_text(oldest->peer));
}

/* Begins one. 0, XMPP_E_TOO_BIG or XMPP_E_NOMEM. */
static int begin(struct chats *chats, const xmpp_jid *peer, int is_private, xmpp_chat **ret_chat)
{
    if (!make_room(chats)) {
        return XMPP_E_TOO_BIG;
    }
    xmpp_chat *chat = xm_chat_new(peer, is_private);
    if (!chat || xmpp_map_set(chats->by_peer, xmpp_jid_get_text(chat->peer), chat) < 0) {
        xmpp_chat_unref(chat);
        return XMPP_E_NOMEM;
    }
    *ret_chat = chat;
    return 0;
}

int xmpp_chat_open(xmpp_conn *conn, const xmpp_jid *peer, xmpp_chat **ret_chat)
{
    struct chats *chats = chats_of(conn);
    if (!conn || !peer) {
        return XMPP_E_INVAL;
    }
    if (!chats) {
        return XMPP_E_REQUIRES;
    }
    xmpp_chat *chat = find(conn, chats, peer);
    int is_private = !xmpp_jid_is_bare(peer) && xmpp_presence_is_room(conn, peer);
    int result = chat ? 0 : begin(chats, peer, is_private, &chat);
    if (result < 0) {
        return result;
    }
    chat->is_opened = 1;
    if (ret_chat) {
        *ret_chat = xmpp_chat_ref(chat);
    }
    return 0;
}

xmpp_chat *xmpp_chat_get(const xmpp_conn *conn, const xmpp_jid *peer)
{
    const struct chats *chats = chats_of(conn);
    return chats && peer ? find(conn, chats, peer) : NULL;
}

xmpp_chat *xmpp_chat_of(const xmpp_conn *conn, const xmpp_stanza *message)
{
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    const xmpp_jid *to = xmpp_stanza_get_to(message);
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    if (to && own && (!from || xmpp_jid_equal_bare(from, own))) {
        from = to; /* what we sent, or another client of ours */
    }
    return xmpp_chat_get(conn, from);
}

/* The table that a chat is in; NULL if it is not one of this connection. */
static struct chats *table_of(const xmpp_conn *conn, const xmpp_chat *chat)
{
    struct chats *chats = chats_of(conn);
    return chats && xmpp_map_get(chats->by_peer, xmpp_jid_get_text(chat->peer)) == chat ? chats
                                                                                        : NULL;
}

int xmpp_chat_share_presence(xmpp_conn *conn, xmpp_chat *chat, int on)
{
    xmpp_stanza *unavailable = NULL;
    if (!conn || !chat || chat->is_private) {
        return XMPP_E_INVAL;
    }
    if (!table_of(conn, chat)) {
        return XMPP_E_NOT_FOUND;
    }
    if (!on == !chat->is_shared) {
        return 0;
    }
    if (!on && !(unavailable = xmpp_presence_new(XMPP_PRESENCE_UNAVAILABLE, NULL))) {
        return XMPP_E_NOMEM;
    }
    int result = xmpp_presence_direct(conn, chat->peer, unavailable);
    xmpp_stanza_unref(unavailable);
    if (result == 0) {
        chat->is_shared = on != 0;
    }
    return result;
}

int xmpp_chat_close(xmpp_conn *conn, xmpp_chat *chat)
{
    if (!conn || !chat) {
        return XMPP_E_INVAL;
    }
    struct chats *chats = table_of(conn, chat);
    if (!chats) {
        return XMPP_E_NOT_FOUND;
    }
    int result = chat->is_private ? 0 : xmpp_chat_share_presence(conn, chat, 0);
    if (result != XMPP_E_GONE) { /* then the table is, too */
        xmpp_map_remove(chats->by_peer, xmpp_jid_get_text(chat->peer));
    }
    return result;
}

int xmpp_chat_set_limit(xmpp_conn *conn, int n)
{
    struct chats *chats = chats_of(conn);
    if (!conn || n < 1) {
        return XMPP_E_INVAL;
    }
    if (!chats) {
        return XMPP_E_REQUIRES;
    }
    chats->max = (size_t)n;
    return 0;
}

int xmpp_chat_was_stored(const xmpp_conn *conn, const xmpp_stanza *message, int64_t *ret_ms)
{
    const xmpp_jid *to = xmpp_stanza_get_to(message);
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    int64_t ms;
    int by;
    if (xmpp_stanza_get_kind(message) != XMPP_KIND_MESSAGE || xmpp_stanza_is_inner(message) ||
        !own || !xmpp_jid_equal_bare(to, own) || xmpp_delay_get(message, &ms, &by) < 0 ||
        by != XMPP_DELAY_BY_RECEIVER) {
        return 0;
    }
    if (ret_ms) {
        *ret_ms = ms;
    }
    return 1;
}

/* --- what is received ----------------------------------------------------------------------------- */

/* 1 for a message from an occupant of a room to us alone (XEP-0045 7.5). Not every service marks
 * them, and of a room that we are in we know. */
static int is_private_message(const xmpp_conn *conn, const xmpp_stanza *message,
                              const xmpp_jid *from)
{
    return !xmpp_jid_is_bare(from) &&
           (xmpp_presence_is_room(conn, from) ||
            xmpp_elem_get_child(xmpp_stanza_get_root(message), "x", XM_CHAT_NS_MUC_USER));
}

/* The chat of a message that was received now; begun if it has something to say. */
static int chat_for(xmpp_conn *conn, struct chats *chats, const xmpp_stanza *message,
                    const xmpp_jid *from, xmpp_chat **ret_chat)
{
    int type = xmpp_message_get_type(message);
    int is_talk = type == XMPP_MESSAGE_CHAT || type == XMPP_MESSAGE_NORMAL;
    int is_private = is_private_message(conn, message, from);
    xmpp_chat *chat = is_private ? xmpp_map_get(chats->by_peer, xmpp_jid_get_text(from))
                                 : find(conn, chats, from);
    int result = 0;
    if (!chat && is_talk && xmpp_message_get_body(message, NULL)) {
        result = begin(chats, from, is_private, &chat);
    }
    *ret_chat = chat;
    return result == XMPP_E_TOO_BIG ? 0 : result;
}

static int on_message(xmpp_conn *conn, xmpp_stanza *message, void *data)
{
    struct chats *chats = data;
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    xmpp_chat *chat;
    if (!from || xmpp_message_get_type(message) == XMPP_MESSAGE_GROUPCHAT) {
        return 0;
    }
    if (xmpp_stanza_is_inner(message)) {
        chat = find(conn, chats, from);
        return chat ? xm_chat_hear_copy(chat, from) : 0;
    }
    int result = chat_for(conn, chats, message, from, &chat);
    if (result < 0 || !chat) {
        return result;
    }
    chat->heard = ++chats->heard;
    return xm_chat_hear(chat, message, from);
}

static int on_presence(xmpp_conn *conn, xmpp_stanza *presence, void *data)
{
    struct chats *chats = data;
    const xmpp_jid *from = xmpp_stanza_get_from(presence);
    int type = xmpp_presence_get_type(presence);
    (void)conn;
    if (!from || xmpp_stanza_is_inner(presence) ||
        (type != XMPP_PRESENCE_AVAILABLE && type != XMPP_PRESENCE_UNAVAILABLE &&
         type != XMPP_PRESENCE_ERROR)) {
        return 0;
    }
    xm_chat_unlock(xmpp_map_get(chats->by_peer, xmpp_jid_get_bare_text(from)));
    const xmpp_chat *chat = xmpp_map_get(chats->by_peer, xmpp_jid_get_text(from));
    if (type == XMPP_PRESENCE_UNAVAILABLE && chat && chat->is_private) {
        xmpp_map_remove(chats->by_peer, xmpp_jid_get_text(from));
    }
    return 0;
}

/* The resources of a session that is over may be anybody's, or nobody's. */
static int on_session(xmpp_conn *conn, int event, void *data)
{
    const struct chats *chats = data;
    (void)conn;
    for (size_t i = 0; event == XMPP_SESSION_OFFLINE && i < xmpp_map_get_size(chats->by_peer);
         i++) {
        xmpp_chat *chat = xmpp_map_get_value_at(chats->by_peer, i);
        xm_chat_unlock(chat);
        chat->is_shared = 0;
    }
    return 0;
}

/* --- enabling ------------------------------------------------------------------------------------- */

static void forget(void *data)
{
    xmpp_chat *chat = data;
    xm_chat_unlock(chat);
    chat->is_over = 1;
    xmpp_chat_unref(chat);
}

static void destroy_chats(void *data)
{
    struct chats *chats = data;
    xmpp_map_free(chats->by_peer);
    free(chats);
}

static struct chats *new_chats(void)
{
    struct chats *chats = calloc(1, sizeof *chats);
    if (chats && !(chats->by_peer = xmpp_map_new(forget))) {
        free(chats);
        return NULL;
    }
    if (chats) {
        chats->max = CHATS;
    }
    return chats;
}

int xmpp_chat_enable(xmpp_conn *conn)
{
    if (!conn || chats_of(conn)) {
        return conn ? 0 : XMPP_E_INVAL;
    }
    struct chats *chats = new_chats();
    xmpp_module *module = chats ? xmpp_module_new(&key, "chat", chats, destroy_chats) : NULL;
    if (!module) {
        if (chats) {
            destroy_chats(chats);
        }
        return XMPP_E_NOMEM;
    }
    xmpp_module_require(module, "presence");
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_NOTE, on_message);
    xmpp_module_on_receive(module, XMPP_KIND_PRESENCE, XMPP_FILTER_NOTE, on_presence);
    xmpp_module_on_session(module, on_session);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}
