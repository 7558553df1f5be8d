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
    xmpp_ask *ask;               /* an open question for the password; NULL: none */
    xmpp_register_form *form;    /* what is being registered; NULL: nothing */
    const xmpp_command *command; /* the stage that waits to be filled in; NULL: none */
    xmpp_stanza *submit;         /* what it is filled in with; NULL: it has no form */
    int is_noting;               /* `noted` events are printed */
    int takes_iqs;               /* iq requests are answered by the script */
    int is_quitting;             /* until the connection is offline */
    int64_t n_lines;             /* of input so far: the number of a command */
    uint64_t n_kept[4];          /* stanzas that no `wait` has taken, by enum xmpp_kind */
    struct {
        enum wait_kind kind;
        int what;      /* the enum xmpp_state or xmpp_kind */
        int64_t until; /* -1: for ever */
        int64_t line;
    } wait;
};

/* A command: a function returns a code, which is printed as its result. */
struct command {
    const char *name; /* the last one of a table has none */
    int (*run)(struct console *console, char *rest);
    const char *help;
};
/* Those of modules. */
extern const struct command console_people_commands[];   /* console_people.c */
extern const struct command console_services_commands[]; /* console_services.c */
extern const struct command console_forms_commands[];    /* console_forms.c */
/* Drops what was to be filled in. */
void console_forget_forms(struct console *console);

/* Cuts the first word off and moves *rest behind it; "" if there is none. */
char *console_word(char **rest);
/* 1 on, 0 off, or XMPP_E_INVAL. */
int console_switch(const char *word);
/* The place of a word in a list that ends with NULL; XMPP_E_INVAL if it is not there. */
int console_index(const char *const *words, const char *word);

/* A request of a command: what is given with console_on_reply() and free(), so that its answer is
 * printed with the number of the command's line. */
int64_t *console_line(const struct console *console);
void console_on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *line);
/* What came of it: frees the line of a registration that failed. Returns `result`. */
int console_asked(int64_t *line, int result);

/* console_events.c: from the connection to standard output. */
int console_register(struct console *console);
void console_print_result(int64_t line, const char *command, int code);
void console_print_reply(int64_t request, int code, const xmpp_stanza *reply);
/* Begins such a line, for an answer that has more to say. */
void console_begin_reply(int64_t request, int code);
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
