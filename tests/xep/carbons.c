/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for carbons: `do carbons enable`, `wanted on|off`, `listen NAME` (`E: NAME on XMPP_OK`),
 * `read` of the stanza that a handler kept (`E: carbon sent MS <message/>`), `take-inner`, which
 * keeps the inner one in its place, `private TO`; `is carbons state = on`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/carbons.h"
#include "xmpp/message.h"
#include "xmpp/module.h"

static const char *const state_names[] = {"off", "asked", "on", "refused"};
static const char *const direction_names[] = {"none", "received", "sent"};

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_carbons_enable(conn));
}

static int do_disable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_disable(conn, "carbons"));
}

static int do_wanted(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_carbons_set_wanted(conn, strcmp(rest, "off") != 0));
}

static void on_answer(xmpp_conn *conn, int state, int error, const xmpp_stanza *answer,
                      void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    if (state != xmpp_carbons_get_state(conn)) {
        scene_break(reg->scene, "the state told is not the state");
    }
    app_event(reg->scene, 0, answer, "%s %s %s", reg->name, state_names[state],
              xmpp_error_name(error));
    app_leave(reg, inside);
}

static int do_listen(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    if (!*rest) {
        return IN_LIB(xmpp_carbons_on_answer(conn, NULL, NULL, NULL));
    }
    struct scene_reg *reg = app_new_reg(scene, rest);
    if (!reg) {
        return XMPP_E_INVAL;
    }
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_carbons_on_answer(conn, on_answer, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_read(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    int64_t ms = -1;
    (void)conn;
    (void)rest;
    int direction = xmpp_carbon_get_direction(scene->kept);
    IN_LIB(xmpp_carbon_get_time(scene->kept, &ms));
    app_event(scene, 0, xmpp_carbon_get_message(scene->kept), "carbon %s %lld",
              direction_names[direction], (long long)ms);
    return 0;
}

static int do_take_inner(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    const xmpp_stanza *wrapper = scene->kept;
    (void)conn;
    (void)rest;
    if (!xmpp_carbon_get_message(wrapper)) {
        return XMPP_E_NOT_FOUND;
    }
    if (!xmpp_stanza_is_inner(xmpp_carbon_get_message(wrapper))) {
        scene_break(scene, "the message in a carbon is not an inner one");
    }
    scene->kept = xmpp_stanza_ref(xmpp_carbon_get_message(wrapper));
    xmpp_stanza_unref(wrapper);
    return 0;
}

static int do_private(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    xmpp_stanza *message = IN_LIB(xmpp_message_new(XMPP_MESSAGE_CHAT, rest));
    IN_LIB_VOID(xmpp_carbon_set_private(message));
    IN_LIB_VOID(xmpp_carbon_set_private(message));
    int result = IN_LIB(xmpp_conn_send(conn, message));
    xmpp_stanza_unref(message);
    return result;
}

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    (void)scene;
    snprintf(got, size, "%s", state_names[xmpp_carbons_get_state(conn)]);
    return strcmp(what, "state") == 0;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable},   {"disable", do_disable},
    {"wanted", do_wanted},   {"listen", do_listen},
    {"read", do_read},       {"take-inner", do_take_inner},
    {"private", do_private}, {NULL, NULL},
};
const struct words words_carbons = {"carbons", verbs, look, NULL};
