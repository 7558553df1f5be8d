/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "version". Events: `NAME ok Exodus,0.7.0.4,Windows-XP`, "-" for what is not
 * said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/version.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_version_enable(conn));
}

/* `do version software [NAME [VERSION [OS]]]` */
static int do_software(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[3];
    (void)scene;
    int n = scene_words(rest, copy, sizeof copy, w, 3);
    return IN_LIB(xmpp_version_set_software(conn, n > 0 ? w[0] : NULL, n > 1 ? w[1] : NULL,
                                            n > 2 ? w[2] : NULL));
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static void on_version(xmpp_conn *conn, int error, const char *name, const char *version,
                       const char *os, const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    app_event(reg->scene, 0, reply, "%s %s %s,%s,%s", reg->name, app_outcome(error), or_dash(name),
              or_dash(version), or_dash(os));
    app_leave(reg, inside);
}

/* `do version request NAME TO` */
static int do_request(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[2];
    struct scene_reg *reg =
        scene_words(rest, copy, sizeof copy, w, 2) == 2 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do version request NAME TO");
        return 0;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result =
        IN_LIB(xmpp_version_request(conn, &reg->slot, w[1], 0, on_version, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"software", do_software}, {"request", do_request}, {NULL, NULL}};

const struct words words_version = {.name = "version", .verbs = verbs};
