/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is the server who the JID says? Runs inside the handshake, so that a refusal comes before
 * anything of ours is said. What costs is bounded here first; then either the TLSA records decide
 * (dane.c) or the trust object does (chain.c). */
#include <gnutls/x509.h>

#include "tls/dane.h"
#include "tls/verdict.h"
#include "xmpp/error.h"

static int judge_leaf(struct xm_verdict *verdict)
{
    int ret = xm_verdict_read(verdict, 1);
    if (ret < 0) {
        return xm_verdict_refuse_unread(verdict, ret, "cannot be read");
    }
    if (verdict->tls->dane) {
        return xm_dane_judge(verdict);
    }
    unsigned status = 0;
    ret = xm_verdict_read_names(verdict);
    if (ret == 0) {
        ret = xm_verdict_check_pkix(verdict, &status);
    }
    return ret < 0 ? ret : xm_verdict_refuse(verdict, status);
}

static int check_bounds(struct xm_verdict *verdict)
{
    if (!verdict->sent || verdict->n_sent == 0) {
        return xm_verdict_refuse_bad(verdict, "is missing");
    }
    if (verdict->n_sent > verdict->tls->chain_max || verdict->n_sent > XM_CHAIN_MAX) {
        return xm_verdict_refuse_bad(verdict, "comes with a chain that is too long");
    }
    for (unsigned i = 0; i < verdict->n_sent; i++) { /* all of them: in session.c */
        if (verdict->sent[i].size > XM_CERT_MAX) {
            return xm_verdict_refuse_bad(verdict, i == 0 ? "is too large"
                                                         : "comes with one that is too large");
        }
    }
    return xm_tls_check_keys(verdict->tls); /* TLS 1.2 comes here first */
}

static int judge(struct xm_tls *tls)
{
    struct xm_verdict verdict = {.tls = tls};
    verdict.host = tls->dane && tls->tlsa_host[0] ? tls->tlsa_host : NULL;
    verdict.sent = gnutls_certificate_get_peers(tls->session, &verdict.n_sent);
    int code = check_bounds(&verdict);
    if (code < 0) {
        return code;
    }
    code = judge_leaf(&verdict);
    for (unsigned i = 0; i < verdict.n_certs; i++) {
        gnutls_x509_crt_deinit(verdict.certs[i]);
    }
    return code;
}

int xm_tls_verify(gnutls_session_t session)
{
    struct xm_tls *tls = gnutls_session_get_ptr(session);
    int code = judge(tls);
    if (code != 0) {
        tls->error = code;
        return GNUTLS_E_CERTIFICATE_ERROR;
    }
    tls->is_verified = 1;
    return 0;
}
