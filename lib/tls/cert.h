/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a certificate says of names. */
#ifndef XM_TLS_CERT_H
#define XM_TLS_CERT_H

#include <gnutls/x509.h>

#include "tls/names.h"

struct xm_cert_names {
    struct xm_tls_domain domain; /* whose name is looked for; set by the caller */
    int is_named;                /* it was found */
    int is_plain;                /* as a dNSName or iPAddress, not (only) as an otherName */
    char shown[240];             /* what was found, for a person: as many as have room */
};

/* Goes through the subject's alternative names and nothing else (RFC 6120 13.7.1.2). 0 or GnuTLS's
 * code. */
int xm_cert_read_names(gnutls_x509_crt_t cert, struct xm_cert_names *names);
/* 1 if this authority's constraints on dNSNames let it sign for the domain, and there are none on
 * otherNames where the name that was found is one; 0 or GnuTLS's code. */
int xm_cert_may_sign(gnutls_x509_crt_t authority, const struct xm_cert_names *names);

#endif
