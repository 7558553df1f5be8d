/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SRV records to targets. Asks nothing, and knows no address. */
#include "dial/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dial/srv.h"
#include "xmpp/error.h"

/* The longest name of a host (RFC 1035 2.3.4) as text, and the longest of its labels. */
enum { HOST_MAX = 253, LABEL_MAX = 63 };

void xm_targets_done(struct xm_targets *targets)
{
    for (unsigned i = 0; i < targets->n; i++) {
        xm_target_done(&targets->list[i]);
    }
    targets->n = 0;
}

int xm_targets_add(struct xm_targets *targets, const char *host, uint16_t port, int is_direct)
{
    char *copy = xm_mem_dup(host, strlen(host));
    if (!copy) {
        return XMPP_E_NOMEM;
    }
    targets->list[targets->n++] = (struct xm_target){
        .host = copy, .port = port, .is_direct = is_direct != 0, .dnssec = XM_DNSSEC_SECURE};
    targets->n_groups = 1;
    return 0;
}

static int is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* Letters, digits, hyphens (RFC 1123 2.1), and the underscore that some have. */
static int is_host_name(const char *text)
{
    size_t label = 0;
    size_t n = 0;
    for (; text[n] != '\0' && n <= HOST_MAX; n++) {
        if (text[n] == '.' ? label == 0 : !is_host_char(text[n])) {
            return 0;
        }
        label = text[n] == '.' ? 0 : label + 1;
        if (label > LABEL_MAX) {
            return 0;
        }
    }
    return n > 0 && n <= HOST_MAX && label > 0;
}

/* Why a record cannot be used (RFC 2782, "Target"); NULL if it can. */
static const char *why_not(const struct xm_record *record)
{
    struct xm_addr addr;
    if (record->port == 0) {
        return "its port is 0";
    }
    if (xm_addr_parse(record->target, record->port, &addr)) {
        return "its SRV target is an address, not a name";
    }
    return is_host_name(record->target) ? NULL : "its SRV target is not the name of a host";
}

/* Records one after the other as if both answers were one; NULL behind the last. */
static const struct xm_record *record_at(const struct xm_answer *const services[2], size_t i,
                                         int *ret_is_direct)
{
    size_t n = xm_answer_count(services[0]);
    *ret_is_direct = i >= n;
    if (i < n) {
        return &services[0]->records[i];
    }
    return i - n < xm_answer_count(services[1]) ? &services[1]->records[i - n] : NULL;
}

static int is_known(const struct xm_targets *targets, const struct xm_record *record, int is_direct)
{
    for (unsigned i = 0; i < targets->n; i++) {
        const struct xm_target *known = &targets->list[i];
        if (known->port == record->port && known->is_direct == is_direct &&
            strcmp(known->host, record->target) == 0) {
            return 1;
        }
    }
    return 0;
}

/* What is no name is shown to people, and only to them: in what they can read. */
static void sanitise(char *text)
{
    size_t n = 0;
    for (; text[n] != '\0' && n < HOST_MAX; n++) {
        if (text[n] <= ' ' || text[n] > '~') {
            text[n] = '?';
        }
    }
    text[n] = '\0';
}

static int add(struct xm_targets *targets, const struct xm_record *record, int is_direct,
               const struct xm_answer *answer, const char *left_out)
{
    if (targets->n == XM_ROUTE_TARGETS_MAX || is_known(targets, record, is_direct)) {
        return 0;
    }
    int error = xm_targets_add(targets, record->target, record->port, is_direct);
    if (error < 0) {
        return error;
    }
    struct xm_target *target = &targets->list[targets->n - 1];
    target->priority = record->priority;
    target->weight = record->weight;
    target->is_srv = 1;
    target->is_secure = answer->dnssec == XM_DNSSEC_SECURE;
    target->dnssec = (uint8_t)answer->dnssec;
    target->rank = targets->n - 1;
    target->left_out = left_out;
    if (left_out) {
        sanitise(target->host);
    }
    return 0;
}

/* Draws the order of what can be used, and keeps the best. */
static int add_ordered(struct xm_targets *targets, const struct xm_answer *const services[2],
                       size_t n_records, struct xm_draw *draw)
{
    struct xm_srv *list = xm_mem_new0(n_records, sizeof *list);
    uint32_t *random = xm_mem_new0(n_records, sizeof *random);
    size_t n = 0;
    int is_direct;
    int error = list && random ? 0 : XMPP_E_NOMEM;
    for (size_t i = 0; error == 0 && i < n_records; i++) {
        const struct xm_record *record = record_at(services, i, &is_direct);
        if (record->target[0] != '\0' && !why_not(record)) {
            random[n] = xm_draw_u32(draw);
            list[n++] = (struct xm_srv){record->priority, record->weight, i};
        }
    }
    if (error == 0) {
        xm_srv_order(list, n, random);
    }
    for (size_t i = 0; error == 0 && i < n; i++) {
        const struct xm_record *record = record_at(services, list[i].index, &is_direct);
        error = add(targets, record, is_direct, services[is_direct], NULL);
    }
    free(list);
    free(random);
    return error;
}

static void number_groups(struct xm_targets *targets)
{
    targets->n_groups = 0;
    for (int64_t priority = -1;; targets->n_groups++) {
        int64_t next = INT64_MAX;
        for (unsigned i = 0; i < targets->n; i++) {
            if (targets->list[i].priority > priority && targets->list[i].priority < next) {
                next = targets->list[i].priority;
            }
        }
        if (next == INT64_MAX) {
            return;
        }
        for (unsigned i = 0; i < targets->n; i++) {
            if (targets->list[i].priority == next) {
                targets->list[i].group = targets->n_groups;
            }
        }
        priority = next;
    }
}

int xm_targets_order(struct xm_targets *targets, const struct xm_answer *const services[2],
                     struct xm_draw *draw)
{
    size_t n_records = 0;
    size_t n_named = 0;
    int is_direct;
    for (const struct xm_record *record;
         (record = record_at(services, n_records, &is_direct)) != NULL; n_records++) {
        n_named += record->target[0] != '\0';
    }
    if (n_named == 0) {
        return n_records > 0 ? XMPP_E_NO_SERVICE : 0; /* "." (RFC 2782) */
    }
    int error = add_ordered(targets, services, n_records, draw);
    for (size_t i = 0; error == 0 && i < n_records; i++) {
        const struct xm_record *record = record_at(services, i, &is_direct);
        const char *left_out = record->target[0] != '\0' ? why_not(record) : NULL;
        if (left_out) {
            error = add(targets, record, is_direct, services[is_direct], left_out);
        }
    }
    number_groups(targets);
    return error;
}
