/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `do commands …`: those of others, and our own.
 *
 *   list NAME TO|-; run NAME TO|- NODE: asks; go NAME ACTION [<x/>]: goes on with the stage that came
 *   last. A stage is told as `NAME ok STATUS ACTIONS USUAL`, its form as `form TYPE TITLE`, its notes
 *   as `note TYPE TEXT`
 *   enable, disable, may JID (who is let by the handler of those that ask)
 *   add NODE own|contacts|ask|anybody DEED: a command, and what it does: done, wizard (three stages),
 *   plain (another stage, without saying what it allows), later, fail, strange, gone (removes itself);
 *   remove NODE; finish ID completed|executing|canceled|bad-form. A stage is told as
 *   `NODE ACTION JID ID STAGE LANG`, what was filled in as `filled VAR=VALUE` */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/words.h"
#include "xmpp/commands.h"
#include "xmpp/forms.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"

enum { OFFERS = 8 };

static struct offer {
    struct scene_reg *reg;
    char deed[16];
} offers[OFFERS];
static int n_offers;
static char allowed[256];
static const xmpp_command *last;
static int n_kept; /* by sessions */

static const char *const actions[] = {"execute", "prev", "next", "complete", "cancel"};
static const char *const statuses[] = {"?", "executing", "completed", "canceled"};
static const char *const notes[] = {"?", "info", "warn", "error"};

static void commands_done(struct scene *scene)
{
    if (n_kept != 0) {
        scene_break(scene, "what sessions keep was destroyed %s", n_kept > 0 ? "never" : "twice");
    }
    n_kept = 0;
    n_offers = 0;
    allowed[0] = '\0';
    last = xmpp_command_unref(last);
}

static const char *or_null(const char *text)
{
    return text && strcmp(text, "-") != 0 ? text : NULL;
}

static int action_of(const char *name)
{
    for (int i = 0; i < 5; i++) {
        if (strcmp(actions[i], name) == 0) {
            return 1 << i;
        }
    }
    return 0;
}

/* "prev,next", or "-" */
static const char *print_actions(int bits, char *text, size_t size)
{
    size_t at = 0;
    snprintf(text, size, "-");
    for (int i = 0; i < 5; i++) {
        if (bits & 1 << i) {
            at += (size_t)snprintf(text + at, size - at, "%s%s", at > 0 ? "," : "", actions[i]);
        }
    }
    return text;
}

/* --- those of others ---------------------------------------------------------------------------- */

static struct scene_reg *new_request(struct scene *scene, const char *name)
{
    struct scene_reg *reg = app_new_reg(scene, name);
    if (reg) {
        reg->is_reply = 1;
        reg->is_alive = 1;
    }
    return reg;
}

static void on_items(xmpp_conn *conn, int error, const xmpp_disco_items *items,
                     const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    (void)reply;
    app_event(reg->scene, 0, NULL, "%s %s", reg->name,
              app_outcome(scene_result(reg->scene, error)));
    for (size_t i = 0; i < xmpp_disco_items_get_n(items); i++) {
        app_event(reg->scene, 0, NULL, "command %s %s", xmpp_disco_items_get_node(items, i),
                  xmpp_disco_items_get_name(items, i));
    }
    app_leave(reg, inside);
}

static int do_list(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[2];
    struct scene_reg *reg =
        scene_words(rest, copy, sizeof copy, w, 2) == 2 ? new_request(scene, w[0]) : NULL;
    if (!reg) {
        return 0;
    }
    int result =
        IN_LIB(xmpp_commands_list(conn, &reg->slot, or_null(w[1]), on_items, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static void tell_stage(struct scene_reg *reg, const xmpp_command *command)
{
    char all[128];
    char usual[32];
    app_event(reg->scene, 0, NULL, "%s ok %s %s %s", reg->name,
              statuses[xmpp_command_get_status(command)],
              print_actions(xmpp_command_get_actions(command), all, sizeof all),
              print_actions(xmpp_command_get_default(command), usual, sizeof usual));
    const xmpp_elem *form = xmpp_command_get_form(command);
    if (form) {
        app_event(reg->scene, 0, NULL, "form %d %s", xmpp_form_get_type(form),
                  xmpp_form_get_title(form));
    }
    for (size_t i = 0; xmpp_command_get_note(command, i); i++) {
        app_event(reg->scene, 0, NULL, "note %s %s", notes[xmpp_command_get_note_type(command, i)],
                  xmpp_command_get_note(command, i));
    }
}

static void on_stage(xmpp_conn *conn, int error, const xmpp_command *command,
                     const xmpp_stanza *reply, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter_reply(reg, conn);
    (void)reply;
    if (command) {
        tell_stage(reg, command);
        xmpp_command_unref(last);
        last = xmpp_command_ref(command);
    } else {
        app_event(reg->scene, 0, NULL, "%s %s", reg->name,
                  app_outcome(scene_result(reg->scene, error)));
    }
    app_leave(reg, inside);
}

static int do_run(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char copy[512];
    char *w[3];
    struct scene_reg *reg =
        scene_words(rest, copy, sizeof copy, w, 3) == 3 ? new_request(scene, w[0]) : NULL;
    if (!reg) {
        return 0;
    }
    int result = IN_LIB(
        xmpp_command_execute(conn, &reg->slot, or_null(w[1]), w[2], on_stage, reg, app_destroy));
    reg->is_alive = result == 0;
    return result;
}

static int do_go(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    char name[VARS_NAME] = "";
    char action[16] = "";
    const char *xml = strchr(rest, '<');
    xmpp_stanza *submit = NULL;
    sscanf(rest, "%15s %15s", name, action);
    struct scene_reg *reg = new_request(scene, name);
    int result = xml ? IN_LIB(xmpp_stanza_parse(&submit, xml, strlen(xml))) : 0;
    if (result == 0) {
        result =
            IN_LIB(xmpp_command_go_on(conn, &reg->slot, last, action_of(action),
                                      xmpp_stanza_get_root(submit), on_stage, reg, app_destroy));
    }
    IN_LIB(xmpp_stanza_unref(submit));
    reg->is_alive = result == 0;
    return result;
}

/* --- our own ------------------------------------------------------------------------------------ */

static int do_enable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_commands_enable(conn));
}

static int do_disable(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    (void)rest;
    return IN_LIB(xmpp_conn_disable(conn, "commands"));
}

static int on_may(xmpp_conn *conn, const xmpp_jid *who, const char *node, void *userdata)
{
    (void)conn;
    (void)node;
    (void)userdata;
    return strcmp(xmpp_jid_get_bare_text(who), allowed) == 0;
}

static int do_may(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    snprintf(allowed, sizeof allowed, "%s", rest);
    return IN_LIB(xmpp_commands_on_may(conn, on_may, NULL, NULL));
}

static void forget(void *data)
{
    free(data);
    n_kept--;
}

/* The stage that a session is in, from 0; it is kept with the session. */
static int stage_of(xmpp_command_session *session)
{
    int *stage = xmpp_command_session_get_data(session);
    if (!stage) {
        stage = calloc(1, sizeof *stage);
        xmpp_command_session_set_data(session, stage, forget);
        n_kept++;
    }
    return (*stage)++;
}

static void add_form(xmpp_elem *answer, const char *title)
{
    xmpp_elem *form = IN_LIB(xmpp_form_add(answer, XMPP_FORM_FORM, NULL));
    IN_LIB_VOID(xmpp_form_set_title(form, title));
    xmpp_elem *field = IN_LIB(xmpp_form_add_field(form, XMPP_FIELD_LIST_SINGLE, "service", NULL));
    IN_LIB_VOID(xmpp_field_add_option(field, "httpd", NULL));
    IN_LIB_VOID(xmpp_field_add_option(field, "jabberd", NULL));
}

static int wizard(xmpp_command_session *session, int stage, xmpp_elem *answer)
{
    static const int steps[] = {XMPP_COMMAND_NEXT, XMPP_COMMAND_PREV | XMPP_COMMAND_COMPLETE};
    static const int usual[] = {XMPP_COMMAND_NEXT, XMPP_COMMAND_COMPLETE};
    if (stage > 1) {
        IN_LIB_VOID(xmpp_command_answer_add_note(answer, XMPP_COMMAND_INFO,
                                                 "Service 'httpd' has been configured."));
        return XMPP_COMMAND_COMPLETED;
    }
    add_form(answer, "Configure Service");
    xmpp_command_session_set_actions(session, steps[stage], usual[stage]);
    return XMPP_COMMAND_EXECUTING;
}

static int act(xmpp_conn *conn, const struct offer *offer, xmpp_command_session *session,
               const xmpp_elem *submit, xmpp_elem *answer)
{
    int stage = stage_of(session);
    const char *service = xmpp_form_get_value(submit, "service");
    if (service) {
        app_event(offer->reg->scene, 0, NULL, "filled service=%s", service);
    }
    if (service && strcmp(service, "wrong") == 0) {
        return XMPP_COMMAND_BAD_FORM;
    }
    if (strcmp(offer->deed, "wizard") == 0) {
        return wizard(session, stage, answer);
    }
    if (strcmp(offer->deed, "plain") == 0 && stage == 0) {
        add_form(answer, "Plain");
        return XMPP_COMMAND_EXECUTING;
    }
    if (strcmp(offer->deed, "later") == 0) {
        return XMPP_COMMAND_LATER;
    }
    if (strcmp(offer->deed, "gone") == 0) {
        IN_LIB(xmpp_commands_remove(conn, xmpp_command_session_get_node(session)));
        return XMPP_COMMAND_EXECUTING;
    }
    if (strcmp(offer->deed, "strange") == 0) {
        return 99;
    }
    return strcmp(offer->deed, "fail") == 0 ? XMPP_E_APP : XMPP_COMMAND_COMPLETED;
}

static int on_run(xmpp_conn *conn, xmpp_command_session *session, int action,
                  const xmpp_elem *submit, xmpp_elem *answer, void *userdata)
{
    struct scene_reg *reg = userdata;
    int inside = app_enter(reg);
    const struct offer *offer = NULL;
    char text[32];
    for (int i = 0; i < n_offers; i++) {
        offer = offers[i].reg == reg ? &offers[i] : offer;
    }
    app_event(reg->scene, 0, NULL, "%s %s %s %s %s", reg->name,
              print_actions(action, text, sizeof text),
              xmpp_jid_get_text(xmpp_command_session_get_jid(session)),
              xmpp_command_session_get_id(session), xmpp_command_session_get_lang(session));
    int result = act(conn, offer, session, submit, answer);
    app_leave(reg, inside);
    return result;
}

static int do_add(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    static const char *const whos[] = {"own", "contacts", "ask", "anybody"};
    char copy[512];
    char *w[3];
    int who = -1;
    if (n_offers == OFFERS || scene_words(rest, copy, sizeof copy, w, 3) != 3) {
        scene_fail(scene, "do commands add NODE WHO DEED");
        return 0;
    }
    for (int i = 0; i < 4; i++) {
        who = strcmp(whos[i], w[1]) == 0 ? i : who;
    }
    struct offer *offer = &offers[n_offers++];
    offer->reg = app_new_reg(scene, w[0]);
    snprintf(offer->deed, sizeof offer->deed, "%s", w[2]);
    offer->reg->is_alive = 1;
    int result =
        IN_LIB(xmpp_commands_add(conn, w[0], "A Command", who, on_run, offer->reg, app_destroy));
    offer->reg->is_alive = result == 0;
    return result;
}

static int do_remove(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    (void)scene;
    return IN_LIB(xmpp_commands_remove(conn, rest));
}

static int do_finish(struct scene *scene, xmpp_conn *conn, const char *rest)
{
    struct xm_buf text = {0};
    char id[64] = "";
    char how[16] = "";
    int status = XMPP_COMMAND_BAD_FORM;
    vars_expand(&scene->vars, rest, &text);
    xm_buf_add(&text, "", 1);
    sscanf((const char *)xm_buf_head(&text), "%63s %15s", id, how);
    xm_buf_done(&text);
    for (int i = 1; i < 4; i++) {
        status = strcmp(statuses[i], how) == 0 ? i : status;
    }
    return IN_LIB(xmpp_command_session_finish(conn, id, status));
}

static const struct scene_verb verbs[] = {
    {"list", do_list},       {"run", do_run}, {"go", do_go},         {"enable", do_enable},
    {"may", do_may},         {"add", do_add}, {"remove", do_remove}, {"finish", do_finish},
    {"disable", do_disable}, {NULL, NULL}};

const struct words words_commands = {.name = "commands", .verbs = verbs, .done = commands_done};
