/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a server of DIGEST-MD5 may ask, and everything like it that it may not: RFC 2831 2.1.1. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kit.h"
#include "sasl/digest_challenge.h"
#include "xmpp/error.h"

#define END ",qop=\"auth\",algorithm=md5-sess"

/* Reads a copy of exactly n bytes, so that one byte more is seen by the sanitizer. */
static int read_copy(struct xm_buf *out, const char *text, size_t n, const char **ret_why)
{
    uint8_t *copy = malloc(n > 0 ? n : 1);
    memcpy(copy, text, n);
    int code = xm_digest_challenge(out, copy, n, "example.org", ret_why);
    free(copy);
    return code;
}

static void what_is_understood_is_written_anew(void)
{
    static const struct {
        const char *challenge;
        const char *anew;
    } rows[] = {
        /* RFC 2831 4 */
        {"realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\","
         "algorithm=md5-sess,charset=utf-8",
         "nonce=\"OA6MG9tEQGm2hh\",realm=\"elwood.innosoft.com\",charset=utf-8" END},
        {"nonce=\"x\",algorithm=md5-sess", "nonce=\"x\"" END},
        /* what is quoted differs, and so do case and space */
        {"nonce=x,algorithm=\"md5-sess\",charset=\"utf-8\",qop=auth",
         "nonce=\"x\",charset=utf-8" END},
        {"NONCE=\"x\", Algorithm = MD5-sess ,\tCharset=UTF-8,qop=\"AUTH\"",
         "nonce=\"x\",charset=utf-8" END},
        {",, nonce=\"x\",, ,algorithm=md5-sess , ", "nonce=\"x\"" END},
        /* only authentication is wanted, whatever else is offered */
        {"nonce=\"x\",algorithm=md5-sess,qop=\"auth-int, auth,auth-conf\",cipher=\"3des,rc4\","
         "maxbuf=65536",
         "nonce=\"x\"" END},
        {"nonce=\"x\",algorithm=md5-sess,opaque=\"a,b\",opaque=\"\\\"\",domain=\"d\",new=thing",
         "nonce=\"x\"" END},
        /* one realm is taken as it is; of several the domain */
        {"nonce=\"x\",algorithm=md5-sess,realm=\"other realm\"",
         "nonce=\"x\",realm=\"other realm\"" END},
        {"nonce=\"x\",algorithm=md5-sess,realm=\"\"", "nonce=\"x\",realm=\"\"" END},
        {"nonce=\"x\",algorithm=md5-sess,realm=\"a=b,c\"", "nonce=\"x\",realm=\"a=b,c\"" END},
        {"realm=\"first\",realm=\"example.org\",realm=\"last\",nonce=\"x\",algorithm=md5-sess",
         "nonce=\"x\",realm=\"example.org\"" END},
        {"realm=\"example.org\",realm=\"quoted \\\" pair\",nonce=\"x\",algorithm=md5-sess",
         "nonce=\"x\",realm=\"example.org\"" END},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_buf out = {0};
        const char *why = NULL;
        check_note("row %zu", i);
        CHECK_INT(read_copy(&out, rows[i].challenge, strlen(rows[i].challenge), &why), 0);
        CHECK_MEM(xm_buf_head(&out), xm_buf_len(&out), rows[i].anew, strlen(rows[i].anew));
        CHECK(why == NULL);
        xm_buf_done(&out);
    }
}

static const struct {
    const char *challenge;
    const char *why;
} refused[] = {
    {"", "challenge is empty, too long or not text"},
    {",", "no nonce in the challenge"},
    {"algorithm=md5-sess", "no nonce in the challenge"},
    {"nonce=\"\",algorithm=md5-sess", "no nonce in the challenge"},
    {"nonce=\"a\\\"b\",algorithm=md5-sess", "no nonce in the challenge"},
    {"nonce=\"\xc3\xa4\",algorithm=md5-sess", "no nonce in the challenge"},
    {"nonce=\"x\ny\",algorithm=md5-sess", "no nonce in the challenge"},
    {"nonce=,algorithm=md5-sess", "malformed challenge"},
    {"nonce", "malformed challenge"},
    {"nonce=", "malformed challenge"},
    {"=x", "malformed challenge"},
    {"\"", "malformed challenge"},
    {"nonce=\"x,algorithm=md5-sess", "malformed challenge"},
    {"nonce=\"x\\", "malformed challenge"},
    {"nonce=\"x\\\"", "malformed challenge"},
    {"nonce=\"x\"y,algorithm=md5-sess", "malformed challenge"},
    {"nonce=\"x\" algorithm=md5-sess", "malformed challenge"},
    {"nonce=\"x\",algorithm=md5 sess", "malformed challenge"},
    {"nonce=\"x\",nonce=\"x\",algorithm=md5-sess", "a directive of the challenge comes twice"},
    {"nonce=\"x\",Nonce=\"y\",algorithm=md5-sess", "a directive of the challenge comes twice"},
    {"nonce=\"\",nonce=\"y\",algorithm=md5-sess", "a directive of the challenge comes twice"},
    {"nonce=\"x\",algorithm=md5-sess,algorithm=md5-sess",
     "a directive of the challenge comes twice"},
    {"nonce=\"x\",charset=utf-8,charset=utf-8,algorithm=md5-sess",
     "a directive of the challenge comes twice"},
    {"nonce=\"x\",qop=auth,qop=auth,algorithm=md5-sess",
     "a directive of the challenge comes twice"},
    {"nonce=\"x\",stale=true,stale=true,algorithm=md5-sess",
     "a directive of the challenge comes twice"},
    {"nonce=\"x\",maxbuf=1,maxbuf=1,algorithm=md5-sess",
     "a directive of the challenge comes twice"},
    {"nonce=\"x\",cipher=des,cipher=des,algorithm=md5-sess",
     "a directive of the challenge comes twice"},
    {"nonce=\"x\"", "the algorithm of the challenge is not md5-sess"},
    {"nonce=\"x\",algorithm=md5", "the algorithm of the challenge is not md5-sess"},
    {"nonce=\"x\",algorithm=md5-sess2", "the algorithm of the challenge is not md5-sess"},
    {"nonce=\"x\",algorithm=\"md5-sess,md5\"", "the algorithm of the challenge is not md5-sess"},
    {"nonce=\"x\",algorithm=md5-sess,charset=latin1", "the charset of the challenge is not utf-8"},
    {"nonce=\"x\",algorithm=md5-sess,qop=\"auth-conf\"",
     "the challenge does not offer mere authentication"},
    {"nonce=\"x\",algorithm=md5-sess,qop=\"\"", "the challenge does not offer mere authentication"},
    {"nonce=\"x\",algorithm=md5-sess,qop=\"author,none\"",
     "the challenge does not offer mere authentication"},
    {"nonce=\"x\",algorithm=md5-sess,realm=\"a\",realm=\"b\"",
     "none of several realms is the domain"},
    {"nonce=\"x\",algorithm=md5-sess,realm=\"a\",realm=\"a\"",
     "none of several realms is the domain"},
    {"nonce=\"x\",algorithm=md5-sess,realm=\"a\",realm=\"EXAMPLE.org\"",
     "none of several realms is the domain"},
    {"nonce=\"x\",algorithm=md5-sess,realm=\"a\\\"b\"", "the realm cannot be used"},
    {"nonce=\"x\",algorithm=md5-sess,realm=\"\xff\"", "the realm cannot be used"},
    {"nonce=\"x\",algorithm=md5-sess,realm=\"\x01\"", "the realm cannot be used"},
};

static void what_is_doubtful_is_refused(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct xm_buf out = {0};
        const char *why = NULL;
        check_note("row %zu: %s", i, refused[i].challenge);
        CHECK_INT(read_copy(&out, refused[i].challenge, strlen(refused[i].challenge), &why),
                  XMPP_E_AUTH_PROTOCOL);
        CHECK_STR(why, refused[i].why);
        CHECK_INT(xm_buf_len(&out), 0);
        xm_buf_done(&out);
    }
}

/* The same through the exchange: nothing is said to such a server. */
static void the_exchange_ends_with_the_reason(void)
{
    for (size_t i = 1; i < sizeof refused / sizeof *refused; i++) {
        struct xm_sasl_choice choice = kit_choice("DIGEST-MD5", 0, NULL);
        struct kit kit;
        check_note("row %zu: %s", i, refused[i].challenge);
        CHECK_INT(
            kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, "AAAAAAAAAAAAAAAAAAAAAAAA"), 0);
        CHECK_INT(kit_hear(&kit, refused[i].challenge), XMPP_E_AUTH_PROTOCOL);
        CHECK_STR(xm_sasl_get_reason(kit.sasl), refused[i].why);
        CHECK_INT(kit.n_text, 0);
        kit_end(&kit);
    }
}

static void the_answer_is_for_the_own_realm(void)
{
    struct xm_sasl_choice choice = kit_choice("DIGEST-MD5", 0, NULL);
    struct kit kit;
    CHECK_INT(kit_begin(&kit, &choice, &kit_policy, &kit_plain, NULL, "AAAAAAAAAAAAAAAAAAAAAAAA"),
              0);
    CHECK_INT(kit_hear(&kit, "realm=\"elsewhere\",realm=\"example.org\",nonce=\"OA6MG9tEQGm2hh\","
                             "algorithm=md5-sess"),
              XM_SASL_MORE);
    CHECK(strstr(kit.text, "realm=\"example.org\"") != NULL);
    CHECK(strstr(kit.text, "elsewhere") == NULL);
    CHECK(strstr(kit.text, "nonce=\"OA6MG9tEQGm2hh\"") != NULL);
    kit_end(&kit);
}

static void lengths_are_bounded(void)
{
    char text[XM_DIGEST_CHALLENGE_MAX + 1];
    static const char start[] = "nonce=\"x\",algorithm=md5-sess";
    struct xm_buf out = {0};
    const char *why = NULL;
    memset(text, ',', sizeof text);
    memcpy(text, start, sizeof start - 1);
    CHECK_INT(read_copy(&out, text, sizeof text, &why), XMPP_E_AUTH_PROTOCOL);
    CHECK_INT(xm_buf_len(&out), 0);
    CHECK_INT(read_copy(&out, text, sizeof text - 1, &why), 0);
    CHECK_MEM(xm_buf_head(&out), xm_buf_len(&out), "nonce=\"x\"" END, strlen("nonce=\"x\"" END));
    text[20] = '\0';
    CHECK_INT(read_copy(&out, text, sizeof text - 1, &why), XMPP_E_AUTH_PROTOCOL);
    xm_buf_done(&out);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"what is understood is written anew", what_is_understood_is_written_anew},
        {"what is doubtful is refused", what_is_doubtful_is_refused},
        {"the exchange ends with the reason", the_exchange_ends_with_the_reason},
        {"the answer is for the own realm", the_answer_is_for_the_own_realm},
        {"lengths are bounded", lengths_are_bounded},
    };
    return CHECK_MAIN(argc, argv, "sasl-digest-challenge", cases);
}
