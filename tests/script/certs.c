/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificates that scripts name: good, other-name, other-ca, expired, not-yet, client-only,
 * cn-only of servers, juliet of a client. */
#include "script/certs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/scene.h"
#include "world/faults.h"

static const struct {
    const char *name;
    struct cert_spec spec;
    int is_self_signed;
} kinds[] = {
    {"good", {.dns = {"capulet.example"}, .eku = {GNUTLS_KP_TLS_WWW_SERVER}}, 0},
    {"other-name", {.dns = {"montague.example"}}, 0},
    {"other-ca", {.dns = {"capulet.example"}}, 1},
    {"expired", {.dns = {"capulet.example"}, .from_days = -10, .to_days = -1}, 0},
    {"not-yet", {.dns = {"capulet.example"}, .from_days = 10, .to_days = 20}, 0},
    {"client-only", {.dns = {"capulet.example"}, .eku = {GNUTLS_KP_TLS_WWW_CLIENT}}, 0},
    {"cn-only", {.cn = "capulet.example"}, 0},
    {"juliet", {.xmpp = {"juliet@capulet.example"}, .eku = {GNUTLS_KP_TLS_WWW_CLIENT}}, 0},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

/* Made when first needed, once a process. */
static struct cert authority;
static struct cert certs[N_KINDS];
static struct cert between[CERTS_CHAIN_MAX]; /* each signed by the one before, or the authority */

static const struct cert *get_authority(void)
{
    if (!authority.crt) {
        authority = cert_make(&(struct cert_spec){.cn = "An authority", .is_ca = 1}, NULL);
    }
    return &authority;
}

const struct cert *certs_get(const char *name)
{
    for (int i = 0; i < N_KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            if (!certs[i].crt) {
                certs[i] =
                    cert_make(&kinds[i].spec, kinds[i].is_self_signed ? NULL : get_authority());
            }
            return &certs[i];
        }
    }
    return NULL;
}

void tls_free_certs(void)
{
    for (int i = 0; i < N_KINDS; i++) {
        if (certs[i].crt) {
            cert_free(&certs[i]);
        }
    }
    for (int i = 0; i < CERTS_CHAIN_MAX && between[i].crt; i++) {
        cert_free(&between[i]);
    }
    if (authority.crt) {
        cert_free(&authority);
    }
}

/* The n-th authority below the one that is trusted, which is the 0th. */
static const struct cert *get_between(size_t n)
{
    if (n == 0) {
        return get_authority();
    }
    struct cert *cert = &between[n - 1];
    if (!cert->crt) {
        char cn[32];
        snprintf(cn, sizeof cn, "Authority %zu", n);
        *cert = cert_make(&(struct cert_spec){.cn = cn, .is_ca = 1}, get_between(n - 1));
    }
    return cert;
}

void certs_make_chain(struct cert chain[CERTS_CHAIN_MAX], const char *name, size_t n)
{
    const struct cert_spec *spec = NULL;
    for (int i = 0; i < N_KINDS; i++) {
        spec = strcmp(kinds[i].name, name) == 0 ? &kinds[i].spec : spec;
    }
    if (!spec || n < 1 || n > CERTS_CHAIN_MAX) {
        abort();
    }
    chain[0] = cert_make(spec, get_between(n - 1));
    for (size_t i = 1; i < n; i++) {
        chain[i] = *get_between(n - i);
    }
}

int tls_set_trust(struct scene *scene, xmpp_conn *conn)
{
    gnutls_datum_t pem = cert_pem(get_authority());
    xmpp_trust *trust = IN_LIB(xmpp_trust_new());
    int result = trust ? IN_LIB(xmpp_trust_add_ca_pem(trust, (const char *)pem.data, pem.size))
                       : XMPP_E_NOMEM;
    gnutls_free(pem.data);
    if (result >= 0) {
        result = IN_LIB(xmpp_conn_set_trust(conn, trust));
    }
    IN_LIB(xmpp_trust_unref(trust));
    (void)scene;
    return result;
}

/* The certificate and the key of these names, as PEM; -1 if there is none of a name. */
static int get_pem(const char *cert, const char *key, gnutls_datum_t *ret_cert,
                   gnutls_datum_t *ret_key)
{
    const struct cert *of_cert = certs_get(cert);
    const struct cert *of_key = certs_get(key);
    if (!of_cert || !of_key) {
        return -1;
    }
    *ret_cert = cert_pem(of_cert);
    *ret_key = cert_key_pem(of_key);
    return 0;
}

static int load_cert(xmpp_conn *conn, const gnutls_datum_t *cert, const gnutls_datum_t *key)
{
    return IN_LIB(xmpp_conn_set_client_cert(conn, (const char *)cert->data, cert->size,
                                            (const char *)key->data, key->size));
}

static void write_file(const char *path, const gnutls_datum_t *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fwrite(text->data, 1, text->size, file) != text->size || fclose(file) != 0) {
        abort();
    }
}

static int load_cert_files(xmpp_conn *conn, const gnutls_datum_t *cert, const gnutls_datum_t *key)
{
    char folder[] = "/tmp/xmpp-script-XXXXXX";
    char cert_file[64];
    char key_file[64];
    if (!mkdtemp(folder)) {
        abort();
    }
    snprintf(cert_file, sizeof cert_file, "%s/cert.pem", folder);
    snprintf(key_file, sizeof key_file, "%s/key.pem", folder);
    write_file(cert_file, cert);
    write_file(key_file, key);
    int result = IN_LIB(xmpp_conn_set_client_cert_file(conn, cert_file, key_file));
    remove(cert_file);
    remove(key_file);
    remove(folder);
    return result;
}

int tls_set_client_cert(struct scene *scene, xmpp_conn *conn, char **words, int n, int is_file)
{
    gnutls_datum_t cert;
    gnutls_datum_t key;
    if (n == 0) {
        return is_file ? IN_LIB(xmpp_conn_set_client_cert_file(conn, NULL, NULL))
                       : IN_LIB(xmpp_conn_set_client_cert(conn, NULL, 0, NULL, 0));
    }
    if (is_file && n == 2 && words[0][0] == '/') {
        return IN_LIB(xmpp_conn_set_client_cert_file(conn, words[0], words[1]));
    }
    if (get_pem(words[0], words[n - 1], &cert, &key) < 0) {
        scene_fail(scene, "there is no certificate of that name");
        return 0;
    }
    int result = is_file ? load_cert_files(conn, &cert, &key) : load_cert(conn, &cert, &key);
    gnutls_free(cert.data);
    gnutls_free(key.data);
    return result;
}
