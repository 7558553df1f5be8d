/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an administrator runs when a client cannot connect: which servers of a domain would be tried,
 * in which order and when, and why; with --connect, what happens when they are. No account is
 * needed, and no password is sent.
 *
 *     xmpp_resolve [--nameserver ADDRESS:PORT] [--json] [--connect] DOMAIN
 *
 * Exits 0 when there is something to try (with --connect: when a stream was opened), 1 otherwise. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmpp/xmpp.h>

#include "account.h"
#include "resolve_report.h"

struct wishes {
    int is_json;
    int is_connect;
};

/* Takes our own options out of the arguments; the others are account.h's. */
static int take_wishes(struct wishes *wishes, int argc, char **argv)
{
    int n = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            wishes->is_json = 1;
        else if (strcmp(argv[i], "--connect") == 0)
            wishes->is_connect = 1;
        else
            argv[n++] = argv[i];
    }
    argv[n] = NULL;
    return n;
}

static void run(xmpp_conn *conn)
{
    while (xmpp_conn_get_state(conn) != XMPP_STATE_OFFLINE) {
        struct pollfd fds[XMPP_POLLFDS_MAX];
        int n = xmpp_conn_get_pollfds(conn, fds, XMPP_POLLFDS_MAX);
        poll(fds, (nfds_t)n, xmpp_conn_get_timeout(conn));
        xmpp_conn_process(conn);
    }
}

int main(int argc, char **argv)
{
    struct wishes wishes = {0};
    struct account account;
    argc = take_wishes(&wishes, argc, argv);
    account_parse_options(&account, argc, argv, "[--json] [--connect] DOMAIN", 1, 1);
    account.jid = argv[argc - 1];
    xmpp_conn *conn = account_new_conn(&account);
    if (!conn)
        return EXIT_FAILURE;

    int result = xmpp_conn_probe(conn, wishes.is_connect ? XMPP_PROBE_STREAM : XMPP_PROBE_NAMES);
    if (result == 0)
        run(conn);
    if (wishes.is_json)
        resolve_print_json(conn, account.jid);
    else
        resolve_print(conn, account.jid, account.proxy_kind != XMPP_PROXY_NONE);
    int is_ok = resolve_is_ok(conn);
    xmpp_conn_unref(conn);
    return is_ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
