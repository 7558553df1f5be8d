/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said to a SOCKS5 proxy and what it may answer (RFC 1928, RFC 1929). What every proxy has to
 * keep is in test_proxy.c. */
#include "base/buf.h"
#include "check.h"
#include "talk.h"
#include "xmpp/error.h"

/* RFC 1928 4: CONNECT to example.org:5222 */
#define REQUEST "\5\1\0\3\13" NAME "\x14\x66"

/* RFC 1928, RFC 1929 */
static void socks5_dialogues(void)
{
    static const struct xm_proxy_config login = {XM_PROXY_SOCKS5, NAME, 5222, "juliet", SECRET};
    static const struct xm_proxy_config ipv4 = {XM_PROXY_SOCKS5, "192.0.2.1", 443, NULL, NULL};
    static const struct xm_proxy_config ipv6 = {XM_PROXY_SOCKS5, "2001:db8::1", 5223, NULL, NULL};
    static const struct xm_proxy_config longest = {XM_PROXY_SOCKS5, LONG_255, 1, LONG_255,
                                                   LONG_255};
    static const struct dialogue rows[] = {
        {"a name, no login",
         &talk_socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B(CONNECTED)}},
         1,
         ""},
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
         &talk_socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\5\0\0\3\5proxy\x04\x00")}},
         1,
         ""},
        {"answered with an empty name",
         &talk_socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\5\0\0\3\0\x04\x00")}},
         1,
         ""},
        {"answered with the longest name",
         &talk_socks,
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
         &talk_socks,
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
         &talk_socks,
         {{B("\5\1\0"), B("\5\2")}},
         XMPP_E_PROXY,
         "it chose a login that it was not offered"},
        {"another version",
         &talk_socks,
         {{B("\5\1\0"), B("\4\0")}},
         XMPP_E_PROTOCOL,
         "what answers is no SOCKS5 proxy"},
        {"an HTTP server",
         &talk_socks,
         {{B("\5\1\0"), B("HTTP/1.1 400 Bad Request\r\n\r\n")}},
         XMPP_E_PROTOCOL,
         "what answers is no SOCKS5 proxy"},
        {"another version of the login",
         &login,
         {{B("\5\2\0\2"), B("\5\2")}, {B("\1\6juliet\15" SECRET), B("\5\0")}},
         XMPP_E_PROTOCOL,
         "what answers is no SOCKS5 proxy"},
        {"another version in the reply",
         &talk_socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\0\132\0\0\0\0\0\0")}},
         XMPP_E_PROTOCOL,
         "what answers is no SOCKS5 proxy"},
        {"an unknown type of address",
         &talk_socks,
         {{B("\5\1\0"), B("\5\0")}, {B(REQUEST), B("\5\0\0\2\0\0")}},
         XMPP_E_PROTOCOL,
         "the proxy answers with an unknown type of address"},
    };
    talk_hold_all(rows, COUNT(rows));
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
        CHECK_INT(xm_proxy_new(&proxy, &talk_socks, &out), 0);
        CHECK_INT(xm_proxy_recv(proxy, said, 3), 0);
        CHECK_INT(xm_proxy_recv(proxy, said + 3, 1), rows[i].code);
        CHECK_STR(xm_proxy_get_reason(proxy), rows[i].reason);
        xm_proxy_free(proxy);
        xm_buf_done(&out);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"dialogues", socks5_dialogues},
        {"what a reply says", socks5_reply_codes},
    };
    return CHECK_MAIN(argc, argv, "socks5", cases);
}
