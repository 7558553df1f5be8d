/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bot that answers each chat message with its own body, on a plain poll() loop. It stays: when
 * the connection ends by something that passes, the library connects again. SIGINT and
 * SIGTERM make it say good-bye and end.
 *
 * What it does not do: answer errors, groups or itself, which is how two bots keep each other busy
 * for ever; and it lets nobody subscribe to its presence.
 *
 *     XMPP_PASSWORD=… echo_bot [options] JID */
#include <poll.h>
#include <sysexits.h>
#include <unistd.h>

#include "account.h"
#include "stop.h"
#include "text.h"

struct bot {
    struct account account;
    int is_stopping;
};

static void send_presence(xmpp_conn *conn)
{
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    int result = xmpp_conn_send(conn, presence);
    if (result < 0)
        fprintf(stderr, "echo_bot: presence: %s\n", xmpp_strerror(result));
    xmpp_stanza_unref(presence);
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct bot *bot = userdata;
    if (state == XMPP_STATE_ONLINE) {
        account_print_session(stdout, conn);
        send_presence(conn); /* without it no message to the bare JID comes here */
    } else if (state == XMPP_STATE_OFFLINE || state == XMPP_STATE_WAITING) {
        account_print_error(&bot->account, conn);
    }
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    (void)userdata;
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    const char *body = xmpp_message_get_body(message, NULL);
    if (xmpp_message_get_type(message) != XMPP_MESSAGE_CHAT || !body || !from)
        return 0;
    if (xmpp_jid_equal_bare(from, xmpp_conn_get_bound_jid(conn)))
        return 0;
    text_print(stdout, xmpp_jid_get_text(from));
    fputs(": ", stdout);
    text_print(stdout, body);
    fputc('\n', stdout);
    fflush(stdout);

    xmpp_stanza *answer = xmpp_message_reply(message);
    xmpp_message_add_body(answer, NULL, body);
    int result = xmpp_conn_send(conn, answer); /* a full queue loses this answer, not the bot */
    if (result < 0)
        fprintf(stderr, "echo_bot: answer: %s\n", xmpp_strerror(result));
    xmpp_stanza_unref(answer);
    return 1;
}

static void run(struct bot *bot, xmpp_conn *conn, int stop_fd)
{
    while (xmpp_conn_get_state(conn) != XMPP_STATE_OFFLINE) {
        struct pollfd fds[1 + XMPP_POLLFDS_MAX] = {{.fd = stop_fd, .events = POLLIN}};
        int n = xmpp_conn_get_pollfds(conn, fds + 1, XMPP_POLLFDS_MAX);
        /* an EINTR is a call of process too many: harmless */
        poll(fds, (nfds_t)(1 + n), xmpp_conn_get_timeout(conn));
        if (fds[0].revents) {
            char byte;
            ssize_t ignored = read(stop_fd, &byte, 1);
            (void)ignored;
            bot->is_stopping = 1;
            xmpp_conn_disconnect(conn);
        }
        xmpp_conn_process(conn);
    }
}

int main(int argc, char **argv)
{
    struct bot bot = {.is_stopping = 0};
    account_parse(&bot.account, argc, argv, "JID", 0, 0);
    xmpp_conn *conn = account_new_conn(&bot.account); /* may read a password: signals still end */
    int stop_fd = stop_init();
    if (!conn || stop_fd < 0)
        return EX_CONFIG;
    int result = xmpp_conn_set_reconnect(conn, 1);
    if (result == 0)
        result = xmpp_conn_on_state(conn, NULL, on_state, &bot, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(conn, NULL, on_message, &bot, NULL);
    if (result == 0)
        result = xmpp_conn_connect(conn);
    if (result < 0) {
        account_print_failure(&bot.account, conn, result);
        xmpp_conn_unref(conn);
        return EX_CONFIG;
    }
    run(&bot, conn, stop_fd);
    int status = bot.is_stopping ? EX_OK : account_exit_status(conn);
    xmpp_conn_unref(conn);
    return status;
}
