/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of reach.h: whom to ask for names, and other ways in. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "net/net.h"

enum { DNS_PORT = 53 };

const struct xm_ways *xm_ways(const xmpp_conn *conn)
{
    static const struct xm_ways none;
    return conn->settings.ways ? conn->settings.ways : &none;
}

void xm_ways_end(xmpp_conn *conn)
{
    xm_conn_destroy(conn, xm_ways(conn)->names.destroy, xm_ways(conn)->names.userdata);
}

static void free_proxy(struct xm_proxy_settings *proxy)
{
    free(proxy->host);
    free(proxy->user);
    xm_mem_free_secret(proxy->password);
}

void xm_ways_free(struct xm_ways *ways)
{
    if (ways) {
        free(ways->names.resolv_conf);
        free(ways->names.config);
        free_proxy(&ways->proxy);
        free(ways);
    }
}

/* A setter begins: as xm_settings_begin(), and there is something to set in. */
static int begin(xmpp_conn *conn)
{
    int result = xm_settings_begin(conn);
    if (result == 0 && !conn->settings.ways) {
        conn->settings.ways = xm_mem_new0(1, sizeof *conn->settings.ways);
        result = conn->settings.ways ? 0 : xm_conn_leave(conn, XMPP_E_NOMEM);
    }
    return result;
}

int xmpp_conn_set_resolv_conf(xmpp_conn *conn, const char *path)
{
    int result = begin(conn);
    if (result < 0) {
        return result;
    }
    return xm_conn_leave(conn, xm_mem_set(&conn->settings.ways->names.resolv_conf, path));
}

/* An address, with the name or the number of an interface behind '%'. */
static int parse_nameserver(const char *text, uint16_t port, struct xm_addr *ret_addr)
{
    char ip[XM_ADDR_TEXT];
    size_t len = strcspn(text, "%");
    if (xm_addr_parse(text, port, ret_addr)) {
        return 1;
    }
    if (text[len] != '%' || len >= sizeof ip) {
        return 0;
    }
    memcpy(ip, text, len);
    ip[len] = '\0';
    struct xm_addr addr;
    if (!xm_addr_parse(ip, port, &addr) || addr.family != 6) {
        return 0;
    }
    addr.scope = xm_net_find_scope(text + len + 1);
    if (addr.scope == 0) {
        return 0;
    }
    *ret_addr = addr;
    return 1;
}

static int add_nameserver(struct xm_names_settings *names, const struct xm_addr *addr)
{
    struct xm_dns_config *config = names->config;
    if (!config) {
        config = xm_mem_new0(1, sizeof *config);
        if (!config) {
            return XMPP_E_NOMEM;
        }
        xm_dns_config_init(config);
        config->n_servers = 0;
        names->config = config;
    }
    if (config->n_servers == XM_DNS_SERVERS_MAX) {
        return XMPP_E_TOO_BIG;
    }
    config->servers[config->n_servers++] = *addr;
    return 0;
}

int xmpp_conn_add_nameserver(xmpp_conn *conn, const char *address, uint16_t port)
{
    struct xm_addr addr;
    int result = begin(conn);
    if (result < 0) {
        return result;
    }
    struct xm_names_settings *names = &conn->settings.ways->names;
    if (!address) {
        free(names->config);
        names->config = NULL;
    } else if (!parse_nameserver(address, port > 0 ? port : DNS_PORT, &addr)) {
        result = XMPP_E_INVAL;
    } else {
        result = add_nameserver(names, &addr);
    }
    return xm_conn_leave(conn, result);
}

int xmpp_conn_set_resolver(xmpp_conn *conn, xmpp_resolver_fn resolver, void *userdata,
                           xmpp_destroy_fn destroy)
{
    int result = begin(conn);
    if (result < 0) {
        return result;
    }
    struct xm_names_settings *names = &conn->settings.ways->names;
    xmpp_destroy_fn old_destroy = names->destroy;
    void *old_userdata = names->userdata;
    names->resolver = resolver;
    names->userdata = userdata;
    names->destroy = resolver ? destroy : NULL;
    xm_conn_destroy(conn, old_destroy, old_userdata);
    return xm_conn_leave(conn, 0);
}

int xmpp_conn_set_direct_tls(xmpp_conn *conn, int on)
{
    return xm_settings_set_flag(conn, offsetof(struct xm_settings, is_direct), on);
}

/* --- proxies ------------------------------------------------------------------------------------ */

static int is_proxy(int kind, uint16_t port, const char *user, const char *password)
{
    const char *reason;
    if ((kind != XMPP_PROXY_SOCKS5 && kind != XMPP_PROXY_HTTP) || port == 0 || !user != !password) {
        return 0;
    }
    struct xm_proxy_config config = {.kind = (enum xm_proxy_kind)kind,
                                     .host = "localhost",
                                     .port = port,
                                     .user = user,
                                     .password = password};
    return xm_proxy_check(&config, &reason);
}

int xmpp_conn_set_proxy(xmpp_conn *conn, int kind, const char *host, uint16_t port,
                        const char *user, const char *password)
{
    int result = begin(conn);
    if (result < 0) {
        return result;
    }
    struct xm_proxy_settings proxy = {
        .port = port,
        .kind = (uint8_t)kind,
        .may_ask_dns = conn->settings.ways->proxy.may_ask_dns,
    };
    if (kind == XMPP_PROXY_NONE) {
        free_proxy(&conn->settings.ways->proxy);
        conn->settings.ways->proxy = proxy;
        return xm_conn_leave(conn, 0);
    }
    if (!host || !is_proxy(kind, port, user, password)) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    result = xm_settings_set_host(&proxy.host, host);
    if (result == 0 &&
        (xm_mem_set(&proxy.user, user) < 0 || xm_mem_set(&proxy.password, password) < 0)) {
        result = XMPP_E_NOMEM;
    }
    if (result < 0) {
        free_proxy(&proxy);
        return xm_conn_leave(conn, result);
    }
    free_proxy(&conn->settings.ways->proxy);
    conn->settings.ways->proxy = proxy;
    return xm_conn_leave(conn, 0);
}

int xmpp_conn_allow_proxy_dns(xmpp_conn *conn, int on)
{
    int result = begin(conn);
    if (result < 0) {
        return result;
    }
    conn->settings.ways->proxy.may_ask_dns = on != 0;
    return xm_conn_leave(conn, 0);
}
