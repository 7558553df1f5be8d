/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two queues of a transport of the application's. It bounds nothing: who fills them does. */
#include "conn/pipe.h"

#include <string.h>

#include "base/mem.h"
#include "net/net.h"
#include "xmpp/error.h"

void xm_pipe_done(struct xm_pipe *pipe)
{
    xm_buf_done_secret(&pipe->in);
    xm_buf_done_secret(&pipe->out);
    pipe->is_ended = 0;
}

ptrdiff_t xm_pipe_recv(struct xm_pipe *pipe, void *bytes, size_t n)
{
    size_t waiting = xm_buf_len(&pipe->in);
    if (waiting == 0) {
        return pipe->is_ended ? XM_NET_END : XM_NET_AGAIN;
    }
    n = n < waiting ? n : waiting;
    memcpy(bytes, xm_buf_head(&pipe->in), n);
    xm_buf_take(&pipe->in, n);
    return (ptrdiff_t)n;
}

ptrdiff_t xm_pipe_send(struct xm_pipe *pipe, const void *bytes, size_t n, int is_secret)
{
    pipe->out.is_secret |= is_secret != 0; /* in front of adding, which may move what is there */
    return xm_buf_add(&pipe->out, bytes, n) < 0 ? XMPP_E_NOMEM : (ptrdiff_t)n;
}

void xm_pipe_take(struct xm_pipe *pipe, size_t n)
{
    struct xm_buf *out = &pipe->out;
    if (out->is_secret && n > 0) {
        xm_mem_wipe(xm_buf_head(out), n);
    }
    xm_buf_take(out, n);
    xm_buf_shrink(out);
}
