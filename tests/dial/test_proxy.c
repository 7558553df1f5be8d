/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is true of every proxy, whichever its kind: nothing stands behind its answer, what must never be
 * said to one, memory that runs out, and secrets that stay behind. The dialogues are in test_socks5.c
 * and test_http_connect.c. */
#include <malloc.h>
#include <string.h>

#include "base/buf.h"
#include "check.h"
#include "dial/proxy.h"
#include "nomem.h"
#include "talk.h"
#include "xmpp/error.h"

/* The server may not speak first, and a proxy not for it. */
static void nothing_may_stand_behind_the_answer(void)
{
    static const struct {
        const struct xm_proxy_config *config;
        struct bytes answer;
    } rows[] = {
        {&talk_socks, B("\5\0" CONNECTED)},
        {&talk_socks, B("\5\0\5\0\0\3\1a\0\0")},
        {&talk_http, B(OK "\r\n")},
        {&talk_http, B("HTTP/1.1 200\n\n")},
        {&talk_http, B(OK "Content-Length: 1\r\n\r\n")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int in_one = 0; in_one < 2; in_one++) {
            struct xm_buf out = {0};
            struct xm_proxy *proxy = NULL;
            char said[64] = {0};
            size_t n = rows[i].answer.n;
            memcpy(said, rows[i].answer.at, n);
            said[n] = '<';
            check_note("row %zu, %d", i, in_one);
            CHECK_INT(xm_proxy_new(&proxy, rows[i].config, &out), 0);
            if (!in_one) {
                CHECK_INT(xm_proxy_recv(proxy, (const uint8_t *)said, n), 1);
                CHECK_STR(xm_proxy_get_reason(proxy), "");
            }
            CHECK_INT(
                xm_proxy_recv(proxy, (const uint8_t *)said + (in_one ? 0 : n), in_one ? n + 1 : 1),
                XMPP_E_PROTOCOL);
            CHECK_STR(xm_proxy_get_reason(proxy), "there are bytes behind the proxy's answer");
            xm_proxy_free(proxy);
            xm_buf_done(&out);
        }
    }
}

/* Threats 33 and 34: what is refused is refused before a byte is said. */
static void what_a_proxy_can_be_given(void)
{
#define HOST                                                                                       \
    "a proxy can be given a name of up to 255 letters, digits, '-', '_' and '.', "                 \
    "or an address"
#define LOGIN    "a SOCKS5 proxy takes a user and a password of 1 to 255 bytes each"
#define USER     "the user for an HTTP proxy has a colon or a control character, or is too long"
#define PASSWORD "the password for an HTTP proxy has a control character, or is too long"
#define NO_USER  "there is a password for the proxy, but no user"
    static char max[1025];
    static char more[1026];
    memset(max, 'x', 1024);
    memset(more, 'x', 1025);
    const struct {
        struct xm_proxy_config config;
        const char *why; /* NULL: it can */
    } rows[] = {
        {{XM_PROXY_HTTP, "xn--bcher-kva.example", 1, NULL, NULL}, NULL},
        {{XM_PROXY_HTTP, "A.EXAMPLE.", 65535, "", ""}, NULL},
        {{XM_PROXY_HTTP, "::", 1, "j\xc3\xbcrgen", "p:\xc3\xa4 ss"}, NULL},
        {{XM_PROXY_HTTP, NAME, 1, max, max}, NULL},
        {{XM_PROXY_SOCKS5, NAME, 1, "a:\n", "\1"}, NULL}, /* they are counted, not delimited */
        {{XM_PROXY_SOCKS5, "::ffff:192.0.2.1", 1, NULL, NULL}, NULL},
        {{(enum xm_proxy_kind)0, NAME, 1, NULL, NULL}, "there is no such kind of proxy"},
        {{(enum xm_proxy_kind)3, NAME, 1, NULL, NULL}, "there is no such kind of proxy"},
        {{XM_PROXY_HTTP, NAME, 0, NULL, NULL}, "a proxy cannot connect to port 0"},
        {{XM_PROXY_HTTP, NULL, 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, ".", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "-o", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, LONG_255 "x", 1, NULL, NULL}, HOST},
        {{XM_PROXY_SOCKS5, LONG_255 "x", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "a\r\nEvil: yes", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "a\nb", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "a b", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "a:25 HTTP/1.1", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "example.org:25", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "user@example.org", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "a/b", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "a,b", 1, NULL, NULL}, HOST},
        {{XM_PROXY_HTTP, "a_b", 1, NULL, NULL}, NULL},
        {{XM_PROXY_HTTP,
          "b\xc3\xbc"
          "cher.example",
          1, NULL, NULL},
         HOST},
        {{XM_PROXY_HTTP, "[::1]", 1, NULL, NULL}, HOST},
        {{XM_PROXY_SOCKS5, "fe80::1%2", 1, NULL, NULL}, HOST},
        {{XM_PROXY_SOCKS5, "a\tb", 1, NULL, NULL}, HOST},
        {{XM_PROXY_SOCKS5, NAME, 1, NULL, "p"}, NO_USER},
        {{XM_PROXY_HTTP, NAME, 1, NULL, "p"}, NO_USER},
        {{XM_PROXY_SOCKS5, NAME, 1, "", "p"}, LOGIN},
        {{XM_PROXY_SOCKS5, NAME, 1, "u", ""}, LOGIN},
        {{XM_PROXY_SOCKS5, NAME, 1, "u", NULL}, LOGIN},
        {{XM_PROXY_SOCKS5, NAME, 1, LONG_255 "x", "p"}, LOGIN},
        {{XM_PROXY_SOCKS5, NAME, 1, "u", LONG_255 "x"}, LOGIN},
        {{XM_PROXY_HTTP, NAME, 1, "u:v", "p"}, USER},
        {{XM_PROXY_HTTP, NAME, 1, "u\r\nEvil: yes", "p"}, USER},
        {{XM_PROXY_HTTP, NAME, 1, "u\x7f", "p"}, USER},
        {{XM_PROXY_HTTP, NAME, 1, more, "p"}, USER},
        {{XM_PROXY_HTTP, NAME, 1, "u", "p\n"}, PASSWORD},
        {{XM_PROXY_HTTP, NAME, 1, "u", "\x1f"}, PASSWORD},
        {{XM_PROXY_HTTP, NAME, 1, "u", more}, PASSWORD},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct xm_buf out = {0};
        struct xm_proxy *proxy = NULL;
        const char *why = NULL;
        check_note("row %zu", i);
        CHECK_INT(xm_proxy_check(&rows[i].config, &why), rows[i].why == NULL);
        CHECK_STR(why, rows[i].why);
        CHECK_INT(xm_proxy_new(&proxy, &rows[i].config, &out), rows[i].why ? XMPP_E_INVAL : 0);
        CHECK_INT(xm_buf_len(&out) > 0, rows[i].why == NULL);
        CHECK_INT(proxy != NULL, rows[i].why == NULL);
        xm_proxy_free(proxy);
        xm_buf_done(&out);
    }
}

static const struct xm_proxy_config with_login[] = {
    {XM_PROXY_SOCKS5, LONG_255, 5222, LONG_255, LONG_255},
    {XM_PROXY_HTTP, LONG_255, 5222, LONG_255, LONG_255},
};
static const struct bytes all_said[] = {B("\5\2\1\0" CONNECTED), B(OK "\r\n")};

/* Something else is in `out`, which must grow in the middle of what is said. */
static void memory_runs_out(void)
{
    for (size_t i = 0; i < COUNT(with_login); i++) {
        int failures = 0;
        for (int n = 0, hit = 1; hit; n++) {
            struct xm_buf out = {0};
            struct xm_proxy *proxy = NULL;
            check_note("kind %zu, allocation %d", i, n);
            CHECK_INT(xm_buf_add(&out, LONG_255, 255), 0);
            nomem_at(n);
            int code = xm_proxy_new(&proxy, &with_login[i], &out);
            CHECK(code == 0 || (!proxy && xm_buf_len(&out) == 255));
            if (code == 0) {
                code = talk_hear(proxy, all_said[i], TALK_BYTEWISE);
            }
            hit = nomem_end();
            CHECK_INT(code, hit ? XMPP_E_NOMEM : 1);
            CHECK(!hit || !proxy || xm_proxy_recv(proxy, (const uint8_t *)"", 1) == XMPP_E_NOMEM);
            failures += hit;
            xm_proxy_free(proxy);
            xm_buf_done(&out);
        }
        CHECK(failures >= 3);
    }
}

void __real_free(void *memory);
void __wrap_free(void *memory);
static const char *forbidden; /* NULL: nothing is looked for */
static int found;

static int holds_it(void *memory)
{
    return memmem(memory, malloc_usable_size(memory), forbidden, strlen(forbidden)) != NULL;
}

void __wrap_free(void *memory)
{
    found += memory && forbidden && holds_it(memory);
    __real_free(memory);
}

/* Threat 23, wherever it ends: before a word was heard, after each byte, in the end. */
static void no_secret_stays_behind(void)
{
    static const struct {
        struct xm_proxy_config config;
        struct bytes said;
        const char *secret;
    } rows[] = {
        {{XM_PROXY_SOCKS5, NAME, 1, "u", SECRET}, B("\5\2\1\0" CONNECTED), SECRET},
        {{XM_PROXY_SOCKS5, NAME, 1, "u", SECRET}, B("\5\0" CONNECTED), SECRET},
        {{XM_PROXY_SOCKS5, NAME, 1, "u", SECRET}, B("\5\2\1\1"), SECRET},
        {{XM_PROXY_SOCKS5, NAME, 1, "u", SECRET}, B("\5\xff"), SECRET},
        {{XM_PROXY_HTTP, NAME, 1, "u", SECRET}, B(OK "\r\n"), "dTpjb3JyZWN0IGhvcnNl"},
        {{XM_PROXY_HTTP, NAME, 1, "u", SECRET}, B("HTTP/1.1 407 No\r\n"), SECRET},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t n = 0; n <= rows[i].said.n; n++) {
            struct xm_buf out = {0};
            struct xm_proxy *proxy = NULL;
            found = 0;
            forbidden = rows[i].secret;
            check_note("row %zu, left after %zu bytes", i, n);
            CHECK_INT(xm_proxy_new(&proxy, &rows[i].config, &out), 0);
            talk_hear(proxy, (struct bytes){rows[i].said.at, n}, TALK_BYTEWISE);
            /* of SOCKS5 it is sent, or known not to be, when the method is */
            int may_hold = rows[i].config.kind == XM_PROXY_SOCKS5 && n < 2;
            CHECK_INT(holds_it(proxy), may_hold);
            xm_proxy_free(proxy);
            CHECK(out.is_secret);
            CHECK(xm_buf_reserve(&out, 5000) != NULL); /* it grows, and moves */
            xm_buf_done(&out);
            forbidden = NULL;
            CHECK_INT(found, 0);
        }
    }
}

/* That looking for secrets finds one. */
static void a_secret_would_be_found(void)
{
    struct xm_buf plain = {0};
    CHECK_INT(xm_buf_add_text(&plain, SECRET), 0);
    found = 0;
    forbidden = SECRET;
    xm_buf_done(&plain);
    forbidden = NULL;
    CHECK_INT(found, 1);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"nothing may stand behind the answer", nothing_may_stand_behind_the_answer},
        {"what a proxy can be given", what_a_proxy_can_be_given},
        {"memory runs out", memory_runs_out},
        {"no secret stays behind", no_secret_stays_behind},
        {"a secret would be found", a_secret_would_be_found},
    };
    return CHECK_MAIN(argc, argv, "proxy", cases);
}
