/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The test frame. */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int failures;
static char note[512];

static void report(const char *file, int line)
{
    failures++;
    printf("# %s:%d: %s%s", file, line, note, note[0] ? ": " : "");
}

void check_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(note, sizeof note, format, args);
    va_end(args);
}

void check_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    report(file, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

int check_true(int held, const char *what, const char *file, int line)
{
    if (!held) {
        report(file, line);
        printf("not true: %s\n", what);
    }
    return held;
}

int check_int(int64_t got, int64_t want, const char *what, const char *file, int line)
{
    if (got != want) {
        report(file, line);
        printf("%s is %lld, not %lld\n", what, (long long)got, (long long)want);
    }
    return got == want;
}

int check_str(const char *got, const char *want, const char *what, const char *file, int line)
{
    int same = got && want ? strcmp(got, want) == 0 : got == want;
    if (!same) {
        report(file, line);
        printf("%s is \"%s\", not \"%s\"\n", what, got ? got : "(null)", want ? want : "(null)");
    }
    return same;
}

int check_mem(const void *got, size_t n_got, const void *want, size_t n_want, const char *what,
              const char *file, int line)
{
    int same = n_got == n_want && (n_got == 0 || memcmp(got, want, n_got) == 0);
    if (!same) {
        report(file, line);
        printf("%s is \"%.*s\" (%zu bytes), not \"%.*s\" (%zu)\n", what, (int)n_got,
               got ? (const char *)got : "", n_got, (int)n_want, want ? (const char *)want : "",
               n_want);
    }
    return same;
}

static int wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strstr(name, argv[i])) {
            return 1;
        }
    }
    return argc <= 1;
}

int check_main(int argc, char **argv, const char *suite, const struct check_case *cases, size_t n)
{
    size_t ran = 0;
    size_t failed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < n; i++) {
        if (!wanted(cases[i].name, argc, argv)) {
            continue;
        }
        failures = 0;
        note[0] = '\0';
        cases[i].run();
        ran++;
        failed += failures > 0;
        printf("%sok %zu - %s: %s\n", failures > 0 ? "not " : "", ran, suite, cases[i].name);
    }
    printf("1..%zu\n", ran);
    return failed > 0 || ran == 0;
}
