/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Data after the handshake: records in, records out, and the orderly end. No memory of ours is
 * taken for a record; what GnuTLS decrypted is lent out where it stands. */
#include <stdlib.h>

#include "tls/session.h"
#include "xmpp/error.h"

/* Of records in a row without data: warning alerts, key updates, empty ones. */
enum { RECORD_MAX = 16384, SILENT_MAX = 32 };

static void give_back(struct xm_tls *tls)
{
    if (tls->packet) {
        gnutls_packet_deinit(tls->packet);
        tls->packet = NULL;
    }
}

/* A record came that holds no data. */
static int count_silent(struct xm_tls *tls)
{
    if (++tls->n_silent <= SILENT_MAX) {
        return 0;
    }
    tls->error = XMPP_E_TLS;
    xm_tls_note(tls, "the server sends TLS records without data");
    return xm_tls_fail(tls, GNUTLS_E_TOO_MANY_EMPTY_PACKETS);
}

/* One try: 1 data, 0 nothing, XM_TLS_CLOSED, or the code of a failure. */
static int recv_once(struct xm_tls *tls, const uint8_t **ret_bytes, size_t *ret_n)
{
    ssize_t got = gnutls_record_recv_packet(tls->session, &tls->packet);
    if (got > 0) {
        gnutls_datum_t data = {NULL, 0};
        gnutls_packet_get(tls->packet, &data, NULL);
        *ret_bytes = data.data;
        *ret_n = data.size;
        tls->n_silent = 0;
        return 1;
    }
    if (got == 0) {
        tls->state = XM_TLS_ENDED;
        return XM_TLS_CLOSED;
    }
    /* not fatal for GnuTLS, but for us: nobody needs it, and it was attacked more than once */
    if (got == GNUTLS_E_REHANDSHAKE || gnutls_error_is_fatal((int)got)) {
        return xm_tls_fail(tls, (int)got);
    }
    return 0;
}

int xm_tls_recv(struct xm_tls *tls, const uint8_t **ret_bytes, size_t *ret_n)
{
    give_back(tls);
    if (tls->state != XM_TLS_OPEN) {
        return tls->state == XM_TLS_ENDED    ? XM_TLS_CLOSED
               : tls->state == XM_TLS_FAILED ? tls->error
                                             : XMPP_E_STATE;
    }
    for (;;) {
        tls->is_starved = 0;
        int ret = recv_once(tls, ret_bytes, ret_n);
        if (ret != 0 || tls->is_starved) {
            return ret;
        }
        /* GnuTLS says "again" after each session ticket, key update or warning, though there may
         * be data behind it: only when it asked for more and got none is there nothing more. */
        ret = count_silent(tls);
        if (ret < 0) {
            return ret;
        }
    }
}

int xm_tls_is_pending(const struct xm_tls *tls)
{
    if (tls->state != XM_TLS_OPEN) {
        return 0;
    }
    return xm_buf_len(&tls->in) > 0 || tls->is_in_end ||
           gnutls_record_check_pending(tls->session) > 0;
}

int xm_tls_send(struct xm_tls *tls, const void *bytes, size_t n)
{
    if (tls->state != XM_TLS_OPEN && tls->state != XM_TLS_ENDED) {
        return tls->state == XM_TLS_FAILED ? tls->error : XMPP_E_STATE;
    }
    const uint8_t *next = bytes;
    while (n > 0) {
        ssize_t put = gnutls_record_send(tls->session, next, n < RECORD_MAX ? n : RECORD_MAX);
        if (put < 0) {
            return xm_tls_fail(tls, (int)put);
        }
        next += put;
        n -= (size_t)put;
    }
    return 0;
}

void xm_tls_close(struct xm_tls *tls)
{
    if (tls->is_closed || (tls->state != XM_TLS_OPEN && tls->state != XM_TLS_ENDED)) {
        return;
    }
    tls->is_closed = 1;
    /* never RDWR: that waits for the other side */
    gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}

void xm_tls_idle(struct xm_tls *tls)
{
    give_back(tls);
    xm_buf_shrink(&tls->in);
    xm_buf_shrink(&tls->out);
}
