/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `do disco …`: what we tell, and asking others.
 *
 *   enable, policy presence|anybody|nobody, identity CAT TYPE LANG|- [NAME], clear, feature VAR,
 *   unfeature VAR, form <x/>, unform FORM_TYPE, own (tells it)
 *   info NAME TO|- [NODE]; items NAME TO|- [NODE|- [MAX]]: asks, and tells what came
 *   node NAME NODE|- info|items|none|later|refuse|fail|drop: a handler named NAME and what it does;
 *   unnode NAME; watch NAME: hears of changes; unwatch NAME */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/disco.h"
#include "xmpp/forms.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/stanza_error.h"

enum { NODES = 4 };

/* A handler of nodes; its key is its address. */
static struct node {
    struct scene_reg *reg;
    char node[128];
    char deed[16];
} nodes[NODES];

static void disco_done(struct scene *scene)
{
    (void)scene;
    memset(nodes, 0, sizeof nodes);
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static const char *or_null(const char *text)
{
    return text && strcmp(text, "-") != 0 ? text : NULL;
}

/* --- what came ---------------------------------------------------------------------------------- */

static void tell_info(struct scene *scene, const xmpp_disco_info *info)
{
    if (!info) {
        return;
    }
    app_event(scene, 0, NULL, "node %s", or_dash(xmpp_disco_info_get_node(info)));
    for (size_t i = 0; i < xmpp_disco_info_get_n_identities(info); i++) {
        app_event(scene, 0, NULL, "identity %s/%s %s %s", xmpp_disco_info_get_category(info, i),
                  xmpp_disco_info_get_type(info, i), or_dash(xmpp_disco_info_get_lang(info, i)),
                  or_dash(xmpp_disco_info_get_name(info, i)));
    }
    for (size_t i = 0; i < xmpp_disco_info_get_n_features(info); i++) {
        const char *var = xmpp_disco_info_get_feature(info, i);
        app_event(scene, 0, NULL, "feature %s", var);
        if (!xmpp_disco_info_has_feature(info, var)) {
            scene_fail(scene, "what it has is not found");
        }
    }
    for (size_t i = 0; xmpp_disco_info_get_form(info, i); i++) {
        const char *about = xmpp_form_get_form_type(xmpp_disco_info_get_form(info, i));
        app_event(scene, 0, NULL, "form %s", or_dash(about));
        if (about && !xmpp_disco_info_find_form(info, about)) {
            scene_fail(scene, "the form it has is not found");
        }
    }
    if (xmpp_disco_info_has_feature(info, "urn:nobody:has:this")) {
        scene_fail(scene, "what it does not have is found");
    }
}

static void tell_items(struct scene *scene, const xmpp_disco_items *items)
{
    for (size_t i = 0; i < xmpp_disco_items_get_n(items); i++) {
        app_event(scene, 0, NULL, "item %s %s %s",
                  xmpp_jid_get_text(xmpp_disco_items_get_jid(items, i)),
                  or_dash(xmpp_disco_items_get_node(items, i)),
                  or_dash(xmpp_disco_items_get_name(items, i)));
    }
    const xmpp_elem *set = xmpp_disco_items_get_set(items);
    if (set) {
        app_event(scene, 0, NULL, "page of %" PRId64, xmpp_rsm_get_count(set));
    }
}

static void on_info(xmpp_conn *conn, int error, const xmpp_disco_info *info,
                    const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    (void)reply;
    app_event(reg->scene, 0, NULL, "%s %s", reg->name,
              app_outcome(scene_result(reg->scene, error)));
    tell_info(reg->scene, info);
    app_leave(reg, inside);
}

static void on_items(xmpp_conn *conn, int error, const xmpp_disco_items *items,
                     const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    (void)reply;
    app_event(reg->scene, 0, NULL, "%s %s", reg->name,
              app_outcome(scene_result(reg->scene, error)));
    tell_items(reg->scene, items);
    app_leave(reg, inside);
}

static struct scene_reg *new_request(struct scene *scene, const char *name)
{
    struct scene_reg *reg = app_new_reg(scene, name);
    if (reg) {
        reg->is_reply = 1;
        reg->is_alive = 1;
    }
    return reg;
}

static int do_info(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[3];
    int n = scene_words(rest, copy, sizeof copy, w, 3);
    struct scene_reg *reg = n >= 2 ? new_request(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do disco info NAME TO|- [NODE]");
        return 0;
    }
    int result = IN_LIB(xmpp_disco_get_info(conn, &reg->slot, or_null(w[1]), n > 2 ? w[2] : NULL,
                                            on_info, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_items(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[4];
    int n = scene_words(rest, copy, sizeof copy, w, 4);
    struct scene_reg *reg = n >= 2 ? new_request(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do disco items NAME TO|- [NODE|- [MAX]]");
        return 0;
    }
    xmpp_pager *pager = n > 3 ? xmpp_pager_new(atoi(w[3]), 0) : NULL;
    int result =
        IN_LIB(xmpp_disco_get_items(conn, &reg->slot, or_null(w[1]), n > 2 ? or_null(w[2]) : NULL,
                                    pager, on_items, reg, app_destroy));
    xmpp_pager_free(pager);
    reg->is_alive = result == 0;
    return result;
}

/* --- what we tell ------------------------------------------------------------------------------- */

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_disco_enable(conn));
}

static int do_policy(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    int policy = strcmp(rest, "anybody") == 0  ? XMPP_DISCO_ANYBODY
                 : strcmp(rest, "nobody") == 0 ? XMPP_DISCO_NOBODY
                                               : XMPP_DISCO_PRESENCE;
    int result = IN_LIB(xmpp_disco_set_policy(conn, policy));
    if (result == 0 && xmpp_disco_get_policy(conn) != policy) {
        scene_fail(scene, "the policy is another one");
    }
    return result;
}

static int do_identity(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char category[64] = "";
    char type[64] = "";
    char lang[64] = "";
    int at = 0;
    (void)scene;
    sscanf(rest, "%63s %63s %63s %n", category, type, lang, &at);
    const char *name = at > 0 && rest[at] ? rest + at : NULL;
    return IN_LIB(xmpp_disco_add_identity(conn, category, type, or_null(lang), name));
}

static int do_clear(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_disco_clear_identities(conn));
}

static int do_feature(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_disco_add_feature(conn, rest));
}

static int do_unfeature(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_disco_remove_feature(conn, rest));
}

static int do_form(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_stanza *form = NULL;
    (void)scene;
    int result = IN_LIB(xmpp_stanza_parse(&form, rest, strlen(rest)));
    if (result == 0) {
        result = IN_LIB(xmpp_disco_set_form(conn, xmpp_stanza_get_root(form)));
    }
    IN_LIB(xmpp_stanza_unref(form));
    return result;
}

static int do_unform(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_disco_remove_form(conn, rest));
}

static int do_own(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    xmpp_disco_info *info = NULL;
    (void)rest;
    int result = IN_LIB(xmpp_disco_get_own(conn, &info));
    tell_info(scene, info);
    IN_LIB(xmpp_disco_info_unref(info));
    return result;
}

/* --- handlers ----------------------------------------------------------------------------------- */

static int refuse(xmpp_conn *conn, const xmpp_stanza *request)
{
    int result =
        IN_LIB(xmpp_conn_answer_error(conn, request, XMPP_CONDITION_FORBIDDEN, "not for you"));
    return result < 0 ? result : XMPP_DISCO_ANSWERED;
}

static int act(xmpp_conn *conn, const struct node *node, const xmpp_stanza *request,
               xmpp_elem *query)
{
    int is_info = strcmp(xmpp_elem_get_ns(query), XMPP_NS_DISCO_INFO) == 0;
    if (strcmp(node->deed, "info") == 0 && is_info) {
        IN_LIB_VOID(
            xmpp_disco_query_add_identity(query, "hierarchy", "leaf", "en", node->reg->name));
        IN_LIB_VOID(xmpp_disco_query_add_feature(query, "urn:example:leaf"));
        return XMPP_DISCO_FILLED;
    }
    if (strcmp(node->deed, "items") == 0 && !is_info) {
        IN_LIB_VOID(xmpp_disco_query_add_item(query, "juliet@capulet.example/balcony", "a",
                                              node->reg->name));
        IN_LIB_VOID(xmpp_disco_query_add_item(query, "juliet@capulet.example/balcony", NULL, NULL));
        return XMPP_DISCO_FILLED;
    }
    if (strcmp(node->deed, "later") == 0) {
        return XMPP_DISCO_ANSWERED;
    }
    if (strcmp(node->deed, "drop") == 0) {
        return IN_LIB(xmpp_disco_on_node(conn, node, NULL, NULL, NULL));
    }
    if (strcmp(node->deed, "refuse") == 0) {
        return refuse(conn, request);
    }
    return strcmp(node->deed, "fail") == 0 ? XMPP_E_APP : XMPP_DISCO_NOT_MINE;
}

static int on_node(xmpp_conn *conn, const xmpp_stanza *request, const char *node, xmpp_elem *query,
                   void *userdata)
{
    const struct node *mine = NULL;
    for (int i = 0; i < NODES; i++) {
        mine = nodes[i].reg == userdata ? &nodes[i] : mine;
    }
    int inside = app_enter(userdata);
    int result = XMPP_DISCO_NOT_MINE;
    if (strcmp(or_dash(node), mine->node) == 0) {
        app_event(mine->reg->scene, 0, NULL, "%s asked", mine->reg->name);
        result = act(conn, mine, request, query);
    }
    app_leave(userdata, inside);
    return result;
}

static struct node *find_node(const char *name)
{
    for (int i = 0; i < NODES; i++) {
        if (name ? nodes[i].reg && strcmp(nodes[i].reg->name, name) == 0 : !nodes[i].reg) {
            return &nodes[i];
        }
    }
    return NULL;
}

static int do_node(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char name[VARS_NAME] = "";
    struct node *node = find_node(NULL);
    sscanf(rest, "%15s %127s %15s", name, node->node, node->deed);
    struct scene_reg *reg = app_new_reg(scene, name);
    if (!reg) {
        return 0;
    }
    node->reg = reg;
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_disco_on_node(conn, node, on_node, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_unnode(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    struct node *node = find_node(rest);
    int result = IN_LIB(xmpp_disco_on_node(conn, node, NULL, NULL, NULL));
    if (node && result == 0) {
        node->reg = NULL;
    }
    return result;
}

static void on_changed(xmpp_conn *conn, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    (void)conn;
    app_event(reg->scene, 0, NULL, "%s changed", reg->name);
    app_leave(reg, inside);
}

/* Its key is where its registration stands. */
static int do_watch(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_new_reg(scene, rest);
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_disco_on_changed(conn, reg, on_changed, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_unwatch(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return IN_LIB(xmpp_disco_on_changed(conn, app_find_reg(scene, rest), NULL, NULL, NULL));
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"policy", do_policy},   {"identity", do_identity},
    {"clear", do_clear},   {"feature", do_feature}, {"unfeature", do_unfeature},
    {"form", do_form},     {"unform", do_unform},   {"own", do_own},
    {"info", do_info},     {"items", do_items},     {"node", do_node},
    {"unnode", do_unnode}, {"watch", do_watch},     {"unwatch", do_unwatch},
    {NULL, NULL}};

const struct words words_disco = {.name = "disco", .verbs = verbs, .done = disco_done};
