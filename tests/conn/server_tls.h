/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server behind TLS for the kit: an authority, a certificate for capulet.example, and the two ends
 * of a handshake in the world. */
#ifndef TESTS_CONN_SERVER_TLS_H
#define TESTS_CONN_SERVER_TLS_H

#include "conn/kit.h"
#include "tls/peer.h"

struct server_tls {
    struct kit *kit;
    struct cert authority;
    struct cert cert;
    struct tls_peer *peer;
};

/* A connection for juliet@capulet.example, which is given no password yet. */
void server_tls_begin(struct server_tls *server, struct kit *kit);
/* Connects, and makes TLS. */
void server_tls_connect(struct server_tls *server);
/* Makes TLS with a client that connects already. */
void server_tls_accept(struct server_tls *server);
/* One record, and the client hears it. */
void server_tls_say(struct server_tls *server, const char *text);
/* As many records as there are bytes; nobody runs. */
void server_tls_say_bytewise(struct server_tls *server, const char *text);
/* What the client said since the last time. Borrowed until the next call. */
const char *server_tls_heard(struct server_tls *server);
void server_tls_end(struct server_tls *server);

#endif
