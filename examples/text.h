/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text of other people on its way to a terminal or a script. A terminal obeys what is written to
 * it: a control character can clear the screen, forge a line or send keystrokes, and a bidi
 * character can turn a text round. So nothing a peer sent is printed as it came. */
#ifndef EXAMPLES_TEXT_H
#define EXAMPLES_TEXT_H

#include <stdint.h>
#include <stdio.h>

/* The character at *cursor, which is moved behind it; 0 at the end. A byte that is not UTF-8 is
 * U+FFFD. */
uint32_t text_next(const char **cursor);
/* 1 for a character that only shows itself: no control, no bidi control, nothing invisible that
 * a terminal could obey. */
int text_is_harmless(uint32_t c);
/* Writes the text on one line: line ends and tabs become spaces, what is not harmless a `?`. NULL
 * is written as nothing. */
void text_print(FILE *out, const char *text);

#endif
