/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "last-activity". Events: `NAME ok 903 Heading Home`, "-" without a status. */
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/last_activity.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_last_activity_enable(conn));
}

static int do_answer(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_last_activity_set_answering(conn, strcmp(rest, "off") != 0));
}

static int do_note(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_last_activity_note(conn));
}

static void on_activity(xmpp_conn *conn, int error, int64_t seconds, const char *status,
                        const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    app_event(reg->scene, 0, reply, "%s %s %lld %s", reg->name, app_outcome(error),
              (long long)seconds, status ? status : "-");
    app_leave(reg, inside);
}

/* `do last-activity request NAME TO` */
static int do_request(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[2];
    struct scene_reg *reg =
        scene_words(rest, copy, sizeof copy, w, 2) == 2 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do last-activity request NAME TO");
        return 0;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = IN_LIB(
        xmpp_last_activity_request(conn, &reg->slot, w[1], 0, on_activity, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static const struct scene_verb verbs[] = {{"enable", do_enable},
                                          {"answer", do_answer},
                                          {"note", do_note},
                                          {"request", do_request},
                                          {NULL, NULL}};

const struct words words_last_activity = {.name = "last-activity", .verbs = verbs};
