/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `do im enable`: the modules of a client for people, all at once. */
#include "xmpp/im.h"

#include "script/words.h"

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_im_enable(conn));
}

static const struct scene_verb verbs[] = {{"enable", do_enable}, {NULL, NULL}};

const struct words words_im = {"im", verbs, NULL, NULL};
