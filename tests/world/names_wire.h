/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DNS messages as a server sees them: queries in, answers out (RFC 1035 4, RFC 6891 6.1). Written
 * for the virtual nameserver alone, and on purpose without the library that lib/dns reads messages
 * with: what both misunderstand in the same way would never be found. */
#ifndef TESTS_WORLD_NAMES_WIRE_H
#define TESTS_WORLD_NAMES_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum { NAMES_TEXT = 256, NAMES_MESSAGE = 65535, NAMES_UDP_PLAIN = 512 };

enum names_rr {
    NAMES_A = 1,
    NAMES_NS = 2,
    NAMES_CNAME = 5,
    NAMES_SOA = 6,
    NAMES_TXT = 16,
    NAMES_AAAA = 28,
    NAMES_SRV = 33,
    NAMES_OPT = 41,
    NAMES_TLSA = 52
};

enum names_rcode {
    NAMES_NOERROR = 0,
    NAMES_FORMERR = 1,
    NAMES_SERVFAIL = 2,
    NAMES_NXDOMAIN = 3,
    NAMES_NOTIMP = 4,
    NAMES_REFUSED = 5,
    NAMES_BADVERS = 16
};

struct names_query {
    uint16_t id;
    char name[NAMES_TEXT]; /* as it was written, without the dot at its end; "" is the root */
    int type;
    int is_ad; /* the bits of RFC 4035 3.2, RFC 6840 5.7 */
    int is_cd;
    int is_do;
    int has_edns;
    size_t udp_size; /* what may be sent back */
};

/* NULL, or what is wrong with it: nothing is forgiven. */
const char *names_read_query(const uint8_t *bytes, size_t n, struct names_query *ret_query);

/* A message that is being written. What does not fit into `max` sets TC. */
struct names_out {
    uint8_t bytes[NAMES_MESSAGE];
    size_t n;
    size_t max;
    const char *question; /* the name in it */
    int has_edns;
};

enum names_section { NAMES_ANSWER, NAMES_AUTHORITY, NAMES_ADDITIONAL };

/* A header with RA, and the question. */
void names_out_begin(struct names_out *out, const struct names_query *query, size_t max);
void names_out_set_ad(struct names_out *out);
/* Nothing but the question, and TC. */
void names_out_truncate(struct names_out *out);
void names_out_record(struct names_out *out, enum names_section section, const char *owner,
                      int type, uint32_t ttl, const void *data, size_t n);
/* Writes OPT if the query had one; `ede`: an extended error (RFC 8914), -1: none. The last. */
void names_out_end(struct names_out *out, int rcode, int ede);

/* A name on the wire: how many bytes, 0 if it is none. */
size_t names_write_name(uint8_t *bytes, size_t size, const char *text);
/* The data of a record from the form of a zone file: how many bytes, -1 if it is none. */
ptrdiff_t names_write_data(uint8_t *bytes, size_t size, int type, const char *text);
/* The number of "SRV"; 0: none that is known. */
int names_type_of(const char *text);
const char *names_type_name(int type);

#endif
