/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and values of a script. See vars.h. */
#include "script/vars.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void vars_done(struct vars *vars)
{
    for (int i = 0; i < vars->n; i++) {
        free(vars->rows[i].value);
    }
    vars->n = 0;
}

const char *vars_get(const struct vars *vars, const char *name)
{
    for (int i = 0; i < vars->n; i++) {
        if (strcmp(vars->rows[i].name, name) == 0) {
            return vars->rows[i].value;
        }
    }
    return NULL;
}

void vars_set(struct vars *vars, const char *name, const char *value)
{
    int i = 0;
    while (i < vars->n && strcmp(vars->rows[i].name, name) != 0) {
        i++;
    }
    if (i == VARS_MAX) {
        return;
    }
    if (i == vars->n) {
        snprintf(vars->rows[i].name, VARS_NAME, "%s", name);
        vars->n++;
    } else {
        free(vars->rows[i].value);
    }
    vars->rows[i].value = strdup(value);
}

void vars_unset(struct vars *vars, const char *name)
{
    for (int i = 0; i < vars->n; i++) {
        if (strcmp(vars->rows[i].name, name) == 0) {
            free(vars->rows[i].value);
            vars->rows[i] = vars->rows[--vars->n];
            return;
        }
    }
}

static size_t name_length(const char *text)
{
    size_t n = 0;
    while (n < VARS_NAME - 1 &&
           (islower((unsigned char)text[n]) || isdigit((unsigned char)text[n]))) {
        n++;
    }
    return n;
}

int vars_match(struct vars *vars, const char *want, const char *got)
{
    if (want[0] != '*' || name_length(want + 1) != strlen(want + 1)) {
        return strcmp(want, got) == 0;
    }
    if (want[1] == '\0') {
        return 1;
    }
    const char *value = vars_get(vars, want + 1);
    if (!value) {
        vars_set(vars, want + 1, got);
        return 1;
    }
    return strcmp(value, got) == 0;
}

/* One escape; how many characters it takes, 0 for a bad one. */
static size_t expand_escape(const char *text, struct xm_buf *out)
{
    static const char from[] = "nrt\\*";
    static const char to[] = "\n\r\t\\*";
    const char *at = text[1] ? strchr(from, text[1]) : NULL;
    if (at) {
        xm_buf_add(out, &to[at - from], 1);
        return 2;
    }
    unsigned byte;
    if (text[1] == 'x' && isxdigit((unsigned char)text[2]) && isxdigit((unsigned char)text[3]) &&
        sscanf(text + 2, "%2x", &byte) == 1) {
        uint8_t b = (uint8_t)byte;
        xm_buf_add(out, &b, 1);
        return 4;
    }
    return 0;
}

/* One *name; how many characters it takes, 0 for an unbound one. */
static size_t expand_name(const struct vars *vars, const char *text, struct xm_buf *out)
{
    char name[VARS_NAME];
    size_t n = name_length(text + 1);
    memcpy(name, text + 1, n);
    name[n] = '\0';
    const char *value = vars_get(vars, name);
    if (!value) {
        return 0;
    }
    xm_buf_add_text(out, value);
    return n + 1;
}

int vars_expand(const struct vars *vars, const char *text, struct xm_buf *out)
{
    while (*text) {
        size_t n = strcspn(text, "\\*");
        xm_buf_add(out, text, n);
        text += n;
        if (*text) {
            n = *text == '*' ? expand_name(vars, text, out) : expand_escape(text, out);
            if (n == 0) {
                return 0;
            }
            text += n;
        }
    }
    return 1;
}
