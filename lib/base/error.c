/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and texts of the error codes. The report of a failed attempt is conn/report.c. */
#include "xmpp/error.h"

#include <stddef.h>

struct row {
    int code;
    const char *name;
    const char *text;
};

static const struct row table[] = {
#include "base/error_table.h"
};

static const struct row *find(int code)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].code == code) {
            return &table[i];
        }
    }
    return NULL;
}

const char *xmpp_strerror(int code)
{
    const struct row *row = find(code);
    return row ? row->text : "unknown error";
}

const char *xmpp_error_name(int code)
{
    const struct row *row = find(code);
    return row ? row->name : NULL;
}
