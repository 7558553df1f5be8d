/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* do: the ways of connecting that are no login, component.h and step.h, and a password that is
 * renewed. A module with a step is named
 * as a handler is, and `when NAME …` is what its step does. */
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "world/faults.h"
#include "world/world.h"
#include "xmpp/auth.h"
#include "xmpp/component.h"
#include "xmpp/module.h"
#include "xmpp/step.h"

static int do_component(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_set_component_cleartext(conn, strcmp(rest, "off") == 0 ? NULL : rest));
}

static int do_component_remote(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_allow_component_remote_insecure(conn, strcmp(rest, "off") != 0));
}

static int on_step(xmpp_conn *conn, const xmpp_elem *features, void *data)
{
    struct scene_reg *reg = data;
    int result = reg->result;
    (void)conn;
    int inside = app_enter(reg);
    app_event(reg->scene, 0, xmpp_elem_get_stanza(features), "%s step", reg->name);
    app_leave(reg, inside);
    return result;
}

/* `do step-module NAME [return N]` */
static int do_step_module(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *words[3];
    int n = scene_words(rest, copy, sizeof copy, words, 3);
    struct scene_reg *reg = n >= 1 ? app_new_reg(scene, words[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do step-module NAME [return N]");
        return 0;
    }
    reg->result = n == 3 ? atoi(words[2]) : 0;
    reg->is_alive = 1;
    xmpp_module *module = IN_LIB(xmpp_module_new(reg, reg->name, reg, app_destroy));
    if (!module) {
        reg->is_alive = 0;
        return XMPP_E_NOMEM;
    }
    IN_LIB((xmpp_module_on_step(module, on_step), 0));
    int result = IN_LIB(xmpp_conn_enable(conn, module));
    IN_LIB(xmpp_module_unref(module));
    return result;
}

static int do_disable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_disable(conn, rest));
}

static int do_connect_step(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    world_mark();
    int result = IN_LIB(xmpp_conn_connect_step(conn, rest));
    scene->connects += result == 0;
    return result;
}

static int do_renew_password(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct xm_buf text = {0};
    if (!vars_expand(&scene->vars, rest, &text) || xm_buf_add(&text, "", 1) < 0) {
        scene_fail(scene, "do renew-password PASSWORD");
    }
    int result = IN_LIB(xmpp_conn_renew_password(conn, (const char *)xm_buf_head(&text)));
    xm_buf_done(&text);
    return result;
}

/* `do end-step [N]` */
static int do_end_step(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_conn_end_step(conn, atoi(rest)));
}

static const struct scene_verb verbs[] = {
    {"component", do_component},           {"component-remote", do_component_remote},
    {"step-module", do_step_module},       {"disable-module", do_disable},
    {"connect-step", do_connect_step},     {"end-step", do_end_step},
    {"renew-password", do_renew_password},
};

const struct scene_verb *ways_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}
