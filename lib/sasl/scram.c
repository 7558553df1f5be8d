/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SCRAM (RFC 5802, RFC 7677; SHA-512 alike) with channel binding, the client's exchange. Which hash
 * and which binding was decided in choose.c; the syntax is scram_message.c's. */
#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "base/mem.h"
#include "sasl/gs2.h"
#include "sasl/mechanism.h"
#include "sasl/pbkdf2.h"
#include "sasl/prep.h"
#include "sasl/scram_message.h"
#include "xmpp/error.h"

enum scram_state {
    SCRAM_WAIT_FIRST, /* for the server-first-message */
    SCRAM_SALTING,    /* PBKDF2 runs, a slice a turn */
    SCRAM_WAIT_FINAL, /* for the server's signature */
    SCRAM_VERIFIED    /* the server knows the password */
};

struct scram {
    struct xm_mechanism base;
    const struct xm_scram_name *name;
    enum scram_state state;
    char *username; /* prepared */
    char *password; /* prepared; gone once it is salted */
    uint64_t iterations_min;
    uint64_t iterations_max;
    struct xm_buf binding; /* cbind-input: GS2 header, then the channel's data */
    size_t n_gs2;
    struct xm_buf auth; /* AuthMessage, as far as it is known */
    size_t nonce_at;    /* our nonce in it */
    size_t n_nonce;
    size_t final_at; /* where client-final-message-without-proof begins in it */
    struct xm_pbkdf2 pbkdf2;
    uint8_t signature[XM_HASH_MAX]; /* that the server must send */
    struct xm_sasl_cache *cache;    /* NULL: none */
    struct xm_sasl_cache used;      /* what will be in it when it has proved right */
};

static int fail(struct scram *scram, int code, const char *reason)
{
    scram->base.reason = reason;
    return code;
}

/* client-first-message-bare = username "," nonce */
static int write_first_bare(struct scram *scram, const uint8_t *nonce, size_t n_nonce)
{
    struct xm_buf *out = &scram->auth;
    int code = xm_buf_add_text(out, "n=");
    if (code == 0) {
        code = xm_scram_add_name(out, scram->username);
    }
    if (code == 0) {
        code = xm_buf_add_text(out, ",r=");
    }
    scram->nonce_at = xm_buf_len(out);
    if (code == 0) {
        code = xm_b64_add(out, nonce, n_nonce);
    }
    scram->n_nonce = xm_buf_len(out) - scram->nonce_at;
    return code;
}

static int scram_start(struct xm_mechanism *self, struct xm_buf *out, int *ret_has)
{
    struct scram *scram = (struct scram *)self;
    *ret_has = 1;
    int code = xm_buf_add(out, xm_buf_head(&scram->binding), scram->n_gs2);
    return code < 0 ? code : xm_buf_add(out, xm_buf_head(&scram->auth), xm_buf_len(&scram->auth));
}

static int check_first(struct scram *scram, const struct xm_scram_first *first)
{
    const uint8_t *ours = xm_buf_head(&scram->auth) + scram->nonce_at;
    if (first->n_nonce <= scram->n_nonce || memcmp(first->nonce, ours, scram->n_nonce) != 0) {
        return fail(scram, XMPP_E_AUTH_PROTOCOL, "the server did not extend the nonce");
    }
    if (first->iterations < scram->iterations_min) {
        return fail(scram, XMPP_E_AUTH_ITERATIONS, "the server asks for too few iterations");
    }
    if (first->iterations > scram->iterations_max) {
        return fail(scram, XMPP_E_AUTH_ITERATIONS, "the server asks for too many iterations");
    }
    return 0;
}

/* Completes AuthMessage: "," server-first "," client-final-without-proof. */
static int extend_auth(struct scram *scram, const uint8_t *bytes, size_t n,
                       const struct xm_scram_first *first)
{
    struct xm_buf *auth = &scram->auth;
    int code = xm_buf_add_text(auth, ",");
    if (code == 0) {
        code = xm_buf_add(auth, bytes, n);
    }
    if (code == 0) {
        code = xm_buf_add_text(auth, ",");
    }
    scram->final_at = xm_buf_len(auth);
    if (code == 0) {
        code = xm_buf_add_text(auth, "c=");
    }
    if (code == 0) {
        code = xm_b64_add(auth, xm_buf_head(&scram->binding), xm_buf_len(&scram->binding));
    }
    if (code == 0) {
        code = xm_buf_add_text(auth, ",r=");
    }
    return code < 0 ? code : xm_buf_add(auth, first->nonce, first->n_nonce);
}

/* RFC 5802 3: from the salted password to the proof and to the signature that is due. */
static int compute_proof(struct scram *scram, const uint8_t *salted, uint8_t *proof)
{
    enum xm_hash hash = scram->name->hash;
    size_t size = xm_hash_size(hash);
    const uint8_t *auth = xm_buf_head(&scram->auth);
    size_t n_auth = xm_buf_len(&scram->auth);
    uint8_t client_key[XM_HASH_MAX];
    uint8_t key[XM_HASH_MAX];
    int code = xm_hmac_of(hash, salted, size, "Client Key", 10, client_key);
    if (code == 0) {
        code = xm_hash_of(hash, client_key, size, key); /* StoredKey */
    }
    if (code == 0) {
        code = xm_hmac_of(hash, key, size, auth, n_auth, proof); /* ClientSignature */
    }
    for (size_t i = 0; code == 0 && i < size; i++) {
        proof[i] ^= client_key[i];
    }
    if (code == 0) {
        code = xm_hmac_of(hash, salted, size, "Server Key", 10, key); /* ServerKey */
    }
    if (code == 0) {
        code = xm_hmac_of(hash, key, size, auth, n_auth, scram->signature);
    }
    xm_mem_wipe(client_key, sizeof client_key);
    xm_mem_wipe(key, sizeof key);
    return code;
}

/* client-final-message = client-final-message-without-proof "," proof */
static int write_final(struct scram *scram, struct xm_buf *out)
{
    uint8_t proof[XM_HASH_MAX];
    size_t size = xm_hash_size(scram->name->hash);
    int code = compute_proof(scram, scram->used.salted, proof);
    if (code == 0) {
        code = xm_buf_add(out, xm_buf_head(&scram->auth) + scram->final_at,
                          xm_buf_len(&scram->auth) - scram->final_at);
    }
    if (code == 0) {
        code = xm_buf_add_text(out, ",p=");
    }
    if (code == 0) {
        code = xm_b64_add(out, proof, size);
    }
    xm_mem_wipe(proof, sizeof proof);
    scram->state = SCRAM_WAIT_FINAL;
    return code < 0 ? code : XM_SASL_MORE;
}

static int cache_fits(const struct xm_sasl_cache *cache, const struct scram *scram,
                      const struct xm_scram_first *first)
{
    return cache && cache->salted_len == xm_hash_size(scram->name->hash) &&
           strcmp(cache->hash, scram->name->hash_name) == 0 &&
           cache->iterations == first->iterations && cache->salt_len == first->n_salt &&
           memcmp(cache->salt, first->salt, first->n_salt) == 0;
}

/* Notes what the salted password will be for. A salt that is too long for the cache has length 0
 * there, which fits nothing. */
static void begin_used(struct scram *scram, const struct xm_scram_first *first)
{
    struct xm_sasl_cache *used = &scram->used;
    memcpy(used->hash, scram->name->hash_name, strlen(scram->name->hash_name) + 1);
    used->iterations = (uint32_t)first->iterations;
    if (first->n_salt <= sizeof used->salt) {
        used->salt_len = first->n_salt;
        memcpy(used->salt, first->salt, first->n_salt);
    }
}

static void forget_password(struct scram *scram)
{
    xm_mem_free_secret(scram->password);
    scram->password = NULL;
}

static int on_first(struct scram *scram, const uint8_t *bytes, size_t n, struct xm_buf *out)
{
    struct xm_scram_first first = {0};
    int code = xm_scram_read_first(&first, bytes, n, &scram->base.reason);
    if (code == 0) {
        code = check_first(scram, &first);
    }
    if (code == 0) {
        code = extend_auth(scram, bytes, n, &first);
    }
    if (code < 0) {
        return code;
    }
    if (cache_fits(scram->cache, scram, &first)) {
        scram->used = *scram->cache;
        forget_password(scram);
        return write_final(scram, out);
    }
    begin_used(scram, &first);
    code = xm_pbkdf2_init(&scram->pbkdf2, scram->name->hash, scram->password, first.salt,
                          first.n_salt, (uint32_t)first.iterations);
    forget_password(scram);
    scram->state = SCRAM_SALTING;
    return code < 0 ? code : XM_SASL_WORK;
}

static int scram_work(struct xm_mechanism *self, uint32_t rounds, struct xm_buf *out)
{
    struct scram *scram = (struct scram *)self;
    int code = xm_pbkdf2_step(&scram->pbkdf2, rounds);
    if (code != 0) {
        return code < 0 ? code : XM_SASL_WORK;
    }
    scram->used.salted_len = xm_hash_size(scram->name->hash);
    memcpy(scram->used.salted, scram->pbkdf2.sum, scram->used.salted_len);
    xm_pbkdf2_done(&scram->pbkdf2);
    return write_final(scram, out);
}

/* The server's proof: without it nothing it says later is believed (RFC 5802 5). */
static int on_final(struct scram *scram, const uint8_t *bytes, size_t n)
{
    uint8_t signature[XM_HASH_MAX];
    size_t size = xm_hash_size(scram->name->hash);
    int code = xm_scram_read_final(signature, size, bytes, n, &scram->base.reason);
    if (code == 0 && !xm_mem_equal_secret(signature, scram->signature, size)) {
        code = fail(scram, XMPP_E_AUTH_SERVER, "the server's signature is wrong");
    }
    if (code < 0) {
        if (scram->cache) {
            xm_sasl_cache_done(scram->cache); /* it may be what is wrong */
        }
        return code;
    }
    if (scram->cache && scram->used.salt_len > 0) {
        *scram->cache = scram->used;
    }
    scram->state = SCRAM_VERIFIED;
    scram->base.is_done = 1;
    return XM_SASL_DONE;
}

static int scram_challenge(struct xm_mechanism *self, const uint8_t *bytes, size_t n,
                           struct xm_buf *out)
{
    struct scram *scram = (struct scram *)self;
    switch (scram->state) {
    case SCRAM_WAIT_FIRST:
        return on_first(scram, bytes, n, out);
    case SCRAM_WAIT_FINAL:
        return on_final(scram, bytes, n);
    case SCRAM_SALTING:
    case SCRAM_VERIFIED:
        break;
    }
    return fail(scram, XMPP_E_AUTH_PROTOCOL, "a challenge where none was due");
}

static void scram_free(struct xm_mechanism *self)
{
    struct scram *scram = (struct scram *)self;
    xm_mem_free_secret(scram->username);
    forget_password(scram);
    xm_buf_done_secret(&scram->binding);
    xm_buf_done_secret(&scram->auth);
    xm_pbkdf2_done(&scram->pbkdf2);
    xm_mem_wipe(scram, sizeof *scram);
    free(scram);
}

int xm_scram_new(struct xm_mechanism **ret_mechanism, const struct xm_scram_name *name,
                 const struct xm_sasl_choice *choice, const struct xm_sasl_policy *policy,
                 const struct xm_sasl_channel *channel, struct xm_sasl_cache *cache,
                 const uint8_t *nonce, size_t n_nonce)
{
    static const struct xm_mechanism_ops ops = {scram_start, scram_challenge, scram_work,
                                                scram_free};
    struct scram *scram = xm_mem_new0(1, sizeof *scram);
    if (!scram) {
        return XMPP_E_NOMEM;
    }
    scram->base.ops = &ops;
    scram->name = name;
    scram->cache = cache;
    scram->iterations_min = policy->iterations_min > 0 ? policy->iterations_min : 1;
    scram->iterations_max = policy->iterations_max;
    int code = xm_prep_sasl(&scram->username, policy->authcid);
    if (code == 0) {
        code = xm_prep_sasl(&scram->password, policy->password);
    }
    if (code == 0) {
        code = xm_gs2_write(&scram->binding, choice, policy->authzid, channel, &scram->n_gs2);
    }
    if (code == 0) {
        code = write_first_bare(scram, nonce, n_nonce);
    }
    if (code < 0) {
        scram_free(&scram->base);
        return code;
    }
    *ret_mechanism = &scram->base;
    return 0;
}
