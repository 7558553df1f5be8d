/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the dialogues of kit.h. */
#include "kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check.h"
#include "xmpp/error.h"

/* --- what is told ----------------------------------------------------------------------------- */

static void append(char *text, size_t size, const char *more)
{
    size_t n = strlen(text);
    snprintf(text + n, size - n, " %s", more);
}

static void print_record(const struct xm_record *record, char *text, size_t size)
{
    char one[XM_DNS_NAME_MAX + 64];
    if (record->target) {
        snprintf(one, sizeof one, "%u/%u/%u/%s", record->priority, record->weight, record->port,
                 record->target);
    } else if (record->addr.family) {
        xm_addr_print(&record->addr, one);
        one[strlen(one) - 2] = '\0'; /* the port, 0 */
    } else {
        int n = snprintf(one, sizeof one, "%u-%u-%u-", record->tlsa.usage, record->tlsa.selector,
                         record->tlsa.matching);
        for (unsigned i = 0; i < record->tlsa.n_data && i < 8; i++) {
            n += snprintf(one + n, sizeof one - (size_t)n, "%02x", record->tlsa.data[i]);
        }
    }
    append(text, size, one);
}

void kit_print(const struct xm_resolver_event *event, char *text, size_t size)
{
    static const char *const statuses[] = {"FOUND", "NONE", "NO_NAME", "FAILED"};
    static const char *const states[] = {"insecure", "secure", "bogus", "indeterminate"};
    const struct xm_answer *answer = event->answer;
    char more[XM_ADDR_TEXT + 32];
    snprintf(text, size, "%d %s %s", event->question, statuses[answer->status],
             states[answer->dnssec]);
    if (answer->status != XM_ANSWER_FAILED) {
        snprintf(more, sizeof more, "%u", (unsigned)answer->ttl);
        append(text, size, more);
    }
    for (size_t i = 0; i < answer->n_records; i++) {
        print_record(&answer->records[i], text, size);
    }
    if (event->reason) {
        append(text, size, event->reason);
    }
    if (event->server) {
        append(text, size, "from");
        xm_addr_print(event->server, more);
        append(text, size, more);
    }
    snprintf(more, sizeof more, "took %" PRId64, event->took);
    append(text, size, more);
}

static void do_told(struct kit *kit, const char *rest)
{
    struct xm_resolver_event event;
    char text[16384] = "nothing";
    if (xm_resolver_next(kit->resolver, &event)) {
        kit_print(&event, text, sizeof text);
    }
    CHECK_STR(text, rest);
}

/* --- what is asked and sent ------------------------------------------------------------------- */

static void do_config(struct kit *kit, char *rest)
{
    static const uint8_t seed[XM_DRAW_SEED] = {7};
    struct xm_dns_config config;
    xm_dns_config_init(&config);
    config.n_servers = 0;
    for (char *word = strtok(rest, " "); word; word = strtok(NULL, " ")) {
        int number;
        if (sscanf(word, "attempts=%d", &number) == 1) {
            config.attempts = (uint8_t)number;
        } else if (sscanf(word, "timeout=%d", &number) == 1) {
            config.timeout_ms = number;
        } else if (strcmp(word, "rotate") == 0) {
            config.rotate = 1;
        } else if (strcmp(word, "trust-ad") == 0) {
            config.trust_ad = 1;
        } else {
            CHECK(xm_addr_parse(word, 53, &config.servers[config.n_servers++]));
        }
    }
    if (kit->resolver) {
        xm_resolver_configure(kit->resolver, &config, seed);
        return;
    }
    CHECK_INT(xm_resolver_new(&kit->resolver, &config, seed), 0);
}

static void do_ask(struct kit *kit, const char *rest)
{
    char name[512] = "";
    char type[16] = "";
    char want[16] = "";
    int n = sscanf(rest, "%511s %15s -> %15s", name, type, want);
    int got = xm_resolver_ask(kit->resolver, name, (enum xm_rr)wire_type(type), kit->now);
    if (n < 3) {
        CHECK(got > 0);
    } else if (strcmp(want, "INVAL") == 0) {
        CHECK_INT(got, XMPP_E_INVAL);
    } else if (strcmp(want, "TOO_BIG") == 0) {
        CHECK_INT(got, XMPP_E_TOO_BIG);
    } else {
        CHECK_INT(got, atoi(want));
    }
}

/* All that the channel has to send, taken in pieces; how much it was. */
static size_t take_output(struct kit *kit, unsigned channel, uint8_t *bytes, size_t size)
{
    size_t n = 0;
    size_t more;
    const uint8_t *out;
    while ((out = xm_resolver_peek(kit->resolver, channel, &more)) && n + more <= size) {
        int is_udp = kit->channels[channel].kind == XM_CHANNEL_UDP;
        size_t take = is_udp ? more : (more + 1) / 2;
        memcpy(bytes + n, out, take);
        n += take;
        xm_resolver_sent(kit->resolver, channel, take);
    }
    return n;
}

static void do_send(struct kit *kit, unsigned at, const char *rest)
{
    char kind[8] = "";
    char server[64] = "";
    char name[256] = "";
    char type[16] = "";
    char edns[8] = "edns";
    char text[XM_ADDR_TEXT];
    uint8_t bytes[512];
    struct xm_channel channel;
    sscanf(rest, "%7s %63s %255s %15s %7s", kind, server, name, type, edns);
    xm_resolver_get_channel(kit->resolver, at, &channel);
    CHECK(channel.serial != kit->channels[at].serial);
    CHECK_INT(channel.kind, strcmp(kind, "udp") == 0 ? XM_CHANNEL_UDP : XM_CHANNEL_TCP);
    xm_addr_print(&channel.server, text);
    text[strlen(text) - 3] = '\0';
    CHECK_STR(text, server);
    kit->channels[at].serial = channel.serial;
    kit->channels[at].kind = channel.kind;
    size_t n = take_output(kit, at, bytes, sizeof bytes);
    size_t skip = channel.kind == XM_CHANNEL_TCP ? 2 : 0;
    struct wire_query *query = &kit->channels[at].query;
    if (!CHECK(n > skip && wire_read_query(bytes + skip, n - skip, query))) {
        return;
    }
    CHECK(skip == 0 || (size_t)(bytes[0] << 8 | bytes[1]) == n - 2);
    CHECK_INT(query->flags, 0x0120); /* RD, AD */
    CHECK(strcasecmp(query->name, name) == 0);
    CHECK_INT(query->type, wire_type(type));
    CHECK_INT(query->udp_size, strcmp(edns, "edns") == 0 ? 1232 : 0);
}

/* --- what arrives ----------------------------------------------------------------------------- */

/* A message on its way to us. Its words: the header's bits and codes, and what is wrong with it. */
struct reply {
    struct wire wire;
    struct wire_query query;
    int counts[4];
    char words[256];
};

static int has_word(const struct reply *reply, const char *word)
{
    char padded[300];
    char wanted[64];
    snprintf(padded, sizeof padded, " %s ", reply->words);
    snprintf(wanted, sizeof wanted, " %s ", word);
    return strstr(padded, wanted) != NULL;
}

static unsigned reply_flags(const struct reply *reply)
{
    static const struct {
        const char *word;
        unsigned set;
    } rows[] = {
        {"aa", 0x0400}, {"tc", 0x0200},  {"ad", 0x0020},  {"ra", 0x0080},
        {"FORMERR", 1}, {"SERVFAIL", 2}, {"NXDOMAIN", 3}, {"NOTIMP", 4},
        {"REFUSED", 5}, {"YXDOMAIN", 6}, {"rcode15", 15}, {"notify", 4 << 11},
    };
    unsigned flags = 0x8100;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flags |= has_word(reply, rows[i].word) ? rows[i].set : 0;
    }
    return has_word(reply, "noqr") ? flags & 0x7fff : flags;
}

static void put_question(struct reply *reply)
{
    char name[280];
    snprintf(name, sizeof name, "%s", reply->query.name);
    for (char *c = name; has_word(reply, "lower") && *c; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    }
    if (has_word(reply, "upper")) {
        for (char *c = name; *c; c++) {
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
        }
    }
    if (has_word(reply, "badname")) {
        snprintf(name, sizeof name, "x%.250s", reply->query.name);
    }
    wire_name(&reply->wire, name);
    wire_u16(&reply->wire, reply->query.type + (has_word(reply, "badtype") ? 1 : 0));
    wire_u16(&reply->wire, has_word(reply, "badclass") ? 3 : 1);
    reply->counts[0]++;
}

static void put_head(struct reply *reply)
{
    wire_u16(&reply->wire, reply->query.id ^ (has_word(reply, "badid") ? 1 : 0));
    wire_u16(&reply->wire, reply_flags(reply));
    for (int i = 0; i < 4; i++) {
        wire_u16(&reply->wire, 0);
    }
    for (int i = has_word(reply, "noquestion"); i < (has_word(reply, "twoquestions") ? 2 : 1);
         i++) {
        put_question(reply);
    }
}

static void put_record(struct reply *reply, char *line)
{
    line += strspn(line, " ");
    for (size_t n = strlen(line); n > 0 && line[n - 1] == ' '; n--) {
        line[n - 1] = '\0';
    }
    int section = strncmp(line, "ns ", 3) == 0 ? 2 : strncmp(line, "ar ", 3) == 0 ? 3 : 1;
    if (!wire_record(&reply->wire, section > 1 ? line + 3 : line)) {
        CHECK_FAIL("no record: %s", line);
    }
    reply->counts[section]++;
}

static void arrive(struct kit *kit, unsigned at, const uint8_t *bytes, size_t n)
{
    uint8_t *exactly = malloc(n ? n : 1); /* so that reading beyond it is seen */
    memcpy(exactly, bytes, n);
    xm_resolver_recv(kit->resolver, at, exactly, n, kit->now);
    free(exactly);
}

static void deliver(struct kit *kit, unsigned at, const struct reply *reply)
{
    static uint8_t bytes[WIRE_MAX + 3];
    const struct wire *wire = &reply->wire;
    if (kit->channels[at].kind == XM_CHANNEL_UDP) {
        arrive(kit, at, wire->bytes, wire->n);
        return;
    }
    bytes[0] = (uint8_t)(wire->n >> 8);
    bytes[1] = (uint8_t)wire->n;
    memcpy(bytes + 2, wire->bytes, wire->n);
    bytes[2 + wire->n] = 0;
    size_t n = wire->n + 2 + (size_t)has_word(reply, "beyond");
    size_t piece = has_word(reply, "bytewise") ? 1 : has_word(reply, "half") ? n / 2 : n;
    for (size_t from = 0; from < n; from += piece) {
        arrive(kit, at, bytes + from, piece < n - from ? piece : n - from);
        if (has_word(reply, "half")) {
            return;
        }
    }
}

static void do_reply(struct kit *kit, unsigned at, char *rest)
{
    static struct reply reply;
    memset(&reply, 0, sizeof reply);
    reply.query = kit->channels[at].query;
    char *next = strchr(rest, ';');
    snprintf(reply.words, sizeof reply.words, "%.*s",
             (int)(next ? (size_t)(next - rest) : strlen(rest)), rest);
    put_head(&reply);
    while (next) {
        char *line = next + 1;
        next = strchr(line, ';');
        if (next) {
            *next = '\0';
        }
        put_record(&reply, line);
    }
    reply.counts[1] += has_word(&reply, "overcount");
    for (int i = 0; i < 4; i++) {
        wire_set(&reply.wire, 4 + 2 * (size_t)i, (unsigned)reply.counts[i]);
    }
    if (has_word(&reply, "trailing")) {
        wire_u8(&reply.wire, 0);
    }
    reply.wire.n -= (size_t)has_word(&reply, "short");
    while (has_word(&reply, "oversize") && reply.wire.n <= XM_DNS_UDP_MAX) {
        wire_u8(&reply.wire, 0);
    }
    deliver(kit, at, &reply);
    if (has_word(&reply, "twice")) {
        deliver(kit, at, &reply);
    }
}

static void do_raw(struct kit *kit, unsigned at, const char *hex)
{
    struct wire *wire = calloc(1, sizeof *wire);
    for (unsigned byte; sscanf(hex, " %2x", &byte) == 1; hex += 2) {
        wire_u8(wire, byte);
        hex += strspn(hex, " ");
    }
    arrive(kit, at, wire->bytes, wire->n);
    free(wire);
}

/* --- the lines -------------------------------------------------------------------------------- */

static void do_channel(struct kit *kit, const char *command, unsigned at, char *rest)
{
    struct xm_channel channel;
    size_t n;
    if (strcmp(command, "send") == 0) {
        do_send(kit, at, rest);
    } else if (strcmp(command, "reply") == 0) {
        do_reply(kit, at, rest);
    } else if (strcmp(command, "raw") == 0) {
        do_raw(kit, at, rest);
    } else if (strcmp(command, "fail") == 0) {
        xm_resolver_failed(kit->resolver, at, kit->now);
    } else if (strcmp(command, "wait") == 0) {
        xm_resolver_get_channel(kit->resolver, at, &channel);
        CHECK_INT(channel.serial, kit->channels[at].serial);
        CHECK(xm_resolver_peek(kit->resolver, at, &n) == NULL && n == 0);
    } else if (strcmp(command, "none") == 0) {
        xm_resolver_get_channel(kit->resolver, at, &channel);
        CHECK_INT(channel.kind, XM_CHANNEL_NONE);
        CHECK(xm_resolver_peek(kit->resolver, at, &n) == NULL && n == 0);
    } else {
        CHECK_FAIL("no such command: %s", command);
    }
}

static void do_due(struct kit *kit, const char *rest)
{
    int64_t due = xm_resolver_deadline(kit->resolver);
    if (strcmp(rest, "never") == 0) {
        CHECK(due == INT64_MAX);
    } else {
        CHECK_INT(due - kit->now, atoi(rest));
    }
}

void kit_line(struct kit *kit, const char *line)
{
    char copy[8192];
    char command[16] = "";
    int at = 0;
    unsigned channel = 0;
    snprintf(copy, sizeof copy, "%s", line);
    sscanf(copy, "%15s %n", command, &at);
    char *rest = copy + at;
    if (command[0] == '+') {
        kit->now += atoi(command + 1);
        xm_resolver_tick(kit->resolver, kit->now);
    } else if (strcmp(command, "config") == 0) {
        do_config(kit, rest);
    } else if (strcmp(command, "ask") == 0) {
        do_ask(kit, rest);
    } else if (strcmp(command, "told") == 0) {
        do_told(kit, rest);
    } else if (strcmp(command, "due") == 0) {
        do_due(kit, rest);
    } else if (strcmp(command, "forget") == 0) {
        xm_resolver_idle(kit->resolver, kit->now);
    } else if (strcmp(command, "cancel") == 0) {
        xm_resolver_cancel(kit->resolver);
    } else if (sscanf(rest, "%u %n", &channel, &at) == 1 && channel < XM_DNS_CHANNELS) {
        do_channel(kit, command, channel, rest + at);
    } else {
        CHECK_FAIL("no such line: %s", line);
    }
}

void kit_end(struct kit *kit)
{
    xm_resolver_free(kit->resolver);
    kit->resolver = NULL;
}

void kit_run(const char *script)
{
    struct kit kit = {.now = 1000};
    char line[8192];
    for (int number = 1; *script; number++) {
        size_t n = strcspn(script, "\n");
        snprintf(line, sizeof line, "%.*s", (int)n, script);
        check_note("line %d: %s", number, line);
        kit_line(&kit, line);
        script += n + (script[n] == '\n');
    }
    kit_end(&kit);
}
