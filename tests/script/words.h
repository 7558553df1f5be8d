/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What scripts can say to a module: `do NAME VERB ...` calls it, `is NAME WHAT = VALUE` asks it. The
 * file of a module's words stands beside its scripts, tests/im/NAME.c or tests/xep/NAME.c. What the
 * module tells is written down with app_event(). */
#ifndef TESTS_SCRIPT_WORDS_H
#define TESTS_SCRIPT_WORDS_H

#include "script/scene.h"
#include "world/faults.h"

struct words {
    const char *name;
    const struct scene_verb *verbs; /* the last one has no name */
    /* Writes what is asked for; 0 if there is no such thing. NULL: nothing can be asked. */
    int (*look)(struct scene *scene, const xmpp_conn *conn, const char *what, char *got,
                size_t size);
    /* The script is over, the connection gone: what the words keep is dropped. NULL: nothing is. */
    void (*done)(struct scene *scene);
};

/* The words of this name; NULL if there are none. */
const struct words *words_find(const char *name);
/* `do`: the rest of the line is "VERB ..."; NULL if there is no such verb, then *ret_rest is as it
 * was. */
const struct scene_verb *words_verb(const struct words *words, const char **ret_rest);
void words_done(struct scene *scene);

#endif
