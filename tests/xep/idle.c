/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "idle". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/idle.h"
#include "xmpp/util.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_idle_enable(conn));
}

/* `do idle begin TIME|MS` */
static int do_begin(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    int64_t ms = 0;
    (void)scene;
    if (xmpp_time_parse(rest, &ms) < 0) {
        ms = atoll(rest);
    }
    return IN_LIB(xmpp_idle_begin(conn, ms));
}

static int do_end(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_idle_end(conn));
}

/* `is idle since <presence/> = TIME`; "-" for none */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    xmpp_stanza *stanza = NULL;
    char text[XMPP_TIME_MAX] = "-";
    int64_t ms = 0;
    (void)scene;
    (void)conn;
    if (strncmp(what, "since ", 6) != 0 ||
        xmpp_stanza_parse(&stanza, what + 6, strlen(what + 6)) < 0) {
        return 0;
    }
    if (xmpp_idle_get_since(stanza, &ms) == 0 && xmpp_time_format(ms, text) < 0) {
        snprintf(text, sizeof text, "?");
    }
    snprintf(got, size, "%s", text);
    xmpp_stanza_unref(stanza);
    return 1;
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"begin", do_begin}, {"end", do_end}, {NULL, NULL}};

const struct words words_idle = {.name = "idle", .verbs = verbs, .look = look};
