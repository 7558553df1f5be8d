/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The road of bytes: a descriptor or a pipe to the application, TLS over it or not, and the two queues
 * at its ends. It knows no stream and calls nobody. Received ciphertext goes straight to TLS, received clear text is handed
 * on where it lies; what is to be sent gathers in `out` until the turn ends, and leaves in as few
 * records and system calls as can be. */
#ifndef XM_CONN_LINK_H
#define XM_CONN_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "conn/pipe.h"
#include "tls/tls.h"

struct xm_link {
    int fd;               /* -1: none */
    struct xm_pipe *pipe; /* instead of a descriptor; NULL: none */
    struct xm_tls *tls;   /* NULL: clear text */
    struct xm_buf in;     /* clear bytes that were received and could not be used yet */
    struct xm_buf out;    /* clear bytes to be sent */
    size_t out_hint;      /* how much of `out` one turn needed lately */
    int64_t n_received;   /* on the wire, since the link was made */
    int64_t n_sent;
    uint8_t is_secure;  /* the handshake is done */
    uint8_t is_blocked; /* the system took no more, or the application has not taken all */
    uint8_t is_drained; /* nothing more can be received in this turn */
    uint8_t is_cut;     /* nothing can be sent any more; what was received may say why */
    uint8_t is_at_end;  /* the peer sends no more */
    uint8_t is_hurried; /* negotiating: acknowledge at once */
};

enum xm_link_result {
    XM_LINK_NONE = 0,  /* nothing now */
    XM_LINK_BYTES = 1, /* bytes */
    XM_LINK_END = 2    /* the orderly end: close_notify, or the end of a clear connection */
};

void xm_link_init(struct xm_link *link);
/* Frees all but the descriptor, which is the owner's to tell about and to close, and lets go of the
 * pipe. */
void xm_link_done(struct xm_link *link);

/* 1 if there is a way for bytes. */
int xm_link_is_open(const struct xm_link *link);
/* A turn begins: trying to receive is worth it again. */
void xm_link_begin_turn(struct xm_link *link);
/* The next bytes, received into `room` if there are none yet. What is returned is borrowed (until
 * the next call), and must be used up, or given back. An enum xm_link_result or a negative code. */
int xm_link_recv(struct xm_link *link, uint8_t *room, size_t n_room, const uint8_t **ret_bytes,
                 size_t *ret_n);
/* Gives back the end of what was returned last, for the next turn. 0 or XMPP_E_NOMEM. */
int xm_link_unread(struct xm_link *link, const uint8_t *rest, size_t n_rest);
/* Goes on with the handshake: 1 done, 0 not yet, or a negative code. */
int xm_link_handshake(struct xm_link *link, uint8_t *room, size_t n_room);
/* 1 if xm_link_recv() has something without asking the system. */
int xm_link_is_pending(const struct xm_link *link);

/* Room for what a turn writes: called in front of the first write. */
void xm_link_prepare_out(struct xm_link *link);
/* Bytes that wait to be sent, encrypted or not. */
size_t xm_link_unsent(const struct xm_link *link);
/* The same, with those that are sent into the pipe and were not taken yet: no peer has them. */
size_t xm_link_queued(const struct xm_link *link);
/* How much has arrived of what was sent on the wire, as far as the system says. */
int64_t xm_link_arrived(const struct xm_link *link);
/* Encrypts and sends what can be sent now. 0 (see is_blocked, is_cut) or a negative code. */
int xm_link_flush(struct xm_link *link);
/* Gives back all memory that an idle link does not need. */
void xm_link_idle(struct xm_link *link);

#endif
