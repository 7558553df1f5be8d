/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines that say how nameservers and names are. See names.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "world/names_inside.h"
#include "world/world.h"

enum { WORDS_MAX = 32, LINE_BYTES = 2048, TTL = 300, PORT = 53 };

static const struct {
    const char *name;
    enum names_fault fault;
} faults[] = {{"drop", FAULT_DROP},
              {"servfail", FAULT_SERVFAIL},
              {"refused", FAULT_REFUSED},
              {"formerr", FAULT_FORMERR},
              {"notimp", FAULT_NOTIMP},
              {"nxdomain", FAULT_NXDOMAIN},
              {"closed", FAULT_CLOSED},
              {"truncate", FAULT_TRUNCATE},
              {"breaks-case", FAULT_BREAKS_CASE},
              {"bad-id", FAULT_BAD_ID},
              {"bad-question", FAULT_BAD_QUESTION},
              {"bad-type", FAULT_BAD_TYPE},
              {"poison", FAULT_POISON},
              {"empty", FAULT_EMPTY},
              {"garbage", FAULT_GARBAGE},
              {"no-ad", FAULT_NO_AD},
              {"always-ad", FAULT_ALWAYS_AD},
              {"tcp=end", FAULT_TCP_END},
              {"tcp=reset", FAULT_TCP_RESET},
              {"tcp=half", FAULT_TCP_HALF}};

/* "drop" or "drop=2"; 1 if the word is one of these. */
static int set_fault(int *table, const char *word)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        size_t n = strlen(faults[i].name);
        if (strncmp(word, faults[i].name, n) == 0 && (word[n] == '\0' || word[n] == '=')) {
            table[faults[i].fault] = word[n] ? atoi(word + n + 1) : NAMES_EVER;
            return 1;
        }
    }
    return 0;
}

/* "80ms" or "2s"; -1 if it is neither. */
static int64_t read_time(const char *text)
{
    char *unit;
    long long n = strtoll(text, &unit, 10);
    if (unit == text || n < 0) {
        return -1;
    }
    return strcmp(unit, "ms") == 0 ? n : strcmp(unit, "s") == 0 ? n * 1000 : -1;
}

static int has_prefix(const char *word, const char *prefix, const char **ret_rest)
{
    size_t n = strlen(prefix);
    *ret_rest = word + n;
    return strncmp(word, prefix, n) == 0;
}

/* --- servers ---------------------------------------------------------------------------------- */

static int set_edns(struct names_server *server, const char *how)
{
    static const char *const hows[] = {"", "formerr", "notimp", "badvers", "drop", "ignore"};
    for (size_t i = 1; i < sizeof hows / sizeof *hows; i++) {
        if (strcmp(hows[i], how) == 0) {
            server->edns = (enum names_edns)i;
            return 1;
        }
    }
    return 0;
}

static int set_word(struct names_server *server, enum world_way *way, const char *word)
{
    const char *rest;
    if (has_prefix(word, "delay=", &rest)) {
        server->delay = read_time(rest);
        return server->delay >= 0;
    }
    if (has_prefix(word, "loss=", &rest)) {
        server->loss = (unsigned)atoi(rest);
        return server->loss <= 100;
    }
    if (strcmp(word, "tcp=refuse") == 0) {
        *way = WORLD_REFUSE;
        return 1;
    }
    if (strcmp(word, "tcp=hang") == 0) {
        *way = WORLD_HANG;
        return 1;
    }
    if (has_prefix(word, "no-edns", &rest)) {
        return set_edns(server, *rest == '=' ? rest + 1 : "formerr");
    }
    return set_fault(server->faults, word);
}

static struct names_server *server_at(const struct xm_addr *addr)
{
    for (int i = 0; i < names.n_servers; i++) {
        struct names_server *server = &names.servers[i];
        if (memcmp(server->addr.ip, addr->ip, sizeof addr->ip) == 0 &&
            server->addr.family == addr->family && server->addr.port == addr->port) {
            return server;
        }
    }
    return names.n_servers < NAMES_SERVERS ? &names.servers[names.n_servers++] : NULL;
}

static int server_line(char **words, int n)
{
    const char *port = NULL;
    enum world_way way = WORLD_ACCEPT;
    struct xm_addr addr;
    int at = 2;
    if (n > 2 && has_prefix(words[2], "port=", &port)) {
        at = 3;
    }
    uint16_t number = (uint16_t)(at == 3 ? atoi(port) : PORT);
    if (n < 2 || !xm_addr_parse(words[1], number, &addr)) {
        return 0;
    }
    struct names_server *server = server_at(&addr);
    if (!server) {
        return 0;
    }
    *server = (struct names_server){.addr = addr};
    for (; at < n; at++) {
        if (!set_word(server, &way, words[at])) {
            return 0;
        }
    }
    world_listen(words[1], number, way, server->delay);
    world_serve(words[1], number, names_serve, server);
    return 1;
}

/* --- records ---------------------------------------------------------------------------------- */

static int add_record(const char *name, int type, uint32_t ttl, const char *text)
{
    uint8_t data[1024];
    uint8_t on_wire[NAMES_TEXT];
    ptrdiff_t n = type ? names_write_data(data, sizeof data, type, text) : -1;
    if (n < 0 || names_write_name(on_wire, sizeof on_wire, name) == 0) {
        return 0;
    }
    struct names_record *record = calloc(1, sizeof *record + (size_t)n);
    if (!record) {
        return 0;
    }
    snprintf(record->name, sizeof record->name, "%s", name);
    record->type = type;
    record->ttl = ttl;
    record->n = (size_t)n;
    memcpy(record->data, data, (size_t)n);
    struct names_record **at = &names.records;
    while (*at) {
        at = &(*at)->next;
    }
    *at = record;
    return 1;
}

static int record_line(char **words, int n)
{
    char data[1024] = "";
    const char *ttl = NULL;
    uint32_t seconds = TTL;
    if (n > 4 && has_prefix(words[n - 1], "ttl=", &ttl)) {
        seconds = (uint32_t)strtoul(ttl, NULL, 10);
        n--;
    }
    for (int i = 3; i < n; i++) {
        size_t had = strlen(data);
        snprintf(data + had, sizeof data - had, "%s%s", i > 3 ? " " : "", words[i]);
    }
    return n > 3 && add_record(words[1], names_type_of(words[2]), seconds, data);
}

static int fill_line(char **words, int n)
{
    char data[NAMES_TEXT];
    int type = n == 4 ? names_type_of(words[2]) : 0;
    int good = type == NAMES_A || type == NAMES_SRV;
    for (int i = 1; good && i <= atoi(words[3]); i++) {
        if (type == NAMES_A) {
            snprintf(data, sizeof data, "198.51.%d.%d", 100 + i / 250, 1 + i % 250);
        } else {
            snprintf(data, sizeof data, "%d 0 5222 host%d.%.200s", i, i, words[1]);
        }
        good = add_record(words[1], type, TTL, data);
    }
    return good;
}

static int forget_line(char **words, int n)
{
    for (struct names_record **at = &names.records; n == 2 && *at;) {
        struct names_record *record = *at;
        if (strcasecmp(record->name, words[1]) == 0) {
            *at = record->next;
            free(record);
        } else {
            at = &record->next;
        }
    }
    return n == 2;
}

/* --- names ------------------------------------------------------------------------------------ */

static struct names_topic *topic_of(const char *name, int type)
{
    struct names_topic *topic = names_find_topic(name, type);
    if (!topic && names.n_topics < NAMES_TOPICS) {
        topic = &names.topics[names.n_topics++];
        *topic = (struct names_topic){.type = type};
        snprintf(topic->name, sizeof topic->name, "%s", name);
    }
    return topic;
}

static int delay_line(char **words, int n)
{
    int type = n == 4 ? names_type_of(words[2]) : 0;
    struct names_topic *topic = type ? topic_of(words[1], type) : NULL;
    if (topic) {
        topic->delay = read_time(words[3]);
    }
    return topic && topic->delay >= 0;
}

static int fault_line(char **words, int n)
{
    char word[64];
    int type = n == 3 || n == 4 ? names_type_of(words[2]) : 0;
    struct names_topic *topic = type ? topic_of(words[1], type) : NULL;
    snprintf(word, sizeof word, "%s%s%s", words[0], n == 4 ? "=" : "", n == 4 ? words[3] : "");
    return topic && set_fault(topic->faults, word);
}

static int sign_line(char **words, int n)
{
    struct names_topic *topic = n == 2 ? topic_of(words[1], 0) : NULL;
    if (topic) {
        topic->is_secure = strcmp(words[0], "secure") == 0;
        topic->is_bogus = strcmp(words[0], "bogus") == 0;
    }
    return topic != NULL;
}

static int negative_line(char **words, int n)
{
    names.negative_ttl = n == 2 ? atoi(words[1]) : 0;
    return n == 2;
}

int names_line(const char *text)
{
    static const struct {
        const char *verb;
        int (*line)(char **words, int n);
    } lines[] = {{"server", server_line},        {"record", record_line},  {"fill", fill_line},
                 {"forget", forget_line},        {"delay", delay_line},    {"drop", fault_line},
                 {"refused", fault_line},        {"servfail", fault_line}, {"notimp", fault_line},
                 {"secure", sign_line},          {"bogus", sign_line},     {"insecure", sign_line},
                 {"negative-ttl", negative_line}};
    char copy[LINE_BYTES];
    char *words[WORDS_MAX];
    char *rest;
    int n = 0;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word && n < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest)) {
        words[n++] = word;
    }
    for (size_t i = 0; n > 0 && i < sizeof lines / sizeof *lines; i++) {
        if (strcmp(words[0], lines[i].verb) == 0) {
            return lines[i].line(words, n);
        }
    }
    return 0;
}

void names_lines(const char *text)
{
    char line[LINE_BYTES];
    while (*text) {
        size_t n = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        if (n > 0 && !names_line(line)) {
            world_fault("\"%s\" says nothing to a nameserver", line);
        }
        text += n + (text[n] == '\n');
    }
}
