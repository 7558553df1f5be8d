/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "blocking". Events: `blocking loaded`, `blocking blocked JID`, ... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/blocking.h"
#include "xmpp/jid.h"

enum { JIDS = 16 };

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_blocking_enable(conn));
}

static int do_keep(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_blocking_keep(conn, strcmp(rest, "off") != 0));
}

static int do_max(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_blocking_set_max(conn, atoi(rest)));
}

static void on_event(xmpp_conn *conn, int event, const xmpp_jid *jid, void *userdata)
{
    static const char *const names[] = {"?", "loaded", "blocked", "unblocked", "cleared", "failed"};
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    if (event == XMPP_BLOCKING_BLOCKED && !xmpp_blocking_is_blocked(conn, jid)) {
        scene_break(reg->scene, "%s is told to be blocked, and is not", xmpp_jid_get_text(jid));
    }
    app_event(reg->scene, 0, NULL, "blocking %s%s%s", names[event], jid ? " " : "",
              jid ? xmpp_jid_get_text(jid) : "");
    app_leave(reg, inside);
}

/* `do blocking on NAME`, `do blocking on -`: nobody */
static int do_on(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    if (strcmp(rest, "-") == 0) {
        return IN_LIB(xmpp_blocking_on_event(conn, NULL, NULL, NULL));
    }
    struct scene_reg *reg = app_new_reg(scene, rest);
    int result = XMPP_E_INVAL;
    if (reg) {
        reg->is_alive = 1;
        result = IN_LIB(xmpp_blocking_on_event(conn, on_event, reg, app_destroy));
        reg->is_alive = result == 0;
    }
    return result;
}

/* NAME and addresses. */
static int ask(struct scene *scene, xmpp_conn *conn, const char *rest, int blocks)
{
    char copy[1024];
    char *w[JIDS];
    const xmpp_jid *jids[JIDS] = {0};
    int n = scene_words(rest, copy, sizeof copy, w, JIDS);
    struct scene_reg *reg = n >= 1 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do blocking block NAME JID ...");
        return 0;
    }
    for (int i = 1; i < n; i++) {
        xmpp_jid *jid = NULL;
        (void)xmpp_jid_parse(&jid, w[i]);
        jids[i - 1] = jid;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = blocks ? IN_LIB(xmpp_blocking_block(conn, &reg->slot, jids, (size_t)n - 1, 0,
                                                     app_on_reply, reg, app_destroy))
                        : IN_LIB(xmpp_blocking_unblock(conn, &reg->slot, jids, (size_t)n - 1, 0,
                                                       app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    for (int i = 0; i < JIDS; i++) {
        xmpp_jid_unref((xmpp_jid *)jids[i]);
    }
    return result;
}

static int do_block(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return ask(scene, conn, rest, 1);
}

static int do_unblock(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return ask(scene, conn, rest, 0);
}

static int do_unblock_all(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_new_reg(scene, rest);
    if (!reg) {
        return 0;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result =
        IN_LIB(xmpp_blocking_unblock_all(conn, &reg->slot, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int is_blocked(const xmpp_conn *conn, const char *text)
{
    xmpp_jid *jid = NULL;
    (void)xmpp_jid_parse(&jid, text);
    int blocked = xmpp_blocking_is_blocked(conn, jid);
    xmpp_jid_unref(jid);
    return blocked;
}

static int is_error(const char *text)
{
    xmpp_stanza *stanza = NULL;
    (void)xmpp_stanza_parse(&stanza, text, strlen(text));
    int error = xmpp_blocking_is_error(stanza);
    xmpp_stanza_unref(stanza);
    return error;
}

/* `is blocking list = A B`, `is blocking blocked JID = yes`, `is blocking error <message/> = yes`; where
 * there is no list, "-" */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    const xmpp_jid *jid;
    (void)scene;
    if (strncmp(what, "blocked ", 8) == 0) {
        snprintf(got, size, "%s", is_blocked(conn, what + 8) ? "yes" : "no");
        return 1;
    }
    if (strncmp(what, "error ", 6) == 0) {
        snprintf(got, size, "%s", is_error(what + 6) ? "yes" : "no");
        return 1;
    }
    snprintf(got, size, "%s", xmpp_blocking_is_loaded(conn) ? "" : "-");
    size_t len = strlen(got);
    for (size_t i = 0; (jid = xmpp_blocking_get_at(conn, i)) && len < size; i++) {
        len += (size_t)snprintf(got + len, size - len, "%s%s", i > 0 ? " " : "",
                                xmpp_jid_get_text(jid));
    }
    if (len == 0) {
        snprintf(got, size, "empty");
    }
    return strcmp(what, "list") == 0;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable},
    {"keep", do_keep},
    {"max", do_max},
    {"on", do_on},
    {"block", do_block},
    {"unblock", do_unblock},
    {"unblock-all", do_unblock_all},
    {NULL, NULL},
};

const struct words words_blocking = {.name = "blocking", .verbs = verbs, .look = look};
