/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of a TLS session, for the files of this folder and nobody else. */
#ifndef XM_TLS_SESSION_H
#define XM_TLS_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/buf.h"
#include "tls/tls.h"
#include "tls/trust.h"

enum xm_tls_state {
    XM_TLS_SHAKING, /* handshake: nothing of ours was said */
    XM_TLS_OPEN,    /* data flows */
    XM_TLS_ENDED,   /* the peer's close_notify came; we may still send */
    XM_TLS_FAILED   /* `error` says why; for ever */
};

struct xm_tlsa_set;

struct xm_tls {
    gnutls_session_t session;
    xmpp_trust *trust; /* a reference */
    struct xm_tls_identity *identity;
    gnutls_packet_t packet;   /* what xm_tls_recv() lent out last */
    struct xm_buf in;         /* ciphertext that came */
    struct xm_buf out;        /* ciphertext to go */
    struct xm_tlsa_set *dane; /* the records that decide, as long as the handshake; NULL: none */
    char *reason;             /* a sentence; NULL: none yet */
    const char *domain;       /* these four stand in text[] */
    const char *domain_ascii;
    const char *alpn;      /* NULL: none */
    const char *tlsa_host; /* "": none */
    uint32_t pulled;       /* bytes that the handshake has taken, to bound it */
    uint32_t findings;
    int error; /* in XM_TLS_FAILED, or noted by a callback on its way there */
    uint16_t chain_max;
    uint16_t n_silent; /* records in a row that carried no data */
    int8_t dane_usage; /* what was accepted; -1: DANE did not decide */
    uint8_t state;
    uint8_t is_direct;
    uint8_t is_verified;
    uint8_t is_in_end;
    uint8_t is_cut;     /* more was needed, and the end was there */
    uint8_t is_starved; /* the pull function had nothing left since this was cleared */
    uint8_t is_closed;  /* our close_notify was said */
    uint8_t is_bounded; /* the keys of the chain were looked at */
    char text[];
};

/* reason.c: what a code of GnuTLS means for us. */

/* Notes the sentence for a person, in printf's form; the first one stays. */
void xm_tls_note(struct xm_tls *tls, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends the session for what GnuTLS returned: an alert goes out where one fits, the state becomes
 * XM_TLS_FAILED. Returns the code. */
int xm_tls_fail(struct xm_tls *tls, int gnutls_code);

/* verify.c */

/* The session's gnutls_certificate_verify_function. */
int xm_tls_verify(gnutls_session_t session);

/* keys.c */

/* 1 if one signature by this key takes no time to speak of; 0 or GnuTLS's code. */
int xm_tls_is_bounded_key(gnutls_x509_crt_t cert);
/* 1 if a signature by this key could be forged, or cannot be judged. */
int xm_tls_is_weak_key(gnutls_x509_crt_t cert);
/* 0, or XMPP_E_CERT_BAD with its finding and sentence if a key that the peer showed is so large that
 * computing with it would take long. */
int xm_tls_check_keys(struct xm_tls *tls);
/* The session's gnutls_handshake_hook_func, in front of TLS 1.3's CertificateVerify: does so. */
int xm_tls_before_signature(gnutls_session_t session, unsigned type, unsigned when,
                            unsigned incoming, const gnutls_datum_t *message);

/* binding.c */

/* The hash of tls-server-end-point for a certificate signed with this gnutls_sign_algorithm_t, or
 * GnuTLS's code; GNUTLS_DIG_UNKNOWN if it has no such binding. */
gnutls_digest_algorithm_t xm_tls_end_point_hash(int signature);

/* identity.c */

/* The credentials' gnutls_certificate_retrieve_function2: the client certificate, when asked. */
int xm_tls_identity_show(gnutls_session_t session, const gnutls_datum_t *authorities,
                         int n_authorities, const gnutls_pk_algorithm_t *algorithms,
                         int n_algorithms, gnutls_pcert_st **ret_certs, unsigned *ret_n,
                         gnutls_privkey_t *ret_key);

#endif
