/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of questions and answers. Knows no order and no rule but that none is asked twice. */
#include "dial/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"

void xm_questions_done(struct xm_questions *questions)
{
    for (unsigned i = 0; i < questions->n; i++) {
        free(questions->list[i].answer);
        free(questions->list[i].sources);
    }
    questions->n = 0;
}

unsigned xm_questions_add(struct xm_questions *questions, const char *prefix, const char *host,
                          enum xm_rr rr)
{
    for (unsigned i = 0; i < questions->n; i++) {
        const struct xm_question *known = &questions->list[i];
        if (known->rr == rr && !strcmp(known->prefix, prefix) && !strcmp(known->host, host)) {
            return i;
        }
    }
    struct xm_question *added = &questions->list[questions->n];
    memset(added, 0, sizeof *added);
    added->rr = rr;
    added->host = host;
    snprintf(added->prefix, sizeof added->prefix, "%s", prefix);
    return questions->n++;
}

int xm_questions_next(struct xm_questions *questions)
{
    for (unsigned i = 0; i < questions->n; i++) {
        if (questions->list[i].state == XM_QUESTION_NEW) {
            questions->list[i].state = XM_QUESTION_ASKED;
            return (int)i;
        }
    }
    return -1;
}

int xm_questions_answer(struct xm_questions *questions, unsigned number,
                        const struct xm_answer *answer, const struct xm_addr *sources)
{
    struct xm_question *question = &questions->list[number];
    struct xm_addr *kept = NULL;
    if (sources && answer->n_records > 0) {
        kept = malloc(answer->n_records * sizeof *kept);
        if (!kept) {
            return XMPP_E_NOMEM;
        }
        memcpy(kept, sources, answer->n_records * sizeof *kept);
    }
    question->answer = xm_answer_dup(answer);
    if (!question->answer) {
        free(kept);
        return XMPP_E_NOMEM;
    }
    question->sources = kept;
    question->state = XM_QUESTION_ANSWERED;
    return 0;
}

const struct xm_answer *xm_questions_get(const struct xm_questions *questions, unsigned number)
{
    return questions->list[number].answer;
}

int xm_answer_has_failed(const struct xm_answer *answer)
{
    return answer->status == XM_ANSWER_FAILED || answer->dnssec == XM_DNSSEC_BOGUS ||
           answer->dnssec == XM_DNSSEC_INDETERMINATE;
}

size_t xm_answer_count(const struct xm_answer *answer)
{
    int found = answer->status == XM_ANSWER_FOUND && !xm_answer_has_failed(answer);
    return found ? answer->n_records : 0;
}
