/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said to a proxy and what it may answer, as dialogues: each is held with the proxy's words
 * whole, byte by byte, and cut once at every place. Then the proxy that lies, babbles and never
 * ends, what must never be said to one, memory that runs out, and secrets that stay behind. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "check.h"
#include "dial/proxy.h"
#include "nomem.h"
#include "xmpp/error.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
/* Bytes, NULs among them. */
#define B(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

struct bytes {
    const char *at;
    size_t n;
};

#define LONG_63  "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc"
#define LONG_255 LONG_63 "." LONG_63 "." LONG_63 "." LONG_63
#define SECRET   "correct horse"
#define NAME     "example.org"
/* RFC 1928 4, 6: CONNECT to example.org:5222, and what a proxy answers that has done so */
#define REQUEST   "\5\1\0\3\13" NAME "\x14\x66"
#define CONNECTED "\5\0\0\1\xc0\0\2\1\x04\x00"
#define HTTP      "CONNECT example.org:5222 HTTP/1.1\r\nHost: example.org:5222\r\n"

static const struct xm_proxy_config socks = {XM_PROXY_SOCKS5, NAME, 5222, NULL, NULL};
static const struct xm_proxy_config http = {XM_PROXY_HTTP, NAME, 5222, NULL, NULL};

struct turn {
    struct bytes ours; /* what must have been said, and nothing else */
    struct bytes theirs;
};

struct dialogue {
    const char *what;
    const struct xm_proxy_config *config;
    struct turn turns[3];
    int code; /* what the last word of the proxy leads to */
    const char *reason;
};

enum { BYTEWISE = -1 }; /* as a cut */

/* Hears n bytes cut at `cut`, each piece of its own size, so that reading beyond it is seen. */
static int hear(struct xm_proxy *proxy, struct bytes words, int cut)
{
    int code = 0;
    for (size_t at = 0; at < words.n;) {
        size_t n = cut == BYTEWISE ? 1 : at < (size_t)cut ? (size_t)cut - at : words.n - at;
        nomem_pause();
        uint8_t *piece = malloc(n);
        memcpy(piece, words.at + at, n);
        nomem_resume();
        code = xm_proxy_recv(proxy, piece, n);
        free(piece);
        at += n;
        if (code > 0) {
            CHECK_INT(at, words.n); /* open at the last byte, not before */
        }
    }
    return code;
}

static void hold(const struct dialogue *row, int cut)
{
    struct xm_buf out = {0};
    struct xm_proxy *proxy = NULL;
    int code = xm_proxy_new(&proxy, row->config, &out);
    if (!CHECK_INT(code, 0)) {
        return;
    }
    for (size_t i = 0; i < COUNT(row->turns) && row->turns[i].ours.n > 0; i++) {
        const struct turn *turn = &row->turns[i];
        CHECK_INT(code, 0);
        CHECK_MEM(xm_buf_head(&out), xm_buf_len(&out), turn->ours.at, turn->ours.n);
        xm_buf_clear(&out);
        int end = cut > (int)turn->theirs.n ? (int)turn->theirs.n : cut;
        code = hear(proxy, turn->theirs, end);
    }
    CHECK_INT(code, row->code);
    CHECK_STR(xm_proxy_get_reason(proxy), row->reason);
    CHECK_INT(xm_buf_len(&out), 0);
    CHECK_INT(xm_proxy_recv(proxy, NULL, 0), row->code);
    xm_proxy_free(proxy);
    xm_buf_done(&out);
}

static void hold_all(const struct dialogue *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t longest = 0;
        for (size_t t = 0; t < COUNT(rows[i].turns); t++) {
            size_t len = rows[i].turns[t].theirs.n;
            longest = len > longest ? len : longest;
        }
        for (int cut = BYTEWISE; cut < (int)longest; cut++) {
            check_note("%s, cut at %d", rows[i].what, cut);
            hold(&rows[i], cut);
        }
    }
}

/* RFC 1928, RFC 1929 */
static void socks5_dialogues(void)
{
    static const struct xm_proxy_config login = {XM_PROXY_SOCKS5, NAME, 5222, "juliet", SECRET};
    static const struct xm_proxy_config ipv4 = {XM_PROXY_SOCKS5, "192.0.2.1", 443, NULL, NULL};
    static const struct xm_proxy_config ipv6 = {XM_PROXY_SOCKS5, "2001:db8::1", 5223, NULL, NULL};
    static const struct xm_proxy_config longest = {XM_PROXY_SOCKS5, LONG_255, 1, LONG_255,
                                                   LONG_255};
    static const struct dialogue rows[] = {
        {"a name, no login", &socks, {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B(CONNECTED)}}, 1, ""},
        {"IPv4",
         &ipv4,
         {{B("\5\1\0"), B("\5\0")}, {B("\5\1\0\1\xc0\0\2\1\1\xbb"), B(CONNECTED)}},
         1,
         ""},
        {"IPv6, answered from IPv6",
         &ipv6,
         {{B("\5\1\0"), B("\5\0")},
          {B("\5\1\0\4\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x14\x67"),
           B("\5\0\0\4\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2\x04\x00")}},
         1,
         ""},
        {"answered with a name",
         &socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\5\0\0\3\5proxy\x04\x00")}},
         1,
         ""},
        {"answered with an empty name",
         &socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\5\0\0\3\0\x04\x00")}},
         1,
         ""},
        {"answered with the longest name",
         &socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\5\0\0\3\xff" LONG_255 "\x04\x00")}},
         1,
         ""},
        {"user and password",
         &login,
         {{B("\5\2\0\2"), B("\5\2")},
          {B("\1\6juliet\15" SECRET), B("\1\0")},
          {B(REQUEST), B(CONNECTED)}},
         1,
         ""},
        {"all as long as it can be",
         &longest,
         {{B("\5\2\0\2"), B("\5\2")},
          {B("\1\xff" LONG_255 "\xff" LONG_255), B("\1\0")},
          {B("\5\1\0\3\xff" LONG_255 "\0\1"), B(CONNECTED)}},
         1,
         ""},
        {"the login is not wanted, and not sent",
         &login,
         {{B("\5\2\0\2"), B("\5\0")}, {B(REQUEST), B(CONNECTED)}},
         1,
         ""},
        {"no login is good enough",
         &socks,
         {{B("\5\1\0"), B("\5\xff")}},
         XMPP_E_PROXY,
         "it wants a login"},
        {"none of both is good enough",
         &login,
         {{B("\5\2\0\2"), B("\5\xff")}},
         XMPP_E_PROXY,
         "it wants a login other than user and password"},
        {"the login is wrong",
         &login,
         {{B("\5\2\0\2"), B("\5\2")}, {B("\1\6juliet\15" SECRET), B("\1\1")}},
         XMPP_E_PROXY,
         "it does not take this user and password"},
        {"GSSAPI, which was not offered",
         &login,
         {{B("\5\2\0\2"), B("\5\1")}},
         XMPP_E_PROXY,
         "it chose a login that it was not offered"},
        {"a password, where none was offered",
         &socks,
         {{B("\5\1\0"), B("\5\2")}},
         XMPP_E_PROXY,
         "it chose a login that it was not offered"},
        {"another version",
         &socks,
         {{B("\5\1\0"), B("\4\0")}},
         XMPP_E_PROTOCOL,
         "what answers is no SOCKS5 proxy"},
        {"an HTTP server",
         &socks,
         {{B("\5\1\0"), B("HTTP/1.1 400 Bad Request\r\n\r\n")}},
         XMPP_E_PROTOCOL,
         "what answers is no SOCKS5 proxy"},
        {"another version of the login",
         &login,
         {{B("\5\2\0\2"), B("\5\2")}, {B("\1\6juliet\15" SECRET), B("\5\0")}},
         XMPP_E_PROTOCOL,
         "what answers is no SOCKS5 proxy"},
        {"another version in the reply",
         &socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\0\132\0\0\0\0\0\0")}},
         XMPP_E_PROTOCOL,
         "what answers is no SOCKS5 proxy"},
        {"an unknown type of address",
         &socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\5\0\0\2\0\0")}},
         XMPP_E_PROTOCOL,
         "the proxy answers with an unknown type of address"},
    };
    hold_all(rows, COUNT(rows));
}

/* RFC 1928 6: told as soon as the code is there; some proxies send no more. */
static void socks5_reply_codes(void)
{
    static const struct {
        uint8_t reply;
        int code;
        const char *reason;
    } rows[] = {
        {1, XMPP_E_UNREACHABLE, "the proxy failed, without saying why"},
        {2, XMPP_E_PROXY, "its rules do not allow this connection"},
        {3, XMPP_E_UNREACHABLE, "the proxy has no route to the server's network"},
        {4, XMPP_E_UNREACHABLE, "the proxy does not reach the server, or does not find its name"},
        {5, XMPP_E_REFUSED, "so the proxy says"},
        {6, XMPP_E_TIMEOUT, "the proxy does not reach the server in time"},
        {7, XMPP_E_PROXY, "it does not know the command CONNECT"},
        {8, XMPP_E_PROXY, "it does not know this type of address"},
        {9, XMPP_E_PROXY, "it answers with the unknown code 9"},
        {255, XMPP_E_PROXY, "it answers with the unknown code 255"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct xm_buf out = {0};
        struct xm_proxy *proxy = NULL;
        const uint8_t said[] = {5, 0, 5, rows[i].reply};
        check_note("reply %d", rows[i].reply);
        CHECK_INT(xm_proxy_new(&proxy, &socks, &out), 0);
        CHECK_INT(xm_proxy_recv(proxy, said, 3), 0);
        CHECK_INT(xm_proxy_recv(proxy, said + 3, 1), rows[i].code);
        CHECK_STR(xm_proxy_get_reason(proxy), rows[i].reason);
        xm_proxy_free(proxy);
        xm_buf_done(&out);
    }
}

/* RFC 9110 9.3.6, RFC 9112 2-5, RFC 7617 */
static void http_dialogues(void)
{
    static const struct xm_proxy_config rfc = {XM_PROXY_HTTP, NAME, 5222, "Aladdin", "open sesame"};
    static const struct xm_proxy_config no_password = {XM_PROXY_HTTP, NAME, 5222, "u", NULL};
    static const struct xm_proxy_config ipv6 = {XM_PROXY_HTTP, "2001:db8::1", 443, NULL, NULL};
    static const struct xm_proxy_config longest = {XM_PROXY_HTTP, LONG_255, 65535, NULL, NULL};
    static const struct dialogue rows[] = {
        {"as it is done", &http, {{B(HTTP "\r\n"), B("HTTP/1.1 200 OK\r\n\r\n")}}, 1, ""},
        {"RFC 7617 2",
         &rfc,
         {{B(HTTP "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"),
           B("HTTP/1.0 200 Connection established\r\nProxy-agent: Apache\r\n\r\n")}},
         1,
         ""},
        {"no password is an empty one",
         &no_password,
         {{B(HTTP "Proxy-Authorization: Basic dTo=\r\n\r\n"), B("HTTP/1.1 200\r\n\r\n")}},
         1,
         ""},
        {"IPv6 in brackets",
         &ipv6,
         {{B("CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n"),
           B("HTTP/1.1 204 \r\n\r\n")}},
         1,
         ""},
        {"the longest host",
         &longest,
         {{B("CONNECT " LONG_255 ":65535 HTTP/1.1\r\nHost: " LONG_255 ":65535\r\n\r\n"),
           B("HTTP/1.1 299 \xff\t\r\n\r\n")}},
         1,
         ""},
        {"bare LF", &http, {{B(HTTP "\r\n"), B("HTTP/1.1 200 OK\nA: b\n\n")}}, 1, ""},
        {"fields that would mean content mean nothing",
         &http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n")}},
         1,
         ""},
        {"odd fields",
         &http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~09azAZ:\r\n folded: \xe4\r\n"
                             "\t\r\nA::b\tc\r\n\r\n")}},
         1,
         ""},
        {"interim answers first",
         &http,
         {{B(HTTP "\r\n"),
           B("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n"
             "\r\nHTTP/1.1 200 OK\r\n\r\n")}},
         1,
         ""},
        {"a refusal behind an interim answer",
         &http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\n")}},
         XMPP_E_PROXY,
         "403 Forbidden"},
        {"a login is wanted",
         &http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 407 Proxy Authentication Required\r\n"
                             "Proxy-Authenticate: Basic realm=x\r\nContent-Length: 2\r\n\r\nno")}},
         XMPP_E_PROXY,
         "it wants a user and a password: 407 Proxy Authentication Required"},
        {"the login is wrong",
         &rfc,
         {{B(HTTP "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"),
           B("HTTP/1.1 407 No\r\n")}},
         XMPP_E_PROXY,
         "it does not take this user and password: 407 No"},
        {"what harms a terminal",
         &http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 403 \xe2\x80\xaegpj\xff.\xc2\x9b\t\r\n")}},
         XMPP_E_PROXY,
         "403 ?gpj?.??"},
    };
    hold_all(rows, COUNT(rows));
}

/* One answer to the plain request of a kind; the engine stays, for its reason. */
static int answer(const struct xm_proxy_config *config, const char *said, size_t n,
                  struct xm_proxy **ret_proxy)
{
    struct xm_buf out = {0};
    CHECK_INT(xm_proxy_new(ret_proxy, config, &out), 0);
    int code = 0;
    for (size_t i = 0; i < n; i++) { /* the slowest there is: nothing is lost, nothing said twice */
        CHECK_INT(xm_buf_len(&out), strlen(HTTP "\r\n"));
        code = xm_proxy_recv(*ret_proxy, (const uint8_t *)said + i, 1);
    }
    xm_buf_done(&out);
    return code;
}

static void http_status_codes(void)
{
    static const struct {
        const char *line;
        int code;
        const char *reason;
    } rows[] = {
        {"HTTP/1.1 300 Many\r\n", XMPP_E_PROXY, "300 Many"},
        {"HTTP/1.1 400 Bad Request\r\n", XMPP_E_PROXY, "400 Bad Request"},
        {"HTTP/1.1 405\r\n", XMPP_E_PROXY, "405"},
        {"HTTP/1.1 500 Oops\n", XMPP_E_PROXY, "500 Oops"},
        {"HTTP/1.1 502 Bad Gateway\r\n", XMPP_E_UNREACHABLE, "502 Bad Gateway"},
        {"HTTP/1.1 503 Service Unavailable\r\n", XMPP_E_UNREACHABLE, "503 Service Unavailable"},
        {"HTTP/1.1 504 Gateway Timeout\r\n", XMPP_E_TIMEOUT, "504 Gateway Timeout"},
        {"HTTP/1.9 999 \r\n", XMPP_E_PROXY, "999 "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct xm_proxy *proxy = NULL;
        check_note("%s", rows[i].line);
        CHECK_INT(answer(&http, rows[i].line, strlen(rows[i].line), &proxy), rows[i].code);
        CHECK_STR(xm_proxy_get_reason(proxy), rows[i].reason);
        xm_proxy_free(proxy);
    }
}

/* Each is refused at its last byte, not later and not before. */
static void http_answers_that_are_none(void)
{
#define OK "HTTP/1.1 200 OK\r\n"
    static const struct bytes rows[] = {
        B("\0"),
        B("\r\n"),
        B(" "),
        B("h"),
        B("\5"),
        B("S"),
        B("HTTP/2"),
        B("HTTP/1.x"),
        B("HTTP/1.1\t"),
        B("HTTP/1.1\r\n"),
        B("HTTP/1.1  "),
        B("HTTP/1.1 20\r\n"),
        B("HTTP/1.1 20x"),
        B("HTTP/1.1 2000"),
        B("HTTP/1.1 -"),
        B("HTTP/1.1 099 \r\n"),
        B("HTTP/1.1 101 Switching Protocols\r\n"),
        B("HTTP/1.1 200 O\rK"),
        B("HTTP/1.1 200 OK\r\r"),
        B("HTTP/1.1 200 O\0"),
        B("HTTP/1.1 200 O\x1b"),
        B("HTTP/1.1 200 O\x7f"),
        B("HTTP/1.1 403 O\x1b"),
        B(OK " "),
        B(OK "\t"),
        B("HTTP/1.1 100 C\r\nA: b\r\n\r\n" OK " "),
        B(OK ":"),
        B(OK "A "),
        B(OK "A\t"),
        B(OK "A\r\n"),
        B(OK "A\n"),
        B(OK "A("),
        B(OK "\xc3"),
        B(OK "A\xc3"),
        B(OK "A: b\0"),
        B(OK "A: b\x01"),
        B(OK "A: b\x1f"),
        B(OK "A: b\x7f"),
        B(OK "A: b\rc"),
        B(OK "A: b\r\n\rc"),
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct xm_proxy *proxy = NULL;
        check_note("row %zu: %s", i, rows[i].at);
        CHECK_INT(answer(&http, rows[i].at, rows[i].n - 1, &proxy), 0);
        xm_proxy_free(proxy);
        CHECK_INT(answer(&http, rows[i].at, rows[i].n, &proxy), XMPP_E_PROTOCOL);
        CHECK_STR(xm_proxy_get_reason(proxy), "what answers is no HTTP proxy");
        xm_proxy_free(proxy);
    }
}

/* Feeds one byte until there is an outcome; how many it took. */
static size_t feed(struct xm_proxy *proxy, char byte, size_t at_most)
{
    for (size_t n = 1; n <= at_most; n++) {
        if (xm_proxy_recv(proxy, (const uint8_t *)&byte, 1) != 0) {
            return n;
        }
    }
    return at_most + 1;
}

/* Threat 29: 8192 bytes, whatever they are made of. */
static void http_answers_without_end(void)
{
    static const struct {
        const char *start;
        char then;
    } rows[] = {
        {"HTTP/1.1 200 ", 'x'}, {"HTTP/1.1 403 ", 'x'}, {OK "A", 'x'},
        {OK "A: ", 'x'},        {OK "A: ", ' '},        {OK "A:\n", '\t'},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct xm_proxy *proxy = NULL;
        check_note("row %zu", i);
        CHECK_INT(answer(&http, rows[i].start, strlen(rows[i].start), &proxy), 0);
        CHECK_INT(feed(proxy, rows[i].then, 10000), 8192 + 1 - strlen(rows[i].start));
        CHECK_INT(xm_proxy_recv(proxy, NULL, 0), XMPP_E_TOO_BIG);
        CHECK_STR(xm_proxy_get_reason(proxy), "its answer is too long");
        xm_proxy_free(proxy);
    }
}

/* The bound itself is still good, and a status line that is as long as it can be is cut. */
static void http_answers_of_the_largest_size(void)
{
    static const char end[] = "\r\n\r\n";
    struct xm_proxy *proxy = NULL;
    CHECK_INT(answer(&http, OK "A:", strlen(OK "A:"), &proxy), 0);
    feed(proxy, 'x', 8192 - strlen(OK "A:") - 4);
    CHECK_INT(xm_proxy_recv(proxy, (const uint8_t *)end, 4), 1);
    xm_proxy_free(proxy);
    CHECK_INT(answer(&http, "HTTP/1.1 407 ", 13, &proxy), 0);
    feed(proxy, 'x', 8192 - 13 - 2);
    CHECK_INT(xm_proxy_recv(proxy, (const uint8_t *)end, 2), XMPP_E_PROXY);
    CHECK_INT(strlen(xm_proxy_get_reason(proxy)), strlen("it wants a user and a password: ") + 119);
    CHECK(!strchr(xm_proxy_get_reason(proxy), '?'));
    xm_proxy_free(proxy);
}

static void interim_answers_are_few(void)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    for (int n = 8; n <= 9; n++) {
        struct xm_proxy *proxy = NULL;
        int code = answer(&http, "", 0, &proxy);
        for (int i = 0; i < n; i++) {
            code = xm_proxy_recv(proxy, (const uint8_t *)interim, strlen(interim));
        }
        CHECK_INT(code, n == 8 ? 0 : XMPP_E_TOO_BIG);
        CHECK_INT(xm_proxy_recv(proxy, (const uint8_t *)OK "\r\n", strlen(OK "\r\n")),
                  n == 8 ? 1 : XMPP_E_TOO_BIG);
        xm_proxy_free(proxy);
    }
}

/* The server may not speak first, and a proxy not for it. */
static void nothing_may_stand_behind_the_answer(void)
{
    static const struct {
        const struct xm_proxy_config *config;
        struct bytes answer;
    } rows[] = {
        {&socks, B("\5\0" CONNECTED)},
        {&socks, B("\5\0\5\0\0\3\1a\0\0")},
        {&http, B(OK "\r\n")},
        {&http, B("HTTP/1.1 200\n\n")},
        {&http, B(OK "Content-Length: 1\r\n\r\n")},
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

static void a_failure_stays(void)
{
    struct xm_proxy *proxy = NULL;
    CHECK_INT(answer(&http, "HTTP/1.1 403 No\r\n", 17, &proxy), XMPP_E_PROXY);
    CHECK_INT(xm_proxy_recv(proxy, (const uint8_t *)OK "\r\n", strlen(OK "\r\n")), XMPP_E_PROXY);
    CHECK_STR(xm_proxy_get_reason(proxy), "403 No");
    xm_proxy_free(proxy);
    xm_proxy_free(NULL);
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
                code = hear(proxy, all_said[i], BYTEWISE);
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
            hear(proxy, (struct bytes){rows[i].said.at, n}, BYTEWISE);
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
        {"SOCKS5: dialogues", socks5_dialogues},
        {"SOCKS5: what a reply says", socks5_reply_codes},
        {"HTTP: dialogues", http_dialogues},
        {"HTTP: what a status says", http_status_codes},
        {"HTTP: answers that are none, seen at their first wrong byte", http_answers_that_are_none},
        {"HTTP: answers without end", http_answers_without_end},
        {"HTTP: answers of the largest size", http_answers_of_the_largest_size},
        {"HTTP: interim answers are few", interim_answers_are_few},
        {"nothing may stand behind the answer", nothing_may_stand_behind_the_answer},
        {"a failure stays", a_failure_stays},
        {"what a proxy can be given", what_a_proxy_can_be_given},
        {"memory runs out", memory_runs_out},
        {"no secret stays behind", no_secret_stays_behind},
        {"a secret would be found", a_secret_would_be_found},
    };
    return CHECK_MAIN(argc, argv, "proxy", cases);
}
