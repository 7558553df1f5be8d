/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SIGINT and SIGTERM as something that a loop can wait for: the self-pipe. The handler writes one
 * byte, the loop polls the other end; nothing else is safe to do in a signal handler. */
#ifndef EXAMPLES_STOP_H
#define EXAMPLES_STOP_H

#include <xmpp/xmpp.h>

/* Catches both signals. The descriptor that becomes readable when one came, or -1. */
int stop_init(void);

/* The loop of a program that has one connection and nothing else to wait for, until it is offline. A
 * signal ends it in order: `good_bye` (NULL: nothing) can say something first. 1 if a signal came. */
int stop_run(xmpp_conn *conn, int stop_fd, void (*good_bye)(xmpp_conn *conn));

#endif
