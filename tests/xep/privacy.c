/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "privacy". Events: `privacy changed NAME`; `NAME ok ACTIVE DEFAULT LIST ...`;
 * `NAME ok jid:tybalt@example.com:deny:1:15 ...`, with the bits of what a rule is about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/privacy.h"

enum { TEXT = 900 };

static xmpp_stanza *list; /* that is built */

static void done(struct scene *scene)
{
    (void)scene;
    list = xmpp_stanza_unref(list);
}

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_privacy_enable(conn));
}

static void on_change(xmpp_conn *conn, const char *name, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    (void)conn;
    app_event(reg->scene, 0, NULL, "privacy changed %s", name);
    app_leave(reg, inside);
}

/* `do privacy on NAME`, `do privacy on -`: nobody */
static int do_on(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    if (strcmp(rest, "-") == 0) {
        return IN_LIB(xmpp_privacy_on_change(conn, NULL, NULL, NULL));
    }
    struct scene_reg *reg = app_new_reg(scene, rest);
    int result = XMPP_E_INVAL;
    if (reg) {
        reg->is_alive = 1;
        result = IN_LIB(xmpp_privacy_on_change(conn, on_change, reg, app_destroy));
        reg->is_alive = result == 0;
    }
    return result;
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void on_names(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    char text[TEXT] = "";
    size_t len = 0;
    const char *name;
    for (size_t i = 0; (name = xmpp_privacy_get_name_at(reply, i)) && len < sizeof text; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, " %s", name);
    }
    app_event(reg->scene, 0, reply, "%s %s %s %s%s", reg->name, app_outcome(error),
              or_dash(xmpp_privacy_get_active(reply)), or_dash(xmpp_privacy_get_default(reply)),
              text);
    app_leave(reg, inside);
}

static void on_list(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    static const char *const kinds[] = {"?", "all", "jid", "group", "subscription"};
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    char text[TEXT] = "";
    size_t len = 0;
    const xmpp_elem *rule = xmpp_elem_get_child(xmpp_privacy_get_list(reply), "item", NULL);
    for (; rule && len < sizeof text; rule = xmpp_elem_get_next(rule, "item", NULL)) {
        len += (size_t)snprintf(
            text + len, sizeof text - len, " %s:%s:%s:%lld:%d",
            kinds[xmpp_privacy_rule_get_kind(rule) + 1], or_dash(xmpp_privacy_rule_get_value(rule)),
            xmpp_privacy_rule_is_deny(rule) ? "deny" : "allow",
            (long long)xmpp_privacy_rule_get_order(rule), xmpp_privacy_rule_get_what(rule));
    }
    app_event(reg->scene, 0, reply, "%s %s%s", reg->name, app_outcome(error), text);
    app_leave(reg, inside);
}

/* The first word names the answer, *ret_rest is what is behind it. */
static struct scene_reg *new_reply(struct scene *scene, const char *text, const char **ret_rest)
{
    char name[VARS_NAME] = "";
    int at = 0;
    sscanf(text, "%15s %n", name, &at);
    struct scene_reg *reg = app_new_reg(scene, name);
    if (reg) {
        reg->is_reply = 1;
        reg->is_alive = 1;
    }
    *ret_rest = text[at] ? text + at : NULL;
    return reg;
}

static int do_names(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest, &rest);
    int result =
        IN_LIB(xmpp_privacy_request_names(conn, &reg->slot, 0, on_names, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_get(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest, &rest);
    int result =
        IN_LIB(xmpp_privacy_request_list(conn, &reg->slot, rest, 0, on_list, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_remove(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest, &rest);
    int result =
        IN_LIB(xmpp_privacy_remove_list(conn, &reg->slot, rest, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_active(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest, &rest);
    int result =
        IN_LIB(xmpp_privacy_set_active(conn, &reg->slot, rest, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_default(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest, &rest);
    int result =
        IN_LIB(xmpp_privacy_set_default(conn, &reg->slot, rest, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

/* `do privacy new LIST` */
static int do_new(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    done(scene);
    list = IN_LIB(xmpp_privacy_list_new(rest));
    return list ? 0 : XMPP_E_NOMEM;
}

/* `do privacy rule KIND VALUE|- allow|deny WHAT` */
static int do_rule(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *w[4];
    (void)conn;
    if (scene_words(rest, copy, sizeof copy, w, 4) != 4) {
        scene_fail(scene, "do privacy rule KIND VALUE allow|deny WHAT");
        return 0;
    }
    return IN_LIB(xmpp_privacy_list_add(list, atoi(w[0]), strcmp(w[1], "-") == 0 ? NULL : w[1],
                                        strcmp(w[2], "deny") == 0, atoi(w[3])));
}

/* `do privacy set NAME`: what was built; `do privacy set NAME <list/>` */
static int do_set(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest, &rest);
    if (rest) {
        done(scene);
        (void)xmpp_stanza_parse(&list, rest, strlen(rest));
    }
    int result =
        IN_LIB(xmpp_privacy_set_list(conn, &reg->slot, list, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable},   {"on", do_on},         {"names", do_names},
    {"get", do_get},         {"remove", do_remove}, {"active", do_active},
    {"default", do_default}, {"new", do_new},       {"rule", do_rule},
    {"set", do_set},         {NULL, NULL},
};

const struct words words_privacy = {.name = "privacy", .verbs = verbs, .done = done};
