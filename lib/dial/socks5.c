/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SOCKS version 5 (RFC 1928), with no login or with user and password (RFC 1929). Not GSSAPI, which
 * the RFC asks for and hardly a proxy has; not BIND, not UDP. Nothing is asked before the answer to
 * what was asked before it is there. */
#include <string.h>

#include "base/addr.h"
#include "base/mem.h"
#include "dial/proxy_kinds.h"
#include "xmpp/error.h"

enum { VERSION = 5, LOGIN_VERSION = 1, CONNECT = 1 };
enum { METHOD_NONE = 0, METHOD_PASSWORD = 2, METHOD_REFUSED = 0xff };
enum { TYPE_IPV4 = 1, TYPE_NAME = 3, TYPE_IPV6 = 4 };

/* What a reply says (RFC 1928 6). A failure of the proxy's may pass, a refusal will not. */
static const struct {
    int code;
    const char *reason;
} replies[] = {
    {0, ""},
    {XMPP_E_UNREACHABLE, "the proxy failed, without saying why"},
    {XMPP_E_PROXY, "its rules do not allow this connection"},
    {XMPP_E_UNREACHABLE, "the proxy has no route to the server's network"},
    {XMPP_E_UNREACHABLE, "the proxy does not reach the server, or does not find its name"},
    {XMPP_E_REFUSED, "so the proxy says"},
    {XMPP_E_TIMEOUT, "the proxy does not reach the server in time"},
    {XMPP_E_PROXY, "it does not know the command CONNECT"},
    {XMPP_E_PROXY, "it does not know this type of address"},
};

const char *xm_socks5_check(const struct xm_proxy_config *config)
{
    if (!config->user) {
        return NULL;
    }
    size_t n_user = strnlen(config->user, 256);
    size_t n_password = config->password ? strnlen(config->password, 256) : 0;
    if (n_user == 0 || n_user > 255 || n_password == 0 || n_password > 255) { /* RFC 1929 2 */
        return "a SOCKS5 proxy takes a user and a password of 1 to 255 bytes each";
    }
    return NULL;
}

/* A field with its length in front. */
static size_t put_counted(uint8_t *at, const char *text)
{
    size_t len = strlen(text);
    at[0] = (uint8_t)len;
    memcpy(at + 1, text, len);
    return 1 + len;
}

/* RFC 1929 2 */
static void prepare_login(struct xm_socks5 *socks, const struct xm_proxy_config *config)
{
    socks->login[0] = LOGIN_VERSION;
    socks->n_login = 1;
    socks->n_login += put_counted(socks->login + socks->n_login, config->user);
    socks->n_login += put_counted(socks->login + socks->n_login, config->password);
}

/* RFC 1928 4 */
static void prepare_request(struct xm_socks5 *socks, const struct xm_proxy_config *config)
{
    struct xm_addr addr = {0};
    uint8_t *at = socks->request;
    int is_numeric = xm_addr_parse(config->host, 0, &addr);
    *at++ = VERSION;
    *at++ = CONNECT;
    *at++ = 0;
    *at++ = !is_numeric ? TYPE_NAME : addr.family == 4 ? TYPE_IPV4 : TYPE_IPV6;
    if (is_numeric) {
        size_t len = addr.family == 4 ? 4 : 16;
        memcpy(at, addr.ip, len);
        at += len;
    } else {
        at += put_counted(at, config->host);
    }
    *at++ = (uint8_t)(config->port >> 8);
    *at++ = (uint8_t)config->port;
    socks->n_request = (size_t)(at - socks->request);
}

int xm_socks5_start(struct xm_socks5 *socks, const struct xm_proxy_config *config,
                    struct xm_buf *out)
{
    static const uint8_t alone[] = {VERSION, 1, METHOD_NONE};
    static const uint8_t both[] = {VERSION, 2, METHOD_NONE, METHOD_PASSWORD};
    prepare_request(socks, config);
    if (!config->user) {
        return xm_buf_add(out, alone, sizeof alone);
    }
    prepare_login(socks, config);
    return xm_buf_add(out, both, sizeof both);
}

/* Says the next words, and listens to the answer from its first byte. */
static int ask(struct xm_socks5 *socks, enum xm_socks5_state state, const uint8_t *words, size_t n,
               struct xm_buf *out)
{
    socks->state = state;
    socks->n = 0;
    return xm_buf_add(out, words, n);
}

static int forget_login(struct xm_socks5 *socks, int code)
{
    xm_mem_wipe(socks->login, sizeof socks->login);
    return code;
}

static int request(struct xm_socks5 *socks, struct xm_buf *out)
{
    return ask(socks, XM_SOCKS5_REPLY, socks->request, socks->n_request, out);
}

/* RFC 1928 3 */
static int recv_method(struct xm_socks5 *socks, uint8_t method, struct xm_buf *out, char *reason)
{
    if (method == METHOD_NONE) {
        return forget_login(socks, request(socks, out));
    }
    if (method == METHOD_PASSWORD && socks->n_login > 0) {
        int code = ask(socks, XM_SOCKS5_LOGIN, socks->login, socks->n_login, out);
        return forget_login(socks, code);
    }
    if (method != METHOD_REFUSED) {
        return xm_proxy_fail(reason, XMPP_E_PROXY, "it chose a login that it was not offered");
    }
    return xm_proxy_fail(reason, XMPP_E_PROXY,
                         socks->n_login > 0 ? "it wants a login other than user and password"
                                            : "it wants a login");
}

/* RFC 1929 2 */
static int recv_login(struct xm_socks5 *socks, uint8_t status, struct xm_buf *out, char *reason)
{
    if (status != 0) {
        return xm_proxy_fail(reason, XMPP_E_PROXY, "it does not take this user and password");
    }
    return request(socks, out);
}

/* A failure is told at once: what stands behind it says nothing, and may never come. */
static int recv_reply_code(uint8_t code, char *reason)
{
    if (code < sizeof replies / sizeof *replies) {
        return xm_proxy_fail(reason, replies[code].code, replies[code].reason);
    }
    snprintf(reason, XM_PROXY_REASON, "it answers with the unknown code %u", (unsigned)code);
    return XMPP_E_PROXY;
}

/* Where the proxy connects from is of no interest, but where it ends is (RFC 1928 5). */
static int recv_reply(struct xm_socks5 *socks, uint8_t byte, char *reason)
{
    switch (socks->n) {
    case 2:
        return recv_reply_code(byte, reason);
    case 3: /* reserved */
        return 0;
    case 4:
        if (byte != TYPE_IPV4 && byte != TYPE_NAME && byte != TYPE_IPV6) {
            return xm_proxy_fail(reason, XMPP_E_PROTOCOL,
                                 "the proxy answers with an unknown type of address");
        }
        socks->need = byte == TYPE_IPV4 ? 4 + 4 + 2 : byte == TYPE_IPV6 ? 4 + 16 + 2 : 0;
        return 0;
    case 5:
        if (socks->need == 0) {
            socks->need = 4 + 1 + (size_t)byte + 2;
        }
        return 0;
    default:
        return socks->n == socks->need;
    }
}

int xm_socks5_recv(struct xm_socks5 *socks, uint8_t byte, struct xm_buf *out,
                   char reason[XM_PROXY_REASON])
{
    if (++socks->n == 1) {
        int version = socks->state == XM_SOCKS5_LOGIN ? LOGIN_VERSION : VERSION;
        return byte == version
                   ? 0
                   : xm_proxy_fail(reason, XMPP_E_PROTOCOL, "what answers is no SOCKS5 proxy");
    }
    switch (socks->state) {
    case XM_SOCKS5_METHOD:
        return recv_method(socks, byte, out, reason);
    case XM_SOCKS5_LOGIN:
        return recv_login(socks, byte, out, reason);
    case XM_SOCKS5_REPLY:
        return recv_reply(socks, byte, reason);
    }
    return XMPP_E_INTERNAL;
}
