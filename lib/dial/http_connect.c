/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HTTP CONNECT (RFC 9110 9.3.6) in the syntax of HTTP/1.1 (RFC 9112), with Basic authentication
 * (RFC 7617) sent at once. Not another scheme, no second request, and no content: of an answer the
 * status counts, and that its head has an end. */
#include <string.h>

#include "base/b64.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "dial/proxy_kinds.h"
#include "xmpp/error.h"

static int is_control(uint8_t byte)
{
    return byte < 0x20 || byte == 0x7f;
}

/* 1 if it is short enough and has no control characters, and none of `other`. */
static int is_sendable(const char *text, char other)
{
    size_t len = strnlen(text, XM_HTTP_USER_MAX + 1);
    for (size_t i = 0; i < len; i++) {
        if (is_control((uint8_t)text[i]) || text[i] == other) {
            return 0;
        }
    }
    return len <= XM_HTTP_USER_MAX;
}

const char *xm_http_connect_check(const struct xm_proxy_config *config)
{
    /* RFC 7617 2 */
    if (config->user && !is_sendable(config->user, ':')) {
        return "the user for an HTTP proxy has a colon or a control character, or is too long";
    }
    if (config->password && !is_sendable(config->password, '\0')) {
        return "the password for an HTTP proxy has a control character, or is too long";
    }
    return NULL;
}

/* RFC 7617 2; a missing password is an empty one. */
static int add_authorization(const struct xm_proxy_config *config, struct xm_buf *out)
{
    char pair[XM_HTTP_USER_MAX + 1 + XM_HTTP_USER_MAX + 1];
    int len = snprintf(pair, sizeof pair, "%s:%s", config->user,
                       config->password ? config->password : "");
    int code = xm_buf_add_text(out, "Proxy-Authorization: Basic ");
    if (code == 0) {
        code = xm_b64_add(out, pair, (size_t)len);
    }
    if (code == 0) {
        code = xm_buf_add_text(out, "\r\n");
    }
    xm_mem_wipe(pair, sizeof pair);
    return code;
}

int xm_http_connect_start(struct xm_http_connect *http, const struct xm_proxy_config *config,
                          struct xm_buf *out)
{
    char target[1 + XM_PROXY_HOST_MAX + sizeof "]:65535"];
    char lines[2 * sizeof target + sizeof "CONNECT  HTTP/1.1\r\nHost: \r\n"];
    size_t before = xm_buf_len(out);
    int is_ipv6 = strchr(config->host, ':') != NULL;
    http->has_user = config->user != NULL;
    snprintf(target, sizeof target, "%s%s%s:%u", is_ipv6 ? "[" : "", config->host,
             is_ipv6 ? "]" : "", (unsigned)config->port);
    /* there is no default port, and Host says the same (RFC 9110 7.2, RFC 9112 3.2.3) */
    snprintf(lines, sizeof lines, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", target, target);
    int code = xm_buf_add_text(out, lines);
    if (code == 0 && config->user) {
        code = add_authorization(config, out);
    }
    if (code == 0) {
        code = xm_buf_add_text(out, "\r\n");
    }
    if (code < 0) {
        xm_buf_cut(out, before);
    }
    return code;
}

static int is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* RFC 9110 5.6.2 */
static int is_token_char(uint8_t byte)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    uint8_t lower = byte | 0x20;
    return is_digit(byte) || (lower >= 'a' && lower <= 'z') ||
           memchr(others, byte, sizeof others - 1) != NULL;
}

static int malformed(char *reason)
{
    return xm_proxy_fail(reason, XMPP_E_PROTOCOL, "what answers is no HTTP proxy");
}

/* RFC 9112 4: what is no status line is seen at its first wrong byte. */
static int recv_status(struct xm_http_connect *http, uint8_t byte, char *reason)
{
    static const char form[] = "HTTP/1.0 000 "; /* 0: a digit */
    size_t at = http->n_line++;
    if (at < sizeof form - 1) {
        if (form[at] == '0' ? !is_digit(byte) : byte != (uint8_t)form[at]) {
            return malformed(reason);
        }
    }
    if (at >= 9 && at < 12) {
        http->status = http->status * 10 + (byte - '0');
    }
    if (at < sizeof http->line) {
        http->line[at] = (char)byte;
    }
    return 0;
}

/* RFC 9110 15. What a gateway says of the way behind it may pass; else the proxy has refused. */
static int code_of(int status)
{
    switch (status) {
    case 502:
    case 503:
        return XMPP_E_UNREACHABLE;
    case 504:
        return XMPP_E_TIMEOUT;
    default:
        return XMPP_E_PROXY;
    }
}

static int refuse(const struct xm_http_connect *http, char *reason)
{
    enum { VERSION = sizeof "HTTP/1.1 " - 1 };
    char said[sizeof http->line];
    size_t len = http->n_line < sizeof http->line ? http->n_line : sizeof http->line;
    const char *why = http->status != 407 ? "" /* RFC 9110 15.5.8 */
                      : http->has_user    ? "it does not take this user and password: "
                                          : "it wants a user and a password: ";
    xm_utf8_sanitise(said, sizeof said, http->line + VERSION, len - VERSION);
    snprintf(reason, XM_PROXY_REASON, "%s%s", why, said);
    return code_of(http->status);
}

/* A refusal is told at once: what stands behind it is for browsers. */
static int end_status(struct xm_http_connect *http, char *reason)
{
    if (http->n_line < 12 || http->status < 100 || http->status == 101) { /* no Upgrade was asked */
        return malformed(reason);
    }
    if (http->status >= 300) {
        return refuse(http, reason);
    }
    if (http->status < 200 && ++http->n_interim > XM_HTTP_INTERIM_MAX) {
        return xm_proxy_fail(reason, XMPP_E_TOO_BIG, "the proxy gives no answer but interim ones");
    }
    http->state = XM_HTTP_FIELD;
    http->n_fields = 0;
    return 0;
}

static int end_line(struct xm_http_connect *http, char *reason)
{
    switch (http->state) {
    case XM_HTTP_STATUS:
        return end_status(http, reason);
    case XM_HTTP_FIELD:
        if (http->status >= 200) {
            return 1;
        }
        http->state = XM_HTTP_STATUS; /* RFC 9110 15.2: the real one follows */
        http->status = 0;
        http->n_line = 0;
        return 0;
    case XM_HTTP_NAME:
        return malformed(reason);
    case XM_HTTP_VALUE:
        http->state = XM_HTTP_FIELD;
        return 0;
    }
    return XMPP_E_INTERNAL;
}

/* RFC 9112 5. No field means anything: in a 2xx to CONNECT there is no content to be measured
 * (RFC 9110 9.3.6), and its end is that of the head. */
static int recv_text(struct xm_http_connect *http, uint8_t byte, char *reason)
{
    switch (http->state) {
    case XM_HTTP_STATUS:
        return recv_status(http, byte, reason);
    case XM_HTTP_FIELD:
        if (byte == ' ' || byte == '\t') { /* RFC 9112 5.2: the field before goes on */
            http->state = XM_HTTP_VALUE;
            return http->n_fields > 0 ? 0 : malformed(reason);
        }
        http->state = XM_HTTP_NAME;
        http->n_fields++;
        return is_token_char(byte) ? 0 : malformed(reason);
    case XM_HTTP_NAME:
        if (byte == ':') {
            http->state = XM_HTTP_VALUE;
            return 0;
        }
        return is_token_char(byte) ? 0 : malformed(reason);
    case XM_HTTP_VALUE:
        return 0;
    }
    return XMPP_E_INTERNAL;
}

int xm_http_connect_recv(struct xm_http_connect *http, uint8_t byte, char reason[XM_PROXY_REASON])
{
    if (++http->n_head > XM_HTTP_HEAD_MAX) {
        return xm_proxy_fail(reason, XMPP_E_TOO_BIG, "its answer is too long");
    }
    if (byte == '\n') { /* RFC 9112 2.2: also without CR */
        http->has_cr = 0;
        return end_line(http, reason);
    }
    if (http->has_cr) { /* RFC 9112 2.2: a bare CR makes it invalid */
        return malformed(reason);
    }
    if (byte == '\r') {
        http->has_cr = 1;
        return 0;
    }
    if (is_control(byte) && byte != '\t') {
        return malformed(reason);
    }
    return recv_text(http, byte, reason);
}
