/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "register". The last form that came is kept, and is what `set`, `submit` and
 * `is` are about. Events: `NAME ok - username,password`, with the fields of a form, or
 * `NAME remote conflict -`. */
#include <stdio.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/register.h"
#include "xmpp/stanza_error.h"

static xmpp_register_form *form;

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_register_enable(conn));
}

static void list_fields(const xmpp_register_form *of, char *text, size_t size)
{
    size_t n = xmpp_register_form_get_n_fields(of);
    snprintf(text, size, "-");
    for (size_t i = 0; i < n; i++) {
        size_t len = i > 0 ? strlen(text) : 0;
        snprintf(text + len, size - len, "%s%s", i > 0 ? "," : "",
                 xmpp_register_form_get_name(of, i));
    }
}

static void on_told(xmpp_conn *conn, int error, const xmpp_stanza *reply, xmpp_register_form *got,
                    void *userdata)
{
    struct scene_reg *reg = userdata;
    char fields[512];
    int inside = app_enter_reply(reg, conn);
    int condition = xmpp_register_get_condition(reply);
    reg->scene->saw_nomem |= error == XMPP_E_NOMEM;
    if (got) {
        form = xmpp_register_form_unref(form);
        form = xmpp_register_form_ref(got);
    }
    list_fields(got, fields, sizeof fields);
    app_event(reg->scene, 0, reply, "%s %s %s %s", reg->name, app_outcome(error),
              condition ? xmpp_condition_get_name(condition) : "-", fields);
    app_leave(reg, inside);
}

/* The registration of a call; NAME is the first word, the others are in `words`. */
static struct scene_reg *begin(struct scene *scene, char *copy, size_t size, const char *rest,
                               char **words)
{
    words[1] = NULL;
    int n = scene_words(rest, copy, size, words, 2);
    struct scene_reg *reg = n >= 1 ? app_new_reg(scene, words[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do register VERB NAME …");
        return NULL;
    }
    if (n < 2) {
        words[1] = NULL;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    return reg;
}

static int end(struct scene_reg *reg, int result)
{
    reg->is_alive = result == 0;
    return result;
}

/* `do register connect NAME` */
static int do_connect(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[2];
    struct scene_reg *reg = begin(scene, copy, sizeof copy, rest, words);
    if (!reg) {
        return 0;
    }
    int result = end(reg, IN_LIB(xmpp_register_connect(conn, on_told, reg, app_destroy)));
    scene->connects += result == 0;
    return result;
}

/* `do register get NAME [TO]` */
static int do_get(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[2];
    struct scene_reg *reg = begin(scene, copy, sizeof copy, rest, words);
    return reg ? end(reg, IN_LIB(xmpp_register_get(conn, &reg->slot, words[1], on_told, reg,
                                                   app_destroy)))
               : 0;
}

/* `do register password NAME PASSWORD` */
static int do_password(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[2];
    struct scene_reg *reg = begin(scene, copy, sizeof copy, rest, words);
    return reg ? end(reg, IN_LIB(xmpp_register_change_password(conn, &reg->slot, words[1], on_told,
                                                               reg, app_destroy)))
               : 0;
}

/* `do register cancel NAME [TO]` */
static int do_cancel(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[2];
    struct scene_reg *reg = begin(scene, copy, sizeof copy, rest, words);
    return reg ? end(reg, IN_LIB(xmpp_register_cancel(conn, &reg->slot, words[1], on_told, reg,
                                                      app_destroy)))
               : 0;
}

/* `do register submit NAME` */
static int do_submit(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *words[2];
    struct scene_reg *reg = begin(scene, copy, sizeof copy, rest, words);
    return reg ? end(reg, IN_LIB(xmpp_register_submit(conn, &reg->slot, form, on_told, reg,
                                                      app_destroy)))
               : 0;
}

/* `do register set FIELD VALUE` */
static int do_set(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char field[64] = "";
    struct xm_buf value = {0};
    (void)conn;
    sscanf(rest, "%63s", field);
    if (!vars_expand(&scene->vars, rest + strcspn(rest, " ") + 1, &value) ||
        xm_buf_add(&value, "", 1) < 0) {
        scene_fail(scene, "do register set FIELD VALUE");
    }
    int result = IN_LIB(xmpp_register_form_set(form, field, (const char *)xm_buf_head(&value)));
    xm_buf_done(&value);
    return result;
}

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

/* `is register instructions|url|registered|fields|FIELD = VALUE` */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    (void)scene;
    (void)conn;
    if (strcmp(what, "instructions") == 0) {
        snprintf(got, size, "%s", or_dash(xmpp_register_form_get_instructions(form)));
    } else if (strcmp(what, "url of the web") == 0) {
        snprintf(got, size, "%s", or_dash(xmpp_register_form_get_url(form)));
    } else if (strcmp(what, "registered") == 0) {
        snprintf(got, size, "%s", xmpp_register_form_is_registered(form) ? "yes" : "no");
    } else if (strcmp(what, "fields") == 0) {
        list_fields(form, got, size);
    } else if (strcmp(what, "form") == 0) {
        snprintf(got, size, "%s", xmpp_register_form_get_form(form) ? "yes" : "no");
    } else {
        snprintf(got, size, "%s", or_dash(xmpp_register_form_get_value(form, what)));
    }
    return 1;
}

static void done(struct scene *scene)
{
    (void)scene;
    form = xmpp_register_form_unref(form);
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable}, {"connect", do_connect},   {"get", do_get},       {"set", do_set},
    {"submit", do_submit}, {"password", do_password}, {"cancel", do_cancel}, {NULL, NULL}};

const struct words words_register = {
    .name = "register", .verbs = verbs, .look = look, .done = done};
