/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file retry.h
 * @brief Staying connected: coming back by itself, and noticing that the link is dead.
 *
 * Coming back is off until xmpp_conn_set_reconnect() turns it on; dead links are noticed always.
 * doc/staying-connected.md tells both.
 *
 * @par Specifications
 * - XEP-0199, 2.0.1: partial, pings of the server, to see whether it lives
 */
#ifndef XMPP_RETRY_H
#define XMPP_RETRY_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * 1: what ends an attempt or a session is followed by another attempt after a random time (RFC 6120
 * 3.3), where the advice is XMPP_ADVICE_RETRY. In between it is XMPP_STATE_WAITING, and
 * xmpp_conn_get_error() says what ended the last one, until the next is online or has failed with an
 * error of its own. Any other advice ends in XMPP_STATE_OFFLINE, and so does
 * xmpp_conn_disconnect(), at any time. 0, the default: each end is XMPP_STATE_OFFLINE; what waits is
 * offline at once.
 *
 * The wait is random between nothing and a bound, which doubles with each attempt that fails, from
 * XMPP_LIMIT_RETRY_FIRST to XMPP_LIMIT_RETRY_MOST, and begins anew behind a session of
 * XMPP_LIMIT_RETRY_STABLE and with each call that connects. Behind any session the bound is at least XMPP_LIMIT_RETRY_SESSION.
 *
 * An attempt over a given descriptor or an own transport cannot be made again, and a probe
 * (xmpp_conn_probe()) is not.
 * While it waits, as while an attempt runs, settings cannot be changed. Legal at any time.
 *
 * @return 0
 */
XMPP_API int xmpp_conn_set_reconnect(xmpp_conn *conn, int on);

/** How long it still waits before it tries again, in milliseconds; -1: it does not wait. */
XMPP_API int64_t xmpp_conn_get_retry_in(const xmpp_conn *conn);

/**
 * The network has changed, says the application, or the machine has slept. What waits is tried at
 * once, and the bound of the next wait is the first again. An attempt begins anew, with an empty cache
 * of DNS; a question that is open (ask.h) becomes stale. An established link is probed, and dead if
 * nothing is heard within XMPP_LIMIT_PROBE_TIME, with the next attempt at once; not while receiving is
 * off. Over a given descriptor
 * or an own transport only that is done. Legal at any time.
 *
 * @return 0; XMPP_E_NOMEM, XMPP_E_SYSTEM: the link could not be probed
 */
XMPP_API int xmpp_conn_network_changed(xmpp_conn *conn);

/**
 * For how long an idle link may be silent before it is probed by a ping (XEP-0199, RFC 6120 4.6.4).
 * Default 300,000. Shorter than that costs batteries and servers more than it brings. Legal at any
 * time.
 *
 * @param idle_ms  at least 1,000, at most a day; 0: never. Something of ours that is unanswered, or
 *                 output that is stuck, is watched all the same
 * @return 0 or XMPP_E_INVAL
 */
XMPP_API int xmpp_conn_set_keepalive(xmpp_conn *conn, int64_t idle_ms);

#ifdef __cplusplus
}
#endif

#endif
