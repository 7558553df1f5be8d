/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the answers about one target to its tries. No order among targets, and no certificate. */
#include "dial/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "xmpp/error.h"

void xm_target_done(struct xm_target *target)
{
    free(target->host);
    free(target->tlsa);
    target->host = NULL;
    target->tlsa = NULL;
}

/* --- places ----------------------------------------------------------------------------------- */

void xm_target_keep_places(struct xm_target *target, struct xm_tries *tries)
{
    enum { FAMILIES = 2 };
    _Static_assert(FAMILIES * XM_ROUTE_TARGETS_MAX <= XM_ROUTE_TRIES_MAX, "a place for each");
    target->n_kept = target->left_out ? 1 : FAMILIES;
    tries->n_kept += target->n_kept;
}

/* For what it adds next; if that is nothing, for whoever adds something behind it. */
static void give_up_places(struct xm_target *target, struct xm_tries *tries, unsigned n)
{
    target->n_kept = (uint8_t)(target->n_kept - n);
    tries->n_kept -= n;
}

/* --- tries ------------------------------------------------------------------------------------ */

/* Of what two answers say together (RFC 7673 3): the weaker. */
static uint8_t weaker(unsigned a, unsigned b)
{
    if (a == XM_DNSSEC_BOGUS || b == XM_DNSSEC_BOGUS) {
        return XM_DNSSEC_BOGUS;
    }
    if (a == XM_DNSSEC_INDETERMINATE || b == XM_DNSSEC_INDETERMINATE) {
        return XM_DNSSEC_INDETERMINATE;
    }
    return a == XM_DNSSEC_SECURE && b == XM_DNSSEC_SECURE ? XM_DNSSEC_SECURE : XM_DNSSEC_INSECURE;
}

/* Adds a try of this target; `shown` says what differs from one to the other. */
static int add(struct xm_target *target, struct xm_tries *tries, struct xm_try shown,
               const struct xm_addr *source)
{
    shown.host = target->host;
    shown.addr.port = target->port;
    shown.priority = target->priority;
    shown.weight = target->weight;
    shown.is_srv = target->is_srv;
    shown.is_direct = target->is_direct;
    shown.is_host_secure = target->is_secure;
    shown.dane = (uint8_t)target->dane;
    shown.n_tlsa = target->n_tlsa;
    shown.tlsa = target->tlsa;
    shown.group = target->group;
    return xm_tries_add(tries, &shown, source, target->rank);
}

static int leave_out(struct xm_target *target, struct xm_tries *tries, uint8_t dnssec, int code,
                     const char *reason)
{
    const struct xm_addr nowhere = {0};
    target->state = XM_TARGET_DONE;
    give_up_places(target, tries, target->n_kept);
    int added = add(target, tries,
                    (struct xm_try){.dnssec = dnssec, .code = code, .reason = reason}, &nowhere);
    return added < 0 ? added : 0;
}

/* Because a look-up did not end, or ended badly, that had to end well (RFC 7673 3.2, 3.3). */
static int refuse(struct xm_target *target, struct xm_tries *tries, const struct xm_answer *answer,
                  const char *bogus, const char *failed)
{
    target->dane = XM_DANE_REFUSED;
    uint8_t dnssec = weaker(target->dnssec, answer->dnssec);
    return leave_out(target, tries, dnssec, XMPP_E_DNS,
                     answer->dnssec == XM_DNSSEC_BOGUS ? bogus : failed);
}

static int refuse_addresses(struct xm_target *target, struct xm_tries *tries,
                            const struct xm_answer *answer)
{
    return refuse(target, tries, answer, "its addresses are bogus",
                  "the look-up of its addresses failed");
}

/* Addresses that can never be meant: "this network", all hosts, groups, IPv4 in the clothes of IPv6,
 * which the wire does not know (RFC 6890 2.2), and those of a link, where nobody says of which
 * (RFC 4007 6). */
static int is_usable(const struct xm_addr *addr)
{
    static const uint8_t none[16];
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t broadcast[4] = {0xff, 0xff, 0xff, 0xff};
    if (addr->family == 4) {
        return addr->ip[0] != 0 && (addr->ip[0] & 0xf0) != 0xe0 &&
               memcmp(addr->ip, broadcast, 4) != 0;
    }
    int is_of_link = addr->ip[0] == 0xfe && (addr->ip[1] & 0xc0) == 0x80;
    return memcmp(addr->ip, none, 16) != 0 && addr->ip[0] != 0xff &&
           memcmp(addr->ip, mapped, 12) != 0 && (!is_of_link || addr->scope != 0);
}

/* Makes tries of one family's answer. */
static int take(struct xm_target *target, const struct xm_questions *questions,
                struct xm_tries *tries, int is_a)
{
    const struct xm_question *question = &questions->list[target->addresses[is_a]];
    const struct xm_answer *answer = question->answer;
    uint8_t family = is_a ? 4 : 6;
    unsigned n = 0;
    give_up_places(target, tries, 1);
    for (size_t i = 0; i < xm_answer_count(answer) && n < XM_ROUTE_ADDRS_MAX; i++) {
        struct xm_addr source = {0};
        const struct xm_addr *addr = &answer->records[i].addr;
        if (addr->family != family || !is_usable(addr)) {
            continue;
        }
        if (question->sources) {
            source = question->sources[i];
        }
        struct xm_try shown = {.addr = *addr, .dnssec = weaker(target->dnssec, answer->dnssec)};
        int added = add(target, tries, shown, &source);
        if (added < 0) {
            return added;
        }
        n += (unsigned)added;
        target->n_tries += (unsigned)added;
        target->has_ipv6 |= added && family == 6 && source.family != 0;
    }
    target->has_taken[is_a] = 1;
    return 0;
}

/* Takes what is there of both families; both_known: nothing more will come. */
static int take_all(struct xm_target *target, const struct xm_questions *questions,
                    struct xm_tries *tries, int both_known)
{
    for (int is_a = 0; is_a <= 1; is_a++) {
        if (xm_questions_get(questions, target->addresses[is_a]) && !target->has_taken[is_a]) {
            int error = take(target, questions, tries, is_a);
            if (error < 0) {
                return error;
            }
        }
    }
    if (!both_known) {
        return 0;
    }
    target->state = XM_TARGET_DONE;
    if (target->n_tries > 0) {
        return 0;
    }
    const struct xm_answer *aaaa = xm_questions_get(questions, target->addresses[0]);
    const struct xm_answer *a = xm_questions_get(questions, target->addresses[1]);
    if (xm_answer_has_failed(aaaa) || xm_answer_has_failed(a)) { /* it may have had the address */
        int is_aaaa = xm_answer_has_failed(aaaa) &&
                      (aaaa->dnssec == XM_DNSSEC_BOGUS || !xm_answer_has_failed(a));
        return refuse_addresses(target, tries, is_aaaa ? aaaa : a);
    }
    uint8_t dnssec = weaker(target->dnssec, weaker(aaaa->dnssec, a->dnssec));
    return leave_out(target, tries, dnssec, XMPP_E_LOOKUP, "it has no address that can be used");
}

/* SRV was not secure: RFC 7673 does not apply, and one family is enough. */
static int look_at_any(struct xm_target *target, const struct xm_questions *questions,
                       struct xm_tries *tries)
{
    const struct xm_answer *aaaa = xm_questions_get(questions, target->addresses[0]);
    const struct xm_answer *a = xm_questions_get(questions, target->addresses[1]);
    return take_all(target, questions, tries, aaaa && a);
}

/* RFC 7673 3.2. */
static int look_at_both(struct xm_target *target, struct xm_questions *questions,
                        struct xm_tries *tries)
{
    int is_secure = 0;
    for (int is_a = 0; is_a <= 1; is_a++) {
        const struct xm_answer *answer = xm_questions_get(questions, target->addresses[is_a]);
        if (!answer) {
            return 0;
        }
        is_secure |= xm_answer_count(answer) > 0 && answer->dnssec == XM_DNSSEC_SECURE;
    }
    for (int is_a = 0; is_a <= 1; is_a++) {
        const struct xm_answer *answer = xm_questions_get(questions, target->addresses[is_a]);
        if (xm_answer_has_failed(answer)) {
            return refuse_addresses(target, tries, answer);
        }
    }
    if (!is_secure) {
        return take_all(target, questions, tries, 1);
    }
    char prefix[XM_QUESTION_PREFIX];
    snprintf(prefix, sizeof prefix, "_%u._tcp.", (unsigned)target->port);
    target->tlsa_question = xm_questions_add(questions, prefix, target->host, XM_RR_TLSA);
    target->state = XM_TARGET_TLSA;
    return xm_target_look(target, questions, tries);
}

/* Keeps the records, those that can be used first: should there be too many, none of them is lost
 * for one that cannot. */
static int keep_tlsa(struct xm_target *target, const struct xm_answer *answer)
{
    size_t n = xm_answer_count(answer);
    target->tlsa = xm_mem_new0(XM_ROUTE_TLSA_MAX, sizeof *target->tlsa);
    if (!target->tlsa) {
        return XMPP_E_NOMEM;
    }
    for (int usable = 1; usable >= 0; usable--) {
        for (size_t i = 0; i < n && target->n_tlsa < XM_ROUTE_TLSA_MAX; i++) {
            if (xm_tlsa_is_usable(&answer->records[i].tlsa) == usable) {
                target->tlsa[target->n_tlsa++] = answer->records[i].tlsa;
                target->dane = usable ? XM_DANE_USABLE : target->dane;
            }
        }
    }
    return 0;
}

/* RFC 7673 3.3, 3.4. */
static int look_at_tlsa(struct xm_target *target, const struct xm_questions *questions,
                        struct xm_tries *tries)
{
    const struct xm_answer *answer = xm_questions_get(questions, target->tlsa_question);
    if (!answer) {
        return 0;
    }
    if (xm_answer_has_failed(answer)) {
        return refuse(target, tries, answer, "its TLSA records are bogus",
                      "the look-up of its TLSA records failed");
    }
    if (xm_answer_count(answer) > 0 && answer->dnssec == XM_DNSSEC_SECURE) {
        int error = keep_tlsa(target, answer);
        if (error < 0) {
            return error;
        }
    }
    return take_all(target, questions, tries, 1);
}

int xm_target_look(struct xm_target *target, struct xm_questions *questions, struct xm_tries *tries)
{
    switch (target->state) {
    case XM_TARGET_ADDRESSES:
        return target->is_secure ? look_at_both(target, questions, tries)
                                 : look_at_any(target, questions, tries);
    case XM_TARGET_TLSA:
        return look_at_tlsa(target, questions, tries);
    case XM_TARGET_CLOSED:
    case XM_TARGET_DONE:
        break;
    }
    return 0;
}

int xm_target_open(struct xm_target *target, struct xm_questions *questions, struct xm_tries *tries)
{
    const struct xm_addr unknown = {0};
    struct xm_try shown = {.dnssec = XM_DNSSEC_INSECURE}; /* of a number nobody was asked */
    if (target->left_out) {
        return leave_out(target, tries, target->dnssec, XMPP_E_LOOKUP, target->left_out);
    }
    if (xm_addr_parse(target->host, target->port, &shown.addr)) {
        give_up_places(target, tries, target->n_kept);
        int added = add(target, tries, shown, &unknown);
        target->n_tries = added > 0;
        target->state = XM_TARGET_DONE;
        return added < 0 ? added : 0;
    }
    target->addresses[0] = xm_questions_add(questions, "", target->host, XM_RR_AAAA);
    target->addresses[1] = xm_questions_add(questions, "", target->host, XM_RR_A);
    target->state = XM_TARGET_ADDRESSES;
    return xm_target_look(target, questions, tries);
}
