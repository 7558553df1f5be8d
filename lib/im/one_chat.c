/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One chat, RFC 6121 5.1: locking, type, thread. */
#include <stdlib.h>
#include <string.h>

#include "chat.h"
#include "xmpp/delay.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

xmpp_chat *xm_chat_new(const xmpp_jid *peer, int is_private)
{
    xmpp_chat *chat = calloc(1, sizeof *chat);
    if (!chat) {
        return NULL;
    }
    chat->refs = 1;
    chat->type = XMPP_MESSAGE_CHAT;
    chat->is_private = is_private;
    if (is_private) {
        chat->peer = xmpp_jid_ref(peer);
    } else {
        xmpp_jid_get_bare(peer, &chat->peer);
    }
    return chat->peer ? chat : xmpp_chat_unref(chat);
}

xmpp_chat *xmpp_chat_ref(xmpp_chat *chat)
{
    if (chat) {
        chat->refs++;
    }
    return chat;
}

xmpp_chat *xmpp_chat_unref(xmpp_chat *chat)
{
    if (chat && --chat->refs == 0) {
        xmpp_jid_unref(chat->peer);
        xmpp_jid_unref(chat->locked);
        free(chat->thread);
        free(chat->parent);
        free(chat);
    }
    return NULL;
}

/* --- reading -------------------------------------------------------------------------------------- */

const xmpp_jid *xmpp_chat_get_peer(const xmpp_chat *chat)
{
    return chat ? chat->peer : NULL;
}

const xmpp_jid *xmpp_chat_get_to(const xmpp_chat *chat)
{
    return chat && chat->locked ? chat->locked : xmpp_chat_get_peer(chat);
}

int xmpp_chat_get_type(const xmpp_chat *chat)
{
    return chat ? chat->type : XMPP_MESSAGE_NORMAL;
}

const char *xmpp_chat_get_thread(const xmpp_chat *chat)
{
    return chat ? chat->thread : NULL;
}

int xmpp_chat_is_over(const xmpp_chat *chat)
{
    return chat && chat->is_over;
}

int xmpp_chat_is_private(const xmpp_chat *chat)
{
    return chat && chat->is_private;
}

xmpp_stanza *xmpp_chat_new_message(const xmpp_chat *chat)
{
    xmpp_stanza *message = chat ? xmpp_message_new(chat->type, NULL) : NULL;
    if (message) {
        xmpp_stanza_set_to_jid(message, xmpp_chat_get_to(chat));
        xmpp_message_set_thread(message, chat->thread, chat->parent);
    }
    if (message && chat->is_private) {
        xmpp_elem_add(xmpp_stanza_root(message), "x", XM_CHAT_NS_MUC_USER);
    }
    return message;
}

/* --- thread --------------------------------------------------------------------------------------- */

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static int is_long(const char *text)
{
    return text && strlen(text) > XMPP_CHAT_THREAD_MAX;
}

int xmpp_chat_set_thread(xmpp_chat *chat, const char *thread, const char *parent)
{
    if (!chat || (parent && (!thread || strcmp(thread, parent) == 0))) {
        return XMPP_E_INVAL;
    }
    if (is_long(thread) || is_long(parent)) {
        return XMPP_E_TOO_BIG;
    }
    char *new_thread = thread ? copy_of(thread) : NULL;
    char *new_parent = parent ? copy_of(parent) : NULL;
    if ((thread && !new_thread) || (parent && !new_parent)) {
        free(new_thread);
        free(new_parent);
        return XMPP_E_NOMEM;
    }
    free(chat->thread);
    free(chat->parent);
    chat->thread = new_thread;
    chat->parent = new_parent;
    return 0;
}

int xmpp_chat_begin_thread(xmpp_chat *chat, int is_child)
{
    char id[XMPP_ID_MAX];
    int result = chat ? xmpp_make_id(id) : XMPP_E_INVAL;
    return result < 0 ? result : xmpp_chat_set_thread(chat, id, is_child ? chat->thread : NULL);
}

/* --- locking -------------------------------------------------------------------------------------- */

void xm_chat_unlock(xmpp_chat *chat)
{
    if (chat) {
        chat->locked = xmpp_jid_unref(chat->locked);
    }
}

/* RFC 6121 5.1. What unlocks does not lock at once: two clients that talk at the same time get what
 * follows both, at their bare JID. */
static int lock(xmpp_chat *chat, const xmpp_stanza *message, const xmpp_jid *from)
{
    int is_error = xmpp_message_get_type(message) == XMPP_MESSAGE_ERROR;
    if (xmpp_jid_is_bare(from) || xmpp_delay_is_delayed(message)) {
        return 0;
    }
    if (chat->locked) {
        if (is_error || !xmpp_jid_equal(chat->locked, from)) {
            xm_chat_unlock(chat);
        }
        return 0;
    }
    if (!is_error && xmpp_message_get_body(message, NULL)) {
        chat->locked = xmpp_jid_ref(from);
        return chat->locked ? 0 : XMPP_E_NOMEM;
    }
    return 0;
}

int xm_chat_hear(xmpp_chat *chat, const xmpp_stanza *message, const xmpp_jid *from)
{
    const char *thread = xmpp_message_get_thread(message);
    int type = xmpp_message_get_type(message);
    int result = chat->is_private ? 0 : lock(chat, message, from);
    if (result < 0 || !xmpp_message_get_body(message, NULL) ||
        (type != XMPP_MESSAGE_CHAT && type != XMPP_MESSAGE_NORMAL)) {
        return result;
    }
    chat->type = type;
    if (thread && *thread) {
        result = xmpp_chat_set_thread(chat, thread, xmpp_message_get_thread_parent(message));
    }
    return result == XMPP_E_NOMEM ? result : 0;
}

int xm_chat_hear_copy(xmpp_chat *chat, const xmpp_jid *from)
{
    if (!xmpp_jid_is_bare(from) && chat->locked && !xmpp_jid_equal(chat->locked, from)) {
        xm_chat_unlock(chat);
    }
    return 0;
}
