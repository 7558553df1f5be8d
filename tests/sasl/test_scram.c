/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SCRAM with a server that is honest: the vectors of the RFCs, names and passwords, PBKDF2 in
 * slices, the salted password kept. */
#include <string.h>

#include "check.h"
#include "kit.h"
#include "xmpp/error.h"

static const char nonce_5802[] = "fyko+d2lbbFgONRv9qkxdawL";
static const char first_5802[] =
    "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
static const char final_5802[] = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=";

static const struct {
    const char *mechanism;
    const char *nonce;
    const char *client_first;
    const char *server_first;
    const char *client_final;
    const char *server_final;
} vectors[] = {
    /* RFC 5802 5 */
    {"SCRAM-SHA-1", nonce_5802, "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", first_5802,
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     final_5802},
    /* RFC 7677 3 */
    {"SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
    /* SHA-512: computed with Python's hashlib and hmac */
    {"SCRAM-SHA-512", "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==",
     "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw=="},
};

static void vectors_come_out_exactly(void)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct xm_sasl_choice choice = kit_choice(vectors[i].mechanism, 'n', NULL);
        for (int in_success = 0; in_success < 2; in_success++) {
            struct kit kit;
            check_note("%s, final message in %s", vectors[i].mechanism,
                       in_success ? "<success/>" : "a challenge");
            CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, vectors[i].nonce), 0);
            CHECK_STR(kit.text, vectors[i].client_first);
            CHECK_INT(kit_hear(&kit, vectors[i].server_first), XM_SASL_MORE);
            CHECK_STR(kit.text, vectors[i].client_final);
            if (!in_success) {
                CHECK_INT(kit_hear(&kit, vectors[i].server_final), XM_SASL_DONE);
                CHECK_STR(kit.text, "");
            }
            CHECK_INT(kit_success(&kit, in_success ? vectors[i].server_final : NULL), 0);
            CHECK(xm_sasl_get_reason(kit.sasl) == NULL);
            kit_end(&kit);
        }
    }
}

/* RFC 5802 5.1 and 7: what stands in the first message, and in c= of the last. */
static void headers_say_what_was_chosen(void)
{
    struct xm_sasl_channel channel = {
        .is_tls = 1, .exporter_len = 3, .unique_len = 4, .end_point_len = 5};
    memcpy(channel.exporter, "abc", 3);
    memcpy(channel.unique, "defg", 4);
    memcpy(channel.end_point, "hijkl", 5);
    static const struct {
        char flag;
        const char *type;
        const char *authcid;
        const char *authzid;
        const char *start; /* of the first message */
        const char *bound; /* of the last */
    } rows[] = {
        {'n', NULL, "user", NULL, "n,,n=user,r=", "c=biws,"},
        {'y', NULL, "user", NULL, "y,,n=user,r=", "c=eSws,"},
        {'p', "tls-exporter", "user", NULL,
         "p=tls-exporter,,n=user,r=", "c=cD10bHMtZXhwb3J0ZXIsLGFiYw==,"},
        {'p', "tls-unique", "user", NULL, "p=tls-unique,,n=user,r=", "c=cD10bHMtdW5pcXVlLCxkZWZn,"},
        {'p', "tls-server-end-point", "user", NULL,
         "p=tls-server-end-point,,n=user,r=", "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwsaGlqa2w=,"},
        {'n', NULL, "user", "a=b,c@example.org",
         "n,a=a=3Db=2Cc@example.org,n=user,r=", "c=bixhPWE9M0RiPTJDY0BleGFtcGxlLm9yZyw=,"},
        {'n', NULL, "=us,er=", NULL, "n,,n==3Dus=2Cer=3D,r=", "c=biws,"},
        {'n', NULL,
         "us\xc2\xad"
         "er",
         NULL, "n,,n=user,r=", "c=biws,"},
        {'n', NULL, "\xf0\x9f\x98\x80", NULL, "n,,n=\xf0\x9f\x98\x80,r=", "c=biws,"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kit kit;
        struct xm_sasl_policy policy = kit_policy;
        policy.authcid = rows[i].authcid;
        policy.authzid = rows[i].authzid;
        struct xm_sasl_choice choice = kit_choice(
            rows[i].flag == 'p' ? "SCRAM-SHA-1-PLUS" : "SCRAM-SHA-1", rows[i].flag, rows[i].type);
        check_note("row %zu", i);
        CHECK_INT(kit_begin(&kit, &choice, &policy, &channel, NULL, nonce_5802), 0);
        CHECK(strncmp(kit.text, rows[i].start, strlen(rows[i].start)) == 0);
        CHECK_STR(kit.text + strlen(rows[i].start), nonce_5802);
        CHECK_INT(kit_hear(&kit, first_5802), XM_SASL_MORE);
        CHECK(strncmp(kit.text, rows[i].bound, strlen(rows[i].bound)) == 0);
        kit_end(&kit);
    }
}

static void without_what_it_needs_it_does_not_begin(void)
{
    static const struct {
        const char *authcid;
        const char *password;
        const char *type;
        int code;
    } rows[] = {
        {"user", NULL, NULL, XMPP_E_AUTH_CREDENTIALS},
        {"user", "", NULL, XMPP_E_AUTH_CREDENTIALS},
        {"user", "\x07", NULL, XMPP_E_AUTH_CREDENTIALS},
        {"user", "\xff", NULL, XMPP_E_AUTH_CREDENTIALS},
        {"user", "\xc2\xad", NULL, XMPP_E_AUTH_CREDENTIALS},
        {NULL, "pencil", NULL, XMPP_E_AUTH_CREDENTIALS},
        {"", "pencil", NULL, XMPP_E_AUTH_CREDENTIALS},
        {"\xd8\xa7\x31", "pencil", NULL, XMPP_E_AUTH_CREDENTIALS},
        {"user", "pencil", "tls-exporter", XMPP_E_AUTH_BINDING},
        {"user", "pencil", "tls-other", XMPP_E_AUTH_BINDING},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kit kit;
        struct xm_sasl_policy policy = kit_policy;
        policy.authcid = rows[i].authcid;
        policy.password = rows[i].password;
        struct xm_sasl_choice choice =
            kit_choice("SCRAM-SHA-1-PLUS", rows[i].type ? 'p' : 'n', rows[i].type);
        check_note("row %zu", i);
        CHECK_INT(kit_begin(&kit, &choice, &policy, &kit_plain, NULL, nonce_5802), rows[i].code);
        kit_end(&kit);
    }
}

/* RFC 5802 5.1: unknown optional extensions are ignored, and part of what is signed. */
static void optional_extensions_are_let_be(void)
{
    struct kit kit;
    struct xm_sasl_choice choice = kit_choice("SCRAM-SHA-1", 'n', NULL);
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce_5802), 0);
    CHECK_INT(kit_hear(&kit, "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,"
                             "i=4096,h=abc=,d=\xc3\xa4"),
              XM_SASL_MORE);
    CHECK(strstr(kit.text, "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=") == NULL);
    kit_end(&kit);
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce_5802), 0);
    CHECK_INT(kit_hear(&kit, first_5802), XM_SASL_MORE);
    CHECK_INT(kit_success(&kit, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=y"), 0);
    kit_end(&kit);
}

static void half_a_million_rounds_take_many_turns(void)
{
    static const char first[] =
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=500000";
    struct xm_sasl_choice choice = kit_choice("SCRAM-SHA-1", 'n', NULL);
    static const struct {
        uint32_t rounds;
        unsigned turns;
    } rows[] = {{4096, 123}, {499998, 2}, {499999, 1}, {500000, 1}};
    char proof[128] = "";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kit kit;
        check_note("%u rounds a turn", (unsigned)rows[i].rounds);
        CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce_5802), 0);
        kit.rounds = rows[i].rounds;
        CHECK_INT(kit_hear(&kit, first), XM_SASL_MORE);
        CHECK_INT(kit.turns, rows[i].turns);
        if (i > 0) {
            CHECK_STR(kit.text, proof);
        } else if (CHECK(kit.n_text < sizeof proof)) {
            memcpy(proof, kit.text, kit.n_text + 1);
        }
        kit_end(&kit);
    }
}

static void it_can_be_left_in_the_middle(void)
{
    struct kit kit;
    struct xm_sasl_choice choice = kit_choice("SCRAM-SHA-512", 'n', NULL);
    static const char first[] =
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=500000";
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce_5802), 0);
    CHECK_INT(xm_sasl_challenge(kit.sasl, (const uint8_t *)first, strlen(first), &kit.out),
              XM_SASL_WORK);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(xm_sasl_work(kit.sasl, 1000, &kit.out), XM_SASL_WORK);
        CHECK_INT(xm_buf_len(&kit.out), 0);
    }
    kit_end(&kit); /* the sanitizers see what is lost */
}

/* One login with a cache; whether PBKDF2 had to run. */
static unsigned turns_with(struct xm_sasl_cache *cache, const char *mechanism, const char *first)
{
    struct kit kit;
    struct xm_sasl_choice choice = kit_choice(mechanism, 'n', NULL);
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, cache, nonce_5802), 0);
    CHECK_INT(kit_hear(&kit, first), XM_SASL_MORE);
    kit_end(&kit);
    return kit.turns;
}

static void fill(struct xm_sasl_cache *cache)
{
    struct kit kit;
    struct xm_sasl_choice choice = kit_choice("SCRAM-SHA-1", 'n', NULL);
    *cache = (struct xm_sasl_cache){0};
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, cache, nonce_5802), 0);
    CHECK_INT(kit_hear(&kit, first_5802), XM_SASL_MORE);
    CHECK_INT(cache->salted_len, 0); /* nothing is kept before the server proved it right */
    CHECK_INT(kit_success(&kit, final_5802), 0);
    CHECK_INT(kit.turns, 1);
    CHECK_INT(cache->salted_len, 20);
    kit_end(&kit);
}

static void a_salted_password_is_used_again(void)
{
    struct kit kit;
    struct xm_sasl_cache cache;
    struct xm_sasl_choice choice = kit_choice("SCRAM-SHA-1", 'n', NULL);
    fill(&cache);
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, &cache, nonce_5802), 0);
    CHECK_INT(kit_hear(&kit, first_5802), XM_SASL_MORE);
    CHECK_INT(kit.turns, 0);
    CHECK_STR(kit.text, vectors[0].client_final);
    CHECK_INT(kit_success(&kit, final_5802), 0);
    kit_end(&kit);
    CHECK_INT(cache.salted_len, 20);
}

static void but_only_for_the_same_hash_salt_and_count(void)
{
    static const struct {
        const char *mechanism;
        const char *first;
        unsigned turns;
    } rows[] = {
        {"SCRAM-SHA-1", first_5802, 0},
        {"SCRAM-SHA-256", first_5802, 1},
        {"SCRAM-SHA-512", first_5802, 1},
        {"SCRAM-SHA-1", "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=4096", 0},
        {"SCRAM-SHA-1", "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=4097", 1},
        {"SCRAM-SHA-1", "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf93,i=4096", 1},
        {"SCRAM-SHA-1", "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bQ==,i=4096", 1},
        {"SCRAM-SHA-1", "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92AA==,i=4096", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_sasl_cache cache;
        fill(&cache);
        check_note("row %zu", i);
        CHECK_INT(turns_with(&cache, rows[i].mechanism, rows[i].first), rows[i].turns);
    }
}

static void the_cache_goes_when_it_proved_wrong(void)
{
    struct kit kit;
    struct xm_sasl_cache cache;
    struct xm_sasl_choice choice = kit_choice("SCRAM-SHA-1", 'n', NULL);
    static const struct xm_sasl_cache empty;
    fill(&cache);
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, &cache, nonce_5802), 0);
    CHECK_INT(kit_hear(&kit, first_5802), XM_SASL_MORE);
    CHECK_INT(kit_success(&kit, "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA="), XMPP_E_AUTH_SERVER);
    CHECK_MEM(&cache, sizeof cache, &empty, sizeof empty);
    kit_end(&kit);
    fill(&cache);
    xm_sasl_cache_done(&cache);
    CHECK_MEM(&cache, sizeof cache, &empty, sizeof empty);
    CHECK_INT(turns_with(&cache, "SCRAM-SHA-1", first_5802), 1);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"vectors come out exactly", vectors_come_out_exactly},
        {"headers say what was chosen", headers_say_what_was_chosen},
        {"without what it needs it does not begin", without_what_it_needs_it_does_not_begin},
        {"optional extensions are let be", optional_extensions_are_let_be},
        {"half a million rounds take many turns", half_a_million_rounds_take_many_turns},
        {"it can be left in the middle", it_can_be_left_in_the_middle},
        {"a salted password is used again", a_salted_password_is_used_again},
        {"but only for the same hash, salt and count", but_only_for_the_same_hash_salt_and_count},
        {"the cache goes when it proved wrong", the_cache_goes_when_it_proved_wrong},
    };
    return CHECK_MAIN(argc, argv, "sasl-scram", cases);
}
