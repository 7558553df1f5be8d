/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SIGINT and SIGTERM as something that a loop can wait for: the self-pipe. The handler writes one
 * byte, the loop polls the other end; nothing else is safe to do in a signal handler. */
#ifndef EXAMPLES_STOP_H
#define EXAMPLES_STOP_H

/* Catches both signals. The descriptor that becomes readable when one came, or -1. */
int stop_init(void);

#endif
