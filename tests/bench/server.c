/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server of one dialogue, and the certificate that it shows. */
#include "server.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mix.h"
#include "tls/peer.h"

#define FEATURES(inside) "<stream:features>" inside "</stream:features>"
#define ANONYMOUS                                                                                  \
    FEATURES("<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"                               \
             "<mechanism>ANONYMOUS</mechanism></mechanisms>")

/* What is waited for, and what is said when it came. */
struct line {
    const char *client;
    const char *server;
    int is_opening; /* our stream header goes in front */
};

static const struct line lines[] = {
    {"<stream:stream ", FEATURES("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"), 1},
    {"<starttls ", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", 0},
    {"<stream:stream ", ANONYMOUS, 1},
    {"<auth ", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", 0},
    {"<stream:stream ", FEATURES("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"), 1},
    {"urn:ietf:params:xml:ns:xmpp-bind", NULL, 0}, /* answered by its id */
};
enum { PROCEED = 1, FIRST_CLEAR = 2, N_LINES = sizeof lines / sizeof *lines };

/* Counts the records in a stream of bytes. */
struct records {
    uint8_t head[5]; /* type, version, length */
    size_t n_head;
    size_t left;
    unsigned long n;
};

struct server {
    struct tls_peer *peer; /* NULL: clear text */
    int is_secure;
    struct xm_buf text;  /* from the client, not answered yet */
    struct xm_buf clear; /* for the client, where TLS is not made */
    size_t line;         /* that is waited for; N_LINES: online */
    struct records records;
    struct heard heard;
};

static void must(int held, const char *what)
{
    if (!held) {
        fprintf(stderr, "bench server: %s\n", what);
        abort();
    }
}

const struct cert *server_authority(void)
{
    static struct cert authority;
    if (!authority.crt) {
        authority = cert_make(&(struct cert_spec){.cn = "Bench Authority", .is_ca = 1}, NULL);
    }
    return &authority;
}

const struct cert *server_leaf(void)
{
    static struct cert leaf;
    if (!leaf.crt) {
        leaf = cert_make(&(struct cert_spec){.dns = {"example.org"}}, server_authority());
    }
    return &leaf;
}

struct server *server_new(const struct cert *leaf)
{
    struct server *server = calloc(1, sizeof *server);
    must(server != NULL, "out of memory");
    server->line = FIRST_CLEAR;
    if (leaf) {
        server->peer = tls_peer_new(&(struct tls_peer_config){.chain = leaf, .n_chain = 1});
        server->line = 0;
    }
    return server;
}

void server_free(struct server *server)
{
    tls_peer_free(server->peer);
    xm_buf_done(&server->text);
    xm_buf_done(&server->clear);
    free(server);
}

struct xm_buf *server_out(struct server *server)
{
    /* what was said before TLS leaves first */
    return xm_buf_len(&server->clear) > 0 || !server->peer ? &server->clear : &server->peer->out;
}

int server_is_online(const struct server *server)
{
    return server->line == N_LINES;
}

struct heard server_heard(const struct server *server)
{
    struct heard heard = server->heard;
    heard.records = server->records.n;
    return heard;
}

void server_say(struct server *server, const char *text, size_t n)
{
    if (server->is_secure) {
        must(tls_peer_send(server->peer, text, n) == 0, "cannot encrypt");
    } else {
        must(xm_buf_add(&server->clear, text, n) == 0, "out of memory");
    }
}

/* The result of the bind request, whose id is the client's. */
static void say_bound(struct server *server, const char *request)
{
    char answer[512];
    const char *id = strstr(request, " id='");
    must(id != NULL, "a bind request without id");
    id += strlen(" id='");
    int n = snprintf(answer, sizeof answer,
                     "<iq type='result' id='%.*s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                     "<jid>alice@example.org/work</jid></bind></iq>",
                     (int)strcspn(id, "'"), id);
    server_say(server, answer, (size_t)n);
}

/* Answers what has come whole: a turn of the client ends with '>'. */
static void answer(struct server *server)
{
    if (server_is_online(server) || xm_buf_add(&server->text, "", 1) < 0) {
        xm_buf_clear(&server->text);
        return;
    }
    const char *text = (const char *)xm_buf_head(&server->text);
    const struct line *line = &lines[server->line];
    if (!strstr(text, line->client) || text[strlen(text) - 1] != '>') {
        xm_buf_cut(&server->text, xm_buf_len(&server->text) - 1);
        return;
    }
    if (line->is_opening) {
        server_say(server, mix_header(), strlen(mix_header()));
    }
    if (line->server) {
        server_say(server, line->server, strlen(line->server));
    } else {
        say_bound(server, text);
    }
    server->line++;
    xm_buf_clear(&server->text);
}

static void hear_text(struct server *server, const void *bytes, size_t n)
{
    server->heard.bytes += n;
    must(xm_buf_add(&server->text, bytes, n) == 0, "out of memory");
    answer(server);
}

static void count_records(struct records *records, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        if (records->left == 0) {
            records->head[records->n_head++] = *bytes++;
            n--;
            if (records->n_head == sizeof records->head) {
                records->left = (size_t)records->head[3] << 8 | records->head[4];
                records->n_head = 0;
                records->n++;
            }
        } else {
            size_t part = n < records->left ? n : records->left;
            records->left -= part;
            bytes += part;
            n -= part;
        }
    }
}

static void hear_tls(struct server *server, const void *bytes, size_t n)
{
    char text[16384];
    count_records(&server->records, bytes, n);
    must(xm_buf_add(&server->peer->in, bytes, n) == 0, "out of memory");
    if (!server->is_secure) {
        int done = tls_peer_handshake(server->peer);
        must(done >= 0, "the handshake failed");
        server->is_secure = done;
    }
    for (int got;
         server->is_secure && (got = tls_peer_recv(server->peer, text, sizeof text)) != 0;) {
        if (got == -1) {
            return; /* close_notify */
        }
        must(got > 0, "cannot decrypt");
        hear_text(server, text, (size_t)got);
    }
}

void server_hear(struct server *server, const void *bytes, size_t n)
{
    server->heard.turns++;
    if (server->peer && server->line > PROCEED) {
        hear_tls(server, bytes, n);
    } else {
        hear_text(server, bytes, n);
    }
}
