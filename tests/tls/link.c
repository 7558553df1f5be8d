/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Client and server, hand in hand. */
#include "tls/link.h"

#include <stdlib.h>

#include "check.h"

static struct cert ca;
static struct cert leaf;

struct cert *fixture_ca(void)
{
    static const struct cert_spec spec = {.cn = "Test Authority", .is_ca = 1};
    if (!ca.crt) {
        ca = cert_make(&spec, NULL);
    }
    return &ca;
}

struct cert *fixture_leaf(void)
{
    static const struct cert_spec spec = {
        .cn = "server", .dns = {"example.org"}, .eku = {GNUTLS_KP_TLS_WWW_SERVER}};
    if (!leaf.crt) {
        leaf = cert_make(&spec, fixture_ca());
    }
    return &leaf;
}

xmpp_trust *fixture_trust(void)
{
    xmpp_trust *trust = xmpp_trust_new();
    gnutls_datum_t pem = cert_pem(fixture_ca());
    CHECK_INT(xmpp_trust_add_ca_pem(trust, (const char *)pem.data, pem.size), 1);
    gnutls_free(pem.data);
    return trust;
}

void fixture_done(void)
{
    cert_free(&leaf);
    cert_free(&ca);
}

int tls_link_init(struct tls_link *link, const struct xm_tls_config *client,
                  const struct tls_peer_config *server)
{
    *link = (struct tls_link){.piece = 0};
    struct xm_tls_config config = {.domain = "example.org", .domain_ascii = "example.org"};
    struct tls_peer_config peer = {.chain = NULL};
    if (client) {
        config = *client;
    }
    if (server) {
        peer = *server;
    }
    if (!peer.chain) {
        peer.chain = fixture_leaf();
        peer.n_chain = 1;
    }
    xmpp_trust *trust = config.trust ? xmpp_trust_ref(config.trust) : fixture_trust();
    config.trust = trust;
    int ret = xm_tls_new(&link->client, &config);
    xmpp_trust_unref(trust);
    if (ret == 0) {
        link->server = tls_peer_new(&peer);
    }
    return ret;
}

void tls_link_done(struct tls_link *link)
{
    xm_tls_free(link->client);
    tls_peer_free(link->server);
    *link = (struct tls_link){.piece = 0};
}

static void carry(struct tls_link *link, struct xm_buf *to, struct xm_buf *from)
{
    size_t n = xm_buf_len(from);
    size_t piece = link->piece;
    if (link->seed != 0 && piece > 0) {
        link->seed = link->seed * 1103515245u + 12345u;
        piece = 1 + (link->seed >> 8) % piece;
    }
    if (piece > 0 && n > piece) {
        n = piece;
    }
    if (n > 0) {
        xm_buf_add(to, xm_buf_head(from), n);
        xm_buf_take(from, n);
    }
}

void tls_link_to_client(struct tls_link *link)
{
    carry(link, xm_tls_in(link->client), &link->server->out);
}

void tls_link_to_server(struct tls_link *link)
{
    carry(link, &link->server->in, xm_tls_out(link->client));
}

int tls_link_handshake(struct tls_link *link)
{
    int ret;
    size_t moved;
    int server = 0;
    do {
        ret = xm_tls_handshake(link->client);
        moved = xm_buf_len(xm_tls_out(link->client));
        tls_link_to_server(link);
        if (server >= 0) {
            server = tls_peer_handshake(link->server);
        }
        moved += xm_buf_len(&link->server->out);
        /* what comes behind the handshake is the test's */
        if (ret == 0) {
            tls_link_to_client(link);
        }
    } while (ret == 0 ? moved > 0 : xm_buf_len(xm_tls_out(link->client)) > 0);
    return ret;
}

int tls_link_open(struct tls_link *link, const char *priority)
{
    const struct tls_peer_config server = {.priority = priority};
    if (!CHECK_INT(tls_link_init(link, NULL, &server), 0)) {
        return 0;
    }
    return CHECK_INT(tls_link_handshake(link), 1);
}
