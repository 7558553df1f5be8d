/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom the module "disco" answers. */
#ifndef XM_XEP_DISCO_WHOM_H
#define XM_XEP_DISCO_WHOM_H

#include "xmpp/disco.h"

/* 1 if the sender of a request is answered; by an enum xmpp_disco_policy. */
int xm_disco_may_ask(const xmpp_conn *conn, int policy, const xmpp_stanza *request);

#endif
