/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What xmpp_console can say about people: modules, the roster, who is there, chats and what goes with
 * their messages. What the modules tell is an event: `module` answers `enable`, `roster` and
 * `resource` say what changed, `noted` what was found out about a stanza. */
#include "console.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

enum { GROUPS_MAX = 16 };

static const char *text_of(const xmpp_jid *jid)
{
    return jid ? xmpp_jid_get_text(jid) : NULL;
}

static const char *word_of(const char *const *words, int n, int value)
{
    return value >= 0 && value < n ? words[value] : NULL;
}

/* --- the roster --------------------------------------------------------------------------------- */

static void add_item(const xmpp_roster_item *item)
{
    static const char *const words[] = {"none", "to", "from", "both"};
    json_text("jid", text_of(xmpp_roster_item_get_jid(item)));
    json_text("contact", xmpp_roster_item_get_name(item));
    json_text("subscription", word_of(words, 4, xmpp_roster_item_get_subscription(item)));
    json_bool("asked", xmpp_roster_item_is_asked(item));
    json_bool("approved", xmpp_roster_item_is_approved(item));
    json_bool("requesting", xmpp_roster_item_is_requesting(item));
    json_list_begin("groups");
    for (size_t i = 0; i < xmpp_roster_item_get_n_groups(item); i++)
        json_list_add(xmpp_roster_item_get_group(item, i));
    json_list_end();
}

static void on_roster(xmpp_conn *conn, const xmpp_roster_event *event, void *userdata)
{
    /* in the order of enum xmpp_roster_event_type */
    static const char *const words[] = {
        NULL,           "complete", "failed",  "added",   "changed", "removed", "request",
        "request-over", "granted",  "refused", "revoked", "left",    "full",    "cache-failed",
    };
    const xmpp_roster_item *item = xmpp_roster_event_get_item(event);
    (void)conn;
    (void)userdata;
    json_begin("roster");
    json_text("what", word_of(words, 14, xmpp_roster_event_get_type(event)));
    if (item)
        add_item(item);
    else
        json_text("jid", text_of(xmpp_roster_event_get_jid(event)));
    json_text("nick", xmpp_roster_event_get_nick(event));
    json_text("error", xmpp_error_name(xmpp_roster_event_get_error(event)));
    json_end();
}

static int run_roster(struct console *console, char *rest)
{
    (void)rest;
    const xmpp_roster_item *item;
    for (size_t i = 0; (item = xmpp_roster_get_item(console->conn, i)); i++) {
        json_begin("contact");
        add_item(item);
        json_end();
    }
    return xmpp_conn_is_enabled(console->conn, "roster") ? 0 : XMPP_E_REQUIRES;
}

/* The JID of a command, in *ret_jid, to be dropped. */
static int take_jid(char **rest, xmpp_jid **ret_jid)
{
    return xmpp_jid_parse(ret_jid, console_word(rest));
}

static int run_contact(struct console *console, char *rest)
{
    const char *groups[GROUPS_MAX];
    size_t n = 0;
    xmpp_jid *jid = NULL;
    int result = take_jid(&rest, &jid);
    if (result < 0)
        return result;
    const char *name = console_word(&rest);
    while (*rest && n < GROUPS_MAX)
        groups[n++] = console_word(&rest);
    int64_t *line = console_line(console);
    result =
        xmpp_roster_set(console->conn, NULL, jid, name, groups, n, console_on_reply, line, free);
    xmpp_jid_unref(jid);
    return console_asked(line, result);
}

static int run_forget(struct console *console, char *rest)
{
    xmpp_jid *jid = NULL;
    int result = take_jid(&rest, &jid);
    if (result < 0)
        return result;
    int64_t *line = console_line(console);
    result = xmpp_roster_remove(console->conn, NULL, jid, console_on_reply, line, free);
    xmpp_jid_unref(jid);
    return console_asked(line, result);
}

/* `subscription subscribe|unsubscribe|approve|deny|preapprove JID` */
static int run_subscription(struct console *console, char *rest)
{
    static const char *const words[] = {"subscribe", "unsubscribe", "approve",
                                        "deny",      "preapprove",  NULL};
    int what = console_index(words, console_word(&rest));
    xmpp_jid *jid = NULL;
    int result = what < 0 ? what : take_jid(&rest, &jid);
    if (result < 0)
        return result;
    switch (what) {
    case 0:
        result = xmpp_roster_subscribe(console->conn, jid, NULL, *rest ? rest : NULL);
        break;
    case 1:
        result = xmpp_roster_unsubscribe(console->conn, jid);
        break;
    case 2:
        result = xmpp_roster_approve(console->conn, jid);
        break;
    case 3:
        result = xmpp_roster_deny(console->conn, jid);
        break;
    default:
        result = xmpp_roster_preapprove(console->conn, jid);
        break;
    }
    xmpp_jid_unref(jid);
    return result; /* 1: sent, 0: without effect */
}

static int run_policy(struct console *console, char *rest)
{
    static const char *const words[] = {"ask", "deny-all", "approve-known", "approve-all", NULL};
    int policy = console_index(words, console_word(&rest));
    return policy < 0 ? policy : xmpp_roster_set_policy(console->conn, policy);
}

/* --- who is there ------------------------------------------------------------------------------- */

static void add_resource(const xmpp_resource *resource)
{
    static const char *const shows[] = {"available", "chat", "away", "dnd", "xa"};
    const xmpp_stanza *presence = xmpp_resource_get_presence(resource);
    json_text("jid", text_of(xmpp_resource_get_jid(resource)));
    json_text("show", word_of(shows, 5, xmpp_presence_get_show(presence)));
    json_text("status", xmpp_presence_get_status(presence, NULL));
    json_number("priority", xmpp_presence_get_priority(presence));
}

static void on_resource(xmpp_conn *conn, int event, const xmpp_resource *resource,
                        const xmpp_stanza *presence, void *userdata)
{
    static const char *const words[] = {NULL, "came", "changed", "left"};
    (void)conn;
    (void)presence;
    (void)userdata;
    json_begin("resource");
    json_text("what", word_of(words, 4, event));
    add_resource(resource);
    json_end();
}

static int run_own(struct console *console, char *rest)
{
    static const char *const shows[] = {"available", "chat",        "away", "dnd",
                                        "xa",        "unavailable", NULL};
    int which = console_index(shows, console_word(&rest));
    if (which < 0)
        return which;
    xmpp_stanza *presence =
        xmpp_presence_new(which == 5 ? XMPP_PRESENCE_UNAVAILABLE : XMPP_PRESENCE_AVAILABLE, NULL);
    if (which < 5)
        xmpp_presence_set_show(presence, which);
    if (*rest)
        xmpp_presence_set_status(presence, NULL, rest);
    int result = xmpp_presence_set_own(console->conn, presence);
    xmpp_stanza_unref(presence);
    return result;
}

static int run_direct(struct console *console, char *rest)
{
    xmpp_jid *jid = NULL;
    int result = take_jid(&rest, &jid);
    xmpp_stanza *gone = NULL;
    if (strcmp(rest, "unavailable") == 0)
        gone = xmpp_presence_new(XMPP_PRESENCE_UNAVAILABLE, NULL);
    if (result == 0)
        result = xmpp_presence_direct(console->conn, jid, gone);
    xmpp_stanza_unref(gone);
    xmpp_jid_unref(jid);
    return result;
}

static int run_who(struct console *console, char *rest)
{
    const xmpp_jid *who;
    (void)rest;
    for (size_t i = 0; (who = xmpp_presence_get_present(console->conn, i)); i++) {
        const xmpp_resource *resource;
        for (size_t j = 0; (resource = xmpp_presence_get_resource_at(console->conn, who, j)); j++) {
            json_begin("resource");
            json_text("what", "there");
            add_resource(resource);
            json_end();
        }
    }
    return xmpp_conn_is_enabled(console->conn, "presence") ? 0 : XMPP_E_REQUIRES;
}

/* --- chats -------------------------------------------------------------------------------------- */

static int run_chat(struct console *console, char *rest)
{
    xmpp_jid *jid = NULL;
    xmpp_chat *chat = NULL;
    int result = take_jid(&rest, &jid);
    if (result == 0)
        result = xmpp_chat_open(console->conn, jid, &chat);
    xmpp_jid_unref(jid);
    if (result < 0)
        return result;
    xmpp_stanza *message = xmpp_chat_new_message(chat);
    xmpp_message_add_body(message, NULL, rest);
    if (xmpp_conn_is_enabled(console->conn, "receipts"))
        xmpp_receipt_request(message);
    result = xmpp_conn_send(console->conn, message);
    xmpp_stanza_unref(message);
    xmpp_chat_unref(chat);
    return result;
}

static int run_typing(struct console *console, char *rest)
{
    /* in the order of enum xmpp_chat_state */
    static const char *const words[] = {"none",     "active", "composing", "paused",
                                        "inactive", "gone",   NULL};
    int state = console_index(words, console_word(&rest));
    xmpp_jid *jid = NULL;
    int result = state < 0 ? state : take_jid(&rest, &jid);
    if (result == 0)
        result = xmpp_chat_state_send(console->conn, jid, XMPP_MESSAGE_CHAT, state, NULL);
    xmpp_jid_unref(jid);
    return result;
}

/* `correct ID JID TEXT` */
static int run_correct(struct console *console, char *rest)
{
    const char *id = console_word(&rest);
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, console_word(&rest));
    xmpp_message_add_body(message, NULL, rest);
    int result = message ? xmpp_correction_set_id(message, id) : XMPP_E_NOMEM;
    if (result == 0)
        result = xmpp_conn_send(console->conn, message);
    xmpp_stanza_unref(message);
    return result;
}

static int run_receipts(struct console *console, char *rest)
{
    int on = console_switch(rest);
    return on < 0 ? on : xmpp_receipts_set_answering(console->conn, on);
}

static int run_carbons(struct console *console, char *rest)
{
    int on = console_switch(rest);
    return on < 0 ? on : xmpp_carbons_set_wanted(console->conn, on);
}

/* The id that our own account gave the message. */
static const char *own_id(const xmpp_conn *conn, const xmpp_stanza *message)
{
    xmpp_jid *own = NULL;
    if (xmpp_jid_get_bare(xmpp_conn_get_bound_jid(conn), &own) < 0)
        return NULL;
    const char *id = xmpp_stanza_id_get(message, own);
    xmpp_jid_unref(own);
    return id;
}

/* What the modules found out about a message. Text that a filter did not check is not among it. */
static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    static const char *const states[] = {NULL, "active", "composing", "paused", "inactive", "gone"};
    static const char *const directions[] = {NULL, "received", "sent"};
    const xmpp_stanza *carbon = xmpp_carbon_get_message(message);
    const xmpp_stanza *what = carbon ? carbon : message;
    int64_t delayed = -1;
    int by = 0;
    (void)userdata;
    if (xmpp_delay_get(what, &delayed, &by) < 0)
        delayed = -1;
    json_begin("noted");
    json_text("from", text_of(xmpp_stanza_get_from(what)));
    json_text("to", text_of(xmpp_stanza_get_to(what)));
    json_text("id", xmpp_stanza_get_id(what));
    json_text("body", xmpp_message_get_body(what, NULL));
    json_text("carbon", word_of(directions, 3, xmpp_carbon_get_direction(message)));
    json_text("state", word_of(states, 6, xmpp_chat_state_get(what)));
    json_text("receipt", xmpp_receipt_get_id(what));
    json_text("marker", xmpp_marker_get_id(what));
    json_text("corrects", xmpp_correction_get_id(what));
    json_text("stanza_id", own_id(conn, what));
    json_number_or_null("delayed", delayed);
    json_end();
    return 0;
}

/* --- enabling ----------------------------------------------------------------------------------- */

/* In an order in which each finds what it requires. */
static const struct {
    const char *name;
    int (*enable)(xmpp_conn *conn);
} modules[] = {
    {"roster", xmpp_roster_enable},
    {"presence", xmpp_presence_enable},
    {"chat", xmpp_chat_enable},
    {"disco", xmpp_disco_enable},
    {"caps", xmpp_caps_enable},
    {"forms", xmpp_forms_enable},
    {"stanza-ids", xmpp_stanza_ids_enable},
    {"forwarded", xmpp_forwarded_enable},
    {"carbons", xmpp_carbons_enable},
    {"receipts", xmpp_receipts_enable},
    {"chat-states", xmpp_chat_states_enable},
    {"markers", xmpp_markers_enable},
    {"correction", xmpp_correction_enable},
    {"ping", xmpp_ping_enable},
    {"time", xmpp_time_enable},
    {"version", xmpp_version_enable},
    {"last-activity", xmpp_last_activity_enable},
    {"idle", xmpp_idle_enable},
    {"blocking", xmpp_blocking_enable},

    {"commands", xmpp_commands_enable},
    {"register", xmpp_register_enable},
};
enum { N_MODULES = sizeof(modules) / sizeof(modules[0]) };

static int enable(struct console *console, int which)
{
    xmpp_conn *conn = console->conn;
    int result = modules[which].enable(conn);
    if (result < 0)
        return result;
    if (strcmp(modules[which].name, "roster") == 0)
        return xmpp_roster_on_event(conn, on_roster, console, NULL);
    if (strcmp(modules[which].name, "presence") == 0)
        return xmpp_presence_on_resource(conn, on_resource, console, NULL);
    return 0;
}

/* `enable all`, or one or more names */
static int run_enable(struct console *console, char *rest)
{
    int is_all = strcmp(rest, "all") == 0;
    int result = is_all ? 0 : XMPP_E_NOT_FOUND;
    for (int i = 0; is_all && i < N_MODULES && result == 0; i++)
        result = enable(console, i);
    while (!is_all && *rest) {
        const char *name = console_word(&rest);
        result = XMPP_E_NOT_FOUND;
        for (int i = 0; i < N_MODULES && result == XMPP_E_NOT_FOUND; i++) {
            if (strcmp(modules[i].name, name) == 0)
                result = enable(console, i);
        }
        if (result < 0)
            return result;
    }
    if (result == 0 && !console->is_noting) {
        result = xmpp_conn_on_message(console->conn, NULL, on_message, console, NULL);
        console->is_noting = result == 0;
    }
    return result;
}

static int run_disable(struct console *console, char *rest)
{
    return xmpp_conn_disable(console->conn, rest);
}

const struct command console_people_commands[] = {
    {"enable", run_enable,
     "enable all, or NAME...: modules, such as roster, presence, carbons, receipts"},
    {"disable", run_disable, "disable NAME: a module"},
    {"roster", run_roster, "roster: the contacts"},
    {"contact", run_contact, "contact JID [NAME [GROUP...]]: into the roster, or changed"},
    {"forget", run_forget, "forget JID: out of the roster"},
    {"subscription", run_subscription,
     "subscription subscribe|unsubscribe|approve|deny|preapprove JID [TEXT]"},
    {"policy", run_policy, "policy ask|deny-all|approve-known|approve-all: who may see us"},
    {"own", run_own, "own available|chat|away|dnd|xa|unavailable [STATUS]: our presence, kept"},
    {"direct", run_direct, "direct JID [unavailable]: presence to somebody"},
    {"who", run_who, "who: the resources that are there"},
    {"chat", run_chat, "chat JID TEXT: to where the conversation is"},
    {"typing", run_typing, "typing active|composing|paused|inactive|gone JID"},
    {"correct", run_correct, "correct ID JID TEXT: the last message"},
    {"receipts", run_receipts, "receipts on|off: whether we send them"},
    {"carbons", run_carbons, "carbons on|off: copies of what our other clients say and hear"},
    {NULL, NULL, NULL},
};
