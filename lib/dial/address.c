/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of destination addresses. No socket: what the system would send from comes in. The
 * policy table is the default one of RFC 6724 2.1; the system's own is not read. */
#include "dial/address.h"

#include <string.h>

/* RFC 6724 2.1. */
static const struct policy {
    uint8_t prefix[16];
    uint8_t bits;
    uint8_t precedence;
    uint8_t label;
} policies[] = {
    /* the longest prefix first */
    {{[15] = 1}, 128, 50, 0},  {{[10] = 0xff, [11] = 0xff}, 96, 35, 4},
    {{0}, 96, 1, 3},           {{0x20, 0x01, 0, 0}, 32, 5, 5},
    {{0x20, 0x02}, 16, 30, 2}, {{0x3f, 0xfe}, 16, 1, 12},
    {{0xfe, 0xc0}, 10, 1, 11}, {{0xfc}, 7, 3, 13},
    {{0}, 0, 40, 1},
};

/* Scopes of RFC 4291 2.7, onto which those of unicast are mapped. */
enum { SCOPE_LINK = 0x2, SCOPE_SITE = 0x5, SCOPE_GLOBAL = 0xe };

/* How many bits of a prefix count as the network's, as nobody tells its length: what is usual. */
enum { NETWORK_BITS_4 = 24, NETWORK_BITS_6 = 64 };

static unsigned common_bits(const uint8_t *a, const uint8_t *b, unsigned max)
{
    unsigned n = 0;
    while (n < max && !((a[n / 8] ^ b[n / 8]) & (0x80 >> n % 8))) {
        n++;
    }
    return n;
}

/* RFC 6724 3.2: IPv4 is looked up as mapped into IPv6. */
static const struct policy *policy_of(const struct xm_addr *addr)
{
    uint8_t ip[16] = {[10] = 0xff, [11] = 0xff};
    if (addr->family == 4) {
        memcpy(ip + 12, addr->ip, 4);
    } else {
        memcpy(ip, addr->ip, 16);
    }
    const struct policy *policy = policies;
    while (common_bits(ip, policy->prefix, policy->bits) < policy->bits) {
        policy++;
    }
    return policy;
}

/* RFC 6724 3.1, 3.2. */
static unsigned scope_of(const struct xm_addr *addr)
{
    static const uint8_t loopback[16] = {[15] = 1};
    const uint8_t *ip = addr->ip;
    if (addr->family == 4) {
        return ip[0] == 127 || (ip[0] == 169 && ip[1] == 254) ? SCOPE_LINK : SCOPE_GLOBAL;
    }
    if (ip[0] == 0xff) {
        return ip[1] & 0xf;
    }
    if (memcmp(ip, loopback, 16) == 0 || (ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80)) {
        return SCOPE_LINK;
    }
    return ip[0] == 0xfe && (ip[1] & 0xc0) == 0xc0 ? SCOPE_SITE : SCOPE_GLOBAL;
}

static int has_source(const struct xm_dest *dest)
{
    return dest->source.family != 0;
}

static int has_own_scope(const struct xm_dest *dest)
{
    return has_source(dest) && scope_of(&dest->addr) == scope_of(&dest->source);
}

static int has_own_label(const struct xm_dest *dest)
{
    return has_source(dest) && policy_of(&dest->addr)->label == policy_of(&dest->source)->label;
}

static unsigned common_prefix(const struct xm_dest *dest)
{
    if (dest->source.family != dest->addr.family) {
        return 0;
    }
    return common_bits(dest->addr.ip, dest->source.ip,
                       dest->addr.family == 4 ? NETWORK_BITS_4 : NETWORK_BITS_6);
}

/* Below 0: a stands before b; 0: nothing tells them apart (rule 10). */
static int compare(const struct xm_dest *a, const struct xm_dest *b)
{
    const int rules[] = {
        has_source(b) - has_source(a),                                     /* rule 1 */
        has_own_scope(b) - has_own_scope(a),                               /* rule 2 */
        has_own_label(b) - has_own_label(a),                               /* rule 5 */
        policy_of(&b->addr)->precedence - policy_of(&a->addr)->precedence, /* rule 6 */
        (int)scope_of(&a->addr) - (int)scope_of(&b->addr),                 /* rule 8 */
        (a->rank > b->rank) - (a->rank < b->rank),                         /* XEP-0495 4.3 */
        /* Rule 9 is for one family; two that get here stay apart, or the order had circles. */
        b->addr.family - a->addr.family,
        (int)common_prefix(b) - (int)common_prefix(a),
    };
    size_t i = 0;
    while (i + 1 < sizeof rules / sizeof *rules && rules[i] == 0) {
        i++;
    }
    return rules[i];
}

void xm_dest_sort(struct xm_dest *list, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct xm_dest moved = list[i];
        size_t to = i;
        for (; to > 0 && compare(&moved, &list[to - 1]) < 0; to--) {
            list[to] = list[to - 1];
        }
        list[to] = moved;
    }
}

void xm_dest_interleave(struct xm_dest *list, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        size_t next = i;
        while (next < n && list[next].addr.family == list[i - 1].addr.family) {
            next++;
        }
        if (next == n) {
            return; /* one family is left */
        }
        struct xm_dest moved = list[next];
        memmove(list + i + 1, list + i, (next - i) * sizeof *list);
        list[i] = moved;
    }
}
