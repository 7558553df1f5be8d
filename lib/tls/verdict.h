/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server's certificate while it is judged, and what can be found wrong with it: between verify.c,
 * which leads, and the files that know one thing each. */
#ifndef XM_TLS_VERDICT_H
#define XM_TLS_VERDICT_H

#include <gnutls/x509.h>

#include "tls/cert.h"
#include "tls/session.h"

/* A certificate of hundreds of names is some 10,000 bytes. Of thousands it could be, which are read
 * again and again. A chain is no longer than GnuTLS has room for: 3.7 does not look everywhere. */
enum { XM_CERT_MAX = 12288, XM_CHAIN_MAX = 16 };

/* What is wrong is collected as bits of gnutls_certificate_status_t: a `status`. */
struct xm_verdict {
    struct xm_tls *tls;
    const gnutls_datum_t *sent; /* the chain as it was sent, leaf first */
    unsigned n_sent;
    gnutls_x509_crt_t certs[XM_CHAIN_MAX]; /* of it, those that were read */
    unsigned n_certs;
    struct xm_cert_names names;
    const char *host; /* a second reference name, as a DNS-ID only; NULL: there is none */
};

/* Nobody vouches for the chain, or somebody who may not. */
enum {
    XM_STATUS_UNTRUSTED =
        GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA | GNUTLS_CERT_SIGNATURE_FAILURE
};

/* chain.c. Each 0, or the refusal's code: what cannot even be read. The leaf was read. */

/* Reads the first n of what was sent, if they were not. 0 or GnuTLS's code. */
int xm_verdict_read(struct xm_verdict *verdict, unsigned n);
/* Looks for the reference names in the leaf. */
int xm_verdict_read_names(struct xm_verdict *verdict);
/* All of PKIX: the chain leads to an authority that the trust object has, is for servers, in its
 * time, not revoked, and for the name. Adds to *ret_status. */
int xm_verdict_check_pkix(struct xm_verdict *verdict, unsigned *ret_status);
/* What GnuTLS does not do for any chain that leads to one of `anchors`: the name, and whether those
 * who signed may sign for it. Adds to *ret_status. */
int xm_verdict_check_name(struct xm_verdict *verdict, gnutls_x509_trust_list_t anchors,
                          unsigned *ret_status);

/* refusal.c. Findings, code and a sentence; each returns the code. */

int xm_verdict_refuse_bad(struct xm_verdict *verdict, const char *why);
/* For what GnuTLS could not do. */
int xm_verdict_refuse_unread(struct xm_verdict *verdict, int gnutls_code, const char *why);
/* For what is wrong with it; 0 if nothing is. */
int xm_verdict_refuse(struct xm_verdict *verdict, unsigned status);
/* For a certificate that no TLSA record names. */
int xm_verdict_refuse_dane(struct xm_verdict *verdict);

#endif
