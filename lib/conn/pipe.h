/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands in the place of a socket where the application moves the bytes itself: one queue for
 * each direction. It knows no TLS, no bound and no callback; transport.c has those. */
#ifndef XM_CONN_PIPE_H
#define XM_CONN_PIPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct xm_pipe {
    struct xm_buf in;  /* fed by the application, not received yet */
    struct xm_buf out; /* sent, not taken by the application yet */
    uint8_t is_ended;  /* nothing more is fed */
};

/* Wipes what is in it. */
void xm_pipe_done(struct xm_pipe *pipe);
/* As xm_net_recv(). */
ptrdiff_t xm_pipe_recv(struct xm_pipe *pipe, void *bytes, size_t n);
/* As xm_net_send(), but all of it is sent, or nothing and XMPP_E_NOMEM. */
ptrdiff_t xm_pipe_send(struct xm_pipe *pipe, const void *bytes, size_t n, int is_secret);
/* Takes n bytes off what was sent; of secret ones nothing stays. */
void xm_pipe_take(struct xm_pipe *pipe, size_t n);

#endif
