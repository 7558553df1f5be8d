/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One TLS session as a sans-I/O engine on GnuTLS, client side. Ciphertext goes in and comes out in
 * two byte queues that the owner fills and empties; the certificate is verified inside the
 * handshake, before anything of ours is said. No callback leaves this
 * folder. */
#ifndef XM_TLS_TLS_H
#define XM_TLS_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/answer.h"
#include "base/buf.h"
#include "xmpp/trust.h"

struct xm_tls;
struct xm_tls_identity; /* a client certificate with its key, loaded once */

/* From PEM texts, or files when the names end in _file. `key` may be the same text as `cert`.
 * 0, XMPP_E_FILE, XMPP_E_CERT_BAD (with no key that fits, too), XMPP_E_NOMEM. */
int xm_tls_identity_load(struct xm_tls_identity **ret_identity, const char *cert_pem,
                         size_t cert_len, const char *key_pem, size_t key_len);
int xm_tls_identity_load_file(struct xm_tls_identity **ret_identity, const char *cert_file,
                              const char *key_file);
void xm_tls_identity_free(struct xm_tls_identity *identity);

struct xm_tls_config {
    xmpp_trust *trust;        /* NULL: the system's, shared and loaded when first needed */
    const char *domain;       /* the reference name: the JID's domain, U-labels or IP literal */
    const char *domain_ascii; /* the same as A-labels; for SNI and DNS-ID */
    struct xm_tls_identity *identity; /* borrowed; NULL: none */
    const char *alpn;                 /* NULL: none is offered */
    int is_direct;                    /* direct TLS: SRV-ID may be _xmpps-client too */
    size_t chain_max;                 /* certificates of a chain that are looked at; 0: 10 */
    /* DANE (RFC 7673 4, RFC 6698 2.1, RFC 7671): secure, usable (xm_tlsa_is_usable) or not; with at
     * least one that is usable they decide, and one must match: else XMPP_E_CERT_DANE. Copied. */
    const struct xm_tlsa *tlsa;
    size_t n_tlsa;
    const char *tlsa_host; /* the SRV target as A-labels: a second reference name, for usage 0 to 2
                            * of such records and for nothing else */
};

/* 0, XMPP_E_NOMEM, XMPP_E_TLS, XMPP_E_FILE (no system store). Freezes the trust. */
int xm_tls_new(struct xm_tls **ret_tls, const struct xm_tls_config *config);
/* Takes NULL. */
void xm_tls_free(struct xm_tls *tls);

/* The queues: the owner reads from the socket into `in` (xm_buf_reserve, _commit) and sends what is
 * in `out` (xm_buf_head, _take). Borrowed (as long as the session). */
struct xm_buf *xm_tls_in(struct xm_tls *tls);
struct xm_buf *xm_tls_out(struct xm_tls *tls);
/* The socket is at its end: what is still in `in` is the last. */
void xm_tls_in_end(struct xm_tls *tls);

/* Goes on with the handshake. 1: done, verified; 0: needs more from the peer; else why not, an
 * XMPP_E_TLS…, XMPP_E_CERT… or XMPP_E_TRUNCATED. An alert for the peer may be in `out` then. */
int xm_tls_handshake(struct xm_tls *tls);

/* Decrypts the next piece. 1: *ret_bytes is borrowed (until the next call of any of these);
 * 0: needs more; XM_TLS_CLOSED: close_notify came; else negative: XMPP_E_TRUNCATED (the end
 * without close_notify), XMPP_E_TLS_BROKEN, XMPP_E_TLS_RENEGOTIATION, XMPP_E_TLS. */
enum { XM_TLS_CLOSED = 2 };
int xm_tls_recv(struct xm_tls *tls, const uint8_t **ret_bytes, size_t *ret_n);
/* 1 if xm_tls_recv() would return something without more ciphertext being fed. */
int xm_tls_is_pending(const struct xm_tls *tls);
/* Encrypts all of it into `out`: one record up to 16,384 bytes, as few as possible beyond. 0 or a
 * negative code. */
int xm_tls_send(struct xm_tls *tls, const void *bytes, size_t n);
/* Puts close_notify into `out`; harmless twice. */
void xm_tls_close(struct xm_tls *tls);
/* Gives back all memory that an idle session does not need. */
void xm_tls_idle(struct xm_tls *tls);

/* What was negotiated. Texts are static or borrowed (as long as the session). */
struct xm_tls_facts {
    const char *version; /* "TLS1.2", "TLS1.3" */
    const char *cipher;  /* such as "TLS_AES_256_GCM_SHA384" */
    int is_tls13;
    int has_ems;      /* extended master secret, RFC 7627; TLS 1.3 needs none */
    const char *alpn; /* what the server chose; NULL: nothing */
    int dane;         /* the usage of the TLSA record that matched; -1: DANE did not decide */
};
void xm_tls_get_facts(struct xm_tls *tls, struct xm_tls_facts *ret_facts);
/* The channel binding of a type (RFC 9266, RFC 5929) into buf of 64 bytes: its length, or 0 if it
 * cannot be had soundly (tls-exporter and tls-unique on TLS 1.2 only with extended master secret,
 * tls-unique never on 1.3, tls-server-end-point by the hash of the certificate's signature). */
enum xm_tls_binding { XM_TLS_EXPORTER, XM_TLS_END_POINT, XM_TLS_UNIQUE };
size_t xm_tls_get_binding(struct xm_tls *tls, enum xm_tls_binding type, uint8_t *buf);

/* After a failed handshake: enum xmpp_cert_finding bits, and a sentence for a person with the names
 * the certificate has (hostile text: sanitised, bounded). Borrowed (as long as the session). */
uint32_t xm_tls_get_findings(const struct xm_tls *tls);
const char *xm_tls_get_reason(const struct xm_tls *tls);

#endif
