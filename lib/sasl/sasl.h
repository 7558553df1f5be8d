/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SASL, RFC 4422: which mechanism, and its exchange. Knows neither XML nor sockets: what is framed
 * by RFC 6120 6 (or by SASL2) is the stream's; here are bytes before base64.
 *
 * Use: xm_sasl_choose() once on what the server offers, then one xm_sasl_new() for the attempt;
 * xm_sasl_start(), xm_sasl_challenge() for each challenge, xm_sasl_work() as long as
 * XM_SASL_WORK is returned, xm_sasl_success() on the server's success, which is believed only if
 * the mechanism itself is done. One mechanism per attempt: there is no second,
 * weaker try in here. */
#ifndef XM_SASL_SASL_H
#define XM_SASL_SASL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* What the connection may use, and for whom. All borrowed for the life of the exchange. */
struct xm_sasl_policy {
    const char *authcid;  /* localpart of the account, prepared; NULL if there is none */
    const char *authzid;  /* NULL: none */
    const char *domain;   /* domainpart, for DIGEST-MD5's realm and digest-uri */
    const char *password; /* NULL: not given (yet) */
    int binding;          /* an enum xmpp_channel_binding (auth.h) */
    int allow_plain;      /* PLAIN, and only where TLS is verified */
    int allow_digest_md5;
    int anonymous;           /* ANONYMOUS and nothing else */
    int external;            /* a client certificate is there: EXTERNAL before all others */
    uint32_t iterations_min; /* bounds of SCRAM's count, both inclusive */
    uint32_t iterations_max;
};

/* What the server's features said (RFC 6120 6.3.3, XEP-0440). */
struct xm_sasl_offer {
    const char *const *mechanisms;
    size_t n_mechanisms;
    const char *const *binding_types;
    size_t n_binding_types;
};

/* What is known of the channel below. A binding of length 0 cannot be had. */
struct xm_sasl_channel {
    int is_tls;   /* of ours, or verified TLS of the application's */
    int verified; /* its certificate was verified */
    int is_tls13;
    int is_unbindable;    /* of the application's, which has told no binding of it */
    int has_ems;          /* TLS 1.2 with extended master secret (RFC 7627) */
    uint8_t exporter[32]; /* RFC 9266 */
    size_t exporter_len;
    uint8_t end_point[64]; /* tls-server-end-point, RFC 5929 4 */
    size_t end_point_len;
    uint8_t unique[64]; /* tls-unique, RFC 5929 3 */
    size_t unique_len;
};

/* The outcome of choosing. Texts are static. */
struct xm_sasl_choice {
    const char *mechanism;    /* its name on the wire */
    const char *binding_type; /* "tls-exporter", …; NULL: not bound */
    char gs2_flag;            /* 'n', 'y' or 'p'; 0 for a mechanism without */
    int needs_password;
    /* why binding is not used, such as "binding not used: types not announced"; NULL if it is used,
     * or if there is nothing to tell */
    const char *binding_fact;
};

/* 0, or XMPP_E_AUTH_MECHANISM, XMPP_E_AUTH_BINDING, with *ret_why (static) saying what is missing.
 * The rules of channel binding are told in doc/decisions/. */
int xm_sasl_choose(const struct xm_sasl_policy *policy, const struct xm_sasl_offer *offer,
                   const struct xm_sasl_channel *channel, struct xm_sasl_choice *ret_choice,
                   const char **ret_why);

/* A salted password that may be used again for the same mechanism hash, salt and count only. It
 * belongs to the connection, lives longer than an exchange, and is wiped by _done, which the owner
 * calls when the account or the password changes too. It is filled when the server has proved that
 * it is right, and emptied when it has not. All zero is empty. */
struct xm_sasl_cache {
    char hash[8];
    uint8_t salt[64];
    size_t salt_len;
    uint32_t iterations;
    uint8_t salted[64];
    size_t salted_len;
};
void xm_sasl_cache_done(struct xm_sasl_cache *cache);

struct xm_sasl;

enum xm_sasl_result {
    XM_SASL_MORE = 0, /* `out` is to be sent; then wait for the server */
    XM_SASL_WORK = 1, /* call xm_sasl_work() again, when the application's loop comes round */
    XM_SASL_DONE = 2  /* the mechanism is done; `out` is to be sent if a challenge asked for it */
};

/* `nonce` is 18 or more random bytes. 0, XMPP_E_NOMEM, XMPP_E_AUTH_CREDENTIALS (no password, or it
 * or the name cannot be prepared), XMPP_E_AUTH_BINDING (the channel lacks what was chosen),
 * XMPP_E_AUTH_MECHANISM (libgsasl was built without it). Nothing is computed that takes time. The
 * cache may be NULL. */
int xm_sasl_new(struct xm_sasl **ret_sasl, const struct xm_sasl_choice *choice,
                const struct xm_sasl_policy *policy, const struct xm_sasl_channel *channel,
                struct xm_sasl_cache *cache, const uint8_t *nonce, size_t n_nonce);
/* Wipes what was secret. Takes NULL. */
void xm_sasl_free(struct xm_sasl *sasl);

/* The initial response, appended to `out`; *ret_has says whether there is one at all, as an empty
 * one is not none (RFC 6120 6.4.2). 0 or a negative code. */
int xm_sasl_start(struct xm_sasl *sasl, struct xm_buf *out, int *ret_has);
/* A challenge. An enum xm_sasl_result (the response is appended to `out`) or a negative code, after
 * which there is only xm_sasl_free(): XMPP_E_AUTH_PROTOCOL, _SERVER, _ITERATIONS, _CREDENTIALS;
 * XMPP_E_AUTH, XMPP_E_AUTH_BINDING for an error that SCRAM itself carries (RFC 5802 5.1, e);
 * XMPP_E_NOMEM. What is in `out` may be as secret as a password (PLAIN). */
int xm_sasl_challenge(struct xm_sasl *sasl, const uint8_t *bytes, size_t n, struct xm_buf *out);
/* One slice of `rounds` rounds of PBKDF2; returns as xm_sasl_challenge(). 4096 rounds take about
 * 0.5 ms with SHA-1, 0.6 ms with SHA-256, 2 ms with SHA-512. */
int xm_sasl_work(struct xm_sasl *sasl, uint32_t rounds, struct xm_buf *out);
/* The server says success, with additional data or, if bytes is NULL, without. 0 only if the
 * mechanism is done and the server proved what it has to. */
int xm_sasl_success(struct xm_sasl *sasl, const uint8_t *bytes, size_t n);
/* What exactly went wrong, static; NULL if nothing did. */
const char *xm_sasl_get_reason(const struct xm_sasl *sasl);

#endif
