/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for receipts: `do receipts enable`, `answering on|off`, `send TYPE TO [ID]` (a message that
 * asks for one), `send-many N TO` (with the ids 1, 2, ...), `answer` (the kept message, by a rule
 * of the application's); of the stanza that a handler kept `is receipts kept = ID`, `is receipts
 * requested = yes`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/message.h"
#include "xmpp/receipts.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_receipts_enable(conn));
}

static int do_answering(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_receipts_set_answering(conn, strcmp(rest, "off") != 0));
}

static int type_of(const char *name)
{
    return strcmp(name, "chat") == 0        ? XMPP_MESSAGE_CHAT
           : strcmp(name, "groupchat") == 0 ? XMPP_MESSAGE_GROUPCHAT
           : strcmp(name, "headline") == 0  ? XMPP_MESSAGE_HEADLINE
           : strcmp(name, "error") == 0     ? XMPP_MESSAGE_ERROR
                                            : XMPP_MESSAGE_NORMAL;
}

static int send_asking(struct scene *scene, xmpp_conn *conn, int type, const char *to,
                       const char *id)
{
    xmpp_stanza *message = IN_LIB(xmpp_message_new(type, to));
    if (id) {
        IN_LIB_VOID(xmpp_stanza_set_id(message, id));
    }
    int result = message ? IN_LIB(xmpp_receipt_request(message)) : XMPP_E_NOMEM;
    if (result == 0 && xmpp_stanza_get_error(message) == 0 && !xmpp_stanza_get_id(message)) {
        scene_break(scene, "a message that asks for a receipt has no id");
    }
    if (result == 0) {
        IN_LIB(xmpp_receipt_request(message)); /* adds nothing */
        result = IN_LIB(xmpp_conn_send(conn, message));
    }
    xmpp_stanza_unref(message);
    return result;
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[3] = {NULL};
    int n = scene_words(rest, copy, sizeof copy, w, 3);
    return send_asking(scene, conn, type_of(w[0]), n > 1 && strcmp(w[1], "-") != 0 ? w[1] : NULL,
                       n > 2 ? w[2] : NULL);
}

static int do_send_many(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char id[24];
    char *to;
    int result = 0;
    long n = strtol(rest, &to, 10);
    for (long i = 1; i <= n && result == 0; i++) {
        snprintf(id, sizeof id, "%ld", i);
        result = send_asking(scene, conn, XMPP_MESSAGE_CHAT, to + 1, id);
    }
    return result;
}

static int do_answer(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)rest;
    xmpp_stanza *receipt = IN_LIB(xmpp_receipt_new(scene->kept));
    int result = receipt ? IN_LIB(xmpp_conn_send(conn, receipt)) : XMPP_E_NOT_FOUND;
    scene->saw_nomem |= !receipt && xmpp_receipt_is_requested(scene->kept);
    xmpp_stanza_unref(receipt);
    return result;
}

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    const char *id = xmpp_receipt_get_id(scene->kept);
    (void)conn;
    if (strcmp(what, "requested") == 0) {
        snprintf(got, size, "%s", xmpp_receipt_is_requested(scene->kept) ? "yes" : "no");
        return 1;
    }
    snprintf(got, size, "%s", id ? id : "-");
    return strcmp(what, "kept") == 0;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable},       {"answering", do_answering}, {"send", do_send},
    {"send-many", do_send_many}, {"answer", do_answer},       {NULL, NULL},
};
const struct words words_receipts = {"receipts", verbs, look, NULL};
