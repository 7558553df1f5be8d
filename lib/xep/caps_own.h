/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What we announce of our own capabilities, and announced lately. */
#ifndef XM_XEP_CAPS_OWN_H
#define XM_XEP_CAPS_OWN_H

#include "xmpp/caps.h"

/* The hashes of one answer. */
struct xm_caps_set {
    xmpp_disco_info *info; /* NULL: there is none */
    char *node;            /* what the older hash is announced with */
    char *ver;             /* sha-1 */
    char *sha256;
    char *sha3;
    int is_sent;
};

/* XEP-0390 6.1: the last three that were sent are answered for, and the present one. */
enum { XM_CAPS_SETS = 4 };

struct xm_caps_own {
    struct xm_caps_set sets[XM_CAPS_SETS]; /* the present one first */
    char *node;                            /* that was set; NULL: the default */
};

void xm_caps_own_done(struct xm_caps_own *own);
/* 0 or XMPP_E_NOMEM. */
int xm_caps_own_set_node(struct xm_caps_own *own, const char *node);
/* Computes the present set. 1 if it is another than before, 0 if not; or a negative code. */
int xm_caps_own_refresh(struct xm_caps_own *own, xmpp_conn *conn);
/* Adds the present set to a presence, which is going to be sent. */
void xm_caps_own_add(struct xm_caps_own *own, xmpp_elem *presence);
/* The answer about this node; NULL if it is none of them. Borrowed. */
const xmpp_disco_info *xm_caps_own_find(const struct xm_caps_own *own, const char *node);

#endif
