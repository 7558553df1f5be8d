/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a script has bound: *id is the value that a `C:` or `E:` line met where it says *id. */
#ifndef TESTS_SCRIPT_VARS_H
#define TESTS_SCRIPT_VARS_H

#include <stddef.h>

#include "base/buf.h"

enum { VARS_MAX = 32, VARS_NAME = 16 };

struct vars {
    struct {
        char name[VARS_NAME];
        char *value;
    } rows[VARS_MAX];
    int n;
};

void vars_done(struct vars *vars);
/* NULL if it is not bound. */
const char *vars_get(const struct vars *vars, const char *name);
void vars_set(struct vars *vars, const char *name, const char *value);
void vars_unset(struct vars *vars, const char *name);
/* 1 if `want` accepts `got`: "*" all, "*name" what is bound to it or, when nothing is, anything,
 * which is then bound; else equal texts. */
int vars_match(struct vars *vars, const char *want, const char *got);
/* Text of a script as bytes: *name is replaced by its value; \n \r \t \\ \* \xHH are what they are
 * elsewhere. 1, or 0 for an unbound name or a bad escape. */
int vars_expand(const struct vars *vars, const char *text, struct xm_buf *out);

#endif
