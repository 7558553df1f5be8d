/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is the server who the JID says? Runs inside the handshake, so that a refusal comes before
 * anything of ours is said. The chain is GnuTLS's matter; names are ours, as it knows neither
 * SRVName nor xmppAddr and takes a common name where no dNSName stands (threats 13, 16). */
#include <string.h>

#include <gnutls/x509-ext.h>
#include <gnutls/x509.h>

#include "base/utf8.h"
#include "tls/names.h"
#include "tls/session.h"
#include "xmpp/error.h"

enum { NAMES_SHOWN = 240, NAME_SHOWN = 80 };

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
    struct xm_tls_domain domain;
    gnutls_x509_crt_t leaf;
    const gnutls_datum_t *chain;
    unsigned n_chain;
    int is_named;            /* one of its names is the domain */
    char names[NAMES_SHOWN]; /* what names it has, for a person */
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

static void show_name(struct verdict *verdict, const void *name, size_t n)
{
    char shown[NAME_SHOWN];
    size_t used = strlen(verdict->names);
    size_t room = sizeof verdict->names - used;
    xm_utf8_sanitise(shown, sizeof shown, name, n);
    if (strlen(shown) + 3 > room) {
        return;
    }
    if (used > 0) {
        strcpy(verdict->names + used, ", ");
        used += 2;
    }
    strcpy(verdict->names + used, shown);
}

static int take_name(struct verdict *verdict, enum xm_tls_name_type type,
                     const gnutls_datum_t *name)
{
    int ret = xm_tls_domain_is(&verdict->domain, type, name->data, name->size);
    if (ret < 0) {
        return GNUTLS_E_MEMORY_ERROR;
    }
    verdict->is_named |= ret;
    if (type != XM_TLS_NAME_IP) {
        show_name(verdict, name->data, name->size);
    }
    return 0;
}

static int take_other_name(struct verdict *verdict, const gnutls_datum_t *oid,
                           const gnutls_datum_t *value)
{
    unsigned type = 0;
    gnutls_datum_t name = {NULL, 0};
    int ret = gnutls_x509_othername_to_virtual((const char *)oid->data, value, &type, &name);
    if (ret == GNUTLS_E_MEMORY_ERROR) {
        return ret;
    }
    if (ret < 0) {
        return 0; /* a kind of name that is not ours */
    }
    if (type == GNUTLS_SAN_OTHERNAME_SRV) {
        ret = take_name(verdict, XM_TLS_NAME_SRV, &name);
    } else if (type == GNUTLS_SAN_OTHERNAME_XMPP) {
        ret = take_name(verdict, XM_TLS_NAME_XMPP, &name);
    }
    gnutls_free(name.data);
    return ret;
}

static int take_names(struct verdict *verdict, gnutls_subject_alt_names_t names)
{
    for (unsigned i = 0;; i++) {
        unsigned type = 0;
        gnutls_datum_t name = {NULL, 0};
        gnutls_datum_t oid = {NULL, 0};
        int ret = gnutls_subject_alt_names_get(names, i, &type, &name, &oid);
        if (ret == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
            return 0;
        }
        if (ret >= 0 && type == GNUTLS_SAN_DNSNAME) {
            ret = take_name(verdict, XM_TLS_NAME_DNS, &name);
        } else if (ret >= 0 && type == GNUTLS_SAN_IPADDRESS) {
            ret = take_name(verdict, XM_TLS_NAME_IP, &name);
        } else if (ret >= 0 && type == GNUTLS_SAN_OTHERNAME) {
            ret = take_other_name(verdict, &oid, &name);
        }
        if (ret < 0) {
            return ret;
        }
    }
}

/* RFC 6120 13.7.1.2: the subject's alternative names, and nothing else. */
static int read_names(struct verdict *verdict)
{
    gnutls_datum_t der = {NULL, 0};
    int ret =
        gnutls_x509_crt_get_extension_by_oid2(verdict->leaf, GNUTLS_X509EXT_OID_SAN, 0, &der, NULL);
    if (ret == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
        return 0;
    }
    gnutls_subject_alt_names_t names = NULL;
    if (ret >= 0) {
        ret = gnutls_subject_alt_names_init(&names);
    }
    if (ret >= 0) {
        ret = gnutls_x509_ext_import_subject_alt_names(&der, names, 0);
    }
    if (ret >= 0) {
        ret = take_names(verdict, names);
    }
    if (names) {
        gnutls_subject_alt_names_deinit(names);
    }
    gnutls_free(der.data);
    return ret;
}

/* 1 if this authority's name constraints let it sign for the domain; 0 or a negative code. */
static int may_sign(gnutls_x509_crt_t authority, const char *domain)
{
    gnutls_x509_name_constraints_t constraints = NULL;
    int ret = gnutls_x509_name_constraints_init(&constraints);
    if (ret < 0) {
        return ret;
    }
    ret = gnutls_x509_crt_get_name_constraints(authority, constraints, 0, NULL);
    if (ret == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
        ret = 1;
    } else if (ret >= 0) {
        gnutls_datum_t name = {(unsigned char *)(uintptr_t)domain, (unsigned)strlen(domain)};
        ret = gnutls_x509_name_constraints_check(constraints, GNUTLS_SAN_DNSNAME, &name) != 0;
    }
    gnutls_x509_name_constraints_deinit(constraints);
    return ret;
}

/* As may_sign(), for the authority of our list that signed `cert`, if it is there. */
static int may_anchor_sign(const struct xm_tls *tls, gnutls_x509_crt_t cert, const char *domain)
{
    gnutls_x509_trust_list_t list = NULL;
    gnutls_x509_crt_t anchor = NULL;
    gnutls_certificate_get_trust_list(xm_trust_get_credentials(tls->trust), &list);
    int ret = gnutls_x509_trust_list_get_issuer(list, cert, &anchor, GNUTLS_TL_GET_COPY);
    if (ret < 0) {
        return ret == GNUTLS_E_MEMORY_ERROR ? ret : 1;
    }
    ret = may_sign(anchor, domain);
    gnutls_x509_crt_deinit(anchor);
    return ret;
}

/* A constraint holds for names of its own form only (RFC 5280 4.2.1.10), so an authority that may
 * sign for one company's dNSNames could sign an xmppAddr or SRVName for anybody, and a wildcard for
 * a name that is excluded. The domain is therefore held against the dNSName constraints of the
 * whole chain, however it was found in the certificate. */
static int check_constraints(struct xm_tls *tls, const struct verdict *verdict)
{
    if (verdict->domain.is_ip) {
        return 1; /* an iPAddress was compared in its own form, by GnuTLS */
    }
    int ret = may_anchor_sign(tls, verdict->leaf, tls->domain_ascii);
    for (unsigned i = 1; i < verdict->n_chain && ret == 1; i++) {
        gnutls_x509_crt_t cert = NULL;
        ret = gnutls_x509_crt_init(&cert);
        if (ret < 0) {
            return ret;
        }
        ret = gnutls_x509_crt_import(cert, &verdict->chain[i], GNUTLS_X509_FMT_DER);
        if (ret >= 0) {
            ret = may_sign(cert, tls->domain_ascii);
        }
        if (ret == 1) {
            ret = may_anchor_sign(tls, cert, tls->domain_ascii);
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
    char domain[NAMES_SHOWN];
    xm_utf8_sanitise(domain, sizeof domain, tls->domain, strlen(tls->domain));
    if (refusals[which].finding == XMPP_CERT_NAME) {
        xm_tls_note(tls, "the certificate is for another name than %s: %s", domain,
                    verdict->names[0] ? verdict->names : "it has none that counts");
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
    ret = read_names(verdict);
    if (ret < 0) {
        return refuse_code(tls, ret, "has names that cannot be read");
    }
    if (!verdict->is_named) {
        status |= GNUTLS_CERT_UNEXPECTED_OWNER;
    }
    ret = check_constraints(tls, verdict);
    if (ret < 0) {
        return refuse_code(tls, ret, "has name constraints that cannot be read");
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
    /* its bytes are bounded by the size of a handshake message already */
    if (verdict.n_chain > tls->chain_max) {
        return bad(tls, "comes with a chain that is too long");
    }
    xm_tls_domain_init(&verdict.domain, tls->domain, tls->domain_ascii, tls->is_direct);
    if (gnutls_x509_crt_init(&verdict.leaf) < 0) {
        return XMPP_E_NOMEM;
    }
    int code = judge_leaf(tls, &verdict);
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
