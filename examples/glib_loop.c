/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection in a GLib main loop, by the watch face: one GSource that has all descriptors of the
 * connection and, as its ready time, the timer. It logs in, sends a greeting to itself and leaves.
 *
 * What is particular to GLib: the ready time stays when it has passed, so the dispatch function
 * takes it away before it calls process, which may set a new one; and the watch is taken from the
 * connection before the source is destroyed, because forgetting a descriptor needs the source.
 *
 *     XMPP_PASSWORD=… glib_loop [options] JID */
#include <glib-unix.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "account.h"

static const char greeting[] = "Hello from GLib!";

/* --- a connection as a GSource -------------------------------------------------------------- */

typedef struct {
    GSource source;
    xmpp_conn *conn;
} ConnSource;

static gboolean conn_source_dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
    ConnSource *self = (ConnSource *)source;
    (void)callback;
    (void)data;
    gint64 ready = g_source_get_ready_time(source);
    if (ready >= 0 && ready <= g_get_monotonic_time())
        g_source_set_ready_time(source, -1);
    xmpp_conn_process(self->conn);
    return G_SOURCE_CONTINUE;
}

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    GSource *source = userdata;
    (void)conn;
    GIOCondition condition = (events & POLLIN ? G_IO_IN | G_IO_HUP | G_IO_ERR : 0) |
                             (events & POLLOUT ? G_IO_OUT | G_IO_HUP | G_IO_ERR : 0);
    if (events == 0)
        g_source_remove_unix_fd(source, *fd_data);
    else if (was == 0)
        *fd_data = g_source_add_unix_fd(source, fd, condition);
    else
        g_source_modify_unix_fd(source, *fd_data, condition);
    return 0;
}

static int on_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    (void)conn;
    gint64 at = timeout_ms < 0 ? -1 : g_get_monotonic_time() + (gint64)timeout_ms * 1000;
    g_source_set_ready_time(userdata, at);
    return 0;
}

static GSourceFuncs conn_source_funcs = {.dispatch = conn_source_dispatch};

/* Owned; the source holds a reference of the connection until conn_source_remove(). */
static GSource *conn_source_new(xmpp_conn *conn)
{
    GSource *source = g_source_new(&conn_source_funcs, sizeof(ConnSource));
    ((ConnSource *)source)->conn = xmpp_conn_ref(conn);
    g_source_attach(source, NULL);
    if (xmpp_conn_set_watch(conn, on_fd, on_timer, source, NULL) < 0) {
        g_source_destroy(source);
        g_source_unref(source);
        xmpp_conn_unref(conn);
        return NULL;
    }
    return source;
}

/* Legal where set_watch is: not in a notification. */
static void conn_source_remove(GSource *source)
{
    ConnSource *self = (ConnSource *)source;
    xmpp_conn_set_watch(self->conn, NULL, NULL, NULL, NULL);
    self->conn = xmpp_conn_unref(self->conn);
    g_source_destroy(source);
    g_source_unref(source);
}

/* --- what the program does ------------------------------------------------------------------ */

struct session {
    struct account account;
    xmpp_conn *conn;
    GMainLoop *loop;
    int is_greeted;
};

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    struct session *session = userdata;
    if (state == XMPP_STATE_OFFLINE) {
        account_print_error(&session->account, conn);
        g_main_loop_quit(session->loop);
    }
    if (state != XMPP_STATE_ONLINE)
        return;
    account_print_session(stdout, conn);
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    xmpp_stanza_set_to_jid(message, xmpp_conn_get_bound_jid(conn));
    xmpp_message_add_body(message, NULL, greeting);
    int result = xmpp_conn_send(conn, message);
    if (result < 0)
        g_printerr("glib_loop: send: %s\n", xmpp_strerror(result));
    xmpp_stanza_unref(message);
    xmpp_conn_disconnect(conn); /* what still arrives is delivered */
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

static gboolean on_signal(gpointer data)
{
    struct session *session = data;
    xmpp_conn_disconnect(session->conn);
    return G_SOURCE_CONTINUE;
}

static int run(struct session *session)
{
    int result = xmpp_conn_on_state(session->conn, NULL, on_state, session, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(session->conn, NULL, on_message, session, NULL);
    GSource *source = result == 0 ? conn_source_new(session->conn) : NULL;
    if (source)
        result = xmpp_conn_connect(session->conn);
    if (!source || result < 0) {
        account_print_failure(&session->account, session->conn, result < 0 ? result : XMPP_E_NOMEM);
        if (source)
            conn_source_remove(source);
        return EX_CONFIG;
    }
    guint interrupt = g_unix_signal_add(SIGINT, on_signal, session);
    guint terminate = g_unix_signal_add(SIGTERM, on_signal, session);
    g_main_loop_run(session->loop);
    g_source_remove(interrupt);
    g_source_remove(terminate);
    conn_source_remove(source);
    int status = account_exit_status(session->conn);
    return status == EX_OK && !session->is_greeted ? EX_TEMPFAIL : status;
}

int main(int argc, char **argv)
{
    struct session session = {0};
    account_parse(&session.account, argc, argv, "JID", 0, 0);
    session.conn = account_new_conn(&session.account);
    if (!session.conn)
        return EX_CONFIG;
    session.loop = g_main_loop_new(NULL, FALSE);
    int status = run(&session);
    g_main_loop_unref(session.loop);
    xmpp_conn_unref(session.conn);
    return status;
}
