/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hash and HMAC against the vectors of their standards. */
#include <string.h>

#include "check.h"
#include "crypto/hash.h"
#include "xmpp/error.h"
#include "xmpp/util.h"

static size_t from_hex(const char *hex, uint8_t *bytes)
{
    size_t n = strlen(hex) / 2;
    for (size_t i = 0; i < 2 * n; i++) {
        char digit = hex[i];
        unsigned value = (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        bytes[i / 2] = (uint8_t)(i % 2 == 0 ? value << 4 : bytes[i / 2] | value);
    }
    return n;
}

/* FIPS 180 and FIPS 202: the hashes of "abc". */
static void hashes_are_those_of_the_standard(void)
{
    static const struct {
        enum xm_hash hash;
        const char *hex;
    } rows[] = {
        {XM_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {XM_SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {XM_SHA384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                    "8086072ba1e7cc2358baeca134c825a7"},
        {XM_SHA512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
        {XM_SHA3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
        {XM_SHA3_512, "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
                      "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t want[XM_HASH_MAX];
        uint8_t got[XM_HASH_MAX];
        size_t n = from_hex(rows[i].hex, want);
        check_note("row %zu", i);
        CHECK_INT(xm_hash_size(rows[i].hash), n);
        CHECK_INT(xm_hash_of(rows[i].hash, "abc", 3, got), 0);
        CHECK_MEM(got, n, want, n);
    }
}

/* RFC 2202 3 and RFC 4231 4.3: the key "Jefe". */
static const struct {
    enum xm_hash hash;
    const char *hex;
} hmac_rows[] = {
    {XM_SHA1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
    {XM_SHA256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {XM_SHA384, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
                "8e2240ca5e69e2c78b3239ecfab21649"},
    {XM_SHA512, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
};
static const char hmac_text[] = "what do ya want for nothing?";

static void one_shot_codes_are_those_of_the_standard(void)
{
    for (size_t i = 0; i < sizeof hmac_rows / sizeof *hmac_rows; i++) {
        uint8_t want[XM_HASH_MAX];
        uint8_t got[XM_HASH_MAX];
        size_t n = from_hex(hmac_rows[i].hex, want);
        check_note("row %zu", i);
        CHECK_INT(xm_hmac_of(hmac_rows[i].hash, "Jefe", 4, hmac_text, strlen(hmac_text), got), 0);
        CHECK_MEM(got, n, want, n);
    }
}

static void a_keyed_state_serves_many_messages(void)
{
    for (size_t i = 0; i < sizeof hmac_rows / sizeof *hmac_rows; i++) {
        uint8_t want[XM_HASH_MAX];
        uint8_t got[XM_HASH_MAX];
        size_t n = from_hex(hmac_rows[i].hex, want);
        struct xm_hmac *hmac = NULL;
        check_note("row %zu", i);
        if (!CHECK_INT(xm_hmac_new(&hmac, hmac_rows[i].hash, "Jefe", 4), 0)) {
            continue;
        }
        for (int times = 0; times < 3; times++) {
            memset(got, 0, sizeof got);
            CHECK_INT(xm_hmac_add(hmac, hmac_text, 5), 0);
            CHECK_INT(xm_hmac_add(hmac, hmac_text + 5, strlen(hmac_text) - 5), 0);
            xm_hmac_end(hmac, got);
            CHECK_MEM(got, n, want, n);
        }
        xm_hmac_free(hmac);
    }
    xm_hmac_free(NULL);
}

/* The names are those of XEP-0300 3.1. */
static void public_hashes_have_names(void)
{
    static const struct {
        int hash;
        const char *name;
        size_t n;
        uint8_t first; /* byte of the hash of nothing */
    } rows[] = {
        {XMPP_HASH_SHA1, "sha-1", 20, 0xda},        {XMPP_HASH_SHA256, "sha-256", 32, 0xe3},
        {XMPP_HASH_SHA512, "sha-512", 64, 0xcf},    {XMPP_HASH_SHA3_256, "sha3-256", 32, 0xa7},
        {XMPP_HASH_SHA3_512, "sha3-512", 64, 0xa6},
    };
    uint8_t digest[XMPP_HASH_MAX];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_STR(xmpp_hash_get_name(rows[i].hash), rows[i].name);
        CHECK_INT(xmpp_hash_from_name(rows[i].name), rows[i].hash);
        CHECK_INT(xmpp_hash(rows[i].hash, NULL, 0, digest), rows[i].n);
        CHECK_INT(digest[0], rows[i].first);
    }
    CHECK_INT(xmpp_hash(XMPP_HASH_SHA1, "abc", 3, digest), 20);
    CHECK_MEM(digest, 4, "\xa9\x99\x3e\x36", 4);
}

static void what_is_no_hash_is_refused(void)
{
    static const int none[] = {0, -1, 6, 1000};
    static const char *const names[] = {"", "sha1", "SHA-1", "sha-1 ", "md5", "sha-384"};
    uint8_t digest[XMPP_HASH_MAX];
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        CHECK(xmpp_hash_get_name(none[i]) == NULL);
        CHECK_INT(xmpp_hash(none[i], "abc", 3, digest), XMPP_E_INVAL);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CHECK_INT(xmpp_hash_from_name(names[i]), 0);
    }
    CHECK_INT(xmpp_hash(XMPP_HASH_SHA1, NULL, 1, digest), XMPP_E_INVAL);
    CHECK_INT(xmpp_hash(XMPP_HASH_SHA1, "abc", 3, NULL), XMPP_E_INVAL);
}

static void random_bytes_differ(void)
{
    uint8_t a[32] = {0};
    uint8_t b[32] = {0};
    CHECK_INT(xm_random(a, sizeof a), 0);
    CHECK_INT(xm_random(b, sizeof b), 0);
    CHECK(memcmp(a, b, sizeof a) != 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"hashes are those of the standard", hashes_are_those_of_the_standard},
        {"one-shot codes are those of the standard", one_shot_codes_are_those_of_the_standard},
        {"a keyed state serves many messages", a_keyed_state_serves_many_messages},
        {"public hashes have names", public_hashes_have_names},
        {"what is no hash is refused", what_is_no_hash_is_refused},
        {"random bytes differ", random_bytes_differ},
    };
    return CHECK_MAIN(argc, argv, "crypto", cases);
}
