/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mechanisms that libgsasl makes: their bytes, and DIGEST-MD5 against libgsasl's server and
 * against one that lies. */
#include <gsasl.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kit.h"
#include "xmpp/error.h"

static const char nonce[] = "fyko+d2lbbFgONRv9qkxdawL";

static const struct {
    const char *mechanism;
    const char *authcid;
    const char *authzid;
    const char *password;
    const char *bytes;
    size_t n;
} rows[] = {
    /* RFC 4616 2 */
    {"PLAIN", "user", NULL, "pencil", "\0user\0pencil", 12},
    {"PLAIN", "user", "other@example.org", "pencil", "other@example.org\0user\0pencil", 29},
    {"PLAIN", "us=,er", NULL, "p\xc3\xa4 \xf0\x9f\x98\x80", "\0us=,er\0p\xc3\xa4 \xf0\x9f\x98\x80",
     16},
    /* RFC 4422 A, XEP-0178: the certificate says who, or asks for one of several */
    {"EXTERNAL", NULL, NULL, NULL, "", 0},
    {"EXTERNAL", "user", NULL, "pencil", "", 0},
    {"EXTERNAL", "user", "user@example.org", NULL, "user@example.org", 16},
    /* RFC 4505; XEP-0175: no trace of the user */
    {"ANONYMOUS", NULL, NULL, NULL, "", 0},
    {"ANONYMOUS", "user", NULL, "pencil", "", 0},
};

static void one_message_says_it_all(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_sasl_policy policy = kit_policy;
        policy.authcid = rows[i].authcid;
        policy.authzid = rows[i].authzid;
        policy.password = rows[i].password;
        struct xm_sasl_choice choice = kit_choice(rows[i].mechanism, 0, NULL);
        struct xm_sasl *sasl = NULL;
        struct xm_buf out = {0};
        int has = 0;
        check_note("row %zu: %s", i, rows[i].mechanism);
        CHECK_INT(xm_sasl_new(&sasl, &choice, &policy, &kit_plain, NULL, NULL, 0), 0);
        CHECK_INT(xm_sasl_start(sasl, &out, &has), 0);
        CHECK_INT(has, 1); /* an empty one is not none */
        CHECK_INT(xm_buf_len(&out), rows[i].n);
        CHECK_MEM(xm_buf_head(&out), xm_buf_len(&out), rows[i].bytes, rows[i].n);
        CHECK_INT(xm_sasl_success(sasl, NULL, 0), 0);
        CHECK_INT(xm_sasl_success(sasl, NULL, 0), XMPP_E_AUTH_PROTOCOL);
        xm_sasl_free(sasl);
        xm_buf_done_secret(&out);
    }
}

static void nothing_more_may_come(void)
{
    static const char *const mechanisms[] = {"PLAIN", "EXTERNAL", "ANONYMOUS"};
    for (size_t i = 0; i < 3; i++) {
        struct xm_sasl_choice choice = kit_choice(mechanisms[i], 0, NULL);
        struct kit kit;
        check_note("%s", mechanisms[i]);
        CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce), 0);
        CHECK_INT(kit_hear(&kit, "say it again"), XMPP_E_AUTH_PROTOCOL);
        CHECK_INT(kit_success(&kit, NULL), XMPP_E_AUTH_PROTOCOL);
        kit_end(&kit);
        CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce), 0);
        CHECK_INT(kit_success(&kit, "surprise"), XMPP_E_AUTH_PROTOCOL);
        kit_end(&kit);
        CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce), 0);
        CHECK_INT(kit_success(&kit, ""), 0);
        kit_end(&kit);
    }
}

static void a_password_is_needed(void)
{
    static const char *const mechanisms[] = {"PLAIN", "DIGEST-MD5"};
    for (size_t i = 0; i < 2; i++) {
        struct xm_sasl_choice choice = kit_choice(mechanisms[i], 0, NULL);
        struct xm_sasl_policy policy = kit_policy;
        struct xm_sasl *sasl = NULL;
        policy.password = NULL;
        CHECK_INT(xm_sasl_new(&sasl, &choice, &policy, &kit_plain, NULL, NULL, 0),
                  XMPP_E_AUTH_CREDENTIALS);
        policy.password = "";
        CHECK_INT(xm_sasl_new(&sasl, &choice, &policy, &kit_plain, NULL, NULL, 0),
                  XMPP_E_AUTH_CREDENTIALS);
        CHECK(sasl == NULL);
    }
}

struct account {
    const char *password;
    const char *realm; /* NULL: none is told */
};

static int answer(Gsasl *gsasl, Gsasl_session *session, Gsasl_property property)
{
    const struct account *account = gsasl_callback_hook_get(gsasl);
    switch ((int)property) {
    case GSASL_PASSWORD:
        return gsasl_property_set(session, property, account->password);
    case GSASL_REALM:
        return account->realm ? gsasl_property_set(session, property, account->realm)
                              : GSASL_NO_CALLBACK;
    }
    return GSASL_NO_CALLBACK;
}

/* DIGEST-MD5 with libgsasl's server, whose rspauth comes with success or as a last challenge, and
 * may be bent on its way. -1 if the server refused. */
static int digest(const struct account *account, int in_success, int bend, struct kit *kit)
{
    Gsasl *gsasl = NULL;
    Gsasl_session *server = NULL;
    struct xm_sasl_choice choice = kit_choice("DIGEST-MD5", 0, NULL);
    CHECK_INT(gsasl_init(&gsasl), GSASL_OK);
    gsasl_callback_hook_set(gsasl, (void *)(uintptr_t)account);
    gsasl_callback_set(gsasl, answer);
    CHECK_INT(gsasl_server_start(gsasl, "DIGEST-MD5", &server), GSASL_OK);
    CHECK_INT(kit_begin(kit, &choice, &kit_policy, &kit_plain, NULL, nonce), 0);
    CHECK_INT(kit->n_text, 0);
    char *said = NULL;
    size_t n = 0;
    CHECK_INT(gsasl_step(server, NULL, 0, &said, &n), GSASL_NEEDS_MORE);
    CHECK_INT(kit_hear_bytes(kit, said, n), XM_SASL_MORE);
    gsasl_free(said);
    said = NULL;
    n = 0;
    int result = gsasl_step(server, kit->text, kit->n_text, &said, &n);
    int code = -1;
    if (result == GSASL_OK || result == GSASL_NEEDS_MORE) {
        CHECK(n == 40 && strncmp(said, "rspauth=", 8) == 0);
        said[n - 1] = (char)(said[n - 1] ^ bend);
        code = in_success ? xm_sasl_success(kit->sasl, (const uint8_t *)said, n)
                          : kit_hear_bytes(kit, said, n);
    }
    gsasl_free(said);
    gsasl_finish(server);
    gsasl_done(gsasl);
    return code;
}

static void digest_proves_both_ends(void)
{
    static const char *const realms[] = {NULL, "example.org", "other realm"};
    for (size_t i = 0; i < 3; i++) {
        struct account account = {"pencil", realms[i]};
        struct kit kit;
        check_note("realm %zu", i);
        CHECK_INT(digest(&account, 1, 0, &kit), 0);
        kit_end(&kit);
        CHECK_INT(digest(&account, 0, 0, &kit), XM_SASL_DONE);
        CHECK_INT(kit.n_text, 0);
        CHECK_INT(kit_success(&kit, NULL), 0);
        kit_end(&kit);
    }
}

static void digest_says_where_it_logs_in(void)
{
    struct account account = {"pencil", "example.org"};
    struct kit kit;
    struct xm_sasl_choice choice = kit_choice("DIGEST-MD5", 0, NULL);
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce), 0);
    CHECK_INT(kit_hear(&kit, "realm=\"example.org\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\","
                             "charset=utf-8,algorithm=md5-sess"),
              XM_SASL_MORE);
    CHECK(strstr(kit.text, "digest-uri=\"xmpp/example.org\"") != NULL);
    CHECK(strstr(kit.text, "username=\"user\"") != NULL);
    CHECK(strstr(kit.text, "realm=\"example.org\"") != NULL);
    CHECK(strstr(kit.text, "pencil") == NULL);
    kit_end(&kit);
    account.password = "wrong";
    CHECK_INT(digest(&account, 1, 0, &kit), -1);
    kit_end(&kit);
}

static void digest_without_rspauth_is_no_success(void)
{
    static const char challenge[] =
        "realm=\"example.org\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\",charset=utf-8,"
        "algorithm=md5-sess";
    struct account account = {"pencil", "example.org"};
    struct xm_sasl_choice choice = kit_choice("DIGEST-MD5", 0, NULL);
    struct kit kit;
    CHECK_INT(digest(&account, 1, 1, &kit), XMPP_E_AUTH_SERVER);
    kit_end(&kit);
    CHECK_INT(digest(&account, 0, 1, &kit), XMPP_E_AUTH_SERVER);
    CHECK_INT(kit_success(&kit, NULL), XMPP_E_AUTH_SERVER);
    kit_end(&kit);
    static const struct {
        const char *challenge; /* NULL: none came */
        const char *success;   /* NULL: without data */
        int code;
    } lies[] = {
        {NULL, NULL, XMPP_E_AUTH_SERVER},
        {NULL, "rspauth=00000000000000000000000000000000", XMPP_E_AUTH_PROTOCOL},
        {NULL, challenge, XMPP_E_AUTH_SERVER},
        {challenge, NULL, XMPP_E_AUTH_SERVER},
        {challenge, "", XMPP_E_AUTH_PROTOCOL},
        {challenge, "rspauth=00000000000000000000000000000000", XMPP_E_AUTH_SERVER},
        {challenge, "rspauth=", XMPP_E_AUTH_PROTOCOL},
        {challenge, "rspauth=0", XMPP_E_AUTH_PROTOCOL},
        {challenge, challenge, XMPP_E_AUTH_PROTOCOL},
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        check_note("row %zu", i);
        CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce), 0);
        if (lies[i].challenge) {
            CHECK_INT(kit_hear(&kit, lies[i].challenge), XM_SASL_MORE);
        }
        CHECK_INT(kit_success(&kit, lies[i].success), lies[i].code);
        CHECK_INT(kit_success(&kit, NULL), lies[i].code);
        kit_end(&kit);
    }
}

static void digest_refuses_what_is_not_a_challenge(void)
{
    static char large[2049];
    memset(large, 'x', 2048);
    static const char *const challenges[] = {
        "",
        "x",
        ",",
        "=",
        "\"",
        "nonce",
        "realm=\"example.org\"",
        "nonce=\"x\"",
        large,
        "nonce=\"x\",nonce=\"y\",algorithm=md5-sess",
        "nonce=\"x,algorithm=md5-sess",
        "nonce=\"x\",algorithm=md5-sess,algorithm=md5-sess",
        "nonce=\"x\",algorithm=sha-256",
        "nonce=\"x\",algorithm=md5-sess,qop=\"none\"",

    };
    for (size_t i = 0; i < sizeof challenges / sizeof *challenges; i++) {
        struct kit kit;
        struct xm_sasl_choice choice = kit_choice("DIGEST-MD5", 0, NULL);
        check_note("row %zu", i);
        CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, nonce), 0);
        CHECK_INT(kit_hear(&kit, challenges[i]), XMPP_E_AUTH_PROTOCOL);
        CHECK_INT(kit.n_text, 0);
        CHECK(xm_sasl_get_reason(kit.sasl) != NULL);
        CHECK_INT(kit_success(&kit, NULL), XMPP_E_AUTH_PROTOCOL);
        kit_end(&kit);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"one message says it all", one_message_says_it_all},
        {"nothing more may come", nothing_more_may_come},
        {"a password is needed", a_password_is_needed},
        {"DIGEST-MD5 proves both ends", digest_proves_both_ends},
        {"DIGEST-MD5 says where it logs in", digest_says_where_it_logs_in},
        {"DIGEST-MD5 without rspauth is no success", digest_without_rspauth_is_no_success},
        {"DIGEST-MD5 refuses what is not a challenge", digest_refuses_what_is_not_a_challenge},
    };
    return CHECK_MAIN(argc, argv, "sasl-legacy", cases);
}
