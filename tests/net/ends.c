/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other end. See ends.h. */
#include "ends.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

enum { WAIT_MS = 5000 };

int ends_bind(const char *ip, int type, struct xm_addr *ret_addr)
{
    struct sockaddr_storage storage = {0};
    struct sockaddr_in *in = (struct sockaddr_in *)(void *)&storage;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(void *)&storage;
    CHECK(xm_addr_parse(ip, 1, ret_addr));
    int is_v4 = ret_addr->family == 4;
    socklen_t len = is_v4 ? sizeof *in : sizeof *in6;
    storage.ss_family = is_v4 ? AF_INET : AF_INET6;
    CHECK_INT(
        inet_pton(storage.ss_family, ip, is_v4 ? (void *)&in->sin_addr : (void *)&in6->sin6_addr),
        1);
    int fd = socket(storage.ss_family, type, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&storage, len) < 0) {
        close(fd);
        return -1;
    }
    CHECK_INT(getsockname(fd, (struct sockaddr *)&storage, &len), 0);
    ret_addr->port = ntohs(is_v4 ? in->sin_port : in6->sin6_port);
    return fd;
}

int ends_listen(const char *ip, struct xm_addr *ret_addr)
{
    int fd = ends_bind(ip, SOCK_STREAM, ret_addr);
    CHECK(fd < 0 || listen(fd, 5) == 0);
    return fd;
}

short ends_wait(int fd, short events)
{
    struct pollfd pollfd = {.fd = fd, .events = events};
    CHECK(poll(&pollfd, 1, WAIT_MS) == 1);
    return pollfd.revents;
}

void ends_check(int fd, int is_tcp)
{
    int on = 0;
    socklen_t len = sizeof on;
    CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    if (is_tcp) {
        CHECK_INT(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
        CHECK(on);
    }
}
