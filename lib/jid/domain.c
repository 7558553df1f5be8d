/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domain names: the ASCII rules here, IDNA2008 in libidn2. libidn2 alone lets spaces, `@` and empty
 * labels through, or with its STD3 flag deletes what it does not like: so all that goes into it and
 * all that comes out is checked here. It resolves nothing. */
#include "jid/domain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "base/mem.h"
#include "jid/ascii.h"
#include "jid/prepare.h"
#include "xmpp/error.h"

static const char ace_prefix[] = "xn--"; /* RFC 5890 2.3.2.1 */

static int is_ace(const char *label, size_t len)
{
    return len >= 4 && memcmp(label, ace_prefix, 4) == 0;
}

/* RFC 5890 2.3.1: a label in lower case, checked to be of LDH; reserved ones (`ab--…`) are no labels
 * but for A-labels. */
static int label_fits(const char *label, size_t len)
{
    return len > 0 && len <= XM_LABEL_MAX && label[0] != '-' && label[len - 1] != '-' &&
           (len < 4 || label[2] != '-' || label[3] != '-' || is_ace(label, len));
}

/* 1 if it is a name of LDH labels in lower case. *ret_ace: one of them is an A-label. */
static int is_ldh(const char *text, size_t len, int *ret_ace)
{
    const char *end = text + len;
    *ret_ace = 0;
    if (len == 0 || len > XM_DOMAIN_ASCII_MAX || !(xm_ascii_all(text, len) & XM_ASCII_DOMAIN)) {
        return 0;
    }
    for (const char *label = text;; label++) {
        const char *dot = memchr(label, '.', (size_t)(end - label));
        size_t n = (size_t)((dot ? dot : end) - label);
        if (!label_fits(label, n)) {
            return 0;
        }
        *ret_ace |= is_ace(label, n);
        if (!dot) {
            return 1;
        }
        label = dot;
    }
}

int xm_domain_is_plain(const char *text, size_t len)
{
    int ace;
    return is_ldh(text, len, &ace) && !ace;
}

static int error_of(int result)
{
    return result == IDN2_MALLOC ? XMPP_E_NOMEM : XMPP_E_JID;
}

/* To A-labels: RFC 5891 5, after the mappings of UTS 46 without its transitional ones. */
static int to_ascii(const char *text, char **ret)
{
    uint8_t *ascii = NULL;
    int ace;
    int result =
        idn2_lookup_u8((const uint8_t *)text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (result != IDN2_OK) {
        return error_of(result);
    }
    if (!is_ldh((const char *)ascii, strlen((const char *)ascii), &ace)) {
        idn2_free(ascii);
        return XMPP_E_JID;
    }
    *ret = (char *)ascii;
    return 0;
}

/* 1 if no label is an A-label: each was one of something. */
static int has_no_ace(const char *text)
{
    for (const char *label = text; label; label = strchr(label, '.')) {
        label += *label == '.';
        if (is_ace(label, strlen(label))) {
            return 0;
        }
    }
    return 1;
}

/* To U-labels, which must lead back to the same A-labels (RFC 5891 5.4). `name` is what led to
 * these: if that is what comes out, the way back is known. */
static int to_unicode(const char *ascii, const char *name, char **ret)
{
    char *unicode = NULL;
    char *back = NULL;
    int result = idn2_to_unicode_8z8z(ascii, &unicode, 0);
    if (result != IDN2_OK) {
        return error_of(result);
    }
    if (strcmp(unicode, name) == 0 && has_no_ace(name)) {
        *ret = unicode;
        return 0;
    }
    result = has_no_ace(unicode) ? to_ascii(unicode, &back) : XMPP_E_JID;
    if (result == 0 && strcmp(ascii, back) != 0) {
        result = XMPP_E_JID;
    }
    idn2_free(back);
    if (result != 0) {
        idn2_free(unicode);
        return result;
    }
    *ret = unicode;
    return 0;
}

/* 1 if each ASCII character of a name may be in one; the others are libidn2's to judge. */
static int ascii_fits(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)name[i];
        if (byte < 0x80 && !(xm_ascii_table[byte] & XM_ASCII_DOMAIN)) {
            return 0;
        }
    }
    return 1;
}

/* Through libidn2 and back. */
static int prepare_idn(const char *name, char **ret, size_t *ret_len)
{
    char *ascii = NULL;
    char *unicode = NULL;
    int result = to_ascii(name, &ascii);
    if (result == 0) {
        result = to_unicode(ascii, name, &unicode);
    }
    idn2_free(ascii);
    if (result != 0) {
        return result;
    }
    *ret_len = strlen(unicode);
    *ret = xm_mem_dup(unicode, *ret_len);
    idn2_free(unicode);
    return *ret ? 0 : XMPP_E_NOMEM;
}

/* A literal's hexadecimal digits in lower case; a zone is a name of this host, which may tell case
 * apart. */
static int prepare_literal(char *copy, size_t len, char **ret, size_t *ret_len)
{
    const char *zone = strchr(copy, '%');
    xm_ascii_lower(copy, copy, zone ? (size_t)(zone - copy) : len);
    *ret = copy;
    *ret_len = len;
    return 0;
}

int xm_domain_prepare(const char *text, size_t len, char **ret, size_t *ret_len)
{
    if (len > XM_PART_MAX) { /* bounds libidn2's work, which is not linear */
        return XMPP_E_JID;
    }
    char *copy = xm_mem_dup(text, len);
    if (!copy) {
        return XMPP_E_NOMEM;
    }
    if (xm_ip_is_literal(copy, len)) {
        return prepare_literal(copy, len, ret, ret_len);
    }
    if (len > 1 && copy[len - 1] == '.') { /* RFC 7622 3.2 */
        copy[--len] = '\0';
    }
    xm_ascii_lower(copy, copy, len);
    if (xm_domain_is_plain(copy, len)) {
        *ret = copy;
        *ret_len = len;
        return 0;
    }
    int result = len > 0 && ascii_fits(copy, len) ? prepare_idn(copy, ret, ret_len) : XMPP_E_JID;
    free(copy);
    return result;
}

/* Copies, if there is room. */
static int put(char *buf, size_t size, const char *text)
{
    size_t len = strlen(text);
    if (len >= size) {
        return XMPP_E_TOO_BIG;
    }
    memcpy(buf, text, len + 1);
    return (int)len;
}

int xm_domain_to_ascii(const char *domain, char *buf, size_t size)
{
    size_t len = strlen(domain);
    if (xm_domain_is_plain(domain, len) || xm_ip_is_literal(domain, len)) {
        return put(buf, size, domain);
    }
    char *ascii = NULL;
    int result = to_ascii(domain, &ascii);
    if (result == 0) {
        result = put(buf, size, ascii);
        idn2_free(ascii);
    }
    return result;
}
