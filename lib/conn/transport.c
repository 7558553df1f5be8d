/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application's own transport: what it feeds waits here until process receives it, what process
 * sends waits here until it is taken. That bytes come from here is known to the link alone
 * (link.c); all above it is as over a socket. */
#include "conn/transport.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/conn.h"

enum { EXPORTER_LEN = 32 }; /* RFC 9266 2 */

struct xm_transport {
    struct xm_pipe pipe;
    struct xm_transport_config given;
    uint8_t is_told;                /* of output, not all of which was taken since */
    struct xm_sasl_channel channel; /* of one that is verified TLS */
};

int xm_transport_new(struct xm_transport **ret_transport, const struct xm_transport_config *config)
{
    if (config->kind < XMPP_TRANSPORT_PLAIN || config->kind > XMPP_TRANSPORT_IS_VERIFIED_TLS) {
        return XMPP_E_INVAL;
    }
    struct xm_transport *transport = xm_mem_new0(1, sizeof *transport);
    if (!transport) {
        return XMPP_E_NOMEM;
    }
    transport->given = *config;
    /* Which binding can be had soundly on its TLS, only the application can know: what it gives is
     * taken as such. */
    transport->channel =
        (struct xm_sasl_channel){.is_tls = 1, .verified = 1, .has_ems = 1, .is_unbindable = 1};
    *ret_transport = transport;
    return 0;
}

void xm_transport_begin(xmpp_conn *conn, struct xm_transport *transport)
{
    xm_transport_drop(conn);
    conn->transport = transport;
    if (transport) {
        conn->link.pipe = &transport->pipe;
        conn->attempt->is_direct = transport->given.kind == XMPP_TRANSPORT_DIRECT_TLS;
        conn->attempt->is_verified = transport->given.kind == XMPP_TRANSPORT_IS_VERIFIED_TLS;
    }
}

static void let_go(xmpp_conn *conn, struct xm_transport *transport)
{
    struct xm_transport_config given = transport->given;
    transport->given = (struct xm_transport_config){.kind = given.kind};
    xm_conn_destroy(conn, given.destroy, given.userdata);
}

void xm_transport_update(xmpp_conn *conn)
{
    struct xm_transport *transport = conn->transport;
    if (!transport) {
        return;
    }
    if (xm_buf_len(&transport->pipe.out) > 0 && !transport->is_told) {
        transport->is_told = 1;
        if (transport->given.on_output) {
            xm_conn_begin_notify(conn);
            transport->given.on_output(conn, transport->given.userdata);
            xm_conn_end_notify(conn);
        }
    }
    if (!conn->attempt) { /* there will be no more; only output is still of use */
        xm_buf_done_secret(&transport->pipe.in);
        xm_mem_wipe(&transport->channel, sizeof transport->channel);
        let_go(conn, transport);
    }
}

void xm_transport_drop(xmpp_conn *conn)
{
    struct xm_transport *transport = conn->transport;
    if (!transport) {
        return;
    }
    conn->transport = NULL;
    xm_pipe_done(&transport->pipe);
    let_go(conn, transport);
    xm_mem_wipe(&transport->channel, sizeof transport->channel);
    free(transport);
}

void xm_transport_get_channel(const xmpp_conn *conn, struct xm_sasl_channel *ret_channel)
{
    *ret_channel = conn->transport->channel;
}

/* --- bytes ------------------------------------------------------------------------------------ */

/* What is fed goes into it; NULL: nothing can be fed now. */
static struct xm_pipe *open_pipe(const xmpp_conn *conn)
{
    struct xm_pipe *pipe = conn->link.pipe;
    return pipe && !pipe->is_ended ? pipe : NULL;
}

static int feed(xmpp_conn *conn, const void *bytes, size_t n)
{
    struct xm_pipe *pipe = open_pipe(conn);
    if (!bytes && n > 0) {
        return XMPP_E_INVAL;
    }
    if (!pipe) {
        return XMPP_E_STATE;
    }
    if (n > 0 && (int64_t)xm_buf_len(&pipe->in) >= conn->settings.limits[XMPP_LIMIT_QUEUE_HIGH]) {
        return XMPP_E_TOO_BIG;
    }
    return xm_buf_add(&pipe->in, bytes, n);
}

int xmpp_conn_feed(xmpp_conn *conn, const void *bytes, size_t n)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    return xm_conn_leave(conn, feed(conn, bytes, n));
}

int xmpp_conn_feed_end(xmpp_conn *conn)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    struct xm_pipe *pipe = open_pipe(conn);
    if (pipe) {
        pipe->is_ended = 1;
    }
    return xm_conn_leave(conn, pipe ? 0 : XMPP_E_STATE);
}

const void *xmpp_conn_peek_output(const xmpp_conn *conn, size_t *ret_n)
{
    const struct xm_transport *transport = conn ? conn->transport : NULL;
    size_t n = transport ? xm_buf_len(&transport->pipe.out) : 0;
    if (ret_n) {
        *ret_n = n;
    }
    return n > 0 ? xm_buf_head(&transport->pipe.out) : NULL;
}

static int take(xmpp_conn *conn, size_t n)
{
    struct xm_transport *transport = conn->transport;
    size_t waiting = transport ? xm_buf_len(&transport->pipe.out) : 0;
    if (n > waiting) {
        return XMPP_E_INVAL;
    }
    if (n == 0) {
        return 0;
    }
    xm_pipe_take(&transport->pipe, n);
    if (n == waiting) {
        transport->is_told = 0;
        conn->link.is_blocked = 0; /* offline there is no link that could be */
    }
    return 0;
}

int xmpp_conn_take_output(xmpp_conn *conn, size_t n)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    return xm_conn_leave(conn, take(conn, n));
}

/* --- channel binding ---------------------------------------------------------------------------- */

static int set_binding(struct xm_sasl_channel *channel, const char *type, const void *bytes,
                       size_t n)
{
    const struct {
        const char *type;
        uint8_t *to;
        size_t *len;
        size_t least;
        size_t most;
    } rows[] = {
        {"tls-exporter", channel->exporter, &channel->exporter_len, EXPORTER_LEN, EXPORTER_LEN},
        {"tls-unique", channel->unique, &channel->unique_len, 1, sizeof channel->unique},
        {"tls-server-end-point", channel->end_point, &channel->end_point_len, 1,
         sizeof channel->end_point},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(type, rows[i].type) == 0 && n >= rows[i].least && n <= rows[i].most) {
            memcpy(rows[i].to, bytes, n);
            *rows[i].len = n;
            channel->is_unbindable = 0;
            return 0;
        }
    }
    return XMPP_E_INVAL;
}

int xmpp_conn_set_transport_binding(xmpp_conn *conn, const char *type, const void *bytes, size_t n)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    const struct xm_attempt *attempt = conn->attempt;
    if (!type || !bytes) {
        result = XMPP_E_INVAL;
    } else if (!attempt || !attempt->is_verified || conn->state >= XMPP_STATE_AUTHENTICATING) {
        result = XMPP_E_STATE;
    } else {
        result = set_binding(&conn->transport->channel, type, bytes, n);
    }
    return xm_conn_leave(conn, result);
}
