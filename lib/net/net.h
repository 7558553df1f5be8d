/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operating system, as far as the library needs it: sockets, files of names, clock, random
 * bytes. Nothing in here ever waits; nothing in here knows a protocol. The tests put a world of
 * their own in its place (tests/world/), so this header is all that the rest may know of it. */
#ifndef XM_NET_NET_H
#define XM_NET_NET_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"

/* Begins to connect. 1: connected at once; 0: under way, wait until it is writable; else
 * XMPP_E_REFUSED, _UNREACHABLE, _SYSTEM. TCP_NODELAY is set. */
int xm_net_connect(const struct xm_addr *addr, int *ret_fd);
/* How it went, once the descriptor is writable: 1 connected, 0 still under way, else as above or
 * XMPP_E_TIMEOUT. Harmless to call too early. */
int xm_net_connect_result(int fd);
/* A UDP socket that speaks with this address alone, from a port that the system draws (RFC 5452 9.2).
 * xm_net_recv() and _send() move one datagram each. What does not fit is cut off; XM_NET_END is an
 * empty datagram, not an end; XMPP_E_REFUSED is what ICMP said, once. 0 or as xm_net_connect(). */
int xm_net_open_udp(const struct xm_addr *server, int *ret_fd);
/* The address that the system would send from to reach this one, port 0; no packet leaves. 0 or
 * XMPP_E_UNREACHABLE, XMPP_E_SYSTEM. */
int xm_net_find_source(const struct xm_addr *to, struct xm_addr *ret_source);
/* The number of a network interface; 0: there is none of this name. */
uint32_t xm_net_find_scope(const char *name);
/* A connection is dead when what was sent stays unacknowledged for so long (TCP_USER_TIMEOUT); 0:
 * as long as the system says. 1; 0 where the system or the socket cannot do that. */
int xm_net_set_dead_after(int fd, int ms);
/* Takes over a connected descriptor of the application's: non-blocking, close-on-exec. 0,
 * XMPP_E_INVAL (not a stream socket, or not connected), XMPP_E_SYSTEM. */
int xm_net_adopt(int fd);
void xm_net_close(int fd);

enum { XM_NET_AGAIN = 0, XM_NET_END = -1000 };
/* Receives up to n bytes: how many; XM_NET_AGAIN: none now; XM_NET_END: the peer sends no more; else
 * XMPP_E_RESET, _TIMEOUT (of what was sent nothing was acknowledged), _REFUSED, _UNREACHABLE or
 * _SYSTEM. */
ptrdiff_t xm_net_recv(int fd, void *bytes, size_t n);
/* Sends, without SIGPIPE: how many bytes, XM_NET_AGAIN: none now, else as xm_net_recv(). */
ptrdiff_t xm_net_send(int fd, const void *bytes, size_t n);
/* How much of what was sent the system still holds, as the other end has not acknowledged it; 0 where
 * it does not say. */
int64_t xm_net_unacknowledged(int fd);
/* While negotiating: acknowledge at once, where the system can (a hint, renewed after each
 * receive). */
void xm_net_quick_ack(int fd);

/* A file, whole, at most `max` bytes. 0, XMPP_E_FILE, XMPP_E_TOO_BIG, XMPP_E_NOMEM. */
int xm_net_read_file(const char *path, size_t max, struct xm_buf *out);

/* Milliseconds of a clock that never goes back. */
int64_t xm_net_now(void);
/* Milliseconds since 1970-01-01T00:00:00Z, by the clock that people set. */
int64_t xm_net_wall(void);
/* 0 or XMPP_E_SYSTEM. */
int xm_net_random(void *bytes, size_t n);

#endif
