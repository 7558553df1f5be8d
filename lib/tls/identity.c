/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client's certificate and key. It is chosen when the server asks, and goes out only after the
 * server's own certificate was verified: GnuTLS runs verify.c before it sends either. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "base/mem.h"
#include "tls/session.h"
#include "tls/tls.h"
#include "xmpp/error.h"

enum { CHAIN_MAX = 8, KEY_ID_MAX = 64 };

struct xm_tls_identity {
    gnutls_pcert_st certs[CHAIN_MAX];
    unsigned n_certs;
    gnutls_privkey_t key;
};

void xm_tls_identity_free(struct xm_tls_identity *identity)
{
    if (!identity) {
        return;
    }
    for (unsigned i = 0; i < identity->n_certs; i++) {
        gnutls_pcert_deinit(&identity->certs[i]);
    }
    if (identity->key) {
        gnutls_privkey_deinit(identity->key);
    }
    free(identity);
}

static int load_certs(struct xm_tls_identity *identity, char *pem, size_t len)
{
    gnutls_datum_t datum = {(unsigned char *)pem, (unsigned)len};
    unsigned n = CHAIN_MAX;
    int ret = gnutls_pcert_list_import_x509_raw(identity->certs, &n, &datum, GNUTLS_X509_FMT_PEM,
                                                GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);
    if (ret < 0) {
        return ret;
    }
    identity->n_certs = n;
    return n > 0 ? 0 : GNUTLS_E_NO_CERTIFICATE_FOUND;
}

static int load_key(struct xm_tls_identity *identity, char *pem, size_t len)
{
    gnutls_datum_t datum = {(unsigned char *)pem, (unsigned)len};
    int ret = gnutls_privkey_init(&identity->key);
    if (ret < 0) {
        return ret;
    }
    return gnutls_privkey_import_x509_raw(identity->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);
}

/* Does the key belong to the first certificate? */
static int check_pair(struct xm_tls_identity *identity)
{
    unsigned char of_cert[KEY_ID_MAX];
    unsigned char of_key[KEY_ID_MAX];
    size_t n_cert = sizeof of_cert;
    size_t n_key = sizeof of_key;
    gnutls_pubkey_t public_key = NULL;
    int ret = gnutls_pubkey_init(&public_key);
    if (ret < 0) {
        return ret;
    }
    ret = gnutls_pubkey_import_privkey(public_key, identity->key, 0, 0);
    if (ret >= 0) {
        ret = gnutls_pubkey_get_key_id(public_key, GNUTLS_KEYID_USE_SHA256, of_key, &n_key);
    }
    if (ret >= 0) {
        ret = gnutls_pubkey_get_key_id(identity->certs[0].pubkey, GNUTLS_KEYID_USE_SHA256, of_cert,
                                       &n_cert);
    }
    gnutls_pubkey_deinit(public_key);
    if (ret < 0) {
        return ret;
    }
    if (n_cert != n_key || memcmp(of_cert, of_key, n_cert) != 0) {
        return GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
    }
    return 0;
}

static int load(struct xm_tls_identity *identity, char *cert, size_t cert_len, char *key,
                size_t key_len)
{
    int ret = load_certs(identity, cert, cert_len);
    if (ret >= 0) {
        ret = load_key(identity, key, key_len);
    }
    if (ret >= 0) {
        ret = check_pair(identity);
    }
    if (ret < 0) {
        return ret == GNUTLS_E_MEMORY_ERROR ? XMPP_E_NOMEM : XMPP_E_CERT_BAD;
    }
    return 0;
}

int xm_tls_identity_load(struct xm_tls_identity **ret_identity, const char *cert_pem,
                         size_t cert_len, const char *key_pem, size_t key_len)
{
    if (cert_len > INT_MAX || key_len > INT_MAX) {
        return XMPP_E_INVAL;
    }
    /* GnuTLS reads PEM as text: it must end. */
    char *cert = xm_mem_dup(cert_pem, cert_len);
    char *key = xm_mem_dup(key_pem, key_len);
    struct xm_tls_identity *identity = xm_mem_new0(1, sizeof *identity);
    int ret = XMPP_E_NOMEM;
    if (cert && key && identity) {
        ret = load(identity, cert, cert_len, key, key_len);
    }
    /* the certificate's text may be the key's too */
    if (cert) {
        xm_mem_wipe(cert, cert_len);
    }
    if (key) {
        xm_mem_wipe(key, key_len);
    }
    free(cert);
    free(key);
    if (ret < 0) {
        xm_tls_identity_free(identity);
        return ret;
    }
    *ret_identity = identity;
    return 0;
}

static int load_file(gnutls_datum_t *ret_file, const char *path)
{
    int ret = gnutls_load_file(path, ret_file);
    if (ret < 0) {
        return ret == GNUTLS_E_MEMORY_ERROR ? XMPP_E_NOMEM : XMPP_E_FILE;
    }
    return 0;
}

static void free_file(gnutls_datum_t *file)
{
    xm_mem_wipe(file->data, file->size);
    gnutls_free(file->data);
}

int xm_tls_identity_load_file(struct xm_tls_identity **ret_identity, const char *cert_file,
                              const char *key_file)
{
    gnutls_datum_t cert = {NULL, 0};
    gnutls_datum_t key = {NULL, 0};
    int ret = load_file(&cert, cert_file);
    if (ret < 0) {
        return ret;
    }
    ret = load_file(&key, key_file);
    if (ret == 0) {
        ret = xm_tls_identity_load(ret_identity, (const char *)cert.data, cert.size,
                                   (const char *)key.data, key.size);
        free_file(&key);
    }
    free_file(&cert);
    return ret;
}

int xm_tls_identity_show(gnutls_session_t session, const gnutls_datum_t *authorities,
                         int n_authorities, const gnutls_pk_algorithm_t *algorithms,
                         int n_algorithms, gnutls_pcert_st **ret_certs, unsigned *ret_n,
                         gnutls_privkey_t *ret_key)
{
    (void)authorities;
    (void)n_authorities;
    (void)algorithms;
    (void)n_algorithms;
    const struct xm_tls *tls = gnutls_session_get_ptr(session);
    *ret_certs = NULL;
    *ret_n = 0;
    *ret_key = NULL;
    if (tls->identity) {
        *ret_certs = tls->identity->certs;
        *ret_n = tls->identity->n_certs;
        *ret_key = tls->identity->key;
    }
    return 0;
}
