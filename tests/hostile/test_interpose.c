/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* That the interposer sees what it is there for: calls that could sleep, also those that a library
 * makes on its own, and nothing else. */
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "check.h"
#include "inside.h"

static int64_t sins;

/* How many sins a call added. */
#define SINS(call) (sins = inside_count(), (void)INSIDE(call), inside_count() - sins)

static void waiting_inside_is_seen(void)
{
    const struct timespec moment = {0, 1};
    CHECK_INT(SINS(poll(NULL, 0, 1)), 1);
    CHECK_INT(SINS(poll(NULL, 0, 0)), 0);
    CHECK_INT(SINS(nanosleep(&moment, NULL)), 1);
    CHECK_INT(SINS(usleep(1)), 1);
    struct addrinfo *found = NULL;
    CHECK_INT(SINS(getaddrinfo("127.0.0.1", NULL, NULL, &found)), 1);
    freeaddrinfo(found);
}

static void waiting_outside_is_nobodys_business(void)
{
    int64_t before = inside_count();
    poll(NULL, 0, 1);
    usleep(1);
    CHECK_INT(inside_count(), before);
}

static void only_a_descriptor_that_blocks_is_a_sin(void)
{
    int ends[2];
    char byte = 'x';
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    CHECK_INT(SINS(send(ends[0], &byte, 1, 0)), 1);
    CHECK_INT(SINS(recv(ends[1], &byte, 1, MSG_DONTWAIT)), 0);
    CHECK_INT(SINS(write(ends[0], &byte, 1)), 1);
    CHECK_INT(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    CHECK_INT(SINS(read(ends[1], &byte, 1)), 0);
    CHECK_INT(SINS(recv(ends[1], &byte, 1, 0)), 0);
    close(ends[0]);
    close(ends[1]);
    int file = open("/proc/self/status", O_RDONLY);
    CHECK_INT(SINS(read(file, &byte, 1)), 0);
    close(file);
}

static void closing_what_is_told_is_a_sin(void)
{
    int ends[2];
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    inside_told(ends[0], POLLIN);
    inside_told(ends[1], POLLIN);
    inside_told(ends[1], 0);
    CHECK_INT(SINS(close(ends[0])), 1);
    CHECK_INT(SINS(close(ends[1])), 0);
}

/* GnuTLS waits by itself where it is given a timeout. */
static void what_a_library_does_is_seen(void)
{
    int ends[2];
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    gnutls_transport_ptr_t transport = (gnutls_transport_ptr_t)(intptr_t)ends[0];
    CHECK_INT(SINS(gnutls_system_recv_timeout(transport, 1)), 1);
    CHECK_INT(SINS(gnutls_system_recv_timeout(transport, 0)), 0);
    close(ends[0]);
    close(ends[1]);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"waiting inside is seen", waiting_inside_is_seen},
        {"waiting outside is nobody's business", waiting_outside_is_nobodys_business},
        {"only a descriptor that blocks is a sin", only_a_descriptor_that_blocks_is_a_sin},
        {"closing what is told is a sin", closing_what_is_told_is_a_sin},
        {"what a library does is seen", what_a_library_does_is_seen},
    };
    return CHECK_MAIN(argc, argv, "interpose", cases);
}
