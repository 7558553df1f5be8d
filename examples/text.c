/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filtering text for a terminal. It is no normaliser: two texts that look alike stay different. */
#include "text.h"

#include <string.h>
#include <wchar.h>

/* How many bytes follow the first one, and the bits that it gives; -1 if none starts with it. */
static int lead_byte(unsigned char byte, uint32_t *ret_bits)
{
    if (byte < 0x80) {
        *ret_bits = byte;
        return 0;
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        *ret_bits = byte & 0x1Fu;
        return 1;
    }
    if ((byte & 0xF0) == 0xE0) {
        *ret_bits = byte & 0x0Fu;
        return 2;
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        *ret_bits = byte & 0x07u;
        return 3;
    }
    return -1;
}

uint32_t text_next(const char **cursor)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)*cursor;
    if (*p == '\0')
        return 0;
    uint32_t c;
    int more = lead_byte(*p, &c);
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            more = -1;
            break;
        }
        c = (c << 6) | (p[i] & 0x3Fu);
    }
    if (more < 0 || c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        *cursor += 1;
        return 0xFFFD;
    }
    *cursor += 1 + more;
    return c;
}

int text_is_harmless(uint32_t c)
{
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) /* C0, DEL, C1 */
        return 0;
    if (c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
        (c >= 0x2066 && c <= 0x2069)) /* bidi controls */
        return 0;
    if (c == 0x00AD || c == 0x200B || (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF) /* invisible */
        return 0;
    return c != 0x2028 && c != 0x2029 && (c & 0xFFFE) != 0xFFFE && c < 0xE0000; /* lines, tags */
}

void text_print(FILE *out, const char *text)
{
    while (text && *text) {
        const char *start = text;
        uint32_t c = text_next(&text);
        if (c == '\n' || c == '\t' || c == '\r')
            fputc(' ', out);
        else if (c == 0xFFFD || !text_is_harmless(c))
            fputc('?', out);
        else
            fwrite(start, 1, (size_t)(text - start), out);
    }
}

/* -1 if it must not be shown. */
static int width_of(uint32_t c)
{
    return c == 0xFFFD || !text_is_harmless(c) ? -1 : wcwidth((wchar_t)c);
}

int text_next_cell(const char **cursor, struct text_cell *cell)
{
    const char *start = *cursor;
    uint32_t c = text_next(cursor);
    if (c == 0)
        return 0;
    int width = width_of(c), is_itself = width > 0;
    const char *shown = is_itself ? start : c == '\t' ? " " : c == '\n' ? "\u21b5" : "?";
    *cell = (struct text_cell){.width = is_itself ? width : 1, .ends_line = c == '\n'};
    cell->n = is_itself ? (size_t)(*cursor - start) : strlen(shown);
    memcpy(cell->bytes, shown, cell->n);
    const char *mark = *cursor;
    for (int n = 0; (c = text_next(&mark)) != 0 && width_of(c) == 0; *cursor = mark) {
        if (is_itself && n++ < TEXT_MARKS_MAX) {
            memcpy(cell->bytes + cell->n, *cursor, (size_t)(mark - *cursor));
            cell->n += (size_t)(mark - *cursor);
        }
    }
    return 1;
}

int text_width(const char *text, const char *end)
{
    struct text_cell cell;
    int width = 0;
    while (text < end && text_next_cell(&text, &cell))
        width += cell.width;
    return width;
}

const char *text_row_end(const char *text, const char *from, int room)
{
    const char *at = text, *before = text, *space = NULL;
    struct text_cell cell;
    for (; text_next_cell(&at, &cell); before = at) {
        room -= cell.width;
        if (room < 0 && before > text)
            return space ? space : before;
        if (cell.ends_line)
            return at;
        if (*before == ' ' && before >= from)
            space = at;
    }
    return before;
}
