/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client to measure on. What fails ends the program. */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void must(int held, const char *what)
{
    if (!held) {
        fprintf(stderr, "bench client: %s\n", what);
        exit(1);
    }
}

xmpp_trust *client_trust(void)
{
    static xmpp_trust *trust;
    if (!trust) {
        gnutls_datum_t pem = cert_pem(server_authority());
        trust = xmpp_trust_new();
        must(xmpp_trust_add_ca_pem(trust, (const char *)pem.data, pem.size) >= 0, "no trust");
        gnutls_free(pem.data);
    }
    return trust;
}

void client_saw(struct client *client, const xmpp_stanza *stanza)
{
    const xmpp_jid *from = xmpp_stanza_get_from(stanza);
    const char *type = xmpp_stanza_get_type(stanza);
    const char *body = xmpp_elem_get_child_text(xmpp_stanza_get_root(stanza), "body", NULL);
    client->read += (from ? 1u : 0u) + (type ? 1u : 0u) + (body ? 1u : 0u);
    client->stanzas++;
}

static int on_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn;
    client_saw(userdata, stanza);
    return 1;
}

void client_init(struct client *client, int with_tls)
{
    *client = (struct client){.conn = xmpp_conn_new(), .fd = -1};
    xmpp_conn *conn = client->conn;
    must(xmpp_conn_set_jid(conn, "example.org") == 0, "jid");
    must(xmpp_conn_set_anonymous(conn, 1) == 0, "anonymous");
    if (with_tls) {
        must(xmpp_conn_set_trust(conn, client_trust()) == 0, "trust");
    } else {
        must(xmpp_conn_allow_cleartext_insecure(conn, 1) == 0, "clear text");
    }
    must(xmpp_conn_on_message(conn, NULL, on_stanza, client, NULL) == 0, "on message");
    must(xmpp_conn_on_presence(conn, NULL, on_stanza, client, NULL) == 0, "on presence");
    must(xmpp_conn_on_iq(conn, NULL, XMPP_IQ_GET | XMPP_IQ_SET, NULL, NULL, on_stanza, client,
                         NULL) == 0,
         "on iq");
}

void client_done(struct client *client)
{
    xmpp_conn_unref(client->conn);
    if (client->server) {
        server_free(client->server);
        close(client->fd);
    }
}

void client_turn(struct client *client, int wait_ms)
{
    struct pollfd fds[XMPP_POLLFDS_MAX];
    int n = xmpp_conn_get_pollfds(client->conn, fds, XMPP_POLLFDS_MAX);
    int timeout = xmpp_conn_get_timeout(client->conn);
    poll(fds, (nfds_t)n, timeout < 0 || timeout > wait_ms ? wait_ms : timeout);
    xmpp_conn_process(client->conn);
}

size_t client_write(struct client *client, const void *bytes, size_t n)
{
    ssize_t put = n > 0 ? write(client->fd, bytes, n) : 0;
    must(put >= 0 || errno == EAGAIN, "the server cannot write");
    return put < 0 ? 0 : (size_t)put;
}

void client_serve(struct client *client)
{
    static char room[1 << 16];
    for (ssize_t got; (got = read(client->fd, room, sizeof room)) > 0;) {
        server_hear(client->server, room, (size_t)got);
    }
    for (struct xm_buf *out; xm_buf_len(out = server_out(client->server)) > 0;) {
        size_t put = client_write(client, xm_buf_head(out), xm_buf_len(out));
        if (put == 0) {
            return;
        }
        xm_buf_take(out, put);
    }
}

void client_open(struct client *client, int with_tls)
{
    int pair[2];
    client_init(client, with_tls);
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0, "pair");
    must(xmpp_conn_connect_fd(client->conn, pair[0]) == 0, "connect");
    client->fd = pair[1];
    client->server = server_new(with_tls ? server_leaf() : NULL);
    for (int i = 0; i < 100 && xmpp_conn_get_state(client->conn) != XMPP_STATE_ONLINE; i++) {
        client_turn(client, 0);
        client_serve(client);
    }
    must(xmpp_conn_get_state(client->conn) == XMPP_STATE_ONLINE, "not online");
}
