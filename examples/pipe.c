/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A transport of the program's own: it opens the socket and moves every byte itself, and the library
 * never sees a descriptor. What here is a socket can be a serial line, a tunnel, a page's WebSocket.
 * TLS is still the library's, in the bytes. It greets itself and leaves.
 *
 *     XMPP_PASSWORD=… pipe [options] --server ADDRESS[:PORT] JID [direct]
 *
 * "direct": at that port TLS begins with the first byte (XEP-0368). The address is numeric: to look
 * for the server would be the program's as well. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "account.h"
#include "text.h"

enum { DEFAULT_PORT = 5222, PIECE = 16384 };

static const char greeting[] = "Hello through a pipe!";

/* Our end of the transport. */
struct pipe {
    int fd;
    int has_output; /* the library has something to send */
    int is_greeted;
};

/* A notification: the bytes are fetched when the call that told it has returned. */
static void on_output(xmpp_conn *conn, void *userdata)
{
    struct pipe *pipe = userdata;
    (void)conn;
    pipe->has_output = 1;
}

/* --- moving bytes ------------------------------------------------------------------------------- */

/* What the socket has goes in. One piece for each call of process: so never more waits inside than
 * the library takes. */
static int receive(struct pipe *pipe, xmpp_conn *conn)
{
    char bytes[PIECE];
    ssize_t n = recv(pipe->fd, bytes, sizeof(bytes), 0);
    if (n > 0)
        return xmpp_conn_feed(conn, bytes, (size_t)n);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    close(pipe->fd); /* at its end, or broken: for the library that is the same */
    pipe->fd = -1;
    return xmpp_conn_feed_end(conn);
}

/* What is to be sent goes out, as far as the socket takes it. */
static void send_output(struct pipe *pipe, xmpp_conn *conn)
{
    size_t n;
    const void *bytes = xmpp_conn_peek_output(conn, &n);
    ssize_t sent = bytes && pipe->fd >= 0 ? send(pipe->fd, bytes, n, MSG_NOSIGNAL) : 0;
    if (sent > 0)
        xmpp_conn_take_output(conn, (size_t)sent);
    pipe->has_output = pipe->fd >= 0 && xmpp_conn_peek_output(conn, NULL) != NULL;
}

static void run(struct pipe *pipe, xmpp_conn *conn)
{
    while (xmpp_conn_get_state(conn) != XMPP_STATE_OFFLINE) {
        short events = pipe->has_output ? POLLIN | POLLOUT : POLLIN;
        struct pollfd fd = {.fd = pipe->fd, .events = events};
        poll(&fd, 1, xmpp_conn_get_timeout(conn));
        if (pipe->fd >= 0 && (fd.revents & (POLLIN | POLLHUP | POLLERR)) && receive(pipe, conn) < 0)
            xmpp_conn_disconnect(conn);
        xmpp_conn_process(conn);
        send_output(pipe, conn);
    }
}

/* Opens the socket: -1 if the server cannot be reached. It waits for TCP, which a program that has
 * other things to do would not. */
static int open_socket(const struct account *account)
{
    uint16_t port = htons(account->port > 0 ? account->port : DEFAULT_PORT);
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = port};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = port};
    int is_v4 = inet_pton(AF_INET, account->host, &v4.sin_addr) == 1;
    if (!is_v4 && inet_pton(AF_INET6, account->host, &v6.sin6_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr *to = is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
    if (fd >= 0 && (connect(fd, to, is_v4 ? sizeof(v4) : sizeof(v6)) < 0 ||
                    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

/* --- the session, as over any other way ----------------------------------------------------------- */

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    (void)userdata;
    if (state != XMPP_STATE_ONLINE)
        return;
    account_print_session(stdout, conn);
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    xmpp_stanza_set_to_jid(message, xmpp_conn_get_bound_jid(conn));
    xmpp_message_add_body(message, NULL, greeting);
    if (xmpp_conn_send(conn, message) < 0)
        xmpp_conn_disconnect(conn);
    xmpp_stanza_unref(message);
}

static int on_message(xmpp_conn *conn, const xmpp_stanza *message, void *userdata)
{
    struct pipe *pipe = userdata;
    const char *body = xmpp_message_get_body(message, NULL);
    if (!body || strcmp(body, greeting) != 0 ||
        !xmpp_jid_equal(xmpp_stanza_get_from(message), xmpp_conn_get_bound_jid(conn)))
        return 0;
    pipe->is_greeted = 1;
    puts(greeting);
    xmpp_conn_disconnect(conn);
    return 1;
}

static int begin(struct pipe *pipe, xmpp_conn *conn, int transport)
{
    int result = xmpp_conn_on_state(conn, NULL, on_state, NULL, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(conn, NULL, on_message, pipe, NULL);
    if (result == 0)
        result = xmpp_conn_connect_transport(conn, transport, on_output, pipe, NULL);
    return result;
}

int main(int argc, char **argv)
{
    struct account account;
    int first = account_parse(&account, argc, argv, "JID [direct]", 0, 1);
    int is_direct = first < argc && strcmp(argv[first], "direct") == 0;
    xmpp_conn *conn = account_new_conn(&account);
    if (!conn)
        return EX_CONFIG;
    struct pipe pipe = {.fd = open_socket(&account)};
    if (pipe.fd < 0) {
        fprintf(stderr, "pipe: %s: %s\n",
                account.host[0] != '\0' ? account.host : "--server ADDRESS is missing",
                strerror(errno));
        xmpp_conn_unref(conn);
        return EX_UNAVAILABLE;
    }
    int result = begin(&pipe, conn, is_direct ? XMPP_TRANSPORT_DIRECT_TLS : XMPP_TRANSPORT_PLAIN);
    if (result == 0) {
        run(&pipe, conn);
        account_print_error(&account, conn);
    } else {
        account_print_failure(&account, conn, result);
    }
    int status = account_exit_status(conn);
    xmpp_conn_unref(conn);
    if (pipe.fd >= 0)
        close(pipe.fd);
    return status == EX_OK && !pipe.is_greeted ? EX_UNAVAILABLE : status;
}
