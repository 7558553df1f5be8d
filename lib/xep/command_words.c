/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of XEP-0050, by table. What they mean is for command_run.c and command_sessions.c. */
#include "command_words.h"

#include <string.h>

#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"

struct word {
    const char *name;
    int value;
};

static const struct word actions[] = {
    {"execute", XMPP_COMMAND_EXECUTE}, {"prev", XMPP_COMMAND_PREV},
    {"next", XMPP_COMMAND_NEXT},       {"complete", XMPP_COMMAND_COMPLETE},
    {"cancel", XMPP_COMMAND_CANCEL},   {NULL, 0}};
static const struct word statuses[] = {{"executing", XMPP_COMMAND_EXECUTING},
                                       {"completed", XMPP_COMMAND_COMPLETED},
                                       {"canceled", XMPP_COMMAND_CANCELED},
                                       {NULL, 0}};
static const struct word notes[] = {{"info", XMPP_COMMAND_INFO},
                                    {"warn", XMPP_COMMAND_WARN},
                                    {"error", XMPP_COMMAND_ERROR},
                                    {NULL, XMPP_COMMAND_INFO}};

static int value_of(const struct word *words, const char *name)
{
    while (words->name && !(name && strcmp(words->name, name) == 0)) {
        words++;
    }
    return words->value;
}

static const char *name_of(const struct word *words, int value)
{
    while (words->name && words->value != value) {
        words++;
    }
    return words->name;
}

int xm_command_action(const char *name)
{
    return value_of(actions, name);
}

const char *xm_command_action_name(int action)
{
    return name_of(actions, action);
}

int xm_command_status(const char *name)
{
    return value_of(statuses, name);
}

const char *xm_command_status_name(int status)
{
    return name_of(statuses, status);
}

int xm_command_note(const char *name)
{
    return value_of(notes, name);
}

void xmpp_command_answer_add_note(xmpp_elem *answer, int type, const char *text)
{
    const char *name = name_of(notes, type);
    xmpp_elem *note = xmpp_elem_add_text_child(answer, "note", XMPP_NS_COMMANDS, text);
    xmpp_elem_set_attr(note, "type", name ? name : "info");
}

int xm_command_refuse(xmpp_conn *conn, const xmpp_stanza *request, int condition,
                      const char *specific)
{
    xmpp_stanza *reply = xmpp_stanza_error_reply(request, condition, NULL);
    const xmpp_elem *error = xmpp_elem_get_child(xmpp_stanza_root(reply), "error", NULL);
    if (specific) {
        xmpp_elem_add((xmpp_elem *)error, specific, XMPP_NS_COMMANDS);
    }
    int result = xmpp_conn_answer(conn, reply);
    xmpp_stanza_unref(reply);
    return result;
}
