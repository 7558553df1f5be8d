/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The road of bytes. No deadline and no state of the connection: only what is in the queues. */
#include "conn/link.h"

#include "base/mem.h"
#include "net/net.h"
#include "xmpp/error.h"

enum {
    HINT_MAX = 65536, /* more than this is not remembered */
    CHUNK = 65536     /* clear bytes that are encrypted ahead of the system's taking them */
};

void xm_link_init(struct xm_link *link)
{
    *link = (struct xm_link){.fd = -1, .is_drained = 1};
}

void xm_link_done(struct xm_link *link)
{
    xm_tls_free(link->tls);
    xm_buf_done_secret(&link->in);
    xm_buf_done_secret(&link->out);
    int fd = link->fd;
    xm_link_init(link);
    link->fd = fd;
}

int xm_link_is_open(const struct xm_link *link)
{
    return link->fd >= 0 || link->pipe;
}

/* As xm_net_recv(), from whichever there is. */
static ptrdiff_t wire_recv(struct xm_link *link, void *room, size_t n_room)
{
    if (link->pipe) {
        return xm_pipe_recv(link->pipe, room, n_room);
    }
    ptrdiff_t got = xm_net_recv(link->fd, room, n_room);
    if (got > 0 && link->is_hurried) {
        xm_net_quick_ack(link->fd);
    }
    return got;
}

/* As xm_net_send(), into whichever there is. */
static ptrdiff_t wire_send(struct xm_link *link, const struct xm_buf *buf)
{
    const uint8_t *bytes = xm_buf_head(buf);
    size_t n = xm_buf_len(buf);
    return link->pipe ? xm_pipe_send(link->pipe, bytes, n, buf->is_secret)
                      : xm_net_send(link->fd, bytes, n);
}

void xm_link_begin_turn(struct xm_link *link)
{
    link->is_drained = 0;
}

/* One receive: 1 got something, 0 nothing now or at the end, or a negative code. */
static int fill(struct xm_link *link, uint8_t *room, size_t n_room, size_t *ret_n)
{
    if (link->is_drained || link->is_at_end || !xm_link_is_open(link)) {
        return 0;
    }
    ptrdiff_t got = wire_recv(link, room, n_room);
    if (got > 0) {
        link->n_received += got;
        /* A short read has emptied the socket: what comes later wakes us. */
        link->is_drained = (size_t)got < n_room;
        *ret_n = (size_t)got;
        return link->tls && xm_buf_add(xm_tls_in(link->tls), room, (size_t)got) < 0 ? XMPP_E_NOMEM
                                                                                    : 1;
    }
    link->is_drained = 1;
    if (got == XM_NET_END) {
        link->is_at_end = 1;
        if (link->tls) {
            xm_tls_in_end(link->tls);
        }
        return 0;
    }
    return got == XM_NET_AGAIN ? 0 : (int)got;
}

static int recv_clear(struct xm_link *link, uint8_t *room, size_t n_room, const uint8_t **ret_bytes,
                      size_t *ret_n)
{
    int got = fill(link, room, n_room, ret_n);
    if (got > 0) {
        *ret_bytes = room;
        return XM_LINK_BYTES;
    }
    if (got < 0) {
        return got;
    }
    return link->is_at_end ? XM_LINK_END : XM_LINK_NONE;
}

/* More for TLS to work on: 1 ciphertext, or that its end is there; 0 nothing now; or a negative
 * code, XMPP_E_TRUNCATED where the end was there before. */
static int feed_tls(struct xm_link *link, uint8_t *room, size_t n_room)
{
    size_t n;
    if (link->is_at_end) {
        return XMPP_E_TRUNCATED;
    }
    int filled = fill(link, room, n_room, &n);
    return filled == 0 && link->is_at_end ? 1 : filled;
}

static int recv_tls(struct xm_link *link, uint8_t *room, size_t n_room, const uint8_t **ret_bytes,
                    size_t *ret_n)
{
    for (;;) {
        int got = xm_tls_recv(link->tls, ret_bytes, ret_n);
        if (got == XM_TLS_CLOSED) {
            return XM_LINK_END;
        }
        if (got != 0) {
            return got > 0 ? XM_LINK_BYTES : got;
        }
        int fed = feed_tls(link, room, n_room);
        if (fed <= 0) {
            return fed;
        }
    }
}

int xm_link_recv(struct xm_link *link, uint8_t *room, size_t n_room, const uint8_t **ret_bytes,
                 size_t *ret_n)
{
    if (xm_buf_len(&link->in) > 0) {
        *ret_bytes = xm_buf_head(&link->in);
        *ret_n = xm_buf_len(&link->in);
        return XM_LINK_BYTES;
    }
    if (link->tls) {
        return recv_tls(link, room, n_room, ret_bytes, ret_n);
    }
    return recv_clear(link, room, n_room, ret_bytes, ret_n);
}

int xm_link_unread(struct xm_link *link, const uint8_t *rest, size_t n_rest)
{
    if (xm_buf_len(&link->in) > 0) { /* it came from there */
        xm_buf_take(&link->in, xm_buf_len(&link->in) - n_rest);
        return 0;
    }
    return xm_buf_add(&link->in, rest, n_rest);
}

int xm_link_handshake(struct xm_link *link, uint8_t *room, size_t n_room)
{
    for (;;) {
        int done = xm_tls_handshake(link->tls);
        if (done != 0) {
            link->is_secure = done > 0;
            return done;
        }
        int fed = feed_tls(link, room, n_room);
        if (fed <= 0) {
            return fed;
        }
    }
}

/* 1 if trying to receive is worth it, as no descriptor will say so. */
static int is_wire_pending(const struct xm_link *link)
{
    const struct xm_pipe *pipe = link->pipe;
    if (link->is_at_end) {
        return 0;
    }
    return pipe ? xm_buf_len(&pipe->in) > 0 || pipe->is_ended : link->fd >= 0 && !link->is_drained;
}

int xm_link_is_pending(const struct xm_link *link)
{
    return xm_buf_len(&link->in) > 0 || (link->is_secure && xm_tls_is_pending(link->tls)) ||
           is_wire_pending(link);
}

void xm_link_prepare_out(struct xm_link *link)
{
    if (!link->out.bytes && link->out_hint > 0) {
        (void)xm_buf_reserve(&link->out, link->out_hint); /* a hint: the write itself reports */
    }
}

static struct xm_buf *wire(const struct xm_link *link)
{
    return link->tls ? xm_tls_out(link->tls) : NULL;
}

size_t xm_link_unsent(const struct xm_link *link)
{
    return xm_buf_len(&link->out) + (link->tls ? xm_buf_len(wire(link)) : 0);
}

size_t xm_link_queued(const struct xm_link *link)
{
    return xm_link_unsent(link) + (link->pipe ? xm_buf_len(&link->pipe->out) : 0);
}

int64_t xm_link_arrived(const struct xm_link *link)
{
    int64_t held = link->pipe      ? (int64_t)xm_buf_len(&link->pipe->out)
                   : link->fd >= 0 ? xm_net_unacknowledged(link->fd)
                                   : 0;
    return link->n_sent - held;
}

/* Moves clear bytes into TLS, as long as the system takes what comes out of it. 0 or a negative
 * code. */
static int encrypt(struct xm_link *link)
{
    size_t n = xm_buf_len(&link->out);
    if (!link->is_secure || n == 0 || xm_buf_len(wire(link)) >= CHUNK) {
        return 0;
    }
    n = n < CHUNK ? n : CHUNK;
    int result = xm_tls_send(link->tls, xm_buf_head(&link->out), n);
    if (result == 0) {
        xm_buf_take(&link->out, n);
    }
    return result;
}

/* The peer is gone. What it said before is still to be read, and often says why: an error of the
 * stream comes in front of the close. */
static void cut(struct xm_link *link)
{
    xm_buf_clear(&link->out);
    if (link->tls) {
        xm_buf_clear(wire(link));
    }
    link->is_cut = 1;
    link->is_drained = 0;
}

/* One send: 1 to go on, 0 when nothing is left or the system takes no more, or a negative code. */
static int send_some(struct xm_link *link)
{
    int result = link->tls ? encrypt(link) : 0;
    struct xm_buf *buf = link->tls ? wire(link) : &link->out;
    size_t n = xm_buf_len(buf);
    if (result < 0 || n == 0) {
        return result;
    }
    ptrdiff_t sent = wire_send(link, buf);
    if (sent == XMPP_E_RESET) {
        cut(link);
        return 0;
    }
    if (sent < 0) {
        return (int)sent;
    }
    link->n_sent += sent;
    xm_buf_take(buf, (size_t)sent);
    link->is_blocked = (size_t)sent < n;
    return !link->is_blocked;
}

int xm_link_flush(struct xm_link *link)
{
    if (link->is_cut) { /* nobody hears it any more */
        cut(link);
        return 0;
    }
    size_t len = xm_buf_len(&link->out);
    if (len > link->out_hint) {
        link->out_hint = len < HINT_MAX ? len : HINT_MAX;
    }
    link->is_blocked = 0;
    int result = xm_link_is_open(link);
    while (result > 0) {
        result = send_some(link);
    }
    if (link->pipe) {
        link->is_blocked = xm_buf_len(&link->pipe->out) > 0;
    }
    return result;
}

void xm_link_idle(struct xm_link *link)
{
    xm_buf_shrink(&link->in);
    xm_buf_shrink(&link->out);
    if (link->pipe) {
        xm_buf_shrink(&link->pipe->in);
    }
    if (link->tls) {
        xm_tls_idle(link->tls);
    }
}
