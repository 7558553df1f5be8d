/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLSA records against a server's certificate (RFC 6698, RFC 7671, RFC 7673 4). Where they come from
 * and whether DNSSEC vouches for them is not asked here. */
#ifndef XM_TLS_DANE_H
#define XM_TLS_DANE_H

#include <stddef.h>

#include <gnutls/x509.h>

#include "base/answer.h"
#include "tls/verdict.h"

enum xm_tlsa_usage {
    XM_TLSA_PKIX_TA = 0,
    XM_TLSA_PKIX_EE = 1,
    XM_TLSA_DANE_TA = 2,
    XM_TLSA_DANE_EE = 3
};
enum xm_tlsa_selector { XM_TLSA_CERT = 0, XM_TLSA_SPKI = 1 };
enum xm_tlsa_matching { XM_TLSA_FULL = 0, XM_TLSA_SHA256 = 1, XM_TLSA_SHA512 = 2 };

/* The records that count. One block: free() frees it all. */
struct xm_tlsa_set {
    size_t n;
    struct xm_tlsa records[]; /* their data stands behind them */
};

/* Copies the records that count: usable, and of the digests for one usage and selector the strongest
 * only (RFC 7671 9). *ret_set is NULL if there are none. 0 or XMPP_E_NOMEM. */
int xm_tlsa_set_new(struct xm_tlsa_set **ret_set, const struct xm_tlsa *tlsa, size_t n);
int xm_tlsa_set_has(const struct xm_tlsa_set *set, enum xm_tlsa_usage usage);
/* 1 if a record of this usage stands for the certificate; 0 or GnuTLS's code. */
int xm_tlsa_set_matches(const struct xm_tlsa_set *set, enum xm_tlsa_usage usage,
                        gnutls_x509_crt_t cert);

/* Lets the session's records decide. 0: accepted, and tls->dane_usage says by which usage; else the
 * refusal's code. */
int xm_dane_judge(struct xm_verdict *verdict);

/* anchor.c: records that name an authority. Each 1 if one of them is an authority of the chain, with
 * what is wrong all the same added to *ret_status; 0 if none is, or the refusal's code. */

/* Usage 2, whose records say themselves who is trusted. */
int xm_anchor_check_asserted(struct xm_verdict *verdict, unsigned *ret_status);
/* Usage 0, whose records choose among those who are trusted; the chain was verified with that
 * result. */
int xm_anchor_check_chosen(struct xm_verdict *verdict, unsigned pkix_status);

#endif
