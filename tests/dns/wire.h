/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DNS messages written and looked at by hand: the other end of the resolver, by other code than the
 * library's. It can write what nobody should. */
#ifndef TESTS_DNS_WIRE_H
#define TESTS_DNS_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum { WIRE_MAX = 65535 };

struct wire {
    uint8_t bytes[WIRE_MAX];
    size_t n;
};

void wire_u8(struct wire *wire, unsigned value);
void wire_u16(struct wire *wire, unsigned value);
void wire_u32(struct wire *wire, uint32_t value);
/* Labels without compression; "\\200" is a byte, in octal. A dot at the end, or "", is the root. */
void wire_name(struct wire *wire, const char *name);
/* Sets two bytes that were written. */
void wire_set(struct wire *wire, size_t at, unsigned value);

/* What a query says. */
struct wire_query {
    unsigned id;
    unsigned flags;
    char name[256];
    unsigned type;
    unsigned udp_size; /* of EDNS0; 0: has none */
};
/* 1 if it is a well-formed query of one question in class IN, and nothing stands behind it. */
int wire_read_query(const uint8_t *bytes, size_t n, struct wire_query *ret_query);

/* "192.0.2.1 A 300" and the like: appends the record of a line `OWNER TTL TYPE DATA…`. Types: A, AAAA
 * (an address), CNAME, NS (a name), SRV (priority weight port target), TLSA (usage selector matching
 * hex), SOA (its minimum), TYPE (number hex), CH (an A of class CHAOS), OPT (the code's upper bits).
 * 1 if it could be understood. */
int wire_record(struct wire *wire, const char *line);
/* The number of "A", "SRV" and so on; 0. */
unsigned wire_type(const char *name);

#endif
