/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session from its making to the end of its handshake, and what was negotiated. Records are in
 * record.c, the certificate in verify.c. */
#include "tls/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tls/dane.h"
#include "tls/names.h"
#include "xmpp/error.h"

/* A long chain with its revocation states is some 20,000 bytes. To read a certificate of thousands
 * of names, as GnuTLS and we do several times before anybody is trusted, costs a millisecond for
 * each thousand bytes. */
enum { MESSAGE_MAX = 20480, HANDSHAKE_MAX = 65536, CHAIN_MAX = 10 };

/* The session's pull function: hands out what is there. It never waits. */
static ssize_t pull(gnutls_transport_ptr_t ptr, void *bytes, size_t n)
{
    struct xm_tls *tls = ptr;
    size_t len = xm_buf_len(&tls->in);
    if (len == 0) {
        if (tls->is_in_end) {
            tls->is_cut = 1;
            return 0;
        }
        tls->is_starved = 1;
        gnutls_transport_set_errno(tls->session, EAGAIN);
        return -1;
    }
    n = n < len ? n : len;
    if (tls->state == XM_TLS_SHAKING) {
        tls->pulled += (uint32_t)n;
        if (tls->pulled > HANDSHAKE_MAX) {
            tls->error = XMPP_E_TLS;
            xm_tls_note(tls, "the server's TLS handshake is too large");
            gnutls_transport_set_errno(tls->session, EIO);
            return -1;
        }
    }
    memcpy(bytes, xm_buf_head(&tls->in), n);
    xm_buf_take(&tls->in, n);
    return (ssize_t)n;
}

static int pull_timeout(gnutls_transport_ptr_t ptr, unsigned ms)
{
    (void)ms;
    const struct xm_tls *tls = ptr;
    return xm_buf_len(&tls->in) > 0 || tls->is_in_end;
}

/* The session's push function: all of it, or the session fails. */
static ssize_t push(gnutls_transport_ptr_t ptr, const giovec_t *pieces, int n_pieces)
{
    struct xm_tls *tls = ptr;
    size_t total = 0;
    for (int i = 0; i < n_pieces; i++) {
        total += pieces[i].iov_len;
    }
    if (!xm_buf_reserve(&tls->out, total)) {
        tls->error = XMPP_E_NOMEM;
        gnutls_transport_set_errno(tls->session, ENOMEM);
        return -1;
    }
    for (int i = 0; i < n_pieces; i++) {
        xm_buf_add(&tls->out, pieces[i].iov_base, pieces[i].iov_len); /* there is room */
    }
    return (ssize_t)total;
}

/* Server name and ALPN. RFC 6066 3: a server name is a DNS name, never an address. */
static int offer(struct xm_tls *tls)
{
    struct xm_tls_domain domain;
    xm_tls_domain_init(&domain, tls->domain, tls->domain_ascii, tls->is_direct);
    if (!domain.is_ip) {
        int ret = gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, tls->domain_ascii,
                                         strlen(tls->domain_ascii));
        if (ret < 0) {
            return ret;
        }
    }
    if (!tls->alpn) {
        return 0;
    }
    gnutls_datum_t protocol = {(unsigned char *)(uintptr_t)tls->alpn, (unsigned)strlen(tls->alpn)};
    /* mandatory: a server may leave it out, but not choose another (RFC 7301 3.2) */
    return gnutls_alpn_set_protocols(tls->session, &protocol, 1, GNUTLS_ALPN_MANDATORY);
}

static int set_up(struct xm_tls *tls)
{
    /* No tickets: nothing is resumed, so the server need not make any and we need not keep them. */
    int ret = gnutls_init(&tls->session,
                          GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS);
    if (ret < 0) {
        tls->session = NULL;
        return ret;
    }
    gnutls_session_set_ptr(tls->session, tls);
    gnutls_transport_set_ptr(tls->session, tls);
    gnutls_transport_set_pull_function(tls->session, pull);
    gnutls_transport_set_pull_timeout_function(tls->session, pull_timeout);
    gnutls_transport_set_vec_push_function(tls->session, push);
    gnutls_handshake_set_max_packet_length(tls->session, MESSAGE_MAX);
    gnutls_session_set_verify_function(tls->session, xm_tls_verify);
    gnutls_handshake_set_hook_function(tls->session, GNUTLS_HANDSHAKE_CERTIFICATE_VERIFY,
                                       GNUTLS_HOOK_PRE, xm_tls_before_signature);
    ret = gnutls_priority_set(tls->session, xm_trust_get_priority(tls->trust));
    if (ret >= 0) {
        ret = gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE,
                                     xm_trust_get_credentials(tls->trust));
    }
    return ret < 0 ? ret : offer(tls);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* Appends a text to those that stand behind the struct, where its room was counted. */
static const char *keep(char **end, const char *text)
{
    size_t size = strlen(text) + 1;
    char *kept = *end;
    memcpy(kept, text, size);
    *end += size;
    return kept;
}

static void keep_texts(struct xm_tls *tls, const struct xm_tls_config *config)
{
    char *end = tls->text;
    tls->domain = keep(&end, config->domain);
    tls->domain_ascii = keep(&end, config->domain_ascii);
    tls->tlsa_host = keep(&end, or_empty(config->tlsa_host));
    tls->alpn = config->alpn ? keep(&end, config->alpn) : NULL;
}

static struct xm_tls *make(const struct xm_tls_config *config)
{
    size_t n_texts = strlen(config->domain) + strlen(config->domain_ascii) +
                     strlen(or_empty(config->tlsa_host)) + strlen(or_empty(config->alpn)) + 4;
    struct xm_tls *tls = xm_mem_new0(1, sizeof *tls + n_texts);
    if (!tls) {
        return NULL;
    }
    keep_texts(tls, config);
    tls->identity = config->identity;
    tls->is_direct = config->is_direct != 0;
    tls->dane_usage = -1;
    tls->chain_max = CHAIN_MAX;
    if (config->chain_max > 0) {
        tls->chain_max =
            (uint16_t)(config->chain_max < UINT16_MAX ? config->chain_max : UINT16_MAX);
    }
    return tls;
}

int xm_tls_new(struct xm_tls **ret_tls, const struct xm_tls_config *config)
{
    struct xm_tls *tls = make(config);
    if (!tls) {
        return XMPP_E_NOMEM;
    }
    int ret = xm_tlsa_set_new(&tls->dane, config->tlsa, config->n_tlsa);
    if (ret == 0) {
        ret = xm_trust_use(&tls->trust, config->trust);
    }
    if (ret == 0) {
        int code = set_up(tls);
        ret = code >= 0 ? 0 : code == GNUTLS_E_MEMORY_ERROR ? XMPP_E_NOMEM : XMPP_E_TLS;
    }
    if (ret < 0) {
        xm_tls_free(tls);
        return ret;
    }
    *ret_tls = tls;
    return 0;
}

void xm_tls_free(struct xm_tls *tls)
{
    if (!tls) {
        return;
    }
    if (tls->packet) {
        gnutls_packet_deinit(tls->packet);
    }
    if (tls->session) {
        gnutls_deinit(tls->session);
    }
    xmpp_trust_unref(tls->trust);
    xm_buf_done(&tls->in);
    xm_buf_done(&tls->out);
    free(tls->dane);
    free(tls->reason);
    free(tls);
}

struct xm_buf *xm_tls_in(struct xm_tls *tls)
{
    return &tls->in;
}

struct xm_buf *xm_tls_out(struct xm_tls *tls)
{
    return &tls->out;
}

void xm_tls_in_end(struct xm_tls *tls)
{
    tls->is_in_end = 1;
}

int xm_tls_handshake(struct xm_tls *tls)
{
    if (tls->state != XM_TLS_SHAKING) {
        return tls->state == XM_TLS_FAILED ? tls->error : 1;
    }
    int ret;
    tls->is_starved = 0;
    /* A warning alert is passed over; the bound on the whole handshake bounds them. */
    do {
        ret = gnutls_handshake(tls->session);
    } while (ret < 0 && !gnutls_error_is_fatal(ret) && !tls->is_starved);
    if (ret == 0 && tls->is_verified) {
        tls->state = XM_TLS_OPEN;
        free(tls->dane);
        tls->dane = NULL;
        return 1;
    }
    if (ret == 0) {
        return xm_tls_fail(tls, GNUTLS_E_NO_CERTIFICATE_FOUND); /* a peer without certificate */
    }
    return gnutls_error_is_fatal(ret) ? xm_tls_fail(tls, ret) : 0;
}

uint32_t xm_tls_get_findings(const struct xm_tls *tls)
{
    return tls->findings;
}

void xm_tls_get_facts(struct xm_tls *tls, struct xm_tls_facts *ret_facts)
{
    gnutls_session_t session = tls->session;
    gnutls_protocol_t version = gnutls_protocol_get_version(session);
    gnutls_datum_t alpn = {NULL, 0};
    int has_alpn = tls->alpn && gnutls_alpn_get_selected_protocol(session, &alpn) == 0;
    *ret_facts = (struct xm_tls_facts)
    {
        .version = gnutls_protocol_get_name(version),
#if GNUTLS_VERSION_NUMBER >= 0x030704
        .cipher = gnutls_ciphersuite_get(session),
#else
        .cipher = gnutls_cipher_get_name(gnutls_cipher_get(session)),
#endif
        .is_tls13 = version == GNUTLS_TLS1_3,
        .has_ems = (gnutls_session_get_flags(session) & GNUTLS_SFLAGS_EXT_MASTER_SECRET) != 0,
        .alpn = has_alpn ? tls->alpn : NULL, /* it can only be the one that was offered */
            .dane = tls->dane_usage,
    };
}
