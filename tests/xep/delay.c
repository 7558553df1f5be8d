/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for delay: `is delay kept = MS BY FROM REASON` of the stanza that a handler kept, `is delay
 * delayed = yes`; `do delay send MS FROM REASON` sends a message with a note. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/delay.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"

static const char *const by_names[] = {"anybody", "sender", "receiver"};

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    int64_t ms = 0;
    int by = 0;
    (void)conn;
    if (strcmp(what, "delayed") == 0) {
        snprintf(got, size, "%s", xmpp_delay_is_delayed(scene->kept) ? "yes" : "no");
        return 1;
    }
    int result = scene_result(scene, IN_LIB(xmpp_delay_get(scene->kept, &ms, &by)));
    const xmpp_elem *elem = IN_LIB(xmpp_delay_get_elem(scene->kept));
    if (result < 0 || !elem) {
        snprintf(got, size, "%s", xmpp_error_name(result));
        scene->saw_nomem |= result == 0;
    } else {
        snprintf(got, size, "%lld %s %s %s", (long long)ms, by_names[by],
                 or_dash(xmpp_delay_get_from(elem)), or_dash(xmpp_delay_get_reason(elem)));
    }
    return strcmp(what, "kept") == 0;
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char from[256] = "";
    long long ms = 0;
    int at = 0;
    xmpp_jid *jid = NULL;
    (void)scene;
    sscanf(rest, "%lld %255s %n", &ms, from, &at);
    if (strcmp(from, "-") != 0) {
        xmpp_jid_parse(&jid, from);
    }
    xmpp_stanza *message = IN_LIB(xmpp_message_new(XMPP_MESSAGE_CHAT, NULL));
    int result = message ? IN_LIB(xmpp_delay_add(xmpp_stanza_root(message), ms, jid,
                                                 rest[at] ? rest + at : NULL))
                         : XMPP_E_NOMEM;
    result = result == 0 ? IN_LIB(xmpp_conn_send(conn, message)) : result;
    xmpp_stanza_unref(message);
    xmpp_jid_unref(jid);
    return result;
}

static const struct scene_verb verbs[] = {{"send", do_send}, {NULL, NULL}};
const struct words words_delay = {"delay", verbs, look, NULL};
