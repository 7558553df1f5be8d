/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between our own words and the system's: addresses, and what an errno means to a person. For
 * the files of this folder alone. */
#ifndef XM_NET_SOCKADDR_H
#define XM_NET_SOCKADDR_H

#include <sys/socket.h>

#include "base/addr.h"

/* XMPP_E_REFUSED, _UNREACHABLE, _TIMEOUT, _RESET or _SYSTEM. */
int xm_sockaddr_error(int error);
/* The length of what was filled in. */
socklen_t xm_sockaddr_write(const struct xm_addr *addr, struct sockaddr_storage *storage);
/* 0 for what is neither IPv4 nor IPv6. */
int xm_sockaddr_read(const struct sockaddr_storage *storage, struct xm_addr *ret_addr);

#endif
