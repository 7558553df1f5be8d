/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A TLS server in memory. */
#include "tls/peer.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>

static void must(int ret, const char *what)
{
    if (ret < 0) {
        fprintf(stderr, "peer: %s: %s\n", what, gnutls_strerror(ret));
        abort();
    }
}
#define MUST(call) must(call, #call)

static ssize_t pull(gnutls_transport_ptr_t ptr, void *bytes, size_t n)
{
    struct tls_peer *peer = ptr;
    size_t len = xm_buf_len(&peer->in);
    if (len == 0) {
        gnutls_transport_set_errno(peer->session, EAGAIN);
        return -1;
    }
    n = n < len ? n : len;
    memcpy(bytes, xm_buf_head(&peer->in), n);
    xm_buf_take(&peer->in, n);
    return (ssize_t)n;
}

static int pull_timeout(gnutls_transport_ptr_t ptr, unsigned ms)
{
    (void)ms;
    return xm_buf_len(&((struct tls_peer *)ptr)->in) > 0;
}

static ssize_t push(gnutls_transport_ptr_t ptr, const void *bytes, size_t n)
{
    struct tls_peer *peer = ptr;
    return xm_buf_add(&peer->out, bytes, n) < 0 ? -1 : (ssize_t)n;
}

/* The chain goes out as it is: GnuTLS would sort one that it is given as X.509. */
static void set_credentials(struct tls_peer *peer, const struct tls_peer_config *config)
{
    gnutls_pcert_st chain[32]; /* the credentials take over what is in it, and the key */
    gnutls_privkey_t key;
    if (config->n_chain > 32) {
        abort();
    }
    for (size_t i = 0; i < config->n_chain; i++) {
        MUST(gnutls_pcert_import_x509(&chain[i], config->chain[i].crt, 0));
    }
    MUST(gnutls_privkey_init(&key));
    MUST(gnutls_privkey_import_x509(key, config->chain[0].key, GNUTLS_PRIVKEY_IMPORT_COPY));
    MUST(gnutls_certificate_allocate_credentials(&peer->credentials));
    MUST(gnutls_certificate_set_key(peer->credentials, NULL, 0, chain, (int)config->n_chain, key));
    MUST(gnutls_credentials_set(peer->session, GNUTLS_CRD_CERTIFICATE, peer->credentials));
}

struct tls_peer *tls_peer_new(const struct tls_peer_config *config)
{
    struct tls_peer *peer = calloc(1, sizeof *peer);
    if (!peer) {
        abort();
    }
    MUST(gnutls_init(&peer->session,
                     GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | config->flags));
    MUST(gnutls_priority_set_direct(peer->session, config->priority ? config->priority : "NORMAL",
                                    NULL));
    set_credentials(peer, config);
    gnutls_transport_set_ptr(peer->session, peer);
    gnutls_transport_set_pull_function(peer->session, pull);
    gnutls_transport_set_pull_timeout_function(peer->session, pull_timeout);
    gnutls_transport_set_push_function(peer->session, push);
    if (config->alpn) {
        gnutls_datum_t alpn = {(unsigned char *)(uintptr_t)config->alpn,
                               (unsigned)strlen(config->alpn)};
        MUST(gnutls_alpn_set_protocols(peer->session, &alpn, 1, 0));
    }
    if (config->asks_certificate) {
        gnutls_certificate_server_set_request(peer->session, GNUTLS_CERT_REQUEST);
    }
    return peer;
}

void tls_peer_free(struct tls_peer *peer)
{
    if (!peer) {
        return;
    }
    gnutls_deinit(peer->session);
    gnutls_certificate_free_credentials(peer->credentials);
    xm_buf_done(&peer->in);
    xm_buf_done(&peer->out);
    free(peer);
}

int tls_peer_handshake(struct tls_peer *peer)
{
    if (peer->is_open) {
        return 1;
    }
    int ret;
    do {
        ret = gnutls_handshake(peer->session);
    } while (ret < 0 && ret != GNUTLS_E_AGAIN && !gnutls_error_is_fatal(ret));
    if (ret == 0) {
        peer->is_open = 1;
        return 1;
    }
    if (ret == GNUTLS_E_AGAIN) {
        return 0;
    }
    gnutls_alert_send_appropriate(peer->session, ret);
    return ret;
}

int tls_peer_recv(struct tls_peer *peer, void *buf, size_t size)
{
    ssize_t got;
    size_t before;
    do {
        before = xm_buf_len(&peer->in);
        got = gnutls_record_recv(peer->session, buf, size);
    } while (got == GNUTLS_E_AGAIN && xm_buf_len(&peer->in) < before);
    if (got == GNUTLS_E_AGAIN) {
        return 0;
    }
    return got == 0 ? -1 : (int)got;
}

int tls_peer_send(struct tls_peer *peer, const void *bytes, size_t n)
{
    const char *next = bytes;
    while (n > 0) {
        ssize_t put = gnutls_record_send(peer->session, next, n);
        if (put < 0) {
            return (int)put;
        }
        next += put;
        n -= (size_t)put;
    }
    return 0;
}

void tls_peer_close(struct tls_peer *peer)
{
    gnutls_bye(peer->session, GNUTLS_SHUT_WR);
}
