/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection in a libuv loop, by the watch face: one uv_poll_t for each descriptor that is told,
 * one uv_timer_t. It logs in, sends a greeting to itself and leaves.
 *
 * What is particular to libuv:
 *  - uv_close() stops at once but gives the memory back later, in its callback: a handle is freed
 *    there and nowhere else, and the loop has to run until then;
 *  - libuv stops a uv_poll_t by itself when it reports an error; if the connection still wants the
 *    descriptor, it is started again;
 *  - handlers may end the connection, so nothing of it is touched behind process but by way of
 *    struct session, which outlives it.
 *
 *     XMPP_PASSWORD=… libuv_loop [options] JID */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <uv.h>

#include "account.h"

static const char greeting[] = "Hello from libuv!";

struct session {
    struct account account;
    xmpp_conn *conn;
    uv_loop_t *loop;
    uv_timer_t timer;
    uv_signal_t signals[2];
    int is_greeted;
    int status;
};

/* One descriptor that the connection told of. */
struct watch {
    uv_poll_t poll;
    int events; /* UV_READABLE, UV_WRITABLE */
    struct session *session;
};

/* --- the watch face ------------------------------------------------------------------------- */

static void process(struct session *session)
{
    if (session->conn)
        xmpp_conn_process(session->conn);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *watch = poll->data;
    (void)events; /* process needs none */
    process(watch->session);
    if (status < 0 && !uv_is_closing((uv_handle_t *)poll))
        uv_poll_start(poll, watch->events, on_ready);
}

static void on_watch_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    (void)conn;
    struct watch *watch = *fd_data;
    if (events == 0) {
        uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
        return 0;
    }
    struct session *session = userdata;
    if (was == 0) {
        watch = calloc(1, sizeof(*watch));
        if (!watch || uv_poll_init(session->loop, &watch->poll, fd) < 0) {
            free(watch);
            return -1;
        }
        watch->session = session;
        watch->poll.data = watch;
        *fd_data = watch;
    }
    watch->events = (events & POLLIN ? UV_READABLE : 0) | (events & POLLOUT ? UV_WRITABLE : 0);
    return uv_poll_start(&watch->poll, watch->events, on_ready);
}

static void on_timeout(uv_timer_t *timer)
{
    process(timer->data);
}

static int on_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    (void)conn;
    struct session *session = userdata;
    if (timeout_ms < 0)
        return uv_timer_stop(&session->timer);
    uv_update_time(session->loop); /* libuv's clock stands still while callbacks run */
    return uv_timer_start(&session->timer, on_timeout, (uint64_t)timeout_ms, 0);
}

/* --- what the program does ------------------------------------------------------------------ */

static void greet(xmpp_conn *conn)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    xmpp_stanza_set_to_jid(message, xmpp_conn_get_bound_jid(conn));
    xmpp_message_add_body(message, NULL, greeting);
    int result = xmpp_conn_send(conn, message);
    if (result < 0)
        fprintf(stderr, "libuv_loop: send: %s\n", xmpp_strerror(result));
    xmpp_stanza_unref(message);
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct session *session = userdata;
    if (state == XMPP_STATE_ONLINE) {
        account_print_session(stdout, conn);
        greet(conn);
        xmpp_conn_disconnect(conn); /* what still arrives is delivered */
    } else if (state == XMPP_STATE_OFFLINE) {
        account_print_error(&session->account, conn);
        session->status = account_exit_status(conn);
        session->conn = xmpp_conn_unref(conn); /* legal in a handler; the watch is told */
        uv_close((uv_handle_t *)&session->timer, NULL);
        uv_close((uv_handle_t *)&session->signals[0], NULL);
        uv_close((uv_handle_t *)&session->signals[1], NULL); /* nothing left: the loop ends */
    }
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    struct session *session = userdata;
    const char *body = xmpp_message_get_body(message, NULL);
    if (!body || strcmp(body, greeting) != 0 ||
        !xmpp_jid_equal(xmpp_stanza_get_from(message), xmpp_conn_get_bound_jid(conn)))
        return 0;
    session->is_greeted = 1;
    puts(greeting);
    return 1;
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct session *session = signal->data;
    (void)number;
    xmpp_conn_disconnect(session->conn);
}

static int start(struct session *session)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    session->loop = uv_default_loop();
    uv_timer_init(session->loop, &session->timer);
    session->timer.data = session;
    for (int i = 0; i < 2; i++) {
        uv_signal_init(session->loop, &session->signals[i]);
        session->signals[i].data = session;
        uv_signal_start_oneshot(&session->signals[i], on_signal, numbers[i]);
    }
    int result = xmpp_conn_on_state(session->conn, NULL, on_state, session, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(session->conn, NULL, on_message, session, NULL);
    if (result == 0)
        result = xmpp_conn_set_watch(session->conn, on_fd, on_timer, session, NULL);
    if (result == 0)
        result = xmpp_conn_connect(session->conn);
    if (result < 0)
        account_print_failure(&session->account, session->conn, result);
    return result;
}

int main(int argc, char **argv)
{
    struct session session = {0};
    account_parse(&session.account, argc, argv, "JID", 0, 0);
    session.conn = account_new_conn(&session.account);
    if (!session.conn)
        return EX_CONFIG;
    if (start(&session) < 0) {
        xmpp_conn_unref(session.conn);
        return EX_CONFIG;
    }
    uv_run(session.loop, UV_RUN_DEFAULT);
    uv_loop_close(session.loop);
    if (session.status == EX_OK && !session.is_greeted)
        session.status = EX_TEMPFAIL;
    return session.status;
}
