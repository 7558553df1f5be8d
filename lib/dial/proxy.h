/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said to a proxy before the stream begins, as a sans-I/O engine: SOCKS5 (RFC 1928, with
 * user and password by RFC 1929) or HTTP CONNECT (RFC 9110 9.3.6). The proxy resolves the name.
 * Its answers are hostile: bounded, and every byte behind them is an error, as the server may not
 * speak first. */
#ifndef XM_DIAL_PROXY_H
#define XM_DIAL_PROXY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum xm_proxy_kind { XM_PROXY_SOCKS5 = 1, XM_PROXY_HTTP = 2 };

struct xm_proxy_config {
    enum xm_proxy_kind kind;
    const char *host; /* to be reached: A-labels, or a numeric address (IPv6 without brackets) */
    uint16_t port;
    const char *user; /* NULL: none. SOCKS5: 1 to 255 bytes, and so the password */
    const char *password;
};

struct xm_proxy;

/* 1 if the proxy can be given these; else 0 with why, static (then alone it is set). */
int xm_proxy_check(const struct xm_proxy_config *config, const char **ret_reason);
/* The first words are in `out` then, which is borrowed as long as the engine, and becomes secret if
 * there is a user; the config is copied. Whoever stands between here and the proxy reads user and
 * password. 0; XMPP_E_INVAL where xm_proxy_check() says 0; XMPP_E_NOMEM, nothing is in `out` then. */
int xm_proxy_new(struct xm_proxy **ret_proxy, const struct xm_proxy_config *config,
                 struct xm_buf *out);
/* Wipes what is secret. Takes NULL. */
void xm_proxy_free(struct xm_proxy *proxy);

/* Takes what was received, cut anywhere. 1: the way is open; 0: more is needed; else
 * XMPP_E_REFUSED, XMPP_E_UNREACHABLE, XMPP_E_TIMEOUT (what the proxy says of the server, or that it
 * failed itself: it may pass), XMPP_E_PROXY (it refuses us), XMPP_E_PROTOCOL (no such proxy, or bytes
 * behind the answer), XMPP_E_TOO_BIG, XMPP_E_NOMEM. A failure stays, whatever is received behind it.
 * What the engine answers is in `out`. */
int xm_proxy_recv(struct xm_proxy *proxy, const uint8_t *bytes, size_t n);
/* Why it failed: a sentence for a person, the proxy's words sanitised. Borrowed (as long as the
 * engine); "": nothing more than the code says. */
const char *xm_proxy_get_reason(const struct xm_proxy *proxy);

#endif
