/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads resolv.conf(5). ldns could, too, but loses the scope of IPv6 addresses and knows no options.
 * Not a reader of files, and no user of search lists. */
#include "dns/resolv_conf.h"

#include <string.h>

enum { LINE_MAX_LEN = 512, PORT = 53 };

void xm_dns_config_init(struct xm_dns_config *config)
{
    *config = (struct xm_dns_config){.n_servers = 2, .attempts = 2, .timeout_ms = 5000};
    xm_addr_parse("127.0.0.1", PORT, &config->servers[0]);
    xm_addr_parse("::1", PORT, &config->servers[1]);
}

/* The next word of a line, cut off by a NUL; NULL at its end, or at a comment. */
static char *next_word(char **line)
{
    char *word = *line + strspn(*line, " \t\r\v\f");
    if (*word == '\0' || *word == '#' || *word == ';') {
        return NULL;
    }
    char *end = word + strcspn(word, " \t\r\v\f#;");
    int is_more = *end != '\0' && *end != '#' && *end != ';';
    *end = '\0';
    *line = end + is_more;
    return word;
}

/* The address in a word; the interface behind '%' may be named. */
static int read_address(char *word, uint32_t (*scope_of)(const char *name),
                        struct xm_addr *ret_addr)
{
    struct xm_addr addr;
    char *percent = strchr(word, '%');
    if (xm_addr_parse(word, PORT, ret_addr)) {
        return 1;
    }
    if (!percent) {
        return 0;
    }
    *percent = '\0';
    uint32_t scope = scope_of ? scope_of(percent + 1) : 0;
    if (scope == 0 || !xm_addr_parse(word, PORT, &addr) || addr.family != 6) {
        return 0;
    }
    addr.scope = scope;
    *ret_addr = addr;
    return 1;
}

/* "name:7": the number, not more than max and not less than 1; 0 if that is not what stands there. */
static int read_number(const char *word, const char *name, int max)
{
    size_t len = strlen(name);
    if (strncmp(word, name, len) != 0 || word[len] < '0' || word[len] > '9') {
        return 0;
    }
    int number = 0;
    for (word += len; *word >= '0' && *word <= '9'; word++) {
        number = number < max ? 10 * number + (*word - '0') : max;
    }
    if (*word != '\0') {
        return 0;
    }
    return number < 1 ? 1 : number < max ? number : max;
}

static void read_options(struct xm_dns_config *config, char *line)
{
    for (char *word; (word = next_word(&line));) {
        int seconds = read_number(word, "timeout:", 30);
        int attempts = read_number(word, "attempts:", 5);
        config->timeout_ms = seconds ? seconds * 1000 : config->timeout_ms;
        config->attempts = attempts ? (uint8_t)attempts : config->attempts;
        config->rotate |= strcmp(word, "rotate") == 0;
        config->trust_ad |= strcmp(word, "trust-ad") == 0;
        config->edns0 |= strcmp(word, "edns0") == 0;
    }
}

/* The text that is read. */
struct source {
    struct xm_dns_config *config;
    uint32_t (*scope_of)(const char *name);
    uint8_t n_servers;
};

static void read_line(struct source *source, char *line)
{
    struct xm_dns_config *config = source->config;
    const char *keyword = next_word(&line);
    if (keyword && strcmp(keyword, "options") == 0) {
        read_options(config, line);
    }
    if (keyword && strcmp(keyword, "nameserver") == 0) {
        char *word = next_word(&line);
        if (word && source->n_servers < XM_DNS_SERVERS_MAX &&
            read_address(word, source->scope_of, &config->servers[source->n_servers])) {
            source->n_servers++;
        }
    }
}

void xm_dns_config_read(struct xm_dns_config *config, const char *text, size_t len,
                        uint32_t (*scope_of)(const char *name))
{
    struct source source = {config, scope_of, 0};
    for (const char *end = text + len; text < end;) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        size_t n = (size_t)((newline ? newline : end) - text);
        char line[LINE_MAX_LEN];
        if (n < sizeof line && !memchr(text, '\0', n)) {
            memcpy(line, text, n);
            line[n] = '\0';
            read_line(&source, line);
        }
        text += n + (newline != NULL);
    }
    config->n_servers = source.n_servers > 0 ? source.n_servers : config->n_servers;
}
