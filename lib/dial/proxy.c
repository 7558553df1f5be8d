/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What both kinds of proxy have in common: what may be asked of them, that an outcome stays, and
 * that nothing may follow it. What is said is in socks5.c and http_connect.c. */
#include "dial/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/mem.h"
#include "dial/proxy_kinds.h"
#include "xmpp/error.h"

struct xm_proxy {
    enum xm_proxy_kind kind;
    int code; /* 0: going on; 1: open; negative: failed */
    struct xm_buf *out;
    char reason[XM_PROXY_REASON];
    union {
        struct xm_socks5 socks5;
        struct xm_http_connect http;
    } as; /* wiped when there is an outcome */
};

static int is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

/* Nothing else can stand in a request line, or in a name that another machine looks up. Threat 33. */
static int is_host(const char *host)
{
    struct xm_addr addr;
    size_t len = strnlen(host, XM_PROXY_HOST_MAX + 1);
    if (len == 0 || len > XM_PROXY_HOST_MAX) {
        return 0;
    }
    if (strchr(host, ':')) { /* a scope is a matter of this machine alone */
        return host[0] != '[' && xm_addr_parse(host, 0, &addr) && !strchr(host, '%');
    }
    for (size_t i = 0; i < len; i++) {
        if (!is_name_char(host[i])) {
            return 0;
        }
    }
    return host[0] != '-' && host[0] != '.';
}

static const char *why_not(const struct xm_proxy_config *config)
{
    if (config->kind != XM_PROXY_SOCKS5 && config->kind != XM_PROXY_HTTP) {
        return "there is no such kind of proxy";
    }
    if (!config->host || !is_host(config->host)) {
        return "a proxy can be given a name of up to 255 letters, digits, '-', '_' and '.', "
               "or an address";
    }
    if (config->port == 0) {
        return "a proxy cannot connect to port 0";
    }
    if (config->password && !config->user) {
        return "there is a password for the proxy, but no user";
    }
    return config->kind == XM_PROXY_SOCKS5 ? xm_socks5_check(config)
                                           : xm_http_connect_check(config);
}

int xm_proxy_check(const struct xm_proxy_config *config, const char **ret_reason)
{
    const char *why = why_not(config);
    if (why) {
        *ret_reason = why;
    }
    return !why;
}

int xm_proxy_new(struct xm_proxy **ret_proxy, const struct xm_proxy_config *config,
                 struct xm_buf *out)
{
    if (why_not(config)) {
        return XMPP_E_INVAL;
    }
    struct xm_proxy *proxy = xm_mem_new0(1, sizeof *proxy);
    if (!proxy) {
        return XMPP_E_NOMEM;
    }
    proxy->kind = config->kind;
    proxy->out = out;
    if (config->user) {
        out->is_secret = 1;
    }
    int code = config->kind == XM_PROXY_SOCKS5
                   ? xm_socks5_start(&proxy->as.socks5, config, out)
                   : xm_http_connect_start(&proxy->as.http, config, out);
    if (code < 0) {
        xm_proxy_free(proxy);
        return code;
    }
    *ret_proxy = proxy;
    return 0;
}

void xm_proxy_free(struct xm_proxy *proxy)
{
    if (proxy) {
        xm_mem_wipe(proxy, sizeof *proxy);
        free(proxy);
    }
}

static void recv_one(struct xm_proxy *proxy, uint8_t byte)
{
    if (proxy->code > 0) { /* RFC 6120 4.2: the client opens the stream */
        proxy->code = xm_proxy_fail(proxy->reason, XMPP_E_PROTOCOL,
                                    "there are bytes behind the proxy's answer");
        return;
    }
    proxy->code = proxy->kind == XM_PROXY_SOCKS5
                      ? xm_socks5_recv(&proxy->as.socks5, byte, proxy->out, proxy->reason)
                      : xm_http_connect_recv(&proxy->as.http, byte, proxy->reason);
    if (proxy->code != 0) {
        xm_mem_wipe(&proxy->as, sizeof proxy->as);
    }
}

int xm_proxy_recv(struct xm_proxy *proxy, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n && proxy->code >= 0; i++) {
        recv_one(proxy, bytes[i]);
    }
    return proxy->code;
}

const char *xm_proxy_get_reason(const struct xm_proxy *proxy)
{
    return proxy->reason;
}
