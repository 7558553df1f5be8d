/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One session of plus_server, and what its three files are to each other: plus_channel.c has the
 * bytes, TLS and its bindings, plus_dialogue.c the steps of the stream, plus_server.c the program. */
#ifndef TESTS_LIVE_PLUS_H
#define TESTS_LIVE_PLUS_H

#include <stddef.h>
#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/ssl.h>

enum { PLUS_INPUT = 65536 };

struct plus_options {
    const char *domain, *cert, *key, *user, *password, *tls, *mechanisms, *bindings, *lie, *record;
};

struct plus_session {
    const struct plus_options *options;
    int fd;
    SSL *ssl; /* NULL before TLS */
    FILE *record;
    char in[PLUS_INPUT];
    size_t n_in;
};

/* 1 if the script is to tell this lie. */
int plus_lies(const struct plus_session *session, const char *what);
/* A line on standard output. */
void plus_say(const char *what, const char *more);

/* plus_channel.c. All but the last return 0 when the client is gone or the handshake failed. */
int plus_put(struct plus_session *session, const char *text);
int plus_fill(struct plus_session *session);
/* Waits until `end` has come, and takes all up to and with it into `piece`. */
int plus_take(struct plus_session *session, const char *end, char piece[PLUS_INPUT]);
int plus_handshake(struct plus_session *session, SSL_CTX *context);
/* The binding of that type; 0 bytes if this session has none of it. */
size_t plus_binding(struct plus_session *session, const char *type,
                    unsigned char out[EVP_MAX_MD_SIZE]);

/* plus_dialogue.c: from the first stream header to a bound resource. 0 when it ended before. */
int plus_login(struct plus_session *session, SSL_CTX *context);

#endif
