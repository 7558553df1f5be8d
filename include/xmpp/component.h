/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file component.h
 * @brief A connection that is a component of a server, and speaks for a whole domain (XEP-0114).
 *
 * A component has a domain of its own, such as `gateway.example.org`, and gets whatever is sent to an
 * address there. It is a connection as any other: connecting, coming back, handlers, requests,
 * limits and modules are the same, and what is in `jabber:component:accept` on the wire is
 * `jabber:client` to handlers and trees. What is different:
 *
 * - **There is no TLS in this protocol**, and the secret proves the component to the server, never the
 *   server to the component. Whoever can listen on the way reads everything. So a component connects
 *   to loopback addresses only, unless xmpp_conn_allow_component_remote_insecure() says otherwise; what the
 *   application connects itself (xmpp_conn_connect_fd(), xmpp_conn_connect_transport()) is its own
 *   affair.
 * - Each stanza that is sent needs a `from` in the component's own domain (xmpp_stanza_set_from()) and a
 *   `to`: XMPP_E_JID if not, at the call. An answer that is made by xmpp_iq_result(),
 *   xmpp_stanza_error_reply() or xmpp_message_reply() is from whom the other one was sent to, without
 *   being told.
 * - An answer to a request counts if it is from the request's `to` and for the request's `from`.
 * - What is received without `from`, or for another domain, is not handed on.
 * - There is no account, so no stanza is from it: xmpp_conn_is_from_account() and
 *   xmpp_conn_is_from_server() are always 0. Modules that work for an account, such as the roster,
 *   are of no use here.
 * - The bound JID is the domain.
 * - A see-other-host is not followed.
 *
 * doc/components.md shows one.
 *
 * @par Specifications
 * - XEP-0114, 1.6: complete, as the component that connects (jabber:component:accept)
 */
#ifndef XMPP_COMPONENT_H
#define XMPP_COMPONENT_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where servers listen for components, unless xmpp_conn_set_server() says otherwise: the custom of
 * most. */
#define XMPP_COMPONENT_PORT 5347

/**
 * Makes the connection a component, **in clear text**. The JID that is set is the component's domain,
 * alone; the server is where xmpp_conn_set_server() says, without it `localhost`. No SRV record is
 * asked for. What is set for logins is ignored, but for TLS, proxies and the like: see @return.
 *
 * @param secret  what the server knows the component by; copied, and wiped when it is no longer
 *                needed. NULL: no component, as by default
 * @return 0, XMPP_E_NOMEM, XMPP_E_CHAR (empty, or not UTF-8), XMPP_E_STATE while connecting. When
 *         connecting XMPP_E_INVAL for a JID that is more than a domain, direct TLS, a transport that is
 *         TLS, or a proxy without xmpp_conn_allow_component_remote_insecure()
 */
XMPP_API int xmpp_conn_set_component_cleartext(xmpp_conn *conn, const char *secret);

/**
 * 1: the component may connect to an address that is not on loopback, **and its secret's proof, and all
 * that users say, cross the network in clear text**. Only where the way is protected otherwise, such as by
 * a VPN.
 *
 * @return 0, XMPP_E_STATE while connecting
 */
XMPP_API int xmpp_conn_allow_component_remote_insecure(xmpp_conn *conn, int on);

/** 1 if the connection was made a component. */
XMPP_API int xmpp_conn_is_component(const xmpp_conn *conn);

#ifdef __cplusplus
}
#endif

#endif
