/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running the commands of others (XEP-0050): each answer is an object that does not change, and that
 * the next request is made from. Nothing is kept here between the two. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "command_words.h"
#include "xmpp/commands.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/forms.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

struct xmpp_command {
    atomic_uint refs;
    const xmpp_stanza *reply;
    const xmpp_elem *elem; /* the <command/> */
    int status;
    int actions;
    int usual;
};

/* A request under way: what its answer has to be about. */
struct stage {
    char *node;
    char *session_id; /* NULL: it begins */
    xmpp_command_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
};

/* --- a stage ------------------------------------------------------------------------------------- */

/* XEP-0050 4.4: without <actions/> it is done in one stage; what is usual is "next" unless said, and
 * if that is not allowed nothing is. */
static void read_actions(xmpp_command *command)
{
    const xmpp_elem *actions = xmpp_elem_get_child(command->elem, "actions", XMPP_NS_COMMANDS);
    if (command->status != XMPP_COMMAND_EXECUTING) {
        return;
    }
    int allowed = 0;
    const xmpp_elem *child = xmpp_elem_get_child(actions, NULL, XMPP_NS_COMMANDS);
    for (; child; child = xmpp_elem_get_next(child, NULL, XMPP_NS_COMMANDS)) {
        allowed |= xm_command_action(xmpp_elem_get_name(child)) & XM_COMMAND_STEPS;
    }
    const char *execute = xmpp_elem_get_attr(actions, "execute");
    int usual = actions ? xm_command_action(execute ? execute : "next") : XMPP_COMMAND_COMPLETE;
    allowed |= actions ? 0 : XMPP_COMMAND_COMPLETE;
    command->usual = usual & allowed;
    command->actions = allowed | XMPP_COMMAND_CANCEL | (command->usual ? XMPP_COMMAND_EXECUTE : 0);
}

static int is_text(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* 1 if the answer is about what was asked. */
static int is_answer(const xmpp_elem *elem, const struct stage *stage)
{
    const char *session_id = xmpp_elem_get_attr(elem, "sessionid");
    return xmpp_elem_is(elem, "command", XMPP_NS_COMMANDS) &&
           is_text(xmpp_elem_get_attr(elem, "node"), stage->node) &&
           (!stage->session_id || is_text(session_id, stage->session_id));
}

static int read_stage(xmpp_command **ret_command, const xmpp_stanza *reply,
                      const struct stage *stage)
{
    const xmpp_elem *elem = xmpp_iq_get_payload(reply);
    int status = xm_command_status(xmpp_elem_get_attr(elem, "status"));
    const char *session_id = xmpp_elem_get_attr(elem, "sessionid");
    if (!is_answer(elem, stage) || status == 0 ||
        (status == XMPP_COMMAND_EXECUTING && (!session_id || !*session_id))) {
        return XMPP_E_PROTOCOL;
    }
    xmpp_command *command = calloc(1, sizeof *command);
    if (!command) {
        return XMPP_E_NOMEM;
    }
    atomic_init(&command->refs, 1);
    command->reply = xmpp_stanza_ref(reply);
    command->elem = elem;
    command->status = status;
    read_actions(command);
    *ret_command = command;
    return 0;
}

const xmpp_command *xmpp_command_ref(const xmpp_command *command)
{
    if (command) {
        atomic_fetch_add(&((xmpp_command *)command)->refs, 1);
    }
    return command;
}

xmpp_command *xmpp_command_unref(const xmpp_command *command)
{
    xmpp_command *mine = (xmpp_command *)command;
    if (mine && atomic_fetch_sub(&mine->refs, 1) == 1) {
        xmpp_stanza_unref(mine->reply);
        free(mine);
    }
    return NULL;
}

/* --- asking --------------------------------------------------------------------------------------- */

static void free_stage(void *data)
{
    struct stage *stage = data;
    if (stage->destroy) {
        stage->destroy(stage->userdata);
    }
    free(stage->node);
    free(stage->session_id);
    free(stage);
}

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    struct stage *stage = userdata;
    xmpp_command *command = NULL;
    if (error == 0) {
        error = read_stage(&command, reply, stage);
    }
    stage->handler(conn, error, command, reply, stage->userdata);
    xmpp_command_unref(command);
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static struct stage *new_stage(const char *node, const char *session_id)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (!stage) {
        return NULL;
    }
    stage->node = copy_text(node);
    stage->session_id = session_id ? copy_text(session_id) : NULL;
    if (!stage->node || (session_id && !stage->session_id)) {
        free_stage(stage);
        return NULL;
    }
    return stage;
}

/* Sends the request. The handler and its userdata are taken over if that went well. */
static int request(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_stanza *iq,
                   xmpp_command_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    const xmpp_elem *elem = xmpp_iq_get_payload(iq);
    const char *node = xmpp_elem_get_attr(elem, "node");
    int error = xmpp_stanza_get_error(iq);
    if (error < 0) {
        return error;
    }
    struct stage *stage = new_stage(node, xmpp_elem_get_attr(elem, "sessionid"));
    if (!stage) {
        return XMPP_E_NOMEM;
    }
    stage->handler = handler;
    stage->userdata = userdata;
    stage->destroy = destroy;
    int result = xmpp_conn_request(conn, ret_slot, iq, 0, on_reply, stage, free_stage);
    if (result < 0 && result != XMPP_E_GONE) {
        stage->destroy = NULL;
        free_stage(stage);
    }
    return result;
}

int xmpp_command_execute(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, const char *node,
                         xmpp_command_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    if (!conn || !node || !handler) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, to);
    xmpp_elem *elem = xmpp_elem_add(xmpp_stanza_root(iq), "command", XMPP_NS_COMMANDS);
    xmpp_elem_set_attr(elem, "node", node);
    xmpp_elem_set_attr(elem, "action", "execute");
    int result = request(conn, ret_slot, iq, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

/* "execute" is ambiguous (XEP-0050 3.4.2): where the stage says what it means, that is sent. */
static const char *action_name(const xmpp_command *command, int action)
{
    int is_said = xmpp_elem_get_child(command->elem, "actions", XMPP_NS_COMMANDS) != NULL;
    if (action == XMPP_COMMAND_EXECUTE && is_said) {
        return xm_command_action_name(command->usual);
    }
    return xm_command_action_name(action);
}

int xmpp_command_go_on(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_command *command,
                       int action, const xmpp_elem *submit, xmpp_command_fn handler, void *userdata,
                       xmpp_destroy_fn destroy)
{
    if (!conn || !command || !handler || !xm_command_action_name(action)) {
        return XMPP_E_INVAL;
    }
    if ((command->actions & action) == 0) {
        return XMPP_E_STATE;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, NULL);
    xmpp_stanza_set_to_jid(iq, xmpp_stanza_get_from(command->reply));
    xmpp_elem *elem = xmpp_elem_add(xmpp_stanza_root(iq), "command", XMPP_NS_COMMANDS);
    xmpp_elem_set_attr(elem, "node", xmpp_elem_get_attr(command->elem, "node"));
    xmpp_elem_set_attr(elem, "sessionid", xmpp_elem_get_attr(command->elem, "sessionid"));
    xmpp_elem_set_attr(elem, "action", action_name(command, action));
    if (submit) {
        xmpp_elem_add_copy(elem, submit);
    }
    int result = request(conn, ret_slot, iq, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

/* --- reading -------------------------------------------------------------------------------------- */

const xmpp_elem *xmpp_command_get_elem(const xmpp_command *command)
{
    return command ? command->elem : NULL;
}

const char *xmpp_command_get_node(const xmpp_command *command)
{
    return xmpp_elem_get_attr(xmpp_command_get_elem(command), "node");
}

int xmpp_command_get_status(const xmpp_command *command)
{
    return command ? command->status : 0;
}

int xmpp_command_get_actions(const xmpp_command *command)
{
    return command ? command->actions : 0;
}

int xmpp_command_get_default(const xmpp_command *command)
{
    return command ? command->usual : 0;
}

const xmpp_elem *xmpp_command_get_form(const xmpp_command *command)
{
    return xmpp_form_find(xmpp_command_get_elem(command), NULL);
}

static const xmpp_elem *note_at(const xmpp_command *command, size_t index)
{
    const xmpp_elem *note =
        xmpp_elem_get_child(xmpp_command_get_elem(command), "note", XMPP_NS_COMMANDS);
    while (note && index-- > 0) {
        note = xmpp_elem_get_next(note, "note", XMPP_NS_COMMANDS);
    }
    return note;
}

const char *xmpp_command_get_note(const xmpp_command *command, size_t index)
{
    return xmpp_elem_get_text(note_at(command, index), NULL);
}

int xmpp_command_get_note_type(const xmpp_command *command, size_t index)
{
    const xmpp_elem *note = note_at(command, index);
    return note ? xm_command_note(xmpp_elem_get_attr(note, "type")) : 0;
}
