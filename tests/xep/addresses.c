/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for extended addresses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/addresses.h"
#include "xmpp/jid.h"
#include "xmpp/parser.h"

static xmpp_stanza *built;

static void done(struct scene *scene)
{
    (void)scene;
    built = xmpp_stanza_unref(built);
}

/* `do addresses new <message/>` */
static int do_new(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    done(scene);
    return IN_LIB(xmpp_stanza_parse(&built, rest, strlen(rest)));
}

static const char *or_null(const char *word)
{
    return strcmp(word, "-") == 0 ? NULL : word;
}

/* `do addresses add TYPE JID|- NODE|- DESC|-` */
static int do_add(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *w[4];
    xmpp_jid *jid = NULL;
    (void)conn;
    if (scene_words(rest, copy, sizeof copy, w, 4) != 4) {
        scene_fail(scene, "do addresses add TYPE JID NODE DESC");
        return 0;
    }
    if (or_null(w[1])) {
        (void)xmpp_jid_parse(&jid, w[1]);
    }
    int result = IN_LIB(xmpp_addresses_add(built, atoi(w[0]), jid, or_null(w[2]), or_null(w[3])));
    xmpp_jid_unref(jid);
    return result;
}

static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_send(conn, built));
}

/* "to:hildjj@jabber.org/Work:delivered ..." */
static void print(const xmpp_stanza *stanza, char *got, size_t size)
{
    const xmpp_elem *at;
    size_t len = 0;
    for (size_t i = 0; (at = xmpp_addresses_get_at(stanza, i)) && len < size; i++) {
        xmpp_jid *jid = NULL;
        int result = xmpp_address_get_jid(at, &jid);
        const char *uri = xmpp_address_get_uri(at);
        const char *node = xmpp_address_get_node(at);
        const char *desc = xmpp_address_get_desc(at);
        const char *who = jid ? xmpp_jid_get_text(jid) : uri ? uri : xmpp_error_name(result);
        len += (size_t)snprintf(got + len, size - len, "%s%d:%s%s%s%s%s%s", i > 0 ? " " : "",
                                xmpp_address_get_type(at), who, node ? "#" : "", node ? node : "",
                                desc ? "=" : "", desc ? desc : "",
                                xmpp_address_is_delivered(at) ? ":delivered" : "");
        xmpp_jid_unref(jid);
    }
    if (len == 0) {
        snprintf(got, size, "-");
    }
}

/* "1 <message .../>", "4 -" */
static void print_reply(struct scene *scene, const xmpp_stanza *message, char *got, size_t size)
{
    xmpp_jid *own = NULL;
    xmpp_jid *service = NULL;
    xmpp_stanza *reply = NULL;
    char *text = NULL;
    (void)xmpp_jid_parse(&own, "juliet@capulet.example/balcony");
    (void)xmpp_jid_parse(&service, "multicast.capulet.example");
    int way = scene_result(scene, IN_LIB(xmpp_addresses_reply(message, own, service, &reply)));
    if (reply) {
        (void)xmpp_stanza_to_text(reply, &text, NULL);
    }
    if (way < 0) {
        snprintf(got, size, "%s", xmpp_error_name(way));
    } else {
        snprintf(got, size, "%d %s", way, text ? text : "-");
    }
    xmpp_free(text);
    xmpp_stanza_unref(reply);
    xmpp_jid_unref(own);
    xmpp_jid_unref(service);
}

/* `is addresses of <message/> = ...`, `is addresses reply <message/> = WAY XML`, `is addresses diverted
 * <message/> = yes`; the message as if it had been received */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    const char *xml = strchr(what, '<');
    xmpp_stanza *stanza = NULL;
    (void)conn;
    if (!xml || xmpp_stanza_parse(&stanza, xml, strlen(xml)) < 0) {
        return 0;
    }
    xmpp_stanza_seal(stanza);
    if (strncmp(what, "of ", 3) == 0) {
        print(stanza, got, size);
    } else if (strncmp(what, "reply ", 6) == 0) {
        print_reply(scene, stanza, got, size);
    } else {
        snprintf(got, size, "%s", xmpp_addresses_is_diverted(stanza) ? "yes" : "no");
    }
    xmpp_stanza_unref(stanza);
    return 1;
}

static const struct scene_verb verbs[] = {
    {"new", do_new}, {"add", do_add}, {"send", do_send}, {NULL, NULL}};

const struct words words_addresses = {
    .name = "addresses", .verbs = verbs, .look = look, .done = done};
