/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PLAIN (RFC 4616), EXTERNAL (RFC 4422 A), ANONYMOUS (RFC 4505) and DIGEST-MD5 (RFC 2831) by
 * libgsasl. It is told which mechanism to run and never asked to suggest one; SCRAM is not among
 * them, nor is anything that blocks. */
#include <gsasl.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sasl/digest_challenge.h"
#include "sasl/mechanism.h"
#include "xmpp/error.h"

struct legacy {
    struct xm_mechanism base;
    Gsasl *gsasl;
    Gsasl_session *session;
    const char *domain; /* borrowed from the policy */
    int is_client_first;
    int n_challenges;
};

static int fail(struct legacy *legacy, int code, const char *reason)
{
    legacy->base.reason = reason;
    return code;
}

/* In DIGEST-MD5 what fails to authenticate is the server, by its rspauth. */
static int code_of(struct legacy *legacy, int result)
{
    switch (result) {
    case GSASL_MALLOC_ERROR:
        return XMPP_E_NOMEM;
    case GSASL_SASLPREP_ERROR:
    case GSASL_NO_AUTHID:
    case GSASL_NO_PASSWORD:
        return fail(legacy, XMPP_E_AUTH_CREDENTIALS, "user name or password cannot be used");
    case GSASL_AUTHENTICATION_ERROR:
    case GSASL_INTEGRITY_ERROR:
        return fail(legacy, XMPP_E_AUTH_SERVER, "the server's rspauth is wrong");
    default:
        return fail(legacy, XMPP_E_AUTH_PROTOCOL, "malformed challenge");
    }
}

static int step(struct legacy *legacy, const uint8_t *bytes, size_t n, struct xm_buf *out)
{
    char *answer = NULL;
    size_t n_answer = 0;
    int result = gsasl_step(legacy->session, (const char *)bytes, n, &answer, &n_answer);
    int code = 0;
    if (result == GSASL_OK || result == GSASL_NEEDS_MORE) {
        code = answer ? xm_buf_add(out, answer, n_answer) : 0;
        if (answer) {
            xm_mem_wipe(answer, n_answer);
            gsasl_free(answer);
        }
        legacy->base.is_done = result == GSASL_OK;
        return code < 0 ? code : legacy->base.is_done ? XM_SASL_DONE : XM_SASL_MORE;
    }
    return code_of(legacy, result);
}

static int legacy_start(struct xm_mechanism *self, struct xm_buf *out, int *ret_has)
{
    struct legacy *legacy = (struct legacy *)self;
    *ret_has = legacy->is_client_first;
    int code = step(legacy, NULL, 0, out);
    return code < 0 ? code : 0;
}

static int legacy_challenge(struct xm_mechanism *self, const uint8_t *bytes, size_t n,
                            struct xm_buf *out)
{
    struct legacy *legacy = (struct legacy *)self;
    if (n == 0 || n > XM_DIGEST_CHALLENGE_MAX || memchr(bytes, 0, n)) {
        return fail(legacy, XMPP_E_AUTH_PROTOCOL, "challenge is empty, too long or not text");
    }
    /* Of its two challenges the first asks and the second proves: done means proved. */
    if (++legacy->n_challenges > 2) {
        return fail(legacy, XMPP_E_AUTH_PROTOCOL, "a challenge where none was due");
    }
    if (legacy->n_challenges == 2 || legacy->is_client_first) {
        return step(legacy, bytes, n, out);
    }
    struct xm_buf anew = {0};
    int code = xm_digest_challenge(&anew, bytes, n, legacy->domain, &legacy->base.reason);
    if (code == 0) {
        code = step(legacy, xm_buf_head(&anew), xm_buf_len(&anew), out);
    }
    xm_buf_done(&anew);
    return code;
}

/* libgsasl frees its copies without wiping them, so they are wiped under its hands. */
static void wipe_property(Gsasl_session *session, Gsasl_property property)
{
    const char *value = gsasl_property_fast(session, property);
    if (value) {
        xm_mem_wipe((char *)(uintptr_t)value, strlen(value));
    }
}

static void legacy_free(struct xm_mechanism *self)
{
    struct legacy *legacy = (struct legacy *)self;
    if (legacy->session) {
        wipe_property(legacy->session, GSASL_PASSWORD);
        gsasl_finish(legacy->session);
    }
    if (legacy->gsasl) {
        gsasl_done(legacy->gsasl);
    }
    free(legacy);
}

static int set_properties(struct legacy *legacy, const struct xm_sasl_choice *choice,
                          const struct xm_sasl_policy *policy)
{
    const struct {
        Gsasl_property property;
        const char *value;
    } rows[] = {
        {GSASL_AUTHID, policy->authcid},
        {GSASL_AUTHZID, policy->authzid},
        {GSASL_PASSWORD, choice->needs_password ? policy->password : NULL},
        {GSASL_SERVICE, "xmpp"},
        {GSASL_HOSTNAME, policy->domain},
        {GSASL_ANONYMOUS_TOKEN, ""}, /* nothing is told about the user: XEP-0175 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int result = GSASL_OK;
        if (rows[i].value) {
            result = gsasl_property_set(legacy->session, rows[i].property, rows[i].value);
        }
        if (result != GSASL_OK) {
            return XMPP_E_NOMEM;
        }
    }
    return 0;
}

static int begin(struct legacy *legacy, const struct xm_sasl_choice *choice,
                 const struct xm_sasl_policy *policy)
{
    int result = gsasl_init(&legacy->gsasl);
    if (result != GSASL_OK) {
        return result == GSASL_MALLOC_ERROR ? XMPP_E_NOMEM : XMPP_E_INTERNAL;
    }
    result = gsasl_client_start(legacy->gsasl, choice->mechanism, &legacy->session);
    if (result != GSASL_OK) {
        /* A build of libgsasl may lack it. */
        return result == GSASL_MALLOC_ERROR ? XMPP_E_NOMEM : XMPP_E_AUTH_MECHANISM;
    }
    return set_properties(legacy, choice, policy);
}

int xm_gsasl_new(struct xm_mechanism **ret_mechanism, const struct xm_sasl_choice *choice,
                 const struct xm_sasl_policy *policy)
{
    static const struct xm_mechanism_ops ops = {legacy_start, legacy_challenge, NULL, legacy_free};
    struct legacy *legacy = xm_mem_new0(1, sizeof *legacy);
    if (!legacy) {
        return XMPP_E_NOMEM;
    }
    legacy->base.ops = &ops;
    legacy->domain = policy->domain;
    legacy->is_client_first = strcmp(choice->mechanism, "DIGEST-MD5") != 0;
    int code = begin(legacy, choice, policy);
    if (code < 0) {
        legacy_free(&legacy->base);
        return code;
    }
    *ret_mechanism = &legacy->base;
    return 0;
}
