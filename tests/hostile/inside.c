/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts and clocks; it judges nothing. */
#include "inside.h"

#include <string.h>
#include <time.h>

enum { SINS_MAX = 16, FDS_MAX = 1024 };

static struct {
    const char *name;
    int depth;
    int64_t cpu_began;
    int64_t wall_began;
    int64_t calls;
    int64_t sockets;
    int64_t sins;
    uint8_t is_told[FDS_MAX];
    struct {
        const char *call;
        const char *function;
        int64_t detail;
    } sin[SINS_MAX];
    const char *longest;
    int64_t longest_cpu;
    int64_t longest_wall;
} inside;

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void inside_enter(const char *call)
{
    if (inside.depth++ == 0) {
        inside.name = call;
        inside.calls++;
        inside.wall_began = clock_ns(CLOCK_MONOTONIC);
        inside.cpu_began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    }
}

int64_t inside_leave(int64_t result)
{
    if (--inside.depth == 0) {
        int64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID) - inside.cpu_began;
        if (!inside.longest || cpu > inside.longest_cpu) {
            inside.longest = inside.name;
            inside.longest_cpu = cpu;
            inside.longest_wall = clock_ns(CLOCK_MONOTONIC) - inside.wall_began;
        }
    }
    return result;
}

int inside_is(void)
{
    return inside.depth > 0;
}

void inside_note(void)
{
    inside.sockets++;
}

void inside_sin(const char *function, int64_t detail)
{
    if (inside.sins < SINS_MAX) {
        inside.sin[inside.sins].call = inside.name;
        inside.sin[inside.sins].function = function;
        inside.sin[inside.sins].detail = detail;
    }
    inside.sins++;
}

void inside_told(int fd, int events)
{
    if (fd >= 0 && fd < FDS_MAX) {
        inside.is_told[fd] = events != 0;
    }
}

void inside_closes(int fd)
{
    if (fd >= 0 && fd < FDS_MAX && inside.is_told[fd]) {
        inside_sin("close of what is told", fd);
        inside.is_told[fd] = 0;
    }
}

int64_t inside_count(void)
{
    return inside.sins;
}

static int name_len(const char *call)
{
    return (int)strcspn(call, "(");
}

void inside_print(FILE *out)
{
    fprintf(out, "\"calls\": %lld, \"sockets\": %lld, \"sins\": [", (long long)inside.calls,
            (long long)inside.sockets);
    for (int i = 0; i < inside.sins && i < SINS_MAX; i++) {
        fprintf(out, "%s\"%.*s: %s (%lld)\"", i > 0 ? ", " : "", name_len(inside.sin[i].call),
                inside.sin[i].call, inside.sin[i].function, (long long)inside.sin[i].detail);
    }
    const char *longest = inside.longest ? inside.longest : "none";
    fprintf(out, "], \"longest\": {\"call\": \"%.*s\", \"cpu_ms\": %.3f, \"wall_ms\": %.3f}",
            name_len(longest), longest, (double)inside.longest_cpu / 1e6,
            (double)inside.longest_wall / 1e6);
}
