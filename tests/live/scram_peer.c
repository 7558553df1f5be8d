/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of SCRAM by OpenSSL. No channel binding is computed here, no XML is seen. */
#include "scram_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

static const unsigned char salt[] = "sixteen bytes ok";

static void must(int held)
{
    if (!held) {
        abort();
    }
}

void peer_base64(const void *bytes, size_t n, char *text)
{
    EVP_EncodeBlock((unsigned char *)text, bytes, (int)n);
}

int peer_unbase64(const char *text, size_t n, char *bytes, size_t size)
{
    if (n % 4 != 0 || n == 0 || n / 4 * 3 >= size) {
        return -1;
    }
    int got = EVP_DecodeBlock((unsigned char *)bytes, (const unsigned char *)text, (int)n);
    if (got < 0) {
        return -1;
    }
    got -= (text[n - 1] == '=') + (text[n - 2] == '=');
    bytes[got] = '\0';
    return got;
}

/* The value of attribute `name` of a message, up to the next comma. 0 or -1. */
static int attribute(const char *message, char name, char *value, size_t size)
{
    for (const char *at = message; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        if (at[0] == name && at[1] == '=') {
            size_t n = strcspn(at + 2, ",");
            must(n < size);
            memcpy(value, at + 2, n);
            value[n] = '\0';
            return 0;
        }
    }
    return -1;
}

int scram_peer_first(struct scram_peer *peer, const char *message)
{
    const char *comma = strchr(message, ',');
    const char *bare = comma ? strchr(comma + 1, ',') : NULL;
    char user[256];
    if (!bare || strlen(message) >= SCRAM_TEXT) {
        return -1;
    }
    bare++;
    memcpy(peer->gs2, message, (size_t)(bare - message));
    peer->gs2[bare - message] = '\0';
    peer->binding_type[0] = '\0';
    if (message[0] == 'p') {
        must(attribute(peer->gs2, 'p', peer->binding_type, sizeof peer->binding_type) == 0);
    }
    strcpy(peer->client_first, bare);
    if (attribute(bare, 'n', user, sizeof user) || strcmp(user, peer->user) != 0) {
        return -1;
    }
    return attribute(bare, 'r', peer->nonce, sizeof peer->nonce / 2);
}

void scram_peer_challenge(struct scram_peer *peer)
{
    unsigned char random[18];
    char salt64[64];
    must(RAND_bytes(random, sizeof random) == 1);
    peer_base64(random, sizeof random, peer->nonce + strlen(peer->nonce));
    peer_base64(salt, sizeof salt - 1, salt64);
    must(snprintf(peer->server_first, SCRAM_TEXT, "r=%s,s=%s,i=%d", peer->nonce, salt64,
                  peer->iterations) < SCRAM_TEXT);
}

struct keys {
    unsigned char client[EVP_MAX_MD_SIZE], stored[EVP_MAX_MD_SIZE], server[EVP_MAX_MD_SIZE];
    unsigned size;
};

static void derive(const struct scram_peer *peer, const EVP_MD *md, struct keys *keys)
{
    unsigned char salted[EVP_MAX_MD_SIZE];
    keys->size = (unsigned)EVP_MD_get_size(md);
    must(PKCS5_PBKDF2_HMAC(peer->password, -1, salt, sizeof salt - 1, peer->iterations, md,
                           (int)keys->size, salted));
    must(HMAC(md, salted, (int)keys->size, (const unsigned char *)"Client Key", 10, keys->client,
              NULL) != NULL);
    must(HMAC(md, salted, (int)keys->size, (const unsigned char *)"Server Key", 10, keys->server,
              NULL) != NULL);
    must(EVP_Digest(keys->client, keys->size, keys->stored, NULL, md, NULL));
}

/* Whether the c= of the final message is this binding behind our gs2 header. */
static int binding_is(const struct scram_peer *peer, const char *message,
                      const unsigned char *binding, size_t n_binding)
{
    char want[SCRAM_TEXT], want64[2 * SCRAM_TEXT], got64[2 * SCRAM_TEXT];
    size_t n = strlen(peer->gs2);
    must(n + n_binding < sizeof want);
    memcpy(want, peer->gs2, n);
    if (n_binding > 0) {
        memcpy(want + n, binding, n_binding);
    }
    peer_base64(want, n + n_binding, want64);
    return attribute(message, 'c', got64, sizeof got64) == 0 && strcmp(got64, want64) == 0;
}

static int proof_is(const struct scram_peer *peer, const EVP_MD *md, const char *message,
                    char final[SCRAM_TEXT])
{
    struct keys keys;
    unsigned char signature[EVP_MAX_MD_SIZE], client[EVP_MAX_MD_SIZE], stored[EVP_MAX_MD_SIZE];
    char auth[3 * SCRAM_TEXT], proof64[256], proof[256];
    const char *cut = strstr(message, ",p=");
    if (!cut || attribute(message, 'p', proof64, sizeof proof64)) {
        return 0;
    }
    derive(peer, md, &keys);
    int n = snprintf(auth, sizeof auth, "%s,%s,%.*s", peer->client_first, peer->server_first,
                     (int)(cut - message), message);
    must(n > 0 && (size_t)n < sizeof auth);
    must(HMAC(md, keys.stored, (int)keys.size, (unsigned char *)auth, (size_t)n, signature, NULL) !=
         NULL);
    if (peer_unbase64(proof64, strlen(proof64), proof, sizeof proof) != (int)keys.size) {
        return 0;
    }
    for (unsigned i = 0; i < keys.size; i++) {
        client[i] = (unsigned char)((unsigned char)proof[i] ^ signature[i]);
    }
    must(EVP_Digest(client, keys.size, stored, NULL, md, NULL));
    must(HMAC(md, keys.server, (int)keys.size, (unsigned char *)auth, (size_t)n, signature, NULL) !=
         NULL);
    memcpy(final, "v=", 2);
    peer_base64(signature, keys.size, final + 2);
    return memcmp(stored, keys.stored, keys.size) == 0;
}

int scram_peer_final(struct scram_peer *peer, const char *message, const unsigned char *binding,
                     size_t n_binding, char final[SCRAM_TEXT])
{
    const EVP_MD *md = EVP_get_digestbyname(peer->hash);
    char nonce[256];
    must(md != NULL);
    if (strlen(message) >= SCRAM_TEXT || !binding_is(peer, message, binding, n_binding)) {
        return -1;
    }
    if (attribute(message, 'r', nonce, sizeof nonce) || strcmp(nonce, peer->nonce) != 0) {
        return -1;
    }
    return proof_is(peer, md, message, final) ? 0 : -1;
}
