/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the module "gateway". Every question is kept, and the last one is answered. Events:
 * `ask register USER USERNAME PASSWORD`, `ask login USER`, `ask add USER CONTACT`, `ask address USER NAME`;
 * `told logged-out USER CONTACT|-`; of a client `NAME ok PROMPT DESC`, `NAME ok ADDRESS`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/gateway.h"
#include "xmpp/jid.h"
#include "xmpp/stanza_error.h"

static xmpp_gateway_ask *ask;

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_gateway_enable(conn));
}

/* --- what it asks and tells ------------------------------------------------------------------- */

static void on_ask(xmpp_conn *conn, xmpp_gateway_ask *asked, void *userdata)
{
    static const char *const kinds[] = {"?", "register", "login", "add", "address"};
    struct scene_reg *reg = userdata;
    (void)conn;
    int inside = app_enter(reg);
    int kind = xmpp_gateway_ask_get_kind(asked);
    const char *user = xmpp_gateway_ask_get_user(asked);
    if (reg->result) {
        xmpp_gateway_ask_unref(ask);
        ask = xmpp_gateway_ask_ref(asked);
    }
    if (kind == XMPP_GATEWAY_REGISTER) {
        app_event(reg->scene, 0, NULL, "%s register %s %s %s", reg->name, user,
                  or_dash(xmpp_gateway_ask_get_field(asked, "username")),
                  or_dash(xmpp_gateway_ask_get_field(asked, "password")));
    } else {
        const char *about =
            kind == XMPP_GATEWAY_ADD       ? xmpp_jid_get_text(xmpp_gateway_ask_get_contact(asked))
            : kind == XMPP_GATEWAY_ADDRESS ? xmpp_gateway_ask_get_field(asked, "name")
                                           : "-";
        app_event(reg->scene, 0, NULL, "%s %s %s %s", reg->name, kinds[kind], user, about);
    }
    app_leave(reg, inside);
}

static void on_event(xmpp_conn *conn, int event, const char *user, const xmpp_jid *contact,
                     const xmpp_stanza *stanza, void *userdata)
{
    static const char *const names[] = {"?",        "unregistered", "logged-out", "presence",
                                        "approved", "denied",       "removed",    "probed"};
    struct scene_reg *reg = userdata;
    (void)conn;
    int inside = app_enter(reg);
    app_event(reg->scene, 0, stanza, "%s %s %s %s", reg->name, names[event], user,
              contact ? xmpp_jid_get_text(contact) : "-");
    app_leave(reg, inside);
}

/* `do gateway on NAME ask|event [drop]` */
static int do_on(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *w[3];
    int n = scene_words(rest, copy, sizeof copy, w, 3);
    struct scene_reg *reg = n >= 2 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do gateway on NAME ask|event [drop]");
        return 0;
    }
    reg->result = n < 3;
    reg->is_alive = 1;
    int result = strcmp(w[1], "ask") == 0
                     ? IN_LIB(xmpp_gateway_on_ask(conn, on_ask, reg, app_destroy))
                     : IN_LIB(xmpp_gateway_on_event(conn, on_event, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_off(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_gateway_on_ask(conn, NULL, NULL, NULL));
}

/* --- answering -------------------------------------------------------------------------------- */

static int do_accept(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    (void)rest;
    return IN_LIB(xmpp_gateway_ask_accept(ask));
}

/* `do gateway refuse [CONDITION]` */
static int do_refuse(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    return IN_LIB(xmpp_gateway_ask_refuse(ask, xmpp_condition_from_name(rest), NULL));
}

static int do_address(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)conn;
    return IN_LIB(xmpp_gateway_ask_answer_address(ask, rest));
}

static int do_forget(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)conn;
    (void)rest;
    ask = IN_LIB(xmpp_gateway_ask_unref(ask));
    scene->saw_nomem |= xmpp_error_get_code(xmpp_conn_get_error(app_conn(scene))) == XMPP_E_NOMEM;
    return 0;
}

/* --- settings and users ----------------------------------------------------------------------- */

/* `do gateway registration FIELDS | INSTRUCTIONS` */
static int do_registration(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char fields[256];
    const char *bar = strstr(rest, " | ");
    (void)scene;
    snprintf(fields, sizeof fields, "%.*s", bar ? (int)(bar - rest) : (int)strlen(rest), rest);
    return IN_LIB(xmpp_gateway_set_registration(conn, bar ? bar + 3 : NULL,
                                                strcmp(fields, "-") == 0 ? NULL : fields));
}

/* `do gateway prompt PROMPT | DESC` */
static int do_prompt(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char prompt[256];
    const char *bar = strstr(rest, " | ");
    (void)scene;
    snprintf(prompt, sizeof prompt, "%.*s", bar ? (int)(bar - rest) : (int)strlen(rest), rest);
    return IN_LIB(xmpp_gateway_set_prompt(conn, bar ? bar + 3 : NULL, prompt));
}

/* `do gateway user JID NAME` */
static int do_user(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char jid[256] = "";
    (void)scene;
    sscanf(rest, "%255s", jid);
    return IN_LIB(xmpp_gateway_add_user(conn, jid, rest + strcspn(rest, " ") + 1));
}

static int do_no_user(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_gateway_remove_user(conn, rest));
}

static int do_max(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_gateway_set_max_users(conn, atoi(rest)));
}

static int do_leave(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_gateway_leave(conn));
}

/* `do gateway remove-contact USER CONTACT` */
static int do_remove_contact(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char user[256] = "";
    char contact[256] = "";
    (void)scene;
    sscanf(rest, "%255s %255s", user, contact);
    return IN_LIB(xmpp_gateway_remove_contact(conn, user, contact));
}

/* --- a client --------------------------------------------------------------------------------- */

static void on_prompt(xmpp_conn *conn, int error, const char *desc, const char *prompt,
                      const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    app_event(reg->scene, 0, reply, "%s %s %s %s", reg->name, app_outcome(error), or_dash(prompt),
              or_dash(desc));
    app_leave(reg, inside);
}

static void on_address(xmpp_conn *conn, int error, const xmpp_jid *address,
                       const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    reg->scene->saw_nomem |= error == XMPP_E_NOMEM;
    app_event(reg->scene, 0, reply, "%s %s %s", reg->name, app_outcome(error),
              address ? xmpp_jid_get_text(address) : "-");
    app_leave(reg, inside);
}

/* `do gateway get NAME GATEWAY [LEGACY NAME]` */
static int do_get(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[256];
    char *w[3];
    int n = scene_words(rest, copy, sizeof copy, w, 3);
    struct scene_reg *reg = n >= 2 ? app_new_reg(scene, w[0]) : NULL;
    if (!reg) {
        scene_fail(scene, "do gateway get NAME GATEWAY [LEGACY]");
        return 0;
    }
    reg->is_reply = 1;
    reg->is_alive = 1;
    int result = n < 3 ? IN_LIB(xmpp_gateway_get_prompt(conn, &reg->slot, w[1], "de", on_prompt,
                                                        reg, app_destroy))
                       : IN_LIB(xmpp_gateway_get_address(conn, &reg->slot, w[1], w[2], on_address,
                                                         reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

/* --- asking it -------------------------------------------------------------------------------- */

/* `is gateway user N|username JID|in JID = …` */
static int look(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size)
{
    (void)scene;
    const char *rest = what + strcspn(what, " ");
    rest += *rest == ' ';
    if (strncmp(what, "user ", 5) == 0) {
        snprintf(got, size, "%s", or_dash(xmpp_gateway_get_user(conn, (size_t)atoi(rest))));
    } else if (strncmp(what, "username ", 9) == 0) {
        snprintf(got, size, "%s", or_dash(xmpp_gateway_get_username(conn, rest)));
    } else if (strncmp(what, "in ", 3) == 0) {
        snprintf(got, size, "%s", xmpp_gateway_is_logged_in(conn, rest) ? "yes" : "no");
    } else {
        return 0;
    }
    return 1;
}

static void done(struct scene *scene)
{
    (void)scene;
    ask = xmpp_gateway_ask_unref(ask);
}

static const struct scene_verb verbs[] = {
    {"enable", do_enable},   {"on", do_on},
    {"off", do_off},         {"accept", do_accept},
    {"refuse", do_refuse},   {"address", do_address},
    {"forget", do_forget},   {"registration", do_registration},
    {"prompt", do_prompt},   {"user", do_user},
    {"no-user", do_no_user}, {"max", do_max},
    {"leave", do_leave},     {"remove-contact", do_remove_contact},
    {"get", do_get},         {NULL, NULL},
};

const struct words words_gateway = {.name = "gateway", .verbs = verbs, .look = look, .done = done};
