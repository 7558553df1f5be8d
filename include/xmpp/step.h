/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file step.h
 * @brief A module's own step between the server's features and authentication.
 *
 * Some extensions speak to a server before anybody has logged in: registering an account is one
 * (register.h). Such a step is a way of connecting of its own. An attempt that is begun with
 * xmpp_conn_connect_step() goes the way of a login as far as the features inside verified TLS, gives
 * them to the module that is named, and never authenticates; a login never takes a step. There is
 * none in clear text: xmpp_conn_allow_cleartext_insecure() is for logins.
 *
 * While the step runs the state is XMPP_STATE_STEP. Nothing can be sent but requests
 * (xmpp_conn_request()), without `to` or to the server's domain, and nothing is received but their
 * answers, without `from` or from that domain. All else ends the attempt, as it does in a login
 * (RFC 6120 4.3.5). The deadlines of the attempt stand still, as a person may be filling in a form;
 * each request has its own. An attempt with a step is not followed by another
 * (xmpp_conn_set_reconnect()).
 */
#ifndef XMPP_STEP_H
#define XMPP_STEP_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Begins a step. A handler; it makes its requests, and at some time later, in it or in any handler,
 * xmpp_conn_end_step() is called.
 *
 * @param features  what the server offers, `<stream:features/>`. Borrowed (until it returns)
 * @param userdata  the data of the module
 * @return 0, or a negative code, which ends the attempt
 */
typedef int (*xmpp_step_fn)(xmpp_conn *conn, const xmpp_elem *features, void *userdata);
/** Describes the step of a module; one for a module. */
XMPP_API void xmpp_module_on_step(xmpp_module *module, xmpp_step_fn step);

/**
 * Connects, to take the step of an enabled module. As xmpp_conn_connect(), but the JID needs no
 * localpart: it says which server.
 *
 * @param name  of the module
 * @return XMPP_E_NOT_FOUND if no enabled module of this name has a step; XMPP_E_INVAL for a
 *         component; else as xmpp_conn_connect()
 */
XMPP_API int xmpp_conn_connect_step(xmpp_conn *conn, const char *name);

/**
 * Ends the step, and the attempt with it: the stream is closed, and the state is
 * XMPP_STATE_OFFLINE by the next process.
 *
 * @param error  0: in order; or a negative code that the attempt has failed with, in
 *               XMPP_PHASE_STREAM
 * @return 0; XMPP_E_STATE if no step runs; XMPP_E_INVAL for a positive number; XMPP_E_BUSY in a
 *         notification
 */
XMPP_API int xmpp_conn_end_step(xmpp_conn *conn, int error);

#ifdef __cplusplus
}
#endif

#endif
