/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands of xmpp_console: a table, and one function each; those of modules are in
 * console_people.c, console_services.c and console_forms.c. */
#include "console.h"
#include "deadlines.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

char *console_word(char **rest)
{
    char *word = *rest + strspn(*rest, " ");
    char *end = word + strcspn(word, " ");
    *rest = end + strspn(end, " ");
    *end = '\0';
    return word;
}

/* Milliseconds; -1 if the word is not a number. */
static int parse_ms(const char *word)
{
    char *end;
    long value = strtol(word, &end, 10);
    return word[0] >= '0' && word[0] <= '9' && *end == '\0' && value <= 86400000 ? (int)value : -1;
}

int console_switch(const char *word)
{
    return strcmp(word, "on") == 0 ? 1 : strcmp(word, "off") == 0 ? 0 : XMPP_E_INVAL;
}

int console_index(const char *const *words, const char *word)
{
    int i = 0;
    while (words[i] && strcmp(words[i], word) != 0)
        i++;
    return words[i] ? i : XMPP_E_INVAL;
}

int64_t *console_line(const struct console *console)
{
    int64_t *line = malloc(sizeof(*line));
    if (line)
        *line = console->n_lines;
    return line;
}

int console_asked(int64_t *line, int result)
{
    if (result < 0)
        free(line); /* a registration that fails destroys nothing */
    return result;
}

void console_on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *line)
{
    (void)conn;
    console_print_reply(*(int64_t *)line, error, reply);
}

static int run_connect(struct console *console, char *rest)
{
    (void)rest;
    return xmpp_conn_connect(console->conn);
}

static int run_disconnect(struct console *console, char *rest)
{
    (void)rest;
    return xmpp_conn_disconnect(console->conn);
}

static int run_quit(struct console *console, char *rest)
{
    console->is_quitting = 1;
    return run_disconnect(console, rest);
}

static int run_send(struct console *console, char *rest)
{
    return xmpp_conn_send_text(console->conn, rest, strlen(rest));
}

static int run_request(struct console *console, char *rest)
{
    int timeout_ms = 0;
    if (rest[0] >= '0' && rest[0] <= '9' && (timeout_ms = parse_ms(console_word(&rest))) < 0)
        return XMPP_E_INVAL;
    int64_t *line = console_line(console);
    xmpp_stanza *iq = NULL;
    int result = line ? xmpp_stanza_parse(&iq, rest, strlen(rest)) : XMPP_E_NOMEM;
    if (result == 0)
        result =
            xmpp_conn_request(console->conn, NULL, iq, timeout_ms, console_on_reply, line, free);
    xmpp_stanza_unref(iq);
    return console_asked(line, result);
}

static int run_message(struct console *console, char *rest)
{
    const char *to = console_word(&rest);
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, to);
    xmpp_message_add_body(message, NULL, rest);
    int result = xmpp_conn_send(console->conn, message);
    xmpp_stanza_unref(message);
    return result;
}

static int run_presence(struct console *console, char *rest)
{
    /* in the order of enum xmpp_show */
    static const char *const shows[] = {"available", "chat", "away", "dnd", "xa", "unavailable"};
    const char *show = console_word(&rest);
    int which = 0;
    while (*show && which < 6 && strcmp(show, shows[which]) != 0)
        which++;
    if (which == 6)
        return XMPP_E_INVAL;
    xmpp_stanza *presence =
        xmpp_presence_new(which == 5 ? XMPP_PRESENCE_UNAVAILABLE : XMPP_PRESENCE_AVAILABLE, NULL);
    if (which < 5)
        xmpp_presence_set_show(presence, which);
    if (*rest)
        xmpp_presence_set_status(presence, NULL, rest);
    int result = xmpp_conn_send(console->conn, presence);
    xmpp_stanza_unref(presence);
    return result;
}

static int run_password(struct console *console, char *rest)
{
    int result = console->ask ? xmpp_ask_answer_password(console->ask, rest)
                              : xmpp_conn_set_password(console->conn, rest);
    console->ask = xmpp_ask_unref(console->ask);
    explicit_bzero(rest, strlen(rest));
    return result;
}

static int run_iqs(struct console *console, char *rest)
{
    int on = console_switch(rest);
    if (on >= 0)
        console->takes_iqs = on;
    return on < 0 ? on : 0;
}

static int run_receiving(struct console *console, char *rest)
{
    int on = console_switch(rest);
    return on < 0 ? on : xmpp_conn_set_receiving(console->conn, on);
}

static int run_wait(struct console *console, char *rest)
{
    static const char *const kinds[] = {"other", "message", "presence", "iq"};
    const char *what = console_word(&rest);
    int ms = parse_ms(what);
    console->wait.kind = WAIT_STATE;
    console->wait.what = console_state_by_name(what);
    if (ms >= 0)
        console->wait.kind = WAIT_TIME;
    else if (strcmp(what, "reply") == 0)
        console->wait.kind = WAIT_REPLY;
    for (int i = 1; i < 4; i++) {
        if (strcmp(what, kinds[i]) == 0) {
            console->wait.kind = WAIT_KIND;
            console->wait.what = i;
        }
    }
    if (ms < 0 && *rest && (ms = parse_ms(rest)) < 0)
        console->wait.kind = WAIT_NOT;
    if (console->wait.kind == WAIT_STATE && console->wait.what < 0)
        console->wait.kind = WAIT_NOT;
    console->wait.until = ms < 0 ? -1 : deadlines_now() + ms;
    console->wait.line = console->n_lines;
    return console->wait.kind == WAIT_NOT ? XMPP_E_INVAL : 0;
}

static int run_facts(struct console *console, char *rest)
{
    (void)rest;
    console_print_facts(console->conn);
    return 0;
}

static int run_stats(struct console *console, char *rest)
{
    (void)rest;
    console_print_stats(console->conn);
    return 0;
}

static int run_error(struct console *console, char *rest)
{
    (void)rest;
    console_print_error(console->conn);
    return 0;
}

static int run_features(struct console *console, char *rest)
{
    (void)rest;
    console_print_features(console->conn);
    return 0;
}

static int run_help(struct console *console, char *rest);

static const struct command commands[] = {
    {"connect", run_connect, "connect: log in"},
    {"disconnect", run_disconnect, "disconnect: log out in order"},
    {"send", run_send, "send XML: one stanza as it is"},
    {"request", run_request, "request [MS] XML: an iq; its answer is the event `reply`"},
    {"message", run_message, "message JID TEXT: a chat message"},
    {"presence", run_presence, "presence [available|chat|away|dnd|xa|unavailable [STATUS]]"},
    {"password", run_password, "password TEXT: answers the event `ask`, or sets it"},
    {"iqs", run_iqs, "iqs on|off: on: iq requests are answered by `send`, not by the library"},
    {"receiving", run_receiving, "receiving on|off: off holds the server back"},
    {"wait", run_wait, "wait STATE|message|presence|iq|reply [MS], or wait MS"},
    {"facts", run_facts, "facts: what was negotiated"},
    {"stats", run_stats, "stats: counters"},
    {"error", run_error, "error: what ended the last session"},
    {"features", run_features, "features: the server's stream features"},
    {"help", run_help, "help: this list"},
    {"quit", run_quit, "quit: log out and end, as the end of input does"},
    {NULL, NULL, NULL},
};

static const struct command *const tables[] = {commands, console_people_commands,
                                               console_services_commands, console_forms_commands};
enum { N_TABLES = sizeof(tables) / sizeof(tables[0]) };

static int run_help(struct console *console, char *rest)
{
    (void)console;
    (void)rest;
    json_begin("help");
    json_list_begin("commands");
    for (int i = 0; i < N_TABLES; i++) {
        for (const struct command *command = tables[i]; command->name; command++)
            json_list_add(command->help);
    }
    json_list_end();
    json_end();
    return 0;
}

static const struct command *find_command(const char *name)
{
    for (int i = 0; i < N_TABLES; i++) {
        for (const struct command *command = tables[i]; command->name; command++) {
            if (strcmp(name, command->name) == 0)
                return command;
        }
    }
    return NULL;
}

void console_run(struct console *console, char *line)
{
    console->n_lines++;
    char *rest = line;
    const char *name = console_word(&rest);
    if (*name == '\0' || *name == '#')
        return;
    const struct command *command = find_command(name);
    int result = command ? command->run(console, rest) : XMPP_E_NOT_FOUND;
    if (console->wait.kind == WAIT_NOT) /* else the result comes when the wait is over */
        console_print_result(console->n_lines, name, result);
}

/* 1: what was waited for is there; 0: not yet; negative: it will not come. */
static int is_there(struct console *console)
{
    int state = xmpp_conn_get_state(console->conn);
    switch (console->wait.kind) {
    case WAIT_STATE:
        if (state == console->wait.what)
            return 1;
        break;
    case WAIT_KIND:
        if (console->n_kept[console->wait.what] > 0) {
            console->n_kept[console->wait.what]--;
            return 1;
        }
        break;
    case WAIT_REPLY:
        return xmpp_conn_get_stat(console->conn, XMPP_STAT_REQUESTS) == 0;
    default:
        return 0;
    }
    return state == XMPP_STATE_OFFLINE ? XMPP_E_OFFLINE : 0;
}

int console_check_wait(struct console *console)
{
    if (console->wait.kind == WAIT_NOT)
        return -1;
    int64_t left = console->wait.until < 0 ? 1 : console->wait.until - deadlines_now();
    int there = is_there(console);
    if (there == 0 && left > 0)
        return console->wait.until < 0 ? -1 : (int)left;
    int code = there != 0 ? there : console->wait.kind == WAIT_TIME ? 0 : XMPP_E_TIMEOUT;
    console->wait.kind = WAIT_NOT;
    console_print_result(console->wait.line, "wait", code > 0 ? 0 : code);
    return 0;
}
