/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server sends us elsewhere (see-other-host, RFC 6120 4.9.3.19): whether and where we go. Going there
 * is connect.c's, when the turn ends. What the peer says is hostile: it is followed inside verified TLS
 * alone, changes no name that is verified, and only so often. */
#include <stdlib.h>
#include <string.h>

#include "conn/conn.h"
#include "conn/reach.h"

/* Splits "host", "host:port", "[IPv6]:port"; in `to` the host is ended. 1 if it is one of these. */
static int split_host(char *to, char **ret_host, uint16_t *ret_port)
{
    char *host = to;
    char *rest = to + strcspn(to, ":");
    if (*to == '[') {
        rest = to + strcspn(to, "]");
        if (*rest != ']') {
            return 0;
        }
        *rest++ = '\0';
        host = to + 1;
    }
    unsigned long port = 0;
    if (*rest == ':') {
        char *end;
        port = strtoul(rest + 1, &end, 10);
        if (rest[1] < '0' || rest[1] > '9' || *end != '\0' || port == 0 || port > UINT16_MAX) {
            return 0;
        }
        *rest = '\0';
    } else if (*rest != '\0') {
        return 0;
    }
    *ret_host = host;
    *ret_port = (uint16_t)port;
    return 1;
}

/* Where we are sent to becomes where we go. 0, XMPP_E_REDIRECT if we may not go there, XMPP_E_NOMEM. */
static int take_redirect(struct xm_reach *reach, const char *to)
{
    char copy[XM_HOST_MAX + 16];
    char *host;
    uint16_t port;
    size_t len = to ? strlen(to) : 0;
    if (len == 0 || len >= sizeof copy || reach->n_redirects == XM_REDIRECTS_MAX) {
        return XMPP_E_REDIRECT;
    }
    memcpy(copy, to, len + 1);
    int result =
        split_host(copy, &host, &port) ? xm_settings_set_host(&reach->host, host) : XMPP_E_INVAL;
    if (result < 0) {
        return result == XMPP_E_NOMEM ? result : XMPP_E_REDIRECT;
    }
    reach->port = port;
    reach->by_srv = port == 0; /* without a port it is looked for as any domain */
    reach->n_redirects++;
    reach->is_redirected = 1;
    return 0;
}

int xm_connect_redirected(xmpp_conn *conn, const char *to)
{
    struct xm_reach *reach = conn->reach;
    if (!reach || !conn->link.is_secure || conn->state >= XMPP_STATE_ONLINE) {
        return 0;
    }
    int result = take_redirect(reach, to);
    if (result < 0) {
        int is_theirs = result == XMPP_E_REDIRECT;
        xm_attempt_fail(conn, result, XMPP_PHASE_STREAM, is_theirs ? "see-other-host" : NULL,
                        is_theirs ? to : NULL, NULL);
        return 1;
    }
    xm_log(conn, XMPP_AREA_STREAM, XMPP_LOG_INFO, "the server sends us to %s", reach->host);
    xm_attempt_end(conn);
    return 1;
}
