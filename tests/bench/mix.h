/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The traffic that speed is measured on, made anew for each program that measures and the same in
 * each: 40 % chat (body, thread, receipt request, delay), 25 % presence with capabilities, 20 %
 * groupchat, 10 % pubsub events, 5 % roster results of twenty items; about 529 bytes a stanza. */
#ifndef TESTS_BENCH_MIX_H
#define TESTS_BENCH_MIX_H

#include <stddef.h>

/* The server's stream header in front of the mix. Borrowed (for ever). */
const char *mix_header(void);
/* Writes the stanza of this number, from 0, as it comes from a server to alice@example.org/work;
 * its length, which is below MIX_MAX. */
size_t mix_stanza(char *buf, size_t size, unsigned number);
/* The header and n stanzas in one piece: free() it. NULL if out of memory. */
char *mix_stream(unsigned n, size_t *ret_len);

enum { MIX_MAX = 4096 };

#endif
