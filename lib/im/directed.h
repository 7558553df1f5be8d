/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* To whom presence was sent directly in this session (RFC 6121 4.6), and which of them are rooms. */
#ifndef XM_IM_DIRECTED_H
#define XM_IM_DIRECTED_H

#include "xmpp/map.h"
#include "xmpp/types.h"

struct xm_directed {
    xmpp_map *sent;  /* by address: xmpp_jid, in the order of sending */
    xmpp_map *rooms; /* by bare JID, also those that were left */
};

/* 0 or XMPP_E_NOMEM. */
int xm_directed_init(struct xm_directed *directed);
void xm_directed_done(struct xm_directed *directed);
/* Everybody was told unavailable. What was a room still is one. */
void xm_directed_end_everybody(struct xm_directed *directed);
/* The session is over: nobody was sent anything. */
void xm_directed_clear(struct xm_directed *directed);

/* Takes note that available presence is sent; beyond `most` the first are forgotten. 0 or
 * XMPP_E_NOMEM. */
int xm_directed_add(struct xm_directed *directed, const xmpp_jid *to, int is_room, size_t most);
/* This address was told unavailable, or said so, or does not exist. */
void xm_directed_end(struct xm_directed *directed, const xmpp_jid *jid);
/* All with the bare JID of this address; `but_rooms`: except a room. */
void xm_directed_end_all(struct xm_directed *directed, const xmpp_jid *jid, int but_rooms);

/* 1 if what was sent lets this address see us. */
int xm_directed_has(const struct xm_directed *directed, const xmpp_jid *who);
/* 1 if it is a room, or an occupant of one, that presence was sent to in this session. */
int xm_directed_is_room(const struct xm_directed *directed, const xmpp_jid *jid);
/* By number; NULL beyond the last. */
const xmpp_jid *xm_directed_get(const struct xm_directed *directed, size_t index);

#endif
