/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file ask.h
 * @brief Questions to the application that may be answered later.
 *
 * While a question is open the deadlines of the attempt stand still, and XMPP_LIMIT_ASK_TIME runs.
 * A question that is dropped unanswered is refused.
 */
#ifndef XMPP_ASK_H
#define XMPP_ASK_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is asked. More may come: do not answer what you do not know. */
enum xmpp_ask_kind {
    XMPP_ASK_PASSWORD = 1 /**< the password of the account; xmpp_ask_answer_password() */
};

/**
 * A question. A handler: it runs inside xmpp_conn_process() only.
 *
 * @param ask  borrowed (until the handler returns): xmpp_ask_ref() keeps it, to answer later
 */
typedef void (*xmpp_ask_fn)(xmpp_conn *conn, xmpp_ask *ask, void *userdata);

/** Registers for questions; the first handler that keeps or answers one has it. As
 * xmpp_conn_on_message(). */
XMPP_API int xmpp_conn_on_ask(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_ask_fn handler,
                              void *userdata, xmpp_destroy_fn destroy);

/** The enum xmpp_ask_kind. */
XMPP_API int xmpp_ask_get_kind(const xmpp_ask *ask);
/** Another reference. @return the same question, shared */
XMPP_API xmpp_ask *xmpp_ask_ref(xmpp_ask *ask);
/** Drops a reference; with the last one an open question is refused. Takes NULL. @return NULL */
XMPP_API xmpp_ask *xmpp_ask_unref(xmpp_ask *ask);
/**
 * Answers with a password, which is used for this attempt only and wiped.
 *
 * @param password  copied; NULL: refused
 * @return 0; XMPP_E_STALE if the attempt ended meanwhile, or it is answered; XMPP_E_CHAR;
 *         XMPP_E_NOMEM, then it is still open; XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_ask_answer_password(xmpp_ask *ask, const char *password);

#ifdef __cplusplus
}
#endif

#endif
