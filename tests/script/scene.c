/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A performance from its beginning to its end, and the rules that hold for every one: each attempt
 * has one terminal event, each userdata is destroyed once, each request answered once. */
#include "script/scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "world/faults.h"
#include "world/names.h"
#include "world/world.h"
#include "xmpp/retry.h"

void scene_fail(struct scene *scene, const char *format, ...)
{
    if (!scene->failed) {
        va_list args;
        va_start(args, format);
        vsnprintf(scene->message, sizeof scene->message, format, args);
        va_end(args);
    }
    scene->failed = 1;
}

void scene_break(struct scene *scene, const char *format, ...)
{
    if (!scene->is_broken) {
        va_list args;
        va_start(args, format);
        vsnprintf(scene->message, sizeof scene->message, format, args);
        va_end(args);
    }
    scene->failed = 1;
    scene->is_broken = 1;
}

int scene_result(struct scene *scene, int result)
{
    scene->saw_nomem |= result == XMPP_E_NOMEM;
    return result;
}

void scene_run(struct scene *scene)
{
    if (scene->loop.conn) {
        loop_run(&scene->loop);
    }
}

static void listen_to(struct scene *scene, const char *name, const char *kind)
{
    char line[64];
    snprintf(line, sizeof line, "on %s %s", name, kind);
    api_line(scene, line);
}

void scene_begin(struct scene *scene, uint64_t seed)
{
    memset(scene, 0, sizeof *scene);
    scene->fd = -1;
    pipe_done(scene);
    world_begin(seed);
    names_begin();
    scene->conn = IN_LIB(xmpp_conn_new());
    if (!scene->conn) {
        scene_result(scene, XMPP_E_NOMEM);
        scene_fail(scene, "xmpp_conn_new() answered NULL");
        return;
    }
    if (scene_result(scene, loop_init(&scene->loop, scene->conn)) != 0) {
        scene_fail(scene, "xmpp_conn_set_watch() refused");
        return;
    }
    listen_to(scene, "state", "state");
    listen_to(scene, "writable", "writable");
}

/* --- a line --------------------------------------------------------------------------------- */

int scene_words(const char *text, char *copy, size_t size, char **words, int max)
{
    int n = 0;
    snprintf(copy, size, "%s", text);
    for (char *word = strtok(copy, " "); word && n < max; word = strtok(NULL, " ")) {
        words[n++] = word;
    }
    return n;
}

const char *scene_option(char **words, int n, const char *key)
{
    size_t len = strlen(key);
    for (int i = 0; i < n; i++) {
        if (strncmp(words[i], key, len) == 0 && words[i][len] == '=') {
            return words[i] + len + 1;
        }
    }
    return NULL;
}

static void move_clock(struct scene *scene, const char *text)
{
    char *unit;
    double n = strtod(text, &unit);
    double ms = strcmp(unit, "ms") == 0  ? 1
                : strcmp(unit, "s") == 0 ? 1000
                : strcmp(unit, "m") == 0 ? 60000
                                         : 0;
    if (strcmp(text, "retry") == 0) {
        int64_t left = xmpp_conn_get_retry_in(scene->conn);
        loop_advance(&scene->loop, left > 0 ? left : 0);
    } else if (ms <= 0) {
        scene_fail(scene, "+5s, +200ms, +2m or +retry");
    } else if (scene->loop.conn) {
        loop_advance(&scene->loop, (int64_t)(n * ms));
    } else {
        world_advance((int64_t)(n * ms));
    }
}

static void keep_action(struct scene *scene, const char *rest)
{
    char name[VARS_NAME] = "";
    int at = 0;
    sscanf(rest, "%15s %n", name, &at);
    struct scene_reg *reg = app_find_reg(scene, name);
    if (!reg || reg->n_actions == SCENE_ACTIONS || !rest[at]) {
        scene_fail(scene, "when NAME VERB ...");
        return;
    }
    reg->actions[reg->n_actions++] = strdup(rest + at);
}

void scene_line(struct scene *scene, const char *text)
{
    char verb[16] = "";
    int at = 0;
    sscanf(text, "%15s %n", verb, &at);
    const char *rest = text + (at > 0 ? (size_t)at : strlen(text));
    scene_run(scene);
    if (verb[0] == '+') {
        move_clock(scene, verb + 1);
    } else if (strcmp(verb, "do") == 0) {
        api_line(scene, rest);
    } else if (strcmp(verb, "when") == 0) {
        keep_action(scene, rest);
    } else if (strcmp(verb, "E:") == 0) {
        expect_event(scene, rest);
    } else if (strcmp(verb, "is") == 0) {
        expect_fact(scene, rest);
    } else if (strcmp(verb, "unset") == 0) {
        vars_unset(&scene->vars, rest);
    } else if (strcmp(verb, "set") == 0) {
        char name[VARS_NAME] = "";
        sscanf(rest, "%15s %n", name, &at);
        vars_set(&scene->vars, name, rest + at);
    } else if (strcmp(verb, "scram") == 0) {
        scram_line(scene, rest);
    } else if (strcmp(verb, "tls") == 0) {
        tls_line(scene, rest);
    } else if (strcmp(verb, "dns") == 0 || strcmp(verb, "Q:") == 0 || strcmp(verb, "N:") == 0) {
        network_line(scene, verb, rest);
    } else if (strcmp(verb, "S:") == 0 || strcmp(verb, "C:") == 0 || strcmp(verb, "C*:") == 0 ||
               strcmp(verb, "R:") == 0 || strcmp(verb, "flood") == 0 || strcmp(verb, "net") == 0) {
        server_line(scene, verb, rest);
    } else {
        scene_fail(scene, "there is no \"%s\"", verb);
    }
    scene_run(scene);
    scene_result(scene, xmpp_error_get_code(xmpp_conn_get_error(scene->conn)));
    if (!scene->failed && world_faults() > 0) {
        scene_break(scene, "the world found a fault");
    }
}

/* --- the end -------------------------------------------------------------------------------- */

static void check_reg(struct scene *scene, const struct scene_reg *reg)
{
    if (reg->is_destroyed != reg->is_alive) {
        scene_break(scene, "the userdata of \"%s\" was %sdestroyed", reg->name,
                    reg->is_destroyed ? "" : "not ");
    }
}

/* A request that nobody dropped has its answer by now. */
static void check_replies(struct scene *scene)
{
    for (int i = 0; i < scene->n_regs; i++) {
        const struct scene_reg *reg = &scene->regs[i];
        if (reg->is_reply && reg->is_alive && !reg->is_dropped && reg->n_replies != 1) {
            scene_break(scene, "\"%s\" was answered %d times", reg->name, reg->n_replies);
        }
    }
}

/* Says good-bye, and lets the longest deadline pass: the connection must come to rest. */
static void come_to_rest(struct scene *scene)
{
    if (!scene->conn || !scene->loop.conn) {
        return;
    }
    scene->ask = IN_LIB(xmpp_ask_unref(scene->ask));
    IN_LIB(xmpp_conn_set_receiving(scene->conn, 1));
    IN_LIB(xmpp_conn_disconnect(scene->conn));
    loop_advance(&scene->loop, 3600 * 1000);
    if (!scene->loop.conn) {
        return;
    }
    if (xmpp_conn_get_state(scene->conn) != XMPP_STATE_OFFLINE) {
        scene_break(scene, "an hour after disconnect it is not offline");
    }
    if (xmpp_conn_get_timeout(scene->conn) != -1 ||
        xmpp_conn_get_pollfds(scene->conn, NULL, 0) != 0) {
        scene_break(scene, "offline, and it waits for something");
    }
    if (scene->offlines != scene->connects) {
        scene_break(scene, "%u attempts and %u terminal events", scene->connects, scene->offlines);
    }
    check_replies(scene);
}

static void drop_regs(struct scene *scene)
{
    for (int i = 0; i < scene->n_regs; i++) {
        struct scene_reg *reg = &scene->regs[i];
        /* every other slot outlives the connection */
        if (i % 2 == 0) {
            reg->is_dropped |= reg->slot != NULL;
            reg->slot = IN_LIB(xmpp_slot_unref(reg->slot));
        }
    }
}

static void free_all(struct scene *scene)
{
    for (int i = 0; i < scene->n_regs; i++) {
        struct scene_reg *reg = &scene->regs[i];
        IN_LIB(xmpp_slot_unref(reg->slot));
        check_reg(scene, reg);
        for (int k = 0; k < reg->n_actions; k++) {
            free(reg->actions[k]);
        }
    }
    for (int i = 0; i < scene->n_events; i++) {
        free(scene->events[i].text);
        free(scene->events[i].xml);
    }
    xmpp_stanza_unref(scene->kept);
    vars_done(&scene->vars);
}

void scene_end(struct scene *scene)
{
    come_to_rest(scene);
    drop_regs(scene);
    scene->conn = IN_LIB(xmpp_conn_unref(scene->conn));
    scene->ask = IN_LIB(xmpp_ask_unref(scene->ask));
    reach_done();
    words_done(scene);
    if (scene->loop.n_destroyed > 1 || scene->loop.conn) {
        scene_break(scene, "the watch's userdata was destroyed %d times", scene->loop.n_destroyed);
    }
    server_done(scene);
    xm_buf_done(&scene->told);
    free_all(scene);
    names_end();
    if (world_end() > 0) {
        scene_break(scene, "the world found a fault");
    }
}
