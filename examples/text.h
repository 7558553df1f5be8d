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

/* What a terminal shows for one character: it and the marks on it. */
#define TEXT_MARKS_MAX 4
struct text_cell {
    char bytes[4 * (1 + TEXT_MARKS_MAX)]; /* harmless, without a NUL */
    size_t n;
    int width; /* the columns that it takes: 1 or 2 */
    int ends_line;
};
/* The cell at *cursor, which is moved behind it; 0 at the end. A tab is a space, a line end a mark
 * that is to be seen, what is not harmless a `?`; of marks there are no more than a script needs, for
 * others would stand on other people's lines. libc knows the widths, once the program has set a
 * locale of Unicode: setlocale(LC_CTYPE, "C.UTF-8"). */
int text_next_cell(const char **cursor, struct text_cell *cell);
/* The columns from text to end. */
int text_width(const char *text, const char *end);
/* Where the next row begins if this one has so much room: behind the last space that fits, if it is
 * not in front of `from`; else behind the last cell that fits. There is at least one cell. */
const char *text_row_end(const char *text, const char *from, int room);

#endif
