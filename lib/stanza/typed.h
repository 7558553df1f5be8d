/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What messages, presences and iqs are built alike with. */
#ifndef XM_STANZA_TYPED_H
#define XM_STANZA_TYPED_H

#include "xmpp/stanza.h"

/* Makes an error stick to a stanza that is built here; takes NULL. */
void xm_typed_refuse(xmpp_stanza *stanza, int error);
/* Writes type (NULL: none) and address (NULL: none). Takes NULL. */
void xm_typed_begin(xmpp_stanza *stanza, const char *type, const char *to);
/* Removes all children with this name and the root's namespace. */
void xm_typed_clear(xmpp_stanza *stanza, const char *name);
/* 1 if it is one that an error may answer (RFC 6120 8.3.1). */
int xm_typed_may_be_answered(const xmpp_stanza *stanza);
/* A new stanza of the same kind, to the sender of `stanza` as it names itself, with its id. NULL if
 * out of memory. */
xmpp_stanza *xm_typed_reply(const xmpp_stanza *stanza, const char *type);
/* Notes that a stanza which is built here answers another one. Takes NULL; errors stick. */
void xm_typed_answer_as(xmpp_stanza *reply, const xmpp_stanza *stanza);
/* Of such an answer, whom the stanza was sent to: whom it is from, where somebody has to say that;
 * NULL if it was to nobody, or for a stanza that is no answer. Borrowed (as long as the stanza). */
const char *xm_typed_answers_as(const xmpp_stanza *stanza);

#endif
