/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for markers: `do markers enable`, `sending on|off`, `send TYPE TO [ID]` (a message that
 * asks for one), `displayed` (the kept message was; `E: marked yes`, `E: marked no`), `sent` (the
 * kept one is what a marker names), `sent-to TO` (the same, for one built here); of the kept one
 * `is markers kept = ID`, `is markers requested = yes`, `is markers fits = yes`, `fits-in-room`. */
#include <stdio.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/markers.h"
#include "xmpp/message.h"

static const xmpp_stanza *sent;

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_markers_enable(conn));
}

static int do_sending(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_markers_set_sending(conn, strcmp(rest, "off") != 0));
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[3] = {NULL};
    int n = scene_words(rest, copy, sizeof copy, w, 3);
    int type = strcmp(w[0], "groupchat") == 0 ? XMPP_MESSAGE_GROUPCHAT
               : strcmp(w[0], "error") == 0   ? XMPP_MESSAGE_ERROR
                                              : XMPP_MESSAGE_NORMAL;
    xmpp_stanza *message = IN_LIB(xmpp_message_new(type, w[1]));
    if (n > 2) {
        IN_LIB_VOID(xmpp_stanza_set_id(message, w[2]));
    }
    int result = message ? IN_LIB(xmpp_marker_request(message)) : XMPP_E_NOMEM;
    if (result == 0 && xmpp_stanza_get_error(message) == 0 && !xmpp_stanza_get_id(message)) {
        scene_break(scene, "a message that asks for a marker has no id");
    }
    if (result == 0) {
        IN_LIB(xmpp_marker_request(message)); /* adds nothing */
        result = IN_LIB(xmpp_conn_send(conn, message));
    }
    xmpp_stanza_unref(message);
    return result;
}

static int do_displayed(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)rest;
    int result = IN_LIB(xmpp_marker_send(conn, scene->kept));
    if (result >= 0) {
        app_event(scene, 0, NULL, "marked %s", result > 0 ? "yes" : "no");
    }
    return result < 0 ? result : 0;
}

static int do_sent(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    xmpp_stanza_unref(sent);
    sent = xmpp_stanza_ref(scene->kept);
    return 0;
}

static int do_sent_to(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)scene;
    xmpp_stanza_unref(sent);
    sent = xmpp_message_new(XMPP_MESSAGE_CHAT, rest);
    return 0;
}

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    const char *id = xmpp_marker_get_id(scene->kept);
    int in_room = strcmp(what, "fits-in-room") == 0;
    (void)conn;
    if (strcmp(what, "requested") == 0) {
        snprintf(got, size, "%s", xmpp_marker_is_requested(scene->kept) ? "yes" : "no");
    } else if (strcmp(what, "fits") == 0 || in_room) {
        snprintf(got, size, "%s", xmpp_marker_fits(scene->kept, sent, in_room) ? "yes" : "no");
    } else {
        snprintf(got, size, "%s", id ? id : "-");
        return strcmp(what, "kept") == 0;
    }
    return 1;
}

static void done(struct scene *scene)
{
    (void)scene;
    sent = xmpp_stanza_unref(sent);
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"sending", do_sending}, {"send", do_send}, {"displayed", do_displayed},
    {"sent", do_sent},     {"sent-to", do_sent_to}, {NULL, NULL},
};
const struct words words_markers = {"markers", verbs, look, done};
