/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library's end in the programs that measure: a connection with the three handlers that are
 * measured with it, over a socket pair to a server in the same process, or over TCP to one in
 * another. */
#ifndef TESTS_BENCH_CLIENT_H
#define TESTS_BENCH_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "server.h"
#include "xmpp/xmpp.h"

struct client {
    xmpp_conn *conn;
    unsigned long stanzas; /* that reached a handler */
    size_t read;           /* of from, type and body in them */
    struct server *server; /* in this process; NULL: in another */
    int fd;                /* the server's */
};

/* What all connections trust. Borrowed (for ever). */
xmpp_trust *client_trust(void);
/* Settings and handlers, over nothing yet. */
void client_init(struct client *client, int with_tls);
void client_done(struct client *client);
/* Online, with a server in this process. */
void client_open(struct client *client, int with_tls);
/* Takes what `client` received into account; also as the answer to a request. */
void client_saw(struct client *client, const xmpp_stanza *stanza);

/* One turn of an application's loop: poll() for at most wait_ms, then process. */
void client_turn(struct client *client, int wait_ms);
/* The server reads all there is, and writes as much as fits. */
void client_serve(struct client *client);
/* Writes to the client as much as fits; how much. */
size_t client_write(struct client *client, const void *bytes, size_t n);

#endif
