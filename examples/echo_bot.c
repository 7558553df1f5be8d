/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bot that answers each chat message with its own body, on a plain poll() loop. It stays: when
 * the connection ends by something that passes, it connects again, later each time. SIGINT and
 * SIGTERM make it say good-bye and end.
 *
 * What it does not do: answer errors, groups or itself, which is how two bots keep each other busy
 * for ever; and it lets nobody subscribe to its presence.
 *
 *     XMPP_PASSWORD=… echo_bot [options] JID */
#include <poll.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "account.h"
#include "stop.h"
#include "text.h"

enum { WAIT_FIRST_MS = 2000, WAIT_MAX_MS = 300000 };

struct bot {
    struct account account;
    int is_stopping;
    int wait_ms;      /* how long to wait after the next failure */
    int64_t retry_at; /* when to connect again; -1: not waiting */
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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
        bot->wait_ms = WAIT_FIRST_MS;
        send_presence(conn); /* without it no message to the bare JID comes here */
    } else if (state == XMPP_STATE_OFFLINE) {
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

/* After the connection ended: 1 to go on, having planned when to connect again; 0 to end. */
static int plan_retry(struct bot *bot, const xmpp_conn *conn)
{
    int advice = xmpp_error_get_advice(xmpp_conn_get_error(conn));
    if (bot->is_stopping || advice != XMPP_ADVICE_RETRY)
        return 0;
    /* A little chance keeps a thousand bots from coming back in the same moment. */
    bot->retry_at = now_ms() + bot->wait_ms / 2 + rand() % bot->wait_ms;
    bot->wait_ms = bot->wait_ms < WAIT_MAX_MS / 2 ? bot->wait_ms * 2 : WAIT_MAX_MS;
    return 1;
}

/* Connects when the time has come. How long poll() may wait for that: -1: no reason to. */
static int retry(struct bot *bot, xmpp_conn *conn)
{
    int64_t left = bot->retry_at - now_ms();
    if (left > 0)
        return (int)left;
    bot->retry_at = -1;
    int result = xmpp_conn_connect(conn);
    if (result < 0) {
        account_print_failure(&bot->account, conn, result);
        bot->retry_at = now_ms() + bot->wait_ms;
        return bot->wait_ms;
    }
    return -1;
}

static void run(struct bot *bot, xmpp_conn *conn, int stop_fd)
{
    for (;;) {
        if (bot->retry_at < 0 && xmpp_conn_get_state(conn) == XMPP_STATE_OFFLINE &&
            !plan_retry(bot, conn))
            return;
        int wait = bot->retry_at < 0 ? -1 : retry(bot, conn);
        struct pollfd fds[1 + XMPP_POLLFDS_MAX] = {{.fd = stop_fd, .events = POLLIN}};
        int n = xmpp_conn_get_pollfds(conn, fds + 1, XMPP_POLLFDS_MAX);
        int timeout = xmpp_conn_get_timeout(conn);
        if (timeout < 0 || (wait >= 0 && wait < timeout))
            timeout = wait;
        poll(fds, (nfds_t)(1 + n), timeout); /* an EINTR is a call of process too many: harmless */
        if (fds[0].revents) {
            char byte;
            ssize_t ignored = read(stop_fd, &byte, 1);
            (void)ignored;
            bot->is_stopping = 1;
            xmpp_conn_disconnect(conn);
            if (bot->retry_at >= 0)
                return;
        }
        xmpp_conn_process(conn);
    }
}

int main(int argc, char **argv)
{
    struct bot bot = {.wait_ms = WAIT_FIRST_MS, .retry_at = -1};
    account_parse(&bot.account, argc, argv, "JID", 0, 0);
    xmpp_conn *conn = account_new_conn(&bot.account); /* may read a password: signals still end */
    int stop_fd = stop_init();
    if (!conn || stop_fd < 0)
        return EX_CONFIG;
    srand((unsigned)now_ms());
    int result = xmpp_conn_on_state(conn, NULL, on_state, &bot, NULL);
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
