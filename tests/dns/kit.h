/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dialogues of the resolver as text: what is asked, what leaves on which channel, what arrives, and
 * what is told. A line each:
 *
 *   config 127.0.0.1 192.0.2.53 attempts=1 timeout=3000 rotate trust-ad
 *                                    a second one is for the resolver that is there
 *   ask NAME TYPE           `-> N`: its number; `-> INVAL` and so on: what is refused
 *   send CH udp|tcp ADDRESS NAME TYPE [edns|plain]   a new socket, and this query leaves on it
 *   wait CH                 the same socket as before, and nothing to send
 *   none CH                 no socket is wanted
 *   reply CH FLAGS… ; RECORD ; ns RECORD ; ar RECORD   to what was last sent there, kit.c has the flags
 *   raw CH HEX              these bytes arrive
 *   fail CH                 the socket failed
 *   +MS                     time passes
 *   due MS                  the deadline, from now; `due never`
 *   told EVENT              the next event; `told nothing`
 *   forget                  what is out of date, and cancel: all questions
 */
#ifndef TESTS_DNS_KIT_H
#define TESTS_DNS_KIT_H

#include "dns/resolver.h"
#include "wire.h"

struct kit {
    struct xm_resolver *resolver;
    int64_t now;
    struct {
        uint32_t serial;
        enum xm_channel_kind kind;
        struct wire_query query; /* that was sent last */
    } channels[XM_DNS_CHANNELS];
};

/* Each line of the script is done; what does not go as it says fails the case. */
void kit_run(const char *script);
/* The same, line by line. */
void kit_line(struct kit *kit, const char *line);
void kit_end(struct kit *kit);
/* An event as text: "1 FOUND secure 300 192.0.2.1 from 127.0.0.1:53 took 7", or
 * "1 FAILED indeterminate SERVFAIL took 7". */
void kit_print(const struct xm_resolver_event *event, char *text, size_t size);

#endif
