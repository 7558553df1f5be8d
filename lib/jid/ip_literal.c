/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The syntax of IPv6 literals. Nothing is converted: an address in two notations is two domains,
 * as RFC 7622 3.2.3 compares octets; and the text is what a server was configured with. */
#include "jid/domain.h"

#include <string.h>

#include "base/addr.h"

enum { IPV6_MAX = 45, ZONE_MAX = 64 };

static int is_ipv6(const char *text, size_t len)
{
    char copy[IPV6_MAX + 1];
    struct xm_addr addr;
    if (len == 0 || len > IPV6_MAX || text[0] == '[') {
        return 0;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    return xm_addr_parse(copy, 0, &addr) && addr.family == 6;
}

/* RFC 6874 2: ZoneID, of unreserved characters. */
static int is_zone(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            c != '-' && c != '.' && c != '_' && c != '~') {
            return 0;
        }
    }
    return len > 0 && len <= ZONE_MAX;
}

int xm_ip_is_literal(const char *text, size_t len)
{
    if (len < 4 || text[0] != '[' || text[len - 1] != ']') {
        return 0;
    }
    const char *address = text + 1;
    size_t n = len - 2;
    const char *percent = memchr(address, '%', n);
    if (percent) {
        size_t before = (size_t)(percent - address);
        return is_zone(percent + 1, n - before - 1) && is_ipv6(address, before);
    }
    return is_ipv6(address, n);
}
