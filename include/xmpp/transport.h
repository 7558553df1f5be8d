/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file transport.h
 * @brief A way to the server that the application makes itself, as bytes.
 *
 * Where there is no descriptor to give to xmpp_conn_connect_fd(), or where the application wants to
 * see every byte: what it receives it feeds, what is to be sent it takes. The library waits for no
 * descriptor then. TLS is made inside, by STARTTLS or from the first byte, unless the application
 * says that the transport is verified TLS already. All else is as with xmpp_conn_connect(): the
 * loop, the states, the deadlines, the handlers.
 *
 * Bytes move between two calls: xmpp_conn_feed() what came, xmpp_conn_process(), then send what
 * xmpp_conn_peek_output() shows and xmpp_conn_take_output() as much as was sent.
 * doc/own-transport.md shows it; examples/pipe.c runs it.
 */
#ifndef XMPP_TRANSPORT_H
#define XMPP_TRANSPORT_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the transport is. */
enum xmpp_transport {
    XMPP_TRANSPORT_PLAIN = 0, /**< bytes to the server's port for clients: STARTTLS follows */
    /** bytes to a port where TLS begins with the first byte (XEP-0368): the library makes it */
    XMPP_TRANSPORT_DIRECT_TLS = 1,
    /** bytes inside TLS that the application has made, **and whose certificate it has verified for
     * the JID's domain** (RFC 6120 13.7.1): the library makes none, and trusts the other end with
     * what it would give to a server that it has verified itself */
    XMPP_TRANSPORT_IS_VERIFIED_TLS = 2
};

/**
 * There is output to be taken. A notification, told at the end of the call that made it, whatever
 * call that was; told anew only when all had been taken in between. Take it when that call has
 * returned.
 */
typedef void (*xmpp_output_fn)(xmpp_conn *conn, void *userdata);

/**
 * Begins to connect as xmpp_conn_connect() does, over a transport of the application's that is
 * connected to the server.
 *
 * @param transport  an enum xmpp_transport
 * @param on_output  NULL: the application looks for output by itself, behind each call
 * @param destroy    for `userdata`, once the attempt has ended and its last output was told; may be
 *                   NULL
 * @return as xmpp_conn_connect(); XMPP_E_INVAL also for no enum xmpp_transport
 */
XMPP_API int xmpp_conn_connect_transport(xmpp_conn *conn, int transport, xmpp_output_fn on_output,
                                         void *userdata, xmpp_destroy_fn destroy);

/**
 * Gives what was received. xmpp_conn_process() handles it, and xmpp_conn_get_timeout() is 0 until it
 * has, unless xmpp_conn_set_receiving() or output that nobody takes holds it up.
 *
 * @param bytes  copied; NULL only if `n` is 0, which does nothing
 * @return 0; XMPP_E_INVAL; XMPP_E_STATE: there is no such transport, or not any more, or its end was
 *         fed; XMPP_E_TOO_BIG: XMPP_LIMIT_QUEUE_HIGH bytes or more wait already, process first;
 *         XMPP_E_NOMEM. On failure none of them is kept
 */
XMPP_API int xmpp_conn_feed(xmpp_conn *conn, const void *bytes, size_t n);

/**
 * The transport is at its end: nothing more will be fed. Behind what was fed this ends the attempt:
 * in order where the stream was closed, and TLS if the library made it; else with XMPP_E_TRUNCATED.
 *
 * @return 0; XMPP_E_STATE as xmpp_conn_feed()
 */
XMPP_API int xmpp_conn_feed_end(xmpp_conn *conn);

/**
 * What is to be sent, all of it. It is still there when the attempt has ended: the stream's and
 * TLS's good-bye are its last bytes. The next connect drops it.
 *
 * @param ret_n  how many bytes; 0 if there are none; may be NULL
 * @return borrowed (until the next call that may change the connection); NULL if there are none
 */
XMPP_API const void *xmpp_conn_peek_output(const xmpp_conn *conn, size_t *ret_n);

/** So many bytes of xmpp_conn_peek_output(), its first, are sent: they are forgotten. What is not
 * taken counts towards XMPP_LIMIT_QUEUE_HIGH. @return 0; XMPP_E_INVAL: so many there are not */
XMPP_API int xmpp_conn_take_output(xmpp_conn *conn, size_t n);

/**
 * Tells a channel binding of a transport that is verified TLS, so that SCRAM can be bound to it: call
 * it between xmpp_conn_connect_transport() and the first call of process. Tell each type that can be
 * had soundly, and no other: "tls-exporter" (RFC 9266) and "tls-unique" (RFC 5929 3) on TLS 1.2 only
 * with extended master secret (RFC 7627), "tls-unique" never on TLS 1.3. Without any the
 * authentication is not bound; xmpp_conn_set_channel_binding() can forbid that.
 *
 * @param type   "tls-exporter", "tls-unique" or "tls-server-end-point" (RFC 5929 4)
 * @param bytes  copied, and wiped in the end
 * @param n      32 for "tls-exporter", else up to 64
 * @return 0; XMPP_E_INVAL (type or length); XMPP_E_STATE: there is no such transport, or the
 *         authentication has begun
 */
XMPP_API int xmpp_conn_set_transport_binding(xmpp_conn *conn, const char *type, const void *bytes,
                                             size_t n);

#ifdef __cplusplus
}
#endif

#endif
