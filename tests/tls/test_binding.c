/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Channel bindings: equal on both ends, and absent where they would bind nothing. RFC 5929,
 * RFC 9266. */
#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>

#include "check.h"
#include "tls/link.h"
#include "tls/session.h"

#define NO_EMS ":%NO_SESSION_HASH"

static const enum xm_tls_binding types[] = {XM_TLS_EXPORTER, XM_TLS_END_POINT, XM_TLS_UNIQUE};
static const gnutls_channel_binding_t peer_types[] = {
    GNUTLS_CB_TLS_EXPORTER, GNUTLS_CB_TLS_SERVER_END_POINT, GNUTLS_CB_TLS_UNIQUE};

static void which_can_be_had(void)
{
    static const struct {
        const char *priority;
        size_t n[3]; /* bytes, in the order of types[] */
    } rows[] = {
        {TLS13, {32, 32, 0}},
        {TLS12, {32, 32, 12}},
        {TLS12 NO_EMS, {0, 32, 0}}, /* RFC 7627: the triple handshake */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_link link;
        check_note("%s", rows[i].priority);
        if (tls_link_open(&link, rows[i].priority)) {
            struct xm_tls_facts facts;
            xm_tls_get_facts(link.client, &facts);
            CHECK_INT(facts.has_ems, i == 1);
            CHECK_INT(tls_peer_handshake(link.server), 1);
            for (size_t type = 0; type < 3; type++) {
                uint8_t buf[64];
                gnutls_datum_t theirs = {NULL, 0};
                size_t n = xm_tls_get_binding(link.client, types[type], buf);
                CHECK_INT(n, rows[i].n[type]);
                if (n > 0 && CHECK_INT(gnutls_session_channel_binding(link.server->session,
                                                                      peer_types[type], &theirs),
                                       0)) {
                    CHECK_MEM(buf, n, theirs.data, theirs.size);
                }
                gnutls_free(theirs.data);
            }
        }
        tls_link_done(&link);
    }
}

/* No two sessions have the same, but for the certificate's. */
static void they_differ(void)
{
    uint8_t first[3][64];
    uint8_t second[64];
    struct tls_link link;
    for (int round = 0; round < 2; round++) {
        if (tls_link_open(&link, TLS12)) {
            for (size_t type = 0; type < 3; type++) {
                size_t n =
                    xm_tls_get_binding(link.client, types[type], round ? second : first[type]);
                CHECK(n > 0);
                if (round == 1) {
                    CHECK_INT(memcmp(first[type], second, n) == 0, types[type] == XM_TLS_END_POINT);
                }
            }
        }
        tls_link_done(&link);
    }
}

/* RFC 5929 4.1: the hash of the certificate's signature. */
static void hashes_of_the_end_point(void)
{
    static const struct {
        struct cert_spec spec;
        gnutls_digest_algorithm_t hash; /* what the binding is made with */
        size_t n;
    } rows[] = {
        {{.dns = {"example.org"}}, GNUTLS_DIG_SHA256, 32},
        {{.dns = {"example.org"}, .hash = GNUTLS_DIG_SHA384}, GNUTLS_DIG_SHA384, 48},
        {{.dns = {"example.org"}, .hash = GNUTLS_DIG_SHA512}, GNUTLS_DIG_SHA512, 64},
        {{.dns = {"example.org"}, .rsa_bits = 2048}, GNUTLS_DIG_SHA256, 32},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cert leaf = cert_make(&rows[i].spec, fixture_ca());
        const struct tls_peer_config server = {.chain = &leaf, .n_chain = 1};
        struct tls_link link;
        uint8_t ours[64];
        uint8_t want[64];
        gnutls_datum_t der;
        check_note("row %zu", i);
        CHECK_INT(tls_link_init(&link, NULL, &server), 0);
        CHECK_INT(tls_link_handshake(&link), 1);
        CHECK_INT(gnutls_x509_crt_export2(leaf.crt, GNUTLS_X509_FMT_DER, &der), 0);
        gnutls_hash_fast(rows[i].hash, der.data, der.size, want);
        size_t n = xm_tls_get_binding(link.client, XM_TLS_END_POINT, ours);
        CHECK_MEM(ours, n, want, rows[i].n);
        gnutls_free(der.data);
        tls_link_done(&link);
        cert_free(&leaf);
    }
}

/* RFC 5929 4.1, whole: no authority that is trusted today signs with the hashes that are replaced. */
static void rule_of_the_end_point(void)
{
    static const struct {
        int signature;
        gnutls_digest_algorithm_t hash;
    } rows[] = {
        {GNUTLS_SIGN_RSA_MD5, GNUTLS_DIG_SHA256},
        {GNUTLS_SIGN_RSA_SHA1, GNUTLS_DIG_SHA256},
        {GNUTLS_SIGN_DSA_SHA1, GNUTLS_DIG_SHA256},
        {GNUTLS_SIGN_ECDSA_SHA1, GNUTLS_DIG_SHA256},
        {GNUTLS_SIGN_RSA_SHA224, GNUTLS_DIG_SHA224},
        {GNUTLS_SIGN_RSA_SHA256, GNUTLS_DIG_SHA256},
        {GNUTLS_SIGN_RSA_PSS_SHA256, GNUTLS_DIG_SHA256},
        {GNUTLS_SIGN_ECDSA_SHA256, GNUTLS_DIG_SHA256},
        {GNUTLS_SIGN_RSA_SHA384, GNUTLS_DIG_SHA384},
        {GNUTLS_SIGN_RSA_PSS_SHA384, GNUTLS_DIG_SHA384},
        {GNUTLS_SIGN_ECDSA_SHA384, GNUTLS_DIG_SHA384},
        {GNUTLS_SIGN_RSA_SHA512, GNUTLS_DIG_SHA512},
        {GNUTLS_SIGN_RSA_PSS_SHA512, GNUTLS_DIG_SHA512},
        {GNUTLS_SIGN_ECDSA_SHA512, GNUTLS_DIG_SHA512},
        {GNUTLS_SIGN_EDDSA_ED25519, GNUTLS_DIG_UNKNOWN},
        {GNUTLS_SIGN_EDDSA_ED448, GNUTLS_DIG_UNKNOWN},
        {GNUTLS_SIGN_UNKNOWN, GNUTLS_DIG_UNKNOWN},
        {GNUTLS_E_ASN1_DER_ERROR, GNUTLS_DIG_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_note("row %zu", i);
        CHECK_INT(xm_tls_end_point_hash(rows[i].signature), rows[i].hash);
    }
}

/* Its signature names no hash: there is nothing that both ends would surely agree on. */
static void no_end_point_of_eddsa(void)
{
    static const struct cert_spec ca_spec = {.cn = "Edwards", .is_ca = 1, .is_ed25519 = 1};
    static const struct cert_spec spec = {.dns = {"example.org"}};
    struct cert ca = cert_make(&ca_spec, NULL);
    struct cert leaf = cert_make(&spec, &ca);
    gnutls_datum_t pem = cert_pem(&ca);
    xmpp_trust *trust = xmpp_trust_new();
    CHECK_INT(xmpp_trust_add_ca_pem(trust, (const char *)pem.data, pem.size), 1);
    const struct xm_tls_config client = {
        .domain = "example.org", .domain_ascii = "example.org", .trust = trust};
    const struct tls_peer_config server = {.chain = &leaf, .n_chain = 1};
    struct tls_link link;
    uint8_t buf[64];
    CHECK_INT(tls_link_init(&link, &client, &server), 0);
    CHECK_INT(tls_link_handshake(&link), 1);
    CHECK_INT(xm_tls_get_binding(link.client, XM_TLS_END_POINT, buf), 0);
    CHECK_INT(xm_tls_get_binding(link.client, XM_TLS_EXPORTER, buf), 32);
    tls_link_done(&link);
    xmpp_trust_unref(trust);
    gnutls_free(pem.data);
    cert_free(&leaf);
    cert_free(&ca);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"which can be had, equal on both ends", which_can_be_had},
        {"they differ from session to session", they_differ},
        {"the hash of the end point", hashes_of_the_end_point},
        {"the rule for that hash", rule_of_the_end_point},
        {"no end point where the signature has no hash", no_end_point_of_eddsa},
    };
    atexit(fixture_done);
    return CHECK_MAIN(argc, argv, "tls binding", cases);
}
