/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom a client believes: each row is a certificate, or a chain, that a server shows; each is run
 * on TLS 1.2 and on TLS 1.3. Threats 13 and 16. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tls/link.h"
#include "xmpp/error.h"

enum { CHAIN = 4 };

struct row {
    const char *what;
    struct cert_spec leaf;
    int code;           /* 0: accepted */
    uint32_t findings;  /* 0: accepted */
    const char *says;   /* in the reason */
    const char *domain; /* NULL: example.org */
    const char *ascii;  /* NULL: the same */
    int is_direct;
    /* the authority: NULL, the trusted one */
    const struct cert_spec *middle; /* signed by the trusted one, sent along */
    enum { BY_TRUSTED, BY_ITSELF, BY_STRANGER, BY_IMPOSTOR } by;
};

#define REFUSED(why) .code = XMPP_E_CERT_##why, .findings = XMPP_CERT_##why
#define SERVER       .eku = {GNUTLS_KP_TLS_WWW_SERVER}

/* Runs one row on one version; `trusted` is the authority that the client has. */
static void run_chain(const struct row *row, const struct cert *chain, size_t n,
                      const char *priority)
{
    struct tls_link link;
    const struct xm_tls_config client = {
        .domain = row->domain ? row->domain : "example.org",
        .domain_ascii = row->ascii    ? row->ascii
                        : row->domain ? row->domain
                                      : "example.org",
        .is_direct = row->is_direct,
    };
    const struct tls_peer_config server = {.chain = chain, .n_chain = n, .priority = priority};
    check_note("%s, %s", row->what, strstr(priority, "TLS1.3") ? "TLS 1.3" : "TLS 1.2");
    if (CHECK_INT(tls_link_init(&link, &client, &server), 0)) {
        CHECK_INT(tls_link_handshake(&link), row->code ? row->code : 1);
        CHECK_INT(xm_tls_get_findings(link.client), row->findings);
        if (row->code == 0) {
            CHECK_STR(xm_tls_get_reason(link.client), "");
        } else {
            const char *reason = xm_tls_get_reason(link.client);
            CHECK(strlen(reason) > 0);
            if (row->says && !strstr(reason, row->says)) {
                CHECK_FAIL("\"%s\" does not say \"%s\"", reason, row->says);
            }
            /* and for ever: nothing can be said over a session that was refused */
            CHECK_INT(xm_tls_send(link.client, "secret", 6), row->code);
            CHECK(!link.server->is_open);
        }
    }
    tls_link_done(&link);
}

static void run_row(const struct row *row)
{
    static const struct cert_spec stranger_spec = {.cn = "Stranger", .is_ca = 1};
    static const struct cert_spec impostor_spec = {.cn = "Test Authority", .is_ca = 1};
    struct cert chain[CHAIN] = {{NULL, NULL}};
    struct cert other = {NULL, NULL};
    size_t n = 1;
    const struct cert *issuer = fixture_ca();
    if (row->by == BY_STRANGER || row->by == BY_IMPOSTOR) {
        other = cert_make(row->by == BY_STRANGER ? &stranger_spec : &impostor_spec, NULL);
        issuer = &other;
    }
    if (row->middle) {
        chain[1] = cert_make(row->middle, issuer);
        issuer = &chain[1];
        n = 2;
    }
    chain[0] = cert_make(&row->leaf, row->by == BY_ITSELF ? NULL : issuer);
    run_chain(row, chain, n, TLS12 ":%VERIFY_ALLOW_BROKEN:%PROFILE_VERY_WEAK:+SIGN-RSA-SHA1");
    run_chain(row, chain, n, TLS13 ":%VERIFY_ALLOW_BROKEN:%PROFILE_VERY_WEAK");
    for (size_t i = 0; i < CHAIN; i++) {
        cert_free(&chain[i]);
    }
    cert_free(&other);
}

static void run(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        run_row(&rows[i]);
    }
}
#define RUN(rows) run(rows, sizeof(rows) / sizeof *(rows))

static void names_that_count(void)
{
    static const struct row rows[] = {
        {"DNS-ID", .leaf = {.dns = {"example.org"}, SERVER}},
        {"DNS-ID in capitals", .leaf = {.dns = {"EXAMPLE.ORG"}, SERVER}},
        {"one of several", .leaf = {.dns = {"a.net", "b.net", "example.org"}, SERVER}},
        {"SRV-ID alone", .leaf = {.srv = {"_xmpp-client.example.org"}, SERVER}},
        {"SRV-ID for direct TLS", .leaf = {.srv = {"_xmpps-client.example.org"}, SERVER},
         .is_direct = 1},
        {"xmppAddr alone", .leaf = {.xmpp = {"example.org"}, SERVER}},
        {"xmppAddr beside other DNS names",
         .leaf = {.xmpp = {"example.org"}, .dns = {"host.hosting.net"}, SERVER}},
        {"wildcard", .leaf = {.dns = {"*.example.org"}, SERVER}, .domain = "chat.example.org"},
        {"A-label", .leaf = {.dns = {"xn--bcher-kva.example"}, SERVER}, .domain = "bücher.example",
         .ascii = "xn--bcher-kva.example"},
        {"xmppAddr in U-labels", .leaf = {.xmpp = {"bücher.example"}, SERVER},
         .domain = "bücher.example", .ascii = "xn--bcher-kva.example"},
        {"IPv4", .leaf = {.ip = "192.0.2.1", SERVER}, .domain = "192.0.2.1"},
        {"IPv6", .leaf = {.ip = "2001:db8::1", SERVER}, .domain = "[2001:db8::1]"},
    };
    RUN(rows);
}

static void names_that_do_not(void)
{
    static const struct row rows[] = {
        {"another name", .leaf = {.cn = "x", .dns = {"example.net"}, SERVER}, REFUSED(NAME),
         .says = "another name than example.org: example.net"},
        {"the host's name, not the domain's", .leaf = {.dns = {"xmpp.example.org"}, SERVER},
         REFUSED(NAME)},
        {"CN alone", .leaf = {.cn = "example.org", SERVER}, REFUSED(NAME),
         .says = "none that counts"},
        {"CN beside an xmppAddr of another domain",
         .leaf = {.cn = "example.org", .xmpp = {"example.net"}, SERVER}, REFUSED(NAME)},
        {"CN beside another DNS name",
         .leaf = {.cn = "example.org", .dns = {"example.net"}, SERVER}, REFUSED(NAME)},
        {"CN of an address", .leaf = {.cn = "192.0.2.1", SERVER}, REFUSED(NAME),
         .domain = "192.0.2.1"},
        {"SRV-ID of servers", .leaf = {.srv = {"_xmpp-server.example.org"}, SERVER}, REFUSED(NAME)},
        {"SRV-ID of direct TLS on STARTTLS", .leaf = {.srv = {"_xmpps-client.example.org"}, SERVER},
         REFUSED(NAME)},
        {"xmppAddr of a user", .leaf = {.xmpp = {"juliet@example.org"}, SERVER}, REFUSED(NAME)},
        {"wildcard for the domain itself", .leaf = {.dns = {"*.example.org"}, SERVER},
         REFUSED(NAME)},
        {"wildcard two labels up", .leaf = {.dns = {"*.example.org"}, SERVER}, REFUSED(NAME),
         .domain = "a.b.example.org"},
        {"part of a label", .leaf = {.dns = {"ch*.example.org"}, SERVER}, REFUSED(NAME),
         .domain = "chat.example.org"},
        {"wildcard of a top-level domain", .leaf = {.dns = {"*.org"}, SERVER}, REFUSED(NAME)},
        {"address as a DNS name", .leaf = {.dns = {"192.0.2.1"}, SERVER}, REFUSED(NAME),
         .domain = "192.0.2.1"},
        {"another address", .leaf = {.ip = "192.0.2.2", SERVER}, REFUSED(NAME),
         .domain = "192.0.2.1"},
    };
    RUN(rows);
}

static void purposes(void)
{
    static const struct row rows[] = {
        {"no extended key usage", .leaf = {.dns = {"example.org"}}},
        {"any purpose", .leaf = {.dns = {"example.org"}, .eku = {GNUTLS_KP_ANY}}},
        {"servers and clients",
         .leaf = {.dns = {"example.org"},
                  .eku = {GNUTLS_KP_TLS_WWW_CLIENT, GNUTLS_KP_TLS_WWW_SERVER}}},
        {"clients only", .leaf = {.dns = {"example.org"}, .eku = {GNUTLS_KP_TLS_WWW_CLIENT}},
         REFUSED(PURPOSE), .says = "not meant for servers"},
        {"code signing", .leaf = {.dns = {"example.org"}, .eku = {GNUTLS_KP_CODE_SIGNING}},
         REFUSED(PURPOSE)},
        {"clients only, and another name",
         .leaf = {.dns = {"example.net"}, .eku = {GNUTLS_KP_TLS_WWW_CLIENT}},
         .code = XMPP_E_CERT_NAME, .findings = XMPP_CERT_NAME | XMPP_CERT_PURPOSE},
    };
    RUN(rows);
}

static void times(void)
{
    static const struct row rows[] = {
        {"expired", .leaf = {.dns = {"example.org"}, .from_days = -20, .to_days = -10, SERVER},
         REFUSED(EXPIRED), .says = "has expired"},
        {"not valid yet", .leaf = {.dns = {"example.org"}, .from_days = 10, SERVER},
         REFUSED(NOT_YET), .says = "not valid yet"},
        {"expired, and another name",
         .leaf = {.dns = {"example.net"}, .from_days = -20, .to_days = -10, SERVER},
         .code = XMPP_E_CERT_NAME, .findings = XMPP_CERT_NAME | XMPP_CERT_EXPIRED},
    };
    RUN(rows);
}

static void issuers(void)
{
    static const struct cert_spec middle = {.cn = "Middle", .is_ca = 1};
    static const struct cert_spec no_ca = {.cn = "Middle", .dns = {"customer.net"}};
    static const struct cert_spec v1 = {.cn = "Middle", .is_v1 = 1};
    static const struct cert_spec old = {
        .cn = "Middle", .is_ca = 1, .from_days = -20, .to_days = -10};
    static const struct row rows[] = {
        {"an intermediate", .leaf = {.dns = {"example.org"}, SERVER}, .middle = &middle},
        {"a stranger", .leaf = {.dns = {"example.org"}, SERVER}, REFUSED(UNTRUSTED),
         .says = "not signed by an authority that is trusted", .by = BY_STRANGER},
        {"a stranger's intermediate", .leaf = {.dns = {"example.org"}, SERVER}, REFUSED(UNTRUSTED),
         .middle = &middle, .by = BY_STRANGER},
        {"a stranger with the authority's name", .leaf = {.dns = {"example.org"}, SERVER},
         REFUSED(UNTRUSTED), .by = BY_IMPOSTOR},
        {"itself", .leaf = {.dns = {"example.org"}, SERVER}, REFUSED(UNTRUSTED),
         .says = "signed by itself", .by = BY_ITSELF},
        {"a stranger, for another name", .leaf = {.dns = {"example.net"}, SERVER},
         .code = XMPP_E_CERT_UNTRUSTED, .findings = XMPP_CERT_UNTRUSTED | XMPP_CERT_NAME,
         .by = BY_STRANGER},
        {"a customer of the authority, who is none", .leaf = {.dns = {"example.org"}, SERVER},
         REFUSED(UNTRUSTED), .says = "no authority", .middle = &no_ca},
        {"a version 1 certificate in the middle", .leaf = {.dns = {"example.org"}, SERVER},
         REFUSED(UNTRUSTED), .middle = &v1},
        {"an expired intermediate", .leaf = {.dns = {"example.org"}, SERVER}, REFUSED(EXPIRED),
         .middle = &old},
        {"a version 1 leaf: it has no names", .leaf = {.cn = "example.org", .is_v1 = 1},
         REFUSED(NAME)},
    };
    RUN(rows);
}

static void weakness(void)
{
    static const struct cert_spec weak_middle = {.cn = "Middle", .is_ca = 1, .rsa_bits = 1024};
    static const struct row rows[] = {
        {"RSA 2048", .leaf = {.dns = {"example.org"}, .rsa_bits = 2048, SERVER}},
        {"Ed25519", .leaf = {.dns = {"example.org"}, .is_ed25519 = 1, SERVER}},
        {"signed with SHA-1", .leaf = {.dns = {"example.org"}, .hash = GNUTLS_DIG_SHA1, SERVER},
         REFUSED(WEAK), .says = "too weak"},
        {"RSA 1024", .leaf = {.dns = {"example.org"}, .rsa_bits = 1024, SERVER}, REFUSED(WEAK)},
        {"an authority with RSA 1024", .leaf = {.dns = {"example.org"}, SERVER}, REFUSED(WEAK),
         .middle = &weak_middle},
    };
    RUN(rows);
}

/* RFC 5280 4.2.1.10, and what it leaves open for names of another form. */
static void name_constraints(void)
{
    static const struct cert_spec may_org = {
        .cn = "Middle", .is_ca = 1, .permitted_dns = "example.org"};
    static const struct cert_spec may_net = {
        .cn = "Middle", .is_ca = 1, .permitted_dns = "example.net"};
    static const struct cert_spec not_org = {
        .cn = "Middle", .is_ca = 1, .excluded_dns = "example.org"};
    static const struct cert_spec may_xmpp = {
        .cn = "Middle", .is_ca = 1, .permitted_xmpp = "example.org"};
    static const struct cert_spec not_chat = {
        .cn = "Middle", .is_ca = 1, .excluded_dns = "chat.example.org"};
    static const struct row rows[] = {
        {"permitted", .leaf = {.dns = {"example.org"}, SERVER}, .middle = &may_org},
        {"permitted below", .leaf = {.dns = {"a.example.org"}, SERVER}, .domain = "a.example.org",
         .middle = &may_org},
        /* GnuTLS holds a CN against the constraints where no dNSName stands */
        {"permitted for an xmppAddr",
         .leaf = {.cn = "example.org", .xmpp = {"example.org"}, SERVER}, .middle = &may_org},
        {"not permitted", .leaf = {.dns = {"example.org"}, SERVER}, REFUSED(CONSTRAINT),
         .says = "beyond what its authorities may sign", .middle = &may_net},
        {"excluded", .leaf = {.dns = {"example.org"}, SERVER}, REFUSED(CONSTRAINT),
         .middle = &not_org},
        {"round the constraint by an xmppAddr",
         .leaf = {.xmpp = {"example.org"}, .dns = {"a.example.net"}, SERVER}, REFUSED(CONSTRAINT),
         .middle = &may_net},
        {"round the constraint by an SRV-ID",
         .leaf = {.srv = {"_xmpp-client.example.org"}, .dns = {"a.example.net"}, SERVER},
         REFUSED(CONSTRAINT), .middle = &may_net},
        {"round the exclusion by an xmppAddr", .leaf = {.xmpp = {"example.org"}, SERVER},
         REFUSED(CONSTRAINT), .middle = &not_org},
        {"round the exclusion by a wildcard", .leaf = {.dns = {"*.example.org"}, SERVER},
         REFUSED(CONSTRAINT), .domain = "chat.example.org", .middle = &not_chat},
        {"a constraint on xmppAddrs is not understood, so not met",
         .leaf = {.cn = "example.org", .xmpp = {"example.org"}, SERVER}, REFUSED(CONSTRAINT),
         .middle = &may_xmpp},
        {"beside the exclusion", .leaf = {.dns = {"*.example.org"}, SERVER},
         .domain = "talk.example.org", .middle = &not_chat},
    };
    RUN(rows);
}

static void malformed_certificates(void)
{
    static const struct row rows[] = {
        {"a NUL in a DNS name", .leaf = {.dns_nul = "example.org!.evil.net", SERVER}, REFUSED(NAME),
         .says = "example.org?.evil.net"},
        {"a demand for a stapled status that does not come",
         .leaf = {.dns = {"example.org"}, .is_must_staple = 1, SERVER}, REFUSED(REVOKED)},
    };
    RUN(rows);
}

/* The authority's own constraints, in the client's list and not in what is sent. */
static void an_anchor_with_constraints(void)
{
    static const struct cert_spec spec = {
        .cn = "Company", .is_ca = 1, .permitted_dns = "example.net"};
    static const struct cert_spec leaf_spec = {.xmpp = {"example.org"}, SERVER};
    struct cert anchor = cert_make(&spec, NULL);
    struct cert leaf = cert_make(&leaf_spec, &anchor);
    xmpp_trust *trust = xmpp_trust_new();
    gnutls_datum_t pem = cert_pem(&anchor);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, (const char *)pem.data, pem.size), 1);
    const struct xm_tls_config client = {
        .domain = "example.org", .domain_ascii = "example.org", .trust = trust};
    const struct tls_peer_config server = {.chain = &leaf, .n_chain = 1};
    struct tls_link link;
    CHECK_INT(tls_link_init(&link, &client, &server), 0);
    CHECK_INT(tls_link_handshake(&link), XMPP_E_CERT_CONSTRAINT);
    tls_link_done(&link);
    gnutls_free(pem.data);
    xmpp_trust_unref(trust);
    cert_free(&leaf);
    cert_free(&anchor);
}

/* Someone may trust one server's own certificate. */
static void a_trusted_self_signed_certificate(void)
{
    static const struct cert_spec spec = {.dns = {"example.org"}, SERVER};
    struct cert leaf = cert_make(&spec, NULL);
    xmpp_trust *trust = xmpp_trust_new();
    gnutls_datum_t pem = cert_pem(&leaf);
    CHECK_INT(xmpp_trust_add_ca_pem(trust, (const char *)pem.data, pem.size), 1);
    static const struct {
        const char *domain;
        int want;
    } rows[] = {{"example.org", 1}, {"example.net", XMPP_E_CERT_NAME}};
    for (size_t i = 0; i < 2; i++) {
        const struct xm_tls_config client = {
            .domain = rows[i].domain, .domain_ascii = rows[i].domain, .trust = trust};
        const struct tls_peer_config server = {.chain = &leaf, .n_chain = 1};
        struct tls_link link;
        CHECK_INT(tls_link_init(&link, &client, &server), 0);
        CHECK_INT(tls_link_handshake(&link), rows[i].want);
        tls_link_done(&link);
    }
    gnutls_free(pem.data);
    xmpp_trust_unref(trust);
    cert_free(&leaf);
}

/* "Bound the chain length and size before verifying." */
static void a_chain_that_is_too_long(void)
{
    enum { N = 8 };
    static const struct cert_spec leaf_spec = {.dns = {"example.org"}, SERVER};
    struct cert chain[N];
    for (size_t i = N; i-- > 0;) {
        char name[2] = {(char)('a' + i), '\0'};
        const struct cert_spec spec = {.cn = name, .is_ca = 1};
        chain[i] =
            cert_make(i == 0 ? &leaf_spec : &spec, i == N - 1 ? fixture_ca() : &chain[i + 1]);
    }
    for (size_t max = N - 1; max <= N; max++) {
        const struct xm_tls_config client = {
            .domain = "example.org", .domain_ascii = "example.org", .chain_max = max};
        const struct tls_peer_config server = {.chain = chain, .n_chain = N};
        struct tls_link link;
        CHECK_INT(tls_link_init(&link, &client, &server), 0);
        CHECK_INT(tls_link_handshake(&link), max < N ? XMPP_E_CERT_BAD : 1);
        CHECK_INT(xm_tls_get_findings(link.client), max < N ? XMPP_CERT_BAD : 0);
        tls_link_done(&link);
    }
    for (size_t i = 0; i < N; i++) {
        cert_free(&chain[i]);
    }
}

/* A certificate is read before it is trusted: one of thousands of names is not read at all. */
static void a_certificate_that_is_too_large(void)
{
    static const struct cert_spec specs[] = {{.n_more_dns = 2000, SERVER},
                                             {.n_more_dns = 6000, SERVER}};
    static const int wants[] = {XMPP_E_CERT_NAME, XMPP_E_CERT_BAD};
    for (size_t i = 0; i < 2; i++) {
        struct cert leaf = cert_make(&specs[i], fixture_ca());
        const struct tls_peer_config server = {.chain = &leaf, .n_chain = 1};
        struct tls_link link;
        CHECK_INT(tls_link_init(&link, NULL, &server), 0);
        CHECK_INT(tls_link_handshake(&link), wants[i]);
        CHECK(strlen(xm_tls_get_reason(link.client)) < 512);
        tls_link_done(&link);
        cert_free(&leaf);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"names that count", names_that_count},
        {"names that do not: CN, other services, parts of labels", names_that_do_not},
        {"extended key usage", purposes},
        {"times", times},
        {"issuers", issuers},
        {"weak keys and signatures", weakness},
        {"name constraints hold for every kind of name", name_constraints},
        {"malformed certificates", malformed_certificates},
        {"constraints of an authority in the list", an_anchor_with_constraints},
        {"a self-signed certificate that is trusted", a_trusted_self_signed_certificate},
        {"a chain that is too long", a_chain_that_is_too_long},
        {"a certificate that is too large", a_certificate_that_is_too_large},
    };
    atexit(fixture_done);
    return CHECK_MAIN(argc, argv, "tls verify", cases);
}
