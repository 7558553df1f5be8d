/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Out of memory at every allocation of ours: an error that travels, nothing leaks, and never is a
 * session open that was not verified. (GnuTLS's own allocations are not ours to fail.) */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "nomem.h"
#include "tls/link.h"
#include "tls/tlsa.h"
#include "xmpp/error.h"

struct world {
    gnutls_datum_t ca, cert, key;
    struct cert leaf;
    int has_tlsa;
    struct xm_tlsa tlsa;
    uint8_t digest[32];
};

/* The server's turn is not tested. */
static int serve(struct tls_link *link)
{
    nomem_pause();
    tls_link_to_server(link);
    int ret = tls_peer_handshake(link->server);
    nomem_resume();
    return ret;
}

static int shake(struct tls_link *link)
{
    for (;;) {
        int ret = xm_tls_handshake(link->client);
        size_t said = xm_buf_len(xm_tls_out(link->client));
        serve(link);
        if (ret != 0) {
            return ret;
        }
        struct xm_buf *from = &link->server->out;
        if (said == 0 && xm_buf_len(from) == 0) {
            return 0;
        }
        if (xm_buf_add(xm_tls_in(link->client), xm_buf_head(from), xm_buf_len(from)) < 0) {
            return XMPP_E_NOMEM;
        }
        xm_buf_clear(from);
    }
}

/* A whole life: 1 at its end, or why it ended before. */
static int live(const struct world *world, struct tls_link *link, xmpp_trust **trust,
                struct xm_tls_identity **identity)
{
    /* what the digest is of does not matter: another usage has the right one */
    const struct xm_tlsa tlsa[] = {{3, 0, 1, sizeof world->digest, world->digest}, world->tlsa};
    const uint8_t *bytes;
    size_t n;
    *trust = xmpp_trust_new();
    if (!*trust) {
        return XMPP_E_NOMEM;
    }
    int ret = xmpp_trust_add_ca_pem(*trust, (const char *)world->ca.data, world->ca.size);
    if (ret < 0) {
        return ret;
    }
    ret = xm_tls_identity_load(identity, (const char *)world->cert.data, world->cert.size,
                               (const char *)world->key.data, world->key.size);
    if (ret < 0) {
        return ret;
    }
    const struct xm_tls_config config = {.domain = "bücher.example",
                                         .domain_ascii = "xn--bcher-kva.example",
                                         .identity = *identity,
                                         .alpn = "xmpp-client",
                                         .trust = *trust,
                                         .tlsa = world->has_tlsa ? tlsa : NULL,
                                         .n_tlsa = world->has_tlsa ? 2 : 0,
                                         .tlsa_host = "xmpp.example.net"};
    ret = xm_tls_new(&link->client, &config);
    if (ret == 0) {
        ret = shake(link);
    }
    if (ret == 1) {
        ret = xm_tls_send(link->client, "<iq/>", 5);
        ret = ret == 0 ? 1 : ret;
    }
    if (ret == 1 && xm_tls_recv(link->client, &bytes, &n) < 0) {
        ret = XMPP_E_INTERNAL;
    }
    if (ret == 1) {
        xm_tls_close(link->client);
    }
    return ret;
}

static void fail_each(int has_tlsa, unsigned usage, const struct cert *of)
{
    static const struct cert_spec spec = {.xmpp = {"BÜCHER.example"}};
    uint8_t room[1024];
    struct world world = {.leaf = cert_make(&spec, fixture_ca()), .has_tlsa = has_tlsa};
    const struct tls_peer_config server = {
        .chain = &world.leaf, .n_chain = 1, .asks_certificate = 1, .alpn = "xmpp-client"};
    int ret = 0;
    int n;
    world.tlsa = tlsa_make(of ? of : &world.leaf, usage, 0, 0, room, sizeof room);
    world.ca = cert_pem(fixture_ca());
    world.cert = cert_pem(fixture_leaf());
    world.key = cert_key_pem(fixture_leaf());
    for (n = 0; n < 1000; n++) {
        struct tls_link link = {.server = tls_peer_new(&server)};
        xmpp_trust *trust = NULL;
        struct xm_tls_identity *identity = NULL;
        check_note("usage %d, allocation %d", has_tlsa ? (int)usage : -1, n);
        nomem_at(n);
        ret = live(&world, &link, &trust, &identity);
        int is_used = nomem_end();
        if (ret == 1 && !is_used) { /* fewer allocations than that */
            n = 2000;
        } else if (ret != 1) {
            CHECK_INT(ret, XMPP_E_NOMEM);
        }
        xm_tls_free(link.client);
        tls_peer_free(link.server);
        xm_tls_identity_free(identity);
        xmpp_trust_unref(trust);
    }
    CHECK_INT(ret, 1);
    CHECK(n > 2000);
    gnutls_free(world.ca.data);
    gnutls_free(world.cert.data);
    gnutls_free(world.key.data);
    cert_free(&world.leaf);
}

static void every_allocation_fails_once(void)
{
    fail_each(0, 0, NULL);
    fail_each(1, 0, fixture_ca());
    fail_each(1, 1, NULL);
    fail_each(1, 2, fixture_ca());
    fail_each(1, 3, NULL);
}

/* The sentence for a person may be missing then; the refusal is not. */
static void a_refusal_without_memory(void)
{
    uint8_t room[32];
    const struct xm_tlsa tlsa = tlsa_make(fixture_ca(), 3, 1, 1, room, sizeof room);
    for (int n = 0; n < 40; n++) {
        int has_tlsa = n & 1;
        const struct xm_tls_config client = {.domain = "example.net",
                                             .domain_ascii = "example.net",
                                             .tlsa = &tlsa,
                                             .n_tlsa = has_tlsa ? 1 : 0};
        struct tls_link link;
        check_note("allocation %d", n);
        CHECK_INT(tls_link_init(&link, &client, NULL), 0);
        nomem_at(n / 2);
        int ret = shake(&link);
        nomem_end();
        CHECK(ret == XMPP_E_NOMEM || ret == (has_tlsa ? XMPP_E_CERT_DANE : XMPP_E_CERT_NAME));
        CHECK(strlen(xm_tls_get_reason(link.client)) > 0 || ret == XMPP_E_NOMEM);
        CHECK(xm_tls_send(link.client, "secret", 6) < 0);
        tls_link_done(&link);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"every allocation fails once", every_allocation_fails_once},
        {"a refusal without memory", a_refusal_without_memory},
    };
    atexit(fixture_done);
    return CHECK_MAIN(argc, argv, "tls memory", cases);
}
