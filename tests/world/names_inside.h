/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the nameservers know and how they are; for the files that make them. */
#ifndef TESTS_WORLD_NAMES_INSIDE_H
#define TESTS_WORLD_NAMES_INSIDE_H

#include "world/names.h"

enum { NAMES_SERVERS = 16, NAMES_TOPICS = 64, NAMES_ASKED = 4096, NAMES_CHAIN = 16 };
enum { NAMES_EVER = -1 };

struct names_record {
    struct names_record *next;
    char name[NAMES_TEXT];
    int type;
    uint32_t ttl;
    size_t n;
    uint8_t data[];
};

/* How often something still happens; NAMES_EVER: always. */
enum names_fault {
    FAULT_DROP,
    FAULT_SERVFAIL,
    FAULT_REFUSED,
    FAULT_FORMERR,
    FAULT_NOTIMP,
    FAULT_NXDOMAIN,
    FAULT_CLOSED,
    FAULT_TRUNCATE,
    FAULT_BREAKS_CASE,
    FAULT_BAD_ID,
    FAULT_BAD_QUESTION,
    FAULT_BAD_TYPE,
    FAULT_POISON,
    FAULT_EMPTY,
    FAULT_GARBAGE,
    FAULT_NO_AD,
    FAULT_ALWAYS_AD,
    FAULT_TCP_END,
    FAULT_TCP_RESET,
    FAULT_TCP_HALF,
    FAULTS
};

enum names_edns { EDNS_GOOD, EDNS_FORMERR, EDNS_NOTIMP, EDNS_BADVERS, EDNS_DROP, EDNS_IGNORE };

struct names_server {
    struct xm_addr addr;
    int64_t delay;
    unsigned loss; /* of a hundred questions, so many are lost */
    int faults[FAULTS];
    enum names_edns edns;
};

/* What is so with one question, or (type 0) with a name and all below it. */
struct names_topic {
    char name[NAMES_TEXT];
    int type;
    int64_t delay;
    int faults[FAULTS];
    int is_secure;
    int is_bogus;
};

struct names {
    struct names_record *records; /* in the order they were told */
    struct names_server servers[NAMES_SERVERS];
    int n_servers;
    struct names_topic topics[NAMES_TOPICS];
    int n_topics;
    int64_t negative_ttl; /* -1: no SOA */
    struct names_asked *asked;
    unsigned n_asked;
    unsigned n_told;
};

extern struct names names;

/* 1 if this happens now, which uses it up. */
int names_fault(int faults[FAULTS], enum names_fault fault);
/* The topic of exactly this, or NULL. */
struct names_topic *names_find_topic(const char *name, int type);
/* 1 if the name is signed; if it, or what it is an alias of, should be and is wrongly. */
int names_is_secure(const char *name);
int names_is_bogus(const char *name);
/* Writes what is known of the question, and returns the RCODE; or a lie about `owner`. */
int names_write_answer(struct names_out *out, const struct names_query *query, int may_say_ad);
void names_write_lie(struct names_out *out, const struct names_query *query, const char *owner);
void names_remember(const struct names_server *server, const struct names_query *query, int is_tcp);
/* Told by the world. */
void names_serve(int fd, const uint8_t *bytes, size_t n, void *server);

#endif
