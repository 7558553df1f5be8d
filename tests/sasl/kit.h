/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of SASL share: an account, and an exchange held like a conversation. */
#ifndef TESTS_SASL_KIT_H
#define TESTS_SASL_KIT_H

#include <stddef.h>
#include <stdint.h>

#include "sasl/sasl.h"

/* An account "user" with the password "pencil"; 4096 to 500,000 iterations; binding possible. */
extern const struct xm_sasl_policy kit_policy;
/* A channel without TLS. */
extern const struct xm_sasl_channel kit_plain;

/* One exchange. */
struct kit {
    struct xm_sasl *sasl;
    struct xm_buf out;
    char text[8192]; /* what was last said, with a NUL behind it */
    size_t n_text;
    unsigned turns; /* calls of xm_sasl_work() */
    uint32_t rounds;
};

/* A choice for a mechanism that was not chosen by xm_sasl_choose(). */
struct xm_sasl_choice kit_choice(const char *mechanism, char flag, const char *binding_type);
/* Begins with a nonce in base64. 0 or what failed. */
int kit_begin(struct kit *kit, const struct xm_sasl_choice *choice,
              const struct xm_sasl_policy *policy, const struct xm_sasl_channel *channel,
              struct xm_sasl_cache *cache, const char *nonce_base64);
/* The server says this; works until there is an answer. What xm_sasl_challenge() or, at last,
 * xm_sasl_work() returned; the answer is in `text`. */
int kit_hear(struct kit *kit, const char *text);
int kit_hear_bytes(struct kit *kit, const void *bytes, size_t n);
/* The server says success, with this or, if NULL, nothing. */
int kit_success(struct kit *kit, const char *text);
void kit_end(struct kit *kit);

#endif
