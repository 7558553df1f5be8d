/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See server_tls.h. */
#include "conn/server_tls.h"

#include <string.h>

#define STARTTLS                                                                                   \
    "<stream:stream from='capulet.example' id='s1' version='1.0' xmlns='jabber:client' "           \
    "xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"                            \
    "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
#define PROCEED "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

static void trust(struct server_tls *server)
{
    gnutls_datum_t pem = cert_pem(&server->authority);
    xmpp_trust *anchors = xmpp_trust_new();
    CHECK_INT(xmpp_trust_add_ca_pem(anchors, (const char *)pem.data, pem.size), 1);
    CHECK_INT(xmpp_conn_set_trust(server->kit->conn, anchors), 0);
    xmpp_trust_unref(anchors);
    gnutls_free(pem.data);
}

/* To the client, through the world. */
static void deliver(struct server_tls *server)
{
    struct xm_buf *out = &server->peer->out;
    world_say(server->kit->fd, xm_buf_head(out), xm_buf_len(out));
    xm_buf_take(out, xm_buf_len(out));
}

static void collect(struct server_tls *server)
{
    size_t n;
    const char *heard = world_heard(server->kit->fd, &n);
    xm_buf_add(&server->peer->in, heard, n);
    world_heard_take(server->kit->fd, n);
}

static void shake_hands(struct server_tls *server)
{
    for (int round = 0; round < 10 && !server->peer->is_open; round++) {
        kit_run(server->kit);
        collect(server);
        CHECK(tls_peer_handshake(server->peer) >= 0);
        deliver(server);
    }
    kit_run(server->kit);
    CHECK(server->peer->is_open);
}

void server_tls_begin(struct server_tls *server, struct kit *kit)
{
    *server = (struct server_tls){.kit = kit};
    server->authority = cert_make(&(struct cert_spec){.cn = "An authority", .is_ca = 1}, NULL);
    server->cert = cert_make(&(struct cert_spec){.dns = {"capulet.example"}}, &server->authority);
    kit_begin(kit);
    trust(server);
    CHECK_INT(xmpp_conn_allow_cleartext_insecure(kit->conn, 0), 0);
    CHECK_INT(xmpp_conn_set_anonymous(kit->conn, 0), 0);
    CHECK_INT(xmpp_conn_set_jid(kit->conn, "juliet@capulet.example"), 0);
}

void server_tls_connect(struct server_tls *server)
{
    CHECK_INT(xmpp_conn_connect(server->kit->conn), 0);
    server_tls_accept(server);
}

void server_tls_accept(struct server_tls *server)
{
    struct kit *kit = server->kit;
    kit_run(kit);
    kit->fd = world_accept();
    kit_say(kit, STARTTLS);
    (void)kit_heard(kit);
    world_say_text(kit->fd, PROCEED);
    struct tls_peer_config config = {.chain = &server->cert, .n_chain = 1};
    server->peer = tls_peer_new(&config);
    shake_hands(server);
}

void server_tls_say_bytewise(struct server_tls *server, const char *text)
{
    for (size_t i = 0; text[i]; i++) {
        CHECK_INT(tls_peer_send(server->peer, text + i, 1), 0);
    }
    deliver(server);
}

void server_tls_say(struct server_tls *server, const char *text)
{
    CHECK_INT(tls_peer_send(server->peer, text, strlen(text)), 0);
    deliver(server);
    kit_run(server->kit);
}

const char *server_tls_heard(struct server_tls *server)
{
    static char text[8192];
    size_t len = 0;
    collect(server);
    for (int n; (n = tls_peer_recv(server->peer, text + len, sizeof text - 1 - len)) > 0;) {
        len += (size_t)n;
    }
    text[len] = '\0';
    return text;
}

void server_tls_end(struct server_tls *server)
{
    kit_end(server->kit);
    tls_peer_free(server->peer);
    cert_free(&server->cert);
    cert_free(&server->authority);
}
