/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datagrams: sockets that speak with one address, and what the system's routes say of an address. */
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include "net/net.h"
#include "net/sockaddr.h"
#include "xmpp/error.h"

/* Connected, it receives from this address alone, and hears of ICMP. The system draws the port. */
int xm_net_open_udp(const struct xm_addr *server, int *ret_fd)
{
    struct sockaddr_storage storage;
    socklen_t len = xm_sockaddr_write(server, &storage);
    int fd = socket(storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return xm_sockaddr_error(errno);
    }
    if (connect(fd, (const struct sockaddr *)&storage, len) < 0) {
        int code = xm_sockaddr_error(errno);
        close(fd);
        return code;
    }
    *ret_fd = fd;
    return 0;
}

/* A datagram socket is connected by a look at the routes alone. */
int xm_net_find_source(const struct xm_addr *to, struct xm_addr *ret_source)
{
    enum { DISCARD = 9 }; /* some systems refuse port 0 */
    struct sockaddr_storage storage;
    socklen_t len = sizeof storage;
    struct xm_addr server = *to;
    struct xm_addr source;
    int fd = -1;
    server.port = DISCARD;
    int code = xm_net_open_udp(&server, &fd);
    if (code < 0) {
        return code;
    }
    int is_known = getsockname(fd, (struct sockaddr *)&storage, &len) == 0 &&
                   xm_sockaddr_read(&storage, &source);
    close(fd);
    if (!is_known) {
        return XMPP_E_SYSTEM;
    }
    source.port = 0;
    *ret_source = source;
    return 0;
}

uint32_t xm_net_find_scope(const char *name)
{
    return if_nametoindex(name);
}
