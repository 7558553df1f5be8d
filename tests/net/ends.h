/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other end of the sockets that are tested, in plain system calls. */
#ifndef TESTS_NET_ENDS_H
#define TESTS_NET_ENDS_H

#include "base/addr.h"

/* A socket bound on loopback, with the address to reach it; -1: the system has no such family. */
int ends_bind(const char *ip, int type, struct xm_addr *ret_addr);
/* A stream socket that listens, likewise. */
int ends_listen(const char *ip, struct xm_addr *ret_addr);
/* As poll(), with a patience of seconds. */
short ends_wait(int fd, short events);
/* CHECKs what every socket of the library's has: it does not block, and is closed by exec. */
void ends_check(int fd, int is_tcp);

#endif
