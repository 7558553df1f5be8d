/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a domain to its targets, and from them to tries: who is asked about what, and when enough is
 * known. What SRV records mean is in service.c, what answers about a target mean in target.c. */
#include "dial/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nocase.h"
#include "xmpp/error.h"

enum { PORT = 5222 }; /* RFC 6120 14.7 */

/* "localhost" and all below it (RFC 6761 6.3). */
static int is_localhost(const char *name)
{
    static const char localhost[] = "localhost";
    size_t n = strlen(name);
    n -= n > 0 && name[n - 1] == '.';
    size_t len = sizeof localhost - 1;
    return n >= len && xm_nocase_equal(name + n - len, localhost, len) &&
           (n == len || name[n - len - 1] == '.');
}

/* The targets are known: those behind have their places before those in front can take them. */
static void keep_places(struct xm_search *search)
{
    for (unsigned i = 0; i < search->targets.n; i++) {
        xm_target_keep_places(&search->targets.list[i], &search->tries);
    }
}

/* Knows the one target that there is. 0 or XMPP_E_NOMEM. */
static int know_one(struct xm_search *search, const char *host, int is_direct)
{
    int error = xm_targets_add(&search->targets, host, search->port, is_direct);
    keep_places(search);
    return error;
}

int xm_search_init(struct xm_search *search, const struct xm_route_config *config,
                   const uint8_t seed[XM_DRAW_SEED])
{
    struct xm_addr literal;
    memset(search, 0, sizeof *search);
    xm_draw_init(&search->draw, seed);
    search->port = config->port ? config->port : PORT;
    search->attempt_delay = config->attempt_delay;
    search->is_pkix = config->is_pkix != 0;
    search->domain = xm_mem_dup(config->domain, strlen(config->domain));
    if (!search->domain) {
        return XMPP_E_NOMEM;
    }
    if (config->host) {
        return know_one(search, config->host, config->is_direct);
    }
    if (is_localhost(config->domain) || xm_addr_parse(config->domain, 0, &literal)) {
        return know_one(search, config->domain, 0);
    }
    static const char *const prefixes[2] = {"_xmpp-client._tcp.", "_xmpps-client._tcp."};
    for (int i = 0; i < 2; i++) {
        search->services[i] =
            xm_questions_add(&search->questions, prefixes[i], search->domain, XM_RR_SRV);
    }
    return 0;
}

void xm_search_done(struct xm_search *search)
{
    xm_tries_done(&search->tries);
    xm_targets_done(&search->targets);
    xm_questions_done(&search->questions);
    free(search->domain);
    search->domain = NULL;
}

/* --- SRV -------------------------------------------------------------------------------------- */

/* RFC 7673 3.1: a look-up that failed is never the same as "no records". */
static const char *why_failed(const struct xm_answer *answer, int is_direct)
{
    static const char *const reasons[2][2] = {
        {"the look-up of _xmpp-client failed", "the look-up of _xmpps-client failed"},
        {"the answer for _xmpp-client is bogus", "the answer for _xmpps-client is bogus"}};
    return reasons[answer->dnssec == XM_DNSSEC_BOGUS][is_direct];
}

/* The domain itself, as there is not one SRV record (RFC 6120 3.2.2). */
static int fall_back(struct xm_search *search, const struct xm_answer *const services[2])
{
    int error = know_one(search, search->domain, 0);
    if (error < 0) {
        return error;
    }
    if (services[0]->dnssec != XM_DNSSEC_SECURE || services[1]->dnssec != XM_DNSSEC_SECURE) {
        search->targets.list[0].dnssec = XM_DNSSEC_INSECURE;
    }
    return 1;
}

int xm_search_find_targets(struct xm_search *search)
{
    const struct xm_answer *services[2];
    for (int i = 0; i < 2; i++) {
        services[i] = xm_questions_get(&search->questions, search->services[i]);
        if (services[i] && xm_answer_has_failed(services[i])) {
            search->reason = why_failed(services[i], i);
            return XMPP_E_DNS;
        }
    }
    if (!services[0] || !services[1]) {
        return 0;
    }
    int error = xm_targets_order(&search->targets, services, &search->draw);
    if (error < 0) {
        search->reason = error == XMPP_E_NO_SERVICE ? "SRV names no host but \".\"" : NULL;
        return error;
    }
    for (unsigned i = 0; search->is_pkix && i < search->targets.n; i++) {
        search->targets.list[i].is_secure = 0;
    }
    if (search->targets.n == 0) {
        return fall_back(search, services);
    }
    keep_places(search);
    return 1;
}

/* --- groups ----------------------------------------------------------------------------------- */

int xm_search_open(struct xm_search *search, unsigned group)
{
    for (unsigned i = 0; i < search->targets.n; i++) {
        struct xm_target *target = &search->targets.list[i];
        /* Those that are left out are shown from the beginning. */
        if (target->state == XM_TARGET_CLOSED && (target->group == group || target->left_out)) {
            int error = xm_target_open(target, &search->questions, &search->tries);
            if (error < 0) {
                return error;
            }
        }
    }
    return xm_search_look(search);
}

int xm_search_look(struct xm_search *search)
{
    for (unsigned i = 0; i < search->targets.n; i++) {
        int error = xm_target_look(&search->targets.list[i], &search->questions, &search->tries);
        if (error < 0) {
            return error;
        }
    }
    for (unsigned group = 0; group < search->targets.n_groups; group++) {
        xm_tries_sort(&search->tries, group, search->attempt_delay);
    }
    return 0;
}

int xm_search_is_done(const struct xm_search *search, unsigned group)
{
    for (unsigned i = 0; i < search->targets.n; i++) {
        const struct xm_target *target = &search->targets.list[i];
        if (target->group == group && target->state != XM_TARGET_DONE) {
            return 0;
        }
    }
    return 1;
}

unsigned xm_search_count(const struct xm_search *search, unsigned group)
{
    unsigned n = 0;
    for (unsigned i = 0; i < search->targets.n; i++) {
        n += search->targets.list[i].group == group ? search->targets.list[i].n_tries : 0;
    }
    return n;
}

int xm_search_is_ready(const struct xm_search *search, unsigned group)
{
    for (unsigned i = 0; i < search->targets.n; i++) {
        const struct xm_target *target = &search->targets.list[i];
        int is_empty = target->state == XM_TARGET_DONE && target->n_tries == 0;
        if (target->group == group && !is_empty) {
            return target->state == XM_TARGET_DONE || target->has_ipv6;
        }
    }
    return 0;
}
