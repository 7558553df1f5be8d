/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file auth.h
 * @brief Who a connection is, and how it proves it: password, certificate, mechanisms, channel
 * binding.
 *
 * What is set here holds from the next attempt to connect. Left alone, the strongest SCRAM that
 * the server offers is used, bound to the TLS channel where that is possible, and nothing else
 * (RFC 6120 13.8, RFC 5802, RFC 7677). One mechanism is tried per attempt; a failure is reported
 * and never followed by a weaker one.
 *
 * @par Specifications
 * - RFC 5802, all: complete
 * - RFC 7677, all: complete
 * - RFC 4505, all: complete
 * - RFC 4616, all: complete
 * - RFC 2831, authentication: complete
 * - RFC 5929, tls-unique and tls-server-end-point: complete
 * - RFC 9266, all: complete
 * - XEP-0175, 1.2: complete
 * - XEP-0178, 1.2: partial, clients only
 * - XEP-0440, 1.0.0: complete
 */
#ifndef XMPP_AUTH_H
#define XMPP_AUTH_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether authentication is bound to the TLS channel (RFC 5056, RFC 5802 6, XEP-0440). */
enum xmpp_channel_binding {
    XMPP_BINDING_OFF = 0,      /**< never */
    XMPP_BINDING_POSSIBLE = 1, /**< when both sides can; the default */
    /** or the attempt fails with XMPP_E_AUTH_BINDING; mechanisms that cannot be bound are not used
     * then, EXTERNAL and ANONYMOUS among them */
    XMPP_BINDING_REQUIRED = 2
};

/**
 * The password of the account. NULL forgets it. If none is set when one is needed, the handler of
 * xmpp_conn_on_ask() is asked; without such a handler the attempt fails with
 * XMPP_E_AUTH_CREDENTIALS.
 *
 * @param password  copied, and wiped when it is no longer needed
 * @return 0, XMPP_E_NOMEM, XMPP_E_CHAR (not UTF-8), XMPP_E_STATE while connecting
 */
XMPP_API int xmpp_conn_set_password(xmpp_conn *conn, const char *password);

/**
 * The password of the account has changed, says the server: in the place of the one that was set it is
 * used from the next attempt on. Legal at any time but while it authenticates. Where none was set,
 * because the application is asked, nothing is kept.
 *
 * @param password  copied, and wiped when it is no longer needed
 * @return 0, XMPP_E_INVAL for NULL, XMPP_E_NOMEM, XMPP_E_CHAR, XMPP_E_STATE while authenticating,
 *         XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_conn_renew_password(xmpp_conn *conn, const char *password);

/**
 * An authorization identity: act as another JID than the one that authenticates (RFC 6120 6.3.8).
 *
 * @param authzid  copied; NULL for none, the default
 * @return 0, XMPP_E_NOMEM, XMPP_E_JID, XMPP_E_STATE while connecting
 */
XMPP_API int xmpp_conn_set_authzid(xmpp_conn *conn, const char *authzid);

/**
 * A client certificate with its key, in PEM. It is shown to a server that asks, and SASL EXTERNAL
 * is used before all other mechanisms where it is offered (XEP-0178).
 *
 * @param cert  copied; the certificate first, then those between it and an authority
 * @param key   copied
 * @return 0, XMPP_E_CERT_BAD (not a certificate, or not its key), XMPP_E_NOMEM, XMPP_E_STATE while
 *         connecting
 */
XMPP_API int xmpp_conn_set_client_cert(xmpp_conn *conn, const char *cert, size_t cert_len,
                                       const char *key, size_t key_len);
/** As xmpp_conn_set_client_cert(), from files, which are read now. XMPP_E_FILE if they cannot be.
 * NULL for both: none. */
XMPP_API int xmpp_conn_set_client_cert_file(xmpp_conn *conn, const char *cert_file,
                                            const char *key_file);

/** An enum xmpp_channel_binding. @return 0, XMPP_E_INVAL, XMPP_E_STATE while connecting */
XMPP_API int xmpp_conn_set_channel_binding(xmpp_conn *conn, int binding);

/** 1: log in without an account by SASL ANONYMOUS (RFC 4505), and by nothing else. The JID is then
 * a domain. @return 0, XMPP_E_STATE while connecting */
XMPP_API int xmpp_conn_set_anonymous(xmpp_conn *conn, int on);

/** 1: SASL PLAIN (RFC 4616) may be used when nothing better is offered. It hands the password to
 * the server, and is still used only inside TLS that was verified. @return 0, XMPP_E_STATE while
 * connecting */
XMPP_API int xmpp_conn_allow_plain(xmpp_conn *conn, int on);

/** 1: the obsolete DIGEST-MD5 (RFC 2831, RFC 6331) may be used when no SCRAM is offered. It is
 * weak; for servers that have nothing else. It goes before PLAIN where both may be used.
 * @return 0, XMPP_E_STATE while connecting */
XMPP_API int xmpp_conn_allow_legacy_digest_md5(xmpp_conn *conn, int on);

#ifdef __cplusplus
}
#endif

#endif
