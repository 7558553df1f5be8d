/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "time". Events: `NAME ok 2006-12-19T17:58:35Z -360`, with the time there and
 * the minutes that it is ahead of UTC. */
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/time.h"
#include "xmpp/util.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_time_enable(conn));
}

static int do_answer(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_time_set_answering(conn, strcmp(rest, "off") != 0));
}

static int do_offset(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_time_set_offset(conn, atoi(rest)));
}

static void on_time(xmpp_conn *conn, int error, int64_t utc_ms, int offset,
                    const xmpp_stanza *reply, void *userdata)
{
    char text[XMPP_TIME_MAX] = "-";
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    if (error == 0) {
        (void)xmpp_time_format(utc_ms, text);
    }
    app_event(reg->scene, 0, reply, "%s %s %s %d", reg->name, app_outcome(error), text, offset);
    app_leave(reg, inside);
}

/* `do time request NAME TO` */
static int do_request(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[2];
    struct scene_reg *reg =
        scene_words(rest, copy, sizeof copy, w, 2) == 2 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do time request NAME TO");
        return 0;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_time_request(conn, &reg->slot, w[1], 0, on_time, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static const struct scene_verb verbs[] = {{"enable", do_enable},
                                          {"answer", do_answer},
                                          {"offset", do_offset},
                                          {"request", do_request},
                                          {NULL, NULL}};

const struct words words_time = {.name = "time", .verbs = verbs};
