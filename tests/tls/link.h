/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client session of ours and a server in one hand: the bytes between them go in pieces of the
 * size that is asked for. What each test of this folder starts from. */
#ifndef TESTS_TLS_LINK_H
#define TESTS_TLS_LINK_H

#include <stddef.h>

#include "tls/certs.h"
#include "tls/peer.h"
#include "tls/tls.h"

#define TLS12 "NORMAL:-VERS-ALL:+VERS-TLS1.2"
#define TLS13 "NORMAL:-VERS-ALL:+VERS-TLS1.3"

struct tls_link {
    struct xm_tls *client;
    struct tls_peer *server;
    size_t piece;  /* bytes a step; 0: all there is */
    unsigned seed; /* not 0: pieces of random size up to `piece` */
};

/* The authority that all good certificates of the tests come from, and a good one, for
 * "example.org". Made once, freed by fixture_done(). */
struct cert *fixture_ca(void);
struct cert *fixture_leaf(void);
/* Trust in that authority alone. Shared: xmpp_trust_unref(). */
xmpp_trust *fixture_trust(void);
void fixture_done(void);

/* NULL stands for: the fixture's trust, example.org; the fixture's leaf. 0, or what xm_tls_new()
 * said. */
int tls_link_init(struct tls_link *link, const struct xm_tls_config *client,
                  const struct tls_peer_config *server);
void tls_link_done(struct tls_link *link);
/* Runs the handshake to its end: what xm_tls_handshake() said last (0: it got stuck). */
int tls_link_handshake(struct tls_link *link);
/* One step of bytes from the server to the client, or all that is there. */
void tls_link_to_client(struct tls_link *link);
void tls_link_to_server(struct tls_link *link);
/* init and handshake in one, for tests of what comes after: 1 if it stands. */
int tls_link_open(struct tls_link *link, const char *priority);

#endif
