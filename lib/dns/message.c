/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The wire format, by ldns: the one file that sees it. Only those parts of ldns are used that compute
 * and that survive a failed allocation, which are names and numbers; its readers of whole records and
 * messages do not, and its resolver waits. Names that ldns reads are looked at first, as it would
 * follow 65535 pointers for each. Not a judge: what a message means for a question is said in
 * reading.c, and whether it is believed above. */
#include "dns/message.h"

#include <ldns/common.h>
#include <ldns/packet.h>
#include <ldns/rdata.h>
#include <ldns/str2host.h>
#include <ldns/wire2host.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nocase.h"
#include "dns/name.h"
#include "xmpp/error.h"

enum {
    HEADER = LDNS_HEADER_SIZE,
    JUMPS_MAX = 32, /* pointers in one name: each writer makes one, and a CNAME's may add another */
    TTL_MAX = 86400,
    NEGATIVE_MAX = 10800 /* RFC 2308 5 */
};

/* A name with bytes that no name of ours has: equal to none of them. */
static const char no_name[] = "\x7f";

/* --- writing ---------------------------------------------------------------------------------- */

int xm_message_write(const struct xm_message_query *query, uint8_t bytes[XM_MESSAGE_QUERY_MAX])
{
    ldns_rdf *name = NULL;
    if (ldns_str2rdf_dname(&name, query->name) != LDNS_STATUS_OK || !name) {
        return XMPP_E_NOMEM;
    }
    memset(bytes, 0, XM_MESSAGE_QUERY_MAX);
    ldns_write_uint16(bytes, query->id);
    LDNS_RD_SET(bytes);
    LDNS_AD_SET(bytes); /* whoever validates may say so (RFC 6840 5.7) */
    ldns_write_uint16(bytes + LDNS_QDCOUNT_OFF, 1);
    uint8_t *to = bytes + HEADER;
    memcpy(to, ldns_rdf_data(name), ldns_rdf_size(name));
    to += ldns_rdf_size(name);
    ldns_rdf_deep_free(name);
    ldns_write_uint16(to, (uint16_t)query->type);
    ldns_write_uint16(to + 2, LDNS_RR_CLASS_IN);
    to += 4;
    if (query->has_edns0) { /* RFC 6891 6.1.2: the root's name, type, size; no flags, no options */
        ldns_write_uint16(bytes + LDNS_ARCOUNT_OFF, 1);
        ldns_write_uint16(to + 1, XM_MESSAGE_OPT);
        ldns_write_uint16(to + 3, XM_MESSAGE_UDP_SIZE);
        to += 11;
    }
    return (int)(to - bytes);
}

/* --- names ------------------------------------------------------------------------------------ */

/* Where in a message reading is. */
struct place {
    const uint8_t *bytes;
    size_t n;
    size_t at;
};

/* 1 if the pointers of a name are few, and each to what stands in front of it (RFC 1035 4.1.4). */
static int points_back(const struct place *place)
{
    size_t jumps = 0;
    size_t bound = place->at;
    for (size_t at = place->at; at < place->n;) {
        uint8_t byte = place->bytes[at];
        if (byte == 0) {
            return 1;
        }
        if (byte < 0xc0) {
            at += 1 + (size_t)byte;
            continue;
        }
        if (at + 2 > place->n || ++jumps > JUMPS_MAX) {
            return 0;
        }
        size_t to = (size_t)(byte & 0x3f) << 8 | place->bytes[at + 1];
        if (to < HEADER || to >= bound) {
            return 0;
        }
        at = bound = to;
    }
    return 0;
}

/* The text of an uncompressed name, in its own case. */
static void print_name(const uint8_t *wire, char ret_name[XM_DNS_NAME_MAX])
{
    size_t len = 0;
    for (; *wire > 0; wire += 1 + *wire) {
        if (len > 0) {
            ret_name[len++] = '.';
        }
        for (size_t i = 1; i <= *wire; i++) {
            if (wire[i] <= ' ' || wire[i] > '~' || wire[i] == '.' || wire[i] == '\\') {
                memcpy(ret_name, no_name, sizeof no_name);
                return;
            }
            ret_name[len++] = (char)wire[i];
        }
    }
    ret_name[len] = '\0';
}

/* The name at a place, which moves behind it. 0, XMPP_E_PROTOCOL or XMPP_E_NOMEM. */
static int read_cased_name(struct place *place, char ret_name[XM_DNS_NAME_MAX])
{
    if (!points_back(place)) {
        return XMPP_E_PROTOCOL;
    }
    ldns_rdf *name = NULL;
    ldns_status status = ldns_wire2dname(&name, place->bytes, place->n, &place->at);
    if (status != LDNS_STATUS_OK) {
        return status == LDNS_STATUS_MEM_ERR ? XMPP_E_NOMEM : XMPP_E_PROTOCOL;
    }
    print_name(ldns_rdf_data(name), ret_name);
    ldns_rdf_deep_free(name);
    return 0;
}

static int read_name(struct place *place, char ret_name[XM_DNS_NAME_MAX])
{
    int code = read_cased_name(place, ret_name);
    for (char *c = ret_name; code == 0 && *c; c++) {
        *c = xm_nocase_lower(*c);
    }
    return code;
}

/* --- whose answer ----------------------------------------------------------------------------- */

enum xm_message_match xm_message_match(const uint8_t *bytes, size_t n, const char *name,
                                       enum xm_rr type, int id)
{
    struct place place = {bytes, n, HEADER};
    char asked[XM_DNS_NAME_MAX];
    if (n < HEADER || !LDNS_QR_WIRE(bytes) || LDNS_OPCODE_WIRE(bytes) != LDNS_PACKET_QUERY ||
        (id >= 0 && LDNS_ID_WIRE(bytes) != id)) {
        return XM_MESSAGE_STRANGE;
    }
    if (LDNS_QDCOUNT(bytes) == 0 && n == HEADER && LDNS_RCODE_WIRE(bytes) != 0) {
        return XM_MESSAGE_BARE;
    }
    int code = LDNS_QDCOUNT(bytes) == 1 ? read_cased_name(&place, asked) : XMPP_E_PROTOCOL;
    if (code < 0) {
        return code == XMPP_E_NOMEM ? XM_MESSAGE_NO_MEMORY : XM_MESSAGE_STRANGE;
    }
    if (place.at + 4 > n || ldns_read_uint16(bytes + place.at) != (uint16_t)type ||
        ldns_read_uint16(bytes + place.at + 2) != LDNS_RR_CLASS_IN ||
        strlen(asked) != strlen(name) || !xm_nocase_equal(asked, name, strlen(name))) {
        return XM_MESSAGE_STRANGE;
    }
    return strcmp(asked, name) == 0 ? XM_MESSAGE_OURS : XM_MESSAGE_OTHER_CASE;
}

/* --- records ---------------------------------------------------------------------------------- */

/* A record's data: `n` ends it. */
static int read_target(struct place data, size_t skip, char ret_target[XM_DNS_NAME_MAX])
{
    data.at += skip;
    int code = data.at < data.n ? read_name(&data, ret_target) : XMPP_E_PROTOCOL;
    return code == 0 && data.at != data.n ? XMPP_E_PROTOCOL : code;
}

static int read_address(const struct place *data, uint8_t family, struct xm_addr *addr)
{
    size_t n = family == 4 ? 4 : 16;
    if (data->n - data->at != n) {
        return XMPP_E_PROTOCOL;
    }
    addr->family = family;
    memcpy(addr->ip, data->bytes + data->at, n);
    return 0;
}

/* RFC 2782 */
static int read_srv(const struct place *data, struct xm_message_item *item)
{
    const uint8_t *bytes = data->bytes + data->at;
    if (data->n - data->at < 7) {
        return XMPP_E_PROTOCOL;
    }
    item->record.priority = ldns_read_uint16(bytes);
    item->record.weight = ldns_read_uint16(bytes + 2);
    item->record.port = ldns_read_uint16(bytes + 4);
    return read_target(*data, 6, item->target);
}

/* RFC 6698 2.1 */
static int read_tlsa(const struct place *data, struct xm_tlsa *tlsa)
{
    const uint8_t *bytes = data->bytes + data->at;
    size_t n = data->n - data->at;
    if (n < 3) {
        return XMPP_E_PROTOCOL;
    }
    *tlsa = (struct xm_tlsa){bytes[0], bytes[1], bytes[2], (uint16_t)(n - 3), bytes + 3};
    return 0;
}

/* RFC 1035 3.3.13. For how long "no" holds: the least of the record's own time and its last field. */
static int read_soa(struct place data, struct xm_message_item *item)
{
    char ignored[XM_DNS_NAME_MAX];
    for (int i = 0; i < 2; i++) {
        int code = data.at < data.n ? read_name(&data, ignored) : XMPP_E_PROTOCOL;
        if (code < 0) {
            return code;
        }
    }
    if (data.at + 20 != data.n) {
        return XMPP_E_PROTOCOL;
    }
    uint32_t minimum = ldns_read_uint32(data.bytes + data.at + 16);
    item->ttl = minimum < item->ttl ? minimum : item->ttl;
    item->ttl = item->ttl < NEGATIVE_MAX ? item->ttl : NEGATIVE_MAX;
    return 0;
}

static int read_data(const struct place *data, struct xm_message_item *item)
{
    switch (item->type) {
    case XM_RR_A:
        return read_address(data, 4, &item->record.addr);
    case XM_RR_AAAA:
        return read_address(data, 6, &item->record.addr);
    case XM_RR_SRV:
        return read_srv(data, item);
    case XM_RR_TLSA:
        return read_tlsa(data, &item->record.tlsa);
    case XM_MESSAGE_CNAME:
        return read_target(*data, 0, item->target);
    case XM_MESSAGE_SOA:
        return read_soa(*data, item);
    default:
        return 0;
    }
}

/* A record in whatever section, not looked into yet. */
struct record {
    struct place owner;
    uint16_t type;
    uint16_t class;
    uint32_t ttl; /* as it stands there */
    struct place data;
};

/* Behind the name at a place: where its zero is, or its first pointer. 1, or 0 if it has no end. */
static int skip_name(struct place *place)
{
    while (place->at < place->n) {
        uint8_t byte = place->bytes[place->at++];
        if (byte == 0) {
            return 1;
        }
        if (byte >= 0xc0) {
            place->at++;
            return place->at <= place->n;
        }
        place->at += byte;
    }
    return 0;
}

static int read_record(struct place *place, struct record *record)
{
    record->owner = *place;
    if (!skip_name(place) || place->at + 10 > place->n) {
        return XMPP_E_PROTOCOL;
    }
    const uint8_t *fixed = place->bytes + place->at;
    size_t n_data = ldns_read_uint16(fixed + 8);
    record->type = ldns_read_uint16(fixed);
    record->class = ldns_read_uint16(fixed + 2);
    record->ttl = ldns_read_uint32(fixed + 4);
    place->at += 10;
    if (n_data > place->n - place->at) {
        return XMPP_E_PROTOCOL;
    }
    record->data = (struct place){place->bytes, place->at + n_data, place->at};
    place->at += n_data;
    return 0;
}

/* Looks into one. Done to few of a message only, as names cost time. */
static int read_item(const struct record *record, struct xm_message_item *item)
{
    struct place owner = record->owner;
    /* RFC 2181 8: what has the highest bit set is no time */
    uint32_t ttl = record->ttl > INT32_MAX ? 0 : record->ttl;
    memset(item, 0, sizeof *item);
    item->type = record->type;
    item->ttl = ttl < TTL_MAX ? ttl : TTL_MAX;
    int code = read_name(&owner, item->owner);
    return code == 0 ? read_data(&record->data, item) : code;
}

/* --- sections --------------------------------------------------------------------------------- */

static int take_answer(struct xm_message *message, const struct record *record, enum xm_rr type)
{
    int is_wanted = record->type == type || record->type == XM_MESSAGE_CNAME;
    if (!is_wanted || record->class != LDNS_RR_CLASS_IN ||
        message->n_items == XM_MESSAGE_ITEMS_MAX) {
        return 0;
    }
    int code = xm_mem_grow((void **)&message->items, &message->cap, message->n_items + 1,
                           sizeof *message->items);
    if (code == 0) {
        code = read_item(record, &message->items[message->n_items]);
    }
    message->n_items += code == 0;
    return code;
}

static int take_authority(struct xm_message *message, const struct record *record)
{
    if (record->class != LDNS_RR_CLASS_IN) {
        return 0;
    }
    message->has_ns |= record->type == XM_MESSAGE_NS;
    if (record->type != XM_MESSAGE_SOA || message->has_soa) {
        return 0;
    }
    message->has_soa = 1;
    return read_item(record, &message->soa);
}

/* RFC 6891 6.1.3: eight more bits of the code. */
static int take_additional(struct xm_message *message, const struct record *record)
{
    if (record->type == XM_MESSAGE_OPT) {
        message->rcode = (uint16_t)((message->rcode & 0xf) | (record->ttl >> 24) << 4);
    }
    return 0;
}

static int read_sections(struct place *place, enum xm_rr type, struct xm_message *message)
{
    const uint16_t counts[] = {LDNS_ANCOUNT(place->bytes), LDNS_NSCOUNT(place->bytes),
                               LDNS_ARCOUNT(place->bytes)};
    for (int section = 0; section < 3; section++) {
        for (unsigned i = 0; i < counts[section]; i++) {
            struct record record;
            int code = read_record(place, &record);
            if (code == 0) {
                code = section == 0   ? take_answer(message, &record, type)
                       : section == 1 ? take_authority(message, &record)
                                      : take_additional(message, &record);
            }
            if (code < 0) {
                return code;
            }
        }
    }
    return place->at == place->n ? 0 : XMPP_E_PROTOCOL;
}

int xm_message_read(const uint8_t *bytes, size_t n, enum xm_rr type, struct xm_message *ret_message)
{
    struct place place = {bytes, n, HEADER};
    char asked[XM_DNS_NAME_MAX];
    struct xm_message message = {
        .rcode = LDNS_RCODE_WIRE(bytes),
        .is_cut = LDNS_TC_WIRE(bytes) != 0,
        .is_authoritative = LDNS_AA_WIRE(bytes) != 0,
        .is_authentic = LDNS_AD_WIRE(bytes) != 0,
    };
    int code = LDNS_QDCOUNT(bytes) > 0 ? read_cased_name(&place, asked) : XMPP_E_PROTOCOL;
    place.at += 4;
    if (code == 0 && !message.is_cut) { /* of a message that is cut the end may be anywhere */
        code = read_sections(&place, type, &message);
    }
    if (code < 0) {
        xm_message_done(&message);
        return code;
    }
    *ret_message = message;
    return 0;
}

void xm_message_done(struct xm_message *message)
{
    free(message->items);
    *message = (struct xm_message){.n_items = 0};
}

const char *xm_message_rcode_text(uint16_t rcode)
{
    static const char *const texts[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                        "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                        "NXRRSET", "NOTAUTH", "NOTZONE"};
    if (rcode == XM_MESSAGE_BADVERS) {
        return "BADVERS";
    }
    return rcode < sizeof texts / sizeof *texts ? texts[rcode] : "an unknown error";
}
