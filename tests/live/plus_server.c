/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A scripted server that offers -PLUS and computes its channel bindings with OpenSSL: somebody
 * else's TLS and arithmetic on the other side of ours. It serves one connection after the other,
 * on loopback, follows one script, and says on standard output what it saw, a line each:
 *
 *     port 40001 · tls TLSv1.3 · auth SCRAM-SHA-256-PLUS p=tls-exporter · verified · bound ·
 *     refused · closed
 *
 * All that the client sent, decrypted, is appended to the file --record. It is no XML parser: it
 * looks for what a client must send and stops at what it does not find.
 *
 *     --domain D --cert CHAIN --key KEY --user U --password P --tls 1.2|1.3
 *     --mechanisms "A B"   offered, in that order
 *     --bindings "x y"     announced (XEP-0440); empty: nothing is announced
 *     --lie WHAT           signature, nonce, few, many, early, unproven, twice, binding, inject,
 *                          last-challenge (which is no lie, but another way to say the truth) */
#include "plus.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int plus_lies(const struct plus_session *s, const char *what)
{
    return strcmp(s->options->lie, what) == 0;
}

void plus_say(const char *what, const char *more)
{
    printf("%s%s%s\n", what, more[0] ? " " : "", more);
    fflush(stdout);
}

static SSL_CTX *make_context(const struct plus_options *options)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    int version = strcmp(options->tls, "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
    if (!context || !SSL_CTX_set_min_proto_version(context, version) ||
        !SSL_CTX_set_max_proto_version(context, version) ||
        SSL_CTX_use_certificate_chain_file(context, options->cert) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, options->key, SSL_FILETYPE_PEM) != 1) {
        fprintf(stderr, "plus_server: the certificate or the key cannot be used\n");
        exit(2);
    }
    return context;
}

static void serve(struct plus_session *s, SSL_CTX *context)
{
    static char piece[PLUS_INPUT];
    if (plus_login(s, context) && plus_take(s, "</stream:stream>", piece)) {
        plus_put(s, "</stream:stream>");
    }
    while (plus_fill(s)) { /* to hear all that is said even so */
        s->n_in = 0;
    }
    plus_say("closed", "");
    if (s->ssl) {
        SSL_shutdown(s->ssl);
        SSL_free(s->ssl);
    }
    close(s->fd);
}

static int listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    char port[16];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 8) ||
        getsockname(fd, (struct sockaddr *)&address, &n)) {
        perror("plus_server");
        exit(2);
    }
    snprintf(port, sizeof port, "%u", (unsigned)ntohs(address.sin_port));
    plus_say("port", port);
    return fd;
}

static void read_options(int argc, char **argv, struct plus_options *o)
{
    struct {
        const char *name, **value;
    } table[] = {{"--domain", &o->domain},
                 {"--cert", &o->cert},
                 {"--key", &o->key},
                 {"--user", &o->user},
                 {"--password", &o->password},
                 {"--tls", &o->tls},
                 {"--mechanisms", &o->mechanisms},
                 {"--bindings", &o->bindings},
                 {"--lie", &o->lie},
                 {"--record", &o->record}};
    for (int i = 1; i + 1 < argc; i += 2) {
        for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
            if (strcmp(argv[i], table[k].name) == 0) {
                *table[k].value = argv[i + 1];
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct plus_options options = {"plus.test", "", "", "alice", "",
                                   "1.3",       "", "", "",      "/dev/null"};
    struct timeval patience = {.tv_sec = 20};
    static struct plus_session session;
    read_options(argc, argv, &options);
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX *context = make_context(&options);
    int listener = listen_on_loopback();
    FILE *record = fopen(options.record, "ab");
    for (int fd; record && (fd = accept(listener, NULL, NULL)) >= 0;) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        memset(&session, 0, sizeof session);
        session.options = &options;
        session.fd = fd;
        session.record = record;
        serve(&session, context);
    }
    perror("plus_server");
    return 2;
}
