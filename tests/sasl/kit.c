/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kit.h"

#include <string.h>

#include "base/b64.h"
#include "check.h"
#include "xmpp/auth.h"

const struct xm_sasl_policy kit_policy = {
    .authcid = "user",
    .domain = "example.org",
    .password = "pencil",
    .binding = XMPP_BINDING_POSSIBLE,
    .iterations_min = 4096,
    .iterations_max = 500000,
};

const struct xm_sasl_channel kit_plain = {0};

static void take_text(struct kit *kit)
{
    kit->n_text = xm_buf_len(&kit->out);
    if (!CHECK(kit->n_text < sizeof kit->text)) {
        kit->n_text = 0;
    }
    if (kit->n_text > 0) {
        memcpy(kit->text, xm_buf_head(&kit->out), kit->n_text);
    }
    kit->text[kit->n_text] = '\0';
    xm_buf_clear(&kit->out);
}

struct xm_sasl_choice kit_choice(const char *mechanism, char flag, const char *binding_type)
{
    return (struct xm_sasl_choice){
        .mechanism = mechanism,
        .binding_type = binding_type,
        .gs2_flag = flag,
        .needs_password = strcmp(mechanism, "EXTERNAL") != 0 && strcmp(mechanism, "ANONYMOUS") != 0,
    };
}

int kit_begin(struct kit *kit, const struct xm_sasl_choice *choice,
              const struct xm_sasl_policy *policy, const struct xm_sasl_channel *channel,
              struct xm_sasl_cache *cache, const char *nonce_base64)
{
    uint8_t nonce[64];
    *kit = (struct kit){.rounds = 4096};
    ptrdiff_t n = xm_b64_decode(nonce, nonce_base64, strlen(nonce_base64));
    CHECK(n > 0);
    int code = xm_sasl_new(&kit->sasl, choice, policy, channel, cache, nonce, (size_t)n);
    if (code < 0) {
        return code;
    }
    int has = -1;
    code = xm_sasl_start(kit->sasl, &kit->out, &has);
    take_text(kit);
    return code;
}

int kit_hear_bytes(struct kit *kit, const void *bytes, size_t n)
{
    int result = xm_sasl_challenge(kit->sasl, bytes, n, &kit->out);
    while (result == XM_SASL_WORK) {
        kit->turns++;
        result = xm_sasl_work(kit->sasl, kit->rounds, &kit->out);
    }
    take_text(kit);
    return result;
}

int kit_hear(struct kit *kit, const char *text)
{
    return kit_hear_bytes(kit, text, strlen(text));
}

int kit_success(struct kit *kit, const char *text)
{
    kit->n_text = 0;
    return xm_sasl_success(kit->sasl, (const uint8_t *)text, text ? strlen(text) : 0);
}

void kit_end(struct kit *kit)
{
    xm_sasl_free(kit->sasl);
    xm_buf_done_secret(&kit->out);
    kit->sasl = NULL;
}
