/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Channel bindings: bytes that both ends of this very TLS session know and nobody between them.
 * Which of them is used, and when, is the matter of SASL. */
#include <string.h>

#include <gnutls/x509.h>

#include "base/mem.h"
#include "tls/session.h"

enum { BINDING_MAX = 64, EXPORTER_LEN = 32 };

/* RFC 9266 2: 32 bytes, this label, a context of no bytes. */
static size_t get_exporter(gnutls_session_t session, uint8_t *buf)
{
    static const char label[] = "EXPORTER-Channel-Binding";
    int ret =
        gnutls_prf_rfc5705(session, sizeof label - 1, label, 0, "", EXPORTER_LEN, (char *)buf);
    return ret < 0 ? 0 : EXPORTER_LEN;
}

/* RFC 5929 3: the first Finished of the handshake. */
static size_t get_unique(gnutls_session_t session, uint8_t *buf)
{
    gnutls_datum_t binding = {NULL, 0};
    if (gnutls_session_channel_binding(session, GNUTLS_CB_TLS_UNIQUE, &binding) < 0) {
        return 0;
    }
    size_t n = binding.size <= BINDING_MAX ? binding.size : 0;
    memcpy(buf, binding.data, n);
    gnutls_free(binding.data);
    return n;
}

/* RFC 5929 4.1: the hash of the signature, SHA-256 in place of MD5 and SHA-1; a signature with no
 * hash of its own (EdDSA) has no such binding. */
gnutls_digest_algorithm_t xm_tls_end_point_hash(int signature)
{
    if (signature < 0 || signature == GNUTLS_SIGN_EDDSA_ED25519 ||
        signature == GNUTLS_SIGN_EDDSA_ED448) {
        return GNUTLS_DIG_UNKNOWN;
    }
    gnutls_digest_algorithm_t hash =
        gnutls_sign_get_hash_algorithm((gnutls_sign_algorithm_t)signature);
    return hash == GNUTLS_DIG_MD5 || hash == GNUTLS_DIG_SHA1 ? GNUTLS_DIG_SHA256 : hash;
}

static size_t get_end_point(gnutls_session_t session, uint8_t *buf)
{
    unsigned n = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &n);
    gnutls_x509_crt_t cert = NULL;
    size_t len = 0;
    if (!chain || n == 0 || gnutls_x509_crt_init(&cert) < 0) {
        return 0;
    }
    if (gnutls_x509_crt_import(cert, &chain[0], GNUTLS_X509_FMT_DER) >= 0) {
        gnutls_digest_algorithm_t hash =
            xm_tls_end_point_hash(gnutls_x509_crt_get_signature_algorithm(cert));
        len = BINDING_MAX;
        if (hash == GNUTLS_DIG_UNKNOWN || gnutls_fingerprint(hash, &chain[0], buf, &len) < 0) {
            len = 0;
        }
    }
    gnutls_x509_crt_deinit(cert);
    return len;
}

size_t xm_tls_get_binding(struct xm_tls *tls, enum xm_tls_binding type, uint8_t *buf)
{
    struct xm_tls_facts facts;
    if (tls->state != XM_TLS_OPEN && tls->state != XM_TLS_ENDED) {
        return 0;
    }
    xm_tls_get_facts(tls, &facts);
    switch (type) {
    case XM_TLS_EXPORTER: /* RFC 9266 4.2: on TLS 1.2 only with extended master secret */
        return facts.is_tls13 || facts.has_ems ? get_exporter(tls->session, buf) : 0;
    case XM_TLS_UNIQUE: /* RFC 7627 6.3; RFC 8446 C.5: not defined on TLS 1.3 */
        return !facts.is_tls13 && facts.has_ems ? get_unique(tls->session, buf) : 0;
    case XM_TLS_END_POINT:
        return get_end_point(tls->session, buf);
    }
    return 0;
}
