/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dialogue with a proxy over the link, in front of the stream: its words are dial/proxy.h's. */
#include <string.h>

#include "conn/conn.h"
#include "conn/reach.h"

enum { DEFAULT_PORT = 5222, ROOM = 4096 };

/* What breaks the rules here is not the server: nobody but the settings says that it is a proxy. */
static void proxy_failed(xmpp_conn *conn, int code)
{
    const char *reason = xm_proxy_get_reason(conn->attempt->proxy);
    int is_none = code == XMPP_E_PROTOCOL || code == XMPP_E_TOO_BIG;
    xm_attempt_fail(conn, is_none ? XMPP_E_PROXY : code, XMPP_PHASE_TCP, NULL, NULL,
                    *reason ? reason : "the proxy");
}

/* A domain or a setting may have IPv6 in brackets; here it has none. */
static void strip_brackets(const char *host, char ret_bare[XM_HOST_MAX + 1])
{
    size_t n = strnlen(host, XM_HOST_MAX);
    int has_brackets = n > 1 && host[0] == '[' && host[n - 1] == ']';
    memcpy(ret_bare, host + has_brackets, n);
    ret_bare[has_brackets ? n - 2 : n] = '\0';
}

void xm_connect_ask_proxy(xmpp_conn *conn)
{
    const struct xm_proxy_settings *set = &xm_ways(conn)->proxy;
    const struct xm_reach *reach = conn->reach;
    struct xm_attempt *attempt = conn->attempt;
    const char *reason = "the proxy";
    char host[XM_HOST_MAX + 1];
    strip_brackets(reach->host ? reach->host : attempt->domain_ascii, host);
    struct xm_proxy_config config = {
        .kind = (enum xm_proxy_kind)set->kind,
        .host = host,
        .port = reach->port > 0 ? reach->port : DEFAULT_PORT,
        .user = set->user,
        .password = set->password,
    };
    conn->link.out.is_secret = 1;
    attempt->phase_due = conn->now + conn->settings.limits[XMPP_LIMIT_TCP_TIME];
    int result = xm_proxy_new(&attempt->proxy, &config, &conn->link.out);
    if (result < 0) {
        (void)xm_proxy_check(&config, &reason);
        xm_attempt_fail(conn, result, XMPP_PHASE_TCP, NULL, NULL, reason);
    }
}

int xm_connect_step_proxy(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    struct xm_link *link = &conn->link;
    uint8_t room[ROOM];
    xm_link_begin_turn(link);
    for (int answered = 0; answered == 0;) {
        const uint8_t *bytes;
        size_t n;
        int result = xm_link_flush(link);
        int got = result < 0 ? result : xm_link_recv(link, room, sizeof room, &bytes, &n);
        if (got == XM_LINK_NONE && !link->is_cut) {
            return 0;
        }
        answered = got == XM_LINK_BYTES ? xm_proxy_recv(attempt->proxy, bytes, n)
                   : got < 0            ? got
                                        : XMPP_E_RESET;
        if (answered < 0) {
            proxy_failed(conn, answered);
            return 0;
        }
    }
    xm_proxy_free(attempt->proxy);
    attempt->proxy = NULL;
    return 1;
}
