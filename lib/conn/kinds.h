/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of connections that are no login of a client: a component, and an attempt that is there for
 * a module's step. */
#ifndef XM_CONN_KINDS_H
#define XM_CONN_KINDS_H

#include "base/addr.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

/* --- component.c ------------------------------------------------------------------------------ */

/* 1 if the connection is a component. */
int xm_component_is(const xmpp_conn *conn);
/* What is wrong with the settings of one; NULL: nothing. */
const char *xm_component_complaint(const xmpp_conn *conn);
/* 1 if this address may be connected to; by a client, every one. */
int xm_component_may_reach(const xmpp_conn *conn, const struct xm_addr *addr);
/* The server's header came: the secret is proved. */
void xm_component_prove(xmpp_conn *conn);
/* Whom a stanza of a component is from, which is one of its own domain. *ret_from is shared. 0,
 * XMPP_E_JID, also without `to`, or XMPP_E_NOMEM. */
int xm_component_get_sender(const xmpp_conn *conn, const xmpp_stanza *stanza, xmpp_jid **ret_from);
/* The same, without telling. */
int xm_component_check_sent(const xmpp_conn *conn, const xmpp_stanza *stanza);
/* 1 if a stanza that a component received is to be handed on. */
int xm_component_takes(xmpp_conn *conn, const xmpp_stanza *stanza);

/* --- step.c ----------------------------------------------------------------------------------- */

/* The features are there: the module's step begins. */
void xm_step_begin(xmpp_conn *conn);
/* An iq result or error came in the step. */
void xm_step_heard(xmpp_conn *conn, const xmpp_stanza *iq);
/* The module with this key is disabled. */
void xm_step_lost(xmpp_conn *conn, const void *key);
/* 1 if this is what may be sent in a step: a request to the server. */
int xm_step_may_send(const xmpp_conn *conn, const xmpp_stanza *stanza);
/* 1 if that is the server, which alone can speak in a step. */
int xm_step_is_server(const xmpp_conn *conn, const xmpp_jid *from);

#endif
