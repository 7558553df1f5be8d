/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does a name in a certificate stand for the domain? Pure comparisons, no certificate is read here.
 * RFC 6120 13.7.1.2, RFC 6125 6, RFC 4985; the common name is no name (RFC 9525 2). */
#ifndef XM_TLS_NAMES_H
#define XM_TLS_NAMES_H

#include <stddef.h>
#include <stdint.h>

enum xm_tls_name_type {
    XM_TLS_NAME_DNS,  /* dNSName */
    XM_TLS_NAME_SRV,  /* otherName id-on-dnsSRV: "_xmpp-client.example.org" */
    XM_TLS_NAME_XMPP, /* otherName id-on-xmppAddr */
    XM_TLS_NAME_IP    /* iPAddress: 4 or 16 bytes */
};

/* The reference identity. */
struct xm_tls_domain {
    const char *unicode; /* U-labels, or an IP literal (RFC 7622 3.2: IPv6 in brackets) */
    const char *ascii;   /* A-labels */
    uint8_t ip[16];
    size_t ip_len; /* 4 or 16; 0: not an address that a certificate could hold */
    int is_ip;     /* an IP literal, so no DNS name */
    int is_direct; /* direct TLS: _xmpps-client too (XEP-0368) */
    int is_host;   /* the name of a machine, so no domain of XMPP: a DNS name alone */
};

/* The texts are borrowed (as long as the domain is used). */
void xm_tls_domain_init(struct xm_tls_domain *domain, const char *unicode, const char *ascii,
                        int is_direct);
/* The same for the machine that DNSSEC names: A-labels. */
void xm_tls_domain_init_host(struct xm_tls_domain *domain, const char *host);
/* 1 if the name, n bytes of the certificate, is the domain's; 0, or XMPP_E_NOMEM. */
int xm_tls_domain_is(const struct xm_tls_domain *domain, enum xm_tls_name_type type,
                     const void *name, size_t n);

#endif
