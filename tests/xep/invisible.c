/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "invisible". */
#include <stdio.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/invisible.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_invisible_enable(conn));
}

/* `do invisible begin NAME [probe]` */
static int do_begin(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[64];
    char none[] = "";
    char *w[2] = {none, NULL};
    int n = scene_words(rest, copy, sizeof copy, w, 2);
    struct scene_reg *reg = app_new_reg(scene, w[0]);
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result =
        IN_LIB(xmpp_invisible_begin(conn, &reg->slot, n == 2, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_end(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_new_reg(scene, rest);
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_invisible_end(conn, &reg->slot, 0, app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

/* `is invisible on = yes` */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    (void)scene;
    snprintf(got, size, "%s", xmpp_invisible_is_on(conn) ? "yes" : "no");
    return strcmp(what, "on") == 0;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"begin", do_begin}, {"end", do_end}, {NULL, NULL}};

const struct words words_invisible = {.name = "invisible", .verbs = verbs, .look = look};
