/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said to an HTTP proxy and what it may answer (RFC 9110 9.3.6, RFC 9112): the proxy that
 * lies, babbles and never ends among them. What every proxy has to keep is in test_proxy.c. */
#include <string.h>

#include "base/buf.h"
#include "check.h"
#include "talk.h"
#include "xmpp/error.h"

#define HTTP "CONNECT example.org:5222 HTTP/1.1\r\nHost: example.org:5222\r\n"

/* RFC 9110 9.3.6, RFC 9112 2-5, RFC 7617 */
static void http_dialogues(void)
{
    static const struct xm_proxy_config rfc = {XM_PROXY_HTTP, NAME, 5222, "Aladdin", "open sesame"};
    static const struct xm_proxy_config no_password = {XM_PROXY_HTTP, NAME, 5222, "u", NULL};
    static const struct xm_proxy_config ipv6 = {XM_PROXY_HTTP, "2001:db8::1", 443, NULL, NULL};
    static const struct xm_proxy_config longest = {XM_PROXY_HTTP, LONG_255, 65535, NULL, NULL};
    static const struct dialogue rows[] = {
        {"as it is done", &talk_http, {{B(HTTP "\r\n"), B("HTTP/1.1 200 OK\r\n\r\n")}}, 1, ""},
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
        {"bare LF", &talk_http, {{B(HTTP "\r\n"), B("HTTP/1.1 200 OK\nA: b\n\n")}}, 1, ""},
        {"fields that would mean content mean nothing",
         &talk_http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n")}},
         1,
         ""},
        {"odd fields",
         &talk_http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~09azAZ:\r\n folded: \xe4\r\n"
                             "\t\r\nA::b\tc\r\n\r\n")}},
         1,
         ""},
        {"interim answers first",
         &talk_http,
         {{B(HTTP "\r\n"),
           B("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n"
             "\r\nHTTP/1.1 200 OK\r\n\r\n")}},
         1,
         ""},
        {"a refusal behind an interim answer",
         &talk_http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\n")}},
         XMPP_E_PROXY,
         "403 Forbidden"},
        {"a login is wanted",
         &talk_http,
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
         &talk_http,
         {{B(HTTP "\r\n"), B("HTTP/1.1 403 \xe2\x80\xaegpj\xff.\xc2\x9b\t\r\n")}},
         XMPP_E_PROXY,
         "403 ?gpj?.??"},
    };
    talk_hold_all(rows, COUNT(rows));
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
        CHECK_INT(answer(&talk_http, rows[i].line, strlen(rows[i].line), &proxy), rows[i].code);
        CHECK_STR(xm_proxy_get_reason(proxy), rows[i].reason);
        xm_proxy_free(proxy);
    }
}

/* Each is refused at its last byte, not later and not before. */
static void http_answers_that_are_none(void)
{
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
        CHECK_INT(answer(&talk_http, rows[i].at, rows[i].n - 1, &proxy), 0);
        xm_proxy_free(proxy);
        CHECK_INT(answer(&talk_http, rows[i].at, rows[i].n, &proxy), XMPP_E_PROTOCOL);
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
        CHECK_INT(answer(&talk_http, rows[i].start, strlen(rows[i].start), &proxy), 0);
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
    CHECK_INT(answer(&talk_http, OK "A:", strlen(OK "A:"), &proxy), 0);
    feed(proxy, 'x', 8192 - strlen(OK "A:") - 4);
    CHECK_INT(xm_proxy_recv(proxy, (const uint8_t *)end, 4), 1);
    xm_proxy_free(proxy);
    CHECK_INT(answer(&talk_http, "HTTP/1.1 407 ", 13, &proxy), 0);
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
        int code = answer(&talk_http, "", 0, &proxy);
        for (int i = 0; i < n; i++) {
            code = xm_proxy_recv(proxy, (const uint8_t *)interim, strlen(interim));
        }
        CHECK_INT(code, n == 8 ? 0 : XMPP_E_TOO_BIG);
        CHECK_INT(xm_proxy_recv(proxy, (const uint8_t *)OK "\r\n", strlen(OK "\r\n")),
                  n == 8 ? 1 : XMPP_E_TOO_BIG);
        xm_proxy_free(proxy);
    }
}

static void a_failure_stays(void)
{
    struct xm_proxy *proxy = NULL;
    CHECK_INT(answer(&talk_http, "HTTP/1.1 403 No\r\n", 17, &proxy), XMPP_E_PROXY);
    CHECK_INT(xm_proxy_recv(proxy, (const uint8_t *)OK "\r\n", strlen(OK "\r\n")), XMPP_E_PROXY);
    CHECK_STR(xm_proxy_get_reason(proxy), "403 No");
    xm_proxy_free(proxy);
    xm_proxy_free(NULL);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"dialogues", http_dialogues},
        {"what a status says", http_status_codes},
        {"answers that are none, seen at their first wrong byte", http_answers_that_are_none},
        {"answers without end", http_answers_without_end},
        {"answers of the largest size", http_answers_of_the_largest_size},
        {"interim answers are few", interim_answers_are_few},
        {"a failure stays", a_failure_stays},
    };
    return CHECK_MAIN(argc, argv, "http-connect", cases);
}
