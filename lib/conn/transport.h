/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A transport of the application's: its pipe, who is told of output, and what is known of its TLS. It
 * begins with xmpp_conn_connect_transport() and outlives its attempt, as the last output does. */
#ifndef XM_CONN_TRANSPORT_H
#define XM_CONN_TRANSPORT_H

#include "sasl/sasl.h"
#include "xmpp/transport.h"

struct xm_transport;

/* What the application gives. */
struct xm_transport_config {
    int kind; /* an enum xmpp_transport */
    xmpp_output_fn on_output;
    void *userdata;
    xmpp_destroy_fn destroy;
};

/* 0, XMPP_E_INVAL (no such kind) or XMPP_E_NOMEM. */
int xm_transport_new(struct xm_transport **ret_transport, const struct xm_transport_config *config);
/* The attempt goes over it; NULL: over none. The connection's earlier one is dropped. */
void xm_transport_begin(xmpp_conn *conn, struct xm_transport *transport);
/* At the end of a public call: tells of output; the userdata goes once the attempt is over. */
void xm_transport_update(xmpp_conn *conn);
/* Drops it with its output and its userdata. */
void xm_transport_drop(xmpp_conn *conn);
/* For SASL: the application's TLS. */
void xm_transport_get_channel(const xmpp_conn *conn, struct xm_sasl_channel *ret_channel);

#endif
