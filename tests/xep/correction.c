/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for corrections: `do correction enable`, `send TO ID [OWN-ID]`, `original`, which takes the
 * stanza that a handler kept for the one that is corrected; of the kept one `is correction id =
 * ID`, `is correction fits = yes`, `is correction fits-in-room = yes`. */
#include <stdio.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/correction.h"
#include "xmpp/message.h"

static const xmpp_stanza *original;

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_correction_enable(conn));
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *w[3] = {NULL};
    int n = scene_words(rest, copy, sizeof copy, w, 3);
    (void)scene;
    xmpp_stanza *message = IN_LIB(xmpp_message_new(XMPP_MESSAGE_NORMAL, w[0]));
    if (n > 2) {
        IN_LIB_VOID(xmpp_stanza_set_id(message, w[2]));
    }
    IN_LIB(xmpp_correction_set_id(message, "not-this-one"));
    int result =
        message ? IN_LIB(xmpp_correction_set_id(message, n > 1 ? w[1] : "")) : XMPP_E_NOMEM;
    if (result == 0 && !xmpp_stanza_get_id(message) && xmpp_stanza_get_error(message) == 0) {
        scene_break(scene, "a correction has no id");
    }
    result = result == 0 ? IN_LIB(xmpp_conn_send(conn, message)) : result;
    xmpp_stanza_unref(message);
    return result;
}

static int do_original(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    xmpp_stanza_unref(original);
    original = xmpp_stanza_ref(scene->kept);
    return 0;
}

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    const char *id = xmpp_correction_get_id(scene->kept);
    (void)conn;
    if (strcmp(what, "id") == 0) {
        snprintf(got, size, "%s", id ? id : "-");
        return 1;
    }
    int in_room = strcmp(what, "fits-in-room") == 0;
    snprintf(got, size, "%s", xmpp_correction_fits(original, scene->kept, in_room) ? "yes" : "no");
    return in_room || strcmp(what, "fits") == 0;
}

static void done(struct scene *scene)
{
    (void)scene;
    original = xmpp_stanza_unref(original);
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"send", do_send}, {"original", do_original}, {NULL, NULL}};
const struct words words_correction = {"correction", verbs, look, done};
