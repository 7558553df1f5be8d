/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for hints: `is hints kept = no-copy store`, `do hints send TO HINT HINT ...`. */
#include <stdio.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/hints.h"
#include "xmpp/message.h"

static const struct {
    const char *name;
    int bit;
} names[] = {{"no-permanent-store", XMPP_HINT_NO_PERMANENT_STORE},
             {"no-store", XMPP_HINT_NO_STORE},
             {"no-copy", XMPP_HINT_NO_COPY},
             {"store", XMPP_HINT_STORE},
             {"nonsense", 1024}};
enum { N_NAMES = sizeof names / sizeof *names };

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    int hints = xmpp_hints_get(scene->kept);
    size_t at = 0;
    (void)conn;
    snprintf(got, size, "none");
    for (int i = 0; i < N_NAMES; i++) {
        if (hints & names[i].bit) {
            at += (size_t)snprintf(got + at, size - at, "%s%s", at ? " " : "", names[i].name);
        }
    }
    return strcmp(what, "kept") == 0;
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[6];
    int n = scene_words(rest, copy, sizeof copy, w, 6);
    int hints = 0;
    (void)scene;
    for (int i = 1; i < n; i++) {
        for (int k = 0; k < N_NAMES; k++) {
            hints |= strcmp(names[k].name, w[i]) == 0 ? names[k].bit : 0;
        }
    }
    xmpp_stanza *message = IN_LIB(xmpp_message_new(XMPP_MESSAGE_NORMAL, n > 0 ? w[0] : NULL));
    int result = message ? IN_LIB(xmpp_hints_add(message, hints)) : XMPP_E_NOMEM;
    if (result == 0) {
        IN_LIB(xmpp_hints_add(message, hints)); /* adds nothing */
        result = IN_LIB(xmpp_conn_send(conn, message));
    }
    xmpp_stanza_unref(message);
    return result;
}

static const struct scene_verb verbs[] = {{"send", do_send}, {NULL, NULL}};
const struct words words_hints = {"hints", verbs, look, NULL};
