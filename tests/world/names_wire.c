/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages on the wire. See names_wire.h. */
#include "world/names_wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"

enum { HEADER = 12, LABEL_MAX = 63, OPT_SIZE = 1232, AT_QUESTION = 0xc00c };
enum { QR = 0x8000, OPCODE = 0x7800, TC = 0x0200, RD = 0x0100, RA = 0x0080, AD = 0x0020 };
enum { CD = 0x0010, DO_BIT = 0x8000, CLASS_IN = 1, EDE_OPTION = 15 };

static const struct {
    const char *name;
    int type;
} types[] = {{"A", NAMES_A},     {"NS", NAMES_NS},    {"CNAME", NAMES_CNAME},
             {"SOA", NAMES_SOA}, {"TXT", NAMES_TXT},  {"AAAA", NAMES_AAAA},
             {"SRV", NAMES_SRV}, {"TLSA", NAMES_TLSA}};

int names_type_of(const char *text)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, text) == 0) {
            return types[i].type;
        }
    }
    return 0;
}

const char *names_type_name(int type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].type == type) {
            return types[i].name;
        }
    }
    return "a type that nobody knows";
}

static unsigned get16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* --- queries ---------------------------------------------------------------------------------- */

/* The name behind *at, which a query never compresses: 1 if it is one. */
static int read_name(const uint8_t *bytes, size_t n, size_t *at, char text[NAMES_TEXT])
{
    size_t len = 0;
    while (*at < n && bytes[*at] != 0) {
        size_t label = bytes[*at];
        if (label > LABEL_MAX || *at + 1 + label >= n || len + label + 1 >= NAMES_TEXT ||
            memchr(bytes + *at + 1, '.', label) || memchr(bytes + *at + 1, '\0', label)) {
            return 0;
        }
        len += (size_t)snprintf(text + len, NAMES_TEXT - len, "%s%.*s", len > 0 ? "." : "",
                                (int)label, (const char *)bytes + *at + 1);
        *at += 1 + label;
    }
    text[len] = '\0';
    return (*at)++ < n;
}

/* RFC 6891 6.1.2. */
static const char *read_opt(const uint8_t *at, size_t n, struct names_query *query)
{
    if (n < 11 || at[0] != 0 || get16(at + 1) != NAMES_OPT) {
        return "what stands behind the question is no OPT";
    }
    query->has_edns = 1;
    query->udp_size = get16(at + 3);
    query->is_do = (get16(at + 7) & DO_BIT) != 0;
    if (at[5] != 0 || at[6] != 0 || (get16(at + 7) & ~(unsigned)DO_BIT) != 0) {
        return "OPT has a version or flags that do not exist";
    }
    if (query->udp_size < NAMES_UDP_PLAIN) {
        return "OPT offers less than 512 bytes";
    }
    return n == 11 + (size_t)get16(at + 9) ? NULL : "OPT is not the end";
}

static const char *read_header(const uint8_t *bytes, struct names_query *query)
{
    unsigned flags = get16(bytes + 2);
    query->id = (uint16_t)get16(bytes);
    query->is_ad = (flags & AD) != 0;
    query->is_cd = (flags & CD) != 0;
    if ((flags & (QR | OPCODE)) != 0 || (flags & RD) == 0 ||
        (flags & ~(unsigned)(RD | AD | CD)) != 0) {
        return "its flags are not those of a query that wants recursion";
    }
    if (get16(bytes + 4) != 1 || get16(bytes + 6) != 0 || get16(bytes + 8) != 0 ||
        get16(bytes + 10) > 1) {
        return "it has more than a question and OPT";
    }
    return NULL;
}

const char *names_read_query(const uint8_t *bytes, size_t n, struct names_query *ret_query)
{
    size_t at = HEADER;
    memset(ret_query, 0, sizeof *ret_query);
    ret_query->udp_size = NAMES_UDP_PLAIN;
    if (n < HEADER) {
        return "it is shorter than a header";
    }
    const char *wrong = read_header(bytes, ret_query);
    if (wrong) {
        return wrong;
    }
    if (!read_name(bytes, n, &at, ret_query->name) || n - at < 4) {
        return "its name is none";
    }
    ret_query->type = (int)get16(bytes + at);
    if (get16(bytes + at + 2) != CLASS_IN) {
        return "its class is not IN";
    }
    at += 4;
    if (get16(bytes + 10) == 1) {
        return read_opt(bytes + at, n - at, ret_query);
    }
    return at == n ? NULL : "there is something behind its end";
}

/* --- answers ---------------------------------------------------------------------------------- */

size_t names_write_name(uint8_t *bytes, size_t size, const char *text)
{
    size_t n = 0;
    while (*text && strcmp(text, ".") != 0) {
        size_t label = strcspn(text, ".");
        if (label == 0 || label > LABEL_MAX || n + label + 2 > size) {
            return 0;
        }
        bytes[n++] = (uint8_t)label;
        memcpy(bytes + n, text, label);
        n += label;
        text += label + (text[label] == '.');
    }
    if (n >= size) {
        return 0;
    }
    bytes[n++] = 0;
    return n;
}

static void set_flag(struct names_out *out, unsigned flag)
{
    put16(out->bytes + 2, get16(out->bytes + 2) | flag);
}

void names_out_begin(struct names_out *out, const struct names_query *query, size_t max)
{
    out->max = max < sizeof out->bytes ? max : sizeof out->bytes;
    out->question = query->name;
    out->has_edns = query->has_edns;
    memset(out->bytes, 0, HEADER);
    put16(out->bytes, query->id);
    set_flag(out, QR | RD | RA | (query->is_cd ? CD : 0U));
    put16(out->bytes + 4, 1);
    out->n = HEADER;
    out->n += names_write_name(out->bytes + out->n, NAMES_TEXT, query->name);
    put16(out->bytes + out->n, (unsigned)query->type);
    put16(out->bytes + out->n + 2, CLASS_IN);
    out->n += 4;
}

void names_out_set_ad(struct names_out *out)
{
    set_flag(out, AD);
}

void names_out_truncate(struct names_out *out)
{
    uint8_t name[NAMES_TEXT];
    memset(out->bytes + 6, 0, 6);
    out->n = HEADER + names_write_name(name, sizeof name, out->question) + 4;
    set_flag(out, TC);
}

/* As a pointer to the question where it is the same (RFC 1035 4.1.4). */
static size_t write_owner(struct names_out *out, uint8_t *bytes, const char *owner)
{
    if (strcasecmp(owner, out->question) == 0 && *owner) {
        put16(bytes, AT_QUESTION);
        return 2;
    }
    return names_write_name(bytes, NAMES_TEXT, owner);
}

void names_out_record(struct names_out *out, enum names_section section, const char *owner,
                      int type, uint32_t ttl, const void *data, size_t n)
{
    enum { FIXED = 10, OPT = 32 }; /* what follows the owner; what names_out_end() may need */
    uint8_t name[NAMES_TEXT];
    size_t n_name = write_owner(out, name, owner);
    if (out->n + n_name + FIXED + n + OPT > out->max) {
        set_flag(out, TC);
        return;
    }
    uint8_t *at = out->bytes + out->n;
    uint8_t *count = out->bytes + 6 + 2 * (size_t)section;
    memcpy(at, name, n_name);
    at += n_name;
    put16(at, (unsigned)type);
    put16(at + 2, CLASS_IN);
    put16(at + 4, ttl >> 16);
    put16(at + 6, ttl & 0xffff);
    put16(at + 8, (unsigned)n);
    memcpy(at + FIXED, data, n);
    out->n += n_name + FIXED + n;
    put16(count, get16(count) + 1);
}

void names_out_end(struct names_out *out, int rcode, int ede)
{
    set_flag(out, (unsigned)rcode & 0xf);
    if (!out->has_edns) {
        return;
    }
    uint8_t *at = out->bytes + out->n;
    memset(at, 0, 17);
    put16(at + 1, NAMES_OPT);
    put16(at + 3, OPT_SIZE);
    at[5] = (uint8_t)(rcode >> 4);
    out->n += 11;
    if (ede >= 0) {
        put16(at + 9, 6);
        put16(at + 11, EDE_OPTION);
        put16(at + 13, 2);
        put16(at + 15, (unsigned)ede);
        out->n += 6;
    }
    put16(out->bytes + 10, get16(out->bytes + 10) + 1);
}

/* --- the data of records ---------------------------------------------------------------------- */

static ptrdiff_t write_address(uint8_t *bytes, int family, const char *text)
{
    struct xm_addr addr;
    size_t n = family == 4 ? 4 : 16;
    if (!xm_addr_parse(text, 0, &addr) || addr.family != family) {
        return -1;
    }
    memcpy(bytes, addr.ip, n);
    return (ptrdiff_t)n;
}

static ptrdiff_t write_srv(uint8_t *bytes, size_t size, const char *text)
{
    unsigned priority;
    unsigned weight;
    unsigned port;
    char target[NAMES_TEXT];
    if (sscanf(text, "%u %u %u %255s", &priority, &weight, &port, target) != 4) {
        return -1;
    }
    put16(bytes, priority);
    put16(bytes + 2, weight);
    put16(bytes + 4, port);
    size_t n = names_write_name(bytes + 6, size - 6, target);
    return n > 0 ? (ptrdiff_t)(6 + n) : -1;
}

static ptrdiff_t write_tlsa(uint8_t *bytes, size_t size, const char *text)
{
    unsigned fields[3];
    int at = 0;
    size_t n = 3;
    if (sscanf(text, "%u %u %u %n", &fields[0], &fields[1], &fields[2], &at) != 3) {
        return -1;
    }
    for (int i = 0; i < 3; i++) {
        bytes[i] = (uint8_t)fields[i];
    }
    for (const char *hex = text + at; *hex && n < size; hex += 2) {
        char digits[3] = {hex[0], hex[1], '\0'};
        char *end;
        bytes[n++] = (uint8_t)strtoul(digits, &end, 16);
        if (end != digits + 2) {
            return -1;
        }
    }
    return (ptrdiff_t)n;
}

ptrdiff_t names_write_data(uint8_t *bytes, size_t size, int type, const char *text)
{
    size_t n = strlen(text);
    switch (type) {
    case NAMES_A:
        return write_address(bytes, 4, text);
    case NAMES_AAAA:
        return write_address(bytes, 6, text);
    case NAMES_SRV:
        return write_srv(bytes, size, text);
    case NAMES_TLSA:
        return write_tlsa(bytes, size, text);
    case NAMES_CNAME:
    case NAMES_NS:
        n = names_write_name(bytes, size, text);
        return n > 0 ? (ptrdiff_t)n : -1;
    case NAMES_TXT:
        if (n > 255 || n >= size) {
            return -1;
        }
        bytes[0] = (uint8_t)n;
        memcpy(bytes + 1, text, n);
        return (ptrdiff_t)(1 + n);
    default:
        return -1;
    }
}
