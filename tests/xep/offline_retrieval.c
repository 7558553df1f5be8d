/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "offline-retrieval". Events: `NAME ok 66`; `NAME ok NODE,FROM ...`; `node
 * NODE` for each message, "-" for one without. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/offline_retrieval.h"

enum { NODES = 8, TEXT = 900 };

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_offline_retrieval_enable(conn));
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    const char *node = xmpp_offline_retrieval_get_node(stanza);
    (void)conn;
    app_event(reg->scene, 0, stanza, "node %s", node ? node : "-");
    app_leave(reg, inside);
    return 0;
}

/* `do offline-retrieval on NAME` */
static int do_on(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_new_reg(scene, rest);
    int result = XMPP_E_INVAL;
    if (reg) {
        reg->is_alive = 1;
        result = IN_LIB(xmpp_conn_on_message(conn, &reg->slot, on_message, reg, app_destroy));
        reg->is_alive = result == 0;
    }
    return result;
}

static struct scene_reg *new_reply(struct scene *scene, const char *name)
{
    struct scene_reg *reg = app_new_reg(scene, name);
    if (reg) {
        reg->is_reply = 1;
        reg->is_alive = 1;
    }
    return reg;
}

static void on_count(xmpp_conn *conn, int error, size_t count, const xmpp_stanza *reply,
                     void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    app_event(reg->scene, 0, reply, "%s %s %zu", reg->name, app_outcome(error), count);
    app_leave(reg, inside);
}

static int do_count(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest);
    int result =
        IN_LIB(xmpp_offline_retrieval_count(conn, &reg->slot, 0, on_count, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static void on_headers(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    char text[TEXT] = "";
    size_t len = 0;
    const xmpp_elem *at = NULL;
    while ((at = xmpp_offline_retrieval_get_header(reply, at)) && len < sizeof text) {
        const char *from = xmpp_offline_header_get_from(at);
        len += (size_t)snprintf(text + len, sizeof text - len, " %s,%s",
                                xmpp_offline_header_get_node(at), from ? from : "-");
    }
    app_event(reg->scene, 0, reply, "%s %s%s", reg->name, app_outcome(error), text);
    app_leave(reg, inside);
}

static int do_headers(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest);
    int result = IN_LIB(
        xmpp_offline_retrieval_request_headers(conn, &reg->slot, 0, on_headers, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

/* NAME and nodes. */
static int ask(struct scene *scene, xmpp_conn *conn, const char *rest, int views)
{
    char copy[1024];
    char *w[NODES];
    int n = scene_words(rest, copy, sizeof copy, w, NODES);
    struct scene_reg *reg = n >= 1 ? new_reply(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do offline-retrieval view NAME NODE ...");
        return 0;
    }
    const char *const *nodes = (const char *const *)w + 1;
    int result = views
                     ? IN_LIB(xmpp_offline_retrieval_view(conn, &reg->slot, nodes, (size_t)n - 1, 0,
                                                          app_on_reply, reg, app_destroy))
                     : IN_LIB(xmpp_offline_retrieval_remove(conn, &reg->slot, nodes, (size_t)n - 1,
                                                            0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_view(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return ask(scene, conn, rest, 1);
}

static int do_remove(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return ask(scene, conn, rest, 0);
}

static int do_fetch(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest);
    int result =
        IN_LIB(xmpp_offline_retrieval_fetch(conn, &reg->slot, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_purge(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = new_reply(scene, rest);
    int result =
        IN_LIB(xmpp_offline_retrieval_purge(conn, &reg->slot, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"on", do_on},         {"count", do_count},
    {"view", do_view},     {"remove", do_remove}, {"headers", do_headers},
    {"fetch", do_fetch},   {"purge", do_purge},   {NULL, NULL},
};

const struct words words_offline_retrieval = {.name = "offline-retrieval", .verbs = verbs};
