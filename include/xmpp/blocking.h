/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file blocking.h
 * @brief Blocking people: the module "blocking", XEP-0191.
 *
 * The server keeps a list of who is blocked, the same for all resources of the account, and lets nothing
 * through, either way. Whether it can do that is asked by service discovery (disco.h): the account's
 * server has the feature XMPP_NS_BLOCKING. An application that has found it calls
 * xmpp_blocking_keep(), and is told of each change from then on.
 *
 * It should not be used together with privacy lists (XEP-0191 5).
 *
 * @par Specifications
 * - XEP-0191, 1.3: complete
 */
#ifndef XMPP_BLOCKING_H
#define XMPP_BLOCKING_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace, and the feature of a server that can block. */
#define XMPP_NS_BLOCKING "urn:xmpp:blocking"
/** How many addresses the list may have, if xmpp_blocking_set_max() was not called. */
#define XMPP_BLOCKING_MAX 10000

/** Enables the module "blocking". @return 0, or as xmpp_conn_enable() */
XMPP_API int xmpp_blocking_enable(xmpp_conn *conn);
/**
 * 1: the list is fetched at once if online, and in each new session, and kept up to date; 0, the
 * default: it is forgotten. The server tells changes to those only that have fetched it.
 *
 * @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL for NULL; else as
 *         xmpp_conn_request()
 */
XMPP_API int xmpp_blocking_keep(xmpp_conn *conn, int on);
/** Sets how many addresses the list may have. A server that sends more has none:
 * XMPP_BLOCKING_FAILED. @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL */
XMPP_API int xmpp_blocking_set_max(xmpp_conn *conn, int n);

/** What became of the list. */
enum xmpp_blocking_event {
    XMPP_BLOCKING_LOADED = 1,      /**< it is there, whole */
    XMPP_BLOCKING_BLOCKED = 2,     /**< an address was added */
    XMPP_BLOCKING_UNBLOCKED = 3,   /**< an address was taken out */
    XMPP_BLOCKING_ALL_CLEARED = 4, /**< all were taken out */
    XMPP_BLOCKING_FAILED = 5       /**< it could not be had, or not be kept: it is not known now */
};
/**
 * Hears of the list. A handler. What is told is in the list, or out of it, already.
 *
 * @param event  an enum xmpp_blocking_event
 * @param jid    the address, NULL if all are meant. Borrowed (until the handler returns)
 */
typedef void (*xmpp_blocking_fn)(xmpp_conn *conn, int event, const xmpp_jid *jid, void *userdata);
/**
 * Registers for the list; the one before is destroyed.
 *
 * @param handler  NULL: none
 * @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL for NULL; XMPP_E_BUSY in the
 *         handler itself
 */
XMPP_API int xmpp_blocking_on_event(xmpp_conn *conn, xmpp_blocking_fn handler, void *userdata,
                                    xmpp_destroy_fn destroy);

/** 1 if the list of this session is there. */
XMPP_API int xmpp_blocking_is_loaded(const xmpp_conn *conn);
/** 1 if the list blocks this address: itself, its bare JID, or its domain (XEP-0191 6). 0 also while
 * the list is not there. */
XMPP_API int xmpp_blocking_is_blocked(const xmpp_conn *conn, const xmpp_jid *jid);
/** The addresses of the list, by number from 0, in no order; NULL beyond the last. Borrowed (until the
 * next handler or process). */
XMPP_API const xmpp_jid *xmpp_blocking_get_at(const xmpp_conn *conn, size_t index);

/**
 * Asks the server to block addresses. When it has, the list is told so, not by the answer. To those who
 * see our presence we seem to go offline. The module need not be enabled.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param jids        `n` of them, at least one. A bare JID stands for all its resources, a domain for
 *                    everybody there
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_blocking_block(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *const *jids,
                                 size_t n, int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                 xmpp_destroy_fn destroy);
/** Asks the server to unblock addresses, at least one. As xmpp_blocking_block(). */
XMPP_API int xmpp_blocking_unblock(xmpp_conn *conn, xmpp_slot **ret_slot,
                                   const xmpp_jid *const *jids, size_t n, int timeout_ms,
                                   xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy);
/** Asks the server to empty the list. As xmpp_blocking_block(). */
XMPP_API int xmpp_blocking_unblock_all(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                       xmpp_reply_fn handler, void *userdata,
                                       xmpp_destroy_fn destroy);

/** 1 if this error says that a stanza was not sent on since we block whom it was for (XEP-0191 3.3).
 * Needs no module. */
XMPP_API int xmpp_blocking_is_error(const xmpp_stanza *stanza);

#ifdef __cplusplus
}
#endif

#endif
