/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The self-pipe. Its write end never blocks: when it is full, the loop knows already. */
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
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
