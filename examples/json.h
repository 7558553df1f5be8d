/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One JSON object a line on standard output (RFC 8259). Text is UTF-8; what could harm a terminal
 * is written as \u escapes, which mean the same to a program. Only what the console needs: flat
 * objects, and lists of texts in them. */
#ifndef EXAMPLES_JSON_H
#define EXAMPLES_JSON_H

#include <stdint.h>

/* Begins an object with {"event":event}. */
void json_begin(const char *event);
/* NULL is written as null. */
void json_text(const char *key, const char *value);
void json_number(const char *key, int64_t value);
void json_bool(const char *key, int value);
void json_list_begin(const char *key);
void json_list_add(const char *value);
void json_list_end(void);
/* Ends the object and the line, and hands it on at once. */
void json_end(void);

#endif
