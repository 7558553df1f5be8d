/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "ping". Events: `NAME ok 250`, with the milliseconds that it took. */
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/ping.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_ping_enable(conn));
}

static int do_answer(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_ping_set_answering(conn, strcmp(rest, "off") != 0));
}

static void on_pong(xmpp_conn *conn, int error, int64_t took_ms, const xmpp_stanza *reply,
                    void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    app_event(reg->scene, 0, reply, "%s %s %lld", reg->name, app_outcome(error),
              (long long)took_ms);
    app_leave(reg, inside);
}

/* `do ping send NAME [TO|- [MS]]` */
static int do_send(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[3];
    int n = scene_words(rest, copy, sizeof copy, w, 3);
    struct scene_reg *reg = n >= 1 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do ping send NAME [TO [MS]]");
        return 0;
    }
    const char *to = n >= 2 && strcmp(w[1], "-") != 0 ? w[1] : NULL;
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = IN_LIB(
        xmpp_ping_send(conn, &reg->slot, to, n >= 3 ? atoi(w[2]) : 0, on_pong, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"answer", do_answer}, {"send", do_send}, {NULL, NULL}};

const struct words words_ping = {.name = "ping", .verbs = verbs};
