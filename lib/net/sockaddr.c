/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses and errors of the system. What an errno means to a person is decided here, once. */
#include "net/sockaddr.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "xmpp/error.h"

int xm_sockaddr_error(int error)
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

socklen_t xm_sockaddr_write(const struct xm_addr *addr, struct sockaddr_storage *storage)
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

int xm_sockaddr_read(const struct sockaddr_storage *storage, struct xm_addr *ret_addr)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct xm_addr addr = {0};
    switch (storage->ss_family) {
    case AF_INET:
        memcpy(&in, storage, sizeof in);
        addr.family = 4;
        addr.port = ntohs(in.sin_port);
        memcpy(addr.ip, &in.sin_addr, sizeof in.sin_addr);
        break;
    case AF_INET6:
        memcpy(&in6, storage, sizeof in6);
        addr.family = 6;
        addr.port = ntohs(in6.sin6_port);
        addr.scope = in6.sin6_scope_id;
        memcpy(addr.ip, &in6.sin6_addr, sizeof in6.sin6_addr);
        break;
    default:
        return 0;
    }
    *ret_addr = addr;
    return 1;
}
