/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line: name=value, and limit.NUMBER=value for the library's own limits. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

static const struct {
    const char *name;
    size_t offset;
} numbers[] = {
    {"cleartext", offsetof(struct options, cleartext)},
    {"plain", offsetof(struct options, plain)},
    {"binding_off", offsetof(struct options, binding_off)},
    {"early", offsetof(struct options, early)},
    {"requests", offsetof(struct options, requests)},
    {"timeout", offsetof(struct options, timeout)},
    {"chatter", offsetof(struct options, chatter)},
    {"leave_state", offsetof(struct options, leave_state)},
    {"leave_after", offsetof(struct options, leave_after)},
    {"leave_turns", offsetof(struct options, leave_turns)},
    {"leave_by_unref", offsetof(struct options, leave_by_unref)},
    {"watch", offsetof(struct options, is_watch)},
    {"files", offsetof(struct options, files)},
    {"unread", offsetof(struct options, unread)},
    {"attempts", offsetof(struct options, attempts)},
    {"patience", offsetof(struct options, patience)},
};

static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    {"host", offsetof(struct options, host)},         {"jid", offsetof(struct options, jid)},
    {"password", offsetof(struct options, password)}, {"ca", offsetof(struct options, ca_file)},
    {"proxy", offsetof(struct options, proxy)},
};

static int read_one(struct options *options, const char *name, size_t n_name, const char *value)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strlen(numbers[i].name) == n_name && !memcmp(numbers[i].name, name, n_name)) {
            int number = atoi(value);
            memcpy((char *)options + numbers[i].offset, &number, sizeof number);
            return 0;
        }
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strlen(texts[i].name) == n_name && !memcmp(texts[i].name, name, n_name)) {
            memcpy((char *)options + texts[i].offset, &value, sizeof value);
            return 0;
        }
    }
    if (n_name == 4 && !memcmp(name, "port", 4)) {
        options->port = (uint16_t)atoi(value);
        return 0;
    }
    if (n_name == 10 && !memcmp(name, "nameserver", 10)) {
        int i = options->n_nameservers;
        options->nameservers[i < NAMESERVERS_MAX ? i : 0] = value;
        options->n_nameservers += i < NAMESERVERS_MAX;
        return 0;
    }
    int which = strncmp(name, "limit.", 6) == 0 ? atoi(name + 6) : -1;
    if (which < 0 || which >= LIMITS) {
        return -1;
    }
    options->limit[which] = atoll(value);
    return 0;
}

int options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){.host = "127.0.0.1",
                                .jid = "alice@hostile.test",
                                .leave_state = -1,
                                .files = -1,
                                .attempts = 1,
                                .patience = 30000};
    for (int i = 0; i < LIMITS; i++) {
        options->limit[i] = -1;
    }
    for (int i = 1; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        if (!equals || read_one(options, argv[i], (size_t)(equals - argv[i]), equals + 1) < 0) {
            fprintf(stderr, "client: what is %s?\n", argv[i]);
            return -1;
        }
    }
    return 0;
}
