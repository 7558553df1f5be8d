/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sockets, never waiting. What an errno means to a person is decided here, once. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/net.h"
#include "xmpp/error.h"

static int code_of(int error)
{
    switch (error) {
    case ECONNREFUSED:
    case ENOENT: /* a Unix socket that is not there */
        return XMPP_E_REFUSED;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
        return XMPP_E_UNREACHABLE;
    case ETIMEDOUT:
        return XMPP_E_TIMEOUT;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
        return XMPP_E_RESET;
    default:
        return XMPP_E_SYSTEM;
    }
}

static socklen_t to_system(const struct xm_addr *addr, struct sockaddr_storage *storage)
{
    memset(storage, 0, sizeof *storage);
    if (addr->family == 4) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(addr->port)};
        memcpy(&in.sin_addr, addr->ip, sizeof in.sin_addr);
        memcpy(storage, &in, sizeof in);
        return sizeof in;
    }
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(addr->port)};
    memcpy(&in6.sin6_addr, addr->ip, sizeof in6.sin6_addr);
    in6.sin6_scope_id = addr->scope;
    memcpy(storage, &in6, sizeof in6);
    return sizeof in6;
}

int xm_net_connect(const struct xm_addr *addr, int *ret_fd)
{
    struct sockaddr_storage storage;
    socklen_t len = to_system(addr, &storage);
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return code_of(errno);
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int connected = connect(fd, (const struct sockaddr *)&storage, len) == 0;
    if (!connected && errno != EINPROGRESS && errno != EINTR) { /* interrupted, it goes on */
        int code = code_of(errno);
        close(fd);
        return code;
    }
    *ret_fd = fd;
    return connected;
}

int xm_net_connect_result(int fd)
{
    int error = 0;
    socklen_t len = sizeof error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0) {
        return code_of(errno);
    }
    if (error != 0) {
        return code_of(error);
    }
    struct sockaddr_storage peer;
    len = sizeof peer;
    if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0) {
        return 1;
    }
    return errno == ENOTCONN ? 0 : code_of(errno);
}

int xm_net_adopt(int fd)
{
    int type = 0;
    socklen_t len = sizeof type;
    struct sockaddr_storage peer;
    socklen_t peer_len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0 || type != SOCK_STREAM ||
        getpeername(fd, (struct sockaddr *)&peer, &peer_len) < 0) {
        return XMPP_E_INVAL;
    }
    int flags = fcntl(fd, F_GETFL);
    int fd_flags = fcntl(fd, F_GETFD);
    if (flags < 0 || fd_flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(fd, F_SETFD, fd_flags | FD_CLOEXEC) < 0) {
        return XMPP_E_SYSTEM;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* fails for other than TCP: fine */
    return 0;
}

void xm_net_close(int fd)
{
    close(fd);
}

static int would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

ptrdiff_t xm_net_recv(int fd, void *bytes, size_t n)
{
    ssize_t got;
    do {
        got = recv(fd, bytes, n, 0);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        return got;
    }
    if (got == 0) {
        return XM_NET_END;
    }
    return would_block(errno) ? XM_NET_AGAIN : code_of(errno);
}

ptrdiff_t xm_net_send(int fd, const void *bytes, size_t n)
{
    ssize_t sent;
    do {
        sent = send(fd, bytes, n, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) {
        return sent;
    }
    return would_block(errno) ? XM_NET_AGAIN : code_of(errno);
}

void xm_net_quick_ack(int fd)
{
#ifdef TCP_QUICKACK
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#else
    (void)fd;
#endif
}
