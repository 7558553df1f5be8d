/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file idle.h
 * @brief Since when somebody is idle: the module "idle", XEP-0319.
 *
 * @par Specifications
 * - XEP-0319, 1.0.2: complete
 */
#ifndef XMPP_IDLE_H
#define XMPP_IDLE_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Enables the module "idle": while xmpp_idle_begin() holds, each broadcast of available presence says
 * so. What is sent directly does not.
 *
 * @return 0, or as xmpp_conn_enable()
 */
XMPP_API int xmpp_idle_enable(xmpp_conn *conn);
/**
 * The person has been idle since then; five minutes are a sensible time after which to say so. Nothing
 * is sent by this: broadcast a presence (away, usually) behind it.
 *
 * @param since_ms  milliseconds since 1970-01-01T00:00:00Z (xmpp_time_now())
 * @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL for a year beyond 9999, or NULL
 */
XMPP_API int xmpp_idle_begin(xmpp_conn *conn, int64_t since_ms);
/** The person is back; broadcast a presence behind this, too. @return 0; XMPP_E_REQUIRES if the module is
 * not enabled; XMPP_E_INVAL for NULL */
XMPP_API int xmpp_idle_end(xmpp_conn *conn);

/**
 * Since when the sender of a presence has been idle, by their clock, which may be wrong: it may lie in
 * the future. Needs no module.
 *
 * @param ret_since_ms  milliseconds since 1970-01-01T00:00:00Z; may be NULL
 * @return 0; XMPP_E_NOT_FOUND if it does not say, or says no time
 */
XMPP_API int xmpp_idle_get_since(const xmpp_stanza *presence, int64_t *ret_since_ms);

#ifdef __cplusplus
}
#endif

#endif
