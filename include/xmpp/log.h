/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file log.h
 * @brief What a connection can tell about itself: log, trace, counters, facts.
 */
#ifndef XMPP_LOG_H
#define XMPP_LOG_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How much a line matters. */
enum xmpp_log_level {
    XMPP_LOG_ERROR = 0,   /**< the session or attempt ends by it */
    XMPP_LOG_WARNING = 1, /**< something was refused or is odd */
    XMPP_LOG_INFO = 2,    /**< what is negotiated */
    XMPP_LOG_DEBUG = 3    /**< each step */
};

/** What a line is about: bits, so that several can be chosen. */
enum xmpp_log_area {
    XMPP_AREA_NET = 1,     /**< addresses, sockets */
    XMPP_AREA_TLS = 2,     /**< handshake, certificates */
    XMPP_AREA_STREAM = 4,  /**< the stream and its negotiation */
    XMPP_AREA_SASL = 8,    /**< authentication */
    XMPP_AREA_STANZA = 16, /**< handlers, requests, the queue */
    XMPP_AREA_ALL = 31     /**< all of them */
};

/** A line, without a newline, harmless to a terminal. Never holds a secret. A notification.
 * `text` is borrowed (until it returns). */
typedef void (*xmpp_log_fn)(xmpp_conn *conn, int area, int level, const char *text, void *userdata);
/**
 * Sets the log function; one per connection.
 *
 * @param areas    bits of enum xmpp_log_area
 * @param level    the least important enum xmpp_log_level that is told
 * @param log      NULL: none
 * @param destroy  for `userdata`; may be NULL
 * @return 0, XMPP_E_NOMEM, XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_conn_set_log(xmpp_conn *conn, uint32_t areas, int level, xmpp_log_fn log,
                               void *userdata, xmpp_destroy_fn destroy);

/** Writes a line to the log: for extensions, which find things that somebody should know. Does
 * nothing if nobody listens, and for NULL. What a peer sent may be in it: it is made harmless here.
 *
 * @param area   one enum xmpp_log_area
 * @param level  an enum xmpp_log_level
 * @param text   copied; the first 500 bytes are told
 */
XMPP_API void xmpp_conn_write_log(xmpp_conn *conn, int area, int level, const char *text);

/** A piece of XML as it passes, with everything that authenticates replaced by "[redacted]".
 * Stanzas come whole. `is_sent`: 1 sent, 0 received. A notification. `xml` is borrowed (until it
 * returns), ends with a NUL, and is the peer's: filter it before a terminal sees it. */
typedef void (*xmpp_trace_fn)(xmpp_conn *conn, int is_sent, const char *xml, size_t len,
                              void *userdata);
/** Sets the trace function; one per connection, NULL: none. As xmpp_conn_set_log(). */
XMPP_API int xmpp_conn_set_trace(xmpp_conn *conn, xmpp_trace_fn trace, void *userdata,
                                 xmpp_destroy_fn destroy);

/** Numbers that a program can read. */
enum xmpp_stat {
    XMPP_STAT_BYTES_RECEIVED = 0,   /**< from the socket, since the connection object was made */
    XMPP_STAT_BYTES_SENT = 1,       /**< to the socket */
    XMPP_STAT_STANZAS_RECEIVED = 2, /**< messages, presences, iqs and others */
    XMPP_STAT_STANZAS_SENT = 3,     /**< queued to be sent */
    XMPP_STAT_QUEUE_BYTES = 4,      /**< waiting to be sent, now */
    XMPP_STAT_REQUESTS = 5,         /**< waiting for their answers, now */
    XMPP_STAT_CONNECTS = 6,         /**< attempts so far */
    XMPP_STAT_SESSIONS = 7,         /**< of which came online */
    XMPP_STAT_TURNS = 8             /**< calls of process */
};
/** A number, an enum xmpp_stat; XMPP_E_INVAL for an unknown one. */
XMPP_API int64_t xmpp_conn_get_stat(const xmpp_conn *conn, int which);

/** Facts about the present attempt or session, or the last one. */
enum xmpp_fact {
    XMPP_FACT_ADDRESS = 0,      /**< the peer, such as "127.0.0.1:5222" */
    XMPP_FACT_TLS_VERSION = 1,  /**< "TLS1.3", "TLS1.2" */
    XMPP_FACT_TLS_CIPHER = 2,   /**< such as "TLS_AES_256_GCM_SHA384" */
    XMPP_FACT_MECHANISM = 3,    /**< such as "SCRAM-SHA-256-PLUS" */
    XMPP_FACT_BINDING = 4,      /**< the channel binding's type, such as "tls-exporter" */
    XMPP_FACT_BINDING_NOTE = 5, /**< why there is none, such as "binding not used: types not
                                     announced" */
    XMPP_FACT_STREAM_ID = 6     /**< the server's id of the stream */
};
/** A fact, an enum xmpp_fact; NULL if it does not hold or is not known yet. Borrowed (until the
 * next connect). */
XMPP_API const char *xmpp_conn_get_fact(const xmpp_conn *conn, int which);

#ifdef __cplusplus
}
#endif

#endif
