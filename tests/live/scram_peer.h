/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of SCRAM (RFC 5802, RFC 7677) by OpenSSL, so that ours is tested against
 * somebody else's arithmetic. Messages in the clear, without base64 or XML. Aborts on misuse. */
#ifndef TESTS_LIVE_SCRAM_PEER_H
#define TESTS_LIVE_SCRAM_PEER_H

#include <stddef.h>

enum { SCRAM_TEXT = 2048 };

struct scram_peer {
    const char *hash; /* OpenSSL's name: "SHA256" */
    const char *user, *password;
    int iterations;
    char gs2[SCRAM_TEXT];          /* "p=tls-exporter,," as the client sent it */
    char binding_type[64];         /* of a gs2 that begins with p; else "" */
    char client_first[SCRAM_TEXT]; /* without the gs2 header */
    char server_first[SCRAM_TEXT];
    char nonce[256];
};

/* Reads the client's first message. 0, or -1 if it is none or another user's. */
int scram_peer_first(struct scram_peer *peer, const char *message);
/* Makes the answer to it, peer->server_first. */
void scram_peer_challenge(struct scram_peer *peer);
/* Reads the client's final message, which must hold that binding. "v=..." into `final`, or -1. */
int scram_peer_final(struct scram_peer *peer, const char *message, const unsigned char *binding,
                     size_t n_binding, char final[SCRAM_TEXT]);

/* Base64 of OpenSSL; the decoder returns the length, or -1. Ends with a NUL that is not counted. */
void peer_base64(const void *bytes, size_t n, char *text);
int peer_unbase64(const char *text, size_t n, char *bytes, size_t size);

#endif
