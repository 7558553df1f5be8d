/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and name constraints, read by GnuTLS. Whether the certificate is to be believed at all is
 * not asked here. */
#include "tls/cert.h"

#include <stdint.h>
#include <string.h>

#include <gnutls/x509-ext.h>

#include "base/utf8.h"

enum { NAME_SHOWN = 80 };

static void show_name(struct xm_cert_names *names, const void *name, size_t n)
{
    char shown[NAME_SHOWN];
    size_t used = strlen(names->shown);
    size_t room = sizeof names->shown - used;
    xm_utf8_sanitise(shown, sizeof shown, name, n);
    if (strlen(shown) + 3 > room) {
        return;
    }
    if (used > 0) {
        strcpy(names->shown + used, ", ");
        used += 2;
    }
    strcpy(names->shown + used, shown);
}

static int take_name(struct xm_cert_names *names, enum xm_tls_name_type type,
                     const gnutls_datum_t *name)
{
    int ret = xm_tls_domain_is(&names->domain, type, name->data, name->size);
    if (ret < 0) {
        return GNUTLS_E_MEMORY_ERROR;
    }
    if (ret && (type == XM_TLS_NAME_DNS || type == XM_TLS_NAME_IP)) {
        names->is_plain = 1;
    }
    names->is_named |= ret;
    if (type != XM_TLS_NAME_IP) {
        show_name(names, name->data, name->size);
    }
    return 0;
}

static int take_other_name(struct xm_cert_names *names, const gnutls_datum_t *oid,
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
        ret = take_name(names, XM_TLS_NAME_SRV, &name);
    } else if (type == GNUTLS_SAN_OTHERNAME_XMPP) {
        ret = take_name(names, XM_TLS_NAME_XMPP, &name);
    }
    gnutls_free(name.data);
    return ret;
}

static int take_all(struct xm_cert_names *names, gnutls_subject_alt_names_t alternatives)
{
    for (unsigned i = 0;; i++) {
        unsigned type = 0;
        gnutls_datum_t name = {NULL, 0};
        gnutls_datum_t oid = {NULL, 0};
        int ret = gnutls_subject_alt_names_get(alternatives, i, &type, &name, &oid);
        if (ret == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
            return 0;
        }
        if (ret >= 0 && type == GNUTLS_SAN_DNSNAME) {
            ret = take_name(names, XM_TLS_NAME_DNS, &name);
        } else if (ret >= 0 && type == GNUTLS_SAN_IPADDRESS) {
            ret = take_name(names, XM_TLS_NAME_IP, &name);
        } else if (ret >= 0 && type == GNUTLS_SAN_OTHERNAME) {
            ret = take_other_name(names, &oid, &name);
        }
        if (ret < 0) {
            return ret;
        }
    }
}

int xm_cert_read_names(gnutls_x509_crt_t cert, struct xm_cert_names *names)
{
    gnutls_datum_t der = {NULL, 0};
    int ret = gnutls_x509_crt_get_extension_by_oid2(cert, GNUTLS_X509EXT_OID_SAN, 0, &der, NULL);
    if (ret == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
        return 0;
    }
    gnutls_subject_alt_names_t alternatives = NULL;
    if (ret >= 0) {
        ret = gnutls_subject_alt_names_init(&alternatives);
    }
    if (ret >= 0) {
        ret = gnutls_x509_ext_import_subject_alt_names(&der, alternatives, 0);
    }
    if (ret >= 0) {
        ret = take_all(names, alternatives);
    }
    if (alternatives) {
        gnutls_subject_alt_names_deinit(alternatives);
    }
    gnutls_free(der.data);
    return ret;
}

static int is_other_form(unsigned type)
{
    return type == GNUTLS_SAN_OTHERNAME || type >= GNUTLS_SAN_OTHERNAME_XMPP;
}

/* 1 if there is a constraint on otherNames, whatever it says. */
static int has_other_form(gnutls_x509_name_constraints_t constraints)
{
    int has_more = 1;
    for (unsigned i = 0; has_more; i++) {
        unsigned type = 0;
        gnutls_datum_t name;
        has_more = gnutls_x509_name_constraints_get_permitted(constraints, i, &type, &name) >= 0;
        if (has_more && is_other_form(type)) {
            return 1;
        }
        if (gnutls_x509_name_constraints_get_excluded(constraints, i, &type, &name) >= 0) {
            has_more = 1;
            if (is_other_form(type)) {
                return 1;
            }
        }
    }
    return 0;
}

/* RFC 5280 4.2.1.10: what is not understood is not met. */
static int is_met(gnutls_x509_name_constraints_t constraints, const struct xm_cert_names *names)
{
    const char *ascii = names->domain.ascii;
    gnutls_datum_t name = {(unsigned char *)(uintptr_t)ascii, (unsigned)strlen(ascii)};
    if (!names->is_plain && has_other_form(constraints)) {
        return 0;
    }
    return gnutls_x509_name_constraints_check(constraints, GNUTLS_SAN_DNSNAME, &name) != 0;
}

int xm_cert_may_sign(gnutls_x509_crt_t authority, const struct xm_cert_names *names)
{
    gnutls_x509_name_constraints_t constraints = NULL;
    int ret = gnutls_x509_name_constraints_init(&constraints);
    if (ret < 0) {
        return ret;
    }
    ret = gnutls_x509_crt_get_name_constraints(authority, constraints, 0, NULL);
    if (ret >= 0) {
        ret = is_met(constraints, names);
    } else if (ret != GNUTLS_E_MEMORY_ERROR) {
        ret = ret == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE; /* none, or none that can be read */
    }
    gnutls_x509_name_constraints_deinit(constraints);
    return ret;
}
