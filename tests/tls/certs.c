/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificate maker. It writes what it is told, nonsense included. */
#include "tls/certs.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gnutls/abstract.h>
#include <gnutls/x509-ext.h>

enum { DAY = 86400 };

static void must(int ret, const char *what)
{
    if (ret < 0) {
        fprintf(stderr, "certs: %s: %s\n", what, gnutls_strerror(ret));
        abort();
    }
}
#define MUST(call) must(call, #call)

/* RSA keys take long to make: one of each size is made, and shared. */
static void make_rsa_key(gnutls_x509_privkey_t key, unsigned bits)
{
    static gnutls_datum_t kept[2];
    gnutls_datum_t *pem = &kept[bits > 1024];
    if (pem->data) {
        MUST(gnutls_x509_privkey_import(key, pem, GNUTLS_X509_FMT_PEM));
        return;
    }
    MUST(gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, bits, 0));
    gnutls_datum_t fresh;
    MUST(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &fresh));
    static char room[2][8192];
    if (fresh.size >= sizeof room[0]) {
        abort();
    }
    memcpy(room[bits > 1024], fresh.data, fresh.size);
    pem->data = (unsigned char *)room[bits > 1024];
    pem->size = fresh.size;
    gnutls_free(fresh.data);
}

static gnutls_x509_privkey_t make_key(const struct cert_spec *spec)
{
    gnutls_x509_privkey_t key;
    MUST(gnutls_x509_privkey_init(&key));
    if (spec->rsa_bits > 0) {
        make_rsa_key(key, (unsigned)spec->rsa_bits);
    } else if (spec->is_ed25519) {
        MUST(gnutls_x509_privkey_generate(key, GNUTLS_PK_EDDSA_ED25519, 256, 0));
    } else {
        MUST(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
                                          GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
    }
    return key;
}

static void add_name(gnutls_x509_crt_t crt, gnutls_x509_subject_alt_name_t type, const void *name,
                     size_t n)
{
    MUST(gnutls_x509_crt_set_subject_alt_name(crt, type, name, (unsigned)n, GNUTLS_FSAN_APPEND));
}

/* id-on-dnsSRV is an IA5String (RFC 4985 2). */
static void add_srv(gnutls_x509_crt_t crt, const char *name)
{
    unsigned char der[130];
    size_t n = strlen(name);
    if (n > 127) {
        abort();
    }
    der[0] = 0x16;
    der[1] = (unsigned char)n;
    memcpy(der + 2, name, n);
    MUST(gnutls_x509_crt_set_subject_alt_othername(crt, "1.3.6.1.5.5.7.8.7", der, (unsigned)(n + 2),
                                                   GNUTLS_FSAN_APPEND));
}

static void add_xmpp(gnutls_x509_crt_t crt, const char *name)
{
    MUST(gnutls_x509_crt_set_subject_alt_othername(
        crt, "1.3.6.1.5.5.7.8.5", name, (unsigned)strlen(name),
        GNUTLS_FSAN_APPEND | GNUTLS_FSAN_ENCODE_UTF8_STRING));
}

static void add_ip(gnutls_x509_crt_t crt, const char *text)
{
    unsigned char ip[16];
    int is_v6 = strchr(text, ':') != NULL;
    if (inet_pton(is_v6 ? AF_INET6 : AF_INET, text, ip) != 1) {
        abort();
    }
    add_name(crt, GNUTLS_SAN_IPADDRESS, ip, is_v6 ? 16 : 4);
}

/* As bytes, as GnuTLS would not write such a name. Replaces the other names. */
static void add_dns_nul(gnutls_x509_crt_t crt, const char *text)
{
    unsigned char der[128];
    size_t n = strlen(text);
    if (n > sizeof der - 4) {
        abort();
    }
    der[0] = 0x30; /* GeneralNames */
    der[1] = (unsigned char)(n + 2);
    der[2] = 0x82; /* dNSName */
    der[3] = (unsigned char)n;
    memcpy(der + 4, text, n);
    *(char *)memchr(der + 4, '!', n) = '\0';
    MUST(gnutls_x509_crt_set_extension_by_oid(crt, GNUTLS_X509EXT_OID_SAN, der, n + 4, 0));
}

/* Many names at once, or it takes for ever. */
static void add_many(gnutls_x509_crt_t crt, int n)
{
    gnutls_subject_alt_names_t names;
    gnutls_datum_t der;
    MUST(gnutls_subject_alt_names_init(&names));
    for (int i = 0; i < n; i++) {
        char text[12];
        snprintf(text, sizeof text, "%x.", (unsigned)i);
        gnutls_datum_t name = {(unsigned char *)text, (unsigned)strlen(text)};
        MUST(gnutls_subject_alt_names_set(names, GNUTLS_SAN_DNSNAME, &name, NULL));
    }
    MUST(gnutls_x509_ext_export_subject_alt_names(names, &der));
    MUST(gnutls_x509_crt_set_extension_by_oid(crt, GNUTLS_X509EXT_OID_SAN, der.data, der.size, 0));
    gnutls_free(der.data);
    gnutls_subject_alt_names_deinit(names);
}

static void add_names(gnutls_x509_crt_t crt, const struct cert_spec *spec)
{
    for (int i = 0; i < CERT_NAMES_MAX; i++) {
        if (spec->dns[i]) {
            add_name(crt, GNUTLS_SAN_DNSNAME, spec->dns[i], strlen(spec->dns[i]));
        }
        if (spec->xmpp[i]) {
            add_xmpp(crt, spec->xmpp[i]);
        }
        if (spec->srv[i]) {
            add_srv(crt, spec->srv[i]);
        }
    }
    if (spec->ip) {
        add_ip(crt, spec->ip);
    }
    if (spec->dns_nul) {
        add_dns_nul(crt, spec->dns_nul);
    }
    if (spec->n_more_dns > 0) {
        add_many(crt, spec->n_more_dns);
    }
}

static void add_constraints(gnutls_x509_crt_t crt, const struct cert_spec *spec)
{
    if (!spec->permitted_dns && !spec->excluded_dns) {
        return;
    }
    gnutls_x509_name_constraints_t constraints;
    MUST(gnutls_x509_name_constraints_init(&constraints));
    if (spec->permitted_dns) {
        gnutls_datum_t name = {(unsigned char *)(uintptr_t)spec->permitted_dns,
                               (unsigned)strlen(spec->permitted_dns)};
        MUST(gnutls_x509_name_constraints_add_permitted(constraints, GNUTLS_SAN_DNSNAME, &name));
    }
    if (spec->excluded_dns) {
        gnutls_datum_t name = {(unsigned char *)(uintptr_t)spec->excluded_dns,
                               (unsigned)strlen(spec->excluded_dns)};
        MUST(gnutls_x509_name_constraints_add_excluded(constraints, GNUTLS_SAN_DNSNAME, &name));
    }
    MUST(gnutls_x509_crt_set_name_constraints(crt, constraints, 1));
    gnutls_x509_name_constraints_deinit(constraints);
}

/* As bytes: GnuTLS writes none of this form. */
static void add_xmpp_constraint(gnutls_x509_crt_t crt, const char *text)
{
    static const unsigned char oid[] = {6, 8, 0x2B, 6, 1, 5, 5, 7, 8, 5}; /* id-on-xmppAddr */
    unsigned char n = (unsigned char)strlen(text);
    unsigned char der[128] = {
        0x30, (unsigned char)(n + 20), 0xA0, (unsigned char)(n + 18), /* permittedSubtrees */
        0x30, (unsigned char)(n + 16), 0xA0, (unsigned char)(n + 14) /* otherName */};
    if (n > 90) {
        abort();
    }
    memcpy(der + 8, oid, sizeof oid);
    der[18] = 0xA0;
    der[19] = (unsigned char)(n + 2);
    der[20] = 0x0C; /* UTF8String */
    der[21] = n;
    memcpy(der + 22, text, n);
    MUST(gnutls_x509_crt_set_extension_by_oid(crt, "2.5.29.30", der, (size_t)n + 22, 1));
}

static void add_must_staple(gnutls_x509_crt_t crt)
{
    gnutls_x509_tlsfeatures_t features;
    MUST(gnutls_x509_tlsfeatures_init(&features));
    MUST(gnutls_x509_tlsfeatures_add(features, 5)); /* status_request */
    MUST(gnutls_x509_crt_set_tlsfeatures(crt, features));
    gnutls_x509_tlsfeatures_deinit(features);
}

static void add_extensions(gnutls_x509_crt_t crt, const struct cert_spec *spec)
{
    MUST(gnutls_x509_crt_set_basic_constraints(crt, spec->is_ca != 0, -1));
    if (spec->is_ca) {
        MUST(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
    }
    for (int i = 0; i < 2 && spec->eku[i]; i++) {
        MUST(gnutls_x509_crt_set_key_purpose_oid(crt, spec->eku[i], 0));
    }
    if (spec->is_must_staple) {
        add_must_staple(crt);
    }
    add_names(crt, spec);
    add_constraints(crt, spec);
    if (spec->permitted_xmpp) {
        add_xmpp_constraint(crt, spec->permitted_xmpp);
    }
}

/* What GnuTLS builds is not whole before it was read again. */
static void reread(struct cert *cert)
{
    gnutls_datum_t der;
    MUST(gnutls_x509_crt_export2(cert->crt, GNUTLS_X509_FMT_DER, &der));
    gnutls_x509_crt_deinit(cert->crt);
    MUST(gnutls_x509_crt_init(&cert->crt));
    MUST(gnutls_x509_crt_import(cert->crt, &der, GNUTLS_X509_FMT_DER));
    gnutls_free(der.data);
}

struct cert cert_make(const struct cert_spec *spec, const struct cert *issuer)
{
    static unsigned serial;
    struct cert cert = {NULL, make_key(spec)};
    const char *cn = spec->cn ? spec->cn : "nobody";
    time_t now = time(NULL);
    serial++;
    unsigned char number[5] = {1, (unsigned char)(serial >> 24), (unsigned char)(serial >> 16),
                               (unsigned char)(serial >> 8), (unsigned char)serial};
    MUST(gnutls_x509_crt_init(&cert.crt));
    MUST(gnutls_x509_crt_set_version(cert.crt, spec->is_v1 ? 1 : 3));
    MUST(gnutls_x509_crt_set_serial(cert.crt, number, sizeof number));
    MUST(gnutls_x509_crt_set_key(cert.crt, cert.key));
    MUST(gnutls_x509_crt_set_dn_by_oid(cert.crt, GNUTLS_OID_X520_COMMON_NAME, 0, cn,
                                       (unsigned)strlen(cn)));
    MUST(gnutls_x509_crt_set_activation_time(cert.crt,
                                             now + (spec->from_days ? spec->from_days : -1) * DAY));
    MUST(gnutls_x509_crt_set_expiration_time(cert.crt,
                                             now + (spec->to_days ? spec->to_days : 3650) * DAY));
    if (!spec->is_v1) {
        add_extensions(cert.crt, spec);
    }
    gnutls_digest_algorithm_t hash = spec->hash ? spec->hash : GNUTLS_DIG_SHA256;
    const struct cert *signer = issuer ? issuer : &cert;
    if (gnutls_x509_privkey_get_pk_algorithm(signer->key) == GNUTLS_PK_EDDSA_ED25519) {
        hash = GNUTLS_DIG_SHA512;
    }
    MUST(gnutls_x509_crt_sign2(cert.crt, signer->crt, signer->key, hash, 0));
    reread(&cert);
    return cert;
}

void cert_sign_again(struct cert *cert, const struct cert *issuer)
{
    MUST(gnutls_x509_crt_sign2(cert->crt, issuer->crt, issuer->key, GNUTLS_DIG_SHA256, 0));
    reread(cert);
}

void cert_free(struct cert *cert)
{
    if (cert->crt) {
        gnutls_x509_crt_deinit(cert->crt);
        gnutls_x509_privkey_deinit(cert->key);
    }
    *cert = (struct cert){NULL, NULL};
}

gnutls_datum_t cert_pem(const struct cert *cert)
{
    gnutls_datum_t pem;
    MUST(gnutls_x509_crt_export2(cert->crt, GNUTLS_X509_FMT_PEM, &pem));
    return pem;
}

gnutls_datum_t cert_key_pem(const struct cert *cert)
{
    gnutls_datum_t pem;
    MUST(gnutls_x509_privkey_export2(cert->key, GNUTLS_X509_FMT_PEM, &pem));
    return pem;
}
