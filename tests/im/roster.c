/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "roster".
 *
 *   roster enable [NAME [cache]], disable, refresh
 *   roster deaf                           nobody hears of events
 *   roster policy ask|deny|known|all      roster max N
 *   roster set NAME JID [name=X] [group=X ...]     `E: NAME ok`; NAME -: no handler
 *   roster rename NAME JID X              roster groups NAME JID [X ...]
 *   roster remove NAME JID
 *   roster subscribe JID [nick=X] [status=X]       `E: roster sent 1`, or 0: no effect
 *   roster unsubscribe|approve|deny|preapprove JID
 *   roster cache, cache-off               a cache in memory; `E: cache put KEY <text/>`
 *   roster cache-put KEY TEXT, cache-drop KEY      behind the library's back; KEY version
 *   roster cache-refuse load|N            loading, or all saving but for the next N
 *   roster walk SEED STEPS [late]         roster_server.c
 *
 * Events: `roster added JID STATE NAME GROUPS`, with `-` for none, and as enum
 * xmpp_roster_event_type has them. Asked for: `is roster items = a@b c@d`. */
#include "im/roster_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence.h"
#include "xmpp/roster.h"

static const char *const state_names[] = {"none",  "none+out", "none+in",  "none+out+in", "to",
                                          "to+in", "from",     "from+out", "both"};

const char *roster_state_name(int state)
{
    return state_names[state];
}

/* --- events --------------------------------------------------------------------------------------- */

static void print_item(const xmpp_roster_item *item, char *text, size_t size)
{
    const char *name = xmpp_roster_item_get_name(item);
    size_t n =
        (size_t)snprintf(text, size, "%s%s%s %.60s ", state_names[xmpp_roster_item_get_state(item)],
                         xmpp_roster_item_is_approved(item) ? "+approved" : "",
                         xmpp_roster_item_is_cut(item) ? "+cut" : "", name ? name : "-");
    const char *group;
    for (size_t i = 0; (group = xmpp_roster_item_get_group(item, i)) && n < size; i++) {
        n += (size_t)snprintf(text + n, size - n, "%s%.40s", i > 0 ? "," : "", group);
    }
    if (!xmpp_roster_item_get_group(item, 0)) {
        snprintf(text + n, size - n, "-");
    }
}

static void print_event(const xmpp_roster_event *event, char *text, size_t size)
{
    static const char *const names[] = {"?",       "complete",    "failed",  "added",
                                        "changed", "removed",     "request", "request-over",
                                        "granted", "refused",     "revoked", "left",
                                        "full",    "cache-failed"};
    const xmpp_jid *jid = xmpp_roster_event_get_jid(event);
    int type = xmpp_roster_event_get_type(event);
    int answer = xmpp_roster_event_get_answer(event);
    const char *nick = xmpp_roster_event_get_nick(event);
    char item[512] = "";
    if (type >= XMPP_ROSTER_EVENT_ADDED && type <= XMPP_ROSTER_EVENT_REMOVED) {
        item[0] = ' ';
        print_item(xmpp_roster_event_get_item(event), item + 1, sizeof item - 1);
    } else if (type == XMPP_ROSTER_EVENT_COMPLETE) {
        snprintf(item, sizeof item, " %s",
                 xmpp_roster_event_is_cached(event) ? "cached" : "fetched");
    } else if (xmpp_roster_event_get_error(event) != 0) {
        snprintf(item, sizeof item, " %s", xmpp_error_name(xmpp_roster_event_get_error(event)));
    } else if (nick || answer != 0) {
        snprintf(item, sizeof item, " %s%s", nick ? nick : "",
                 answer == XMPP_PRESENCE_SUBSCRIBED     ? "approved"
                 : answer == XMPP_PRESENCE_UNSUBSCRIBED ? "denied"
                                                        : "");
    }
    snprintf(text, size, "roster %s%s%s%s", names[type], jid ? " " : "",
             jid ? xmpp_jid_get_text(jid) : "", item);
}

static void on_event(xmpp_conn *conn, const xmpp_roster_event *event, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    char text[1024];
    (void)conn;
    reg->scene->saw_nomem |= xmpp_roster_event_get_error(event) == XMPP_E_NOMEM;
    print_event(event, text, sizeof text);
    app_event(reg->scene, 0, xmpp_roster_event_get_stanza(event), "%s", text);
    app_leave(reg, inside);
}

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[64];
    char *words[2];
    int n = scene_words(rest, copy, sizeof copy, words, 2);
    int result = IN_LIB(xmpp_roster_enable(conn));
    if (result < 0) {
        return result;
    }
    struct scene_reg *reg = app_new_reg(scene, n > 0 ? words[0] : "roster");
    if (!reg) {
        return 0;
    }
    reg->is_alive = 1;
    result = IN_LIB(xmpp_roster_on_event(conn, on_event, reg, app_destroy));
    reg->is_alive = result == 0;
    return result == 0 && n > 1 ? roster_do_cache(scene, conn, "") : result;
}

static int do_disable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_disable(conn, "roster"));
}

static int do_deaf(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_roster_on_event(conn, NULL, NULL, NULL));
}

/* --- settings ------------------------------------------------------------------------------------- */

static int do_policy(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    static const char *const names[] = {"ask", "deny", "known", "all"};
    int policy = 0;
    (void)scene;
    while (policy < 4 && strcmp(names[policy], rest) != 0) {
        policy++;
    }
    return IN_LIB(xmpp_roster_set_policy(conn, policy));
}

static int do_max(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_roster_set_max(conn, (size_t)strtoull(rest, NULL, 10)));
}

static int do_refresh(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_roster_refresh(conn));
}

/* --- subscriptions -------------------------------------------------------------------------------- */

int roster_want(struct scene *scene, xmpp_conn *conn, const char *verb, const char *text,
                const char *nick, const char *status)
{
    xmpp_jid *jid = NULL;
    int result = IN_LIB(xmpp_jid_parse(&jid, text));
    if (result < 0) {
        return result;
    }
    if (strcmp(verb, "subscribe") == 0) {
        result = IN_LIB(xmpp_roster_subscribe(conn, jid, nick, status));
    } else if (strcmp(verb, "unsubscribe") == 0) {
        result = IN_LIB(xmpp_roster_unsubscribe(conn, jid));
    } else if (strcmp(verb, "approve") == 0) {
        result = IN_LIB(xmpp_roster_approve(conn, jid));
    } else if (strcmp(verb, "deny") == 0) {
        result = IN_LIB(xmpp_roster_deny(conn, jid));
    } else {
        result = IN_LIB(xmpp_roster_preapprove(conn, jid));
    }
    xmpp_jid_unref(jid);
    (void)scene;
    return result;
}

static int want(struct scene *scene, xmpp_conn *conn, const char *verb, const char *rest)
{
    char copy[512];
    char *w[4];
    int n = scene_words(rest, copy, sizeof copy, w, 4);
    int result = roster_want(scene, conn, verb, n > 0 ? w[0] : "", scene_option(w, n, "nick"),
                             scene_option(w, n, "status"));
    if (result >= 0) {
        app_event(scene, 0, NULL, "roster sent %d", result);
    }
    return result < 0 ? result : 0;
}

static int do_subscribe(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return want(scene, conn, "subscribe", rest);
}

static int do_unsubscribe(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return want(scene, conn, "unsubscribe", rest);
}

static int do_approve(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return want(scene, conn, "approve", rest);
}

static int do_deny(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return want(scene, conn, "deny", rest);
}

static int do_preapprove(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    return want(scene, conn, "preapprove", rest);
}

/* --- changes -------------------------------------------------------------------------------------- */

/* What a change is made of: "NAME JID X ...". */
struct change {
    char copy[512];
    char *words[12];
    int n;
    xmpp_jid *jid;
    struct scene_reg *reg; /* NULL: no handler */
};

static int begin_change(struct scene *scene, struct change *change, const char *rest)
{
    memset(change, 0, sizeof *change);
    change->n = scene_words(rest, change->copy, sizeof change->copy, change->words, 12);
    if (change->n < 2) {
        scene_fail(scene, "do roster VERB NAME JID ...");
        return XMPP_E_INVAL;
    }
    int result = IN_LIB(xmpp_jid_parse(&change->jid, change->words[1]));
    if (result == 0 && strcmp(change->words[0], "-") != 0) {
        change->reg = app_new_reg(scene, change->words[0]);
        change->reg->is_reply = 1;
        change->reg->is_alive = 1;
    }
    return result;
}

static int end_change(struct change *change, int result)
{
    if (change->reg) {
        change->reg->is_alive = result == 0;
    }
    xmpp_jid_unref(change->jid);
    return result;
}

static int do_set(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct change c;
    const char *groups[12];
    size_t n = 0;
    int result = begin_change(scene, &c, rest);
    for (int i = 2; i < c.n; i++) {
        if (strncmp(c.words[i], "group=", 6) == 0) {
            groups[n++] = c.words[i] + 6;
        }
    }
    if (result == 0) {
        result = IN_LIB(xmpp_roster_set(
            conn, c.reg ? &c.reg->slot : NULL, c.jid, scene_option(c.words, c.n, "name"), groups, n,
            c.reg ? app_on_reply : NULL, c.reg, c.reg ? app_destroy : NULL));
    }
    return end_change(&c, result);
}

static int do_rename(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct change c;
    int result = begin_change(scene, &c, rest);
    if (result == 0) {
        result = IN_LIB(xmpp_roster_rename(conn, c.reg ? &c.reg->slot : NULL, c.jid,
                                           c.n > 2 ? c.words[2] : NULL, c.reg ? app_on_reply : NULL,
                                           c.reg, c.reg ? app_destroy : NULL));
    }
    return end_change(&c, result);
}

static int do_groups(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct change c;
    int result = begin_change(scene, &c, rest);
    if (result == 0) {
        result = IN_LIB(xmpp_roster_set_groups(
            conn, c.reg ? &c.reg->slot : NULL, c.jid, (const char *const *)(c.words + 2),
            (size_t)(c.n - 2), c.reg ? app_on_reply : NULL, c.reg, c.reg ? app_destroy : NULL));
    }
    return end_change(&c, result);
}

static int do_remove(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct change c;
    int result = begin_change(scene, &c, rest);
    if (result == 0) {
        result = IN_LIB(xmpp_roster_remove(conn, c.reg ? &c.reg->slot : NULL, c.jid,
                                           c.reg ? app_on_reply : NULL, c.reg,
                                           c.reg ? app_destroy : NULL));
    }
    return end_change(&c, result);
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable},
    {"disable", do_disable},
    {"deaf", do_deaf},
    {"policy", do_policy},
    {"max", do_max},
    {"refresh", do_refresh},
    {"subscribe", do_subscribe},
    {"unsubscribe", do_unsubscribe},
    {"approve", do_approve},
    {"deny", do_deny},
    {"preapprove", do_preapprove},
    {"set", do_set},
    {"rename", do_rename},
    {"groups", do_groups},
    {"remove", do_remove},
    {"cache", roster_do_cache},
    {"cache-off", roster_do_cache_off},
    {"cache-put", roster_do_cache_put},
    {"cache-drop", roster_do_cache_drop},
    {"cache-refuse", roster_do_cache_refuse},
    {"walk", roster_do_walk},
    {NULL, NULL},
};

/* --- what is asked for ---------------------------------------------------------------------------- */

static void look_at_lists(const xmpp_conn *conn, int requests, char *got, size_t size)
{
    size_t len = 0;
    for (size_t i = 0;; i++) {
        const xmpp_jid *jid = requests ? xmpp_roster_get_request(conn, i)
                                       : xmpp_roster_item_get_jid(xmpp_roster_get_item(conn, i));
        if (!jid || len >= size) {
            break;
        }
        len += (size_t)snprintf(got + len, size - len, "%s%s", i > 0 ? " " : "",
                                xmpp_jid_get_text(jid));
    }
    if (len == 0) {
        snprintf(got, size, "-");
    }
}

static void look_at_one(const xmpp_conn *conn, const char *what, const char *text, char *got,
                        size_t size)
{
    static const char *const names[] = {"none", "to", "from", "both"};
    xmpp_jid *jid = NULL;
    if (xmpp_jid_parse(&jid, text) < 0) {
        return;
    }
    const xmpp_roster_item *item = xmpp_roster_find(conn, jid);
    if (strcmp(what, "state") == 0) {
        snprintf(got, size, "%s", state_names[xmpp_roster_get_state(conn, jid)]);
    } else if (strcmp(what, "subscription") == 0) {
        snprintf(got, size, "%s", names[xmpp_roster_get_subscription(conn, jid)]);
    } else if (item) {
        print_item(item, got, size);
    } else {
        snprintf(got, size, "-");
    }
    xmpp_jid_unref(jid);
}

static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    static const char *const statuses[] = {"unknown", "kept", "current"};
    char verb[32] = "";
    char jid[256] = "";
    (void)scene;
    sscanf(what, "%31s %255s", verb, jid);
    if (strcmp(verb, "status") == 0) {
        snprintf(got, size, "%s", statuses[xmpp_roster_get_status(conn)]);
    } else if (strcmp(verb, "size") == 0) {
        snprintf(got, size, "%zu %zu", xmpp_roster_get_n_items(conn),
                 xmpp_roster_get_n_requests(conn));
    } else if (strcmp(verb, "items") == 0 || strcmp(verb, "requests") == 0) {
        look_at_lists(conn, verb[0] == 'r', got, size);
    } else if (strcmp(verb, "item") == 0 || strcmp(verb, "state") == 0 ||
               strcmp(verb, "subscription") == 0) {
        look_at_one(conn, verb, jid, got, size);
    } else {
        return 0;
    }
    return 1;
}

const struct words words_roster = {"roster", verbs, look, roster_cache_done};
