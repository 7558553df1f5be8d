/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of ours fails once: the exchange says so, loses nothing, keeps nothing. */
#include <string.h>

#include "check.h"
#include "kit.h"
#include "nomem.h"
#include "xmpp/error.h"

/* Where an answer failed nothing of it stays in the buffer. */
static int check_left(int code, const struct xm_buf *out, size_t before)
{
    CHECK(code >= 0 || xm_buf_len(out) == before);
    return code;
}

/* One exchange, its answers being added to what is in the buffer already. */
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
        size_t before = xm_buf_len(out);
        code = check_left(xm_sasl_start(sasl, out, &has), out, before);
    }
    if (code == 0 && challenge) {
        size_t before = xm_buf_len(out);
        code = xm_sasl_challenge(sasl, (const uint8_t *)challenge, strlen(challenge), out);
        check_left(code, out, before);
    }
    while (code == XM_SASL_WORK) {
        size_t before = xm_buf_len(out);
        code = check_left(xm_sasl_work(sasl, 2048, out), out, before);
    }
    if (code == 0 && !final) {
        code = xm_sasl_success(sasl, NULL, 0);
    } else if (code == 0) {
        code = xm_sasl_success(sasl, (const uint8_t *) final, strlen(final));
    }
    xm_sasl_free(sasl);
    return code;
}

/* The buffer has room for so much without allocating, so that an answer fails in its middle. */
static void sweep(const char *mechanism, const char *challenge, const char *final, int want,
                  size_t room)
{
    int failures = 0;
    for (int n = 0; n < 200; n++) {
        struct xm_sasl_cache cache = {0};
        struct xm_buf out = {0};
        CHECK(xm_buf_reserve(&out, 1) != NULL);
        xm_buf_commit(&out, xm_buf_room(&out) - room);
        memset(out.bytes, 'x', out.end);
        check_note("%s, room %zu, allocation %d", mechanism, room, n);
        nomem_at(n);
        int code = exchange(mechanism, challenge, final, &cache, &out);
        int has_failed = nomem_end();
        CHECK_INT(cache.salted_len, 0);
        xm_buf_done_secret(&out);
        if (!has_failed) {
            CHECK_INT(code, want);
            CHECK(failures >= 2);
            return;
        }
        CHECK_INT(code, XMPP_E_NOMEM);
        failures++;
    }
    CHECK_FAIL("it never ends");
}

static void each_allocation_may_fail(void)
{
    static const char first[] = "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=4096";
    static const char challenge[] =
        "realm=\"x\",nonce=\"y\",qop=\"auth\",charset=utf-8,algorithm=md5-sess";
    static const size_t rooms[] = {0, 30, 110};
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        sweep("SCRAM-SHA-1", first, "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", XMPP_E_AUTH_SERVER, rooms[i]);
        sweep("PLAIN", NULL, NULL, 0, rooms[i]);
        sweep("EXTERNAL", NULL, NULL, 0, rooms[i]);
        sweep("DIGEST-MD5", challenge, "rspauth=00000000000000000000000000000000",
              XMPP_E_AUTH_SERVER, rooms[i]);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"each allocation may fail", each_allocation_may_fail},
    };
    return CHECK_MAIN(argc, argv, "sasl-nomem", cases);
}
