/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domainparts, RFC 7622 3.2: names by IDNA2008 on libidn2, and IP literals. */
#ifndef XM_JID_DOMAIN_H
#define XM_JID_DOMAIN_H

#include <stddef.h>

/* The longest domain name as A-labels (RFC 1035 2.3.4, without the length of the first label and
 * the root), and the longest label. */
enum { XM_DOMAIN_ASCII_MAX = 253, XM_LABEL_MAX = 63 };

/* 1 if the text stands in a prepared address as it is: an IPv4 address, or a name of LDH labels in
 * lower case (an underscore is tolerated) none of which is an A-label. */
int xm_domain_is_plain(const char *text, size_t len);

/* Prepares: ret gets U-labels in lower case, or the IP literal; owned, with a NUL that ret_len does
 * not count. One dot at the end is dropped. 0, XMPP_E_JID or XMPP_E_NOMEM. */
int xm_domain_prepare(const char *text, size_t len, char **ret, size_t *ret_len);

/* The A-labels of a prepared domain; an IP literal as it is. The length in bytes, XMPP_E_TOO_BIG,
 * XMPP_E_JID or XMPP_E_NOMEM. */
int xm_domain_to_ascii(const char *domain, char *buf, size_t size);

/* 1 if the text is `[IPv6address]` (RFC 3986 3.2.2), perhaps with a zone (RFC 6874, or as it is
 * written everywhere else, with a bare `%`). */
int xm_ip_is_literal(const char *text, size_t len);

#endif
