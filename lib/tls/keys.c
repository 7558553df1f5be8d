/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys that a stranger shows, looked at before anything is computed with them. GnuTLS verifies
 * the signature of the handshake (in TLS 1.3), and those of stapled revocation states, in front of
 * the chain; and the time that one takes grows with the cube of an RSA key, to half a minute for
 * 60,000 bits. Whether the keys of a chain are long enough is asked with the chain. */
#include <gnutls/abstract.h>
#include <gnutls/ocsp.h>
#include <gnutls/x509.h>

#include "tls/session.h"
#include "xmpp/error.h"

/* With these a signature is verified in 3 ms; keys in use have a quarter of the one and 17 bits. */
enum { MODULUS_MAX = 16384 / 8, EXPONENT_MAX = 64 / 8 };

static int is_short_rsa(gnutls_pubkey_t key)
{
    gnutls_datum_t modulus = {NULL, 0};
    gnutls_datum_t exponent = {NULL, 0};
    int ret = gnutls_pubkey_export_rsa_raw2(key, &modulus, &exponent, GNUTLS_EXPORT_FLAG_NO_LZ);
    if (ret >= 0) {
        ret = modulus.size <= MODULUS_MAX && exponent.size <= EXPONENT_MAX;
    }
    gnutls_free(modulus.data);
    gnutls_free(exponent.data);
    return ret;
}

int xm_tls_is_bounded_key(gnutls_x509_crt_t cert)
{
    gnutls_pubkey_t key = NULL;
    int ret = gnutls_pubkey_init(&key);
    if (ret < 0) {
        return ret;
    }
    ret = gnutls_pubkey_import_x509(key, cert, 0);
    if (ret >= 0) {
        switch (gnutls_pubkey_get_pk_algorithm(key, NULL)) {
        case GNUTLS_PK_RSA:
        case GNUTLS_PK_RSA_PSS:
            ret = is_short_rsa(key);
            break;
        case GNUTLS_PK_DSA: /* of any length, and nobody's */
            ret = 0;
            break;
        default: /* curves have one length */
            ret = 1;
            break;
        }
    } else if (ret != GNUTLS_E_MEMORY_ERROR) {
        ret = 1; /* what GnuTLS cannot read it cannot compute with */
    }
    gnutls_pubkey_deinit(key);
    return ret;
}

/* A certificate as it was sent. */
static int is_sent_bounded(const gnutls_datum_t *der)
{
    gnutls_x509_crt_t cert = NULL;
    int ret = gnutls_x509_crt_init(&cert);
    if (ret < 0) {
        return ret;
    }
    ret = gnutls_x509_crt_import(cert, der, GNUTLS_X509_FMT_DER);
    if (ret >= 0) {
        ret = xm_tls_is_bounded_key(cert);
    } else if (ret != GNUTLS_E_MEMORY_ERROR) {
        ret = 1;
    }
    gnutls_x509_crt_deinit(cert);
    return ret;
}

/* A stapled state may bring the certificates of those who signed it (RFC 6960 4.2.1). */
static int are_signers_bounded(gnutls_session_t session, unsigned i)
{
    gnutls_datum_t der = {NULL, 0};
    gnutls_ocsp_resp_t state = NULL;
    gnutls_x509_crt_t *certs = NULL;
    size_t n = 0;
    if (gnutls_ocsp_status_request_get2(session, i, &der) < 0) {
        return 1; /* none was sent */
    }
    int ret = gnutls_ocsp_resp_init(&state);
    if (ret < 0) {
        return ret;
    }
    ret = gnutls_ocsp_resp_import(state, &der);
    if (ret >= 0) {
        ret = gnutls_ocsp_resp_get_certs(state, &certs, &n);
    }
    if (ret != GNUTLS_E_MEMORY_ERROR) {
        ret = 1; /* by signers that cannot be read nothing is verified */
    }
    for (size_t k = 0; k < n; k++) {
        ret = ret == 1 ? xm_tls_is_bounded_key(certs[k]) : ret;
        gnutls_x509_crt_deinit(certs[k]);
    }
    gnutls_free(certs);
    gnutls_ocsp_resp_deinit(state);
    return ret;
}

static int are_bounded(gnutls_session_t session)
{
    unsigned n = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &n);
    int ret = 1;
    for (unsigned i = 0; chain && i < n && ret == 1; i++) {
        ret = is_sent_bounded(&chain[i]);
        if (ret == 1) {
            ret = are_signers_bounded(session, i);
        }
    }
    return ret;
}

/* As GnuTLS's profile says, which it asks of chains only. */
int xm_tls_is_weak_key(gnutls_x509_crt_t cert)
{
    unsigned bits = 0;
    int algorithm = gnutls_x509_crt_get_pk_algorithm(cert, &bits);
    return algorithm < 0 || gnutls_pk_bits_to_sec_param((gnutls_pk_algorithm_t)algorithm, bits) <
                                GNUTLS_SEC_PARAM_MEDIUM;
}

/* Once in a handshake: it has one chain, and reading a large one takes milliseconds. */
int xm_tls_check_keys(struct xm_tls *tls)
{
    if (tls->is_bounded) {
        return 0;
    }
    int ret = are_bounded(tls->session);
    tls->is_bounded = ret == 1;
    if (ret == 0) {
        tls->findings |= XMPP_CERT_BAD;
        xm_tls_note(tls, "a certificate has a key that is too large");
        return XMPP_E_CERT_BAD;
    }
    return ret < 0 ? XMPP_E_NOMEM : 0;
}

int xm_tls_before_signature(gnutls_session_t session, unsigned type, unsigned when,
                            unsigned incoming, const gnutls_datum_t *message)
{
    (void)type;
    (void)when;
    (void)message;
    struct xm_tls *tls = gnutls_session_get_ptr(session);
    if (!incoming) {
        return 0; /* our own */
    }
    int code = xm_tls_check_keys(tls);
    if (code < 0) {
        tls->error = code;
        return GNUTLS_E_CERTIFICATE_ERROR;
    }
    return 0;
}
