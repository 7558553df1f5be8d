/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What xmpp_console is asked to fill in: registration of accounts and with services, and the commands of
 * other entities, stage by stage. What is to be filled in is an event; `field` fills in one field, and
 * `submit` or `stage` sends it. */
#include "console.h"
#include "json.h"

#include <string.h>

/* --- registration --------------------------------------------------------------------------------- */

static void on_register(xmpp_conn *conn, int error, const xmpp_stanza *reply,
                        xmpp_register_form *form, void *userdata)
{
    struct console *console = userdata;
    (void)conn;
    json_begin("registration");
    json_text("error", xmpp_error_name(error));
    json_text("condition", xmpp_condition_get_name(xmpp_register_get_condition(reply)));
    json_text("instructions", xmpp_register_form_get_instructions(form));
    json_text("url", xmpp_register_form_get_url(form));
    json_bool("registered", xmpp_register_form_is_registered(form));
    json_list_begin("fields");
    for (size_t i = 0; i < xmpp_register_form_get_n_fields(form); i++)
        json_list_add(xmpp_register_form_get_name(form, i));
    json_list_end();
    json_end();
    if (form) {
        xmpp_register_form_ref(form); /* it may be the one that we have */
        xmpp_register_form_unref(console->form);
        console->form = form;
    }
}

/* `register`: before login; `register JID`: with a service */
static int run_register(struct console *console, char *rest)
{
    if (*rest)
        return xmpp_register_get(console->conn, NULL, rest, on_register, console, NULL);
    return xmpp_register_connect(console->conn, on_register, console, NULL);
}

/* Of what is filled in now: a stage of a command, or a registration. */
static int run_field(struct console *console, char *rest)
{
    const char *name = console_word(&rest);
    int result = XMPP_E_STATE;
    if (console->submit)
        result = xmpp_form_set_value(xmpp_stanza_root(console->submit), name, rest);
    else if (console->form)
        result = xmpp_register_form_set(console->form, name, rest);
    explicit_bzero(rest, strlen(rest)); /* a password, perhaps */
    return result;
}

static int run_submit(struct console *console, char *rest)
{
    (void)rest;
    return console->form ? xmpp_register_submit(console->conn, NULL, console->form, on_register,
                                                console, NULL)
                         : XMPP_E_STATE;
}

static int run_change_password(struct console *console, char *rest)
{
    int result =
        xmpp_register_change_password(console->conn, NULL, rest, on_register, console, NULL);
    explicit_bzero(rest, strlen(rest));
    return result;
}

/* `unregister account` or `unregister JID` */
static int run_unregister(struct console *console, char *rest)
{
    int is_account = strcmp(rest, "account") == 0;
    if (!*rest)
        return XMPP_E_INVAL; /* not by mistake */
    return xmpp_register_cancel(console->conn, NULL, is_account ? NULL : rest, on_register, console,
                                NULL);
}

static int run_end_step(struct console *console, char *rest)
{
    (void)rest;
    return xmpp_conn_end_step(console->conn, 0);
}

/* --- commands of others --------------------------------------------------------------------------- */

static void forget_stage(struct console *console)
{
    console->command = xmpp_command_unref(console->command);
    console->submit = xmpp_stanza_unref(console->submit);
}

/* What a submission of the stage's form begins with; NULL: there is nothing to fill in. */
static xmpp_stanza *new_submit(const xmpp_elem *form)
{
    xmpp_stanza *holder = form ? xmpp_stanza_new("command", NULL) : NULL;
    const xmpp_elem *made = xmpp_form_add_submit(xmpp_stanza_root(holder), form);
    xmpp_stanza *submit = xmpp_stanza_from_elem(made);
    xmpp_stanza_unref(holder);
    return submit;
}

static void add_stage(const xmpp_command *command)
{
    static const char *const statuses[] = {NULL, "executing", "completed", "canceled"};
    static const char *const actions[] = {"execute", "prev", "next", "complete", "cancel"};
    const xmpp_elem *form = xmpp_command_get_form(command);
    const xmpp_elem *field;
    const char *note;
    int status = xmpp_command_get_status(command);
    json_text("node", xmpp_command_get_node(command));
    json_text("status", status >= 0 && status <= 3 ? statuses[status] : NULL);
    json_text("title", xmpp_form_get_title(form));
    json_list_begin("notes");
    for (size_t i = 0; (note = xmpp_command_get_note(command, i)); i++)
        json_list_add(note);
    json_list_end();
    json_list_begin("fields");
    for (size_t i = 0; (field = xmpp_form_get_field(form, i)); i++)
        json_list_add(xmpp_field_get_var(field));
    json_list_end();
    json_list_begin("actions");
    for (int i = 0; i < 5; i++) { /* in the order of enum xmpp_command_action */
        if (xmpp_command_get_actions(command) & (1 << i))
            json_list_add(actions[i]);
    }
    json_list_end();
}

static void on_command(xmpp_conn *conn, int error, const xmpp_command *command,
                       const xmpp_stanza *reply, void *userdata)
{
    struct console *console = userdata;
    (void)conn;
    json_begin("stage");
    json_text("error", xmpp_error_name(error));
    json_text("condition", xmpp_condition_get_name(xmpp_stanza_error_get_condition(reply)));
    if (command)
        add_stage(command);
    json_end();
    if (!command)
        return; /* the stage before can be tried again */
    forget_stage(console);
    console->command = xmpp_command_ref(command);
    console->submit = new_submit(xmpp_command_get_form(command));
}

/* `command JID NODE`; which there are is `items JID http://jabber.org/protocol/commands` */
static int run_command(struct console *console, char *rest)
{
    const char *to = console_word(&rest);
    return xmpp_command_execute(console->conn, NULL, to, rest, on_command, console, NULL);
}

static int run_stage(struct console *console, char *rest)
{
    static const char *const words[] = {"execute", "prev", "next", "complete", "cancel", NULL};
    int action = *rest ? console_index(words, rest) : 0;
    if (action < 0 || !console->command)
        return action < 0 ? action : XMPP_E_STATE;
    return xmpp_command_go_on(console->conn, NULL, console->command, 1 << action,
                              xmpp_stanza_get_root(console->submit), on_command, console, NULL);
}

void console_forget_forms(struct console *console)
{
    forget_stage(console);
    console->form = xmpp_register_form_unref(console->form);
}

const struct command console_forms_commands[] = {
    {"register", run_register, "register: an account, before login; register JID: with a service"},
    {"field", run_field, "field NAME TEXT: of what is to be registered"},
    {"submit", run_submit, "submit: the fields"},
    {"end-step", run_end_step, "end-step: no account is registered after all"},
    {"change-password", run_change_password, "change-password TEXT"},
    {"unregister", run_unregister, "unregister account, or unregister JID"},
    {"command", run_command, "command JID NODE: runs a command; its first stage is an event"},
    {"stage", run_stage,
     "stage [next|prev|complete|cancel]: on, with the fields that were filled in"},
    {NULL, NULL, NULL},
};
