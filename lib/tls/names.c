/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of certificates against the domain. Everything here compares bytes that a stranger chose
 * with a domain that was prepared; what cannot be compared exactly does not match. */
#include "tls/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/nocase.h"
#include "jid/domain.h"
#include "xmpp/error.h"

/* An address with a scope is no address of a certificate, but no DNS name either. */
static void parse_ip(struct xm_tls_domain *domain)
{
    struct xm_addr addr = {.family = 0};
    int is_addr = xm_addr_parse(domain->unicode, 0, &addr);
    domain->is_ip = is_addr || domain->unicode[0] == '[';
    if (is_addr && addr.scope == 0) {
        domain->ip_len = addr.family == 4 ? 4 : 16;
        memcpy(domain->ip, addr.ip, domain->ip_len);
    }
}

void xm_tls_domain_init(struct xm_tls_domain *domain, const char *unicode, const char *ascii,
                        int is_direct)
{
    *domain = (struct xm_tls_domain){.unicode = unicode, .ascii = ascii, .is_direct = is_direct};
    parse_ip(domain);
}

void xm_tls_domain_init_host(struct xm_tls_domain *domain, const char *host)
{
    *domain = (struct xm_tls_domain){.unicode = host, .ascii = host, .is_host = 1};
    parse_ip(domain);
}

/* ASCII case apart; a NUL inside the name meets no NUL inside the text, so it never matches. */
static int is_text(const char *name, size_t n, const char *text)
{
    return n > 0 && n == strlen(text) && xm_nocase_equal(name, text, n);
}

/* "*.rest": the star stands for exactly one whole label, the left-most (RFC 6120 13.7.1.2.1), and
 * the rest has two labels at least: no certificate is for all of a top-level domain. */
static int is_wildcard(const char *name, size_t n, const char *text)
{
    if (n < 3 || name[0] != '*' || name[1] != '.') {
        return 0;
    }
    const char *rest = strchr(text, '.');
    if (!rest || rest == text || !memchr(name + 2, '.', n - 2)) {
        return 0;
    }
    return is_text(name + 1, n - 1, rest);
}

static int is_dns(const struct xm_tls_domain *domain, const char *name, size_t n)
{
    if (n > XM_DOMAIN_ASCII_MAX) {
        return 0;
    }
    return is_text(name, n, domain->ascii) || is_wildcard(name, n, domain->ascii);
}

/* RFC 4985 2: "_Service.Name". No wildcard: nothing that issues these needs one. */
static int is_service(const char *name, size_t n, const char *service, const char *text)
{
    size_t len = strlen(service);
    return n > len && xm_nocase_equal(name, service, len) && is_text(name + len, n - len, text);
}

static int is_srv(const struct xm_tls_domain *domain, const char *name, size_t n)
{
    if (is_service(name, n, "_xmpp-client.", domain->ascii)) {
        return 1;
    }
    return domain->is_direct && is_service(name, n, "_xmpps-client.", domain->ascii);
}

/* RFC 6120 13.7.1.4: an address, so it is prepared as one before it is compared. */
static int is_address(const struct xm_tls_domain *domain, const void *name, size_t n)
{
    char *prepared = NULL;
    size_t len = 0;
    if (is_text(name, n, domain->unicode) || is_text(name, n, domain->ascii)) {
        return 1;
    }
    if (n == 0 || memchr(name, '\0', n)) {
        return 0;
    }
    int ret = xm_domain_prepare(name, n, &prepared, &len);
    if (ret < 0) {
        return ret == XMPP_E_NOMEM ? ret : 0;
    }
    int is_same_domain =
        len == strlen(domain->unicode) && memcmp(prepared, domain->unicode, len) == 0;
    free(prepared);
    return is_same_domain;
}

int xm_tls_domain_is(const struct xm_tls_domain *domain, enum xm_tls_name_type type,
                     const void *name, size_t n)
{
    if (domain->is_host && type != XM_TLS_NAME_DNS) {
        return 0;
    }
    /* An address is no DNS name, in whatever field it stands. */
    if (domain->is_ip) {
        return type == XM_TLS_NAME_IP && n > 0 && n == domain->ip_len &&
               memcmp(name, domain->ip, n) == 0;
    }
    switch (type) {
    case XM_TLS_NAME_DNS:
        return is_dns(domain, name, n);
    case XM_TLS_NAME_SRV:
        return is_srv(domain, name, n);
    case XM_TLS_NAME_XMPP:
        return is_address(domain, name, n);
    case XM_TLS_NAME_IP:
        break;
    }
    return 0;
}
