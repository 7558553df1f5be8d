/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for stanza ids: `do stanza-ids enable`, `origin on|off`, `trust JID`, `distrust JID`,
 * `send TO ORIGIN REFERENCE BY`; of the stanza that a handler kept `is stanza-ids by JID = ID`, `is
 * stanza-ids origin = ID`, `is stanza-ids reference = ID BY`; `is stanza-ids trusted JID = yes`. */
#include <stdio.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/stanza_ids.h"

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_stanza_ids_enable(conn));
}

static int do_origin(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_stanza_ids_set_origin(conn, strcmp(rest, "off") != 0));
}

static int set_trusted(xmpp_conn *conn, const char *text, int on)
{
    xmpp_jid *jid = NULL;
    xmpp_jid_parse(&jid, text);
    int result = IN_LIB(xmpp_stanza_ids_set_trusted(conn, jid, on));
    xmpp_jid_unref(jid);
    return result;
}

static int do_trust(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return set_trusted(conn, rest, 1);
}

static int do_distrust(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return set_trusted(conn, rest, 0);
}

/* Trusts N rooms; stops at the first that is refused. */
static int do_trust_many(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char text[64];
    int n = 0;
    int result = 0;
    (void)scene;
    sscanf(rest, "%d", &n);
    for (int i = 0; i < n && result == 0; i++) {
        snprintf(text, sizeof text, "room%d@muc.example.com", i);
        result = set_trusted(conn, text, 1);
    }
    return result;
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[4] = {NULL};
    xmpp_jid *by = NULL;
    (void)scene;
    int n = scene_words(rest, copy, sizeof copy, w, 4);
    if (n > 3) {
        xmpp_jid_parse(&by, w[3]);
    }
    xmpp_stanza *message = IN_LIB(xmpp_message_new(XMPP_MESSAGE_GROUPCHAT, w[0]));
    IN_LIB_VOID(xmpp_message_add_body(message, NULL, "Typical body text"));
    IN_LIB_VOID(xmpp_origin_id_set(message, "another"));
    IN_LIB_VOID(xmpp_origin_id_set(message, w[1]));
    if (n > 2) {
        IN_LIB_VOID(xmpp_stanza_reference_add(message, w[2], by));
    }
    int result = IN_LIB(xmpp_conn_send(conn, message));
    xmpp_stanza_unref(message);
    xmpp_jid_unref(by);
    return result;
}

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    char which[16] = "";
    char text[512] = "";
    xmpp_jid *jid = NULL;
    sscanf(what, "%15s %511s", which, text);
    xmpp_jid_parse(&jid, text);
    int is_known = 1;
    if (strcmp(which, "by") == 0) {
        snprintf(got, size, "%s", or_dash(xmpp_stanza_id_get(scene->kept, jid)));
    } else if (strcmp(which, "trusted") == 0) {
        snprintf(got, size, "%s", xmpp_stanza_ids_is_trusted(conn, jid) ? "yes" : "no");
    } else if (strcmp(which, "origin") == 0) {
        snprintf(got, size, "%s", or_dash(xmpp_origin_id_get(scene->kept)));
    } else if (strcmp(which, "reference") == 0) {
        snprintf(got, size, "%s %s", or_dash(xmpp_stanza_reference_get_id(scene->kept)),
                 or_dash(xmpp_stanza_reference_get_by(scene->kept)));
    } else {
        is_known = 0;
    }
    xmpp_jid_unref(jid);
    return is_known;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable},
    {"origin", do_origin},
    {"trust", do_trust},
    {"distrust", do_distrust},
    {"trust-many", do_trust_many},
    {"send", do_send},
    {NULL, NULL},
};
const struct words words_stanza_ids = {"stanza-ids", verbs, look, NULL};
