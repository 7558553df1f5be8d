/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trust object: authorities, and beside them the parsed priorities, so that a session costs
 * neither. It holds no name and verifies nothing; verify.c does. */
#include "tls/trust.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include <gnutls/x509.h>

#include "base/mem.h"
#include "tls/session.h"
#include "xmpp/error.h"

/* RFC 9325: no static RSA, no finite-field DHE on TLS 1.2 and AEAD ciphers only (4.1, 4.2); keys of
 * 112 bits of security and more, so RSA from 2,048 bits (4.5); no signature with SHA-1. */
static const char priorities[] = "NORMAL:%PROFILE_MEDIUM:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
                                 ":-RSA:-DHE-RSA:-AES-128-CBC:-AES-256-CBC:-SHA1"
                                 ":-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1";

struct xmpp_trust {
    atomic_uint refs;
    atomic_int is_frozen;
    gnutls_certificate_credentials_t credentials; /* owns the list of authorities */
    gnutls_priority_t priority;
};

/* The system's trust: weak, its users hold it. */
static pthread_mutex_t system_lock = PTHREAD_MUTEX_INITIALIZER;
static xmpp_trust *system_trust;

static void trust_free(xmpp_trust *trust)
{
    if (trust->credentials) {
        gnutls_certificate_free_credentials(trust->credentials);
    }
    if (trust->priority) {
        gnutls_priority_deinit(trust->priority);
    }
    free(trust);
}

xmpp_trust *xmpp_trust_new(void)
{
    xmpp_trust *trust = xm_mem_new0(1, sizeof *trust);
    if (!trust) {
        return NULL;
    }
    if (gnutls_certificate_allocate_credentials(&trust->credentials) < 0 ||
        gnutls_priority_init(&trust->priority, priorities, NULL) < 0) {
        trust_free(trust);
        return NULL;
    }
    gnutls_certificate_set_retrieve_function2(trust->credentials, xm_tls_identity_show);
    atomic_init(&trust->refs, 1);
    atomic_init(&trust->is_frozen, 0);
    return trust;
}

xmpp_trust *xmpp_trust_ref(xmpp_trust *trust)
{
    if (trust) {
        atomic_fetch_add_explicit(&trust->refs, 1, memory_order_relaxed);
    }
    return trust;
}

static void drop(xmpp_trust *trust)
{
    if (atomic_fetch_sub_explicit(&trust->refs, 1, memory_order_acq_rel) == 1) {
        if (trust == system_trust) {
            system_trust = NULL;
        }
        trust_free(trust);
    }
}

xmpp_trust *xmpp_trust_unref(xmpp_trust *trust)
{
    if (!trust) {
        return NULL;
    }
    /* Between the last drop of the system's trust and its going nobody may find it. */
    pthread_mutex_lock(&system_lock);
    drop(trust);
    pthread_mutex_unlock(&system_lock);
    return NULL;
}

/* Called with the lock held. */
static int load_system(void)
{
    xmpp_trust *trust = xmpp_trust_new();
    if (!trust) {
        return XMPP_E_NOMEM;
    }
    int n = xmpp_trust_add_system(trust);
    if (n < 0) {
        trust_free(trust);
        return n;
    }
    system_trust = trust;
    return 0;
}

int xm_trust_use(xmpp_trust **ret_trust, xmpp_trust *trust)
{
    if (trust) {
        atomic_store(&trust->is_frozen, 1);
        *ret_trust = xmpp_trust_ref(trust);
        return 0;
    }
    int ret = 0;
    pthread_mutex_lock(&system_lock);
    if (system_trust) {
        xmpp_trust_ref(system_trust);
    } else {
        ret = load_system();
    }
    if (ret == 0) {
        *ret_trust = system_trust;
    }
    pthread_mutex_unlock(&system_lock);
    return ret;
}

gnutls_certificate_credentials_t xm_trust_get_credentials(const xmpp_trust *trust)
{
    return trust->credentials;
}

gnutls_priority_t xm_trust_get_priority(const xmpp_trust *trust)
{
    return trust->priority;
}

gnutls_x509_trust_list_t xm_trust_get_list(const xmpp_trust *trust)
{
    gnutls_x509_trust_list_t list = NULL;
    gnutls_certificate_get_trust_list(trust->credentials, &list);
    return list;
}

int xmpp_trust_add_system(xmpp_trust *trust)
{
    if (!trust) {
        return XMPP_E_INVAL;
    }
    if (atomic_load(&trust->is_frozen)) {
        return XMPP_E_BUSY;
    }
    int n = gnutls_x509_trust_list_add_system_trust(xm_trust_get_list(trust), 0, 0);
    if (n == GNUTLS_E_MEMORY_ERROR) {
        return XMPP_E_NOMEM;
    }
    return n > 0 ? n : XMPP_E_FILE;
}

/* All of them or none; GnuTLS takes over each certificate, not the array. */
static int add_parsed(xmpp_trust *trust, gnutls_x509_crt_t *certs, unsigned n)
{
    int added = gnutls_x509_trust_list_add_cas(xm_trust_get_list(trust), certs, n, 0);
    for (unsigned i = added > 0 ? (unsigned)added : 0; i < n; i++) {
        gnutls_x509_crt_deinit(certs[i]);
    }
    gnutls_free(certs);
    if (added < 0 || (unsigned)added < n) {
        return XMPP_E_NOMEM;
    }
    return added;
}

int xmpp_trust_add_ca_pem(xmpp_trust *trust, const char *pem, size_t len)
{
    if (!trust || !pem || len > INT_MAX) {
        return XMPP_E_INVAL;
    }
    if (atomic_load(&trust->is_frozen)) {
        return XMPP_E_BUSY;
    }
    /* GnuTLS reads PEM as text: it must end. */
    char *text = xm_mem_dup(pem, len);
    if (!text) {
        return XMPP_E_NOMEM;
    }
    gnutls_datum_t datum = {(unsigned char *)text, (unsigned)len};
    gnutls_x509_crt_t *certs = NULL;
    unsigned n = 0;
    int ret = gnutls_x509_crt_list_import2(&certs, &n, &datum, GNUTLS_X509_FMT_PEM, 0);
    free(text);
    if (ret < 0) {
        return ret == GNUTLS_E_MEMORY_ERROR ? XMPP_E_NOMEM : XMPP_E_CERT_BAD;
    }
    return add_parsed(trust, certs, n);
}

int xmpp_trust_add_ca_file(xmpp_trust *trust, const char *path)
{
    if (!trust || !path) {
        return XMPP_E_INVAL;
    }
    gnutls_datum_t file = {NULL, 0};
    int ret = gnutls_load_file(path, &file);
    if (ret < 0) {
        return ret == GNUTLS_E_MEMORY_ERROR ? XMPP_E_NOMEM : XMPP_E_FILE;
    }
    ret = xmpp_trust_add_ca_pem(trust, (const char *)file.data, file.size);
    gnutls_free(file.data);
    return ret;
}
