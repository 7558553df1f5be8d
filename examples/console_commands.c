/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands of xmpp_console: a table, and one function each. A function returns a code, which
 * is printed as the command's result. */
#include "console.h"
#include "deadlines.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

/* Cuts the first word off and moves *rest behind it; "" if there is none. */
static char *next_word(char **rest)
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

/* 1 on, 0 off, or XMPP_E_INVAL. */
static int parse_switch(const char *word)
{
    return strcmp(word, "on") == 0 ? 1 : strcmp(word, "off") == 0 ? 0 : XMPP_E_INVAL;
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

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    console_print_reply(*(int64_t *)userdata, error, reply);
}

static int run_request(struct console *console, char *rest)
{
    int timeout_ms = 0;
    if (rest[0] >= '0' && rest[0] <= '9' && (timeout_ms = parse_ms(next_word(&rest))) < 0)
        return XMPP_E_INVAL;
    int64_t *line = malloc(sizeof(*line));
    xmpp_stanza *iq = NULL;
    int result = line ? xmpp_stanza_parse(&iq, rest, strlen(rest)) : XMPP_E_NOMEM;
    if (result == 0) {
        *line = console->n_lines;
        result = xmpp_conn_request(console->conn, NULL, iq, timeout_ms, on_reply, line, free);
    }
    if (result < 0)
        free(line); /* a registration that fails destroys nothing */
    xmpp_stanza_unref(iq);
    return result;
}

static int run_message(struct console *console, char *rest)
{
    const char *to = next_word(&rest);
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
    const char *show = next_word(&rest);
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
    int on = parse_switch(rest);
    if (on >= 0)
        console->takes_iqs = on;
    return on < 0 ? on : 0;
}

static int run_receiving(struct console *console, char *rest)
{
    int on = parse_switch(rest);
    return on < 0 ? on : xmpp_conn_set_receiving(console->conn, on);
}

static int run_wait(struct console *console, char *rest)
{
    static const char *const kinds[] = {"other", "message", "presence", "iq"};
    const char *what = next_word(&rest);
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

static const struct command {
    const char *name;
    int (*run)(struct console *console, char *rest);
    const char *help;
} commands[] = {
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
};
enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int run_help(struct console *console, char *rest)
{
    (void)console;
    (void)rest;
    json_begin("help");
    json_list_begin("commands");
    for (int i = 0; i < N_COMMANDS; i++)
        json_list_add(commands[i].help);
    json_list_end();
    json_end();
    return 0;
}

void console_run(struct console *console, char *line)
{
    console->n_lines++;
    char *rest = line;
    const char *name = next_word(&rest);
    if (*name == '\0' || *name == '#')
        return;
    for (int i = 0; i < N_COMMANDS; i++) {
        if (strcmp(name, commands[i].name) != 0)
            continue;
        int result = commands[i].run(console, rest);
        if (console->wait.kind == WAIT_NOT) /* else the result comes when the wait is over */
            console_print_result(console->n_lines, name, result);
        return;
    }
    console_print_result(console->n_lines, name, XMPP_E_NOT_FOUND);
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
