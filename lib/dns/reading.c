/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the records of a message to an answer. Records count by their owner's name: whatever does not
 * belong to the chain of aliases is passed over, so a server cannot slip in what was not asked for.
 * Not a cache, and not a judge of DNSSEC. */
#include "dns/reading.h"

#include <stdlib.h>
#include <string.h>

#include "dns/name.h"
#include "xmpp/error.h"

void xm_reading_init(struct xm_reading *reading)
{
    reading->n_links = 0;
    reading->ttl = UINT32_MAX;
    reading->is_authentic = 1;
    reading->rcode = 0;
}

static void lower_ttl(struct xm_reading *reading, uint32_t ttl)
{
    reading->ttl = ttl < reading->ttl ? ttl : reading->ttl;
}

/* The first record of a type that the name has; NULL. */
static const struct xm_message_item *find(const struct xm_message *message, const char *name,
                                          uint16_t type)
{
    for (size_t i = 0; i < message->n_items; i++) {
        const struct xm_message_item *item = &message->items[i];
        if (item->type == type && strcmp(item->owner, name) == 0) {
            return item;
        }
    }
    return NULL;
}

/* Moves the name along the aliases; ANSWER at their end. A DNAME needs no reading, as the CNAME that
 * follows from it stands beside it (RFC 6672 3.1). */
static int follow(struct xm_reading *reading, const struct xm_message *message, enum xm_rr type)
{
    while (!find(message, reading->name, (uint16_t)type)) {
        const struct xm_message_item *alias = find(message, reading->name, XM_MESSAGE_CNAME);
        if (!alias) {
            return XM_VERDICT_ANSWER;
        }
        if (++reading->n_links > XM_READING_LINKS_MAX) {
            return XM_VERDICT_LOOP;
        }
        lower_ttl(reading, alias->ttl);
        if (xm_dns_name_read(alias->target, reading->name) < 0) {
            return XM_VERDICT_MALFORMED; /* the root, or bytes that cannot be asked for */
        }
    }
    return XM_VERDICT_ANSWER;
}

/* Where another record goes: behind the others, or when all places are taken in that of the SRV record
 * that would be tried last, if this one would be tried before it; XM_ANSWER_RECORDS_MAX: nowhere. */
static size_t find_place(const struct xm_record *records, size_t n, uint16_t type,
                         uint16_t priority)
{
    size_t last = XM_ANSWER_RECORDS_MAX;
    if (n < XM_ANSWER_RECORDS_MAX || type != XM_RR_SRV) {
        return n;
    }
    for (size_t i = 0; i < n; i++) {
        if (records[i].priority > priority) {
            last = i;
            priority = records[i].priority;
        }
    }
    return last;
}

/* The records of the name, at most so many as an answer has; of SRV those of the lowest priorities. */
static size_t collect(struct xm_reading *reading, const struct xm_message *message, uint16_t type,
                      struct xm_record *records)
{
    size_t n = 0;
    for (size_t i = 0; i < message->n_items; i++) {
        const struct xm_message_item *item = &message->items[i];
        if (item->type != type || strcmp(item->owner, reading->name) != 0) {
            continue;
        }
        lower_ttl(reading, item->ttl);
        if (type == XM_RR_SRV && !xm_dns_name_is_host(item->target)) {
            continue; /* nothing that could be connected to */
        }
        size_t place = find_place(records, n, type, item->record.priority);
        if (place < XM_ANSWER_RECORDS_MAX) {
            records[place] = item->record;
            records[place].target = type == XM_RR_SRV ? item->target : NULL;
            n += place == n;
        }
    }
    return n;
}

static int found(struct xm_reading *reading, const struct xm_message *message, enum xm_rr type,
                 struct xm_answer **ret_answer)
{
    struct xm_record records[XM_ANSWER_RECORDS_MAX];
    struct xm_answer answer = {.status = XM_ANSWER_FOUND, .records = records};
    answer.n_records = collect(reading, message, (uint16_t)type, records);
    answer.ttl = reading->ttl;
    if (answer.n_records == 0) { /* there are some, so it is not "none"; and none can be used */
        return XM_VERDICT_MALFORMED;
    }
    *ret_answer = xm_answer_dup(&answer);
    return *ret_answer ? XM_VERDICT_ANSWER : XMPP_E_NOMEM;
}

/* That there is nothing (RFC 2308 2): no such name, or no such record. */
static int nothing(struct xm_reading *reading, const struct xm_message *message, unsigned n_before,
                   struct xm_answer **ret_answer)
{
    int is_no_name = message->rcode == 3;
    int has_soa = message->has_soa && xm_dns_name_is_within(reading->name, message->soa.owner);
    if (!is_no_name && !has_soa) {
        if (reading->n_links > n_before) {
            return XM_VERDICT_ALIAS; /* it leads out of the message */
        }
        if (message->has_ns && !message->is_authoritative) {
            return XM_VERDICT_LAME; /* a referral */
        }
    }
    lower_ttl(reading, has_soa ? message->soa.ttl : 0); /* RFC 2308 5: without SOA not kept */
    const struct xm_answer answer = {
        .status = is_no_name ? XM_ANSWER_NO_NAME : XM_ANSWER_NONE,
        .ttl = reading->ttl,
    };
    *ret_answer = xm_answer_dup(&answer);
    return *ret_answer ? XM_VERDICT_ANSWER : XMPP_E_NOMEM;
}

static int judge(struct xm_reading *reading, const struct xm_message *message, enum xm_rr type,
                 struct xm_answer **ret_answer)
{
    unsigned n_before = reading->n_links;
    reading->rcode = message->rcode;
    if (message->is_cut) {
        return XM_VERDICT_CUT;
    }
    if (message->rcode != 0 && message->rcode != 3) {
        return XM_VERDICT_ERROR;
    }
    reading->is_authentic &= message->is_authentic;
    int verdict = follow(reading, message, type);
    if (verdict != XM_VERDICT_ANSWER) {
        return verdict;
    }
    /* The code of a chain is that of its end (RFC 6604 3). */
    if (message->rcode == 0 && find(message, reading->name, (uint16_t)type)) {
        return found(reading, message, type, ret_answer);
    }
    return nothing(reading, message, n_before, ret_answer);
}

int xm_reading_take(struct xm_reading *reading, const uint8_t *bytes, size_t n, enum xm_rr type,
                    struct xm_answer **ret_answer)
{
    struct xm_message message;
    int code = xm_message_read(bytes, n, type, &message);
    if (code < 0) {
        return code == XMPP_E_NOMEM ? code : XM_VERDICT_MALFORMED;
    }
    code = judge(reading, &message, type, ret_answer);
    xm_message_done(&message);
    return code;
}

/* --- without a resolver ----------------------------------------------------------------------- */

static int read_whole(const uint8_t *bytes, size_t n, const char *name, enum xm_rr type,
                      struct xm_reading *reading, struct xm_answer **ret_answer)
{
    xm_reading_init(reading);
    if (xm_dns_name_read(name, reading->name) < 0) {
        return XMPP_E_PROTOCOL;
    }
    switch (xm_message_match(bytes, n, reading->name, type, -1)) {
    case XM_MESSAGE_NO_MEMORY:
        return XMPP_E_NOMEM;
    case XM_MESSAGE_OURS:
    case XM_MESSAGE_OTHER_CASE:
        return xm_reading_take(reading, bytes, n, type, ret_answer);
    default:
        return XMPP_E_PROTOCOL;
    }
}

int xm_dns_read_answer(const uint8_t *bytes, size_t n, const char *name, enum xm_rr type,
                       int trust_ad, struct xm_answer **ret_answer)
{
    static const struct xm_answer failed = {
        .status = XM_ANSWER_FAILED,
        .dnssec = XM_DNSSEC_INDETERMINATE,
    };
    struct xm_reading reading;
    struct xm_answer *answer = NULL;
    int code = read_whole(bytes, n, name, type, &reading, &answer);
    if (code < 0) {
        return code;
    }
    if (code == XM_VERDICT_MALFORMED || code == XM_VERDICT_CUT) {
        return XMPP_E_PROTOCOL;
    }
    if (code != XM_VERDICT_ANSWER) {
        answer = xm_answer_dup(&failed);
    } else if (trust_ad && reading.is_authentic) {
        answer->dnssec = XM_DNSSEC_SECURE;
    }
    if (!answer) {
        return XMPP_E_NOMEM;
    }
    *ret_answer = answer;
    return 0;
}
