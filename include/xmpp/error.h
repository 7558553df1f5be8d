/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file error.h
 * @brief Error codes, and the report that a failed connection attempt leaves.
 *
 * The enum below is the one table: the texts of xmpp_strerror() are made from its comments when
 * the library is built. Detail hangs on the object that failed, never on the thread.
 */
#ifndef XMPP_ERROR_H
#define XMPP_ERROR_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a function returns, or what ended a connection. Values are never renumbered. */
enum xmpp_error_code {
    XMPP_OK = 0, /**< success */

    /* misuse by the application, or the machine it runs on */
    XMPP_E_NOMEM = -1,       /**< out of memory */
    XMPP_E_INVAL = -2,       /**< an argument is not acceptable */
    XMPP_E_STATE = -3,       /**< not possible in the present state */
    XMPP_E_BUSY = -4,        /**< called from inside a callback, or the object is in use */
    XMPP_E_GONE = -5,        /**< the connection was freed in a callback; the pointer is dead */
    XMPP_E_NOT_FOUND = -6,   /**< there is no such thing */
    XMPP_E_TOO_BIG = -7,     /**< larger than a limit allows */
    XMPP_E_CHAR = -8,        /**< a character that XML forbids, or text that is not UTF-8 */
    XMPP_E_NAME = -9,        /**< not a name that an XML element or attribute can have */
    XMPP_E_JID = -10,        /**< not a valid JID */
    XMPP_E_QUEUE_FULL = -11, /**< the send queue is at its bound; wait for the low-water event */
    XMPP_E_STALE = -12,      /**< too late: the attempt that asked has ended */
    XMPP_E_APP = -13,        /**< a callback of the application refused */
    XMPP_E_FILE = -14,       /**< a file cannot be read */
    XMPP_E_SYSTEM = -15, /**< the operating system refused, for instance for want of descriptors */
    XMPP_E_UNSUPPORTED = -16, /**< not supported by this build */
    XMPP_E_INTERNAL = -17, /**< a bug in libxmpp, or a library below it failed in an unknown way */
    XMPP_E_REQUIRES =
        -18, /**< a module that is needed is not enabled, or one that is needed goes */
    XMPP_E_CONFLICT = -19, /**< another module has that name, or does that work */

    /* how a request or a connection ended without an error of its own */
    XMPP_E_REMOTE = -20,       /**< the peer answered with an error */
    XMPP_E_TIMEOUT = -21,      /**< a deadline passed */
    XMPP_E_DISCONNECTED = -22, /**< the connection ended */
    XMPP_E_OFFLINE = -23,      /**< the connection was not online */

    /* the way to the server */
    XMPP_E_LOOKUP = -30,      /**< the name of the server cannot be found */
    XMPP_E_REFUSED = -31,     /**< the server refused the connection */
    XMPP_E_UNREACHABLE = -32, /**< there is no route to the server */
    XMPP_E_RESET = -33,       /**< the connection was cut by the other side */
    XMPP_E_TRUNCATED = -34,   /**< the connection ended without being closed in order */
    XMPP_E_PROXY = -35,       /**< the proxy refused, or what stands there is none */
    XMPP_E_NO_SERVICE = -36,  /**< the domain says that it offers no XMPP */
    XMPP_E_REDIRECT = -37, /**< the server sends us elsewhere too often, or where we may not go */
    XMPP_E_DNS = -38,      /**< DNS could not be asked, or its answer is bogus */
    XMPP_E_NOT_LOOPBACK =
        -39, /**< clear text may not leave this machine: the address is not on loopback */

    /* TLS */
    XMPP_E_TLS = -40,          /**< the TLS handshake failed */
    XMPP_E_TLS_MISSING = -41,  /**< the server does not offer STARTTLS, and TLS is mandatory */
    XMPP_E_TLS_INJECTED = -42, /**< there was data between the start of TLS and its handshake */
    XMPP_E_TLS_RENEGOTIATION = -43, /**< the server asked for a renegotiation */
    XMPP_E_TLS_BROKEN = -44,        /**< a TLS record was damaged */
    XMPP_E_CERT_UNTRUSTED =
        -45,                   /**< the certificate is not signed by an authority that is trusted */
    XMPP_E_CERT_NAME = -46,    /**< the certificate is for another name */
    XMPP_E_CERT_EXPIRED = -47, /**< the certificate has expired */
    XMPP_E_CERT_NOT_YET = -48, /**< the certificate is not valid yet */
    XMPP_E_CERT_PURPOSE = -49, /**< the certificate is not meant for servers */
    XMPP_E_CERT_REVOKED = -50, /**< the certificate was revoked */
    XMPP_E_CERT_WEAK = -51,    /**< the certificate uses an algorithm or a key that is too weak */
    XMPP_E_CERT_BAD =
        -52, /**< a certificate, or its chain or key, is missing, malformed or too large */
    XMPP_E_CERT_CONSTRAINT = -53, /**< an authority of the chain may not sign for this name */
    XMPP_E_CERT_DANE = -54, /**< the certificate is none of those that the domain's DNS names */

    /* SASL */
    XMPP_E_AUTH = -60,           /**< the server refused the authentication */
    XMPP_E_AUTH_MECHANISM = -61, /**< no mechanism that is allowed was offered */
    XMPP_E_AUTH_SERVER = -62,    /**< the server failed to prove that it knows the password */
    XMPP_E_AUTH_PROTOCOL = -63,  /**< the server broke the rules of the mechanism */
    XMPP_E_AUTH_BINDING =
        -64, /**< channel binding is required, or was promised, and is not possible */
    XMPP_E_AUTH_ITERATIONS = -65,  /**< the server asks for too few or too many iterations */
    XMPP_E_AUTH_CREDENTIALS = -66, /**< no password was given, or it cannot be prepared */

    /* the stream */
    XMPP_E_XML = -70,       /**< not well-formed, or XML that a stream forbids */
    XMPP_E_STREAM = -71,    /**< the peer ended the stream with an error */
    XMPP_E_PROTOCOL = -72,  /**< the peer broke the rules of the protocol */
    XMPP_E_BIND = -73,      /**< the server refused to bind a resource */
    XMPP_E_BOUND_JID = -74, /**< the server bound an address that is not of this account */
    XMPP_E_CLOSED = -75     /**< the server closed the stream */
};

/** A short English text for a code; for an unknown one too. Borrowed (for ever). */
XMPP_API const char *xmpp_strerror(int code);

/** The name of a code's constant, such as "XMPP_E_NOMEM"; NULL if unknown. Borrowed (for ever). */
XMPP_API const char *xmpp_error_name(int code);

/** Where on the way an attempt ended. */
enum xmpp_phase {
    XMPP_PHASE_NONE = 0,   /**< nothing has failed, or the settings let nothing begin */
    XMPP_PHASE_DNS = 1,    /**< finding the server's address */
    XMPP_PHASE_TCP = 2,    /**< connecting to it */
    XMPP_PHASE_TLS = 3,    /**< STARTTLS, the handshake, the certificate */
    XMPP_PHASE_SASL = 4,   /**< authentication */
    XMPP_PHASE_BIND = 5,   /**< binding a resource */
    XMPP_PHASE_STREAM = 6, /**< opening the stream, its header and features */
    XMPP_PHASE_SESSION = 7 /**< after the connection was online */
};

/** What to do about it. */
enum xmpp_advice {
    XMPP_ADVICE_NONE = 0,         /**< nothing is wrong */
    XMPP_ADVICE_RETRY = 1,        /**< try again later */
    XMPP_ADVICE_ASK_PASSWORD = 2, /**< ask for another password */
    XMPP_ADVICE_FIX_SETTINGS = 3, /**< change a setting here or at the server */
    XMPP_ADVICE_GIVE_UP = 4       /**< trying again will not help */
};

/** What is wrong with the server's certificate: bits of xmpp_error_get_cert_findings(). */
enum xmpp_cert_finding {
    XMPP_CERT_UNTRUSTED = 1,    /**< no trusted authority signed it */
    XMPP_CERT_NAME = 2,         /**< it is for another name */
    XMPP_CERT_EXPIRED = 4,      /**< it, or one above it, has expired */
    XMPP_CERT_NOT_YET = 8,      /**< it, or one above it, is not valid yet */
    XMPP_CERT_PURPOSE = 16,     /**< its extended key usage does not include servers */
    XMPP_CERT_REVOKED = 32,     /**< it was revoked */
    XMPP_CERT_WEAK = 64,        /**< an algorithm or a key is too weak */
    XMPP_CERT_BAD = 128,        /**< it is malformed, or its chain is too long or too large */
    XMPP_CERT_CONSTRAINT = 256, /**< a name constraint of its chain forbids the name */
    XMPP_CERT_DANE = 512        /**< no TLSA record of the target matches it */
};

/** The code of what went wrong, an `XMPP_E_…`; 0 if nothing has. NULL is taken as no error. */
XMPP_API int xmpp_error_get_code(const xmpp_error *error);
/** The enum xmpp_phase in which it went wrong. */
XMPP_API int xmpp_error_get_phase(const xmpp_error *error);
/** The enum xmpp_advice. */
XMPP_API int xmpp_error_get_advice(const xmpp_error *error);
/**
 * The peer's condition, such as "not-authorized" (RFC 6120 4.9.3, 6.5, 8.3.3); NULL if the peer
 * gave none. Borrowed (until the connection's next connect).
 */
XMPP_API const char *xmpp_error_get_condition(const xmpp_error *error);
/** The peer's own text; NULL if it gave none. Hostile text: filter it before a terminal sees it.
 * Borrowed (until the connection's next connect). */
XMPP_API const char *xmpp_error_get_text(const xmpp_error *error);
/** One line that says what went wrong and with what, for a log or a person. Never NULL; characters
 * that could harm a terminal are replaced. Borrowed (until the connection's next connect). */
XMPP_API const char *xmpp_error_get_message(const xmpp_error *error);
/** The enum xmpp_cert_finding bits of a refused certificate; 0 if it was not refused. */
XMPP_API uint32_t xmpp_error_get_cert_findings(const xmpp_error *error);

#ifdef __cplusplus
}
#endif

#endif
