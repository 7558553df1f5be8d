/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SCRAM with a server that lies: each message it could send instead of the right
 * one, and what is said about it. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "kit.h"
#include "xmpp/error.h"

#define NONCE "fyko+d2lbbFgONRv9qkxdawL"

enum { PROTOCOL = XMPP_E_AUTH_PROTOCOL, ITERATIONS = XMPP_E_AUTH_ITERATIONS };

static const struct xm_sasl_cache no_cache;

static void begin(struct kit *kit, struct xm_sasl_cache *cache)
{
    struct xm_sasl_choice choice = kit_choice("SCRAM-SHA-1", 'n', NULL);
    CHECK_INT(kit_begin(kit, &choice, &kit_policy, &kit_plain, cache, NONCE), 0);
}

/* After a failure nothing brings it back. */
static void check_stays_failed(struct kit *kit, int code)
{
    CHECK(xm_sasl_get_reason(kit->sasl) != NULL);
    CHECK_INT(kit->n_text, 0);
    CHECK_INT(kit_hear(kit, "r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096"), code);
    CHECK_INT(xm_sasl_work(kit->sasl, 1, &kit->out), code);
    CHECK_INT(kit_success(kit, NULL), code);
    CHECK_INT(kit_success(kit, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), code);
}

static const struct {
    const char *text;
    int code;
} first_rows[] = {
    {"", PROTOCOL},
    {",", PROTOCOL},
    {"=", PROTOCOL},
    {"r", PROTOCOL},
    {"r=", PROTOCOL},
    {"r=" NONCE "x", PROTOCOL},
    {"r=" NONCE "x,", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,", PROTOCOL},
    {",r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=" NONCE "x,,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {" r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=" NONCE "x, s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"R=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"s=QSXCR+Q6sek8bf92,r=" NONCE "x,i=4096", PROTOCOL},
    {"r=" NONCE "x,i=4096,s=QSXCR+Q6sek8bf92", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", PROTOCOL},
    /* the nonce: not extended, another, cut, with characters it cannot have */
    {"r=" NONCE ",s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=fyko+d2lbbFgONRv9qkxdawl3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=3rfcNHYJY1ZVvWVs7j" NONCE ",s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=fyko+d2lbbFgONRv9qkxdaw,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=" NONCE " x,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=" NONCE "\xc3\xa4,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=" NONCE "\x7f,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    /* the salt: empty, or not strictly base64 */
    {"r=" NONCE "x,s=,i=4096", PROTOCOL},
    {"r=" NONCE "x,s====,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QQ=,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QQ,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QR==,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXC R+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR-Q6sek8bf92,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92\n,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92==,i=4096", PROTOCOL},
    /* the count: not a number, too small, too large, and what 32 bits would make of it */
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=x", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=-4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=+4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i= 4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096 ", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=04096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=0x1000", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096.0", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4e3", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=0", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=1", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4095", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=500001", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4294967295", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4294967296", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4294967297", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4294971392", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=18446744073709551617", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=18446744073709555712", ITERATIONS},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=99999999999999999999999999999999999999999", ITERATIONS},
    /* extensions: mandatory ones, known names out of place, malformed */
    {"m=x,r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,m=x", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,x=y,m=z", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,i=4096", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,r=" NONCE "y", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,c=biws", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,xy", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,x=", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,1=x", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,xx=y", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,x=\xff", PROTOCOL},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096,x=\xed\xa0\x80", PROTOCOL},
    /* an error as the first message already */
    {"e=unknown-user", XMPP_E_AUTH},
    {"e=channel-binding-not-supported", XMPP_E_AUTH_BINDING},
    {"e=", PROTOCOL},
};

static void a_first_message_that_is_wrong_ends_it(void)
{
    for (size_t i = 0; i < sizeof first_rows / sizeof *first_rows; i++) {
        struct kit kit;
        check_note("server-first \"%s\"", first_rows[i].text);
        begin(&kit, NULL);
        CHECK_INT(kit_hear(&kit, first_rows[i].text), first_rows[i].code);
        CHECK_INT(kit.turns, 0);
        check_stays_failed(&kit, first_rows[i].code);
        kit_end(&kit);
    }
}

static void a_nul_is_no_way_to_hide(void)
{
    static const char text[] = "r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096\0,x=y";
    struct kit kit;
    begin(&kit, NULL);
    CHECK_INT(kit_hear_bytes(&kit, text, sizeof text - 1), XMPP_E_AUTH_PROTOCOL);
    kit_end(&kit);
}

/* A message of n bytes with the salt, the nonce or an extension as long as that needs. */
static size_t write_long(char *text, size_t n, char where)
{
    size_t at = (size_t)sprintf(text, "r=%sx", NONCE);
    const char *tail = ",i=4096";
    size_t n_tail = strlen(tail);
    if (where == 's') {
        at += (size_t)sprintf(text + at, ",s=");
        memset(text + at, 'A', n - n_tail - at);
        memcpy(text + n - n_tail, tail, n_tail);
    } else if (where == 'r') {
        tail = ",s=QQ==,i=4096";
        n_tail = strlen(tail);
        memset(text + at, 'x', n - n_tail - at);
        memcpy(text + n - n_tail, tail, n_tail);
    } else {
        at += (size_t)sprintf(text + at, ",s=QQ==,i=4096,x=");
        memset(text + at, 'y', n - at);
    }
    return n;
}

static void lengths_are_bounded(void)
{
    static char text[70000];
    static const struct {
        char where;
        size_t n;
        int result;
    } rows[] = {
        {'x', 4096, XM_SASL_MORE}, {'x', 4097, PROTOCOL},      {'x', 70000, PROTOCOL},
        {'r', 4096, XM_SASL_MORE}, {'r', 4097, PROTOCOL},      {'r', 70000, PROTOCOL},
        {'s', 377, XM_SASL_MORE},  {'s', 377 + 4, PROTOCOL},   {'s', 377 + 8, PROTOCOL},
        {'s', 4093, PROTOCOL},     {'s', 70000 - 3, PROTOCOL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kit kit;
        check_note("%c, %zu bytes", rows[i].where, rows[i].n);
        begin(&kit, NULL);
        size_t n = write_long(text, rows[i].n, rows[i].where);
        CHECK_INT(kit_hear_bytes(&kit, text, n), rows[i].result);
        kit_end(&kit);
    }
}

static const struct {
    const char *text;
    int code;
} final_rows[] = {
    {"", PROTOCOL},
    {"v", PROTOCOL},
    {"v=", PROTOCOL},
    {"v=,", PROTOCOL},
    {"rmF9pqV8S7suAoZWja4dJRkFsKQ=", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ==", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKR=", PROTOCOL}, /* bits behind the last byte */
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,m=x", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,e=other-error", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", PROTOCOL},
    {"x=y,v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", PROTOCOL},
    {"v=rmF9", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQA", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKQAAAAAAAAAAAAAAAA=", PROTOCOL},
    {"v=rmF9pqV8S7suAoZWja4dJRkFsKU=", XMPP_E_AUTH_SERVER},
    {"v=smF9pqV8S7suAoZWja4dJRkFsKQ=", XMPP_E_AUTH_SERVER},
    {"v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=", XMPP_E_AUTH_SERVER},
    {"e=invalid-proof", XMPP_E_AUTH},
    {"e=invalid-encoding", XMPP_E_AUTH},
    {"e=extensions-not-supported", XMPP_E_AUTH},
    {"e=unknown-user", XMPP_E_AUTH},
    {"e=invalid-username-encoding", XMPP_E_AUTH},
    {"e=no-resources", XMPP_E_AUTH},
    {"e=other-error", XMPP_E_AUTH},
    {"e=of its own making", XMPP_E_AUTH},
    {"e=channel-bindings-dont-match", XMPP_E_AUTH_BINDING},
    {"e=server-does-support-channel-binding", XMPP_E_AUTH_BINDING},
    {"e=channel-binding-not-supported", XMPP_E_AUTH_BINDING},
    {"e=unsupported-channel-binding-type", XMPP_E_AUTH_BINDING},
    {"r=" NONCE "x,s=QSXCR+Q6sek8bf92,i=4096", PROTOCOL},
};

static void a_last_message_that_is_wrong_ends_it(void)
{
    for (size_t i = 0; i < 2 * (sizeof final_rows / sizeof *final_rows); i++) {
        struct kit kit;
        struct xm_sasl_cache cache = no_cache;
        const char *text = final_rows[i / 2].text;
        int code = final_rows[i / 2].code;
        check_note("server-final \"%s\" in %s", text, i % 2 ? "<success/>" : "a challenge");
        begin(&kit, &cache);
        CHECK_INT(kit_hear(&kit, "r=" NONCE "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"),
                  XM_SASL_MORE);
        CHECK_INT(i % 2 ? kit_success(&kit, text) : kit_hear(&kit, text), code);
        CHECK_MEM(&cache, sizeof cache, &no_cache, sizeof no_cache);
        check_stays_failed(&kit, code);
        kit_end(&kit);
    }
}

/* Threat 21, at each moment. */
static void success_without_proof_is_no_success(void)
{
    static const char first[] = "r=" NONCE "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
    struct kit kit;
    begin(&kit, NULL);
    CHECK_INT(kit_success(&kit, NULL), XMPP_E_AUTH_SERVER);
    check_stays_failed(&kit, XMPP_E_AUTH_SERVER);
    kit_end(&kit);

    begin(&kit, NULL);
    CHECK_INT(kit_success(&kit, first), XMPP_E_AUTH_SERVER);
    check_stays_failed(&kit, XMPP_E_AUTH_SERVER);
    kit_end(&kit);

    begin(&kit, NULL);
    CHECK_INT(xm_sasl_challenge(kit.sasl, (const uint8_t *)first, strlen(first), &kit.out),
              XM_SASL_WORK);
    CHECK_INT(kit_success(&kit, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), XMPP_E_AUTH_SERVER);
    CHECK_INT(xm_sasl_work(kit.sasl, 4096, &kit.out), XMPP_E_AUTH_SERVER);
    CHECK_INT(xm_buf_len(&kit.out), 0);
    kit_end(&kit);

    begin(&kit, NULL);
    CHECK_INT(kit_hear(&kit, first), XM_SASL_MORE);
    CHECK_INT(kit_success(&kit, NULL), XMPP_E_AUTH_SERVER);
    check_stays_failed(&kit, XMPP_E_AUTH_SERVER);
    kit_end(&kit);
}

static void what_comes_at_the_wrong_time_ends_it(void)
{
    static const char first[] = "r=" NONCE "3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
    static const char final[] = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=";
    struct kit kit;
    /* a second challenge while the first is worked on */
    begin(&kit, NULL);
    CHECK_INT(xm_sasl_challenge(kit.sasl, (const uint8_t *)first, strlen(first), &kit.out),
              XM_SASL_WORK);
    CHECK_INT(kit_hear(&kit, first), XMPP_E_AUTH_PROTOCOL);
    kit_end(&kit);
    /* one more behind the last, success twice, data twice */
    begin(&kit, NULL);
    CHECK_INT(kit_hear(&kit, first), XM_SASL_MORE);
    CHECK_INT(kit_hear(&kit, final), XM_SASL_DONE);
    CHECK_INT(kit_hear(&kit, final), XMPP_E_AUTH_PROTOCOL);
    CHECK_INT(kit_success(&kit, NULL), XMPP_E_AUTH_PROTOCOL);
    kit_end(&kit);
    begin(&kit, NULL);
    CHECK_INT(kit_hear(&kit, first), XM_SASL_MORE);
    CHECK_INT(kit_hear(&kit, final), XM_SASL_DONE);
    CHECK_INT(kit_success(&kit, final), XMPP_E_AUTH_PROTOCOL);
    kit_end(&kit);
    begin(&kit, NULL);
    CHECK_INT(kit_hear(&kit, first), XM_SASL_MORE);
    CHECK_INT(kit_success(&kit, final), 0);
    CHECK_INT(kit_success(&kit, final), XMPP_E_AUTH_PROTOCOL);
    kit_end(&kit);
    /* empty data, "=", where the proof has come before */
    begin(&kit, NULL);
    CHECK_INT(kit_hear(&kit, first), XM_SASL_MORE);
    CHECK_INT(kit_hear(&kit, final), XM_SASL_DONE);
    CHECK_INT(kit_success(&kit, ""), 0);
    kit_end(&kit);
}

/* The bounds are the application's; no count wraps around at them. */
static void bounds_are_inclusive_and_settable(void)
{
    static const struct {
        uint32_t min;
        uint32_t max;
        const char *count;
        int result;
    } rows[] = {
        {10000, 20000, "9999", ITERATIONS},
        {10000, 20000, "10000", XM_SASL_MORE},
        {10000, 20000, "20000", XM_SASL_MORE},
        {10000, 20000, "20001", ITERATIONS},
        {0, 20000, "0", ITERATIONS},
        {0, 20000, "1", XM_SASL_MORE},
        {4096, UINT32_MAX, "4294967296", ITERATIONS},
        {4096, UINT32_MAX, "4294967297", ITERATIONS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kit kit;
        struct xm_sasl_policy policy = kit_policy;
        struct xm_sasl_choice choice = kit_choice("SCRAM-SHA-1", 'n', NULL);
        char first[128];
        check_note("row %zu", i);
        policy.iterations_min = rows[i].min;
        policy.iterations_max = rows[i].max;
        CHECK_INT(kit_begin(&kit, &choice, &policy, &kit_plain, NULL, NONCE), 0);
        snprintf(first, sizeof first, "r=%sx,s=QSXCR+Q6sek8bf92,i=%s", NONCE, rows[i].count);
        CHECK_INT(kit_hear(&kit, first), rows[i].result);
        kit_end(&kit);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a first message that is wrong ends it", a_first_message_that_is_wrong_ends_it},
        {"a NUL is no way to hide", a_nul_is_no_way_to_hide},
        {"lengths are bounded", lengths_are_bounded},
        {"a last message that is wrong ends it", a_last_message_that_is_wrong_ends_it},
        {"success without proof is no success", success_without_proof_is_no_success},
        {"what comes at the wrong time ends it", what_comes_at_the_wrong_time_ends_it},
        {"bounds are inclusive and settable", bounds_are_inclusive_and_settable},
    };
    return CHECK_MAIN(argc, argv, "sasl-scram-hostile", cases);
}
