/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numeric addresses and the hosts file, as text. No look-up, no system structure: the parsers are
 * our own, as inet_pton() would bring <arpa/inet.h> in here. */
#include "base/addr.h"

#include <stdio.h>
#include <string.h>

#include "base/nocase.h"

/* One decimal number up to `max`, without a leading zero; moves *text. -1 if there is none. */
static int64_t read_number(const char **text, uint32_t max)
{
    const char *at = *text;
    uint64_t value = 0;
    if (*at < '0' || *at > '9' || (*at == '0' && at[1] >= '0' && at[1] <= '9')) {
        return -1;
    }
    for (; *at >= '0' && *at <= '9'; at++) {
        value = value * 10 + (uint64_t)(*at - '0');
        if (value > max) {
            return -1;
        }
    }
    *text = at;
    return (int64_t)value;
}

/* Four numbers with dots between; moves *text behind them. */
static int read_ipv4(const char **text, uint8_t *ip)
{
    for (int i = 0; i < 4; i++) {
        if (i > 0 && *(*text)++ != '.') {
            return 0;
        }
        int64_t byte = read_number(text, 255);
        if (byte < 0) {
            return 0;
        }
        ip[i] = (uint8_t)byte;
    }
    return 1;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What of an IPv6 address has been read. */
struct groups {
    uint8_t bytes[16];
    size_t n;
    ptrdiff_t gap; /* where "::" stands; -1: nowhere yet */
};

enum { NO_GROUP, GROUP, LAST_GROUP };

/* One group, or the IPv4 address that can only be the last. */
static int read_group(const char **text, struct groups *groups)
{
    const char *start = *text;
    int value = 0;
    int digits = 0;
    for (int v; digits < 4 && (v = hex_value(**text)) >= 0; digits++, (*text)++) {
        value = value * 16 + v;
    }
    if (digits > 0 && **text == '.') {
        *text = start;
        if (groups->n > 12 || !read_ipv4(text, groups->bytes + groups->n)) {
            return NO_GROUP;
        }
        groups->n += 4;
        return LAST_GROUP;
    }
    groups->bytes[groups->n++] = (uint8_t)(value >> 8);
    groups->bytes[groups->n++] = (uint8_t)value;
    return digits > 0 ? GROUP : NO_GROUP;
}

/* What stands between groups: 1 if another group must, or may, follow. */
static int read_colons(const char **text, struct groups *groups)
{
    const char *at = *text;
    if (at[0] == ':' && at[1] == ':' && groups->gap < 0) {
        groups->gap = (ptrdiff_t)groups->n;
        *text += 2;
        return groups->n < 16 && hex_value(at[2]) >= 0;
    }
    if (at[0] == ':' && hex_value(at[1]) >= 0 && groups->n > 0 && groups->n < 16) {
        *text += 1;
        return 1;
    }
    return 0;
}

/* RFC 4291 2.2; moves *text behind the address. */
static int read_ipv6(const char **text, uint8_t ip[16])
{
    struct groups groups = {.gap = -1};
    int more = **text == ':' ? read_colons(text, &groups) : 1;
    while (more) {
        int read = read_group(text, &groups);
        if (read == NO_GROUP) {
            return 0;
        }
        more = read == GROUP && read_colons(text, &groups);
    }
    if (groups.gap < 0 ? groups.n != 16 : groups.n > 14) {
        return 0;
    }
    size_t head = groups.gap < 0 ? 16 : (size_t)groups.gap;
    memset(ip, 0, 16);
    memcpy(ip, groups.bytes, head);
    memcpy(ip + 16 - (groups.n - head), groups.bytes + head, groups.n - head);
    return 1;
}

int xm_addr_parse(const char *text, uint16_t port, struct xm_addr *ret_addr)
{
    struct xm_addr addr = {.family = 4, .port = port};
    const char *at = text;
    if (read_ipv4(&at, addr.ip) && *at == '\0') {
        *ret_addr = addr;
        return 1;
    }
    int bracket = *text == '[';
    at = text + bracket;
    addr = (struct xm_addr){.family = 6, .port = port};
    if (!read_ipv6(&at, addr.ip)) {
        return 0;
    }
    if (*at == '%') {
        at++;
        int64_t scope = read_number(&at, UINT32_MAX);
        if (scope < 0) {
            return 0;
        }
        addr.scope = (uint32_t)scope;
    }
    if (bracket && *at++ != ']') {
        return 0;
    }
    if (*at != '\0') {
        return 0;
    }
    *ret_addr = addr;
    return 1;
}

static size_t print_ipv6(const struct xm_addr *addr, char *text, size_t size)
{
    /* The longest run of zero groups, at least two, becomes "::" (RFC 5952 4.2). */
    int best = -1;
    int best_len = 1;
    for (int i = 0; i < 8; i++) {
        int len = 0;
        while (i + len < 8 && addr->ip[2 * (i + len)] == 0 && addr->ip[2 * (i + len) + 1] == 0) {
            len++;
        }
        if (len > best_len) {
            best = i;
            best_len = len;
        }
        i += len;
    }
    size_t n = 0;
    for (int i = 0; i < 8; i++) {
        if (i == best) {
            n += (size_t)snprintf(text + n, size - n, "::");
            i += best_len - 1;
            continue;
        }
        unsigned group = (unsigned)addr->ip[2 * i] << 8 | addr->ip[2 * i + 1];
        int colon = i > 0 && text[n - 1] != ':';
        n += (size_t)snprintf(text + n, size - n, "%s%x", colon ? ":" : "", group);
    }
    return n;
}

int xm_addr_is_loopback(const struct xm_addr *addr)
{
    static const uint8_t loopback[16] = {[15] = 1};
    static const uint8_t mapped[13] = {[10] = 0xff, [11] = 0xff, [12] = 127};
    if (addr->family == 4) {
        return addr->ip[0] == 127;
    }
    return memcmp(addr->ip, loopback, sizeof loopback) == 0 ||
           memcmp(addr->ip, mapped, sizeof mapped) == 0;
}

void xm_addr_print(const struct xm_addr *addr, char text[XM_ADDR_TEXT])
{
    if (addr->family == 4) {
        snprintf(text, XM_ADDR_TEXT, "%u.%u.%u.%u:%u", (unsigned)addr->ip[0], (unsigned)addr->ip[1],
                 (unsigned)addr->ip[2], (unsigned)addr->ip[3], (unsigned)addr->port);
        return;
    }
    char ip[48];
    print_ipv6(addr, ip, sizeof ip);
    if (addr->scope > 0) {
        snprintf(text, XM_ADDR_TEXT, "[%s%%%u]:%u", ip, (unsigned)addr->scope,
                 (unsigned)addr->port);
    } else {
        snprintf(text, XM_ADDR_TEXT, "[%s]:%u", ip, (unsigned)addr->port);
    }
}

/* The next word of a line, ended by white space, a comment or the line; NULL if there is none. */
static const char *next_word(const char **at, const char *end, size_t *ret_len)
{
    const char *from = *at;
    while (from < end && (*from == ' ' || *from == '\t' || *from == '\r')) {
        from++;
    }
    const char *to = from;
    while (to < end && *to != ' ' && *to != '\t' && *to != '\r' && *to != '#') {
        to++;
    }
    *at = to;
    *ret_len = (size_t)(to - from);
    return to > from ? from : NULL;
}

static int line_has_name(const char *at, const char *end, const char *name)
{
    size_t len;
    for (const char *word; (word = next_word(&at, end, &len));) {
        if (len == strlen(name) && xm_nocase_equal(word, name, len)) {
            return 1;
        }
    }
    return 0;
}

size_t xm_addr_find_in_hosts(const char *hosts, size_t len, const char *name, uint16_t port,
                             struct xm_addr *ret_addrs, size_t n_addrs)
{
    size_t n = 0;
    const char *end = hosts + len;
    for (const char *line = hosts; line < end && n < n_addrs;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        char text[XM_ADDR_TEXT];
        size_t word_len;
        const char *word = next_word(&line, stop, &word_len);
        if (word && word_len < sizeof text) {
            memcpy(text, word, word_len);
            text[word_len] = '\0';
            if (line_has_name(line, stop, name) && xm_addr_parse(text, port, &ret_addrs[n])) {
                n++;
            }
        }
        line = newline ? newline + 1 : end;
    }
    return n;
}
