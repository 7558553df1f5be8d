/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for chat states: `do chat-states enable`, `sending on|off`, `set STATE` (a message with a
 * body and a state), `tell TYPE TO STATE [THREAD]` (`E: told yes`, `E: told no`); of the stanza
 * that a handler kept `is chat-states kept = composing`, `is chat-states alone = yes`. */
#include <stdio.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/chat_states.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"

static const char *const names[] = {"none", "active", "composing", "paused", "inactive", "gone"};
enum { N_NAMES = sizeof names / sizeof *names };

static int state_of(const char *name)
{
    for (int i = 0; i < N_NAMES; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return N_NAMES;
}

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_chat_states_enable(conn));
}

static int do_sending(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_chat_states_set_sending(conn, strcmp(rest, "off") != 0));
}

static int do_set(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    xmpp_stanza *message = IN_LIB(xmpp_message_new(XMPP_MESSAGE_CHAT, "francisco@shakespeare.lit"));
    IN_LIB_VOID(xmpp_message_add_body(message, NULL, "Who's there?"));
    IN_LIB(xmpp_chat_state_set(message, XMPP_CHAT_STATE_GONE));
    int result = message ? IN_LIB(xmpp_chat_state_set(message, state_of(rest))) : XMPP_E_NOMEM;
    result = result == 0 ? IN_LIB(xmpp_conn_send(conn, message)) : result;
    xmpp_stanza_unref(message);
    return result;
}

static int do_tell(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[4] = {NULL};
    xmpp_jid *to = NULL;
    int n = scene_words(rest, copy, sizeof copy, w, 4);
    if (n < 3 || xmpp_jid_parse(&to, w[1]) < 0) {
        scene_fail(scene, "do chat-states tell TYPE TO STATE [THREAD]");
        return 0;
    }
    int type = strcmp(w[0], "groupchat") == 0 ? XMPP_MESSAGE_GROUPCHAT
               : strcmp(w[0], "chat") == 0    ? XMPP_MESSAGE_CHAT
                                              : XMPP_MESSAGE_NORMAL;
    int result = IN_LIB(xmpp_chat_state_send(conn, to, type, state_of(w[2]), n > 3 ? w[3] : NULL));
    xmpp_jid_unref(to);
    if (result >= 0) {
        app_event(scene, 0, NULL, "told %s", result > 0 ? "yes" : "no");
    }
    return result < 0 ? result : 0;
}

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    (void)conn;
    if (strcmp(what, "alone") == 0) {
        snprintf(got, size, "%s", xmpp_chat_state_is_alone(scene->kept) ? "yes" : "no");
        return 1;
    }
    snprintf(got, size, "%s", names[xmpp_chat_state_get(scene->kept)]);
    return strcmp(what, "kept") == 0;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"sending", do_sending}, {"set", do_set}, {"tell", do_tell},
    {NULL, NULL},
};
const struct words words_chat_states = {"chat-states", verbs, look, NULL};
