/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "presence". Events: `resource came JID`, `resource changed JID`, `resource
 * left JID`, with the stanza that said so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/jid.h"
#include "xmpp/presence.h"
#include "xmpp/presence_session.h"
#include "xmpp/roster.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_presence_enable(conn));
}

/* `do presence roster`: the module that it requires. */
static int do_roster(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_roster_enable(conn));
}

/* A stanza out of a script; NULL for "". */
static xmpp_stanza *stanza_of(struct scene *scene, const char *text)
{
    xmpp_stanza *stanza = NULL;
    if (*text && xmpp_stanza_parse(&stanza, text, strlen(text)) < 0) {
        scene_fail(scene, "that is no stanza");
    }
    return stanza;
}

static xmpp_jid *jid_of(struct scene *scene, const char *text)
{
    xmpp_jid *jid = NULL;
    if (xmpp_jid_parse(&jid, text) < 0) {
        scene_fail(scene, "that is no address: %s", text);
    }
    return jid;
}

/* `do presence set [STANZA]` */
static int do_set(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_stanza *stanza = stanza_of(scene, rest);
    int result = IN_LIB(xmpp_presence_set_own(conn, stanza));
    xmpp_stanza_unref(stanza);
    return result;
}

/* The address in front of a space; *ret_rest is what is behind it. */
static xmpp_jid *first_jid(struct scene *scene, const char *text, const char **ret_rest)
{
    char address[1024];
    size_t n = strcspn(text, " ");
    snprintf(address, sizeof address, "%.*s", (int)n, text);
    *ret_rest = text + n + (text[n] != '\0');
    return jid_of(scene, address);
}

/* `do presence direct JID [STANZA]` */
static int do_direct(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_jid *to = first_jid(scene, rest, &rest);
    xmpp_stanza *stanza = stanza_of(scene, rest);
    int result = IN_LIB(xmpp_presence_direct(conn, to, stanza));
    xmpp_stanza_unref(stanza);
    xmpp_jid_unref(to);
    return result;
}

/* `do presence hold`, `do presence hold off` */
static int do_hold(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_presence_hold(conn, strcmp(rest, "off") != 0));
}

static int do_probe(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_jid *to = jid_of(scene, rest);
    int result = IN_LIB(xmpp_presence_probe(conn, to));
    xmpp_jid_unref(to);
    return result;
}

/* `do presence limit resources|strangers|directed N` */
static int do_limit(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    int limit = -1;
    (void)scene;
    if (strncmp(rest, "resources", 9) == 0) {
        limit = XMPP_PRESENCE_RESOURCES;
    } else if (strncmp(rest, "strangers", 9) == 0) {
        limit = XMPP_PRESENCE_STRANGERS;
    } else if (strncmp(rest, "directed", 8) == 0) {
        limit = XMPP_PRESENCE_DIRECTED;
    }
    const char *space = strchr(rest, ' ');
    return IN_LIB(xmpp_presence_set_limit(conn, limit, space ? atoi(space) : 0));
}

static void on_resource(xmpp_conn *conn, int event, const xmpp_resource *resource,
                        const xmpp_stanza *presence, void *userdata)
{
    static const char *const names[] = {"?", "came", "changed", "left"};
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    const xmpp_jid *jid = xmpp_resource_get_jid(resource);
    const char *address = xmpp_jid_get_text(jid);
    const xmpp_resource *there = xmpp_presence_get_resource(conn, jid);
    if ((there == resource) != (event != XMPP_RESOURCE_LEFT)) {
        scene_break(reg->scene, "%s %s, and is %s", address, names[event],
                    there ? "there" : "not there");
    }
    reg->scene->saw_nomem |= xmpp_error_get_code(xmpp_conn_get_error(conn)) == XMPP_E_NOMEM;
    app_event(reg->scene, 0, presence, "resource %s %s", names[event], address);
    app_leave(reg, inside);
}

/* `do presence on NAME`, `do presence on -`: nobody */
static int do_on(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    if (strcmp(rest, "-") == 0) {
        return IN_LIB(xmpp_presence_on_resource(conn, NULL, NULL, NULL));
    }
    struct scene_reg *reg = app_new_reg(scene, rest);
    int result = XMPP_E_INVAL;
    if (reg) {
        reg->is_alive = 1;
        result = IN_LIB(xmpp_presence_on_resource(conn, on_resource, reg, app_destroy));
        reg->is_alive = result == 0;
    }
    return result;
}

/* --- what it says --------------------------------------------------------------------------------- */

static void add(char *got, size_t size, const xmpp_jid *jid)
{
    size_t n = strlen(got);
    snprintf(got + n, size - n, "%s%s", n > 0 ? " " : "", xmpp_jid_get_text(jid));
}

static void look_at_lists(const xmpp_conn *conn, const char *what, const xmpp_jid *jid, char *got,
                          size_t size)
{
    got[0] = '\0';
    for (size_t i = 0;; i++) {
        const xmpp_jid *at =
            strcmp(what, "present") == 0 ? xmpp_presence_get_present(conn, i)
            : strcmp(what, "directed") == 0
                ? xmpp_presence_get_directed(conn, i)
                : xmpp_resource_get_jid(xmpp_presence_get_resource_at(conn, jid, i));
        if (!at) {
            break;
        }
        add(got, size, at);
    }
    if (!got[0]) {
        snprintf(got, size, "-");
    }
}

static size_t count_present(const xmpp_conn *conn)
{
    size_t n = 0;
    while (xmpp_presence_get_present(conn, n)) {
        n++;
    }
    return n;
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void look_at_one(const char *what, const xmpp_stanza *presence, const char *lang, char *got,
                        size_t size)
{
    static const char *const shows[] = {"online", "chat", "away", "dnd", "xa"};
    if (!presence) {
        snprintf(got, size, "-");
    } else if (strcmp(what, "show") == 0) {
        snprintf(got, size, "%s", shows[xmpp_presence_get_show(presence)]);
    } else if (strcmp(what, "priority") == 0) {
        snprintf(got, size, "%d", xmpp_presence_get_priority(presence));
    } else if (strcmp(what, "status") == 0) {
        snprintf(got, size, "%s", or_dash(xmpp_presence_get_status(presence, *lang ? lang : NULL)));
    } else if (strcmp(what, "stanza") != 0) {
        const xmpp_elem *root = xmpp_stanza_get_root(presence);
        snprintf(got, size, "%s", xmpp_elem_get_child(root, what, NULL) ? "yes" : "no");
    } else {
        char *text;
        got[0] = '\0';
        if (xmpp_stanza_to_text(presence, &text, NULL) == 0) {
            snprintf(got, size, "%s", text);
            xmpp_free(text);
        }
    }
}

/* `is presence may-see|room JID = 1`, `best|resources JID = …`, `show|priority|status|stanza JID [LANG]
 * = …`, `CHILD JID = yes`, `present|directed = …`, `count = N`, `announced = 1`, `own = STANZA`. */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    char verb[32] = "";
    const char *lang = "";
    size_t n = strcspn(what, " ");
    snprintf(verb, sizeof verb, "%.*s", (int)n, what);
    xmpp_jid *jid = what[n] ? first_jid(scene, what + n + 1, &lang) : NULL;
    if (strcmp(verb, "may-see") == 0) {
        snprintf(got, size, "%d", xmpp_presence_may_see(conn, jid));
    } else if (strcmp(verb, "room") == 0) {
        snprintf(got, size, "%d", xmpp_presence_is_room(conn, jid));
    } else if (strcmp(verb, "announced") == 0) {
        snprintf(got, size, "%d", xmpp_presence_is_announced(conn));
    } else if (strcmp(verb, "count") == 0) {
        snprintf(got, size, "%zu", count_present(conn));
    } else if (strcmp(verb, "own") == 0) {
        look_at_one("stanza", xmpp_presence_get_own(conn), "", got, size);
    } else if (strcmp(verb, "best") == 0) {
        const xmpp_jid *best = xmpp_resource_get_jid(xmpp_presence_get_best(conn, jid));
        snprintf(got, size, "%s", or_dash(xmpp_jid_get_text(best)));
    } else if (strcmp(verb, "resources") == 0 || !jid) {
        look_at_lists(conn, verb, jid, got, size);
    } else {
        const xmpp_resource *resource = xmpp_presence_get_resource(conn, jid);
        look_at_one(verb, xmpp_resource_get_presence(resource), lang, got, size);
    }
    xmpp_jid_unref(jid);
    return 1;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"roster", do_roster}, {"set", do_set},
    {"direct", do_direct}, {"probe", do_probe},   {"hold", do_hold},
    {"limit", do_limit},   {"on", do_on},         {NULL, NULL},
};
const struct words words_presence = {"presence", verbs, look, NULL};
