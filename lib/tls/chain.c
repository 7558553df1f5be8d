/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does the chain lead from the leaf to somebody who is trusted, for the name? The chain is GnuTLS's
 * matter; names are ours (cert.c, names.c), as it knows neither SRVName nor xmppAddr and takes a
 * common name where no dNSName stands. */
#include "tls/verdict.h"
#include "xmpp/error.h"

int xm_verdict_read(struct xm_verdict *verdict, unsigned n)
{
    int ret = 0;
    while (verdict->n_certs < n && ret >= 0) {
        gnutls_x509_crt_t *cert = &verdict->certs[verdict->n_certs];
        ret = gnutls_x509_crt_init(cert);
        if (ret < 0) {
            return ret;
        }
        ret = gnutls_x509_crt_import(*cert, &verdict->sent[verdict->n_certs], GNUTLS_X509_FMT_DER);
        verdict->n_certs++; /* also one that cannot be read is there to be freed */
    }
    return ret < 0 ? ret : 0;
}

/* As xm_cert_may_sign(), for the one of `anchors` that signed `cert`, if it is there. */
static int may_anchor_sign(gnutls_x509_trust_list_t anchors, gnutls_x509_crt_t cert,
                           const struct xm_cert_names *names)
{
    gnutls_x509_crt_t anchor = NULL;
    int ret = gnutls_x509_trust_list_get_issuer(anchors, cert, &anchor, GNUTLS_TL_GET_COPY);
    if (ret < 0) {
        return ret == GNUTLS_E_MEMORY_ERROR ? ret : 1;
    }
    ret = xm_cert_may_sign(anchor, names);
    gnutls_x509_crt_deinit(anchor);
    return ret;
}

/* A constraint holds for names of its own form only (RFC 5280 4.2.1.10), so an authority that may
 * sign for one company's dNSNames could sign an xmppAddr or SRVName for anybody, and a wildcard for
 * a name that is excluded. The domain is therefore held against the dNSName constraints of the
 * whole chain, however it was found in the certificate. */
static int check_constraints(struct xm_verdict *verdict, gnutls_x509_trust_list_t anchors)
{
    if (verdict->names.domain.is_ip) {
        return 1; /* an iPAddress was compared in its own form, by GnuTLS */
    }
    int ret = may_anchor_sign(anchors, verdict->certs[0], &verdict->names);
    for (unsigned i = 1; i < verdict->n_sent && ret == 1; i++) {
        ret = xm_verdict_read(verdict, i + 1);
        if (ret >= 0) {
            ret = xm_cert_may_sign(verdict->certs[i], &verdict->names);
        }
        if (ret == 1) {
            ret = may_anchor_sign(anchors, verdict->certs[i], &verdict->names);
        }
    }
    return ret;
}

/* The names that counted are those of the reference name that was found, or of the domain. */
int xm_verdict_read_names(struct xm_verdict *verdict)
{
    struct xm_tls *tls = verdict->tls;
    struct xm_cert_names names = {.is_named = 0};
    int ret = 0;
    xm_tls_domain_init(&names.domain, tls->domain, tls->domain_ascii, tls->is_direct);
    ret = xm_cert_read_names(verdict->certs[0], &names);
    verdict->names = names;
    if (ret >= 0 && !names.is_named && verdict->host) {
        names = (struct xm_cert_names){.is_named = 0};
        xm_tls_domain_init_host(&names.domain, verdict->host);
        ret = xm_cert_read_names(verdict->certs[0], &names);
        if (ret >= 0 && names.is_named) {
            verdict->names = names;
        }
    }
    return ret < 0 ? xm_verdict_refuse_unread(verdict, ret, "has names that cannot be read") : 0;
}

int xm_verdict_check_name(struct xm_verdict *verdict, gnutls_x509_trust_list_t anchors,
                          unsigned *ret_status)
{
    if (!verdict->names.is_named) {
        *ret_status |= GNUTLS_CERT_UNEXPECTED_OWNER;
    }
    /* of a chain that nobody trusts no more is read than must be */
    int ret = *ret_status & XM_STATUS_UNTRUSTED ? 1 : check_constraints(verdict, anchors);
    if (ret < 0) {
        return xm_verdict_refuse_unread(verdict, ret, "has a chain that cannot be read");
    }
    if (ret == 0) {
        *ret_status |= GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE;
    }
    return 0;
}

int xm_verdict_check_pkix(struct xm_verdict *verdict, unsigned *ret_status)
{
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
    gnutls_typed_vdata_st data = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *)purpose, .size = 0};
    unsigned status = 0;
    int ret = gnutls_certificate_verify_peers(verdict->tls->session, &data, 1, &status);
    if (ret < 0) {
        return xm_verdict_refuse_unread(verdict, ret, "cannot be verified");
    }
    *ret_status |= status;
    return xm_verdict_check_name(verdict, xm_trust_get_list(verdict->tls->trust), ret_status);
}
