/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of xmpp_console share: its state, its events, its commands. */
#ifndef EXAMPLES_CONSOLE_H
#define EXAMPLES_CONSOLE_H

#include <stdint.h>
#include <xmpp/xmpp.h>

#include "account.h"

/* What the command `wait` waits for, which holds back the commands behind it. */
enum wait_kind {
    WAIT_NOT = 0,
    WAIT_STATE, /* until the connection is in a state */
    WAIT_KIND,  /* until a stanza of a kind arrived that no `wait` has taken */
    WAIT_REPLY, /* until no request is open */
    WAIT_TIME   /* until the time has passed */
};

struct console {
    struct account account;
    xmpp_conn *conn;
    xmpp_ask *ask;      /* an open question for the password; NULL: none */
    int takes_iqs;      /* iq requests are answered by the script */
    int is_quitting;    /* until the connection is offline */
    int64_t n_lines;    /* of input so far: the number of a command */
    uint64_t n_kept[4]; /* stanzas that no `wait` has taken, by enum xmpp_kind */
    struct {
        enum wait_kind kind;
        int what;      /* the enum xmpp_state or xmpp_kind */
        int64_t until; /* -1: for ever */
        int64_t line;
    } wait;
};

/* console_events.c: from the connection to standard output. */
int console_register(struct console *console);
void console_print_result(int64_t line, const char *command, int code);
void console_print_reply(int64_t request, int code, const xmpp_stanza *reply);
void console_print_error(const xmpp_conn *conn);
void console_print_facts(const xmpp_conn *conn);
void console_print_stats(const xmpp_conn *conn);
void console_print_features(const xmpp_conn *conn);
/* An enum xmpp_state as a word, and back; NULL and -1 if unknown. */
const char *console_state_name(int state);
int console_state_by_name(const char *name);

/* console_commands.c: from standard input to the connection. Runs one line, which is changed. */
void console_run(struct console *console, char *line);
/* Ends a `wait` that is over. How long the loop may sleep for it: 0 if it has just ended, -1 if only
 * an event can end it, or there is none. */
int console_check_wait(struct console *console);

#endif
