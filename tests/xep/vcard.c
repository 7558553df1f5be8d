/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for business cards. Events: `NAME ok FN`, with the full name, "none" where the answer says
 * that there is no card, "-" where it says nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/vcard.h"

static xmpp_stanza *card; /* that is built */

static void done(struct scene *scene)
{
    (void)scene;
    card = xmpp_stanza_unref(card);
}

static void on_card(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    const char *name = xmpp_vcard_get_text(xmpp_vcard_read(reply), "FN");
    app_event(reg->scene, 0, reply, "%s %s %s", reg->name, app_outcome(error),
              name                        ? name
              : xmpp_vcard_is_none(reply) ? "none"
                                          : "-");
    app_leave(reg, inside);
}

/* `do vcard request NAME [TO]` */
static int do_request(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[2];
    int n = scene_words(rest, copy, sizeof copy, w, 2);
    struct scene_reg *reg = n >= 1 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do vcard request NAME [TO]");
        return 0;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = IN_LIB(
        xmpp_vcard_request(conn, &reg->slot, n == 2 ? w[1] : NULL, 0, on_card, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

/* `do vcard new`, `do vcard new <vCard/>`: begins one */
static int do_new(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    done(scene);
    if (*rest) {
        return IN_LIB(xmpp_stanza_parse(&card, rest, strlen(rest)));
    }
    card = IN_LIB(xmpp_vcard_new());
    return card ? 0 : XMPP_E_NOMEM;
}

/* `do vcard set PATH [TEXT]` */
static int do_set(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char path[128] = "";
    int at = 0;
    (void)scene;
    (void)conn;
    sscanf(rest, "%127s %n", path, &at);
    IN_LIB_VOID(xmpp_vcard_set_text(xmpp_stanza_root(card), path, rest[at] ? rest + at : NULL));
    return xmpp_stanza_get_error(card);
}

/* `do vcard photo TYPE TEXT`, `do vcard photo -`: none */
static int do_photo(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char type[128] = "";
    int at = 0;
    (void)scene;
    (void)conn;
    sscanf(rest, "%127s %n", type, &at);
    const char *bytes = strcmp(type, "-") == 0 ? NULL : rest + at;
    return IN_LIB(xmpp_vcard_set_photo(xmpp_stanza_root(card), "PHOTO", type, bytes,
                                       bytes ? strlen(bytes) : 0));
}

static int do_publish(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_new_reg(scene, rest);
    if (!reg) {
        return 0;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_vcard_publish(conn, &reg->slot, xmpp_stanza_get_root(card), 0,
                                           app_on_reply, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

/* "TYPE BYTES", or the error */
static void look_at_photo(struct scene *scene, size_t max, char *got, size_t size)
{
    uint8_t *bytes = NULL;
    size_t n = 0;
    const char *type = NULL;
    int result =
        IN_LIB(xmpp_vcard_get_photo(xmpp_stanza_get_root(card), "PHOTO", max, &type, &bytes, &n));
    if (scene_result(scene, result) < 0) {
        snprintf(got, size, "%s", xmpp_error_name(result));
    } else {
        snprintf(got, size, "%s %.*s", type, (int)n, (const char *)bytes);
    }
    xmpp_free(bytes);
}

static void look_at_preferred(const char *name, const char *path, char *got, size_t size)
{
    const char *text =
        xmpp_vcard_get_text(xmpp_vcard_get_preferred(xmpp_stanza_get_root(card), name), path);
    snprintf(got, size, "%s", text ? text : "-");
}

/* `is vcard text PATH = TEXT`, `is vcard preferred NAME PATH = TEXT`, `is vcard photo [MAX] = ...`, `is
 * vcard card = XML` */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    char copy[256];
    char *w[3];
    (void)conn;
    int n = scene_words(what, copy, sizeof copy, w, 3);
    if (n >= 1 && strcmp(w[0], "photo") == 0) {
        look_at_photo(scene, n > 1 ? (size_t)atoi(w[1]) : 0, got, size);
    } else if (n == 2 && strcmp(w[0], "text") == 0) {
        const char *text = xmpp_vcard_get_text(xmpp_stanza_get_root(card), w[1]);
        snprintf(got, size, "%s", !text ? "-" : *text ? text : "empty");
    } else if (n == 3 && strcmp(w[0], "preferred") == 0) {
        look_at_preferred(w[1], w[2], got, size);
    } else if (n == 1 && strcmp(w[0], "card") == 0) {
        char *xml = NULL;
        if (scene_result(scene, xmpp_stanza_to_text(card, &xml, NULL)) == 0) {
            snprintf(got, size, "%s", xml);
        }
        xmpp_free(xml);
    } else {
        return 0;
    }
    return 1;
}

static const struct scene_verb verbs[] = {
    {"request", do_request}, {"new", do_new},         {"set", do_set},
    {"photo", do_photo},     {"publish", do_publish}, {NULL, NULL},
};

const struct words words_vcard = {.name = "vcard", .verbs = verbs, .look = look, .done = done};
