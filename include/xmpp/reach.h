/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file reach.h
 * @brief How the server is found and reached, and what came of it.
 *
 * Nothing in here needs to be called: a JID is enough. doc/finding-the-server.md tells what happens
 * then. What is here changes whom is asked, goes another way in, or shows what was found and tried:
 * lookups (one question to DNS each) and tries (one address each).
 *
 * @par Specifications
 * - RFC 2782, all: complete
 * - RFC 6724, destinations: complete
 * - RFC 8305, all: complete
 * - RFC 6698, clients: complete
 * - RFC 7673, all: complete
 * - RFC 1928, CONNECT: complete
 * - RFC 1929, all: complete
 * - RFC 9110, CONNECT: complete
 * - XEP-0368, 1.1.0: complete
 * - XEP-0495, 0.1.0: complete
 */
#ifndef XMPP_REACH_H
#define XMPP_REACH_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- whom to ask: all hold from the next attempt; XMPP_E_STATE while one runs, XMPP_E_NOMEM ---- */

/** Where the nameservers stand that are asked. Copied; NULL: "/etc/resolv.conf". No such file: those
 * on loopback. @return 0, XMPP_E_NOMEM, XMPP_E_STATE */
XMPP_API int xmpp_conn_set_resolv_conf(xmpp_conn *conn, const char *path);

/**
 * Adds a nameserver, which is asked instead of those of resolv.conf, up to eight. Its validation of
 * DNSSEC is believed only on loopback.
 *
 * @param address  copied: an IPv4 or IPv6 address, the latter with a scope if need be
 *                 ("fe80::1%eth0"); NULL: forget all that were added
 * @param port     0: 53
 * @return 0, XMPP_E_INVAL (not an address, or no such scope here), XMPP_E_TOO_BIG (one too many),
 *         XMPP_E_NOMEM, XMPP_E_STATE
 */
XMPP_API int xmpp_conn_add_nameserver(xmpp_conn *conn, const char *address, uint16_t port);

/** The types of records that are asked for, with DNS's numbers. */
enum xmpp_rr {
    XMPP_RR_A = 1,     /**< an IPv4 address (RFC 1035) */
    XMPP_RR_AAAA = 28, /**< an IPv6 address (RFC 3596) */
    XMPP_RR_SRV = 33,  /**< a target with its port (RFC 2782) */
    XMPP_RR_TLSA = 52  /**< which certificate is right (RFC 6698) */
};

/** What DNSSEC says of an answer (RFC 4035 4.3). */
enum xmpp_dnssec {
    XMPP_DNSSEC_INSECURE = 0,     /**< nobody who is believed has validated it */
    XMPP_DNSSEC_SECURE = 1,       /**< validated */
    XMPP_DNSSEC_BOGUS = 2,        /**< forged, or signed wrongly: never used */
    XMPP_DNSSEC_INDETERMINATE = 3 /**< cannot be found out: the look-up failed */
};

/** What a question to DNS brought. */
enum xmpp_answer {
    XMPP_ANSWER_FOUND = 0,   /**< records */
    XMPP_ANSWER_NONE = 1,    /**< the name has none of this type */
    XMPP_ANSWER_NO_NAME = 2, /**< there is no such name */
    XMPP_ANSWER_FAILED = 3,  /**< nobody could tell */
    XMPP_ANSWER_PENDING = 4  /**< it is still open, or was cut short */
};

/**
 * A question that the application answers in the place of DNS: see xmpp_conn_set_resolver(). Dropped
 * unanswered, it counts as failed. Answers that come too late are XMPP_E_STALE.
 */
typedef struct xmpp_query xmpp_query;

/**
 * Asks the application. A handler: it runs inside process. Keep the query with xmpp_query_ref() to
 * answer later.
 *
 * @param query  borrowed (until the return)
 */
typedef void (*xmpp_resolver_fn)(xmpp_conn *conn, xmpp_query *query, void *userdata);

/**
 * Asks the application instead of nameservers: DNS over HTTPS, a system service, a test. The hosts
 * file is still read first.
 *
 * @param resolver  NULL: nameservers again
 * @param destroy   for `userdata`; may be NULL
 * @return 0, XMPP_E_NOMEM, XMPP_E_STATE
 */
XMPP_API int xmpp_conn_set_resolver(xmpp_conn *conn, xmpp_resolver_fn resolver, void *userdata,
                                    xmpp_destroy_fn destroy);

/** Another reference. NULL for NULL. @return the same query, shared */
XMPP_API xmpp_query *xmpp_query_ref(xmpp_query *query);
/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_query *xmpp_query_unref(xmpp_query *query);
/** The name, as A-labels without a dot at the end. Borrowed (as long as the query). */
XMPP_API const char *xmpp_query_get_name(const xmpp_query *query);
/** The enum xmpp_rr. */
XMPP_API int xmpp_query_get_type(const xmpp_query *query);
/** Adds a record to the answer of an A or AAAA query. @param address copied, numeric @return 0,
 * XMPP_E_INVAL, XMPP_E_NOMEM, XMPP_E_STALE */
XMPP_API int xmpp_query_add_address(xmpp_query *query, const char *address);
/** Adds a record to the answer of an SRV query (RFC 2782). @param target copied; "." offers no such
 * service @return 0, XMPP_E_INVAL, XMPP_E_NOMEM, XMPP_E_STALE */
XMPP_API int xmpp_query_add_srv(xmpp_query *query, uint16_t priority, uint16_t weight,
                                uint16_t port, const char *target);
/** Adds a record to the answer of a TLSA query (RFC 6698). @param data copied @return 0,
 * XMPP_E_INVAL, XMPP_E_NOMEM, XMPP_E_STALE */
XMPP_API int xmpp_query_add_tlsa(xmpp_query *query, int usage, int selector, int matching,
                                 const void *data, size_t n);
/**
 * The answer is whole.
 *
 * @param status  an enum xmpp_answer: FOUND with what was added; NONE, NO_NAME, FAILED without
 * @param dnssec  an enum xmpp_dnssec. SECURE only if the application knows it
 * @return 0, XMPP_E_INVAL, XMPP_E_STALE
 */
XMPP_API int xmpp_query_answer(xmpp_query *query, int status, int dnssec);
/**
 * The answer as a DNS message, such as DNS over HTTPS delivers (RFC 8484).
 *
 * @param message   copied
 * @param trust_ad  1: its AD bit is believed
 * @return 0, XMPP_E_PROTOCOL (it answers another question), XMPP_E_NOMEM, XMPP_E_STALE
 */
XMPP_API int xmpp_query_answer_message(xmpp_query *query, const void *message, size_t n,
                                       int trust_ad);

/* --- other ways in: likewise ------------------------------------------------------------------- */

/** With xmpp_conn_set_server() or a descriptor: 1: the server speaks TLS from the first byte
 * (XEP-0368). Where SRV leads, SRV says it, and this changes nothing.
 * @return 0, XMPP_E_NOMEM, XMPP_E_STATE */
XMPP_API int xmpp_conn_set_direct_tls(xmpp_conn *conn, int on);

/** The kinds of proxies. */
enum xmpp_proxy {
    XMPP_PROXY_NONE = 0,   /**< directly */
    XMPP_PROXY_SOCKS5 = 1, /**< RFC 1928, with RFC 1929 where a user is given */
    XMPP_PROXY_HTTP = 2    /**< CONNECT, RFC 9110 9.3.6; a user is sent as Basic (RFC 7617) */
};

/**
 * Goes through a proxy, which resolves the name: no question to DNS leaves this machine. Through it
 * goes the JID's domain on 5222, or what xmpp_conn_set_server() says.
 *
 * @param kind      an enum xmpp_proxy; NONE: no proxy, all else is ignored
 * @param host      copied: an address, or a name in the hosts file
 * @param port      of the proxy; not 0
 * @param user      copied; NULL: none. SOCKS5: 1 to 255 bytes; HTTP: without a colon or a control character
 * @param password  copied, wiped in the end; NULL with no user. It crosses the way to the proxy in
 *                  clear text
 * @return 0, XMPP_E_INVAL, XMPP_E_NOMEM, XMPP_E_STATE
 */
XMPP_API int xmpp_conn_set_proxy(xmpp_conn *conn, int kind, const char *host, uint16_t port,
                                 const char *user, const char *password);
/** 1: the proxy's own name may be looked up in DNS. The server's name never is: the proxy resolves
 * it. @return 0, XMPP_E_NOMEM, XMPP_E_STATE */
XMPP_API int xmpp_conn_allow_proxy_dns(xmpp_conn *conn, int on);

/* --- trying out -------------------------------------------------------------------------------- */

/** How far xmpp_conn_probe() goes. */
enum xmpp_probe {
    XMPP_PROBE_NAMES = 1, /**< looks up all that a connect might need; connects to nobody */
    /** connects until the server's features inside TLS are there, as a connect would; what a connect
     * would look up only after that has failed is looked up, too. XMPP_STATE_AUTHENTICATING is told
     * then, with the features to be read in its handler, and nothing is authenticated */
    XMPP_PROBE_STREAM = 2
};

/**
 * As xmpp_conn_connect(), but stops on the way, and sends no credentials: the JID may be a domain
 * alone. Ends in XMPP_STATE_OFFLINE, without an error if it came as far as that; what was found is
 * told by the getters below.
 *
 * @param until  an enum xmpp_probe
 * @return as xmpp_conn_connect(); XMPP_E_INVAL also for another `until`
 */
XMPP_API int xmpp_conn_probe(xmpp_conn *conn, int until);

/* Of the attempt that runs, or of the last one if it failed or was a probe: with the session that it
 * led to, all of it is forgotten. */

/** One question of the last attempt. */
typedef struct xmpp_lookup xmpp_lookup;
/** One address of the last attempt, or a target that has none. */
typedef struct xmpp_try xmpp_try;

/** How many questions the last attempt asked. */
XMPP_API unsigned xmpp_conn_get_n_lookups(const xmpp_conn *conn);
/** A question, from 0. Borrowed (until the next call that may change the connection). NULL behind the
 * last. */
XMPP_API const xmpp_lookup *xmpp_conn_get_lookup(const xmpp_conn *conn, unsigned number);
/** The name. */
XMPP_API const char *xmpp_lookup_get_name(const xmpp_lookup *lookup);
/** The enum xmpp_rr. */
XMPP_API int xmpp_lookup_get_type(const xmpp_lookup *lookup);
/** The enum xmpp_answer. */
XMPP_API int xmpp_lookup_get_status(const xmpp_lookup *lookup);
/** The enum xmpp_dnssec. */
XMPP_API int xmpp_lookup_get_dnssec(const xmpp_lookup *lookup);
/** Who answered: an address with its port, "cache", "hosts file", "application" or "". */
XMPP_API const char *xmpp_lookup_get_source(const xmpp_lookup *lookup);
/** How long the answer took, in milliseconds; -1: there is none. */
XMPP_API int64_t xmpp_lookup_get_took(const xmpp_lookup *lookup);
/** Why it failed; "" if it did not. */
XMPP_API const char *xmpp_lookup_get_reason(const xmpp_lookup *lookup);
/** How many records. */
XMPP_API unsigned xmpp_lookup_get_n_records(const xmpp_lookup *lookup);
/** A record from 0, in the form of a zone file without name and type: "5 0 5222 xmpp.example.org",
 * "192.0.2.1"; NULL behind the last. Printable, whatever the network said. */
XMPP_API const char *xmpp_lookup_get_record(const xmpp_lookup *lookup, unsigned number);

/** How many addresses the last attempt tried, would have tried, or left out. */
XMPP_API unsigned xmpp_conn_get_n_tries(const xmpp_conn *conn);
/** One, from 0, in the order in which they are tried. Borrowed (until the next call that may change
 * the connection). NULL behind the last. */
XMPP_API const xmpp_try *xmpp_conn_get_try(const xmpp_conn *conn, unsigned number);
/** The target of SRV, the host that was set, or the domain; with a proxy: the proxy. */
XMPP_API const char *xmpp_try_get_host(const xmpp_try *t);
/** The address, numeric without the port; "" of a target that has none. */
XMPP_API const char *xmpp_try_get_address(const xmpp_try *t);
/** The port. */
XMPP_API int xmpp_try_get_port(const xmpp_try *t);
/** 1: TLS from the first byte. */
XMPP_API int xmpp_try_is_direct(const xmpp_try *t);
/** The SRV priority; -1: not by SRV. */
XMPP_API int xmpp_try_get_priority(const xmpp_try *t);
/** The SRV weight; -1: not by SRV. */
XMPP_API int xmpp_try_get_weight(const xmpp_try *t);
/** The enum xmpp_dnssec of SRV and address together. */
XMPP_API int xmpp_try_get_dnssec(const xmpp_try *t);
/** How many usable TLSA records decide about its certificate; 0: PKIX. */
XMPP_API unsigned xmpp_try_get_n_tlsa(const xmpp_try *t);
/** When it is started, in milliseconds behind the start of its priority group, if those in front of
 * it neither win nor lose; -1: never. */
XMPP_API int64_t xmpp_try_get_planned(const xmpp_try *t);
/** When it was started, in milliseconds behind the beginning of the attempt; -1: never. */
XMPP_API int64_t xmpp_try_get_started(const xmpp_try *t);
/** When it ended, likewise, or was connected, if it won; -1: it did not. */
XMPP_API int64_t xmpp_try_get_ended(const xmpp_try *t);
/** How it ended. */
enum xmpp_outcome {
    XMPP_OUTCOME_NONE = 0,      /**< not tried, or still open */
    XMPP_OUTCOME_WON = 1,       /**< it carried the stream, or does */
    XMPP_OUTCOME_FAILED = 2,    /**< xmpp_try_get_code() says why */
    XMPP_OUTCOME_CANCELLED = 3, /**< another was connected earlier */
    XMPP_OUTCOME_LEFT_OUT = 4   /**< it may or can not be tried: xmpp_try_get_reason() */
};
/** The enum xmpp_outcome. */
XMPP_API int xmpp_try_get_outcome(const xmpp_try *t);
/** An `XMPP_E_…`; 0 if nothing went wrong. */
XMPP_API int xmpp_try_get_code(const xmpp_try *t);
/** One line for a person; "" if there is nothing to say. */
XMPP_API const char *xmpp_try_get_reason(const xmpp_try *t);

#ifdef __cplusplus
}
#endif

#endif
