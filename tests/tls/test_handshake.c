/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handshake: what is offered, what is agreed, and everything that must end it. Threats 14, 19
 * and 31. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tls/link.h"
#include "xmpp/error.h"

static const char *const versions[] = {TLS12, TLS13};

static const struct xm_tls_config example = {.domain = "example.org",
                                             .domain_ascii = "example.org"};

/* Feeds the bytes in place of what a server would say. */
static int answer(const void *bytes, size_t n, const char *says)
{
    struct tls_link link;
    CHECK_INT(tls_link_init(&link, NULL, NULL), 0);
    CHECK_INT(xm_tls_handshake(link.client), 0);
    xm_buf_add(xm_tls_in(link.client), bytes, n);
    int ret = xm_tls_handshake(link.client);
    CHECK_INT(xm_tls_handshake(link.client), ret); /* and for ever */
    if (says && !strstr(xm_tls_get_reason(link.client), says)) {
        CHECK_FAIL("\"%s\" does not say \"%s\"", xm_tls_get_reason(link.client), says);
    }
    tls_link_done(&link);
    return ret;
}

static void agrees_on_both_versions(void)
{
    static const char *const names[] = {"TLS1.2", "TLS1.3"};
    for (int i = 0; i < 2; i++) {
        struct tls_link link;
        struct xm_tls_facts facts;
        if (tls_link_open(&link, versions[i])) {
            xm_tls_get_facts(link.client, &facts);
            CHECK_STR(facts.version, names[i]);
            CHECK_INT(facts.is_tls13, i);
            CHECK_INT(facts.has_ems, i == 0);
            CHECK(strncmp(facts.cipher, "TLS_", 4) == 0);
            CHECK_STR(facts.alpn, NULL);
            CHECK_INT(xm_tls_handshake(link.client), 1);
            CHECK_STR(xm_tls_get_reason(link.client), "");
        }
        tls_link_done(&link);
    }
}

static void prefers_the_newer(void)
{
    struct tls_link link;
    struct xm_tls_facts facts;
    if (tls_link_open(&link, NULL)) {
        xm_tls_get_facts(link.client, &facts);
        CHECK_STR(facts.version, "TLS1.3");
    }
    tls_link_done(&link);
}

/* RFC 8996. An old server finds nothing, and one that answers with TLS 1.1 all the same is
 * refused. */
static void refuses_old_versions(void)
{
    static const unsigned char hello11[] = {
        0x16, 0x03, 0x02, 0,  42, 2,  0,  0,  38, 0x03, 0x02, /* record, server_hello, TLS 1.1 */
        1,    2,    3,    4,  5,  6,  7,  8,  9,  10,   11,   12, 13, 14, 15, 16,   17,   18,
        19,   20,   21,   22, 23, 24, 25, 26, 27, 28,   29,   30, 31, 32, 0,  0xC0, 0x13, 0};
    CHECK_INT(answer(hello11, sizeof hello11, NULL), XMPP_E_TLS);
    static const char *const old[] = {"NORMAL:-VERS-ALL:+VERS-TLS1.1",
                                      "NORMAL:-VERS-ALL:+VERS-TLS1.0"};
    for (int i = 0; i < 2; i++) {
        const struct tls_peer_config server = {.priority = old[i]};
        struct tls_link link;
        CHECK_INT(tls_link_init(&link, NULL, &server), 0);
        CHECK_INT(tls_link_handshake(&link), XMPP_E_TLS);
        tls_link_done(&link);
    }
}

/* RFC 9325 4.1, 4.2: no static RSA, no DHE on 1.2, no CBC. */
static void refuses_old_ciphers(void)
{
    static const char *const weak[] = {TLS12 ":-KX-ALL:+RSA", TLS12 ":-KX-ALL:+DHE-RSA",
                                       TLS12 ":-CIPHER-ALL:+AES-128-CBC:+AES-256-CBC",
                                       TLS12 ":-CIPHER-ALL:+NULL", TLS12 ":-KX-ALL:+ANON-ECDH"};
    static const struct cert_spec spec = {.dns = {"example.org"}, .rsa_bits = 2048};
    struct cert leaf = cert_make(&spec, fixture_ca());
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        const struct tls_peer_config server = {.chain = &leaf, .n_chain = 1, .priority = weak[i]};
        struct tls_link link;
        check_note("%s", weak[i]);
        CHECK_INT(tls_link_init(&link, NULL, &server), 0);
        CHECK_INT(tls_link_handshake(&link), XMPP_E_TLS);
        CHECK(strstr(xm_tls_get_reason(link.client), "alert") != NULL);
        tls_link_done(&link);
    }
    cert_free(&leaf);
}

static void sends_the_name(void)
{
    static const uint8_t digest[32];
    static const struct xm_tlsa tlsa = {3, 1, 1, sizeof digest, digest};
    static const struct {
        const char *domain, *ascii, *want;
    } rows[] = {{"example.org", "example.org", "example.org"},
                {"bücher.example", "xn--bcher-kva.example", "xn--bcher-kva.example"},
                {"192.0.2.1", "192.0.2.1", NULL},
                {"[2001:db8::1]", "[2001:db8::1]", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        /* whatever DNSSEC says of the host (RFC 7673 4.1) */
        const struct xm_tls_config client = {.domain = rows[i].domain,
                                             .domain_ascii = rows[i].ascii,
                                             .is_direct = 1,
                                             .tlsa = &tlsa,
                                             .n_tlsa = 1,
                                             .tlsa_host = "xmpp.example.net"};
        struct tls_link link;
        char name[256];
        size_t n = sizeof name;
        unsigned type;
        check_note("%s", rows[i].domain);
        CHECK_INT(tls_link_init(&link, &client, NULL), 0);
        tls_link_handshake(&link);
        int ret = gnutls_server_name_get(link.server->session, name, &n, &type, 0);
        if (rows[i].want) {
            CHECK_INT(ret, 0);
            CHECK_STR(name, rows[i].want);
        } else {
            CHECK_INT(ret, GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE);
        }
        tls_link_done(&link);
    }
}

static void alpn(void)
{
    static const char *const offers[] = {"xmpp-client", NULL, "h2"};
    for (int v = 0; v < 2; v++) {
        for (size_t i = 0; i < 3; i++) {
            struct xm_tls_config client = example;
            const struct tls_peer_config server = {.alpn = offers[i], .priority = versions[v]};
            struct tls_link link;
            struct xm_tls_facts facts;
            client.alpn = "xmpp-client";
            check_note("version %d, row %zu", v, i);
            CHECK_INT(tls_link_init(&link, &client, &server), 0);
            if (CHECK_INT(tls_link_handshake(&link), 1)) {
                xm_tls_get_facts(link.client, &facts);
                CHECK_STR(facts.alpn, i == 0 ? "xmpp-client" : NULL);
            }
            tls_link_done(&link);
        }
    }
}

/* RFC 7301 3.2: the server may choose of what was offered only. GnuTLS's server would not do it, so
 * what it chose is changed behind its back. */
static int choose_another(gnutls_session_t session, unsigned type, unsigned when, unsigned incoming,
                          const gnutls_datum_t *message)
{
    static unsigned char name[] = "xmpp-server"; /* as long as the one it takes the place of */
    const gnutls_datum_t protocol = {name, sizeof name - 1};
    (void)type;
    (void)when;
    (void)incoming;
    (void)message;
    return gnutls_alpn_set_protocols(session, &protocol, 1, 0);
}

static void alpn_of_another_protocol(void)
{
    for (int v = 0; v < 2; v++) {
        struct xm_tls_config client = example;
        const struct tls_peer_config server = {.alpn = "xmpp-client", .priority = versions[v]};
        struct tls_link link;
        client.alpn = "xmpp-client";
        check_note("version %d", v);
        CHECK_INT(tls_link_init(&link, &client, &server), 0);
        gnutls_handshake_set_hook_function(link.server->session, GNUTLS_HANDSHAKE_CLIENT_HELLO,
                                           GNUTLS_HOOK_POST, choose_another);
        CHECK_INT(tls_link_handshake(&link), XMPP_E_TLS);
        CHECK(strstr(xm_tls_get_reason(link.client), "application protocol") != NULL);
        CHECK(!link.server->is_open);
        tls_link_done(&link);
    }
}

static int note_extension(void *ctx, unsigned type, const unsigned char *bytes, unsigned n)
{
    enum { SESSION_TICKET = 35, PRE_SHARED_KEY = 41, PSK_KEY_EXCHANGE_MODES = 45, POST_AUTH = 49 };
    (void)bytes;
    (void)n;
    *(int *)ctx |= type == SESSION_TICKET || type == PRE_SHARED_KEY ||
                   type == PSK_KEY_EXCHANGE_MODES || type == POST_AUTH;
    return 0;
}

/* Neither tickets nor a certificate that is asked for later (RFC 8446 4.2.6, 4.2.9, 4.6). */
static void offers_no_resumption(void)
{
    struct tls_link link;
    int is_offered = 0;
    CHECK_INT(tls_link_init(&link, NULL, NULL), 0);
    CHECK_INT(xm_tls_handshake(link.client), 0);
    const struct xm_buf *out = xm_tls_out(link.client);
    const size_t heads = 5 + 4; /* of the record, of the message */
    const gnutls_datum_t hello = {xm_buf_head(out) + heads, (unsigned)(xm_buf_len(out) - heads)};
    CHECK_INT(gnutls_ext_raw_parse(&is_offered, note_extension, &hello,
                                   GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO),
              0);
    CHECK(!is_offered);
    tls_link_done(&link);
}

static void plain_text_instead_of_tls(void)
{
    static const char *const texts[] = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "<stream:error xmlns:stream='http://etherx.jabber.org/streams'/>",
        "220 mail.example.org ESMTP\r\n", "\x80\x2e\x01\x03\x01 an SSLv2 hello in its days"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_note("%s", texts[i]);
        CHECK_INT(answer(texts[i], strlen(texts[i]), "handshake failed"), XMPP_E_TLS);
    }
}

static void alerts_are_told(void)
{
    static const unsigned char alert[] = {0x15, 3, 3, 0, 2, 2, 40};
    static const unsigned char mail[] = {0x15, 3, 3, 0, 2, 2, 112};
    CHECK_INT(answer(alert, sizeof alert, "Handshake failed"), XMPP_E_TLS);
    CHECK_INT(answer(mail, sizeof mail, "alert"), XMPP_E_TLS);
}

/* Nothing that a server repeats makes the handshake last for ever, or fills the memory. */
static void floods(void)
{
    static const struct {
        const char *what;
        unsigned char bytes[16];
        size_t n;
    } rows[] = {
        {"warnings", {0x15, 3, 3, 0, 2, 1, 90}, 7},
        {"change_cipher_spec", {0x14, 3, 3, 0, 1, 1}, 6},
        {"empty handshake records", {0x16, 3, 3, 0, 0}, 5},
        {"hello requests", {0x16, 3, 3, 0, 4, 0, 0, 0, 0}, 9},
        {"one byte of a huge message", {0x16, 3, 3, 0, 4, 2, 0xFF, 0xFF, 0xFF}, 9},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tls_link link;
        size_t fed = 0;
        int ret = 0;
        check_note("%s", rows[i].what);
        CHECK_INT(tls_link_init(&link, NULL, NULL), 0);
        CHECK_INT(xm_tls_handshake(link.client), 0);
        while (ret == 0 && fed < 1000000) {
            xm_buf_add(xm_tls_in(link.client), rows[i].bytes, rows[i].n);
            fed += rows[i].n;
            ret = xm_tls_handshake(link.client);
        }
        CHECK_INT(ret, XMPP_E_TLS);
        CHECK(fed < 100000);
        CHECK(xm_buf_len(xm_tls_out(link.client)) < 2000);
        tls_link_done(&link);
    }
}

/* A certificate that never ends. */
static void a_message_without_end(void)
{
    unsigned char record[5 + 1024] = {0x16, 3, 3, 4, 0};
    struct tls_link link;
    int ret = 0;
    size_t fed = 0;
    CHECK_INT(tls_link_init(&link, NULL, NULL), 0);
    CHECK_INT(xm_tls_handshake(link.client), 0);
    record[5] = 2; /* server_hello, of 30,000 bytes */
    record[7] = 0x75;
    while (ret == 0 && fed < 1000000) {
        xm_buf_add(xm_tls_in(link.client), record, sizeof record);
        record[5] = record[7] = 0;
        fed += sizeof record;
        ret = xm_tls_handshake(link.client);
    }
    CHECK_INT(ret, XMPP_E_TLS);
    CHECK(fed < 70000);
    tls_link_done(&link);
}

static void the_end_in_the_middle(void)
{
    for (int v = 0; v < 2; v++) {
        for (size_t cut = 0; cut < 400; cut += 13) {
            const struct tls_peer_config server = {.priority = versions[v]};
            struct tls_link link;
            check_note("version %d, cut at %zu", v, cut);
            CHECK_INT(tls_link_init(&link, NULL, &server), 0);
            CHECK_INT(xm_tls_handshake(link.client), 0);
            tls_link_to_server(&link);
            CHECK_INT(tls_peer_handshake(link.server), 0);
            xm_buf_cut(&link.server->out, cut);
            tls_link_to_client(&link);
            CHECK_INT(xm_tls_handshake(link.client), 0);
            xm_tls_in_end(link.client);
            CHECK_INT(xm_tls_handshake(link.client), XMPP_E_TRUNCATED);
            tls_link_done(&link);
        }
    }
}

/* 1 if the byte is one of a record's version, which nobody reads (RFC 8446 5.1), or in TLS 1.3 its
 * type, which GnuTLS does not read where the true one is inside (RFC 8446 5.2). */
static int is_unread(const struct xm_buf *flight, size_t at, int is_tls13)
{
    const uint8_t *bytes = xm_buf_head(flight);
    size_t start = 0;
    while (start + 5 <= at) {
        size_t next = start + 5 + ((size_t)bytes[start + 3] << 8 | bytes[start + 4]);
        if (next > at) {
            return 0;
        }
        start = next;
    }
    return at - start == 1 || at - start == 2 || (is_tls13 && at == start);
}

/* A bit that somebody on the way changed: no handshake comes to its end. */
static void flipped_bits(void)
{
    for (int v = 0; v < 2; v++) {
        size_t n = 1;
        for (size_t at = 0; at < n; at += 11) {
            const struct tls_peer_config server = {.priority = versions[v]};
            struct tls_link link;
            CHECK_INT(tls_link_init(&link, NULL, &server), 0);
            CHECK_INT(xm_tls_handshake(link.client), 0);
            tls_link_to_server(&link);
            CHECK_INT(tls_peer_handshake(link.server), 0);
            struct xm_buf *flight = &link.server->out;
            n = xm_buf_len(flight); /* signatures are not all of one length */
            if (at < n && !is_unread(flight, at, v == 1)) {
                xm_buf_head(flight)[at] ^= (uint8_t)(1u << at % 8);
                int ret = tls_link_handshake(&link);
                check_note("version %d, byte %zu: %d", v, at, ret);
                CHECK(ret <= 0);
                CHECK(!link.server->is_open || ret < 0);
                CHECK(xm_tls_send(link.client, "secret", 6) < 0);
            }
            tls_link_done(&link);
        }
    }
}

static void any_pieces(void)
{
    for (int v = 0; v < 2; v++) {
        for (unsigned seed = 0; seed < 20; seed++) {
            const struct tls_peer_config server = {.priority = versions[v]};
            struct tls_link link;
            check_note("version %d, seed %u", v, seed);
            CHECK_INT(tls_link_init(&link, NULL, &server), 0);
            link.piece = seed == 0 ? 1 : 300;
            link.seed = seed;
            CHECK_INT(tls_link_handshake(&link), 1);
            tls_link_done(&link);
        }
    }
}

static void the_clients_certificate(void)
{
    static const struct cert_spec spec = {.cn = "juliet", .xmpp = {"juliet@example.org"}};
    struct cert cert = cert_make(&spec, fixture_ca());
    gnutls_datum_t pem = cert_pem(&cert);
    gnutls_datum_t key = cert_key_pem(&cert);
    struct xm_tls_identity *identity = NULL;
    CHECK_INT(xm_tls_identity_load(&identity, (const char *)pem.data, pem.size,
                                   (const char *)key.data, key.size),
              0);
    for (int i = 0; i < 8; i++) {
        int asks = i & 1;
        int has = (i & 2) != 0;
        struct xm_tls_config client = example;
        const struct tls_peer_config server = {.asks_certificate = asks,
                                               .priority = versions[i >> 2]};
        struct tls_link link;
        unsigned n = 0;
        check_note("%s, %s", asks ? "asked" : "not asked", has ? "has one" : "has none");
        client.identity = has ? identity : NULL;
        CHECK_INT(tls_link_init(&link, &client, &server), 0);
        CHECK_INT(tls_link_handshake(&link), 1);
        CHECK_INT(tls_peer_handshake(link.server), 1);
        const gnutls_datum_t *chain = gnutls_certificate_get_peers(link.server->session, &n);
        CHECK_INT(chain && n > 0, asks && has);
        tls_link_done(&link);
    }
    xm_tls_identity_free(identity);
    gnutls_free(pem.data);
    gnutls_free(key.data);
    cert_free(&cert);
}

/* Who we are is said to nobody but the server that we meant. */
static void the_clients_certificate_is_not_for_strangers(void)
{
    static const struct cert_spec mine = {.cn = "juliet"};
    static const struct cert_spec other = {.dns = {"example.net"}};
    struct cert cert = cert_make(&mine, fixture_ca());
    struct cert wrong = cert_make(&other, fixture_ca());
    gnutls_datum_t pem = cert_pem(&cert);
    gnutls_datum_t key = cert_key_pem(&cert);
    struct xm_tls_identity *identity = NULL;
    CHECK_INT(xm_tls_identity_load(&identity, (const char *)pem.data, pem.size,
                                   (const char *)key.data, key.size),
              0);
    for (int v = 0; v < 2; v++) {
        struct xm_tls_config client = example;
        const struct tls_peer_config server = {
            .chain = &wrong, .n_chain = 1, .asks_certificate = 1, .priority = versions[v]};
        struct tls_link link;
        unsigned n = 0;
        client.identity = identity;
        CHECK_INT(tls_link_init(&link, &client, &server), 0);
        CHECK_INT(tls_link_handshake(&link), XMPP_E_CERT_NAME);
        CHECK(tls_peer_handshake(link.server) < 0);
        CHECK(!gnutls_certificate_get_peers(link.server->session, &n));
        tls_link_done(&link);
    }
    xm_tls_identity_free(identity);
    gnutls_free(pem.data);
    gnutls_free(key.data);
    cert_free(&cert);
    cert_free(&wrong);
}

static void identities_that_cannot_be(void)
{
    static const struct cert_spec spec = {.cn = "juliet"};
    struct cert cert = cert_make(&spec, fixture_ca());
    struct cert other = cert_make(&spec, fixture_ca());
    gnutls_datum_t pem = cert_pem(&cert);
    gnutls_datum_t key = cert_key_pem(&other);
    const char *cert_text = (const char *)pem.data;
    const char *key_text = (const char *)key.data;
    struct xm_tls_identity *identity = NULL;
    CHECK_INT(xm_tls_identity_load(&identity, cert_text, pem.size, key_text, key.size),
              XMPP_E_CERT_BAD);
    CHECK_INT(xm_tls_identity_load(&identity, cert_text, pem.size, cert_text, pem.size),
              XMPP_E_CERT_BAD);
    CHECK_INT(xm_tls_identity_load(&identity, key_text, key.size, key_text, key.size),
              XMPP_E_CERT_BAD);
    CHECK_INT(xm_tls_identity_load(&identity, "", 0, "", 0), XMPP_E_CERT_BAD);
    CHECK_INT(xm_tls_identity_load(&identity, cert_text, pem.size / 2, key_text, key.size),
              XMPP_E_CERT_BAD);
    CHECK_INT(xm_tls_identity_load_file(&identity, "/nonexistent/cert.pem", "/nonexistent/key.pem"),
              XMPP_E_FILE);
    CHECK(identity == NULL);
    gnutls_free(pem.data);
    gnutls_free(key.data);
    cert_free(&cert);
    cert_free(&other);
}

static void nothing_is_said_too_early(void)
{
    struct tls_link link;
    const uint8_t *bytes;
    size_t n;
    uint8_t binding[64];
    CHECK_INT(tls_link_init(&link, NULL, NULL), 0);
    CHECK_INT(xm_tls_send(link.client, "x", 1), XMPP_E_STATE);
    CHECK_INT(xm_tls_recv(link.client, &bytes, &n), XMPP_E_STATE);
    CHECK_INT(xm_tls_get_binding(link.client, XM_TLS_EXPORTER, binding), 0);
    CHECK_INT(xm_tls_is_pending(link.client), 0);
    xm_tls_close(link.client);
    CHECK_INT(xm_buf_len(xm_tls_out(link.client)), 0);
    tls_link_done(&link);
    xm_tls_free(NULL);
    xm_tls_identity_free(NULL);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"TLS 1.2 and 1.3", agrees_on_both_versions},
        {"the newer version is taken", prefers_the_newer},
        {"older versions are refused", refuses_old_versions},
        {"old key exchanges and ciphers are refused", refuses_old_ciphers},
        {"the server's name is sent, an address is not", sends_the_name},
        {"ALPN: chosen, left out", alpn},
        {"ALPN of another protocol", alpn_of_another_protocol},
        {"no session tickets, no later authentication", offers_no_resumption},
        {"plain text instead of TLS", plain_text_instead_of_tls},
        {"alerts are told", alerts_are_told},
        {"floods", floods},
        {"a message without end", a_message_without_end},
        {"the end in the middle", the_end_in_the_middle},
        {"flipped bits", flipped_bits},
        {"pieces of any size", any_pieces},
        {"the client's certificate, when asked", the_clients_certificate},
        {"the client's certificate is not for strangers",
         the_clients_certificate_is_not_for_strangers},
        {"identities that cannot be", identities_that_cannot_be},
        {"nothing is said too early", nothing_is_said_too_early},
    };
    atexit(fixture_done);
    return CHECK_MAIN(argc, argv, "tls handshake", cases);
}
