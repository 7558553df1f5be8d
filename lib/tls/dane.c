/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The TLSA records of a server: which of them count, which certificate one stands for, and what
 * follows from it. A record of usage 3 is all that is needed; the others add to what PKIX asks, or
 * say who is asked (anchor.c). */
#include "tls/dane.h"

#include <string.h>

#include <gnutls/abstract.h>

#include "base/mem.h"
#include "crypto/hash.h"
#include "xmpp/error.h"

/* --- the records -------------------------------------------------------------------------------- */

/* RFC 7671 9: who publishes a stronger digest does not want the weaker one to be believed. */
static int is_outdone(const struct xm_tlsa *tlsa, const struct xm_tlsa *all, size_t n)
{
    if (tlsa->matching != XM_TLSA_SHA256) {
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (all[i].usage == tlsa->usage && all[i].selector == tlsa->selector &&
            all[i].matching == XM_TLSA_SHA512 && xm_tlsa_is_usable(&all[i])) {
            return 1;
        }
    }
    return 0;
}

static int counts(const struct xm_tlsa *tlsa, const struct xm_tlsa *all, size_t n)
{
    return xm_tlsa_is_usable(tlsa) && !is_outdone(tlsa, all, n);
}

int xm_tlsa_set_new(struct xm_tlsa_set **ret_set, const struct xm_tlsa *tlsa, size_t n)
{
    size_t n_counting = 0;
    size_t n_bytes = 0;
    for (size_t i = 0; i < n; i++) {
        if (counts(&tlsa[i], tlsa, n)) {
            n_counting++;
            n_bytes += tlsa[i].n_data;
        }
    }
    if (n_counting == 0) {
        *ret_set = NULL;
        return 0;
    }
    struct xm_tlsa_set *set =
        xm_mem_new0(1, sizeof *set + n_counting * sizeof *set->records + n_bytes);
    if (!set) {
        return XMPP_E_NOMEM;
    }
    uint8_t *room = (uint8_t *)&set->records[n_counting];
    for (size_t i = 0; i < n; i++) {
        if (counts(&tlsa[i], tlsa, n)) {
            memcpy(room, tlsa[i].data, tlsa[i].n_data);
            set->records[set->n] = tlsa[i];
            set->records[set->n].data = room;
            set->n++;
            room += tlsa[i].n_data;
        }
    }
    *ret_set = set;
    return 0;
}

int xm_tlsa_set_has(const struct xm_tlsa_set *set, enum xm_tlsa_usage usage)
{
    for (size_t i = 0; i < set->n; i++) {
        if (set->records[i].usage == usage) {
            return 1;
        }
    }
    return 0;
}

/* --- a certificate ------------------------------------------------------------------------------ */

enum { N_SELECTORS = 2, N_MATCHINGS = 3 };

/* All that a record could say of one certificate, computed once: a hostile server shows large ones,
 * and may have many records. */
struct forms {
    gnutls_datum_t full[N_SELECTORS]; /* no bytes: there is no such form */
    uint8_t sha256[N_SELECTORS][32];
    uint8_t sha512[N_SELECTORS][64];
};

static void forms_done(struct forms *forms)
{
    gnutls_free(forms->full[XM_TLSA_CERT].data);
    gnutls_free(forms->full[XM_TLSA_SPKI].data);
}

/* The key as GnuTLS computes with it, written anew, and not the bytes as they came: so what matches
 * is what was used. */
static int read_key(struct forms *forms, gnutls_x509_crt_t cert)
{
    gnutls_pubkey_t key = NULL;
    int ret = gnutls_pubkey_init(&key);
    if (ret < 0) {
        return ret;
    }
    ret = gnutls_pubkey_import_x509(key, cert, 0);
    if (ret >= 0) {
        ret = gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &forms->full[XM_TLSA_SPKI]);
    }
    gnutls_pubkey_deinit(key);
    return ret == GNUTLS_E_MEMORY_ERROR ? ret : 0; /* a key of no known kind matches nothing */
}

static int forms_read(struct forms *forms, gnutls_x509_crt_t cert)
{
    int ret = gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_DER, &forms->full[XM_TLSA_CERT]);
    if (ret >= 0) {
        ret = read_key(forms, cert);
    }
    for (int i = 0; i < N_SELECTORS && ret >= 0; i++) {
        const gnutls_datum_t *full = &forms->full[i];
        if (xm_hash_of(XM_SHA256, full->data, full->size, forms->sha256[i]) < 0 ||
            xm_hash_of(XM_SHA512, full->data, full->size, forms->sha512[i]) < 0) {
            ret = GNUTLS_E_MEMORY_ERROR;
        }
    }
    return ret;
}

static int is_of(const struct xm_tlsa *tlsa, const struct forms *forms)
{
    const gnutls_datum_t *full = &forms->full[tlsa->selector];
    if (full->size == 0) {
        return 0;
    }
    switch (tlsa->matching) {
    case XM_TLSA_FULL:
        return tlsa->n_data == full->size && memcmp(tlsa->data, full->data, full->size) == 0;
    case XM_TLSA_SHA256:
        return memcmp(tlsa->data, forms->sha256[tlsa->selector], 32) == 0;
    case XM_TLSA_SHA512:
        return memcmp(tlsa->data, forms->sha512[tlsa->selector], 64) == 0;
    default:
        return 0;
    }
}

int xm_tlsa_set_matches(const struct xm_tlsa_set *set, enum xm_tlsa_usage usage,
                        gnutls_x509_crt_t cert)
{
    struct forms forms = {.full = {{NULL, 0}}};
    int ret = forms_read(&forms, cert);
    int is_match = 0;
    for (size_t i = 0; i < set->n && ret >= 0 && !is_match; i++) {
        is_match = set->records[i].usage == usage && is_of(&set->records[i], &forms);
    }
    forms_done(&forms);
    return ret < 0 ? ret : is_match;
}

/* --- the verdict -------------------------------------------------------------------------------- */

struct judgement {
    struct xm_verdict *verdict;
    unsigned pkix_status;
    int is_pkix_checked;
    int are_names_read;
};

static int check_leaf(struct xm_verdict *verdict, enum xm_tlsa_usage usage)
{
    int ret = xm_tlsa_set_matches(verdict->tls->dane, usage, verdict->certs[0]);
    return ret < 0 ? xm_verdict_refuse_unread(verdict, ret, "cannot be compared") : ret;
}

static int read_names(struct judgement *judgement)
{
    if (judgement->are_names_read) {
        return 0;
    }
    judgement->are_names_read = 1;
    return xm_verdict_read_names(judgement->verdict);
}

/* The usages that choose among what PKIX finds good. */
static int check_choice(struct judgement *judgement, enum xm_tlsa_usage usage, unsigned *ret_status)
{
    struct xm_verdict *verdict = judgement->verdict;
    int ret = usage == XM_TLSA_PKIX_EE ? check_leaf(verdict, usage) : 1;
    if (ret != 1) {
        return ret;
    }
    if (!judgement->is_pkix_checked) {
        ret = xm_verdict_check_pkix(verdict, &judgement->pkix_status);
        if (ret < 0) {
            return ret;
        }
        judgement->is_pkix_checked = 1;
    }
    *ret_status = judgement->pkix_status;
    return usage == XM_TLSA_PKIX_TA ? xm_anchor_check_chosen(verdict, judgement->pkix_status) : 1;
}

/* 1 if a record of this usage matches, with what is wrong all the same in *ret_status; 0 if none
 * does, or the refusal's code. */
static int check_usage(struct judgement *judgement, enum xm_tlsa_usage usage, unsigned *ret_status)
{
    struct xm_verdict *verdict = judgement->verdict;
    switch (usage) {
    case XM_TLSA_DANE_EE:
        /* RFC 7671 5.1: names, times and issuers do not matter. That the server has the key, the
         * handshake shows; a weak key shows nothing. */
        *ret_status = xm_tls_is_weak_key(verdict->certs[0]) ? GNUTLS_CERT_INSECURE_ALGORITHM : 0;
        return check_leaf(verdict, usage);
    case XM_TLSA_DANE_TA:
        return xm_anchor_check_asserted(verdict, ret_status);
    case XM_TLSA_PKIX_EE:
    case XM_TLSA_PKIX_TA:
        break;
    }
    return check_choice(judgement, usage, ret_status);
}

/* What needs least comes first, and one usage that is content is enough (RFC 6698 4.1). */
int xm_dane_judge(struct xm_verdict *verdict)
{
    static const enum xm_tlsa_usage order[] = {XM_TLSA_DANE_EE, XM_TLSA_DANE_TA, XM_TLSA_PKIX_EE,
                                               XM_TLSA_PKIX_TA};
    struct judgement judgement = {.verdict = verdict};
    unsigned refused = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        unsigned status = 0;
        if (!xm_tlsa_set_has(verdict->tls->dane, order[i])) {
            continue;
        }
        int ret = order[i] == XM_TLSA_DANE_EE ? 0 : read_names(&judgement);
        if (ret == 0) {
            ret = check_usage(&judgement, order[i], &status);
        }
        if (ret < 0) {
            return ret;
        }
        if (ret == 1 && status == 0) {
            verdict->tls->dane_usage = (int8_t)order[i];
            return 0;
        }
        if (ret == 1 && refused == 0) {
            refused = status;
        }
    }
    return refused ? xm_verdict_refuse(verdict, refused) : xm_verdict_refuse_dane(verdict);
}
