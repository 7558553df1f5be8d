/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts: what is found out about a received stanza on its way to the handlers, and travels with it. */
#ifndef XM_STANZA_FACT_H
#define XM_STANZA_FACT_H

#include "xmpp/module.h"

struct xm_fact;

/* A sealed stanza begins, or ends, to be open: facts can be attached, and children taken out. */
void xm_stanza_set_open(xmpp_stanza *stanza, int on);
/* It came inside another one. */
void xm_stanza_set_inner(xmpp_stanza *stanza);
/* Destroys the facts; the list lies in the stanza's arena. */
void xm_fact_end_all(struct xm_fact *facts);

#endif
