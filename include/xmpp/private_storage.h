/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file private_storage.h
 * @brief Private data in the account: XEP-0049.
 *
 * The server keeps XML for the account that no other account can read: one element for each name and
 * namespace. There is nothing to enable. What it means is for others to say; what is secret in it can be
 * kept out of the trace by xmpp_module_redact().
 *
 * @par Specifications
 * - XEP-0049, 1.2: complete
 */
#ifndef XMPP_PRIVATE_STORAGE_H
#define XMPP_PRIVATE_STORAGE_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Asks for an element. xmpp_private_storage_read() finds it in the answer.
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param name        copied; the element's, with its namespace
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_private_storage_get(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                                      const char *ns, int timeout_ms, xmpp_reply_fn handler,
                                      void *userdata, xmpp_destroy_fn destroy);
/**
 * Stores an element in the place of the one with its name and namespace.
 *
 * @param data  copied; of a namespace of its own. An empty one is how it is taken away
 * @return as xmpp_conn_request(); what stuck to the stanza that the element is in
 */
XMPP_API int xmpp_private_storage_set(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_elem *data,
                                      int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                      xmpp_destroy_fn destroy);
/** The element in an answer to xmpp_private_storage_get(): an empty one if nothing was stored. NULL if
 * it is not there. Borrowed (as long as the stanza). */
XMPP_API const xmpp_elem *xmpp_private_storage_read(const xmpp_stanza *reply, const char *name,
                                                    const char *ns);

#ifdef __cplusplus
}
#endif

#endif
