/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is the server who the JID says? Runs inside the handshake, so that a refusal comes before
 * anything of ours is said. The chain is GnuTLS's matter; names are ours (cert.c, names.c), as it
 * knows neither SRVName nor xmppAddr and takes a common name where no dNSName stands. */
#include <string.h>

#include <gnutls/x509.h>

#include "base/utf8.h"
#include "tls/cert.h"
#include "tls/session.h"
#include "xmpp/error.h"

/* A certificate of hundreds of names is some 10,000 bytes. Of thousands it could be, which are read
 * again and again. */
enum { DOMAIN_SHOWN = 240, CERT_MAX = 12288 };

static const unsigned untrusted_bits =
    GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA | GNUTLS_CERT_SIGNATURE_FAILURE;

/* GnuTLS's status bits, what they mean here, and what is said of them. The first that holds is the
 * one that is told: what makes the others meaningless stands before them. */
static const struct {
    unsigned status;
    uint32_t finding;
    int code;
    const char *text;
} refusals[] = {
    {GNUTLS_CERT_REVOKED, XMPP_CERT_REVOKED, XMPP_E_CERT_REVOKED, "was revoked"},
    {GNUTLS_CERT_SIGNER_NOT_FOUND, XMPP_CERT_UNTRUSTED, XMPP_E_CERT_UNTRUSTED,
     "is not signed by an authority that is trusted"},
    {GNUTLS_CERT_SIGNER_NOT_CA, XMPP_CERT_UNTRUSTED, XMPP_E_CERT_UNTRUSTED,
     "is signed by a certificate that is no authority"},
    {GNUTLS_CERT_SIGNATURE_FAILURE, XMPP_CERT_UNTRUSTED, XMPP_E_CERT_UNTRUSTED,
     "has a signature that is not its issuer's"},
    {GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, XMPP_CERT_CONSTRAINT, XMPP_E_CERT_CONSTRAINT,
     "is beyond what its authorities may sign"},
    {GNUTLS_CERT_INSECURE_ALGORITHM, XMPP_CERT_WEAK, XMPP_E_CERT_WEAK,
     "uses an algorithm or a key that is too weak"},
    {GNUTLS_CERT_UNEXPECTED_OWNER, XMPP_CERT_NAME, XMPP_E_CERT_NAME, "is for another name"},
    {GNUTLS_CERT_PURPOSE_MISMATCH, XMPP_CERT_PURPOSE, XMPP_E_CERT_PURPOSE,
     "is not meant for servers"},
    {GNUTLS_CERT_EXPIRED, XMPP_CERT_EXPIRED, XMPP_E_CERT_EXPIRED, "has expired"},
    {GNUTLS_CERT_NOT_ACTIVATED, XMPP_CERT_NOT_YET, XMPP_E_CERT_NOT_YET, "is not valid yet"},
    {GNUTLS_CERT_MISSING_OCSP_STATUS, XMPP_CERT_REVOKED, XMPP_E_CERT_REVOKED,
     "demands a proof that it was not revoked, and none came"},
    {GNUTLS_CERT_INVALID_OCSP_STATUS, XMPP_CERT_BAD, XMPP_E_CERT_BAD,
     "came with a revocation status that is not valid"},
    {GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, XMPP_CERT_BAD, XMPP_E_CERT_BAD,
     "has a critical extension that is not known"},
};

/* What is collected while one certificate is judged. */
struct verdict {
    struct xm_cert_names names;
    gnutls_x509_crt_t leaf;
    const gnutls_datum_t *chain;
    unsigned n_chain;
};

static int bad(struct xm_tls *tls, const char *why)
{
    tls->findings |= XMPP_CERT_BAD;
    xm_tls_note(tls, "the certificate %s", why);
    return XMPP_E_CERT_BAD;
}

static int refuse_code(struct xm_tls *tls, int gnutls_code, const char *why)
{
    return gnutls_code == GNUTLS_E_MEMORY_ERROR ? XMPP_E_NOMEM : bad(tls, why);
}

/* As xm_cert_may_sign(), for the authority of our list that signed `cert`, if it is there. */
static int may_anchor_sign(const struct xm_tls *tls, gnutls_x509_crt_t cert,
                           const struct xm_cert_names *names)
{
    gnutls_x509_trust_list_t list = NULL;
    gnutls_x509_crt_t anchor = NULL;
    gnutls_certificate_get_trust_list(xm_trust_get_credentials(tls->trust), &list);
    int ret = gnutls_x509_trust_list_get_issuer(list, cert, &anchor, GNUTLS_TL_GET_COPY);
    if (ret < 0) {
        return ret == GNUTLS_E_MEMORY_ERROR ? ret : 1;
    }
    ret = xm_cert_may_sign(anchor, names);
    gnutls_x509_crt_deinit(anchor);
    return ret;
}

/* A constraint holds for names of its own form only (RFC 5280 4.2.1.10), so an authority that may
 * sign for one company's dNSNames could sign an xmppAddr or SRVName for anybody, and a wildcard for
 * a name that is excluded. The domain is therefore held against the dNSName constraints of the
 * whole chain, however it was found in the certificate. */
static int check_constraints(struct xm_tls *tls, const struct verdict *verdict)
{
    if (verdict->names.domain.is_ip) {
        return 1; /* an iPAddress was compared in its own form, by GnuTLS */
    }
    int ret = may_anchor_sign(tls, verdict->leaf, &verdict->names);
    for (unsigned i = 1; i < verdict->n_chain && ret == 1; i++) {
        gnutls_x509_crt_t cert = NULL;
        ret = gnutls_x509_crt_init(&cert);
        if (ret < 0) {
            return ret;
        }
        ret = gnutls_x509_crt_import(cert, &verdict->chain[i], GNUTLS_X509_FMT_DER);
        if (ret >= 0) {
            ret = xm_cert_may_sign(cert, &verdict->names);
        }
        if (ret == 1) {
            ret = may_anchor_sign(tls, cert, &verdict->names);
        }
        gnutls_x509_crt_deinit(cert);
    }
    return ret;
}

/* What GnuTLS finds wrong with the chain, as its own status bits. */
static int check_chain(gnutls_session_t session, unsigned *ret_status)
{
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
    gnutls_typed_vdata_st data = {
        .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *)purpose, .size = 0};
    return gnutls_certificate_verify_peers(session, &data, 1, ret_status);
}

static int is_self_signed(const struct verdict *verdict)
{
    return verdict->n_chain == 1 && gnutls_x509_crt_check_issuer(verdict->leaf, verdict->leaf) != 0;
}

/* The sentence for a person, of the refusal that is told. */
static void explain(struct xm_tls *tls, const struct verdict *verdict, size_t which)
{
    char domain[DOMAIN_SHOWN];
    xm_utf8_sanitise(domain, sizeof domain, tls->domain, strlen(tls->domain));
    if (refusals[which].finding == XMPP_CERT_NAME) {
        xm_tls_note(tls, "the certificate is for another name than %s: %s", domain,
                    verdict->names.shown[0] ? verdict->names.shown : "it has none that counts");
    } else if (refusals[which].status == GNUTLS_CERT_SIGNER_NOT_FOUND && is_self_signed(verdict)) {
        xm_tls_note(tls, "the certificate of %s is signed by itself, and is not trusted", domain);
    } else {
        xm_tls_note(tls, "the certificate of %s %s", domain, refusals[which].text);
    }
}

/* From status bits to findings and the code that is told; 0 if there are none. */
static int refuse(struct xm_tls *tls, const struct verdict *verdict, unsigned status)
{
    int code = 0;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (!(status & refusals[i].status)) {
            continue;
        }
        tls->findings |= refusals[i].finding;
        if (code == 0) {
            code = refusals[i].code;
            explain(tls, verdict, i);
        }
    }
    if (code == 0 && status != 0) {
        return bad(tls, "is not valid");
    }
    return code;
}

static int judge_leaf(struct xm_tls *tls, struct verdict *verdict)
{
    unsigned status = 0;
    int ret = gnutls_x509_crt_import(verdict->leaf, &verdict->chain[0], GNUTLS_X509_FMT_DER);
    if (ret < 0) {
        return refuse_code(tls, ret, "cannot be read");
    }
    ret = check_chain(tls->session, &status);
    if (ret < 0) {
        return refuse_code(tls, ret, "cannot be verified");
    }
    ret = xm_cert_read_names(verdict->leaf, &verdict->names);
    if (ret < 0) {
        return refuse_code(tls, ret, "has names that cannot be read");
    }
    if (!verdict->names.is_named) {
        status |= GNUTLS_CERT_UNEXPECTED_OWNER;
    }
    /* of a chain that nobody trusts no more is read than must be */
    ret = status & untrusted_bits ? 1 : check_constraints(tls, verdict);
    if (ret < 0) {
        return refuse_code(tls, ret, "has a chain that cannot be read");
    }
    if (ret == 0) {
        status |= GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE;
    }
    return refuse(tls, verdict, status);
}

static int judge(struct xm_tls *tls)
{
    struct verdict verdict = {.n_chain = 0};
    verdict.chain = gnutls_certificate_get_peers(tls->session, &verdict.n_chain);
    if (!verdict.chain || verdict.n_chain == 0) {
        return bad(tls, "is missing");
    }
    if (verdict.n_chain > tls->chain_max) {
        return bad(tls, "comes with a chain that is too long");
    }
    for (unsigned i = 0; i < verdict.n_chain; i++) { /* all of them: in session.c */
        if (verdict.chain[i].size > CERT_MAX) {
            return bad(tls, i == 0 ? "is too large" : "comes with one that is too large");
        }
    }
    int code = xm_tls_check_keys(tls); /* TLS 1.2 comes here first */
    if (code < 0) {
        return code;
    }
    xm_tls_domain_init(&verdict.names.domain, tls->domain, tls->domain_ascii, tls->is_direct);
    if (gnutls_x509_crt_init(&verdict.leaf) < 0) {
        return XMPP_E_NOMEM;
    }
    code = judge_leaf(tls, &verdict);
    gnutls_x509_crt_deinit(verdict.leaf);
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
