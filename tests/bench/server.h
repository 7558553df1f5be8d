/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's end of one connection, without a socket: as much of a server as logs a client in by
 * ANONYMOUS, over TLS or not, and then listens. No parser: it knows what our client says, and in
 * which order. */
#ifndef TESTS_BENCH_SERVER_H
#define TESTS_BENCH_SERVER_H

#include <stddef.h>

#include "base/buf.h"
#include "tls/certs.h"

struct server;

/* The certificate of example.org, and the authority that signed it; made once. */
const struct cert *server_leaf(void);
const struct cert *server_authority(void);

/* `leaf` NULL: clear text. Whatever goes wrong in here ends the program. */
struct server *server_new(const struct cert *leaf);
void server_free(struct server *server);
/* What the client sent. */
void server_hear(struct server *server, const void *bytes, size_t n);
/* Puts text for the client, over TLS as one record. */
void server_say(struct server *server, const char *text, size_t n);
/* What is to be written to the client; who writes it takes it off. */
struct xm_buf *server_out(struct server *server);
/* 1 once the client has its resource. */
int server_is_online(const struct server *server);

/* Since it was made: what the client was heard in. */
struct heard {
    unsigned long turns;   /* calls of server_hear() */
    unsigned long records; /* of TLS */
    unsigned long bytes;   /* of text */
};
struct heard server_heard(const struct server *server);

#endif
