/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tls: the server's side of TLS, in memory.
 *   tls CERT [priority=P] [alpn=A]            the handshake, which must come to its end
 *       [chain=N]                             with N certificates, each signed by the next
 *       [asks=yes]                            asking for the client's
 *   tls CERT refused [...]                    which the client must refuse
 *   tls CERT stop=N                           of which only N bytes of the server's leave
 *   tls close                                 close_notify
 *   tls renegotiate                           asks for a new handshake (TLS 1.2)
 *   tls update, tls update-both               its keys, and the client's too (RFC 8446 4.6.3)
 *   tls client-cert CERT                      is what the client showed; "-": none
 *   tls garbage TEXT                          bytes on the wire that are no record
 *   tls flood N                               N warning alerts
 *   tls no-close                              the client must not have sent close_notify
 *   tls closed                                it must have
 * CERT is a name of certs.c. */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/certs.h"
#include "script/scene.h"
#include "tls/peer.h"
#include "world/faults.h"
#include "world/world.h"

struct scene_tls {
    struct tls_peer *peer;
    size_t budget; /* bytes of ours that still leave */
    int is_closed; /* the client's close_notify came */
    int failed;
};

/* What the server has to say goes onto the wire. */
static void flush(struct scene *scene)
{
    struct scene_tls *tls = scene->tls;
    struct xm_buf *out = &tls->peer->out;
    while (!scene->failed && xm_buf_len(out) > 0) {
        size_t n = xm_buf_len(out);
        size_t size = n < tls->budget ? n : tls->budget;
        char *bytes = malloc(n);
        if (!bytes) {
            abort();
        }
        memcpy(bytes, xm_buf_head(out), n);
        xm_buf_take(out, n);
        tls->budget -= size;
        server_deliver(scene, bytes, size);
        free(bytes);
    }
}

static void read_plain(struct scene *scene)
{
    char bytes[4096];
    struct scene_tls *tls = scene->tls;
    while (tls->peer->is_open && !tls->is_closed && !tls->failed) {
        int n = tls_peer_recv(tls->peer, bytes, sizeof bytes);
        if (n == 0) {
            return;
        }
        if (n == -1) {
            tls->is_closed = 1;
        } else if (n == GNUTLS_E_WARNING_ALERT_RECEIVED) {
            continue;
        } else if (n < 0) {
            tls->failed = 1;
        } else {
            xm_buf_add(&scene->heard, bytes, (size_t)n);
        }
    }
}

void tls_hear(struct scene *scene, const char *bytes, size_t n)
{
    struct scene_tls *tls = scene->tls;
    xm_buf_add(&tls->peer->in, bytes, n);
    if (!tls->peer->is_open && !tls->failed) {
        tls->failed = tls_peer_handshake(tls->peer) < 0;
    }
    read_plain(scene);
}

void tls_send(struct scene *scene, const void *bytes, size_t n)
{
    if (tls_peer_send(scene->tls->peer, bytes, n) < 0) {
        scene_fail(scene, "the server cannot send");
    }
    flush(scene);
}

void tls_done(struct scene *scene)
{
    if (scene->tls) {
        tls_peer_free(scene->tls->peer);
        free(scene->tls);
        scene->tls = NULL;
    }
}

/* Goes to and fro until nobody has anything to say, or the client speaks to the next server. */
static void shake_hands(struct scene *scene)
{
    for (int round = 0; round < 20 && !scene->failed; round++) {
        server_hear(scene);
        if (!scene->tls || xm_buf_len(&scene->tls->peer->out) == 0) {
            return;
        }
        flush(scene);
        scene_run(scene);
    }
}

static void begin(struct scene *scene, const char *name, char **words, int n)
{
    const char *stop = scene_option(words, n, "stop");
    const char *length = scene_option(words, n, "chain");
    struct cert chain[CERTS_CHAIN_MAX] = {*certs_get(name)};
    struct tls_peer_config config = {.chain = chain, .n_chain = 1};
    if (length) {
        config.n_chain = strtoul(length, NULL, 10);
        certs_make_chain(chain, name, config.n_chain);
    }
    config.asks_certificate = scene_option(words, n, "asks") != NULL;
    config.priority = scene_option(words, n, "priority");
    config.alpn = scene_option(words, n, "alpn");
    server_hear(scene); /* what was said in clear text */
    int want_refusal = n > 1 && strcmp(words[1], "refused") == 0;
    struct xm_buf heard = scene->heard; /* the client's first flight is ciphertext already */
    scene->heard = (struct xm_buf){0};
    scene->tls = calloc(1, sizeof *scene->tls);
    scene->tls->peer = tls_peer_new(&config);
    scene->tls->budget = stop ? strtoul(stop, NULL, 10) : SIZE_MAX;
    if (xm_buf_len(&heard) > 0) {
        tls_hear(scene, (const char *)xm_buf_head(&heard), xm_buf_len(&heard));
    }
    xm_buf_done(&heard);
    if (length) {
        cert_free(&chain[0]);
    }
    shake_hands(scene);
    int is_up = scene->tls && scene->tls->peer->is_open && !scene->tls->failed;
    int is_alive = scene->tls && server_is_open(scene);
    if (want_refusal && is_alive) {
        scene_fail(scene, "the client did not refuse");
    } else if (!want_refusal && !stop && (!is_up || !is_alive)) {
        scene_fail(scene, "the handshake failed");
    }
}

static void send_alerts(struct scene *scene, long n)
{
    for (long i = 0; i < n; i++) {
        gnutls_alert_send(scene->tls->peer->session, GNUTLS_AL_WARNING, GNUTLS_A_USER_CANCELED);
    }
    flush(scene);
}

static void expect_client_cert(struct scene *scene, const char *name)
{
    unsigned n = 0;
    const gnutls_datum_t *got = gnutls_certificate_get_peers(scene->tls->peer->session, &n);
    const struct cert *want = certs_get(name);
    gnutls_datum_t der = {NULL, 0};
    if (want && gnutls_x509_crt_export2(want->crt, GNUTLS_X509_FMT_DER, &der) < 0) {
        abort();
    }
    if (n != (want != NULL) ||
        (n == 1 && (got->size != der.size || memcmp(got->data, der.data, der.size) != 0))) {
        scene_fail(scene, "the client showed %u certificates", n);
    }
    gnutls_free(der.data);
}

/* Messages behind the handshake that hold no data. */
static int send_silent(struct scene *scene, const char *what)
{
    gnutls_session_t session = scene->tls->peer->session;
    int ret = 1;
    if (strcmp(what, "renegotiate") == 0) {
        ret = gnutls_rehandshake(session);
    } else if (strcmp(what, "update") == 0) {
        ret = gnutls_session_key_update(session, 0);
    } else if (strcmp(what, "update-both") == 0) {
        ret = gnutls_session_key_update(session, GNUTLS_KU_PEER);
    }
    if (ret < 0 || (ret == 0 && xm_buf_len(&scene->tls->peer->out) == 0)) {
        scene_fail(scene, "tls %s: %s", what, gnutls_strerror(ret));
    }
    flush(scene);
    return ret <= 0;
}

static void on_session(struct scene *scene, char **words, int n, const char *rest)
{
    struct tls_peer *peer = scene->tls->peer;
    server_hear(scene);
    if (send_silent(scene, words[0])) {
        return;
    }
    if (strcmp(words[0], "close") == 0) {
        tls_peer_close(peer);
        flush(scene);
    } else if (strcmp(words[0], "garbage") == 0) {
        server_deliver(scene, rest + 8, strlen(rest + 8));
    } else if (strcmp(words[0], "flood") == 0 && n > 1) {
        send_alerts(scene, strtol(words[1], NULL, 10));
    } else if (strcmp(words[0], "client-cert") == 0 && n > 1) {
        expect_client_cert(scene, words[1]);
    } else if (strcmp(words[0], "closed") == 0 || strcmp(words[0], "no-close") == 0) {
        int is_mute = faults_hit() && !scene->tls->is_closed; /* no memory for it */
        if (!is_mute && scene->tls->is_closed != (words[0][0] == 'c')) {
            scene_fail(scene, "close_notify %s", scene->tls->is_closed ? "came" : "did not come");
        }
    } else {
        scene_fail(scene, "there is no \"tls %s\"", words[0]);
    }
}

void tls_line(struct scene *scene, const char *rest)
{
    char copy[512];
    char *words[8];
    int n = scene_words(rest, copy, sizeof copy, words, 8);
    const struct cert *cert = n > 0 ? certs_get(words[0]) : NULL;
    server_hear(scene); /* the client may speak to another server now */
    if (cert && !scene->tls) {
        begin(scene, words[0], words, n);
    } else if (n > 0 && scene->tls) {
        on_session(scene, words, n, rest);
    } else {
        scene_fail(scene, "tls CERT | close | renegotiate | garbage | flood | closed | no-close");
    }
}

size_t tls_get_binding(struct scene *scene, const char *type, uint8_t *buf, size_t size)
{
    static const struct {
        const char *name;
        gnutls_channel_binding_t type;
    } types[] = {{"tls-unique", GNUTLS_CB_TLS_UNIQUE},
                 {"tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT},
                 {"tls-exporter", GNUTLS_CB_TLS_EXPORTER}};
    gnutls_datum_t data;
    if (!scene->tls && pipe_is_used(scene)) {
        return pipe_get_binding(scene, type, buf, size);
    }
    for (size_t i = 0; scene->tls && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, type) == 0 &&
            gnutls_session_channel_binding(scene->tls->peer->session, types[i].type, &data) == 0) {
            size_t n = data.size <= size ? data.size : 0;
            memcpy(buf, data.data, n);
            gnutls_free(data.data);
            return n;
        }
    }
    return 0;
}
