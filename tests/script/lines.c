/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading scripts. See lines.h. */
#include "script/lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 65536, PATH_MAX_BYTES = 1024 };

static int add_line(struct lines *lines, const char *file, int number, int is_included,
                    const char *text)
{
    if (lines->n == lines->cap) {
        lines->cap = lines->cap > 0 ? lines->cap * 2 : 64;
        lines->rows = realloc(lines->rows, (size_t)lines->cap * sizeof *lines->rows);
    }
    char *copy = strdup(text);
    if (!lines->rows || !copy) {
        abort();
    }
    lines->rows[lines->n++] = (struct line){file, number, is_included, copy};
    return 1;
}

/* A line that is indented goes on with the one before: joined without what it was indented by. */
static int join_line(struct lines *lines, const char *text)
{
    if (lines->n == 0) {
        return 0;
    }
    struct line *last = &lines->rows[lines->n - 1];
    size_t had = strlen(last->text);
    char *joined = realloc(last->text, had + strlen(text) + 1);
    if (!joined) {
        abort();
    }
    memcpy(joined + had, text, strlen(text) + 1);
    last->text = joined;
    return 1;
}

static void cut_end(char *text)
{
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\r\n", text[n - 1])) {
        text[--n] = '\0';
    }
}

static int include(struct lines *lines, const char *file, const char *name)
{
    char path[PATH_MAX_BYTES];
    const char *slash = strrchr(file, '/');
    int folder = slash ? (int)(slash - file) + 1 : 0;
    snprintf(path, sizeof path, "%.*s%s.part", folder, file, name);
    if (access(path, R_OK) != 0) { /* what all scripts share */
        snprintf(path, sizeof path, "%.*s../script/%s.part", folder, file, name);
    }
    return lines_read(lines, path, 1);
}

static int take_line(struct lines *lines, const char *file, int number, int is_included, char *text)
{
    cut_end(text);
    const char *start = text + strspn(text, " \t");
    if (*start == '\0' || *start == '#') {
        return 1;
    }
    if (start != text) {
        return join_line(lines, start);
    }
    if (strncmp(text, "include ", 8) == 0) {
        return include(lines, file, text + 8);
    }
    return add_line(lines, file, number, is_included, text);
}

int lines_read(struct lines *lines, const char *path, int is_included)
{
    static char text[LINE_MAX_BYTES];
    FILE *in = fopen(path, "r");
    if (!in || lines->n_files == 64) {
        printf("# %s: %s\n", path, strerror(errno));
        if (in) {
            fclose(in);
        }
        return 0;
    }
    char *file = lines->files[lines->n_files++] = strdup(path);
    int good = 1;
    for (int number = 1; good && fgets(text, sizeof text, in); number++) {
        good = take_line(lines, file, number, is_included, text);
        if (!good) {
            printf("# %s:%d: cannot be read\n", path, number);
        }
    }
    fclose(in);
    return good;
}

void lines_done(struct lines *lines)
{
    for (int i = 0; i < lines->n; i++) {
        free(lines->rows[i].text);
    }
    for (int i = 0; i < lines->n_files; i++) {
        free(lines->files[i]);
    }
    free(lines->rows);
    *lines = (struct lines){0};
}
