/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The syntax of IPv6 literals. Nothing is converted: an address in two notations is two domains,
 * as RFC 7622 3.2.3 compares octets; and the text is what a server was configured with. */
#include "jid/domain.h"

#include <string.h>

enum { GROUPS = 8, ZONE_MAX = 64 };

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* RFC 3986 3.2.2, IPv4address: four numbers up to 255, without leading zeros. */
static int is_ipv4(const char *text, size_t len)
{
    size_t i = 0;
    for (int part = 0; part < 4; part++) {
        size_t start = i;
        int value = 0;
        for (; i < len && i < start + 3 && is_digit(text[i]); i++) {
            value = value * 10 + (text[i] - '0');
        }
        if (i == start || value > 255 || (text[start] == '0' && i > start + 1)) {
            return 0;
        }
        if (part < 3 && (i == len || text[i++] != '.')) {
            return 0;
        }
    }
    return i == len;
}

/* The length of a run of up to four hexadecimal digits. */
static size_t group_len(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && n < 4 && is_hex(text[n])) {
        n++;
    }
    return n;
}

static int is_ipv6(const char *text, size_t len)
{
    int groups = 0;
    int gap = 0;
    size_t i = 0;
    if (len >= 2 && text[0] == ':' && text[1] == ':') {
        gap = 1;
        i = 2;
    }
    while (i < len) {
        size_t n = group_len(text + i, len - i);
        if (n > 0 && i + n < len && text[i + n] == '.') { /* an IPv4 address at the end */
            groups += 2;
            return is_ipv4(text + i, len - i) && (gap ? groups < GROUPS : groups == GROUPS);
        }
        if (n == 0) {
            return 0;
        }
        groups++;
        i += n;
        if (i == len) {
            break;
        }
        if (text[i++] != ':' || i == len) {
            return 0;
        }
        if (text[i] == ':') {
            if (gap) {
                return 0;
            }
            gap = 1;
            i++;
        }
    }
    return gap ? groups < GROUPS : groups == GROUPS;
}

/* RFC 6874 2: ZoneID, of unreserved characters. */
static int is_zone(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (!is_digit(c) && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '-' &&
            c != '.' && c != '_' && c != '~') {
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
