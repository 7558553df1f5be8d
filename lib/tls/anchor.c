/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLSA records that name an authority: whether one of them stands above the leaf. The signatures up
 * to it are what decides, and never that it was sent along. */
#include <string.h>

#include "tls/dane.h"
#include "xmpp/error.h"

/* So many authorities may have signed and be bad, each at the cost of a chain. */
enum { FAILED_MAX = 3 };

/* The leaf first; what was not sent stands behind what was. */
struct path {
    gnutls_x509_crt_t certs[XM_CHAIN_MAX];
    uint8_t is_anchor[XM_CHAIN_MAX]; /* the records name it */
    unsigned n;
    unsigned n_sent; /* these are the verdict's */
};

static void path_done(struct path *path)
{
    for (unsigned i = path->n_sent; i < path->n; i++) {
        gnutls_x509_crt_deinit(path->certs[i]);
    }
}

static int path_init(struct path *path, struct xm_verdict *verdict)
{
    int ret = xm_verdict_read(verdict, verdict->n_sent);
    *path = (struct path){.n = 0};
    if (ret < 0) {
        return ret;
    }
    memcpy(path->certs, verdict->certs, verdict->n_sent * sizeof *path->certs);
    path->n = path->n_sent = verdict->n_sent;
    return 0;
}

static int path_has(const struct path *path, gnutls_x509_crt_t cert)
{
    for (unsigned i = 0; i < path->n; i++) {
        if (gnutls_x509_crt_equals(path->certs[i], cert)) {
            return 1;
        }
    }
    return 0;
}

/* A leaf is an authority for itself at most, however often it was sent. */
static int may_be_anchor(const struct path *path, unsigned which)
{
    gnutls_x509_crt_t leaf = path->certs[0];
    return gnutls_x509_crt_check_issuer(leaf, leaf) ||
           !gnutls_x509_crt_equals(path->certs[which], leaf);
}

/* Which of them the records name; how many. */
static int mark(struct path *path, const struct xm_tlsa_set *set, enum xm_tlsa_usage usage)
{
    int n_anchors = 0;
    for (unsigned i = 0; i < path->n; i++) {
        int ret = may_be_anchor(path, i) ? xm_tlsa_set_matches(set, usage, path->certs[i]) : 0;
        if (ret < 0) {
            return ret;
        }
        path->is_anchor[i] = ret == 1;
        n_anchors += ret;
    }
    return n_anchors;
}

/* For servers, and with the profile that trust.c asks of sessions. */
static int verify(gnutls_x509_trust_list_t anchors, gnutls_x509_crt_t *certs, unsigned n,
                  unsigned *ret_status)
{
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
    gnutls_typed_vdata_st data = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *)purpose, .size = 0};
    return gnutls_x509_trust_list_verify_crt2(anchors, certs, n, &data, 1,
                                              GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM),
                                              ret_status, NULL);
}

/* Adds to a list without giving away. */
static int add(gnutls_x509_trust_list_t list, gnutls_x509_crt_t cert)
{
    return gnutls_x509_trust_list_add_cas(list, &cert, 1, 0) == 1 ? 0 : GNUTLS_E_MEMORY_ERROR;
}

/* --- usage 2: the records say who is trusted ---------------------------------------------------- */

static int is_issuer_of_any(const struct path *path, gnutls_x509_crt_t cert)
{
    for (unsigned i = 0; i < path->n; i++) {
        if (gnutls_x509_crt_check_issuer(path->certs[i], cert)) {
            return 1;
        }
    }
    return 0;
}

/* 1 if it was taken. One that cannot be read, or that costs too much, is nobody's authority. */
static int take(struct path *path, const struct xm_tlsa *record)
{
    gnutls_datum_t der = {(unsigned char *)(uintptr_t)record->data, record->n_data};
    gnutls_x509_crt_t cert = NULL;
    int ret = gnutls_x509_crt_init(&cert);
    if (ret < 0) {
        return ret;
    }
    ret = gnutls_x509_crt_import(cert, &der, GNUTLS_X509_FMT_DER);
    if (ret >= 0) {
        ret = xm_tls_is_bounded_key(cert);
    }
    if (ret == 1 && !path_has(path, cert) && is_issuer_of_any(path, cert)) {
        path->certs[path->n++] = cert;
        return 1;
    }
    gnutls_x509_crt_deinit(cert);
    return ret == GNUTLS_E_MEMORY_ERROR ? ret : 0;
}

/* RFC 7671 5.2.2: a record with a whole certificate brings the authority that was not sent. */
static int supply(struct path *path, const struct xm_tlsa_set *set)
{
    int ret = 0;
    for (size_t i = 0; i < set->n && path->n < XM_CHAIN_MAX && ret >= 0; i++) {
        const struct xm_tlsa *record = &set->records[i];
        if (record->usage == XM_TLSA_DANE_TA && record->selector == XM_TLSA_CERT &&
            record->matching == XM_TLSA_FULL && record->n_data <= XM_CERT_MAX) {
            ret = take(path, record);
        }
    }
    return ret < 0 ? ret : 0;
}

/* How many of the path are asserted, or GnuTLS's code. */
static int read_asserted(struct path *path, struct xm_verdict *verdict)
{
    int ret = path_init(path, verdict);
    if (ret >= 0) {
        ret = supply(path, verdict->tls->dane);
    }
    return ret < 0 ? ret : mark(path, verdict->tls->dane, XM_TLSA_DANE_TA);
}

/* What the marked ones think of the path. *ret_list holds them, also after a failure. */
static int verify_to_marked(struct path *path, gnutls_x509_trust_list_t *ret_list,
                            unsigned *ret_status)
{
    int ret = gnutls_x509_trust_list_init(ret_list, 1);
    for (unsigned i = 0; i < path->n && ret >= 0; i++) {
        ret = path->is_anchor[i] ? add(*ret_list, path->certs[i]) : 0;
    }
    return ret < 0 ? ret : verify(*ret_list, path->certs, path->n, ret_status);
}

int xm_anchor_check_asserted(struct xm_verdict *verdict, unsigned *ret_status)
{
    struct path path;
    gnutls_x509_trust_list_t anchors = NULL;
    unsigned status = GNUTLS_CERT_SIGNER_NOT_FOUND;
    int code = 0;
    int ret = read_asserted(&path, verdict);
    if (ret > 0) {
        ret = verify_to_marked(&path, &anchors, &status);
    }
    int is_above = ret >= 0 && !(status & GNUTLS_CERT_SIGNER_NOT_FOUND);
    if (ret < 0) {
        code = xm_verdict_refuse_unread(verdict, ret, "has a chain that cannot be read");
    } else if (is_above) {
        code = xm_verdict_check_name(verdict, anchors, &status);
    }
    gnutls_x509_trust_list_deinit(anchors, 0);
    path_done(&path);
    *ret_status |= status;
    return code < 0 ? code : is_above;
}

/* --- usage 0: the records choose among those who are trusted ------------------------------------ */

/* RFC 7671 5.4: adds those of the trust object that stand above, which no server has to send, up to
 * the last. */
static int climb(struct path *path, gnutls_x509_trust_list_t trusted)
{
    for (unsigned i = 0; i < path->n && path->n < XM_CHAIN_MAX; i++) {
        gnutls_x509_crt_t issuer = NULL;
        int ret =
            gnutls_x509_trust_list_get_issuer(trusted, path->certs[i], &issuer, GNUTLS_TL_GET_COPY);
        if (ret == GNUTLS_E_MEMORY_ERROR || (ret >= 0 && !issuer)) {
            return GNUTLS_E_MEMORY_ERROR;
        }
        if (ret < 0) {
            continue;
        }
        if (path_has(path, issuer)) {
            gnutls_x509_crt_deinit(issuer);
        } else {
            path->certs[path->n++] = issuer;
        }
    }
    return 0;
}

/* 1 if an authority that was sent is one for PKIX too: it may stand there for show. Its own name is
 * held against constraints, which are for those of servers. */
static int is_trusted(const struct path *path, unsigned which, gnutls_x509_trust_list_t trusted)
{
    gnutls_x509_crt_t certs[XM_CHAIN_MAX];
    unsigned n = 0;
    unsigned status = 0;
    certs[n++] = path->certs[which];
    for (unsigned i = 1; i < path->n; i++) {
        if (i != which) {
            certs[n++] = path->certs[i];
        }
    }
    int ret = verify(trusted, certs, n, &status);
    if (ret < 0) {
        return ret;
    }
    status &= ~(unsigned)(GNUTLS_CERT_INVALID | GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE);
    return status == 0;
}

/* What this one alone thinks of the path. */
static int verify_to(struct path *path, unsigned which, unsigned *ret_status)
{
    gnutls_x509_trust_list_t chosen = NULL;
    int ret = gnutls_x509_trust_list_init(&chosen, 1);
    if (ret < 0) {
        return ret;
    }
    ret = add(chosen, path->certs[which]);
    if (ret >= 0) {
        ret = verify(chosen, path->certs, path->n, ret_status);
    }
    gnutls_x509_trust_list_deinit(chosen, 0);
    return ret;
}

/* 1 if this one stands between the leaf and those who are trusted, 0 if it did not sign; FAILED if it
 * did, and is not good; or GnuTLS's code. */
enum { FAILED = 2 };
static int is_between(struct path *path, unsigned which, gnutls_x509_trust_list_t trusted)
{
    unsigned status = 0;
    int ret = verify_to(path, which, &status);
    if (ret < 0 || status & GNUTLS_CERT_SIGNER_NOT_FOUND) {
        return ret;
    }
    if (status != 0) {
        return FAILED;
    }
    if (which == 0 || which >= path->n_sent) {
        return 1; /* the leaf, with which PKIX was content, or one of the trust object */
    }
    ret = is_trusted(path, which, trusted);
    return ret == 0 ? FAILED : ret;
}

/* 1 if one that is marked is between; 0 or GnuTLS's code. Those of the trust object come first: of a
 * certificate with the same name and key an old one may have been sent. */
static int is_on_path(struct path *path, gnutls_x509_trust_list_t trusted)
{
    unsigned n_failed = 0;
    for (unsigned k = 0; k < path->n && n_failed < FAILED_MAX; k++) {
        unsigned i = (k + path->n_sent) % path->n;
        int ret = path->is_anchor[i] ? is_between(path, i, trusted) : 0;
        if (ret < 0 || ret == 1) {
            return ret;
        }
        n_failed += ret == FAILED;
    }
    return 0;
}

int xm_anchor_check_chosen(struct xm_verdict *verdict, unsigned pkix_status)
{
    gnutls_x509_trust_list_t trusted = xm_trust_get_list(verdict->tls->trust);
    struct path path;
    int ret = path_init(&path, verdict);
    if (ret >= 0) {
        ret = climb(&path, trusted);
    }
    if (ret >= 0) {
        ret = mark(&path, verdict->tls->dane, XM_TLSA_PKIX_TA);
    }
    if (ret > 0 && pkix_status == 0) {
        ret = is_on_path(&path, trusted);
    }
    path_done(&path);
    if (ret < 0) {
        return xm_verdict_refuse_unread(verdict, ret, "has a chain that cannot be read");
    }
    return ret > 0;
}
