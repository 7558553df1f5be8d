/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who a connection is and how it proves it: the settings of auth.h. Which mechanism they lead to is
 * sasl/choose.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "conn/conn.h"

static int set_password(xmpp_conn *conn, const char *password)
{
    if (password && !xm_utf8_is_xml(password, strlen(password))) {
        return XMPP_E_CHAR;
    }
    char *copy = NULL;
    int result = xm_mem_set(&copy, password);
    if (result == 0) {
        xm_mem_free_secret(conn->settings.password);
        conn->settings.password = copy;
        xm_auth_forget(conn);
    }
    return result;
}

int xmpp_conn_set_password(xmpp_conn *conn, const char *password)
{
    int result = xm_settings_begin(conn);
    return result < 0 ? result : xm_conn_leave(conn, set_password(conn, password));
}

int xmpp_conn_renew_password(xmpp_conn *conn, const char *password)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    if (!password) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    if (conn->attempt && conn->attempt->sasl) { /* which reads the old one */
        return xm_conn_leave(conn, XMPP_E_STATE);
    }
    return xm_conn_leave(conn, conn->settings.password ? set_password(conn, password) : 0);
}

int xmpp_conn_set_authzid(xmpp_conn *conn, const char *authzid)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    xmpp_jid *jid = NULL;
    result = authzid ? xmpp_jid_parse(&jid, authzid) : 0;
    if (result == 0) {
        result = xm_mem_set(&conn->settings.authzid, jid ? xmpp_jid_get_bare_text(jid) : NULL);
    }
    xmpp_jid_unref(jid);
    return xm_conn_leave(conn, result);
}

static void take_identity(xmpp_conn *conn, struct xm_tls_identity *identity)
{
    xm_tls_identity_free(conn->settings.identity);
    conn->settings.identity = identity;
}

int xmpp_conn_set_client_cert(xmpp_conn *conn, const char *cert, size_t cert_len, const char *key,
                              size_t key_len)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    struct xm_tls_identity *identity = NULL;
    if (!cert != !key) {
        result = XMPP_E_INVAL;
    } else if (cert) {
        result = xm_tls_identity_load(&identity, cert, cert_len, key, key_len);
    }
    if (result == 0) {
        take_identity(conn, identity);
    }
    return xm_conn_leave(conn, result);
}

int xmpp_conn_set_client_cert_file(xmpp_conn *conn, const char *cert_file, const char *key_file)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    struct xm_tls_identity *identity = NULL;
    if (!cert_file != !key_file) {
        result = XMPP_E_INVAL;
    } else if (cert_file) {
        result = xm_tls_identity_load_file(&identity, cert_file, key_file);
    }
    if (result == 0) {
        take_identity(conn, identity);
    }
    return xm_conn_leave(conn, result);
}

int xmpp_conn_set_channel_binding(xmpp_conn *conn, int binding)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    if (binding < XMPP_BINDING_OFF || binding > XMPP_BINDING_REQUIRED) {
        return xm_conn_leave(conn, XMPP_E_INVAL);
    }
    conn->settings.binding = (uint8_t)binding;
    return xm_conn_leave(conn, 0);
}

int xmpp_conn_set_anonymous(xmpp_conn *conn, int on)
{
    return xm_settings_set_flag(conn, offsetof(struct xm_settings, is_anonymous), on);
}

int xmpp_conn_allow_plain(xmpp_conn *conn, int on)
{
    return xm_settings_set_flag(conn, offsetof(struct xm_settings, may_plain), on);
}

int xmpp_conn_allow_legacy_digest_md5(xmpp_conn *conn, int on)
{
    return xm_settings_set_flag(conn, offsetof(struct xm_settings, may_digest_md5), on);
}
