/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the program is inside a call of the library, what such a call did that it must not, and
 * which one took longest. The program marks its calls by INSIDE; interpose.c tells what they do. */
#ifndef HOSTILE_INSIDE_H
#define HOSTILE_INSIDE_H

#include <stdint.h>
#include <stdio.h>

/* Makes a call of the library that returns a number: INSIDE(xmpp_conn_process(conn)). */
#define INSIDE(call) (inside_enter(#call), inside_leave((call)))

/* A call begins; its name is borrowed for ever and cut at "(". They may be inside each other. */
void inside_enter(const char *call);
/* It ended; what it returned. */
int64_t inside_leave(int64_t result);

/* 1 inside a call. */
int inside_is(void);
/* A function that could have slept was called inside: its name is borrowed for ever. */
void inside_sin(const char *function, int64_t detail);
/* How many such there were. */
int64_t inside_count(void);
/* The loop was told to wait for this on a descriptor; 0: to forget it. It may not be closed in
 * between. */
void inside_told(int fd, int events);
void inside_closes(int fd);
/* A system call on a socket was seen inside: the interposer is at work. */
void inside_note(void);

/* Members of a JSON object: calls, sockets, sins, longest. */
void inside_print(FILE *out);

#endif
