/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with a certificate, for programs and for a person. Nothing is judged here. */
#include <string.h>

#include "base/utf8.h"
#include "tls/verdict.h"
#include "xmpp/error.h"

enum { DOMAIN_SHOWN = 240 };

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

int xm_verdict_refuse_bad(struct xm_verdict *verdict, const char *why)
{
    verdict->tls->findings |= XMPP_CERT_BAD;
    xm_tls_note(verdict->tls, "the certificate %s", why);
    return XMPP_E_CERT_BAD;
}

int xm_verdict_refuse_unread(struct xm_verdict *verdict, int gnutls_code, const char *why)
{
    return gnutls_code == GNUTLS_E_MEMORY_ERROR ? XMPP_E_NOMEM
                                                : xm_verdict_refuse_bad(verdict, why);
}

static int is_self_signed(const struct xm_verdict *verdict)
{
    return verdict->n_sent == 1 &&
           gnutls_x509_crt_check_issuer(verdict->certs[0], verdict->certs[0]) != 0;
}

static void show(char shown[DOMAIN_SHOWN], const char *name)
{
    xm_utf8_sanitise(shown, DOMAIN_SHOWN, name, strlen(name));
}

static void explain_name(struct xm_verdict *verdict, const char *domain)
{
    char host[DOMAIN_SHOWN] = "";
    const char *names = verdict->names.shown;
    if (verdict->host) {
        show(host, verdict->host);
    }
    xm_tls_note(verdict->tls, "the certificate is for another name than %s%s%s: %s", domain,
                verdict->host ? " or " : "", host, names[0] ? names : "it has none that counts");
}

/* The sentence for a person, of the refusal that is told. */
static void explain(struct xm_verdict *verdict, size_t which)
{
    char domain[DOMAIN_SHOWN];
    show(domain, verdict->tls->domain);
    if (refusals[which].finding == XMPP_CERT_NAME) {
        explain_name(verdict, domain);
    } else if (refusals[which].status == GNUTLS_CERT_SIGNER_NOT_FOUND && is_self_signed(verdict)) {
        xm_tls_note(verdict->tls, "the certificate of %s is signed by itself, and is not trusted",
                    domain);
    } else {
        xm_tls_note(verdict->tls, "the certificate of %s %s", domain, refusals[which].text);
    }
}

int xm_verdict_refuse(struct xm_verdict *verdict, unsigned status)
{
    int code = 0;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (!(status & refusals[i].status)) {
            continue;
        }
        verdict->tls->findings |= refusals[i].finding;
        if (code == 0) {
            code = refusals[i].code;
            explain(verdict, i);
        }
    }
    if (code == 0 && status != 0) {
        return xm_verdict_refuse_bad(verdict, "is not valid");
    }
    return code;
}

int xm_verdict_refuse_dane(struct xm_verdict *verdict)
{
    char domain[DOMAIN_SHOWN];
    char host[DOMAIN_SHOWN] = "";
    show(domain, verdict->tls->domain);
    if (verdict->host) {
        show(host, verdict->host);
    }
    verdict->tls->findings |= XMPP_CERT_DANE;
    xm_tls_note(verdict->tls,
                "the certificate of %s%s%s is none of those that its TLSA records name", domain,
                host[0] ? " at " : "", host);
    return XMPP_E_CERT_DANE;
}
