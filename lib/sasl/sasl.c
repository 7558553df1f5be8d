/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The front: from a choice to its mechanism, and the order of the exchange. It knows no mechanism's
 * content; base64 and XML are the stream's. */
#include "sasl/sasl.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sasl/mechanism.h"
#include "xmpp/error.h"

enum sasl_state {
    SASL_NEW,     /* not started */
    SASL_WAITING, /* for the server: a challenge or its success */
    SASL_WORKING, /* for xm_sasl_work() */
    SASL_OVER,    /* success was believed */
    SASL_FAILED   /* and stays so */
};

struct xm_sasl {
    struct xm_mechanism *mechanism;
    enum sasl_state state;
    int error;          /* FAILED: the first one */
    const char *reason; /* likewise */
};

void xm_sasl_cache_done(struct xm_sasl_cache *cache)
{
    xm_mem_wipe(cache, sizeof *cache);
}

static const struct xm_scram_name *find_scram(const char *mechanism)
{
    for (size_t i = 0; i < XM_SCRAM_NAMES; i++) {
        if (strcmp(xm_scram_names[i].plain, mechanism) == 0 ||
            strcmp(xm_scram_names[i].plus, mechanism) == 0) {
            return &xm_scram_names[i];
        }
    }
    return NULL;
}

int xm_sasl_new(struct xm_sasl **ret_sasl, const struct xm_sasl_choice *choice,
                const struct xm_sasl_policy *policy, const struct xm_sasl_channel *channel,
                struct xm_sasl_cache *cache, const uint8_t *nonce, size_t n_nonce)
{
    if (choice->needs_password && (!policy->password || !*policy->password || !policy->authcid)) {
        return XMPP_E_AUTH_CREDENTIALS;
    }
    struct xm_sasl *sasl = xm_mem_new0(1, sizeof *sasl);
    if (!sasl) {
        return XMPP_E_NOMEM;
    }
    const struct xm_scram_name *scram = find_scram(choice->mechanism);
    int code = scram ? xm_scram_new(&sasl->mechanism, scram, choice, policy, channel, cache, nonce,
                                    n_nonce)
                     : xm_gsasl_new(&sasl->mechanism, choice, policy);
    if (code < 0) {
        free(sasl);
        return code;
    }
    *ret_sasl = sasl;
    return 0;
}

void xm_sasl_free(struct xm_sasl *sasl)
{
    if (sasl) {
        sasl->mechanism->ops->free(sasl->mechanism);
        free(sasl);
    }
}

static int fail(struct xm_sasl *sasl, int code, const char *reason)
{
    sasl->state = SASL_FAILED;
    sasl->error = code;
    sasl->reason = reason;
    return code;
}

/* What the order of calls, and so of the server's messages, has to be. 0 or what it is instead. */
static int expect(struct xm_sasl *sasl, enum sasl_state state)
{
    if (sasl->state == state) {
        return 0;
    }
    return sasl->state == SASL_FAILED
               ? sasl->error
               : fail(sasl, XMPP_E_AUTH_PROTOCOL, "a message of SASL where none was due");
}

/* Takes over what the mechanism returned; of an answer that failed nothing stays in `out`. */
static int settle(struct xm_sasl *sasl, int result, struct xm_buf *out, size_t before)
{
    if (result < 0) {
        xm_buf_cut(out, before);
        return fail(sasl, result, sasl->mechanism->reason);
    }
    sasl->state = result == XM_SASL_WORK ? SASL_WORKING : SASL_WAITING;
    return result;
}

int xm_sasl_start(struct xm_sasl *sasl, struct xm_buf *out, int *ret_has)
{
    int code = expect(sasl, SASL_NEW);
    if (code < 0) {
        return code;
    }
    size_t before = xm_buf_len(out);
    int has = 0;
    code = settle(sasl, sasl->mechanism->ops->start(sasl->mechanism, out, &has), out, before);
    if (code == 0) {
        *ret_has = has;
    }
    return code;
}

int xm_sasl_challenge(struct xm_sasl *sasl, const uint8_t *bytes, size_t n, struct xm_buf *out)
{
    int code = expect(sasl, SASL_WAITING);
    if (code < 0) {
        return code;
    }
    if (sasl->mechanism->is_done) {
        return fail(sasl, XMPP_E_AUTH_PROTOCOL, "a challenge where none was due");
    }
    size_t before = xm_buf_len(out);
    return settle(sasl, sasl->mechanism->ops->challenge(sasl->mechanism, bytes, n, out), out,
                  before);
}

int xm_sasl_work(struct xm_sasl *sasl, uint32_t rounds, struct xm_buf *out)
{
    int code = expect(sasl, SASL_WORKING);
    if (code < 0) {
        return code;
    }
    size_t before = xm_buf_len(out);
    return settle(sasl, sasl->mechanism->ops->work(sasl->mechanism, rounds, out), out, before);
}

/* Data with success is the last challenge; what would be the answer has no place to go. */
static int take_final_data(struct xm_sasl *sasl, const uint8_t *bytes, size_t n)
{
    struct xm_buf nowhere = {0};
    int code = xm_sasl_challenge(sasl, bytes, n, &nowhere);
    xm_buf_done_secret(&nowhere);
    return code < 0 ? code : 0;
}

int xm_sasl_success(struct xm_sasl *sasl, const uint8_t *bytes, size_t n)
{
    if (sasl->state == SASL_WORKING) {
        return fail(sasl, XMPP_E_AUTH_SERVER, "success before the server proved anything");
    }
    int code = expect(sasl, SASL_WAITING);
    if (code < 0) {
        return code;
    }
    if (bytes && !sasl->mechanism->is_done) {
        code = take_final_data(sasl, bytes, n);
    } else if (bytes && n > 0) {
        code = fail(sasl, XMPP_E_AUTH_PROTOCOL, "data with success where none was due");
    }
    if (code < 0) {
        return code;
    }
    if (!sasl->mechanism->is_done) {
        return fail(sasl, XMPP_E_AUTH_SERVER, "success before the server proved anything");
    }
    sasl->state = SASL_OVER;
    return 0;
}

const char *xm_sasl_get_reason(const struct xm_sasl *sasl)
{
    return sasl ? sasl->reason : NULL;
}
