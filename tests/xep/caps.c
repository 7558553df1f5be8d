/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `do caps …`: enable, node URI, size N, forget (the module is disabled).
 *   known NAME            hears what becomes known: `NAME known JID FEATURES verified|said`
 *   store NAME            a store: `NAME load …`, `NAME save …`; what is saved can be loaded
 *   keep HASH <query/>    puts something into the store, which need not be true
 *   put HASH <query/>     gives it to the module
 *   hash legacy|caps ALGO <query/>   tells the hash
 * `is caps JID FEATURE = yes|no|-`: what is known; `is caps verified JID = 1|0`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/caps.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/util.h"

enum { SAVED = 8 };

static struct saved {
    char name[XMPP_CAPS_NAME_MAX];
    char *text;
} saved[SAVED];
static int n_saved;

static void caps_done(struct scene *scene)
{
    (void)scene;
    while (n_saved > 0) {
        free(saved[--n_saved].text);
    }
}

static void keep(const char *name, const char *text)
{
    if (n_saved < SAVED) {
        snprintf(saved[n_saved].name, sizeof saved[n_saved].name, "%s", name);
        saved[n_saved++].text = strdup(text);
    }
}

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_caps_enable(conn));
}

static int do_disable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_disable(conn, "caps"));
}

static int do_node(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_caps_set_node(conn, *rest ? rest : NULL));
}

static int do_size(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_caps_set_cache_size(conn, strtoul(rest, NULL, 10)));
}

static void on_known(xmpp_conn *conn, const xmpp_jid *who, const xmpp_disco_info *info,
                     void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    app_event(reg->scene, 0, NULL, "%s known %s %zu %s", reg->name, xmpp_jid_get_text(who),
              xmpp_disco_info_get_n_features(info),
              xmpp_caps_is_verified(conn, who) ? "verified" : "said");
    if (!xmpp_caps_get(conn, who)) {
        scene_fail(reg->scene, "what is told is not known");
    }
    app_leave(reg, inside);
}

static int do_known(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_new_reg(scene, rest);
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_caps_on_known(conn, on_known, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static void on_load(xmpp_conn *conn, const char *name, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    app_event(reg->scene, 0, NULL, "%s load %s", reg->name, name);
    for (int i = 0; i < n_saved; i++) {
        if (strcmp(saved[i].name, name) == 0) {
            int result = IN_LIB(xmpp_caps_put(conn, name, saved[i].text, strlen(saved[i].text)));
            scene_result(reg->scene, result);
        }
    }
    app_leave(reg, inside);
}

static void on_save(xmpp_conn *conn, const char *name, const char *text, size_t len, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    (void)conn;
    app_event(reg->scene, 0, NULL, "%s save %s", reg->name, name);
    if (strlen(text) != len || strlen(name) >= XMPP_CAPS_NAME_MAX) {
        scene_fail(reg->scene, "what is saved is not as long as it says");
    }
    keep(name, text);
    app_leave(reg, inside);
}

static int do_store(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_new_reg(scene, rest);
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_caps_set_store(conn, on_load, on_save, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_keep(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char name[XMPP_CAPS_NAME_MAX] = "";
    (void)scene;
    (void)conn;
    sscanf(rest, "%127s", name);
    keep(name, strchr(rest, '<'));
    return 0;
}

static int do_put(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char name[256] = "";
    const char *text = strchr(rest, '<');
    (void)scene;
    sscanf(rest, "%255s", name);
    return IN_LIB(xmpp_caps_put(conn, name, text, strlen(text)));
}

static int do_hash(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char kind[16] = "";
    char algo[16] = "";
    char *text = NULL;
    xmpp_stanza *stanza = NULL;
    xmpp_disco_info *info = NULL;
    const char *xml = strchr(rest, '<');
    (void)conn;
    sscanf(rest, "%15s %15s", kind, algo);
    int result = IN_LIB(xmpp_stanza_parse(&stanza, xml, strlen(xml)));
    if (result == 0) {
        result = IN_LIB(xmpp_disco_info_parse(&info, xmpp_stanza_get_root(stanza)));
    }
    if (result == 0) {
        int which = strcmp(kind, "legacy") == 0 ? XMPP_CAPS_LEGACY : XMPP_CAPS_HASHES;
        result = IN_LIB(xmpp_caps_hash(info, which, xmpp_hash_from_name(algo), &text));
    }
    if (result == 0) {
        app_event(scene, 0, NULL, "hash %s", text);
    }
    xmpp_free(text);
    IN_LIB(xmpp_disco_info_unref(info));
    IN_LIB(xmpp_stanza_unref(stanza));
    return result;
}

static int caps_look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                     size_t size)
{
    char first[512] = "";
    char second[512] = "";
    xmpp_jid *jid = NULL;
    (void)scene;
    sscanf(what, "%511s %511s", first, second);
    int is_verified = strcmp(first, "verified") == 0;
    if (xmpp_jid_parse(&jid, is_verified ? second : first) < 0) {
        return 0;
    }
    const xmpp_disco_info *info = xmpp_caps_get(conn, jid);
    if (is_verified) {
        snprintf(got, size, "%d", xmpp_caps_is_verified(conn, jid));
    } else {
        snprintf(got, size, "%s",
                 !info                                       ? "-"
                 : xmpp_disco_info_has_feature(info, second) ? "yes"
                                                             : "no");
    }
    xmpp_jid_unref(jid);
    return 1;
}

static const struct scene_verb verbs[] = {{"enable", do_enable}, {"disable", do_disable},
                                          {"node", do_node},     {"size", do_size},
                                          {"known", do_known},   {"store", do_store},
                                          {"keep", do_keep},     {"put", do_put},
                                          {"hash", do_hash},     {NULL, NULL}};

const struct words words_caps = {
    .name = "caps", .verbs = verbs, .look = caps_look, .done = caps_done};
