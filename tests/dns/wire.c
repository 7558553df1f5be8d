/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes of DNS messages, one after the other. */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

void wire_u8(struct wire *wire, unsigned value)
{
    if (wire->n < WIRE_MAX) {
        wire->bytes[wire->n++] = (uint8_t)value;
    }
}

void wire_u16(struct wire *wire, unsigned value)
{
    wire_u8(wire, value >> 8);
    wire_u8(wire, value);
}

void wire_u32(struct wire *wire, uint32_t value)
{
    wire_u16(wire, value >> 16);
    wire_u16(wire, value & 0xffff);
}

void wire_set(struct wire *wire, size_t at, unsigned value)
{
    wire->bytes[at] = (uint8_t)(value >> 8);
    wire->bytes[at + 1] = (uint8_t)value;
}

void wire_name(struct wire *wire, const char *name)
{
    while (*name && strcmp(name, ".") != 0) {
        size_t length_at = wire->n;
        wire_u8(wire, 0);
        for (; *name && *name != '.'; name++) {
            char *end = NULL;
            long byte = *name == '\\' ? strtol(name + 1, &end, 8) : (uint8_t)*name;
            name = end ? end - 1 : name;
            wire_u8(wire, (unsigned)byte);
        }
        wire->bytes[length_at] = (uint8_t)(wire->n - length_at - 1);
        name += *name == '.';
    }
    wire_u8(wire, 0);
}

static const struct {
    const char *name;
    unsigned type;
} types[] = {
    {"A", 1},    {"NS", 2},     {"CNAME", 5}, {"SOA", 6},   {"AAAA", 28},
    {"SRV", 33}, {"DNAME", 39}, {"OPT", 41},  {"TLSA", 52},
};

unsigned wire_type(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, name) == 0) {
            return types[i].type;
        }
    }
    return 0;
}

static void put_hex(struct wire *wire, const char *hex)
{
    for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
        wire_u8(wire, byte);
    }
}

static int put_address(struct wire *wire, const char *text)
{
    struct xm_addr addr;
    if (!xm_addr_parse(text, 0, &addr)) {
        return 0;
    }
    for (int i = 0; i < (addr.family == 4 ? 4 : 16); i++) {
        wire_u8(wire, addr.ip[i]);
    }
    return 1;
}

static int put_srv(struct wire *wire, const char *data)
{
    unsigned numbers[3];
    char target[1024] = "";
    if (sscanf(data, "%u %u %u %1023s", &numbers[0], &numbers[1], &numbers[2], target) != 4) {
        return 0;
    }
    for (int i = 0; i < 3; i++) {
        wire_u16(wire, numbers[i]);
    }
    wire_name(wire, target);
    return 1;
}

static int put_tlsa(struct wire *wire, const char *data)
{
    unsigned numbers[3];
    char hex[1024] = "";
    if (sscanf(data, "%u %u %u %1023s", &numbers[0], &numbers[1], &numbers[2], hex) < 3) {
        return 0;
    }
    for (int i = 0; i < 3; i++) {
        wire_u8(wire, numbers[i]);
    }
    put_hex(wire, hex);
    return 1;
}

static int put_data(struct wire *wire, unsigned type, const char *data)
{
    switch (type) {
    case 1:
    case 28:
        return put_address(wire, data);
    case 2:
    case 5:
    case 39:
        wire_name(wire, data);
        return 1;
    case 6:
        wire_name(wire, "ns.example");
        wire_name(wire, "hostmaster.example");
        for (int i = 0; i < 4; i++) {
            wire_u32(wire, 1);
        }
        wire_u32(wire, (uint32_t)strtoul(data, NULL, 10));
        return 1;
    case 33:
        return put_srv(wire, data);
    case 52:
        return put_tlsa(wire, data);
    default:
        return 0;
    }
}

static void put_opt(struct wire *wire, unsigned upper)
{
    wire_u8(wire, 0);
    wire_u16(wire, 41);
    wire_u16(wire, 1232);
    wire_u32(wire, upper << 24);
    wire_u16(wire, 0);
}

int wire_record(struct wire *wire, const char *line)
{
    char owner[1024];
    char type_name[16];
    unsigned ttl;
    int at = 0;
    if (sscanf(line, " %1023s %u %15s %n", owner, &ttl, type_name, &at) != 3) {
        return 0;
    }
    if (strcmp(type_name, "OPT") == 0) {
        put_opt(wire, ttl);
        return 1;
    }
    int is_chaos = strcmp(type_name, "CH") == 0;
    int is_other = strcmp(type_name, "TYPE") == 0;
    unsigned type = is_chaos ? 1 : wire_type(type_name);
    int used = 0;
    if (is_other && sscanf(line + at, "%u %n", &type, &used) != 1) {
        return 0;
    }
    wire_name(wire, owner);
    wire_u16(wire, type);
    wire_u16(wire, is_chaos ? 3 : 1);
    wire_u32(wire, ttl);
    size_t length_at = wire->n;
    wire_u16(wire, 0);
    int is_known = 1;
    if (is_other) {
        put_hex(wire, line + at + used);
    } else {
        is_known = put_data(wire, type, line + at);
    }
    wire_set(wire, length_at, (unsigned)(wire->n - length_at - 2));
    return is_known;
}

static unsigned u16_at(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

/* The name without dots at its end; where it ends, 0 if nowhere. */
static size_t read_name(const uint8_t *bytes, size_t n, size_t at, char *name)
{
    char *to = name;
    while (at < n && bytes[at] > 0) {
        size_t len = bytes[at++];
        if (len > 63 || at + len >= n || (size_t)(to - name) + len > 254) {
            return 0;
        }
        if (to > name) {
            *to++ = '.';
        }
        memcpy(to, bytes + at, len);
        to += len;
        at += len;
    }
    *to = '\0';
    return at < n ? at + 1 : 0;
}

int wire_read_query(const uint8_t *bytes, size_t n, struct wire_query *ret_query)
{
    struct wire_query query = {.id = 0};
    size_t at = n > 12 ? read_name(bytes, n, 12, query.name) : 0;
    if (at == 0 || at + 4 > n || u16_at(bytes + 4) != 1 || u16_at(bytes + 6) != 0 ||
        u16_at(bytes + 8) != 0 || u16_at(bytes + at + 2) != 1) {
        return 0;
    }
    query.id = u16_at(bytes);
    query.flags = u16_at(bytes + 2);
    query.type = u16_at(bytes + at);
    at += 4;
    if (u16_at(bytes + 10) == 1 && at + 11 <= n) {
        static const uint8_t version_flags_length[6] = {0};
        if (bytes[at] != 0 || u16_at(bytes + at + 1) != 41 ||
            memcmp(bytes + at + 5, version_flags_length, 6) != 0) {
            return 0;
        }
        query.udp_size = u16_at(bytes + at + 3);
        at += 11;
    }
    *ret_query = query;
    return at == n && u16_at(bytes + 10) == (query.udp_size > 0);
}
