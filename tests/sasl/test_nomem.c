/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of ours fails once: the exchange says so, loses nothing, keeps nothing. The
 * linker puts these functions in the place of the allocator's. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kit.h"
#include "xmpp/error.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t n);

static long countdown = -1; /* the allocation that fails; -1: none */

static int fails(void)
{
    return countdown >= 0 && countdown-- == 0;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t n)
{
    return fails() ? NULL : __real_realloc(old, n);
}

/* One exchange, an answer being added to what is in the buffer already. */
static int exchange(const char *mechanism, const char *challenge, const char *final,
                    struct xm_sasl_cache *cache, struct xm_buf *out)
{
    static const uint8_t nonce[] = {0x7f, 0x29, 0x28, 0xf9, 0xdd, 0xa5, 0x6d, 0xb1, 0x60,
                                    0x38, 0xd4, 0x6f, 0xf6, 0xa9, 0x31, 0x75, 0xac, 0x0b};
    struct xm_sasl_choice choice = kit_choice(mechanism, 'n', NULL);
    struct xm_sasl_policy policy = kit_policy;
    struct xm_sasl *sasl = NULL;
    int has = 0;
    policy.authzid = "a,b@example.org";
    policy.password = "p\xc3\xa4ss";
    int code = xm_sasl_new(&sasl, &choice, &policy, &kit_plain, cache, nonce, sizeof nonce);
    if (code == 0) {
        code = xm_sasl_start(sasl, out, &has);
    }
    if (code == 0 && challenge) {
        code = xm_sasl_challenge(sasl, (const uint8_t *)challenge, strlen(challenge), out);
    }
    while (code == XM_SASL_WORK) {
        code = xm_sasl_work(sasl, 2048, out);
    }
    if (code == 0 && !final) {
        code = xm_sasl_success(sasl, NULL, 0);
    } else if (code == 0) {
        code = xm_sasl_success(sasl, (const uint8_t *) final, strlen(final));
    }
    xm_sasl_free(sasl);
    return code;
}

static void sweep(const char *mechanism, const char *challenge, const char *final, int want)
{
    int failures = 0;
    for (long n = 0; n < 200; n++) {
        struct xm_sasl_cache cache = {0};
        struct xm_buf out = {0};
        check_note("%s, allocation %ld", mechanism, n);
        countdown = n;
        int code = exchange(mechanism, challenge, final, &cache, &out);
        int has_failed = countdown < 0;
        countdown = -1;
        CHECK_INT(cache.salted_len, 0);
        xm_buf_done_secret(&out);
        if (!has_failed) {
            CHECK_INT(code, want);
            CHECK(failures >= 3);
            return;
        }
        CHECK_INT(code, XMPP_E_NOMEM);
        failures++;
    }
    CHECK_FAIL("it never ends");
}

static void each_allocation_may_fail(void)
{
    sweep("SCRAM-SHA-1", "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=4096",
          "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", XMPP_E_AUTH_SERVER);
    sweep("PLAIN", NULL, NULL, 0);
    sweep("EXTERNAL", NULL, NULL, 0);
    sweep("DIGEST-MD5", "realm=\"x\",nonce=\"y\",qop=\"auth\",charset=utf-8,algorithm=md5-sess",
          "rspauth=00000000000000000000000000000000", XMPP_E_AUTH_SERVER);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"each allocation may fail", each_allocation_may_fail},
    };
    return CHECK_MAIN(argc, argv, "sasl-nomem", cases);
}
