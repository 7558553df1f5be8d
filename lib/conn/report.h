/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What went wrong: behind the public xmpp_error. */
#ifndef XM_CONN_REPORT_H
#define XM_CONN_REPORT_H

#include <stdint.h>

#include "xmpp/error.h"

struct xmpp_error {
    int code;
    int phase;
    int advice;
    uint32_t findings;
    char *condition; /* NULL: none */
    char *text;      /* NULL: none */
    char *message;   /* NULL: the code's own text */
};

/* All zero is "nothing went wrong". Frees what it holds and makes it that again. */
void xm_report_clear(struct xmpp_error *report);
/* A copy of it, in the place of what was there. Running out of memory loses the texts. */
void xm_report_copy(struct xmpp_error *report, const struct xmpp_error *from);
/* Fills a report. `reason` is ours, `condition` and `text` are the peer's; each may be NULL, and is
 * copied. Running out of memory loses the texts, never the code. */
void xm_report_set(struct xmpp_error *report, int code, int phase, const char *condition,
                   const char *text, const char *reason);

#endif
