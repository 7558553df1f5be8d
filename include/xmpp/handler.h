/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file handler.h
 * @brief Registering for stanzas and states; sending; requests and their replies.
 *
 * Handlers run in the order of registration, inside xmpp_conn_process() only. One that is added
 * while a stanza is handled starts with the next stanza; one that is dropped is never called again.
 */
#ifndef XMPP_HANDLER_H
#define XMPP_HANDLER_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Ends a registration: the handler is not called any more, its userdata is destroyed. Does not
 * need the connection to be alive. Takes NULL. @return NULL */
XMPP_API xmpp_slot *xmpp_slot_unref(xmpp_slot *slot);

/**
 * Handles a stanza.
 *
 * @param stanza  borrowed (until the handler returns): xmpp_stanza_ref() keeps it
 * @return 0: pass it on to the next handler; 1: handled (an iq: answered now or later); negative:
 *         failed, which answers an iq get or set with `internal-server-error`, is logged for
 *         others, and counts as handled
 */
typedef int (*xmpp_stanza_fn)(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata);

/** Hears of a new enum xmpp_state. */
typedef void (*xmpp_state_fn)(xmpp_conn *conn, int state, void *userdata);

/** Hears that the send queue, having been full, is down to XMPP_LIMIT_QUEUE_LOW. */
typedef void (*xmpp_writable_fn)(xmpp_conn *conn, void *userdata);

/**
 * Hears the outcome of a request, exactly once.
 *
 * @param error  0: `reply` is the result; XMPP_E_REMOTE: `reply` is the error stanza
 *               (stanza_error.h reads it); XMPP_E_TIMEOUT, XMPP_E_DISCONNECTED or XMPP_E_OFFLINE:
 *               `reply` is NULL
 * @param reply  borrowed (until the handler returns)
 */
typedef void (*xmpp_reply_fn)(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata);

/**
 * Registers for messages, of every type. Those to the bare JID, which is how strangers write, come
 * only once a presence was sent (RFC 6121 8.5): xmpp_presence_new(), when online.
 *
 * @param ret_slot  owned, xmpp_slot_unref(); NULL: the handler lives as long as the connection
 * @param destroy   for `userdata`; may be NULL
 * @return 0, XMPP_E_INVAL (no handler), XMPP_E_NOMEM, XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_conn_on_message(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza_fn handler,
                                  void *userdata, xmpp_destroy_fn destroy);
/** Registers for presence, of every type. As xmpp_conn_on_message(). */
XMPP_API int xmpp_conn_on_presence(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_stanza_fn handler,
                                   void *userdata, xmpp_destroy_fn destroy);
/**
 * Registers for iq requests. Results and errors go to whoever requested them. A get or set that
 * no handler handles is answered with `service-unavailable` (RFC 6120 8.4).
 *
 * @param types  XMPP_IQ_GET, XMPP_IQ_SET or both (iq.h)
 * @param name   of the payload, copied; NULL: any
 * @param ns     of the payload, copied; NULL: any
 * @return as xmpp_conn_on_message()
 */
XMPP_API int xmpp_conn_on_iq(xmpp_conn *conn, xmpp_slot **ret_slot, int types, const char *name,
                             const char *ns, xmpp_stanza_fn handler, void *userdata,
                             xmpp_destroy_fn destroy);
/** Registers for changes of state. As xmpp_conn_on_message(). */
XMPP_API int xmpp_conn_on_state(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_state_fn handler,
                                void *userdata, xmpp_destroy_fn destroy);
/** Registers for room in the send queue. As xmpp_conn_on_message(). */
XMPP_API int xmpp_conn_on_writable(xmpp_conn *conn, xmpp_slot **ret_slot, xmpp_writable_fn handler,
                                   void *userdata, xmpp_destroy_fn destroy);

/**
 * Queues a stanza. It is serialised before this returns; the tree is neither kept nor changed, and
 * may be one that was received. If it has no id, one is written (at least 96 random bits). All that
 * one turn sends leaves together.
 *
 * @return 0; XMPP_E_STATE when not online; XMPP_E_QUEUE_FULL at XMPP_LIMIT_QUEUE_HIGH, nothing of
 *         it is queued then, and xmpp_conn_on_writable() tells when to go on; XMPP_E_INVAL for what
 *         is not a message, presence or iq; XMPP_E_TOO_BIG beyond 10,000,000 bytes, which a received
 *         stanza can become that says a long namespace once and means it often; what stuck while the
 *         stanza was built, XMPP_E_NOMEM for NULL; XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_conn_send(xmpp_conn *conn, const xmpp_stanza *stanza);

/**
 * Queues exactly one well-formed stanza that is given as text: parsed, then sent by
 * xmpp_conn_send().
 *
 * @return as xmpp_conn_send() and xmpp_stanza_parse()
 */
XMPP_API int xmpp_conn_send_text(xmpp_conn *conn, const char *text, size_t len);

/**
 * Sends an iq of type get or set and waits for its answer. An answer counts only if kind, type, id
 * and sender fit (RFC 6120 8.1.2.1): to a request without `to`, or to the own bare JID, one
 * without `from` or from the own bare JID; to one to X, one from X.
 *
 * @param ret_slot    owned; dropping it cancels: the handler is not called. NULL: it cannot be
 *                    cancelled but by dropping the connection
 * @param iq          as for xmpp_conn_send(). An id that is set must not be that of a request that
 *                    waits
 * @param timeout_ms  0: XMPP_LIMIT_REQUEST_TIME. There is no "never"
 * @return as xmpp_conn_send(), XMPP_E_INVAL for what is not a request, and XMPP_E_JID for a `to`
 *         that is no JID. When not online the request is accepted, and answered XMPP_E_OFFLINE by
 *         the next process.
 */
XMPP_API int xmpp_conn_request(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_stanza *iq,
                               int timeout_ms, xmpp_reply_fn handler, void *userdata,
                               xmpp_destroy_fn destroy);

/**
 * Queues an answer to an iq that is being handled: a result or an error. As xmpp_conn_send(), but
 * never refused for a full queue, since what asks is not received while that is full; so an answer
 * is not lost.
 *
 * @return as xmpp_conn_send(); XMPP_E_INVAL for anything but an iq of type result or error
 */
XMPP_API int xmpp_conn_answer(xmpp_conn *conn, const xmpp_stanza *answer);
/**
 * Answers a stanza with an error (xmpp_stanza_error_reply()). What is never answered with an error is
 * let pass in silence.
 *
 * @param condition  an enum xmpp_condition (stanza_error.h)
 * @param text       copied; for a person, NULL for none
 * @return 0, or as xmpp_conn_answer()
 */
XMPP_API int xmpp_conn_answer_error(xmpp_conn *conn, const xmpp_stanza *stanza, int condition,
                                    const char *text);

/** Hears that its time has come. */
typedef void (*xmpp_timer_due_fn)(xmpp_conn *conn, void *userdata);
/**
 * Calls a handler once, when so much time has passed, in any state. The registration is over with
 * that call.
 *
 * @param ret_slot  owned; dropping it cancels. NULL: it cannot be cancelled
 * @param delay_ms  0: by the next process
 * @return as xmpp_conn_on_message(); XMPP_E_INVAL for a negative delay
 */
XMPP_API int xmpp_conn_set_timer(xmpp_conn *conn, xmpp_slot **ret_slot, int delay_ms,
                                 xmpp_timer_due_fn handler, void *userdata,
                                 xmpp_destroy_fn destroy);

/** 0: stop receiving, so that the server is held back; 1: go on, the default. @return 0 or
 * XMPP_E_BUSY in a notification */
XMPP_API int xmpp_conn_set_receiving(xmpp_conn *conn, int on);

#ifdef __cplusplus
}
#endif

#endif
