/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for forwarded stanzas: `do forwarded read` takes the one in the stanza that a handler kept
 * out, `do forwarded again` the one in that, `do forwarded reach N` the one that is inside N of
 * them; `do forwarded send TO MS` forwards the kept one. What was taken out is told: `E: forwarded
 * FROM MS`. */
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/delay.h"
#include "xmpp/forwarded.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"

static xmpp_stanza *inner; /* what was taken out last */

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_forwarded_enable(conn));
}

static int take_out(struct scene *scene, const xmpp_elem *forwarded)
{
    xmpp_stanza *found = NULL;
    int64_t ms = -1;
    int result = forwarded ? IN_LIB(xmpp_forwarded_read(forwarded, &found)) : XMPP_E_NOT_FOUND;
    if (result == 0) {
        IN_LIB(xmpp_forwarded_get_time(forwarded, &ms));
        const xmpp_jid *from = xmpp_stanza_get_from(found);
        const char *lang = xmpp_stanza_get_lang(found);
        app_event(scene, 0, found, "forwarded %s %lld %s", from ? xmpp_jid_get_text(from) : "-",
                  (long long)ms, lang ? lang : "-");
        xmpp_stanza_unref(inner);
        inner = found;
    }
    return result;
}

static int do_read(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    return take_out(scene, xmpp_forwarded_find(xmpp_stanza_get_root(scene->kept)));
}

static int do_again(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    return take_out(scene, xmpp_forwarded_find(xmpp_stanza_get_root(inner)));
}

static int do_reach(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    const xmpp_elem *forwarded = NULL;
    const xmpp_elem *at = xmpp_stanza_get_root(scene->kept);
    (void)conn;
    for (int n = atoi(rest); n > 0; n--) {
        forwarded = xmpp_forwarded_find(at);
        at = xmpp_elem_get_child(forwarded, "message", XMPP_NS_CLIENT);
    }
    return take_out(scene, forwarded);
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *w[2];
    int n = scene_words(rest, copy, sizeof copy, w, 2);
    xmpp_stanza *message = IN_LIB(xmpp_message_new(XMPP_MESSAGE_CHAT, n > 0 ? w[0] : NULL));
    IN_LIB_VOID(xmpp_message_add_body(message, NULL, "A most courteous exposition!"));
    xmpp_elem *forwarded = IN_LIB(xmpp_forwarded_add(xmpp_stanza_root(message), scene->kept));
    if (n > 1) {
        IN_LIB(xmpp_delay_add(forwarded, atoll(w[1]), NULL, NULL));
    }
    int result = IN_LIB(xmpp_conn_send(conn, message));
    xmpp_stanza_unref(message);
    return result;
}

static void done(struct scene *scene)
{
    (void)scene;
    inner = xmpp_stanza_unref(inner);
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"read", do_read}, {"again", do_again},
    {"reach", do_reach},   {"send", do_send}, {NULL, NULL},
};
const struct words words_forwarded = {"forwarded", verbs, NULL, done};
