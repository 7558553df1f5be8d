/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the layers above need of addresses beside include/xmpp/jid.h: addresses in memory that
 * somebody else owns, and preparation as text. */
#ifndef XM_JID_JID_H
#define XM_JID_JID_H

#include <stddef.h>

#include "xmpp/jid.h"

/* Bytes of memory that xm_jid_place() needs for a text of len bytes. */
size_t xm_jid_place_size(size_t len);
/* Prepares leniently an address from the network, a text without a NUL, in memory that somebody
 * else owns (a stanza's arena), aligned for a pointer. Content is no reason to fail: a part that
 * cannot be prepared is kept and marked malformed, and so is each that preparation would change if
 * the result has no room here, which takes a text that grows to far more than it was. The result is
 * borrowed: xmpp_jid_ref() of it copies. 0 or XMPP_E_NOMEM (only what is not ASCII, or not
 * prepared yet, allocates). */
int xm_jid_place(void *memory, const char *text, size_t len, xmpp_jid **ret_jid);

/* Prepares strictly, into a buffer of XMPP_JID_MAX bytes: for builders. 0, XMPP_E_JID or
 * XMPP_E_NOMEM. */
int xm_jid_prepare_text(char *buf, const char *text, size_t len);

#endif
