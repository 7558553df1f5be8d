/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of all modules, found by name. */
#include "script/words.h"

#include <string.h>

#include "words_table.h"

const struct words *words_find(const char *name)
{
    for (size_t i = 0; table[i]; i++) {
        if (strcmp(table[i]->name, name) == 0) {
            return table[i];
        }
    }
    return NULL;
}

const struct scene_verb *words_verb(const struct words *words, const char **ret_rest)
{
    size_t n = strcspn(*ret_rest, " ");
    for (const struct scene_verb *verb = words->verbs; verb && verb->name; verb++) {
        if (strlen(verb->name) == n && strncmp(verb->name, *ret_rest, n) == 0) {
            *ret_rest += n + ((*ret_rest)[n] != '\0');
            return verb;
        }
    }
    return NULL;
}

void words_done(struct scene *scene)
{
    for (size_t i = 0; table[i]; i++) {
        if (table[i]->done) {
            table[i]->done(scene);
        }
    }
}
