/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What nameservers were asked. See names.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "world/names_inside.h"
#include "world/world.h"

void names_remember(const struct names_server *server, const struct names_query *query, int is_tcp)
{
    if (!names.asked) {
        names.asked = calloc(NAMES_ASKED, sizeof *names.asked);
    }
    if (!names.asked || names.n_asked == NAMES_ASKED) {
        world_fault("too many questions to remember");
        return;
    }
    names.asked[names.n_asked++] =
        (struct names_asked){*query, server->addr, world_since_mark(), is_tcp};
}

const struct names_asked *names_get(unsigned number)
{
    return number < names.n_asked ? &names.asked[number] : NULL;
}

const struct names_asked *names_next(void)
{
    return names.n_told < names.n_asked ? &names.asked[names.n_told++] : NULL;
}

unsigned names_count(const char *name, int type)
{
    unsigned n = 0;
    for (unsigned i = 0; i < names.n_asked; i++) {
        const struct names_query *query = &names.asked[i].query;
        n += (!name || strcasecmp(query->name, name) == 0) && (type == 0 || query->type == type);
    }
    return n;
}

static int has_capitals(const char *text)
{
    while (*text && !isupper((unsigned char)*text)) {
        text++;
    }
    return *text != '\0';
}

void names_print(const struct names_asked *asked, char *text, size_t size)
{
    char server[XM_ADDR_TEXT];
    char name[NAMES_TEXT];
    const struct names_query *query = &asked->query;
    xm_addr_print(&asked->server, server);
    for (size_t i = 0; i < sizeof name; i++) {
        name[i] = (char)tolower((unsigned char)query->name[i]);
    }
    snprintf(text, size, "%s %s %s %s %s %s%s%s +%lldms", name, names_type_name(query->type),
             server, asked->is_tcp ? "tcp" : "udp", query->has_edns ? "edns" : "plain",
             query->is_ad ? "ad" : "no-ad", query->is_cd ? " cd" : "",
             has_capitals(query->name) ? " mixed" : " small", (long long)asked->at);
}

/* The next word of a line that blanks cut: its length, 0 at the end. */
static size_t next_word(const char **at)
{
    *at += strspn(*at, " ");
    return strcspn(*at, " ");
}

static int has_word(const char *line, const char *word, size_t n)
{
    for (size_t len; (len = next_word(&line)) > 0; line += len) {
        if (len == n && memcmp(line, word, n) == 0) {
            return 1;
        }
    }
    return 0;
}

int names_match(const struct names_asked *asked, const char *want)
{
    char got[2 * NAMES_TEXT];
    names_print(asked, got, sizeof got);
    size_t name = strcspn(got, " ");
    size_t type = name + 1 + strcspn(got + name + 1, " ");
    if (strncmp(got, want, type) != 0 || (want[type] != '\0' && want[type] != ' ')) {
        return 0;
    }
    want += type;
    for (size_t n; (n = next_word(&want)) > 0; want += n) {
        if (!has_word(got + type, want, n)) {
            return 0;
        }
    }
    return 1;
}
