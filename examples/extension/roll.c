/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rolls dice, with an extension of its own (dice.c). It logs in, lets somebody roll, who may be
 * itself, boasts of it to itself, and leaves.
 *
 *     XMPP_PASSWORD=… roll HOST PORT CA-FILE JID [OTHER-FULL-JID] */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "dice.h"

struct game {
    const char *other; /* NULL: ourselves */
    int status;
};

static void rolled(xmpp_conn *conn, int error, int number, void *userdata)
{
    struct game *game = userdata;
    if (error < 0) {
        fprintf(stderr, "roll: %s\n", xmpp_strerror(error));
        xmpp_conn_disconnect(conn);
        return;
    }
    printf("rolled %s\n", number >= 1 && number <= 6 ? "a number from 1 to 6" : "nonsense");
    game->status = EXIT_SUCCESS;
    xmpp_stanza *boast = xmpp_message_new(XMPP_MESSAGE_NORMAL, NULL);
    xmpp_stanza_set_to_jid(boast, xmpp_conn_get_bound_jid(conn));
    dice_add_boast(boast, 6, number);
    if (xmpp_conn_send(conn, boast) < 0)
        xmpp_conn_disconnect(conn);
    xmpp_stanza_unref(boast);
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    (void)userdata;
    if (dice_get_boast(message) > 0) {
        printf("heard the boast, rolled %d time(s) for others\n", dice_get_n_rolled(conn));
        xmpp_conn_disconnect(conn);
    }
    return 1;
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct game *game = userdata;
    if (state == XMPP_STATE_ONLINE) {
        const char *self = xmpp_jid_get_text(xmpp_conn_get_bound_jid(conn));
        if (dice_roll(conn, NULL, game->other ? game->other : self, 6, rolled, game, NULL) < 0)
            xmpp_conn_disconnect(conn);
    } else if (state == XMPP_STATE_OFFLINE &&
               xmpp_error_get_code(xmpp_conn_get_error(conn)) != XMPP_OK) {
        fprintf(stderr, "roll: %s\n", xmpp_error_get_message(xmpp_conn_get_error(conn)));
        game->status = EXIT_FAILURE;
    }
}

static void must(int result, const char *what)
{
    if (result < 0) {
        fprintf(stderr, "roll: %s: %s\n", what, xmpp_strerror(result));
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: roll HOST PORT CA-FILE JID [OTHER-FULL-JID]\n");
        return EXIT_FAILURE;
    }
    struct game game = {argc > 5 ? argv[5] : NULL, EXIT_FAILURE};
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_trust *trust = xmpp_trust_new();
    must(xmpp_trust_add_ca_file(trust, argv[3]), "authority");
    must(xmpp_conn_set_trust(conn, trust), "trust");
    must(xmpp_conn_set_server(conn, argv[1], (uint16_t)atoi(argv[2])), "server");
    must(xmpp_conn_set_jid(conn, argv[4]), "JID");
    must(xmpp_conn_set_password(conn, getenv("XMPP_PASSWORD")), "password");
    must(dice_enable(conn), "dice");
    must(dice_enable(conn), "dice"); /* harmless */
    must(dice_set_rolling(conn, 1), "rolling");
    must(xmpp_conn_on_state(conn, NULL, on_state, &game, NULL), "states");
    must(xmpp_conn_on_message(conn, NULL, on_message, &game, NULL), "messages");
    must(xmpp_conn_connect(conn), "connect");
    while (xmpp_conn_get_state(conn) != XMPP_STATE_OFFLINE) {
        struct pollfd fds[XMPP_POLLFDS_MAX];
        int n = xmpp_conn_get_pollfds(conn, fds, XMPP_POLLFDS_MAX);
        poll(fds, (nfds_t)n, xmpp_conn_get_timeout(conn));
        xmpp_conn_process(conn);
    }
    xmpp_conn_unref(conn);
    xmpp_trust_unref(trust);
    return game.status;
}
