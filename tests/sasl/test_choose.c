/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which mechanism and which binding: one row for each sentence of the rules, and for each thing an
 * attacker could take away from an offer. */
#include <string.h>

#include "check.h"
#include "kit.h"
#include "xmpp/auth.h"
#include "xmpp/error.h"

enum { OFF = XMPP_BINDING_OFF, MAY = XMPP_BINDING_POSSIBLE, MUST = XMPP_BINDING_REQUIRED };
enum { NO_BINDING = XMPP_E_AUTH_BINDING, NO_MECHANISM = XMPP_E_AUTH_MECHANISM };

enum channel {
    CLEAR,   /* no TLS of ours */
    TLS13,   /* exporter and end-point */
    TLS12,   /* with extended master secret: exporter, unique, end-point */
    OLD12,   /* without it: end-point alone */
    LYING12, /* the same, and still values for the two: they are not to be used */
    ODD13,   /* a certificate that has no end-point binding (RFC 5929 4.1) */
    OWN,     /* TLS of the application's, of which it told nothing */
    OWN_END  /* of which it told the end-point */
};

static struct xm_sasl_channel make_channel(enum channel which)
{
    struct xm_sasl_channel channel = {.is_tls = which != CLEAR, .verified = which != CLEAR};
    channel.is_tls13 = which == TLS13 || which == ODD13;
    channel.has_ems = which == TLS12;
    int is_own = which == OWN || which == OWN_END;
    channel.is_unbindable = which == OWN;
    channel.exporter_len = which == CLEAR || which == OLD12 || is_own ? 0 : 32;
    channel.unique_len = which == TLS12 || which == LYING12 ? 12 : 0;
    channel.end_point_len = which == CLEAR || which == ODD13 || which == OWN ? 0 : 32;
    return channel;
}

/* Splits a list at its spaces. */
struct words {
    char text[512];
    const char *words[16];
    size_t n;
};

static void split(struct words *words, const char *list)
{
    words->n = 0;
    CHECK(strlen(list) < sizeof words->text);
    strcpy(words->text, list);
    for (char *word = strtok(words->text, " "); word && words->n < 16; word = strtok(NULL, " ")) {
        words->words[words->n++] = word;
    }
}

static int choose(const struct xm_sasl_policy *policy, const char *mechanisms, const char *types,
                  enum channel which, struct xm_sasl_choice *choice, const char **why)
{
    struct words offered;
    struct words announced;
    split(&offered, mechanisms);
    split(&announced, types);
    struct xm_sasl_offer offer = {offered.words, offered.n, announced.words, announced.n};
    struct xm_sasl_channel channel = make_channel(which);
    *choice = (struct xm_sasl_choice){.mechanism = "untouched"};
    *why = NULL;
    return xm_sasl_choose(policy, &offer, &channel, choice, why);
}

#define ALL3  "SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-512"
#define PLUS3 "SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS SCRAM-SHA-512-PLUS"
#define END   "tls-server-end-point"

static const struct {
    int binding;
    enum channel channel;
    const char *mechanisms;
    const char *types;
    int code;
    const char *mechanism;
    char flag;
    const char *type;
    const char *fact;
} rows[] = {
    /* The stronger hash first, in whatever order they come. */
    {MAY, CLEAR, ALL3, "", 0, "SCRAM-SHA-512", 'n', NULL, "binding not used: no TLS of ours"},
    {MAY, CLEAR, "SCRAM-SHA-256 SCRAM-SHA-1", "", 0, "SCRAM-SHA-256", 'n', NULL,
     "binding not used: no TLS of ours"},
    {MAY, CLEAR, "PLAIN SCRAM-SHA-1", "", 0, "SCRAM-SHA-1", 'n', NULL,
     "binding not used: no TLS of ours"},

    /* 'y' only when neither a -PLUS mechanism nor a type was offered. */
    {MAY, TLS13, ALL3, "", 0, "SCRAM-SHA-512", 'y', NULL, "binding not used: not offered"},
    {MAY, TLS12, ALL3, "", 0, "SCRAM-SHA-512", 'y', NULL, "binding not used: not offered"},
    {MAY, OLD12, ALL3, "", 0, "SCRAM-SHA-512", 'y', NULL, "binding not used: not offered"},
    {MAY, ODD13, "SCRAM-SHA-1", "", 0, "SCRAM-SHA-1", 'y', NULL, "binding not used: not offered"},

    /* Once any -PLUS was seen never 'y', also not for another hash, nor for one of a mechanism that
     * is not known. */
    {MAY, TLS13, "SCRAM-SHA-256 SCRAM-SHA-1-PLUS", "", 0, "SCRAM-SHA-256", 'n', NULL,
     "binding not used: types not announced"},
    {MAY, TLS13, "SCRAM-SHA-256 SCRAM-SHA3-512-PLUS", "", 0, "SCRAM-SHA-256", 'n', NULL,
     "binding not used: no -PLUS mechanism that is known"},
    {MAY, TLS12, "SCRAM-SHA-256 GS2-KRB5-PLUS", "", 0, "SCRAM-SHA-256", 'n', NULL,
     "binding not used: no -PLUS mechanism that is known"},
    {MUST, TLS12, "SCRAM-SHA-256 GS2-KRB5-PLUS", "", NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, TLS13, "SCRAM-SHA-256 SCRAM-SHA3-512-PLUS", "tls-exporter", NO_BINDING, NULL, 0, NULL,
     NULL},

    /* 'n' when the connection has no TLS of ours, whatever is offered. */
    {MAY, CLEAR, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: no TLS of ours"},
    {MAY, CLEAR, ALL3 " " PLUS3, "tls-exporter", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: no TLS of ours"},
    {MAY, CLEAR, "SCRAM-SHA-1", "tls-exporter", 0, "SCRAM-SHA-1", 'n', NULL,
     "binding not used: no TLS of ours"},
    {MAY, CLEAR, PLUS3, "", NO_MECHANISM, NULL, 0, NULL, NULL},
    {MUST, CLEAR, ALL3 " " PLUS3, "tls-exporter", NO_BINDING, NULL, 0, NULL, NULL},

    /* 'n' as well when the application told no binding of its TLS; once it told one, its TLS is as
     * ours. */
    {MAY, OWN, ALL3, "", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: the transport told none"},
    {MAY, OWN, ALL3 " " PLUS3, "tls-exporter", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: the transport told none"},
    {MUST, OWN, ALL3 " " PLUS3, "tls-exporter", NO_BINDING, NULL, 0, NULL, NULL},
    {MUST, OWN, ALL3, "", NO_BINDING, NULL, 0, NULL, NULL},
    {OFF, OWN, ALL3, "", 0, "SCRAM-SHA-512", 'n', NULL, "binding not used: switched off"},
    {MAY, OWN_END, ALL3 " " PLUS3, END " tls-exporter", 0, "SCRAM-SHA-512-PLUS", 'p', END, NULL},
    {MAY, OWN_END, ALL3 " " PLUS3, "tls-exporter", NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, OWN_END, ALL3, "", 0, "SCRAM-SHA-512", 'y', NULL, "binding not used: not offered"},

    /* Switched off: never -PLUS, and 'n'. */
    {OFF, TLS13, ALL3 " " PLUS3, "tls-exporter", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: switched off"},
    {OFF, TLS13, ALL3, "", 0, "SCRAM-SHA-512", 'n', NULL, "binding not used: switched off"},
    {OFF, TLS13, ALL3, "tls-exporter", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: switched off"},
    {OFF, TLS12, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: switched off"},
    {OFF, TLS13, PLUS3, "tls-exporter", NO_MECHANISM, NULL, 0, NULL, NULL},

    /* A -PLUS mechanism goes before any without, then the stronger hash. */
    {MAY, TLS13, ALL3 " " PLUS3, "tls-exporter", 0, "SCRAM-SHA-512-PLUS", 'p', "tls-exporter",
     NULL},
    {MAY, TLS13, ALL3 " SCRAM-SHA-1-PLUS", "tls-exporter", 0, "SCRAM-SHA-1-PLUS", 'p',
     "tls-exporter", NULL},
    {MAY, TLS13, ALL3 " SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS", "tls-exporter", 0,
     "SCRAM-SHA-256-PLUS", 'p', "tls-exporter", NULL},
    {MAY, TLS13, "SCRAM-SHA-1-PLUS", "tls-exporter", 0, "SCRAM-SHA-1-PLUS", 'p', "tls-exporter",
     NULL},

    /* Among the announced types: what is unique to the channel before the end-point. */
    {MAY, TLS13, PLUS3, END " tls-exporter", 0, "SCRAM-SHA-512-PLUS", 'p', "tls-exporter", NULL},
    {MAY, TLS13, PLUS3, END " tls-unique", 0, "SCRAM-SHA-512-PLUS", 'p', END, NULL},
    {MAY, TLS12, PLUS3, END " tls-unique tls-exporter", 0, "SCRAM-SHA-512-PLUS", 'p',
     "tls-exporter", NULL},
    {MAY, TLS12, PLUS3, END " tls-unique", 0, "SCRAM-SHA-512-PLUS", 'p', "tls-unique", NULL},
    {MAY, TLS12, PLUS3, END, 0, "SCRAM-SHA-512-PLUS", 'p', END, NULL},
    {MAY, OLD12, PLUS3, END " tls-unique tls-exporter", 0, "SCRAM-SHA-512-PLUS", 'p', END, NULL},
    {MAY, LYING12, PLUS3, END " tls-unique tls-exporter", 0, "SCRAM-SHA-512-PLUS", 'p', END, NULL},
    {MUST, TLS13, ALL3 " " PLUS3, END, 0, "SCRAM-SHA-512-PLUS", 'p', END, NULL},

    /* Types announced and none of them ours: the end-point if it is announced, else the end. */
    {MAY, TLS13, ALL3 " " PLUS3, "tls-other " END, 0, "SCRAM-SHA-512-PLUS", 'p', END, NULL},
    {MAY, TLS13, ALL3 " " PLUS3, "tls-other", NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, TLS13, ALL3 " " PLUS3, "tls-unique", NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, LYING12, ALL3 " " PLUS3, "tls-unique tls-exporter", NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, ODD13, ALL3 " " PLUS3, END, NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, TLS13, ALL3 " " PLUS3, "TLS-EXPORTER", NO_BINDING, NULL, 0, NULL, NULL},
    {MUST, TLS13, ALL3 " " PLUS3, "tls-other", NO_BINDING, NULL, 0, NULL, NULL},

    /* Types announced without any -PLUS: the end, not even PLAIN. */
    {MAY, TLS13, ALL3, "tls-exporter", NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, TLS12, ALL3, END, NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, TLS13, ALL3, "tls-other", NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, TLS13, "PLAIN DIGEST-MD5", "tls-exporter", NO_BINDING, NULL, 0, NULL, NULL},
    {MUST, TLS13, ALL3, "tls-exporter", NO_BINDING, NULL, 0, NULL, NULL},

    /* -PLUS without types: tls-unique on TLS 1.2 with extended master secret, … */
    {MAY, TLS12, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512-PLUS", 'p', "tls-unique", NULL},
    {MAY, TLS12, ALL3 " SCRAM-SHA-1-PLUS", "", 0, "SCRAM-SHA-1-PLUS", 'p', "tls-unique", NULL},
    {MUST, TLS12, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512-PLUS", 'p', "tls-unique", NULL},
    /* … plain SCRAM and the fact on TLS 1.3, … */
    {MAY, TLS13, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: types not announced"},
    {MAY, ODD13, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: types not announced"},
    /* … tls-exporter there if it is required, or if there is no plain SCRAM to use. */
    {MUST, TLS13, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512-PLUS", 'p', "tls-exporter", NULL},
    {MAY, TLS13, PLUS3 " PLAIN", "", 0, "SCRAM-SHA-512-PLUS", 'p', "tls-exporter", NULL},
    /* Without the extended master secret nothing sound is left: plain, or the end. */
    {MAY, OLD12, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: types not announced"},
    {MAY, LYING12, ALL3 " " PLUS3, "", 0, "SCRAM-SHA-512", 'n', NULL,
     "binding not used: types not announced"},
    {MUST, OLD12, ALL3 " " PLUS3, "", NO_BINDING, NULL, 0, NULL, NULL},
    {MUST, LYING12, ALL3 " " PLUS3, "", NO_BINDING, NULL, 0, NULL, NULL},
    {MAY, OLD12, PLUS3 " PLAIN", "", NO_BINDING, NULL, 0, NULL, NULL},

    /* Required and nothing of it offered. */
    {MUST, TLS13, ALL3, "", NO_BINDING, NULL, 0, NULL, NULL},
    {MUST, TLS13, "PLAIN DIGEST-MD5", "", NO_BINDING, NULL, 0, NULL, NULL},
    {MUST, TLS13, "", "", NO_BINDING, NULL, 0, NULL, NULL},

    /* Nothing that is known, allowed, or spelled right. */
    {MAY, TLS13, "", "", NO_MECHANISM, NULL, 0, NULL, NULL},
    {MAY, TLS13, "PLAIN", "", NO_MECHANISM, NULL, 0, NULL, NULL},
    {MAY, TLS13, "DIGEST-MD5", "", NO_MECHANISM, NULL, 0, NULL, NULL},
    {MAY, TLS13, "EXTERNAL ANONYMOUS LOGIN CRAM-MD5 NTLM GSSAPI X-OAUTH2 OAUTHBEARER", "",
     NO_MECHANISM, NULL, 0, NULL, NULL},
    {MAY, TLS13, "scram-sha-1 SCRAM-SHA-1x SCRAM-SHA-2", "", NO_MECHANISM, NULL, 0, NULL, NULL},
};

static void every_sentence_of_the_rules(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_sasl_policy policy = kit_policy;
        struct xm_sasl_choice choice;
        const char *why;
        check_note("row %zu: binding %d, channel %d, \"%s\", \"%s\"", i, rows[i].binding,
                   rows[i].channel, rows[i].mechanisms, rows[i].types);
        policy.binding = rows[i].binding;
        int code =
            choose(&policy, rows[i].mechanisms, rows[i].types, rows[i].channel, &choice, &why);
        CHECK_INT(code, rows[i].code);
        if (rows[i].code < 0) {
            CHECK(why != NULL);
            CHECK_STR(choice.mechanism, "untouched");
            continue;
        }
        CHECK_STR(choice.mechanism, rows[i].mechanism);
        CHECK_INT(choice.gs2_flag, rows[i].flag);
        CHECK_STR(choice.binding_type, rows[i].type);
        CHECK_STR(choice.binding_fact, rows[i].fact);
        CHECK_INT(choice.needs_password, 1);
    }
}

static void no_other_offer_gives_y(void)
{
    static const char *const mechanisms[] = {"SCRAM-SHA-1", "SCRAM-SHA-256 SCRAM-SHA-1-PLUS",
                                             "SCRAM-SHA-512-PLUS", "X-PLUS SCRAM-SHA-1"};
    static const char *const types[] = {"", "tls-exporter", "tls-other", "tls-unique tls-exporter"};
    for (size_t i = 0; i < 4 * 4 * 6 * 3; i++) {
        struct xm_sasl_policy policy = kit_policy;
        struct xm_sasl_choice choice;
        const char *why;
        size_t m = i % 4;
        size_t t = i / 4 % 4;
        enum channel channel = (enum channel)(i / 16 % 6);
        policy.binding = (int)(i / 96);
        int code = choose(&policy, mechanisms[m], types[t], channel, &choice, &why);
        int expects_y = m == 0 && t == 0 && channel != CLEAR && policy.binding == MAY;
        check_note("case %zu", i);
        CHECK_INT(code == 0 && choice.gs2_flag == 'y', expects_y);
        CHECK_INT(code == 0 && choice.gs2_flag == 'p', code == 0 && choice.binding_type != NULL);
        CHECK(code < 0 || policy.binding != MUST || choice.gs2_flag == 'p');
    }
}

enum { PLAIN = 1, MD5 = 2, ANON = 4, CERT = 8, UNVERIFIED = 16, NOBODY = 32, NOPASS = 64 };

/* What needs leave. */
static const struct {
    unsigned leave;
    int binding;
    enum channel channel;
    const char *mechanisms;
    int code;
    const char *mechanism;
    int needs_password;
} leave_rows[] = {
    {PLAIN, MAY, TLS13, "PLAIN", 0, "PLAIN", 1},
    {PLAIN, MAY, TLS13, "PLAIN SCRAM-SHA-1", 0, "SCRAM-SHA-1", 1},
    {PLAIN | UNVERIFIED, MAY, TLS13, "PLAIN", NO_MECHANISM, NULL, 0},
    {PLAIN, MAY, CLEAR, "PLAIN", NO_MECHANISM, NULL, 0},
    {PLAIN, OFF, TLS13, "PLAIN", 0, "PLAIN", 1},
    {PLAIN, MUST, TLS13, "PLAIN", NO_BINDING, NULL, 0},
    {MD5, MAY, TLS13, "PLAIN DIGEST-MD5", 0, "DIGEST-MD5", 1},
    {MD5, MAY, TLS13, "DIGEST-MD5 SCRAM-SHA-1", 0, "SCRAM-SHA-1", 1},
    {MD5 | PLAIN, MAY, TLS13, "PLAIN DIGEST-MD5", 0, "DIGEST-MD5", 1},
    {MD5 | PLAIN, MAY, TLS13, "PLAIN", 0, "PLAIN", 1},
    {MD5, MUST, TLS13, "DIGEST-MD5", NO_BINDING, NULL, 0},

    {ANON, MAY, TLS13, "SCRAM-SHA-1 ANONYMOUS", 0, "ANONYMOUS", 0},
    {ANON | NOBODY | NOPASS, MAY, CLEAR, "ANONYMOUS", 0, "ANONYMOUS", 0},
    {ANON | PLAIN | CERT, MAY, TLS13, "SCRAM-SHA-1 PLAIN EXTERNAL", NO_MECHANISM, NULL, 0},
    {ANON, MUST, TLS13, "ANONYMOUS", NO_BINDING, NULL, 0},

    {CERT, MAY, TLS13, "SCRAM-SHA-512-PLUS EXTERNAL", 0, "EXTERNAL", 0},
    {CERT | NOBODY | NOPASS, MAY, TLS13, "EXTERNAL", 0, "EXTERNAL", 0},
    {CERT, MAY, TLS13, "SCRAM-SHA-1", 0, "SCRAM-SHA-1", 1},
    {CERT, MAY, CLEAR, "EXTERNAL SCRAM-SHA-1", 0, "SCRAM-SHA-1", 1},
    {CERT | NOBODY, MAY, TLS13, "SCRAM-SHA-1", NO_MECHANISM, NULL, 0},
    {CERT, MUST, TLS13, "EXTERNAL", NO_BINDING, NULL, 0},
    {0, MAY, TLS13, "EXTERNAL SCRAM-SHA-1", 0, "SCRAM-SHA-1", 1},

    {NOBODY, MAY, TLS13, "SCRAM-SHA-1", NO_MECHANISM, NULL, 0},
    {NOPASS, MAY, TLS13, "SCRAM-SHA-1", 0, "SCRAM-SHA-1", 1}, /* it is asked for then */
};

static void what_needs_leave_is_not_used_without(void)
{
    for (size_t i = 0; i < sizeof leave_rows / sizeof *leave_rows; i++) {
        unsigned leave = leave_rows[i].leave;
        struct xm_sasl_policy policy = kit_policy;
        policy.allow_plain = (leave & PLAIN) != 0;
        policy.allow_digest_md5 = (leave & MD5) != 0;
        policy.anonymous = (leave & ANON) != 0;
        policy.external = (leave & CERT) != 0;
        policy.authcid = leave & NOBODY ? NULL : "user";
        policy.password = leave & NOPASS ? NULL : "pencil";
        policy.binding = leave_rows[i].binding;
        struct words offered;
        split(&offered, leave_rows[i].mechanisms);
        struct xm_sasl_offer offer = {offered.words, offered.n, NULL, 0};
        struct xm_sasl_channel channel = make_channel(leave_rows[i].channel);
        channel.verified = channel.verified && !(leave & UNVERIFIED);
        struct xm_sasl_choice choice;
        const char *why = NULL;
        check_note("row %zu: \"%s\"", i, leave_rows[i].mechanisms);
        int code = xm_sasl_choose(&policy, &offer, &channel, &choice, &why);
        CHECK_INT(code, leave_rows[i].code);
        if (code < 0) {
            CHECK(why != NULL);
            continue;
        }
        CHECK_STR(choice.mechanism, leave_rows[i].mechanism);
        CHECK_INT(choice.needs_password, leave_rows[i].needs_password);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"every sentence of the rules", every_sentence_of_the_rules},
        {"no other offer gives y", no_other_offer_gives_y},
        {"what needs leave is not used without", what_needs_leave_is_not_used_without},
    };
    return CHECK_MAIN(argc, argv, "sasl-choose", cases);
}
