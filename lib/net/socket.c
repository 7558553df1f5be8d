/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stream sockets, and what is received and sent over any: never waiting. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/net.h"
#include "net/sockaddr.h"
#include "xmpp/error.h"

int xm_net_connect(const struct xm_addr *addr, int *ret_fd)
{
    struct sockaddr_storage storage;
    socklen_t len = xm_sockaddr_write(addr, &storage);
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return xm_sockaddr_error(errno);
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int connected = connect(fd, (const struct sockaddr *)&storage, len) == 0;
    if (!connected && errno != EINPROGRESS && errno != EINTR) { /* interrupted, it goes on */
        int code = xm_sockaddr_error(errno);
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
        return xm_sockaddr_error(errno);
    }
    if (error != 0) {
        return xm_sockaddr_error(error);
    }
    struct sockaddr_storage peer;
    len = sizeof peer;
    if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0) {
        return 1;
    }
    return errno == ENOTCONN ? 0 : xm_sockaddr_error(errno);
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
    return would_block(errno) ? XM_NET_AGAIN : xm_sockaddr_error(errno);
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
    return would_block(errno) ? XM_NET_AGAIN : xm_sockaddr_error(errno);
}

int64_t xm_net_unacknowledged(int fd)
{
#ifdef TIOCOUTQ
    int n = 0;
    return ioctl(fd, TIOCOUTQ, &n) == 0 && n > 0 ? n : 0;
#else
    (void)fd;
    return 0;
#endif
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

int xm_net_set_dead_after(int fd, int ms)
{
#ifdef TCP_USER_TIMEOUT
    unsigned timeout = ms > 0 ? (unsigned)ms : 0;
    return setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout) == 0;
#else
    (void)fd;
    (void)ms;
    return 0;
#endif
}
