/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A question under way: who owns what when it is asked, answered, refused or dropped. Knows nothing of
 * what is asked. */
#include "question.h"

#include <stdlib.h>

#include "xmpp/error.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

struct xm_question *xm_question_new(xm_question_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    struct xm_question *question = malloc(sizeof *question);
    if (question) {
        *question = (struct xm_question){handler, userdata, destroy, xmpp_monotonic_now()};
    }
    return question;
}

void xm_question_forget(void *data)
{
    struct xm_question *question = data;
    if (question->destroy) {
        question->destroy(question->userdata);
    }
    free(question);
}

int xm_question_settle(struct xm_question *question, int result)
{
    if (!question) {
        return XMPP_E_NOMEM;
    }
    if (result < 0 && result != XMPP_E_GONE) { /* then it was asked, and is forgotten already */
        free(question);
    }
    return result;
}

int xm_question_ask(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza *iq, int timeout_ms,
                    xmpp_reply_fn hear, struct xm_question *question)
{
    int result = XMPP_E_NOMEM;
    if (question) {
        result =
            xmpp_conn_request(conn, ret_slot, iq, timeout_ms, hear, question, xm_question_forget);
    }
    xmpp_stanza_unref(iq);
    return xm_question_settle(question, result);
}
