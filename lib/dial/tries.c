/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of tries. What stands in it was judged before; here it is only ordered, and asked which
 * failure tells most. */
#include "dial/tries.h"

#include <stdlib.h>
#include <string.h>

#include "dial/address.h"
#include "xmpp/error.h"

void xm_tries_done(struct xm_tries *tries)
{
    for (unsigned i = 0; i < tries->n; i++) {
        free(tries->list[i]);
    }
    tries->n = 0;
}

static int is_known(const struct xm_tries *tries, const struct xm_addr *addr, unsigned rank)
{
    for (unsigned i = 0; i < tries->n; i++) {
        const struct xm_addr *known = &tries->list[i]->shown.addr;
        if (tries->list[i]->rank == rank && known->family == addr->family &&
            known->scope == addr->scope && memcmp(known->ip, addr->ip, sizeof addr->ip) == 0) {
            return 1;
        }
    }
    return 0;
}

int xm_tries_add(struct xm_tries *tries, const struct xm_try *shown, const struct xm_addr *source,
                 unsigned rank)
{
    if (tries->n + tries->n_kept >= XM_ROUTE_TRIES_MAX || is_known(tries, &shown->addr, rank)) {
        return 0;
    }
    struct xm_tries_entry *entry = malloc(sizeof *entry);
    if (!entry) {
        return XMPP_E_NOMEM;
    }
    *entry = (struct xm_tries_entry){.shown = *shown, .source = *source, .rank = rank};
    entry->shown.planned = -1;
    entry->shown.started = -1;
    entry->shown.ended = -1;
    tries->list[tries->n] = entry;
    tries->order[tries->n] = (uint8_t)tries->n;
    tries->n++;
    return 1;
}

static const struct xm_try *at(const struct xm_tries *tries, unsigned place)
{
    return &tries->list[tries->order[place]]->shown;
}

/* What has never been started, sorted, and interleaved beginning with the other family than that
 * of the last that has been (number `last`, or -1); how many there are. */
static size_t sort_fresh(const struct xm_tries *tries, unsigned group, int last, uint8_t *numbers)
{
    struct xm_dest list[XM_ROUTE_TRIES_MAX + 1];
    size_t from = 0;
    if (last >= 0) {
        list[from++] = (struct xm_dest){.addr = tries->list[last]->shown.addr};
    }
    size_t n = from;
    for (unsigned i = 0; i < tries->n; i++) {
        const struct xm_tries_entry *entry = tries->list[i];
        if (entry->shown.group == group && entry->shown.addr.family && entry->shown.started < 0) {
            list[n++] = (struct xm_dest){.addr = entry->shown.addr,
                                         .source = entry->source,
                                         .rank = entry->rank,
                                         .index = i};
        }
    }
    xm_dest_sort(list + from, n - from);
    xm_dest_interleave(list, n);
    for (size_t i = from; i < n; i++) {
        numbers[i - from] = (uint8_t)list[i].index;
    }
    return n - from;
}

void xm_tries_sort(struct xm_tries *tries, unsigned group, int delay)
{
    uint8_t order[XM_ROUTE_TRIES_MAX];
    size_t n = 0;
    int last = -1;
    for (unsigned i = 0; i < tries->n; i++) {
        if (at(tries, i)->group < group) {
            order[n++] = tries->order[i];
        }
    }
    size_t first = n;
    for (unsigned i = 0; i < tries->n; i++) {
        if (at(tries, i)->group == group && at(tries, i)->started >= 0) {
            last = tries->order[i];
            order[n++] = tries->order[i];
        }
    }
    n += sort_fresh(tries, group, last, order + n);
    for (size_t i = first; i < n; i++) {
        tries->list[order[i]]->shown.planned = (int64_t)(i - first) * delay;
    }
    for (unsigned i = 0; i < tries->n; i++) {
        if (at(tries, i)->group == group && at(tries, i)->addr.family == 0) {
            order[n++] = tries->order[i];
        }
    }
    for (unsigned i = 0; i < tries->n; i++) {
        if (at(tries, i)->group > group) {
            order[n++] = tries->order[i];
        }
    }
    memcpy(tries->order, order, n);
}

size_t xm_tries_get_runners(const struct xm_tries *tries, unsigned group,
                            uint8_t runners[XM_RACE_MAX])
{
    size_t n = 0;
    for (unsigned i = 0; i < tries->n; i++) {
        if (at(tries, i)->group == group && at(tries, i)->addr.family != 0) {
            runners[n++] = tries->order[i];
        }
    }
    return n;
}

/* How much a failure tells somebody who has to mend something: how far it got. */
static int telling(int code)
{
    switch (code) {
    case XMPP_OK:
        return 0;
    case XMPP_E_LOOKUP:
        return 1;
    case XMPP_E_DNS: /* which may pass, and that may not */
        return 2;
    case XMPP_E_TIMEOUT:
        return 3;
    case XMPP_E_UNREACHABLE:
        return 4;
    case XMPP_E_REFUSED:
        return 5;
    default:
        break;
    }
    if (code <= XMPP_E_CERT_UNTRUSTED && code >= XMPP_E_CERT_DANE) {
        return 8;
    }
    return code <= XMPP_E_TLS && code >= XMPP_E_TLS_BROKEN ? 7 : 6;
}

unsigned xm_tries_most_telling(const struct xm_tries *tries)
{
    unsigned found = XM_ROUTE_TRIES_MAX;
    int most = 0;
    for (unsigned i = 0; i < tries->n; i++) {
        if (telling(at(tries, i)->code) > most) {
            most = telling(at(tries, i)->code);
            found = tries->order[i];
        }
    }
    return found;
}
