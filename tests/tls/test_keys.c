/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys that a hostile server shows to make a client compute: each is a certificate in the chain, in
 * a stapled revocation state or a TLSA record, whose RSA key is random bytes of some length. Nobody
 * could sign with it, and nobody has to: to verify nonsense takes as long. */
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#include "check.h"
#include "tls/link.h"
#include "tls/tlsa.h"
#include "xmpp/error.h"

enum place { IN_LEAF, IN_NAMED_LEAF, IN_MIDDLE, IN_STAPLE }; /* one that a TLSA record names */

struct row {
    const char *what;
    enum place place;
    size_t modulus; /* bytes */
    size_t exponent;
    int is_refused; /* for its key; or later, for its nonsense */
};

static void must(int ret)
{
    if (ret < 0) {
        abort();
    }
}

static gnutls_pubkey_t make_key(const struct row *row)
{
    static unsigned char modulus[8192];
    static unsigned char exponent[8192];
    gnutls_datum_t m = {modulus, (unsigned)row->modulus};
    gnutls_datum_t e = {exponent, (unsigned)row->exponent};
    gnutls_pubkey_t key;
    must(gnutls_rnd(GNUTLS_RND_NONCE, modulus, row->modulus));
    must(gnutls_rnd(GNUTLS_RND_NONCE, exponent, row->exponent));
    modulus[0] |= 0x80;
    modulus[row->modulus - 1] |= 1;
    exponent[0] |= 0x40;
    exponent[row->exponent - 1] |= 1;
    must(gnutls_pubkey_init(&key));
    must(gnutls_pubkey_import_rsa_raw(key, &m, &e));
    return key;
}

/* A good certificate in all but its key. */
static gnutls_x509_crt_t make_cert(gnutls_pubkey_t key, int is_ca)
{
    const struct cert_spec spec = {.cn = "Large", .dns = {"example.org"}, .is_ca = is_ca};
    struct cert cert = cert_make(&spec, fixture_ca());
    gnutls_x509_crt_t crt = cert.crt;
    must(gnutls_x509_crt_set_pubkey(crt, key));
    must(gnutls_x509_crt_sign2(crt, fixture_ca()->crt, fixture_ca()->key, GNUTLS_DIG_SHA256, 0));
    gnutls_x509_privkey_deinit(cert.key);
    return crt;
}

/* --- a private key that signs nonsense ---------------------------------------------------------- */

static int sign(gnutls_privkey_t key, gnutls_sign_algorithm_t algorithm, void *userdata,
                unsigned flags, const gnutls_datum_t *data, gnutls_datum_t *signature)
{
    const struct row *row = userdata;
    (void)key;
    (void)algorithm;
    (void)flags;
    (void)data;
    signature->size = (unsigned)row->modulus;
    signature->data = gnutls_malloc(row->modulus);
    if (!signature->data) {
        return GNUTLS_E_MEMORY_ERROR;
    }
    memset(signature->data, 0x11, row->modulus);
    return 0;
}

static int tell(gnutls_privkey_t key, unsigned what, void *userdata)
{
    const struct row *row = userdata;
    (void)key;
    if (what == GNUTLS_PRIVKEY_INFO_PK_ALGO) {
        return GNUTLS_PK_RSA;
    }
    if (what == GNUTLS_PRIVKEY_INFO_PK_ALGO_BITS) {
        return (int)row->modulus * 8;
    }
    return what & GNUTLS_PRIVKEY_INFO_HAVE_SIGN_ALGO ? 1 : -1;
}

/* --- a stapled state (RFC 6960 4.2.1) with a signer's certificate -------------------------------- */

static gnutls_datum_t staple;

static int give_staple(gnutls_session_t session, void *userdata, gnutls_datum_t *ret_state)
{
    (void)session;
    (void)userdata;
    ret_state->size = staple.size;
    ret_state->data = gnutls_malloc(staple.size);
    if (!ret_state->data) {
        return GNUTLS_E_MEMORY_ERROR;
    }
    memcpy(ret_state->data, staple.data, staple.size);
    return 0;
}

/* Puts a DER tag and length in front of what is behind `start`. */
static void wrap(struct xm_buf *der, size_t start, int tag)
{
    size_t n = xm_buf_len(der) - start;
    const uint8_t head[4] = {(uint8_t)tag, 0x82, (uint8_t)(n >> 8), (uint8_t)n};
    xm_buf_add(der, head, sizeof head);
    uint8_t *bytes = xm_buf_head(der) + start;
    memmove(bytes + sizeof head, bytes, n);
    memcpy(bytes, head, sizeof head);
}

static void make_staple(gnutls_x509_crt_t signer, struct xm_buf *der)
{
    static const uint8_t status[] = {0x0a, 1, 0}; /* successful */
    static const uint8_t basic[] = {6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1};
    static const uint8_t responder[] = {0xa2, 4, 4, 2, 'i', 'd'};
    static const char time[] = "\x18\x0f"
                               "20260101000000Z";
    static const uint8_t none[] = {0x30, 0};
    static const uint8_t algorithm[] = {0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86,
                                        0xf7, 13, 1, 1, 11,   5,    0};
    static const uint8_t signature[] = {3, 3, 0, 1, 2};
    gnutls_datum_t cert;
    must(gnutls_x509_crt_export2(signer, GNUTLS_X509_FMT_DER, &cert));
    xm_buf_add(der, status, sizeof status);
    size_t bytes = xm_buf_len(der);
    xm_buf_add(der, basic, sizeof basic);
    size_t response = xm_buf_len(der);
    xm_buf_add(der, responder, sizeof responder);
    xm_buf_add(der, time, sizeof time - 1);
    xm_buf_add(der, none, sizeof none);
    wrap(der, response, 0x30); /* ResponseData */
    xm_buf_add(der, algorithm, sizeof algorithm);
    xm_buf_add(der, signature, sizeof signature);
    size_t certs = xm_buf_len(der);
    xm_buf_add(der, cert.data, cert.size);
    wrap(der, certs, 0x30);
    wrap(der, certs, 0xa0);
    wrap(der, response, 0x30); /* BasicOCSPResponse */
    wrap(der, response, 0x04);
    wrap(der, bytes, 0x30); /* ResponseBytes */
    wrap(der, bytes, 0xa0);
    wrap(der, 0, 0x30);
    gnutls_free(cert.data);
}

/* --- the rows ------------------------------------------------------------------------------------ */

static void give_large_leaf(gnutls_certificate_credentials_t credentials, gnutls_x509_crt_t crt,
                            const struct row *row)
{
    gnutls_pcert_st chain; /* the credentials take over what is in it */
    gnutls_privkey_t key;
    must(gnutls_pcert_import_x509(&chain, crt, 0));
    must(gnutls_privkey_init(&key));
    must(gnutls_privkey_import_ext4(key, (void *)(uintptr_t)row, sign, sign, NULL, NULL, tell, 0));
    gnutls_certificate_set_flags(credentials, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
    must(gnutls_certificate_set_key(credentials, NULL, 0, &chain, 1, key));
}

static void run_row(const struct row *row, const char *priority)
{
    static const struct cert_spec spec = {.dns = {"example.org"}};
    static const struct cert_spec issuer_spec = {.cn = "Large", .is_ca = 1};
    gnutls_pubkey_t key = make_key(row);
    gnutls_x509_crt_t crt = make_cert(key, row->place == IN_MIDDLE);
    gnutls_certificate_credentials_t credentials;
    struct xm_buf der = {0};
    /* it says that the large key signed it */
    struct cert issuer = cert_make(&issuer_spec, fixture_ca());
    struct cert leaf = cert_make(&spec, row->place == IN_MIDDLE ? &issuer : fixture_ca());
    struct cert chain[2] = {leaf, {crt, NULL}};
    const struct tls_peer_config server = {
        .chain = chain, .n_chain = row->place == IN_MIDDLE ? 2 : 1, .priority = priority};
    uint8_t digest[32];
    const struct cert large = {crt, NULL};
    const struct xm_tlsa tlsa = tlsa_make(&large, 3, 0, 1, digest, sizeof digest);
    const struct xm_tls_config client = {.domain = "example.org",
                                         .domain_ascii = "example.org",
                                         .tlsa = &tlsa,
                                         .n_tlsa = row->place == IN_NAMED_LEAF ? 1 : 0};
    struct tls_link link;
    must(tls_link_init(&link, &client, &server));
    must(gnutls_certificate_allocate_credentials(&credentials));
    if (row->place == IN_LEAF || row->place == IN_NAMED_LEAF) {
        give_large_leaf(credentials, crt, row);
        must(gnutls_credentials_set(link.server->session, GNUTLS_CRD_CERTIFICATE, credentials));
    } else if (row->place == IN_STAPLE) {
        make_staple(crt, &der);
        staple = (gnutls_datum_t){xm_buf_head(&der), (unsigned)xm_buf_len(&der)};
        gnutls_certificate_set_ocsp_status_request_function(link.server->credentials, give_staple,
                                                            NULL);
    }
    int ret = tls_link_handshake(&link);
    const char *reason = xm_tls_get_reason(link.client);
    check_note("%s, %s: %s", row->what, priority, reason);
    CHECK(ret < 0);
    CHECK_INT(strstr(reason, "key that is too large") != NULL, row->is_refused);
    CHECK_INT(ret == XMPP_E_CERT_BAD && xm_tls_get_findings(link.client) == XMPP_CERT_BAD,
              row->is_refused || row->place == IN_STAPLE);
    tls_link_done(&link);
    gnutls_certificate_free_credentials(credentials);
    gnutls_x509_crt_deinit(crt);
    gnutls_pubkey_deinit(key);
    cert_free(&issuer);
    cert_free(&leaf);
    xm_buf_done(&der);
}

static void keys_are_bounded(void)
{
    static const struct row rows[] = {
        {"a long modulus", IN_LEAF, 2049, 3, 1},
        {"a long exponent", IN_LEAF, 512, 9, 1},
        {"the longest", IN_LEAF, 2048, 8, 0},
        {"a long modulus in a TLSA record's", IN_NAMED_LEAF, 2049, 3, 1},
        {"a long exponent in a TLSA record's", IN_NAMED_LEAF, 512, 9, 1},
        {"the longest in a TLSA record's", IN_NAMED_LEAF, 2048, 8, 0},
        {"both very long", IN_LEAF, 4096, 4096, 1},
        {"a long key in the chain", IN_MIDDLE, 2049, 3, 1},
        {"a long exponent in the chain", IN_MIDDLE, 512, 512, 1},
        {"a long key beside a stapled state", IN_STAPLE, 2049, 3, 1},
        {"a long exponent beside a stapled state", IN_STAPLE, 512, 512, 1},
        {"the longest beside a stapled state", IN_STAPLE, 2048, 8, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run_row(&rows[i], TLS12);
        run_row(&rows[i], TLS13);
    }
}

/* An authority that nobody sent: its whole certificate stands in DNS (RFC 7671 5.2.2). */
static void keys_of_records_are_bounded(void)
{
    static const struct row rows[] = {
        {"a long modulus", IN_LEAF, 2049, 3, 1},
        {"a long exponent", IN_LEAF, 512, 9, 1},
        {"the longest", IN_LEAF, 2048, 8, 0},
    };
    static const struct cert_spec spec = {.dns = {"example.org"}};
    static const struct cert_spec issuer_spec = {.cn = "Large", .is_ca = 1, .rsa_bits = 2048};
    struct cert issuer = cert_make(&issuer_spec, fixture_ca());
    struct cert leaf = cert_make(&spec, &issuer);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static uint8_t room[8192];
        gnutls_pubkey_t key = make_key(&rows[i]);
        const struct cert large = {make_cert(key, 1), NULL};
        const struct xm_tlsa tlsa = tlsa_make(&large, 2, 0, 0, room, sizeof room);
        const struct xm_tls_config client = {
            .domain = "example.org", .domain_ascii = "example.org", .tlsa = &tlsa, .n_tlsa = 1};
        const struct tls_peer_config server = {.chain = &leaf, .n_chain = 1};
        struct tls_link link;
        check_note("%s", rows[i].what);
        must(tls_link_init(&link, &client, &server));
        /* where it was computed with, its signature is what is wrong */
        CHECK_INT(tls_link_handshake(&link),
                  rows[i].is_refused ? XMPP_E_CERT_DANE : XMPP_E_CERT_UNTRUSTED);
        tls_link_done(&link);
        gnutls_x509_crt_deinit(large.crt);
        gnutls_pubkey_deinit(key);
    }
    cert_free(&leaf);
    cert_free(&issuer);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"keys are bounded before they are used", keys_are_bounded},
        {"so are those that DNS brings", keys_of_records_are_bounded},
    };
    atexit(fixture_done);
    return CHECK_MAIN(argc, argv, "tls keys", cases);
}
