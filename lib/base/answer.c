/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies an answer into one block of memory: the answer, its records, and behind them the texts and
 * bytes that they point to. Knows no wire format. */
#include "base/answer.h"

#include <stdlib.h>
#include <string.h>

/* What a record points to. */
static size_t size_behind(const struct xm_record *record)
{
    return (record->target ? strlen(record->target) + 1 : 0) + record->tlsa.n_data;
}

/* Copies what a record points to, and returns where the next one's begins. */
static char *copy_behind(struct xm_record *record, char *to)
{
    if (record->target) {
        size_t n = strlen(record->target) + 1;
        record->target = memcpy(to, record->target, n);
        to += n;
    }
    if (record->tlsa.n_data > 0) {
        record->tlsa.data = memcpy(to, record->tlsa.data, record->tlsa.n_data);
        to += record->tlsa.n_data;
    } else {
        record->tlsa.data = NULL;
    }
    return to;
}

struct xm_answer *xm_answer_dup(const struct xm_answer *answer)
{
    size_t n_records = answer->n_records;
    size_t size = 0;
    for (size_t i = 0; i < n_records; i++) {
        size += sizeof *answer->records + size_behind(&answer->records[i]);
    }
    /* An answer's alignment is a record's as well. */
    _Static_assert(_Alignof(struct xm_answer) >= _Alignof(struct xm_record), "one block");
    struct xm_answer *copy = malloc(sizeof *copy + size);
    if (!copy) {
        return NULL;
    }
    *copy = *answer;
    copy->records = NULL;
    if (n_records > 0) {
        copy->records = (void *)(copy + 1);
        memcpy(copy->records, answer->records, n_records * sizeof *copy->records);
    }
    char *to = (char *)(copy + 1) + n_records * sizeof *answer->records;
    for (size_t i = 0; i < n_records; i++) {
        to = copy_behind(&copy->records[i], to);
    }
    return copy;
}
