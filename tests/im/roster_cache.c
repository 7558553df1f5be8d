/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application's cache in scripts: a table of texts by key that outlives the module. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "im/roster_words.h"
#include "xmpp/roster.h"

enum { ENTRIES = 64 };

static struct {
    struct {
        char *key; /* NULL: free */
        char *text;
    } rows[ENTRIES];
    int refuses_load;
    long saves_left; /* until it refuses; -1: never */
} cache = {.saves_left = -1};

static int find(const char *key)
{
    int i = 0;
    while (i < ENTRIES && (!cache.rows[i].key || strcmp(cache.rows[i].key, key) != 0)) {
        i++;
    }
    return i;
}

static void drop(const char *key)
{
    int i = find(key);
    if (i < ENTRIES) {
        free(cache.rows[i].key);
        free(cache.rows[i].text);
        cache.rows[i].key = NULL;
        cache.rows[i].text = NULL;
    }
}

static void put(const char *key, const char *text)
{
    int i = 0;
    drop(key);
    while (i < ENTRIES && cache.rows[i].key) {
        i++;
    }
    if (i < ENTRIES) {
        cache.rows[i].key = strdup(key);
        cache.rows[i].text = strdup(text);
    }
}

void roster_cache_done(struct scene *scene)
{
    (void)scene;
    for (int i = 0; i < ENTRIES; i++) {
        if (cache.rows[i].key) {
            drop(cache.rows[i].key);
        }
    }
    cache.refuses_load = 0;
    cache.saves_left = -1;
}

static const char *shown(const char *key)
{
    return key[0] ? key : "version";
}

static const char *meant(const char *key)
{
    return strcmp(key, "version") == 0 ? "" : key;
}

static void save(struct scene *scene, const char *key, const char *text)
{
    xmpp_stanza *stanza = NULL;
    if (!key) {
        long left = cache.saves_left;
        int refuses = cache.refuses_load;
        roster_cache_done(scene);
        cache.saves_left = left;
        cache.refuses_load = refuses;
        app_event(scene, 0, NULL, "cache clear");
    } else if (!text) {
        drop(key);
        app_event(scene, 0, NULL, "cache drop %s", shown(key));
    } else if (xmpp_stanza_parse(&stanza, text, strlen(text)) == 0) {
        put(key, text);
        app_event(scene, 0, stanza, "cache put %s", shown(key));
        xmpp_stanza_unref(stanza);
    } else {
        scene_break(scene, "what is to be cached is no XML: %s", text);
    }
}

static int on_save(xmpp_conn *conn, const char *key, const char *text, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    int result = cache.saves_left == 0 ? XMPP_E_FILE : 0;
    (void)conn;
    if (result < 0) {
        app_event(reg->scene, 0, NULL, "cache refuses");
    } else {
        cache.saves_left -= cache.saves_left > 0;
        save(reg->scene, key, text);
    }
    app_leave(reg, inside);
    return result;
}

static int on_load(xmpp_conn *conn, xmpp_roster_loading *loading, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    int result = cache.refuses_load ? XMPP_E_FILE : 0;
    (void)conn;
    app_event(reg->scene, 0, NULL, "cache load");
    for (int i = 0; i < ENTRIES; i++) { /* the results are for who wants to stop early */
        if (cache.rows[i].key) {
            (void)IN_LIB(xmpp_roster_load_entry(loading, cache.rows[i].key, cache.rows[i].text));
        }
    }
    app_leave(reg, inside);
    return result;
}

int roster_do_cache(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct scene_reg *reg = app_new_reg(scene, "cache");
    (void)rest;
    reg->is_alive = 1;
    int result = IN_LIB(xmpp_roster_set_cache(conn, on_load, on_save, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

int roster_do_cache_off(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_roster_set_cache(conn, NULL, NULL, NULL, NULL));
}

int roster_do_cache_put(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char key[256] = "";
    int at = 0;
    (void)scene;
    (void)conn;
    sscanf(rest, "%255s %n", key, &at);
    put(meant(key), rest + at);
    return 0;
}

int roster_do_cache_drop(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    drop(meant(rest));
    return 0;
}

int roster_do_cache_refuse(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    if (strcmp(rest, "load") == 0) {
        cache.refuses_load = 1;
    } else {
        cache.saves_left = strtol(rest, NULL, 10);
    }
    return 0;
}
