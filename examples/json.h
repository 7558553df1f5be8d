/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One JSON object a line on standard output (RFC 8259). Text is UTF-8; what could harm a terminal
 * is written as \u escapes, which mean the same to a program. */
#ifndef EXAMPLES_JSON_H
#define EXAMPLES_JSON_H

#include <stdint.h>

/* Begins the line's object, with {"event":event} unless that is NULL. */
void json_begin(const char *event);
/* NULL is written as null. */
void json_text(const char *key, const char *value);
void json_number(const char *key, int64_t value);
/* A negative number is written as null. */
void json_number_or_null(const char *key, int64_t value);
void json_bool(const char *key, int value);
void json_list_begin(const char *key);
void json_list_add(const char *value);
/* Begins an object in a list. */
void json_list_add_object(void);
void json_object_end(void);
void json_list_end(void);
/* Ends the object and the line, and hands it on at once. */
void json_end(void);

#endif
