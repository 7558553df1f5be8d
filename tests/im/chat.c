/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "chat". A chat that was opened is held until `do chat drop`, or the end. */
#include "xmpp/chat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"

enum { CHATS = 8 };
static xmpp_chat *held[CHATS];

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_chat_enable(conn));
}

static xmpp_jid *jid_of(struct scene *scene, const char *text)
{
    xmpp_jid *jid = NULL;
    if (xmpp_jid_parse(&jid, text) < 0) {
        scene_fail(scene, "that is no address: %s", text);
    }
    return jid;
}

/* `do chat open JID` */
static int do_open(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_jid *jid = jid_of(scene, rest);
    xmpp_chat *chat = NULL;
    int result = IN_LIB(xmpp_chat_open(conn, jid, &chat));
    xmpp_jid_unref(jid);
    for (int i = 0; i < CHATS && chat; i++) {
        if (!held[i]) {
            held[i] = chat;
            chat = NULL;
        }
    }
    xmpp_chat_unref(chat);
    return result;
}

/* The chat that is held with somebody, or else the one that there is: `#JID` is only the first. */
static xmpp_chat *chat_of(struct scene *scene, const xmpp_conn *conn, const char *text)
{
    xmpp_jid *jid = jid_of(scene, text + (*text == '#'));
    xmpp_chat *chat = *text == '#' ? NULL : xmpp_chat_get(conn, jid);
    for (int i = 0; i < CHATS && *text == '#' && !chat; i++) {
        chat = held[i] && xmpp_jid_equal(xmpp_chat_get_peer(held[i]), jid) ? held[i] : NULL;
    }
    xmpp_jid_unref(jid);
    return chat;
}

static int do_close(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_chat *chat = chat_of(scene, conn, rest);
    return IN_LIB(xmpp_chat_close(conn, chat));
}

static void drop(struct scene *scene)
{
    (void)scene;
    for (int i = 0; i < CHATS; i++) {
        held[i] = xmpp_chat_unref(held[i]);
    }
}

static int do_drop(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    drop(scene);
    return 0;
}

/* `do chat say JID TEXT` */
static int do_say(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char address[1024];
    size_t n = strcspn(rest, " ");
    snprintf(address, sizeof address, "%.*s", (int)n, rest);
    xmpp_chat *chat = chat_of(scene, conn, address);
    xmpp_stanza *message = IN_LIB(xmpp_chat_new_message(chat));
    IN_LIB_VOID(xmpp_message_add_body(message, NULL, rest[n] ? rest + n + 1 : ""));
    int result = IN_LIB(xmpp_conn_send(conn, message));
    xmpp_stanza_unref(message);
    return result;
}

/* `do chat thread JID [THREAD [PARENT]]` */
static int do_thread(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[1024];
    char *w[3] = {NULL, NULL, NULL};
    if (scene_words(rest, copy, sizeof copy, w, 3) == 0) {
        return XMPP_E_INVAL;
    }
    xmpp_chat *chat = chat_of(scene, conn, w[0]);
    return IN_LIB(xmpp_chat_set_thread(chat, w[1], w[2]));
}

static int do_begin(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_chat *chat = chat_of(scene, conn, rest);
    return IN_LIB(xmpp_chat_begin_thread(chat, 0));
}

static int do_begin_child(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_chat *chat = chat_of(scene, conn, rest);
    return IN_LIB(xmpp_chat_begin_thread(chat, 1));
}

static int do_share(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_chat *chat = chat_of(scene, conn, rest);
    return IN_LIB(xmpp_chat_share_presence(conn, chat, 1));
}

static int do_unshare(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_chat *chat = chat_of(scene, conn, rest);
    return IN_LIB(xmpp_chat_share_presence(conn, chat, 0));
}

static int do_limit(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_chat_set_limit(conn, atoi(rest)));
}

/* --- what it says --------------------------------------------------------------------------------- */

static void print_stored(const struct scene *scene, const xmpp_conn *conn, char *got, size_t size)
{
    int64_t ms = 0;
    int was_stored = xmpp_chat_was_stored(conn, scene->kept, &ms);
    snprintf(got, size, was_stored ? "%" PRId64 : "no", ms);
}

/* The message that a handler kept. */
static void print_of(const struct scene *scene, const xmpp_conn *conn, char *got, size_t size)
{
    const xmpp_chat *chat = xmpp_chat_of(conn, scene->kept);
    snprintf(got, size, "%s", chat ? xmpp_jid_get_text(xmpp_chat_get_peer(chat)) : "-");
}

/* `is chat to|type|thread|over|private JID = …`, `stored = MS|no`, `of = PEER`: of the message that is
 * kept. */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    size_t n = strcspn(what, " ");
    if (strcmp(what, "stored") == 0) {
        print_stored(scene, conn, got, size);
        return 1;
    }
    if (strcmp(what, "of") == 0) {
        print_of(scene, conn, got, size);
        return 1;
    }
    const xmpp_chat *chat = what[n] ? chat_of(scene, conn, what + n + 1) : NULL;
    const char *thread = xmpp_chat_get_thread(chat);
    if (!chat) {
        snprintf(got, size, "-");
    } else if (strncmp(what, "to", n) == 0) {
        snprintf(got, size, "%s", xmpp_jid_get_text(xmpp_chat_get_to(chat)));
    } else if (strncmp(what, "type", n) == 0) {
        snprintf(got, size, "%s",
                 xmpp_chat_get_type(chat) == XMPP_MESSAGE_CHAT ? "chat" : "normal");
    } else if (strncmp(what, "thread", n) == 0) {
        snprintf(got, size, "%s", thread ? thread : "-");
    } else if (strncmp(what, "over", n) == 0) {
        snprintf(got, size, "%d", xmpp_chat_is_over(chat));
    } else if (strncmp(what, "private", n) == 0) {
        snprintf(got, size, "%d", xmpp_chat_is_private(chat));
    } else {
        return 0;
    }
    return 1;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"open", do_open},
    {"close", do_close},   {"drop", do_drop},
    {"say", do_say},       {"thread", do_thread},
    {"begin", do_begin},   {"begin-child", do_begin_child},
    {"share", do_share},   {"unshare", do_unshare},
    {"limit", do_limit},   {NULL, NULL},
};
const struct words words_chat = {"chat", verbs, look, drop};
