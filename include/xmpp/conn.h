/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file conn.h
 * @brief One account's connection: its settings, its loop, its state.
 *
 * The application owns the loop. A connection tells which descriptors and which timeout it waits
 * for, and xmpp_conn_process() does all that can be done; nothing here ever waits, starts a thread,
 * touches a signal or prints. There are two ways to learn the descriptors: asking before each
 * poll() (xmpp_conn_get_pollfds(), xmpp_conn_get_timeout()), or being told when they change
 * (xmpp_conn_set_watch()). doc/event-loops.md shows both.
 *
 * Two kinds of callbacks. **Handlers** (stanza, reply, state, ask) run only inside
 * xmpp_conn_process(), and everything but process may be done in them: send, disconnect, drop
 * slots, drop the last reference. **Notifications** (watch, log, trace, output, destroy) may run inside any
 * call, and only getters and ref/unref may be called in them. Anything else answers XMPP_E_BUSY. A
 * call in which a notification drops the last reference answers XMPP_E_GONE if it went well: what it
 * registered is destroyed already.
 *
 * A connection and its slots belong to one thread at a time.
 *
 * The only files that are read: resolv.conf and the hosts file while connecting, the trust store, and
 * those a setting names, at the time that setting says.
 *
 * @par Specifications
 * - RFC 6120, clients: complete
 */
#ifndef XMPP_CONN_H
#define XMPP_CONN_H

#include "xmpp/error.h"
#include "xmpp/types.h"

struct pollfd;

#ifdef __cplusplus
extern "C" {
#endif

/* --- life ----------------------------------------------------------------------------------- */

/** A new connection, offline, without settings. @return shared, xmpp_conn_unref(); NULL if out of
 * memory */
XMPP_API xmpp_conn *xmpp_conn_new(void);
/** Another reference. NULL for NULL. @return the same connection, shared */
XMPP_API xmpp_conn *xmpp_conn_ref(xmpp_conn *conn);
/**
 * Drops a reference. With the last one the connection is closed at once and without ceremony (call
 * xmpp_conn_disconnect() first, and process until it is offline, to say good-bye), requests are
 * cancelled, descriptors are told 0 and the timer -1, and every userdata is destroyed. Legal in
 * every callback. Takes NULL.
 *
 * @return NULL
 */
XMPP_API xmpp_conn *xmpp_conn_unref(xmpp_conn *conn);

/* --- settings: all hold from the next attempt to connect; XMPP_E_STATE while one runs ---------- */

/**
 * The address to log in as (RFC 7622). A resource in it is asked for; without one the server makes
 * one, which is the better choice. For xmpp_conn_set_anonymous() a domain alone.
 *
 * @param jid  copied, prepared strictly; NULL: none
 * @return 0, XMPP_E_JID, XMPP_E_NOMEM, XMPP_E_STATE
 */
XMPP_API int xmpp_conn_set_jid(xmpp_conn *conn, const char *jid);

/**
 * Where to connect to, instead of where DNS says (RFC 6120 3.2.3). It never changes the name that the
 * certificate is verified for: that is the JID's domain.
 *
 * @param host  copied: an IPv4 or IPv6 address without a scope, or a name (prepared as a JID's domain
 *              is); without a port; NULL: the JID's domain
 * @param port  0: 5222, and without a host what the SRV records of the domain say
 * @return 0, XMPP_E_INVAL (not a host name), XMPP_E_NOMEM, XMPP_E_STATE
 */
XMPP_API int xmpp_conn_set_server(xmpp_conn *conn, const char *host, uint16_t port);

/**
 * The hosts file that names are looked up in before DNS is asked. A JID's domain that stands in a file
 * named here is where it says, on port 5222, and no SRV record is asked for; in the system's own file
 * it may stand for other reasons, and SRV comes first.
 *
 * @param path  copied; it must be readable when connecting; NULL: "/etc/hosts", if there is one
 * @return 0, XMPP_E_NOMEM, XMPP_E_STATE
 */
XMPP_API int xmpp_conn_set_hosts_file(xmpp_conn *conn, const char *path);

/** Whose signature on the server's certificate is believed. Shared; NULL: the system's store.
 * @return 0, XMPP_E_STATE */
XMPP_API int xmpp_conn_set_trust(xmpp_conn *conn, xmpp_trust *trust);

/** The language of the stream, for texts that say none of their own (RFC 6120 4.7.4). Copied; NULL:
 * "en". @return 0, XMPP_E_INVAL, XMPP_E_NOMEM, XMPP_E_STATE */
XMPP_API int xmpp_conn_set_lang(xmpp_conn *conn, const char *lang);

/**
 * 1: connect **without TLS**: all that is said, and what an observer can make of the authentication,
 * is open to everybody on the way. Only for a loopback or a tunnel that is protected otherwise.
 * PLAIN stays forbidden.
 *
 * @return 0, XMPP_E_STATE
 */
XMPP_API int xmpp_conn_allow_cleartext_insecure(xmpp_conn *conn, int on);

/** What xmpp_conn_set_limit() sets. Times are in milliseconds; sizes in bytes. */
enum xmpp_limit {
    XMPP_LIMIT_STANZA_BYTES = 0, /**< a received stanza; default 524,288 */
    XMPP_LIMIT_DEPTH = 1,        /**< elements inside each other in it; default 100 */
    XMPP_LIMIT_ATTRS = 2,        /**< attributes of one of its tags; default 256 */
    XMPP_LIMIT_HEADER_BYTES = 3, /**< the received stream header; default 16,384 */
    /** bytes that may wait to be sent, and of an own transport to be handled; default 1,048,576 */
    XMPP_LIMIT_QUEUE_HIGH = 4,
    XMPP_LIMIT_QUEUE_LOW = 5,      /**< the low-water mark; default 262,144 */
    XMPP_LIMIT_TURN_BYTES = 6,     /**< bytes received in one turn of process; default 131,072 */
    XMPP_LIMIT_TURN_STANZAS = 7,   /**< stanzas handled in one turn; default 256 */
    XMPP_LIMIT_ITERATIONS_MIN = 8, /**< fewest rounds that SCRAM accepts; default and least 4,096 */
    XMPP_LIMIT_ITERATIONS_MAX = 9, /**< most rounds that SCRAM accepts; default 500,000 */
    XMPP_LIMIT_TCP_TIME = 10,      /**< connecting to one address; default 20,000 */
    XMPP_LIMIT_TLS_TIME = 11,    /**< STARTTLS, the handshake, features inside it; default 20,000 */
    XMPP_LIMIT_STREAM_TIME = 12, /**< the first stream header and features; default 20,000 */
    XMPP_LIMIT_SASL_TIME = 13,   /**< authentication, less the time of PBKDF2; default 30,000 */
    XMPP_LIMIT_BIND_TIME = 14,   /**< the stream after SASL, and a resource; default 20,000 */
    XMPP_LIMIT_CONNECT_TIME = 15, /**< all of it in total; default 60,000 */
    XMPP_LIMIT_CLOSE_TIME = 16,   /**< closing in order; default 5,000 */
    XMPP_LIMIT_REQUEST_TIME = 17, /**< a request's answer; default 60,000 */
    XMPP_LIMIT_ASK_TIME = 18,     /**< an answer of the application; default 300,000 */
    XMPP_LIMIT_CHAIN = 19,        /**< certificates in the server's chain; default 10 */
    XMPP_LIMIT_DNS_TIME = 20,     /**< looking for the server; default 30,000 */
    /** from starting to connect to one address to starting with the next, RFC 8305 5: 100 to 2,000;
     * default 250 */
    XMPP_LIMIT_ATTEMPT_DELAY = 21,
    /** retry.h, the bounds of the time before the next attempt: the first; at least 100, default
     * 1,000 */
    XMPP_LIMIT_RETRY_FIRST = 22,
    XMPP_LIMIT_RETRY_MOST = 23,    /**< the longest of them; at least 100, default 300,000 */
    XMPP_LIMIT_RETRY_STABLE = 24,  /**< a session that makes the next the first; default 60,000 */
    XMPP_LIMIT_RETRY_SESSION = 25, /**< the bound behind a session; default 60,000 */
    XMPP_LIMIT_PROBE_TIME = 26     /**< a sign of life, once asked for; default 30,000 */
};

/** Sets a limit, an enum xmpp_limit. Legal at any time; a running phase keeps its own. Where no bounds
 * are named, a time is at least 1 and at most an hour, one of requests, of questions to the
 * application and of retry.h at most a day, where RETRY_STABLE and RETRY_SESSION may be 0. @return 0
 * or XMPP_E_INVAL (unknown, or out of its bounds) */
XMPP_API int xmpp_conn_set_limit(xmpp_conn *conn, int which, int64_t value);
/** A limit's value; XMPP_E_INVAL for an unknown one. */
XMPP_API int64_t xmpp_conn_get_limit(const xmpp_conn *conn, int which);

/* --- state ---------------------------------------------------------------------------------- */

/** Where a connection is. More may come: ignore what you do not know. */
enum xmpp_state {
    XMPP_STATE_OFFLINE = 0,        /**< terminal: nothing runs; xmpp_conn_get_error() says why */
    XMPP_STATE_RESOLVING = 1,      /**< looking for the server */
    XMPP_STATE_CONNECTING = 2,     /**< TCP */
    XMPP_STATE_OPENING = 3,        /**< the first stream header and features */
    XMPP_STATE_SECURING = 4,       /**< STARTTLS and the handshake */
    XMPP_STATE_AUTHENTICATING = 5, /**< SASL */
    XMPP_STATE_BINDING = 6,        /**< the stream after it; a resource */
    XMPP_STATE_ONLINE = 7,         /**< stanzas can be sent and are received */
    XMPP_STATE_CLOSING = 8,        /**< ours is closed; stanzas may still arrive */
    XMPP_STATE_WAITING = 9,        /**< will try again by itself (retry.h) */
    XMPP_STATE_STEP = 10 /**< in front of AUTHENTICATING, which does not come: a step (step.h) */
};

/** The enum xmpp_state. */
XMPP_API int xmpp_conn_get_state(const xmpp_conn *conn);
/** What ended the last attempt or session, or why it could not begin; an object without error where
 * xmpp_conn_disconnect() ended it, see there. Never NULL. Borrowed (until the next connect; with
 * xmpp_conn_set_reconnect() until the next process or xmpp_conn_disconnect()). */
XMPP_API const xmpp_error *xmpp_conn_get_error(const xmpp_conn *conn);
/** The JID that was set. Borrowed (until it is set anew). NULL if none is. */
XMPP_API const xmpp_jid *xmpp_conn_get_jid(const xmpp_conn *conn);
/** The JID that the server bound: who we are. Borrowed (until the next connect). NULL before. */
XMPP_API const xmpp_jid *xmpp_conn_get_bound_jid(const xmpp_conn *conn);
/** What the server's last `<stream:features/>` were. Borrowed (until the connection is offline).
 * NULL before. */
XMPP_API const xmpp_stanza *xmpp_conn_get_features(const xmpp_conn *conn);

/* --- connecting ----------------------------------------------------------------------------- */

/**
 * Begins to connect and returns; the rest is done by xmpp_conn_process(). The attempt ends in
 * exactly one XMPP_STATE_OFFLINE, with xmpp_conn_set_reconnect() after any number of
 * XMPP_STATE_WAITING; one that cannot begin, in the result alone.
 *
 * @return 0; XMPP_E_INVAL (no JID, no localpart without ANONYMOUS); XMPP_E_STATE (not offline);
 *         XMPP_E_FILE, XMPP_E_TOO_BIG (the hosts file that was set; more than 1 MiB); XMPP_E_SYSTEM,
 *         XMPP_E_NOMEM.
 *         On failure the state is as it was; xmpp_conn_get_error() says why, but for XMPP_E_STATE.
 */
XMPP_API int xmpp_conn_connect(xmpp_conn *conn);

/**
 * As xmpp_conn_connect(), over a descriptor that is connected to the server already, such as a
 * socket pair, a tunnel or a Unix socket. It becomes non-blocking and close-on-exec, and is told not
 * to wait for acknowledgements for ever (doc/staying-connected.md). For a way that has no
 * descriptor there is transport.h.
 *
 * @param fd  owned on success, closed when the attempt ends; still the caller's on failure
 * @return 0; XMPP_E_INVAL also for what is not a connected stream socket; else as
 *         xmpp_conn_connect()
 */
XMPP_API int xmpp_conn_connect_fd(xmpp_conn *conn, int fd);

/**
 * Says good-bye: what is queued is sent, then the end of the stream; what still arrives is
 * delivered until the server has answered or XMPP_LIMIT_CLOSE_TIME has passed. In front of online
 * the attempt is cut at once, and what waits for the next one waits no more. The state handler hears
 * of it in process.
 *
 * Once it is offline xmpp_conn_get_error() has no error, whether the server answered, did not, or cut
 * the connection. It has one if something else came first, such as the server's close (XMPP_E_CLOSED); or
 * if the server sent an error of the stream, or what is no stream, instead of its answer.
 *
 * @return 0, also when offline or closing already
 */
XMPP_API int xmpp_conn_disconnect(xmpp_conn *conn);
/**
 * Ends the attempt or session as an error does: for what the library cannot know to be wrong. Both
 * streams are closed as far as that can be done at once.
 *
 * @param code    an `XMPP_E_…`; what xmpp_error_get_code() tells
 * @param reason  copied; for a person, NULL for none
 * @return 0; XMPP_E_STATE if there is none; XMPP_E_INVAL for a code that is not negative;
 *         XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_conn_fail(xmpp_conn *conn, int code, const char *reason);

/* --- the loop ------------------------------------------------------------------------------- */

/** Never more descriptors than this are needed at a time. */
#define XMPP_POLLFDS_MAX 16

/**
 * What to poll for, level-triggered.
 *
 * @param fds    filled with as many as fit; `revents` is never looked at
 * @param n_fds  room in `fds`; XMPP_POLLFDS_MAX always suffices
 * @return the number needed
 */
XMPP_API int xmpp_conn_get_pollfds(xmpp_conn *conn, struct pollfd *fds, unsigned n_fds);
/** How long poll() may wait: milliseconds, rounded up; 0: not at all; -1: only a descriptor can
 * wake us. */
XMPP_API int xmpp_conn_get_timeout(xmpp_conn *conn);

/**
 * Does all that can be done now, within a work bound, and runs handlers. Call it when a descriptor
 * is ready or the timeout has passed; a call too many is harmless. What the network did wrong is
 * an event, not a result.
 *
 * @return 0; XMPP_E_BUSY from inside a callback; XMPP_E_GONE if the connection was freed in a
 *         callback: the pointer is dead
 */
XMPP_API int xmpp_conn_process(xmpp_conn *conn);

/**
 * Tells about a descriptor. A notification.
 *
 * @param events   POLLIN and POLLOUT to wait for, level-triggered; 0: forget the descriptor; one
 *                 that is done with is closed after this returned
 * @param was      what was told for it before; 0: it is new
 * @param fd_data  the application's own handle for this descriptor; NULL at first
 * @return 0, or negative: the attempt ends with XMPP_E_APP
 */
typedef int (*xmpp_fd_fn)(xmpp_conn *conn, int fd, short events, short was, void **fd_data,
                          void *userdata);
/**
 * Tells when to call process at the latest. A notification. A timeout that was told is spent once
 * it has passed and process was called; it is told anew only if none is armed, if it must be
 * earlier, or if none is needed.
 *
 * @param timeout_ms  from now; 0: as soon as the loop comes round; -1: no timer
 * @return 0, or negative: the attempt ends with XMPP_E_APP
 */
typedef int (*xmpp_timer_fn)(xmpp_conn *conn, int timeout_ms, void *userdata);

/**
 * Asks to be told about descriptors and the timer when they change. The present ones are told
 * before this returns; a watch that was set before first hears that all is forgotten, and its
 * userdata is destroyed.
 *
 * @param on_fd     with `on_timer`; NULL for both: no watch
 * @param on_timer  with `on_fd`
 * @param destroy   for `userdata`; may be NULL
 * @return 0, XMPP_E_INVAL, XMPP_E_NOMEM, XMPP_E_BUSY in a notification, XMPP_E_APP if one of them
 *         refused
 */
XMPP_API int xmpp_conn_set_watch(xmpp_conn *conn, xmpp_fd_fn on_fd, xmpp_timer_fn on_timer,
                                 void *userdata, xmpp_destroy_fn destroy);

#ifdef __cplusplus
}
#endif

#endif
