/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A script as lines: comments and blank lines gone, indented lines joined to the one before,
 * `include NAME` replaced by the lines of NAME.part in the same folder. */
#ifndef TESTS_SCRIPT_LINES_H
#define TESTS_SCRIPT_LINES_H

struct line {
    const char *file; /* for messages */
    int number;
    int is_included;
    char *text;
};

struct lines {
    struct line *rows;
    int n;
    int cap;
    char *files[64];
    int n_files;
};

/* 1, or 0 with a message printed. */
int lines_read(struct lines *lines, const char *path, int is_included);
void lines_done(struct lines *lines);

#endif
