/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages, RFC 6121 5; of extensions only what is a convention about a body. */
#include "xmpp/message.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stanza/lang.h"
#include "stanza/typed.h"
#include "stanza/word.h"
#include "xmpp/error.h"
#include "xmpp/stanza.h"

static const struct xm_word types[] = {
    {"chat", XMPP_MESSAGE_CHAT},         {"groupchat", XMPP_MESSAGE_GROUPCHAT},
    {"normal", XMPP_MESSAGE_NORMAL},     {"error", XMPP_MESSAGE_ERROR},
    {"headline", XMPP_MESSAGE_HEADLINE},
};
enum { N_TYPES = sizeof types / sizeof *types };

static void begin(xmpp_stanza *stanza, int type, const char *to)
{
    const char *text = xm_word_text(types, N_TYPES, type);
    if (!text) {
        xm_typed_refuse(stanza, XMPP_E_INVAL);
    }
    xm_typed_begin(stanza, type == XMPP_MESSAGE_NORMAL ? NULL : text, to);
}

xmpp_stanza *xmpp_message_new(int type, const char *to)
{
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    begin(stanza, type, to);
    return stanza;
}

int xmpp_message_reset(xmpp_stanza *stanza, int type, const char *to)
{
    int result = xmpp_stanza_reset(stanza, "message", NULL);
    if (result == 0) {
        begin(stanza, type, to);
    }
    return result;
}

/* The sender of a message as it names itself, of a room's the room. NULL if there is none; memory
 * that was needed is *ret_copy. 0 or XMPP_E_NOMEM. */
static int sender_of(const xmpp_stanza *message, const char **ret_from, char **ret_copy)
{
    const char *from = xmpp_elem_get_attr(xmpp_stanza_get_root(message), "from");
    *ret_from = from;
    if (!from || xmpp_message_get_type(message) != XMPP_MESSAGE_GROUPCHAT || !strchr(from, '/')) {
        return 0;
    }
    *ret_from = *ret_copy = xm_mem_dup(from, (size_t)(strchr(from, '/') - from));
    return *ret_copy ? 0 : XMPP_E_NOMEM;
}

xmpp_stanza *xmpp_message_reply(const xmpp_stanza *message)
{
    int type = xmpp_message_get_type(message);
    const char *from;
    char *copy = NULL;
    if (!message || type == XMPP_MESSAGE_ERROR || sender_of(message, &from, &copy) < 0) {
        return NULL;
    }
    xmpp_stanza *reply = xmpp_message_new(type, NULL);
    xmpp_elem_set_attr(xmpp_stanza_root(reply), "to", from);
    xmpp_message_set_thread(reply, xmpp_message_get_thread(message),
                            xmpp_message_get_thread_parent(message));
    xm_typed_answer_as(reply, message);
    free(copy);
    return reply;
}

int xmpp_message_get_type(const xmpp_stanza *message)
{
    /* RFC 6121 5.2.2: an unknown one is taken for normal */
    return xm_word_value(types, N_TYPES, xmpp_stanza_get_type(message), XMPP_MESSAGE_NORMAL);
}

const char *xmpp_message_get_body(const xmpp_stanza *message, const char *lang)
{
    return xm_lang_text(xmpp_stanza_get_root(message), "body", XMPP_NS_CLIENT, lang);
}

const char *xmpp_message_get_subject(const xmpp_stanza *message, const char *lang)
{
    return xm_lang_text(xmpp_stanza_get_root(message), "subject", XMPP_NS_CLIENT, lang);
}

const char *xmpp_message_get_action(const xmpp_stanza *message, const char *lang)
{
    const char *body = xmpp_message_get_body(message, lang);
    return body && strncmp(body, "/me ", 4) == 0 ? body + 4 : NULL; /* XEP-0245 2 */
}

static const xmpp_elem *thread_of(const xmpp_stanza *message)
{
    return xmpp_elem_get_child(xmpp_stanza_get_root(message), "thread", XMPP_NS_CLIENT);
}

const char *xmpp_message_get_thread(const xmpp_stanza *message)
{
    return xmpp_elem_get_text(thread_of(message), NULL);
}

const char *xmpp_message_get_thread_parent(const xmpp_stanza *message)
{
    const char *parent = xmpp_elem_get_attr(thread_of(message), "parent");
    /* RFC 6121 5.2.5: a thread that begins in itself begins nowhere */
    return parent && strcmp(parent, xmpp_message_get_thread(message)) == 0 ? NULL : parent;
}

void xmpp_message_add_body(xmpp_stanza *message, const char *lang, const char *text)
{
    xm_lang_add(xmpp_stanza_root(message), "body", lang, text);
}

void xmpp_message_set_body(xmpp_stanza *message, const char *lang, const char *text)
{
    xm_lang_set(xmpp_stanza_root(message), "body", lang, text);
}

void xmpp_message_set_subject(xmpp_stanza *message, const char *lang, const char *text)
{
    xm_lang_set(xmpp_stanza_root(message), "subject", lang, text);
}

void xmpp_message_set_thread(xmpp_stanza *message, const char *thread, const char *parent)
{
    if (thread && parent && strcmp(thread, parent) == 0) {
        xm_typed_refuse(message, XMPP_E_INVAL); /* RFC 6121 5.2.5 */
        return;
    }
    xm_typed_clear(message, "thread");
    if (thread) {
        xmpp_elem *elem =
            xmpp_elem_add_text_child(xmpp_stanza_root(message), "thread", NULL, thread);
        xmpp_elem_set_attr(elem, "parent", parent);
    }
}
