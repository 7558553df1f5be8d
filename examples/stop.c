/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The self-pipe. Its write end never blocks: when it is full, the loop knows already. */
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

static int pipe_fds[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;
    ssize_t ignored = write(pipe_fds[1], "", 1);
    (void)ignored;
    (void)number;
    errno = saved;
}

int stop_init(void)
{
    if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) < 0)
        return -1;
    /* the second signal ends the program as usual */
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGINT, &action, NULL) < 0 || sigaction(SIGTERM, &action, NULL) < 0)
        return -1;
    return pipe_fds[0];
}

int stop_run(xmpp_conn *conn, int stop_fd, void (*good_bye)(xmpp_conn *conn))
{
    int is_stopping = 0;
    while (xmpp_conn_get_state(conn) != XMPP_STATE_OFFLINE) {
        struct pollfd fds[1 + XMPP_POLLFDS_MAX] = {{.fd = stop_fd, .events = POLLIN}};
        int n = xmpp_conn_get_pollfds(conn, fds + 1, XMPP_POLLFDS_MAX);
        /* an EINTR is a call of process too many: harmless */
        poll(fds, (nfds_t)(1 + n), xmpp_conn_get_timeout(conn));
        if (fds[0].revents) {
            char byte;
            ssize_t ignored = read(stop_fd, &byte, 1);
            (void)ignored;
            is_stopping = 1;
            if (good_bye)
                good_bye(conn);
            xmpp_conn_disconnect(conn);
        }
        xmpp_conn_process(conn);
    }
    return is_stopping;
}
