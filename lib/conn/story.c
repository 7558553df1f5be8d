/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was asked and tried, and what came of it, for those who want to see it: the getters of
 * lookups and tries. It decides nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "conn/conn.h"
#include "conn/reach.h"

enum { RECORD_TEXT = 512, TLSA_SHOWN = 64 };

const char *xm_story_type(int type)
{
    return type == XM_RR_A ? "A" : type == XM_RR_AAAA ? "AAAA" : type == XM_RR_SRV ? "SRV" : "TLSA";
}

const char *xm_story_status(int status)
{
    static const char *const names[] = {"found", "no records", "no such name", "failed"};
    return status >= 0 && status < 4 ? names[status] : "";
}

/* --- lookups ---------------------------------------------------------------------------------------- */

struct xmpp_lookup *xm_story_ask(struct xm_reach *reach, unsigned question, const char *name,
                                 enum xm_rr rr, int64_t now)
{
    void *array = reach->lookups;
    if (reach->n_lookups == XM_LOOKUPS_MAX ||
        xm_mem_grow(&array, &reach->cap_lookups, reach->n_lookups + 1, sizeof *reach->lookups) <
            0) {
        return NULL;
    }
    reach->lookups = array;
    struct xmpp_lookup *lookup = xm_mem_new0(1, sizeof *lookup);
    char *copy = xm_mem_dup(name, strlen(name));
    if (!lookup || !copy) {
        free(lookup);
        free(copy);
        return NULL;
    }
    lookup->name = copy;
    lookup->type = (int)rr;
    lookup->question = question;
    lookup->began = now;
    lookup->took = -1;
    lookup->status = XMPP_ANSWER_PENDING;
    lookup->dnssec = XMPP_DNSSEC_INDETERMINATE;
    reach->lookups[reach->n_lookups++] = lookup;
    return lookup;
}

static void print_addr(const struct xm_addr *addr, char *text, size_t size)
{
    char with_port[XM_ADDR_TEXT];
    xm_addr_print(addr, with_port);
    const char *from = with_port + (with_port[0] == '[');
    const char *to = with_port[0] == '[' ? strchr(from, ']') : strrchr(from, ':');
    snprintf(text, size, "%.*s", to ? (int)(to - from) : 0, from);
}

static void print_tlsa(const struct xm_tlsa *tlsa, char *text, size_t size)
{
    size_t n =
        (size_t)snprintf(text, size, "%d %d %d ", tlsa->usage, tlsa->selector, tlsa->matching);
    size_t shown = tlsa->n_data < TLSA_SHOWN ? tlsa->n_data : TLSA_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        n += (size_t)snprintf(text + n, size - n, "%02x", tlsa->data[i]);
    }
    if (shown < tlsa->n_data) {
        snprintf(text + n, size - n, "...");
    }
}

/* In the form of a zone file, printable whatever the network said. */
static void print_record(int type, const struct xm_record *record, char text[RECORD_TEXT])
{
    char line[RECORD_TEXT];
    if (type == XM_RR_SRV) {
        snprintf(line, sizeof line, "%u %u %u %s", (unsigned)record->priority,
                 (unsigned)record->weight, (unsigned)record->port,
                 record->target[0] != '\0' ? record->target : ".");
    } else if (type == XM_RR_TLSA) {
        print_tlsa(&record->tlsa, line, sizeof line);
    } else {
        print_addr(&record->addr, line, sizeof line);
    }
    xm_utf8_sanitise(text, RECORD_TEXT, line, strlen(line));
}

int xm_story_answer(struct xmpp_lookup *lookup, const struct xm_answer *answer, const char *source,
                    const char *reason, int64_t now)
{
    if (answer->n_records > 0) {
        lookup->records = xm_mem_new0(answer->n_records, sizeof *lookup->records);
        if (!lookup->records) {
            return XMPP_E_NOMEM;
        }
    }
    for (size_t i = 0; i < answer->n_records; i++) {
        char text[RECORD_TEXT];
        print_record(lookup->type, &answer->records[i], text);
        lookup->records[i] = xm_mem_dup(text, strlen(text));
        if (!lookup->records[i]) {
            return XMPP_E_NOMEM;
        }
        lookup->n_records++;
    }
    snprintf(lookup->source, sizeof lookup->source, "%s", source);
    lookup->status = (uint8_t)answer->status;
    lookup->dnssec = (uint8_t)answer->dnssec;
    lookup->reason = reason;
    lookup->took = now - lookup->began;
    return 0;
}

static void free_lookup(struct xmpp_lookup *lookup)
{
    for (unsigned i = 0; i < lookup->n_records; i++) {
        free(lookup->records[i]);
    }
    free(lookup->records);
    free(lookup->name);
    free(lookup);
}

/* --- tries ---------------------------------------------------------------------------------------------- */

int xm_story_follow(struct xm_reach *reach)
{
    unsigned n = xm_route_get_n_tries(reach->route);
    void *array = reach->tries;
    if (xm_mem_grow(&array, &reach->cap_tries, n, sizeof *reach->tries) < 0) {
        return XMPP_E_NOMEM;
    }
    reach->tries = array;
    for (; reach->n_tries < n; reach->n_tries++) {
        struct xmpp_try *t = &reach->tries[reach->n_tries];
        *t = (struct xmpp_try){.t = xm_route_get_try(reach->route, (unsigned)reach->n_tries),
                               .began = reach->began};
        if (t->t->addr.family != 0) {
            xm_addr_print(&t->t->addr, t->address);
            print_addr(&t->t->addr, t->numeric, sizeof t->numeric);
        }
    }
    return 0;
}

void xm_story_forget_tries(struct xm_reach *reach)
{
    for (size_t i = 0; i < reach->n_tries; i++) {
        xm_report_clear(&reach->tries[i].report);
    }
    reach->n_tries = 0;
}

void xm_story_done(struct xm_reach *reach)
{
    xm_story_forget_tries(reach);
    free(reach->tries);
    for (size_t i = 0; i < reach->n_lookups; i++) {
        free_lookup(reach->lookups[i]);
    }
    free(reach->lookups);
}

/* --- getters ---------------------------------------------------------------------------------------------- */

unsigned xmpp_conn_get_n_lookups(const xmpp_conn *conn)
{
    return conn && conn->reach ? (unsigned)conn->reach->n_lookups : 0;
}

const xmpp_lookup *xmpp_conn_get_lookup(const xmpp_conn *conn, unsigned number)
{
    return number < xmpp_conn_get_n_lookups(conn) ? conn->reach->lookups[number] : NULL;
}

const char *xmpp_lookup_get_name(const xmpp_lookup *lookup)
{
    return lookup ? lookup->name : "";
}

int xmpp_lookup_get_type(const xmpp_lookup *lookup)
{
    return lookup ? lookup->type : 0;
}

int xmpp_lookup_get_status(const xmpp_lookup *lookup)
{
    return lookup ? lookup->status : XMPP_ANSWER_PENDING;
}

int xmpp_lookup_get_dnssec(const xmpp_lookup *lookup)
{
    return lookup ? lookup->dnssec : XMPP_DNSSEC_INDETERMINATE;
}

const char *xmpp_lookup_get_source(const xmpp_lookup *lookup)
{
    return lookup ? lookup->source : "";
}

int64_t xmpp_lookup_get_took(const xmpp_lookup *lookup)
{
    return lookup ? lookup->took : -1;
}

const char *xmpp_lookup_get_reason(const xmpp_lookup *lookup)
{
    return lookup && lookup->reason ? lookup->reason : "";
}

unsigned xmpp_lookup_get_n_records(const xmpp_lookup *lookup)
{
    return lookup ? lookup->n_records : 0;
}

const char *xmpp_lookup_get_record(const xmpp_lookup *lookup, unsigned number)
{
    return lookup && number < lookup->n_records ? lookup->records[number] : NULL;
}

unsigned xmpp_conn_get_n_tries(const xmpp_conn *conn)
{
    return conn && conn->reach ? (unsigned)conn->reach->n_tries : 0;
}

const xmpp_try *xmpp_conn_get_try(const xmpp_conn *conn, unsigned number)
{
    unsigned order[XM_ROUTE_TRIES_MAX];
    if (number >= xmpp_conn_get_n_tries(conn)) {
        return NULL;
    }
    unsigned n = xm_route_get_order(conn->reach->route, order, XM_ROUTE_TRIES_MAX);
    return number < n && order[number] < conn->reach->n_tries ? &conn->reach->tries[order[number]]
                                                              : NULL;
}

const char *xmpp_try_get_host(const xmpp_try *t)
{
    return t ? t->t->host : "";
}

const char *xmpp_try_get_address(const xmpp_try *t)
{
    return t ? t->numeric : "";
}

int xmpp_try_get_port(const xmpp_try *t)
{
    return t ? t->t->addr.port : 0;
}

int xmpp_try_is_direct(const xmpp_try *t)
{
    return t ? t->t->is_direct : 0;
}

int xmpp_try_get_priority(const xmpp_try *t)
{
    return t && t->t->is_srv ? t->t->priority : -1;
}

int xmpp_try_get_weight(const xmpp_try *t)
{
    return t && t->t->is_srv ? t->t->weight : -1;
}

int xmpp_try_get_dnssec(const xmpp_try *t)
{
    return t ? t->t->dnssec : XMPP_DNSSEC_INDETERMINATE;
}

unsigned xmpp_try_get_n_tlsa(const xmpp_try *t)
{
    unsigned n = 0;
    for (unsigned i = 0; t && t->t->dane == XM_DANE_USABLE && i < t->t->n_tlsa; i++) {
        n += xm_tlsa_is_usable(&t->t->tlsa[i]) != 0;
    }
    return n;
}

int64_t xmpp_try_get_planned(const xmpp_try *t)
{
    return t && t->t->addr.family != 0 && !t->t->reason ? t->t->planned : -1;
}

static int64_t since(int64_t when, int64_t began)
{
    return when < 0 ? -1 : when - began;
}

int64_t xmpp_try_get_started(const xmpp_try *t)
{
    return t ? since(t->t->started, t->began) : -1;
}

int64_t xmpp_try_get_ended(const xmpp_try *t)
{
    return t ? since(t->t->ended, t->began) : -1;
}

int xmpp_try_get_outcome(const xmpp_try *t)
{
    if (!t) {
        return XMPP_OUTCOME_NONE;
    }
    return t->t->reason ? XMPP_OUTCOME_LEFT_OUT : t->outcome;
}

int xmpp_try_get_code(const xmpp_try *t)
{
    if (!t) {
        return 0;
    }
    return t->report.code != 0 ? t->report.code : t->t->code;
}

const char *xmpp_try_get_reason(const xmpp_try *t)
{
    if (!t) {
        return "";
    }
    if (t->report.code != 0) {
        return xmpp_error_get_message(&t->report);
    }
    if (t->t->reason) {
        return t->t->reason;
    }
    return t->t->code != 0 ? xmpp_strerror(t->t->code) : "";
}
