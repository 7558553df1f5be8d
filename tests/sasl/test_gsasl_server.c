/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole exchanges against libgsasl's server: SCRAM, bound and unbound, right and wrong. Its SCRAM
 * has SHA-1 and SHA-256, tls-unique and tls-exporter. */
#include <gsasl.h>
#include <string.h>

#include "base/b64.h"
#include "check.h"
#include "kit.h"
#include "xmpp/error.h"

/* The server's account and its end of the channel. */
struct account {
    const char *password;
    const char *iterations;
    const char *unique;   /* base64; NULL: there is none */
    const char *exporter; /* likewise */
    char authid[64];      /* what it heard */
    char authzid[64];
};

static void note(char *field, const char *value)
{
    if (value && strlen(value) < 64) {
        strcpy(field, value);
    }
}

static int answer(Gsasl *gsasl, Gsasl_session *session, Gsasl_property property)
{
    struct account *account = gsasl_callback_hook_get(gsasl);
    const char *value = NULL;
    switch ((int)property) {
    case GSASL_PASSWORD:
        value = account->password;
        break;
    case GSASL_SCRAM_ITER:
        value = account->iterations;
        break;
    case GSASL_SCRAM_SALT:
        value = "QSXCR+Q6sek8bf92";
        break;
    case GSASL_CB_TLS_UNIQUE:
        value = account->unique;
        break;
    case GSASL_CB_TLS_EXPORTER:
        value = account->exporter;
        break;
    }
    if (!value) {
        return GSASL_NO_CALLBACK;
    }
    return gsasl_property_set(session, property, value);
}

/* Carries bytes between the two until one of them has an end. The server's final message comes as a
 * challenge or with success. What it came to at our side, or -1 if the server refused. */
static int converse(struct kit *kit, Gsasl_session *server, int final_in_success)
{
    for (int turn = 0; turn < 6; turn++) {
        char *said = NULL;
        size_t n = 0;
        int result = gsasl_step(server, kit->text, kit->n_text, &said, &n);
        if (result != GSASL_OK && result != GSASL_NEEDS_MORE) {
            return -1;
        }
        int code;
        if (result == GSASL_OK && (final_in_success || n == 0)) {
            code = xm_sasl_success(kit->sasl, n > 0 ? (const uint8_t *)said : NULL, n);
            gsasl_free(said);
            return code;
        }
        code = kit_hear_bytes(kit, said, n);
        gsasl_free(said);
        if (code < 0) {
            return code;
        }
        if (result == GSASL_OK) {
            CHECK_INT(code, XM_SASL_DONE);
            return xm_sasl_success(kit->sasl, NULL, 0);
        }
    }
    return -1;
}

static int login(struct account *account, const struct xm_sasl_choice *choice,
                 const struct xm_sasl_policy *policy, const struct xm_sasl_channel *channel,
                 int final_in_success)
{
    Gsasl *gsasl = NULL;
    Gsasl_session *server = NULL;
    struct kit kit;
    CHECK_INT(gsasl_init(&gsasl), GSASL_OK);
    gsasl_callback_hook_set(gsasl, account);
    gsasl_callback_set(gsasl, answer);
    CHECK_INT(gsasl_server_start(gsasl, choice->mechanism, &server), GSASL_OK);
    CHECK_INT(kit_begin(&kit, choice, policy, channel, NULL, "fyko+d2lbbFgONRv9qkxdawL"), 0);
    int result = converse(&kit, server, final_in_success);
    note(account->authid, gsasl_property_fast(server, GSASL_AUTHID));
    note(account->authzid, gsasl_property_fast(server, GSASL_AUTHZID));
    kit_end(&kit);
    gsasl_finish(server);
    gsasl_done(gsasl);
    return result;
}

static struct xm_sasl_channel make_channel(void)
{
    struct xm_sasl_channel channel = {
        .is_tls = 1, .has_ems = 1, .exporter_len = 32, .unique_len = 12};
    for (size_t i = 0; i < 32; i++) {
        channel.exporter[i] = (uint8_t)(i * 7);
    }
    memcpy(channel.unique, "\0\1\2finished,=", 12);
    return channel;
}

static const struct {
    const char *mechanism;
    const char *type;
} mechanisms[] = {
    {"SCRAM-SHA-1", NULL},
    {"SCRAM-SHA-256", NULL},
    {"SCRAM-SHA-1-PLUS", "tls-unique"},
    {"SCRAM-SHA-256-PLUS", "tls-unique"},
    {"SCRAM-SHA-1-PLUS", "tls-exporter"},
    {"SCRAM-SHA-256-PLUS", "tls-exporter"},
};

/* One login by each of the mechanisms; an intruder makes the two ends of the channel differ. */
static void log_in_by_all(struct account account, const struct xm_sasl_policy *policy,
                          int has_intruder, int want)
{
    struct xm_sasl_channel channel = make_channel();
    char unique[XM_B64_LEN(12) + 1];
    char exporter[XM_B64_LEN(32) + 1];
    xm_b64_encode(unique, channel.unique, 12);
    xm_b64_encode(exporter, channel.exporter, 32);
    channel.unique[0] ^= (uint8_t)has_intruder;
    channel.exporter[31] ^= (uint8_t)has_intruder;
    for (size_t i = has_intruder ? 2 : 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
        struct xm_sasl_choice choice =
            kit_choice(mechanisms[i].mechanism, mechanisms[i].type ? 'p' : 'n', mechanisms[i].type);
        account.unique = mechanisms[i].type ? unique : NULL;
        account.exporter = mechanisms[i].type ? exporter : NULL;
        for (int final_in_success = 0; final_in_success < 2; final_in_success++) {
            check_note("%s %s", mechanisms[i].mechanism,
                       mechanisms[i].type ? mechanisms[i].type : "");
            account.authid[0] = account.authzid[0] = '\0';
            CHECK_INT(login(&account, &choice, policy, &channel, final_in_success), want);
            if (want == 0) {
                CHECK_STR(account.authid, policy->authcid);
                CHECK_STR(account.authzid, policy->authzid ? policy->authzid : "");
            }
        }
    }
}

static void the_right_password_logs_in(void)
{
    log_in_by_all((struct account){.password = "pencil", .iterations = "4096"}, &kit_policy, 0, 0);
}

static void a_wrong_password_does_not(void)
{
    log_in_by_all((struct account){.password = "pencils", .iterations = "4096"}, &kit_policy, 0,
                  -1);
}

static void an_intruder_is_noticed(void)
{
    log_in_by_all((struct account){.password = "pencil", .iterations = "4096"}, &kit_policy, 1, -1);
}

static void names_arrive_as_they_were(void)
{
    struct xm_sasl_policy policy = kit_policy;
    policy.authcid = "=2C,us=er";
    policy.authzid = "other=,@example.org";
    policy.password = "p\xc3\xa4\xc2\xaa,=\xe2\x85\xa8";
    log_in_by_all((struct account){.password = "p\xc3\xa4"
                                               "a,=IX",
                                   .iterations = "5000"},
                  &policy, 0, 0);
}

static void a_server_that_asks_for_too_little_gets_nothing(void)
{
    log_in_by_all((struct account){.password = "pencil", .iterations = "4095"}, &kit_policy, 0,
                  XMPP_E_AUTH_ITERATIONS);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"the right password logs in", the_right_password_logs_in},
        {"a wrong password does not", a_wrong_password_does_not},
        {"an intruder is noticed", an_intruder_is_noticed},
        {"names arrive as they were", names_arrive_as_they_were},
        {"a server that asks for too little gets nothing",
         a_server_that_asks_for_too_little_gets_nothing},
    };
    return CHECK_MAIN(argc, argv, "sasl-gsasl-server", cases);
}
