/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handlers that the module "disco" asks and tells: of nodes, and of changes. A handler may add
 * and remove any of them, itself included, while they are asked. */
#ifndef XM_XEP_DISCO_NODES_H
#define XM_XEP_DISCO_NODES_H

#include <stdint.h>

#include "xmpp/disco.h"

struct xm_disco_reg {
    struct xm_disco_reg *next;
    uint64_t number; /* of registration */
    const void *key;
    xmpp_disco_node_fn on_node;
    xmpp_disco_changed_fn on_changed;
    void *userdata;
    xmpp_destroy_fn destroy;
    int n_calls; /* that are running */
    int is_dropped;
};

struct xm_disco_regs {
    struct xm_disco_reg *first;
    uint64_t n; /* registrations there ever were */
};

/* Copies what is registered. 0, XMPP_E_CONFLICT, XMPP_E_NOMEM. */
int xm_disco_regs_add(struct xm_disco_regs *regs, const struct xm_disco_reg *reg);
/* 0, XMPP_E_NOT_FOUND. */
int xm_disco_regs_drop(struct xm_disco_regs *regs, const void *key);
void xm_disco_regs_done(struct xm_disco_regs *regs);

/* Asks them in turn, an enum xmpp_disco_answer or a negative code: the first that is not "not mine".
 * With `is_joined` all are asked, and what they filled in is joined. */
int xm_disco_regs_ask(struct xm_disco_regs *regs, xmpp_conn *conn, const xmpp_stanza *request,
                      xmpp_elem *query, int is_joined);
/* Tells them that something has changed. */
void xm_disco_regs_tell(struct xm_disco_regs *regs, xmpp_conn *conn);

#endif
