/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file offline_retrieval.h
 * @brief Offline messages one by one: the module "offline-retrieval", XEP-0013.
 *
 * What came while nobody was there is delivered with the first presence, all at once. A server with the
 * feature XMPP_NS_OFFLINE (disco.h) can do otherwise: who asks for the number or for the headers before the
 * first presence gets no such flood, and fetches and removes what it wants. A message stays until it is
 * removed. The module "presence" holds the first presence back for so long: xmpp_presence_hold().
 *
 * XEP-0013 is deprecated, and few servers have it.
 *
 * @par Specifications
 * - XEP-0013, 1.3: complete
 */
#ifndef XMPP_OFFLINE_RETRIEVAL_H
#define XMPP_OFFLINE_RETRIEVAL_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace, and the feature of a server that can do this. */
#define XMPP_NS_OFFLINE "http://jabber.org/protocol/offline"
/** How many messages xmpp_offline_retrieval_view() asks for at most. */
#define XMPP_OFFLINE_VIEW_MAX 256

/** Enables the module "offline-retrieval": messages that were fetched carry their node,
 * xmpp_offline_retrieval_get_node(). @return 0, or as xmpp_conn_enable() */
XMPP_API int xmpp_offline_retrieval_enable(xmpp_conn *conn);

/**
 * Hears how many messages there are. A handler.
 *
 * @param error  0; XMPP_E_PROTOCOL: the answer does not say; else as for xmpp_reply_fn
 * @param reply  the answer; NULL if there was none. Borrowed (until the handler returns)
 */
typedef void (*xmpp_offline_count_fn)(xmpp_conn *conn, int error, size_t count,
                                      const xmpp_stanza *reply, void *userdata);
/**
 * Asks how many messages there are.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_offline_retrieval_count(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                          xmpp_offline_count_fn handler, void *userdata,
                                          xmpp_destroy_fn destroy);
/** Asks for the headers of all messages. The answer is read by xmpp_offline_retrieval_get_header(). As
 * xmpp_offline_retrieval_count(). */
XMPP_API int xmpp_offline_retrieval_request_headers(xmpp_conn *conn, xmpp_slot **ret_slot,
                                                    int timeout_ms, xmpp_reply_fn handler,
                                                    void *userdata, xmpp_destroy_fn destroy);
/** The header behind this one in an answer; NULL: the first one. NULL if there are no more. Borrowed (as
 * long as the stanza), as the next two. */
XMPP_API const xmpp_elem *xmpp_offline_retrieval_get_header(const xmpp_stanza *reply,
                                                            const xmpp_elem *last);
/** The node of a header, which names the message; never NULL for one of
 * xmpp_offline_retrieval_get_header(). */
XMPP_API const char *xmpp_offline_header_get_node(const xmpp_elem *header);
/** The sender of that message, a JID as text, as the server says; NULL if it does not. */
XMPP_API const char *xmpp_offline_header_get_from(const xmpp_elem *header);

/**
 * Asks for messages. They come like any other, to the handlers, and then the answer.
 *
 * @param nodes  `n` of them, from 1 to XMPP_OFFLINE_VIEW_MAX; copied
 * @return as xmpp_conn_request(); XMPP_E_REQUIRES if the module is not enabled
 */
XMPP_API int xmpp_offline_retrieval_view(xmpp_conn *conn, xmpp_slot **ret_slot,
                                         const char *const *nodes, size_t n, int timeout_ms,
                                         xmpp_reply_fn handler, void *userdata,
                                         xmpp_destroy_fn destroy);
/** Asks for all messages, as xmpp_offline_retrieval_view(). */
XMPP_API int xmpp_offline_retrieval_fetch(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                          xmpp_reply_fn handler, void *userdata,
                                          xmpp_destroy_fn destroy);
/** Removes messages from the server, at least one. The module need not be enabled. */
XMPP_API int xmpp_offline_retrieval_remove(xmpp_conn *conn, xmpp_slot **ret_slot,
                                           const char *const *nodes, size_t n, int timeout_ms,
                                           xmpp_reply_fn handler, void *userdata,
                                           xmpp_destroy_fn destroy);
/** Removes all messages from the server. The module need not be enabled. */
XMPP_API int xmpp_offline_retrieval_purge(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                          xmpp_reply_fn handler, void *userdata,
                                          xmpp_destroy_fn destroy);

/**
 * The node of a message that was fetched: what removes it. Only a message has one that came while
 * xmpp_offline_retrieval_view() or _fetch() waited for its answer, and whose node was asked for, once;
 * what others write into theirs is taken out. NULL if it has none. Borrowed (as long as the stanza).
 */
XMPP_API const char *xmpp_offline_retrieval_get_node(const xmpp_stanza *message);

#ifdef __cplusplus
}
#endif

#endif
