/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nameservers of the world: any number of them, at addresses of the world's network, with one set of
 * records that all of them know. They answer as resolvers do that recurse: with the whole chain of
 * aliases. Each can be slow, silent, broken or a liar, and so can each name. What was asked is
 * remembered.
 *
 * All is said in lines of text, the same here as behind `dns` in a script (tests/script/):
 *
 *   server 192.0.2.53 [port=53] [WORD …]   a nameserver, or how it is from now on:
 *       delay=30ms          it takes its time
 *       drop[=N]            does not answer [the next N queries]; so for all that take a number here
 *       loss=30             of a hundred questions by UDP, so many are lost on the way
 *       servfail[=N] refused[=N] formerr[=N] notimp[=N] nxdomain[=N]   answers with that alone
 *       closed              nobody is at the port: ICMP says so
 *       truncate            over UDP it has no room for anything
 *       no-edns[=WHAT]      answers OPT with formerr; notimp, badvers; drop: not at all; ignore: as
 *                           if it had not been there
 *       breaks-case         gives the question back in small letters
 *       bad-id bad-question bad-type   a lie in front of the answer, with another id or question
 *       poison              a lie in the answer itself, about another name
 *       empty garbage       an empty datagram, or nonsense, in front of the answer
 *       no-ad always-ad     never says that it has validated, or always does
 *       tcp=WHAT            refuse, hang, end (it closes instead of answering), reset, half
 *   record NAME TYPE DATA [ttl=N]          SRV, A, AAAA, TLSA, CNAME, TXT, as in a zone file
 *   fill NAME TYPE N                       N of them, as A or SRV
 *   forget NAME                            it has no records any more
 *   delay NAME TYPE 80ms                   answers to this question take longer
 *   drop|servfail|refused|notimp NAME TYPE [N]   what becomes of [the next N of] these questions
 *   secure NAME | insecure NAME            with all below it: signed, or not. The longest name counts
 *   bogus NAME                             likewise: SERVFAIL, unless CD is set (RFC 4035 3.2.2)
 *   negative-ttl N                         of the SOA record with negative answers; -1: none comes
 *
 * A lie says 203.0.113.66, 2001:db8:bad::66 or liar.example. A query that no client may send is a
 * fault of the world. */
#ifndef TESTS_WORLD_NAMES_H
#define TESTS_WORLD_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "world/names_wire.h"

/* A question that a nameserver was asked. */
struct names_asked {
    struct names_query query;
    struct xm_addr server;
    int64_t at; /* since world_mark() */
    int is_tcp;
};

/* Behind world_begin(), in front of world_end(). */
void names_begin(void);
void names_end(void);

/* A line of those above: 1, or 0 if it is none. */
int names_line(const char *text);
/* Lines, each of which is a fault of the world if it is none. */
void names_lines(const char *text);

/* How often: NULL: any name; 0: any type. */
unsigned names_count(const char *name, int type);
/* The questions in their order, from 0; NULL behind the last. */
const struct names_asked *names_get(unsigned number);
/* The next that was not handed out yet; NULL: no more. */
const struct names_asked *names_next(void);
/* In words: "capulet.example A 192.0.2.53:53 udp edns ad mixed +0ms"; the opposites are "tcp", "plain",
 * "no-ad", and "small" for a name without capitals; "cd" where it is set. */
void names_print(const struct names_asked *asked, char *text, size_t size);
/* 1 if it is the question of this name and type, and all further words are among those above. */
int names_match(const struct names_asked *asked, const char *want);

#endif
