/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which names stand for a domain: a table of what a certificate says and what the JID says. */
#include "tls/names.h"

#include <string.h>

#include "check.h"

struct row {
    enum xm_tls_name_type type;
    const char *name;
    size_t n; /* 0: strlen */
    const char *unicode;
    const char *ascii; /* NULL: the same */
    int is_direct;
    int want;
};

static void run(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct xm_tls_domain domain;
        const char *ascii = rows[i].ascii ? rows[i].ascii : rows[i].unicode;
        size_t len = rows[i].n ? rows[i].n : strlen(rows[i].name);
        check_note("row %zu: \"%s\" for %s", i, rows[i].name, rows[i].unicode);
        xm_tls_domain_init(&domain, rows[i].unicode, ascii, rows[i].is_direct);
        CHECK_INT(xm_tls_domain_is(&domain, rows[i].type, rows[i].name, len), rows[i].want);
    }
}
#define RUN(rows) run(rows, sizeof(rows) / sizeof *(rows))

static void dns_names(void)
{
    static const struct row rows[] = {
        {XM_TLS_NAME_DNS, "example.org", 0, "example.org", NULL, 0, 1},
        {XM_TLS_NAME_DNS, "EXAMPLE.Org", 0, "example.org", NULL, 0, 1},
        {XM_TLS_NAME_DNS, "example.com", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "xample.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "www.example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "example.org", 0, "www.example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "example.org.", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, ".example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, " example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "localhost", 0, "localhost", NULL, 0, 1},
        /* CVE-2009-2408's class: a NUL does not end a name */
        {XM_TLS_NAME_DNS, "example.org\0.evil.net", 21, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "example.org\0", 12, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "\0", 1, "example.org", NULL, 0, 0},
        /* names are compared as A-labels */
        {XM_TLS_NAME_DNS, "xn--bcher-kva.example", 0, "bücher.example", "xn--bcher-kva.example", 0,
         1},
        {XM_TLS_NAME_DNS, "XN--BCHER-KVA.example", 0, "bücher.example", "xn--bcher-kva.example", 0,
         1},
        {XM_TLS_NAME_DNS, "bücher.example", 0, "bücher.example", "xn--bcher-kva.example", 0, 0},
    };
    RUN(rows);
}

static void wildcards(void)
{
    static const struct row rows[] = {
        {XM_TLS_NAME_DNS, "*.example.org", 0, "chat.example.org", NULL, 0, 1},
        {XM_TLS_NAME_DNS, "*.EXAMPLE.org", 0, "chat.example.org", NULL, 0, 1},
        {XM_TLS_NAME_DNS, "*.example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "*.example.org", 0, "a.b.example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "*", 0, "localhost", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "*", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "*.", 0, "example.", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "*.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "*.*.org", 0, "chat.example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "chat.*.org", 0, "chat.example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "c*.example.org", 0, "chat.example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "*t.example.org", 0, "chat.example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "c*t.example.org", 0, "chat.example.org", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "**.example.org", 0, "chat.example.org", NULL, 0, 0},
        /* a whole label, so also an A-label; never a part of one */
        {XM_TLS_NAME_DNS, "*.example.org", 0, "bü.example.org", "xn--b-xga.example.org", 0, 1},
        {XM_TLS_NAME_DNS, "xn--*.example.org", 0, "bü.example.org", "xn--b-xga.example.org", 0, 0},
        {XM_TLS_NAME_DNS, "xn--b*a.example.org", 0, "bü.example.org", "xn--b-xga.example.org", 0,
         0},
        {XM_TLS_NAME_DNS, "*.example.org\0", 14, "chat.example.org", NULL, 0, 0},
    };
    RUN(rows);
}

static void service_names(void)
{
    static const struct row rows[] = {
        {XM_TLS_NAME_SRV, "_xmpp-client.example.org", 0, "example.org", NULL, 0, 1},
        {XM_TLS_NAME_SRV, "_XMPP-Client.Example.ORG", 0, "example.org", NULL, 0, 1},
        {XM_TLS_NAME_SRV, "_xmpp-client.example.org", 0, "example.org", NULL, 1, 1},
        {XM_TLS_NAME_SRV, "_xmpps-client.example.org", 0, "example.org", NULL, 1, 1},
        {XM_TLS_NAME_SRV, "_xmpps-client.example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-server.example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client.example.net", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client.", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client._tcp.example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client.*.example.org", 0, "a.example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client.example.org\0x", 26, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client.xn--bcher-kva.example", 0, "bücher.example",
         "xn--bcher-kva.example", 0, 1},
        /* each kind of name in its own field only */
        {XM_TLS_NAME_DNS, "_xmpp-client.example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "_xmpp-client.example.org", 0, "example.org", NULL, 0, 0},
    };
    RUN(rows);
}

static void xmpp_addresses(void)
{
    static const struct row rows[] = {
        {XM_TLS_NAME_XMPP, "example.org", 0, "example.org", NULL, 0, 1},
        {XM_TLS_NAME_XMPP, "Example.org", 0, "example.org", NULL, 0, 1},
        {XM_TLS_NAME_XMPP, "juliet@example.org", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "example.org/x", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "example.net", 0, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "*.example.org", 0, "chat.example.org", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "example.org\0", 12, "example.org", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "bücher.example", 0, "bücher.example", "xn--bcher-kva.example", 0, 1},
        {XM_TLS_NAME_XMPP, "BÜCHER.example", 0, "bücher.example", "xn--bcher-kva.example", 0, 1},
        {XM_TLS_NAME_XMPP, "xn--bcher-kva.example", 0, "bücher.example", "xn--bcher-kva.example", 0,
         1},
    };
    RUN(rows);
}

static void addresses(void)
{
    static const struct row rows[] = {
        {XM_TLS_NAME_IP, "\xC0\x00\x02\x01", 4, "192.0.2.1", NULL, 0, 1},
        {XM_TLS_NAME_IP, "\xC0\x00\x02\x02", 4, "192.0.2.1", NULL, 0, 0},
        {XM_TLS_NAME_IP, "\xC0\x00\x02", 3, "192.0.2.1", NULL, 0, 0},
        {XM_TLS_NAME_IP, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16, "[::1]", NULL, 0, 1},
        {XM_TLS_NAME_IP, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 16, "[::1]", NULL, 0, 0},
        {XM_TLS_NAME_IP, "\0\0\0\1", 4, "[::1]", NULL, 0, 0},
        /* an address stands in no other field, and no DNS name in this one */
        {XM_TLS_NAME_DNS, "192.0.2.1", 0, "192.0.2.1", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "*.0.2.1", 0, "192.0.2.1", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "192.0.2.1", 0, "192.0.2.1", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client.192.0.2.1", 0, "192.0.2.1", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "[::1]", 0, "[::1]", NULL, 0, 0},
        {XM_TLS_NAME_IP, "\xFE\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16, "[fe80::1%2]", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "[fe80::1%eth0]", 0, "[fe80::1%eth0]", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "[fe80::1%eth0]", 0, "[fe80::1%eth0]", NULL, 0, 0},
        {XM_TLS_NAME_IP, "a.bc", 4, "a.bc", NULL, 0, 0},
    };
    RUN(rows);
}

/* RFC 7673 4.2: the host that DNSSEC names is a DNS name and nothing else. */
static void a_host(void)
{
    static const struct row rows[] = {
        {XM_TLS_NAME_DNS, "xmpp.example.net", 0, "xmpp.example.net", NULL, 0, 1},
        {XM_TLS_NAME_DNS, "*.example.net", 0, "xmpp.example.net", NULL, 0, 1},
        {XM_TLS_NAME_DNS, "example.net", 0, "xmpp.example.net", NULL, 0, 0},
        {XM_TLS_NAME_XMPP, "xmpp.example.net", 0, "xmpp.example.net", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpp-client.xmpp.example.net", 0, "xmpp.example.net", NULL, 0, 0},
        {XM_TLS_NAME_SRV, "_xmpps-client.xmpp.example.net", 0, "xmpp.example.net", NULL, 0, 0},
        {XM_TLS_NAME_IP, "\xC0\0\2\1", 4, "192.0.2.1", NULL, 0, 0},
        {XM_TLS_NAME_DNS, "192.0.2.1", 0, "192.0.2.1", NULL, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_tls_domain domain;
        size_t len = rows[i].n ? rows[i].n : strlen(rows[i].name);
        check_note("row %zu: \"%s\" for %s", i, rows[i].name, rows[i].unicode);
        xm_tls_domain_init_host(&domain, rows[i].unicode);
        CHECK_INT(xm_tls_domain_is(&domain, rows[i].type, rows[i].name, len), rows[i].want);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"DNS names, as A-labels, case apart", dns_names},
        {"a wildcard is one whole left-most label", wildcards},
        {"SRV names of the client service", service_names},
        {"XMPP addresses are the domain", xmpp_addresses},
        {"addresses", addresses},
        {"a host that DNSSEC names", a_host},
    };
    return CHECK_MAIN(argc, argv, "tls names", cases);
}
