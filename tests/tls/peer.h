/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's end of a TLS session, without a socket: GnuTLS between two byte queues. It is an
 * honest server by default; the attacker's side uses `session` and the queues directly. */
#ifndef TESTS_TLS_PEER_H
#define TESTS_TLS_PEER_H

#include <stddef.h>
#include <stdint.h>

#include <gnutls/gnutls.h>

#include "base/buf.h"
#include "tls/certs.h"

struct tls_peer_config {
    const struct cert *chain; /* leaf first, sent as it is; the leaf's key is used */
    size_t n_chain;
    const char *priority; /* NULL: GnuTLS's NORMAL */
    const char *alpn;     /* NULL: the extension is ignored */
    int asks_certificate; /* of the client, which may have none */
    unsigned flags;       /* more for gnutls_init() */
};

struct tls_peer {
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    struct xm_buf in;  /* what the client sent */
    struct xm_buf out; /* what goes to the client */
    int is_open;
};

/* Copies the certificates. */
struct tls_peer *tls_peer_new(const struct tls_peer_config *config);
void tls_peer_free(struct tls_peer *peer);
/* 1 done, 0 needs more, else GnuTLS's code. */
int tls_peer_handshake(struct tls_peer *peer);
/* Bytes of application data; 0 none yet, -1 close_notify, else GnuTLS's code. */
int tls_peer_recv(struct tls_peer *peer, void *buf, size_t size);
/* 0 or GnuTLS's code; one record for each call (up to 16,384 bytes). */
int tls_peer_send(struct tls_peer *peer, const void *bytes, size_t n);
/* close_notify */
void tls_peer_close(struct tls_peer *peer);

#endif
