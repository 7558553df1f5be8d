/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The questions of one route, and what was answered. Each is there once: who asks again shares the
 * answer. Who asks DNS is the owner's matter, what an answer means that of target.h and service.h. */
#ifndef XM_DIAL_QUESTION_H
#define XM_DIAL_QUESTION_H

#include "base/addr.h"
#include "base/answer.h"
#include "dial/route.h"

enum {
    XM_QUESTION_PREFIX = 24,
    /* both services; AAAA, A and TLSA of each target */
    XM_QUESTIONS_MAX = 2 + 3 * XM_ROUTE_TARGETS_MAX
};

enum xm_question_state {
    XM_QUESTION_NEW,     /* to be asked */
    XM_QUESTION_ASKED,   /* the owner knows of it */
    XM_QUESTION_ANSWERED /* for good */
};

struct xm_question {
    enum xm_question_state state;
    enum xm_rr rr;
    char prefix[XM_QUESTION_PREFIX]; /* "_5222._tcp."; "" for an address */
    const char *host;                /* borrowed (as long as the route) */
    struct xm_answer *answer;        /* owned */
    struct xm_addr *sources;         /* owned; one for each record, or NULL */
};

struct xm_questions {
    struct xm_question list[XM_QUESTIONS_MAX];
    unsigned n;
};

void xm_questions_done(struct xm_questions *questions);
/* The number of the question for `prefix` and `host` together: an old one if there is one. */
unsigned xm_questions_add(struct xm_questions *questions, const char *prefix, const char *host,
                          enum xm_rr rr);
/* The first that is to be asked, which counts as asked from here; -1: none. */
int xm_questions_next(struct xm_questions *questions);
/* Copied. 0 or XMPP_E_NOMEM. */
int xm_questions_answer(struct xm_questions *questions, unsigned number,
                        const struct xm_answer *answer, const struct xm_addr *sources);
/* NULL as long as there is none. */
const struct xm_answer *xm_questions_get(const struct xm_questions *questions, unsigned number);

/* Nobody could tell, or nobody may believe it: never the same as "there is none". */
int xm_answer_has_failed(const struct xm_answer *answer);
/* How many records may be used: none of an answer that has failed. */
size_t xm_answer_count(const struct xm_answer *answer);

#endif
