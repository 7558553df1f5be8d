/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What there is to say about a name: the records, the chain of aliases, the negative answers
 * (RFC 2308 2), and whether it is signed. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "world/names_inside.h"

static int is_below(const char *name, const char *top)
{
    size_t n = strlen(name);
    size_t n_top = strlen(top);
    return n > n_top && name[n - n_top - 1] == '.' && strcasecmp(name + n - n_top, top) == 0;
}

struct names_topic *names_find_topic(const char *name, int type)
{
    for (int i = 0; i < names.n_topics; i++) {
        struct names_topic *topic = &names.topics[i];
        if (topic->type == type && strcasecmp(topic->name, name) == 0) {
            return topic;
        }
    }
    return NULL;
}

/* What is so with the name, or with the nearest above it. */
static const struct names_topic *signing_of(const char *name)
{
    const struct names_topic *best = NULL;
    for (int i = 0; i < names.n_topics; i++) {
        const struct names_topic *topic = &names.topics[i];
        int is_there = strcasecmp(name, topic->name) == 0 || is_below(name, topic->name);
        if (topic->type == 0 && is_there && (!best || strlen(topic->name) > strlen(best->name))) {
            best = topic;
        }
    }
    return best;
}

int names_is_secure(const char *name)
{
    const struct names_topic *topic = signing_of(name);
    return topic && topic->is_secure;
}

/* It has records, or something below it has (RFC 8020). */
static int exists(const char *name)
{
    for (const struct names_record *r = names.records; r; r = r->next) {
        if (strcasecmp(r->name, name) == 0 || is_below(r->name, name)) {
            return 1;
        }
    }
    return 0;
}

static const struct names_record *alias_of(const char *name)
{
    const struct names_record *r = names.records;
    while (r && (r->type != NAMES_CNAME || strcasecmp(r->name, name) != 0)) {
        r = r->next;
    }
    return r;
}

/* The name in the data of a CNAME, which this server has written itself. */
static void read_target(const struct names_record *alias, char target[NAMES_TEXT])
{
    size_t n = 0;
    for (size_t at = 0; alias->data[at] != 0; at += (size_t)alias->data[at] + 1) {
        if (n > 0) {
            target[n++] = '.';
        }
        memcpy(target + n, alias->data + at + 1, alias->data[at]);
        n += alias->data[at];
    }
    target[n] = '\0';
}

static void write_soa(struct names_out *out, const char *name)
{
    enum { NUMBERS = 20 };
    uint8_t data[2 * NAMES_TEXT + NUMBERS];
    const char *zone = name;
    for (const char *dot = strchr(zone, '.'); dot && strchr(dot + 1, '.');
         dot = strchr(zone, '.')) {
        zone = dot + 1; /* the last two labels */
    }
    size_t n = names_write_name(data, NAMES_TEXT, "ns.example");
    n += names_write_name(data + n, NAMES_TEXT, "hostmaster.example");
    memset(data + n, 0, NUMBERS);
    uint32_t ttl = (uint32_t)names.negative_ttl;
    for (int i = 0; i < 4; i++) {
        data[n + 16 + (size_t)i] = (uint8_t)(ttl >> (24 - 8 * i));
    }
    names_out_record(out, NAMES_AUTHORITY, zone, NAMES_SOA, ttl, data, n + NUMBERS);
}

static unsigned write_records(struct names_out *out, const char *name, int type)
{
    unsigned n = 0;
    for (const struct names_record *r = names.records; r; r = r->next) {
        if (r->type == type && strcasecmp(r->name, name) == 0) {
            names_out_record(out, NAMES_ANSWER, name, type, r->ttl, r->data, r->n);
            n++;
        }
    }
    return n;
}

int names_is_bogus(const char *name)
{
    char at[NAMES_TEXT];
    snprintf(at, sizeof at, "%s", name);
    for (int i = 0; i < NAMES_CHAIN; i++) {
        const struct names_topic *topic = signing_of(at);
        const struct names_record *alias = alias_of(at);
        if (topic && topic->is_bogus) {
            return 1;
        }
        if (!alias) {
            return 0;
        }
        read_target(alias, at);
    }
    return 0;
}

/* A loop is told as far as a chain may be long: to stop is the client's affair. */
int names_write_answer(struct names_out *out, const struct names_query *query, int may_say_ad)
{
    char name[NAMES_TEXT];
    memcpy(name, query->name, sizeof name);
    int is_secure = names_is_secure(name);
    const struct names_record *alias = query->type != NAMES_CNAME ? alias_of(name) : NULL;
    for (int i = 0; alias && i < NAMES_CHAIN; i++, alias = alias_of(name)) {
        names_out_record(out, NAMES_ANSWER, name, NAMES_CNAME, alias->ttl, alias->data, alias->n);
        read_target(alias, name);
        is_secure = is_secure && names_is_secure(name);
    }
    unsigned n = write_records(out, name, query->type);
    if (n == 0 && !alias && names.negative_ttl >= 0) {
        write_soa(out, name);
    }
    if (is_secure && may_say_ad) {
        names_out_set_ad(out);
    }
    return n > 0 || alias || exists(name) ? NAMES_NOERROR : NAMES_NXDOMAIN;
}

void names_write_lie(struct names_out *out, const struct names_query *query, const char *owner)
{
    static const char *const lies[][2] = {{"A", "203.0.113.66"},
                                          {"AAAA", "2001:db8:bad::66"},
                                          {"SRV", "0 0 5222 liar.example"},
                                          {"TLSA", "3 1 1 66"}};
    enum { LIE_TTL = 86400 };
    uint8_t data[NAMES_TEXT];
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        if (names_type_of(lies[i][0]) == query->type) {
            ptrdiff_t n = names_write_data(data, sizeof data, query->type, lies[i][1]);
            names_out_record(out, NAMES_ANSWER, owner, query->type, LIE_TTL, data, (size_t)n);
        }
    }
}
