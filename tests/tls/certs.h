/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates made in the test itself, good ones and every kind of bad one: a certificate is a row
 * of a table. Nothing here is checked; what cannot be made ends the program. */
#ifndef TESTS_TLS_CERTS_H
#define TESTS_TLS_CERTS_H

#include <stddef.h>

#include <gnutls/x509.h>

enum { CERT_NAMES_MAX = 4 };

/* All zero: a leaf for nobody, EC P-256, valid from yesterday for ten years, no extended key usage. */
struct cert_spec {
    const char *cn;
    const char *dns[CERT_NAMES_MAX];
    const char *xmpp[CERT_NAMES_MAX]; /* id-on-xmppAddr */
    const char *srv[CERT_NAMES_MAX];  /* id-on-dnsSRV */
    const char *ip;                   /* text */
    const char *dns_nul;              /* the only dNSName, with a NUL in the place of its '!' */
    const char *eku[2];               /* OIDs */
    const char *permitted_dns;        /* name constraints */
    const char *excluded_dns;
    const char *permitted_xmpp;
    int is_ca;
    int from_days; /* from now; 0: yesterday */
    int to_days;   /* from now; 0: in ten years */
    int rsa_bits;  /* 0: EC P-256 */
    int is_ed25519;
    int is_v1;
    gnutls_digest_algorithm_t hash; /* 0: SHA-256 */
    int n_more_dns;                 /* so many dNSNames besides */
    int is_must_staple;             /* RFC 7633 */
};

struct cert {
    gnutls_x509_crt_t crt;
    gnutls_x509_privkey_t key;
};

/* Signed by the issuer, or by itself. */
struct cert cert_make(const struct cert_spec *spec, const struct cert *issuer);
/* Has another sign the same name and key. */
void cert_sign_again(struct cert *cert, const struct cert *issuer);
void cert_free(struct cert *cert);
/* PEM, owned: gnutls_free(text.data). */
gnutls_datum_t cert_pem(const struct cert *cert);
gnutls_datum_t cert_key_pem(const struct cert *cert);

#endif
