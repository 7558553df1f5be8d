/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application of a script: every handler writes down what it heard. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "world/faults.h"
#include "world/world.h"

static const char *const state_names[] = {"offline",  "resolving",      "connecting", "opening",
                                          "securing", "authenticating", "binding",    "online",
                                          "closing",  "waiting",        "step"};
static const char *const phase_names[] = {"none", "dns",  "tcp",    "tls",
                                          "sasl", "bind", "stream", "session"};
static const char *const advice_names[] = {"none", "retry", "ask-password", "fix-settings",
                                           "give-up"};

struct scene_reg *app_find_reg(struct scene *scene, const char *name)
{
    for (int i = scene->n_regs; i-- > 0;) {
        if (strcmp(scene->regs[i].name, name) == 0) {
            return &scene->regs[i];
        }
    }
    return NULL;
}

struct scene_reg *app_new_reg(struct scene *scene, const char *name)
{
    if (scene->n_regs == SCENE_REGS) {
        scene_fail(scene, "too many registrations");
        return NULL;
    }
    struct scene_reg *reg = &scene->regs[scene->n_regs++];
    reg->scene = scene;
    snprintf(reg->name, sizeof reg->name, "%s", name);
    return reg;
}

static char *text_of(const xmpp_stanza *stanza)
{
    char *text;
    if (!stanza || xmpp_stanza_to_text(stanza, &text, NULL) != 0) {
        return NULL;
    }
    char *copy = strdup(text);
    xmpp_free(text);
    return copy;
}

void app_event(struct scene *scene, int is_progress, const xmpp_stanza *stanza, const char *format,
               ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (scene->n_events == SCENE_EVENTS) {
        scene_fail(scene, "too many events");
        return;
    }
    int inside = faults_inside(0); /* what the script remembers is not the library's */
    scene->events[scene->n_events++] =
        (struct scene_event){strdup(text), text_of(stanza), is_progress};
    faults_inside(inside);
}

static void tell(struct scene *scene, const char *text, size_t len)
{
    int inside = faults_inside(0);
    xm_buf_add(&scene->told, text, len);
    xm_buf_add(&scene->told, "\n", 1);
    faults_inside(inside);
}

void app_on_trace(xmpp_conn *conn, int is_sent, const char *xml, size_t len, void *userdata)
{
    (void)conn;
    (void)is_sent;
    tell(userdata, xml, len);
}

void app_on_log(xmpp_conn *conn, int area, int level, const char *text, void *userdata)
{
    (void)conn;
    (void)area;
    (void)level;
    tell(userdata, text, strlen(text));
}

xmpp_conn *app_conn(struct scene *scene)
{
    return scene->conn ? scene->conn : scene->loop.conn;
}

/* Enters a handler. The connection must live, and so must the userdata. */
static struct scene_reg *enter(void *userdata, int *ret_inside)
{
    *ret_inside = faults_inside(0);
    struct scene_reg *reg = userdata;
    if (reg->is_destroyed) {
        scene_break(reg->scene, "\"%s\" was called after its userdata was destroyed", reg->name);
    }
    if (reg->is_dropped) {
        scene_break(reg->scene, "\"%s\" was called after its slot was dropped", reg->name);
    }
    return reg;
}

static void perform(struct scene_reg *reg)
{
    struct scene *scene = reg->scene;
    char *actions[SCENE_ACTIONS];
    int n = reg->n_actions;
    memcpy(actions, reg->actions, sizeof actions);
    reg->n_actions = 0;
    for (int i = 0; i < n; i++) {
        api_line(scene, actions[i]);
        free(actions[i]);
    }
}

int app_enter(struct scene_reg *reg)
{
    int inside;
    enter(reg, &inside);
    return inside;
}

void app_leave(struct scene_reg *reg, int inside)
{
    perform(reg);
    faults_inside(inside);
}

int app_on_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    int inside;
    (void)conn;
    struct scene_reg *reg = enter(userdata, &inside);
    int result = reg->result;
    app_event(reg->scene, 0, stanza, "%s", reg->name);
    if (reg->is_kept) {
        xmpp_stanza_unref(reg->scene->kept);
        reg->scene->kept = xmpp_stanza_ref(stanza);
    }
    perform(reg);
    faults_inside(inside);
    return result;
}

static const char *or_dash(const char *text)
{
    return text && text[0] ? text : "-";
}

/* "XMPP_E_RESET session retry - -" */
void app_print_error(const xmpp_error *error, char *text, size_t size)
{
    int code = xmpp_error_get_code(error);
    snprintf(text, size, "%s %s %s %s %s", code != 0 ? or_dash(xmpp_error_name(code)) : "-",
             phase_names[xmpp_error_get_phase(error)], advice_names[xmpp_error_get_advice(error)],
             or_dash(xmpp_error_get_condition(error)), or_dash(xmpp_error_get_text(error)));
}

/* "offline" and "waiting", with what ended the attempt. */
static void tell_end(struct scene *scene, xmpp_conn *conn, int state)
{
    const xmpp_error *error = xmpp_conn_get_error(conn);
    int code = xmpp_error_get_code(error);
    char text[1024];
    scene->offlines += state == XMPP_STATE_OFFLINE;
    scene->saw_nomem |= code == XMPP_E_NOMEM;
    if (!xmpp_error_get_message(error)[0] && code != 0) {
        scene_break(scene, "the error has no message");
    }
    if (code == 0) {
        app_event(scene, 0, NULL, "%s", state_names[state]);
        return;
    }
    app_print_error(error, text, sizeof text);
    app_event(scene, 0, NULL, "%s %s", state_names[state], text);
}

void app_on_state(xmpp_conn *conn, int state, void *userdata)
{
    int inside;
    struct scene_reg *reg = enter(userdata, &inside);
    if (state != xmpp_conn_get_state(conn)) {
        scene_break(reg->scene, "the state told is not the state");
    }
    if (state == XMPP_STATE_OFFLINE || state == XMPP_STATE_WAITING) {
        tell_end(reg->scene, conn, state);
    } else {
        int is_progress = state < XMPP_STATE_ONLINE;
        app_event(reg->scene, is_progress, NULL, "state %s", state_names[state]);
    }
    perform(reg);
    faults_inside(inside);
}

void app_on_writable(xmpp_conn *conn, void *userdata)
{
    int inside;
    (void)conn;
    struct scene_reg *reg = enter(userdata, &inside);
    app_event(reg->scene, 0, NULL, "%s", reg->name);
    perform(reg);
    faults_inside(inside);
}

const char *app_outcome(int error)
{
    switch (error) {
    case 0:
        return "ok";
    case XMPP_E_REMOTE:
        return "remote";
    case XMPP_E_TIMEOUT:
        return "timeout";
    case XMPP_E_DISCONNECTED:
        return "disconnected";
    case XMPP_E_OFFLINE:
        return "offline";
    default:
        return xmpp_error_name(error);
    }
}

int app_enter_reply(struct scene_reg *reg, const xmpp_conn *conn)
{
    int inside;
    enter(reg, &inside);
    if (reg->n_replies++ > 0) {
        scene_break(reg->scene, "\"%s\" was answered twice", reg->name);
    }
    reg->scene->saw_nomem |= xmpp_error_get_code(xmpp_conn_get_error(conn)) == XMPP_E_NOMEM;
    return inside;
}

void app_on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    if ((reply != NULL) != (error == 0 || error == XMPP_E_REMOTE)) {
        scene_break(reg->scene, "\"%s\" was answered %s %s a stanza", reg->name, app_outcome(error),
                    reply ? "with" : "without");
    }
    app_event(reg->scene, 0, reply, "%s %s", reg->name, app_outcome(error));
    perform(reg);
    faults_inside(inside);
}

void app_on_ask(xmpp_conn *conn, xmpp_ask *ask, void *userdata)
{
    int inside;
    (void)conn;
    struct scene_reg *reg = enter(userdata, &inside);
    app_event(reg->scene, 0, NULL, "%s %s", reg->name,
              xmpp_ask_get_kind(ask) == XMPP_ASK_PASSWORD ? "password" : "?");
    if (reg->result) {
        xmpp_ask_unref(reg->scene->ask);
        reg->scene->ask = xmpp_ask_ref(ask);
    }
    perform(reg);
    faults_inside(inside);
}

void app_destroy(void *userdata)
{
    struct scene_reg *reg = userdata;
    if (!reg->is_alive || reg->is_destroyed) {
        scene_break(reg->scene, "the userdata of \"%s\" was destroyed %s", reg->name,
                    reg->is_destroyed ? "twice" : "though its registration failed");
    }
    reg->is_destroyed = 1;
}
