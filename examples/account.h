/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One account on the command line, as most of the examples have it: which options there are, where
 * the password comes from, what a connection is given, and how its end is told.
 *
 * A password never stands on the command line, where every user of the machine can read it. It
 * comes from a file (--password-file), from the first line of standard input (--password-file -)
 * or from the environment (XMPP_PASSWORD). */
#ifndef EXAMPLES_ACCOUNT_H
#define EXAMPLES_ACCOUNT_H

#include <stdint.h>
#include <stdio.h>
#include <xmpp/xmpp.h>

struct account {
    const char *program; /* for messages */
    const char *jid;
    char host[256]; /* empty: where the JID's domain says */
    uint16_t port;
    const char *ca_file; /* NULL: the system's trust store */
    const char *hosts_file;
    char nameserver[64]; /* empty: those of resolv.conf */
    uint16_t nameserver_port;
    char proxy[256]; /* empty: none */
    uint16_t proxy_port;
    int proxy_kind;
    int is_direct_tls;
    const char *password_file;
    const char *cert_file, *key_file;
    int channel_binding;
    int allow_plain;
    int is_anonymous;
    int is_verbose;
};

/* Reads the options and the JID behind them; returns the index of the first argument behind the
 * JID. `arguments` says what the program wants there, for the usage line; with fewer than `min` or
 * more than `max` of them, or a bad option, it prints the usage and exits with EX_USAGE. */
int account_parse(struct account *account, int argc, char **argv, const char *arguments, int min,
                  int max);
/* As account_parse(), for a program whose arguments do not begin with a JID. */
int account_parse_options(struct account *account, int argc, char **argv, const char *arguments,
                          int min, int max);

/* The trust store that --ca names, to be shared by all connections. 0: *ret_trust may still be
 * NULL, which means the system's; else what went wrong was told. */
int account_load_trust(const struct account *account, xmpp_trust **ret_trust);
/* Gives a connection all that the options say but the JID and the password. 0, or a code that was
 * told. */
int account_apply(const struct account *account, xmpp_conn *conn, xmpp_trust *trust);
/* A connection with everything set, the password too if one was found anywhere. NULL: told. */
xmpp_conn *account_new_conn(const struct account *account);

/* Prints who we are and what was negotiated, on one line. */
void account_print_session(FILE *out, const xmpp_conn *conn);
/* Prints why the connection ended, if it was an error. */
void account_print_error(const struct account *account, const xmpp_conn *conn);
/* Prints what a call returned that should have begun the session; of connect, its report. */
void account_print_failure(const struct account *account, const xmpp_conn *conn, int result);
/* The exit status that fits how the connection ended: 0 in order, EX_TEMPFAIL for "try again
 * later", EX_NOPERM for a refused password, EX_CONFIG for settings, EX_UNAVAILABLE for the rest
 * (sysexits.h). */
int account_exit_status(const xmpp_conn *conn);

#endif
