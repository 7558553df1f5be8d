/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a session failed: GnuTLS's codes as ours, a sentence for a person, an alert for the peer. The
 * certificate's own reasons are found in verify.c. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tls/session.h"
#include "xmpp/error.h"

enum { REASON_MAX = 512 };

void xm_tls_note(struct xm_tls *tls, const char *format, ...)
{
    if (tls->reason) {
        return;
    }
    tls->reason = malloc(REASON_MAX);
    if (!tls->reason) {
        return; /* the code is told all the same */
    }
    va_list args;
    va_start(args, format);
    vsnprintf(tls->reason, REASON_MAX, format, args);
    va_end(args);
}

const char *xm_tls_get_reason(const struct xm_tls *tls)
{
    if (tls->reason) {
        return tls->reason;
    }
    return tls->state == XM_TLS_FAILED ? xmpp_strerror(tls->error) : "";
}

/* What the peer did to the bytes, once the handshake agreed on keys. */
static int is_damage(int gnutls_code)
{
    switch (gnutls_code) {
    case GNUTLS_E_DECRYPTION_FAILED:
    case GNUTLS_E_UNEXPECTED_PACKET:
    case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
    case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
    case GNUTLS_E_RECORD_OVERFLOW:
    case GNUTLS_E_RECORD_LIMIT_REACHED:
        return 1;
    default:
        return 0;
    }
}

static int code_of(struct xm_tls *tls, int gnutls_code)
{
    if (tls->is_cut) {
        return XMPP_E_TRUNCATED;
    }
    switch (gnutls_code) {
    case GNUTLS_E_MEMORY_ERROR:
        return XMPP_E_NOMEM;
    case GNUTLS_E_REHANDSHAKE:
        return XMPP_E_TLS_RENEGOTIATION;
    case GNUTLS_E_DECRYPTION_FAILED:
        return XMPP_E_TLS_BROKEN;
    default:
        break;
    }
    if (tls->state == XM_TLS_SHAKING) {
        return XMPP_E_TLS;
    }
    return is_damage(gnutls_code) ? XMPP_E_TLS_BROKEN : XMPP_E_TLS;
}

/* A certificate that GnuTLS could not even read never comes to verify.c. */
static int is_bad_certificate(struct xm_tls *tls, int gnutls_code)
{
    if (tls->state != XM_TLS_SHAKING || tls->is_verified || tls->is_cut ||
        gnutls_handshake_get_last_in(tls->session) != GNUTLS_HANDSHAKE_CERTIFICATE_PKT) {
        return 0;
    }
    return gnutls_code != GNUTLS_E_FATAL_ALERT_RECEIVED &&
           gnutls_code != GNUTLS_E_DECRYPTION_FAILED && gnutls_code != GNUTLS_E_MEMORY_ERROR;
}

static void describe(struct xm_tls *tls, int gnutls_code)
{
    if (tls->is_cut) {
        xm_tls_note(tls, "TLS ended without close_notify");
        return;
    }
    if (gnutls_code == GNUTLS_E_FATAL_ALERT_RECEIVED) {
        const char *name = gnutls_alert_get_name(gnutls_alert_get(tls->session));
        xm_tls_note(tls, "the server sent the TLS alert \"%s\"", name ? name : "unknown");
        return;
    }
    xm_tls_note(tls, "%s: %s", xmpp_strerror(tls->error), gnutls_strerror(gnutls_code));
}

static gnutls_alert_description_t alert_of(int code)
{
    switch (code) {
    case XMPP_E_CERT_UNTRUSTED:
        return GNUTLS_A_UNKNOWN_CA;
    case XMPP_E_CERT_EXPIRED:
    case XMPP_E_CERT_NOT_YET:
        return GNUTLS_A_CERTIFICATE_EXPIRED;
    case XMPP_E_CERT_REVOKED:
        return GNUTLS_A_CERTIFICATE_REVOKED;
    case XMPP_E_CERT_PURPOSE:
        return GNUTLS_A_UNSUPPORTED_CERTIFICATE;
    case XMPP_E_NOMEM:
        return GNUTLS_A_INTERNAL_ERROR;
    default:
        return GNUTLS_A_BAD_CERTIFICATE;
    }
}

static void send_alert(struct xm_tls *tls, int gnutls_code)
{
    if (tls->is_cut || gnutls_code == GNUTLS_E_FATAL_ALERT_RECEIVED) {
        return;
    }
    if (gnutls_code == GNUTLS_E_CERTIFICATE_ERROR || tls->findings != 0) {
        gnutls_alert_send(tls->session, GNUTLS_AL_FATAL, alert_of(tls->error));
    } else if (gnutls_code == GNUTLS_E_REHANDSHAKE) {
        gnutls_alert_send(tls->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
    } else {
        gnutls_alert_send_appropriate(tls->session, gnutls_code);
    }
}

int xm_tls_fail(struct xm_tls *tls, int gnutls_code)
{
    if (tls->error == 0 && is_bad_certificate(tls, gnutls_code)) {
        tls->error = XMPP_E_CERT_BAD;
        tls->findings |= XMPP_CERT_BAD;
        xm_tls_note(tls, "the certificate cannot be read: %s", gnutls_strerror(gnutls_code));
    }
    if (tls->error == 0) {
        tls->error = code_of(tls, gnutls_code);
    }
    describe(tls, gnutls_code);
    send_alert(tls, gnutls_code);
    tls->state = XM_TLS_FAILED;
    return tls->error;
}
