/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server of any kind against each mechanism. The first byte of the input is a digit that selects
 * the mechanism; each line behind it is a message: 'C' a challenge, 'S' success with data, 'N'
 * success without. Nobody here knows the password, so no success may ever be believed where the
 * mechanism proves it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sasl/sasl.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct {
    const char *mechanism;
    char flag;
    int proves;
} mechanisms[] = {
    {"SCRAM-SHA-1", 'n', 1},   {"SCRAM-SHA-256-PLUS", 'p', 1},
    {"SCRAM-SHA-512", 'y', 1}, {"DIGEST-MD5", 0, 1},
    {"PLAIN", 0, 0},           {"EXTERNAL", 0, 0},
};
enum { N_MECHANISMS = sizeof mechanisms / sizeof *mechanisms };

/* Hands one line to the exchange. */
static void say(struct xm_sasl *sasl, int proves, const uint8_t *line, size_t n)
{
    struct xm_buf out = {0};
    if (n > 0 && line[0] == 'C') {
        int result = xm_sasl_challenge(sasl, line + 1, n - 1, &out);
        while (result == XM_SASL_WORK) {
            result = xm_sasl_work(sasl, 16, &out);
        }
        if (result < 0 && xm_buf_len(&out) > 0) {
            abort();
        }
    } else if (n > 0) {
        const uint8_t *data = line[0] == 'S' ? line + 1 : NULL;
        if (xm_sasl_success(sasl, data, data ? n - 1 : 0) == 0 && proves) {
            abort();
        }
    }
    xm_buf_done_secret(&out);
}

static struct xm_sasl *begin(size_t which)
{
    static const uint8_t nonce[18] = "\x7f\x29\x28\xf9\xdd\xa5\x6d\xb1\x60\x38\xd4\x6f\xf6\xa9"
                                     "\x31\x75\xac\x0b";
    static const struct xm_sasl_policy policy = {
        .authcid = "user",
        .domain = "example.org",
        .password = "not in the corpus",
        .iterations_min = 1,
        .iterations_max = 64,
    };
    static const struct xm_sasl_channel channel = {.is_tls = 1, .exporter_len = 32};
    struct xm_sasl_choice choice = {
        .mechanism = mechanisms[which].mechanism,
        .binding_type = mechanisms[which].flag == 'p' ? "tls-exporter" : NULL,
        .gs2_flag = mechanisms[which].flag,
        .needs_password = 1,
    };
    struct xm_sasl *sasl = NULL;
    if (xm_sasl_new(&sasl, &choice, &policy, &channel, NULL, nonce, sizeof nonce) < 0) {
        abort();
    }
    return sasl;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0 || bytes[0] < '0' || bytes[0] >= '0' + N_MECHANISMS) {
        return 0;
    }
    size_t which = (size_t)(bytes[0] - '0');
    struct xm_sasl *sasl = begin(which);
    struct xm_buf out = {0};
    int has = 0;
    if (xm_sasl_start(sasl, &out, &has) < 0) {
        abort();
    }
    xm_buf_done_secret(&out);
    const uint8_t *end = bytes + n;
    for (const uint8_t *at = bytes + 1; at < end;) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        say(sasl, mechanisms[which].proves, at, (size_t)(stop - at));
        at = stop < end ? stop + 1 : end;
    }
    xm_sasl_free(sasl);
    return 0;
}
