/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file iq.h
 * @brief Requests and their answers: reading and building, RFC 6120 8.2.3.
 *
 * All functions take a stanza that is an iq. A request is sent with xmpp_conn_request(), which
 * waits for the answer; an answer with xmpp_conn_send(). An error answer is made by
 * xmpp_stanza_error_reply().
 */
#ifndef XMPP_IQ_H
#define XMPP_IQ_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What an iq is: bits, so that a handler can be for more than one. */
enum xmpp_iq_type {
    XMPP_IQ_GET = 1,    /**< asks for something */
    XMPP_IQ_SET = 2,    /**< asks for something to be done */
    XMPP_IQ_RESULT = 4, /**< answers: it is done, here it is */
    XMPP_IQ_ERROR = 8   /**< answers: it cannot be done; stanza_error.h */
};

/**
 * A new iq. A request gets exactly one payload: xmpp_elem_add(xmpp_stanza_root(iq), name, ns).
 *
 * @param type  one enum xmpp_iq_type; for another value XMPP_E_INVAL sticks
 * @param to    copied, prepared strictly (XMPP_E_JID sticks); NULL for none: to the own account
 * @return shared, drop it with xmpp_stanza_unref(); NULL only if out of memory
 */
XMPP_API xmpp_stanza *xmpp_iq_new(int type, const char *to);

/** Empties a stanza that is built here and makes it a new iq in the same memory. @return 0, or as
 * xmpp_stanza_reset() */
XMPP_API int xmpp_iq_reset(xmpp_stanza *stanza, int type, const char *to);

/**
 * A new, empty result that answers a request: to its sender as it names itself, with its id.
 *
 * @return shared; NULL if out of memory, and for anything that is not an iq of type get or set
 */
XMPP_API xmpp_stanza *xmpp_iq_result(const xmpp_stanza *request);

/** One enum xmpp_iq_type; 0 if the type is missing or unknown. */
XMPP_API int xmpp_iq_get_type(const xmpp_stanza *iq);
/** The payload: the first child element but the `<error/>` of stanza_error.h. NULL if there is none.
 * Borrowed (as long as the stanza). */
XMPP_API const xmpp_elem *xmpp_iq_get_payload(const xmpp_stanza *iq);
/** How many child elements there are, but for the `<error/>`. A get or set has exactly one, a result
 * at most one (RFC 6120 8.2.3). */
XMPP_API size_t xmpp_iq_get_n_payloads(const xmpp_stanza *iq);

#ifdef __cplusplus
}
#endif

#endif
