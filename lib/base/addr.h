/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An IP address with its port as plain data: how addresses cross from layer to layer, as only net/
 * knows the system's structures. Numeric forms in and out; no look-up. */
#ifndef XM_BASE_ADDR_H
#define XM_BASE_ADDR_H

#include <stddef.h>
#include <stdint.h>

struct xm_addr {
    uint8_t family; /* 4 or 6 */
    uint16_t port;
    uint32_t scope; /* IPv6: the interface's number; 0: none */
    uint8_t ip[16]; /* network order; the first 4 for IPv4 */
};

/* Bytes that xm_addr_print() needs at most, its NUL included. */
enum { XM_ADDR_TEXT = 72 };

/* Parses a numeric IPv4 or IPv6 address, the latter also in brackets, with a numeric scope after
 * '%'. 1 if it is one, else 0 (then *ret_addr is as it was). */
int xm_addr_parse(const char *text, uint16_t port, struct xm_addr *ret_addr);
/* 1 if it never leaves this machine: 127.0.0.0/8, ::1, also as an IPv4 address inside IPv6. */
int xm_addr_is_loopback(const struct xm_addr *addr);
/* "127.0.0.1:5222", "[::1]:5222". */
void xm_addr_print(const struct xm_addr *addr, char text[XM_ADDR_TEXT]);
/* The addresses of a name in the text of a hosts file, in its order: how many were found, at most
 * n_addrs. Names are compared without regard to case. */
size_t xm_addr_find_in_hosts(const char *hosts, size_t len, const char *name, uint16_t port,
                             struct xm_addr *ret_addrs, size_t n_addrs);

#endif
