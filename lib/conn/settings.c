/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the application sets about a connection, and the table of limits. Who it is and how it
 * proves it is credentials.c. */
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "conn/conn.h"
#include "jid/domain.h"
#include "xmpp/trust.h"

enum { HOST_MAX = 255, LANG_MAX = 64, HOUR = 3600 * 1000, KEEPALIVE = 300000 /* RFC 6120 4.6.4 */ };

/* By enum xmpp_limit. */
static const struct {
    int32_t initial;
    int32_t least;
    int32_t most;
} limits[XM_LIMITS] = {
    [XMPP_LIMIT_STANZA_BYTES] = {524288, 1024, XM_PARSER_LIMIT_MAX},
    [XMPP_LIMIT_DEPTH] = {100, 4, 10000},
    [XMPP_LIMIT_ATTRS] = {256, 8, 10000},
    [XMPP_LIMIT_HEADER_BYTES] = {16384, 512, 1000000},
    [XMPP_LIMIT_QUEUE_HIGH] = {1048576, 1024, INT32_MAX},
    [XMPP_LIMIT_QUEUE_LOW] = {262144, 0, INT32_MAX},
    [XMPP_LIMIT_TURN_BYTES] = {131072, 1, INT32_MAX},
    [XMPP_LIMIT_TURN_STANZAS] = {256, 1, INT32_MAX},
    [XMPP_LIMIT_ITERATIONS_MIN] = {4096, 4096, 10000000},
    [XMPP_LIMIT_ITERATIONS_MAX] = {500000, 4096, 10000000},
    [XMPP_LIMIT_TCP_TIME] = {20000, 1, HOUR},
    [XMPP_LIMIT_TLS_TIME] = {20000, 1, HOUR},
    [XMPP_LIMIT_STREAM_TIME] = {20000, 1, HOUR},
    [XMPP_LIMIT_SASL_TIME] = {30000, 1, HOUR},
    [XMPP_LIMIT_BIND_TIME] = {20000, 1, HOUR},
    [XMPP_LIMIT_CONNECT_TIME] = {60000, 1, HOUR},
    [XMPP_LIMIT_CLOSE_TIME] = {5000, 1, HOUR},
    [XMPP_LIMIT_REQUEST_TIME] = {60000, 1, 24 * HOUR},
    [XMPP_LIMIT_ASK_TIME] = {300000, 1, 24 * HOUR},
    [XMPP_LIMIT_CHAIN] = {10, 1, 100},
    [XMPP_LIMIT_DNS_TIME] = {30000, 1, HOUR},
    [XMPP_LIMIT_ATTEMPT_DELAY] = {250, 100, 2000},
    [XMPP_LIMIT_RETRY_FIRST] = {1000, 100, 24 * HOUR},
    [XMPP_LIMIT_RETRY_MOST] = {300000, 100, 24 * HOUR},
    [XMPP_LIMIT_RETRY_STABLE] = {60000, 0, 24 * HOUR},
    [XMPP_LIMIT_RETRY_SESSION] = {60000, 0, 24 * HOUR},
    [XMPP_LIMIT_PROBE_TIME] = {30000, 1, HOUR},
};

void xm_settings_init(struct xm_settings *settings)
{
    settings->binding = XMPP_BINDING_POSSIBLE;
    settings->keepalive = KEEPALIVE;
    for (size_t i = 0; i < XM_LIMITS; i++) {
        settings->limits[i] = limits[i].initial;
    }
}

void xm_settings_done(struct xm_settings *settings)
{
    xmpp_jid_unref(settings->jid);
    xm_mem_free_secret(settings->password);
    xm_mem_free_secret(settings->component_secret);
    free(settings->authzid);
    free(settings->host);
    free(settings->hosts_file);
    free(settings->lang);
    xmpp_trust_unref(settings->trust);
    xm_tls_identity_free(settings->identity);
    xm_ways_free(settings->ways);
}

int xm_settings_begin(xmpp_conn *conn)
{
    int result = xm_conn_enter(conn);
    if (result == 0 && conn->state != XMPP_STATE_OFFLINE) {
        result = xm_conn_leave(conn, XMPP_E_STATE);
    }
    return result;
}

int xmpp_conn_set_jid(xmpp_conn *conn, const char *text)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    xmpp_jid *jid = NULL;
    result = text ? xmpp_jid_parse(&jid, text) : 0;
    if (result == 0) {
        xmpp_jid_unref(conn->settings.jid);
        conn->settings.jid = jid;
        xm_auth_forget(conn);
    }
    return xm_conn_leave(conn, result);
}

/* A name or an address that could stand in a hosts file; nothing else reaches a file or a log. */
static int is_host(const char *host)
{
    size_t len = strnlen(host, HOST_MAX + 1);
    if (len == 0 || len > HOST_MAX || !xm_utf8_is_xml(host, len)) {
        return 0;
    }
    if (strchr(host, ':') != NULL) { /* not a port: that is an argument of its own */
        struct xm_addr addr;
        return xm_addr_parse(host, 0, &addr);
    }
    return strpbrk(host, " \t\r\n#/@") == NULL;
}

/* A name becomes A-labels, as a JID's domain does; most are that already. */
static int set_name(char **ret_host, const char *name)
{
    char ascii[XM_DOMAIN_MAX];
    xmpp_jid *jid = NULL;
    if (xm_domain_is_plain(name, strlen(name))) {
        return xm_mem_set(ret_host, name);
    }
    int result = xmpp_jid_parse(&jid, name);
    if (result < 0) {
        return result;
    }
    int is_domain = !xmpp_jid_get_local(jid) && !xmpp_jid_get_resource(jid);
    result = is_domain ? xmpp_jid_get_domain_ascii(jid, ascii, sizeof ascii) : XMPP_E_INVAL;
    xmpp_jid_unref(jid);
    return result < 0 ? result : xm_mem_set(ret_host, ascii);
}

int xm_settings_set_host(char **ret_host, const char *host)
{
    struct xm_addr addr;
    if (!host) {
        return xm_mem_set(ret_host, NULL);
    }
    if (!is_host(host)) {
        return XMPP_E_INVAL;
    }
    int result =
        xm_addr_parse(host, 0, &addr) ? xm_mem_set(ret_host, host) : set_name(ret_host, host);
    return result < 0 && result != XMPP_E_NOMEM ? XMPP_E_INVAL : result;
}

int xmpp_conn_set_server(xmpp_conn *conn, const char *host, uint16_t port)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    result = xm_settings_set_host(&conn->settings.host, host);
    if (result == 0) {
        conn->settings.port = port;
    }
    return xm_conn_leave(conn, result);
}

int xmpp_conn_set_hosts_file(xmpp_conn *conn, const char *path)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    return xm_conn_leave(conn, xm_mem_set(&conn->settings.hosts_file, path));
}

int xmpp_conn_set_lang(xmpp_conn *conn, const char *lang)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    if (lang && (*lang == '\0' || strlen(lang) > LANG_MAX || lang[strspn(lang, allowed)] != '\0')) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    return xm_conn_leave(conn, xm_mem_set(&conn->settings.lang, lang));
}

int xmpp_conn_set_trust(xmpp_conn *conn, xmpp_trust *trust)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    trust = xmpp_trust_ref(trust);
    xmpp_trust_unref(conn->settings.trust);
    conn->settings.trust = trust;
    return xm_conn_leave(conn, 0);
}

int xm_settings_set_flag(xmpp_conn *conn, size_t offset, int on)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    ((uint8_t *)&conn->settings)[offset] = on != 0;
    return xm_conn_leave(conn, 0);
}

int xmpp_conn_allow_cleartext_insecure(xmpp_conn *conn, int on)
{
    return xm_settings_set_flag(conn, offsetof(struct xm_settings, may_cleartext), on);
}

int xmpp_conn_set_limit(xmpp_conn *conn, int which, int64_t value)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (which < 0 || which >= XM_LIMITS || value < limits[which].least ||
        value > limits[which].most) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    conn->settings.limits[which] = value;
    return xm_conn_leave(conn, 0);
}

int64_t xmpp_conn_get_limit(const xmpp_conn *conn, int which)
{
    return conn && which >= 0 && which < XM_LIMITS ? conn->settings.limits[which] : XMPP_E_INVAL;
}
