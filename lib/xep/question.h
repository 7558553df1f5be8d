/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A question under way: what the application gave with it, kept until its handler has heard the answer
 * in the module's own words. Not for who has more to remember than this, such as what was asked: that is
 * a context of the module's. */
#ifndef XM_XEP_QUESTION_H
#define XM_XEP_QUESTION_H

#include <stdint.h>

#include "xmpp/handler.h"

/* A handler of whatever type; the module calls it as what it is. */
typedef void (*xm_question_fn)(void);

struct xm_question {
    xm_question_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
    int64_t since; /* by the clock that never goes back */
};

/* NULL if out of memory. */
struct xm_question *xm_question_new(xm_question_fn handler, void *userdata,
                                    xmpp_destroy_fn destroy);
/* Destroys the userdata, and the question: what the request is given as its destroy. */
void xm_question_forget(void *question);
/* What became of the call that was given the question, `result`: if that took nothing over, the
 * question is gone, and the userdata the caller's still. NULL is XMPP_E_NOMEM. Returns the result. */
int xm_question_settle(struct xm_question *question, int result);
/* Sends it: `hear` gets the question as its userdata. Drops `iq`. As xmpp_conn_request();
 * XMPP_E_NOMEM for a question that is NULL. */
int xm_question_ask(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza *iq, int timeout_ms,
                    xmpp_reply_fn hear, struct xm_question *question);

#endif
