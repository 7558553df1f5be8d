/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for private storage. Events: `NAME ok TEXT`, with the text in the element that was asked
 * for, "-" without one. */
#include <stdio.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/private_storage.h"

static char asked[2][64]; /* name and namespace, of the last question */

static void on_data(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    const xmpp_elem *data = xmpp_private_storage_read(reply, asked[0], asked[1]);
    const char *text =
        data ? xmpp_elem_get_text(xmpp_elem_get_child(data, NULL, NULL), NULL) : NULL;
    app_event(reg->scene, 0, reply, "%s %s %s", reg->name, app_outcome(error),
              text   ? text
              : data ? "empty"
                     : "-");
    app_leave(reg, inside);
}

/* `do private-storage get NAME ELEMENT NS` */
static int do_get(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[3];
    struct scene_reg *reg =
        scene_words(rest, copy, sizeof copy, w, 3) == 3 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do private-storage get NAME ELEMENT NS");
        return 0;
    }
    snprintf(asked[0], sizeof asked[0], "%s", w[1]);
    snprintf(asked[1], sizeof asked[1], "%s", w[2]);
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = IN_LIB(
        xmpp_private_storage_get(conn, &reg->slot, w[1], w[2], 0, on_data, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

/* `do private-storage set NAME <element/>` */
static int do_set(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char name[VARS_NAME] = "";
    const char *xml = strchr(rest, '<');
    xmpp_stanza *data = NULL;
    sscanf(rest, "%15s", name);
    struct scene_reg *reg = app_new_reg(scene, name);
    if (!reg || !xml || xmpp_stanza_parse(&data, xml, strlen(xml)) < 0) {
        scene_fail(scene, "do private-storage set NAME <element/>");
        return 0;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_private_storage_set(conn, &reg->slot, xmpp_stanza_get_root(data), 0,
                                                 app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    xmpp_stanza_unref(data);
    return result;
}

static const struct scene_verb verbs[] = {{"get", do_get}, {"set", do_set}, {NULL, NULL}};

const struct words words_private_storage = {.name = "private-storage", .verbs = verbs};
