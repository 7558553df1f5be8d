/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A question that the application answers in the place of DNS. As with other questions the connection
 * keeps it without counting itself, and when the application's last reference goes unanswered, the
 * look-up has failed. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nocase.h"
#include "conn/conn.h"
#include "conn/reach.h"

struct xmpp_query {
    unsigned refs;   /* of the application */
    xmpp_conn *conn; /* NULL: too late */
    char *name;
    int type;
    uint8_t is_answered;
    struct xm_record *records; /* targets and data are owned */
    size_t n_records;
    size_t cap_records;
    struct xm_answer *answer; /* NULL: none, or dropped */
};

static void free_records(xmpp_query *query)
{
    for (size_t i = 0; i < query->n_records; i++) {
        free((char *)query->records[i].target);
        free((uint8_t *)query->records[i].tlsa.data);
    }
    free(query->records);
}

static void free_if_over(xmpp_query *query)
{
    if (query->refs == 0 && !query->conn) {
        free_records(query);
        free(query->answer);
        free(query->name);
        free(query);
    }
}

/* --- the connection's side ----------------------------------------------------------------------------- */

int xm_query_ask(xmpp_conn *conn, struct xmpp_lookup *lookup)
{
    xmpp_query *query = xm_mem_new0(1, sizeof *query);
    char *name = query ? xm_mem_dup(lookup->name, strlen(lookup->name)) : NULL;
    if (!name) {
        free(query);
        return XMPP_E_NOMEM;
    }
    *query = (xmpp_query){.refs = 1, .conn = conn, .name = name, .type = lookup->type};
    lookup->query = query;
    const struct xm_names_settings *set = &xm_ways(conn)->names;
    set->resolver(conn, query, set->userdata);
    xmpp_query_unref(query);
    return 0;
}

int xm_query_is_answered(const xmpp_query *query)
{
    return query->is_answered;
}

void xm_query_close(struct xmpp_lookup *lookup)
{
    xmpp_query *query = lookup->query;
    if (query) {
        lookup->query = NULL;
        query->conn = NULL;
        free_if_over(query);
    }
}

struct xm_answer *xm_query_take(struct xmpp_lookup *lookup)
{
    struct xm_answer *answer = lookup->query->answer;
    lookup->query->answer = NULL;
    xm_query_close(lookup);
    return answer;
}

/* --- the application's side ----------------------------------------------------------------------------- */

xmpp_query *xmpp_query_ref(xmpp_query *query)
{
    if (query) {
        query->refs++;
    }
    return query;
}

/* The watch hears that there is work. */
static void wake(xmpp_conn *conn)
{
    if (xm_conn_enter(conn) == 0) {
        xm_conn_leave(conn, 0);
    }
}

xmpp_query *xmpp_query_unref(xmpp_query *query)
{
    if (!query || --query->refs > 0) {
        return NULL;
    }
    if (!query->conn) {
        free_if_over(query);
        return NULL;
    }
    query->is_answered = 1; /* as failed, if it was not answered before */
    wake(query->conn);
    return NULL;
}

const char *xmpp_query_get_name(const xmpp_query *query)
{
    return query ? query->name : NULL;
}

int xmpp_query_get_type(const xmpp_query *query)
{
    return query ? query->type : 0;
}

/* 0, XMPP_E_INVAL for a query of another type, or XMPP_E_STALE. */
static int check(const xmpp_query *query, int is_type)
{
    if (!query || !is_type) {
        return XMPP_E_INVAL;
    }
    return !query->conn || query->is_answered ? XMPP_E_STALE : 0;
}

static int add(xmpp_query *query, const struct xm_record *record)
{
    if (query->n_records == XM_ANSWER_RECORDS_MAX) {
        return 0; /* more are cut off, as with any answer */
    }
    void *array = query->records;
    int result =
        xm_mem_grow(&array, &query->cap_records, query->n_records + 1, sizeof *query->records);
    if (result == 0) {
        query->records = array;
        query->records[query->n_records++] = *record;
    }
    return result;
}

int xmpp_query_add_address(xmpp_query *query, const char *address)
{
    struct xm_record record = {.priority = 0};
    int result = check(query, query && (query->type == XM_RR_A || query->type == XM_RR_AAAA));
    if (result < 0) {
        return result;
    }
    if (!address || !xm_addr_parse(address, 0, &record.addr) ||
        record.addr.family != (query->type == XM_RR_A ? 4 : 6)) {
        return XMPP_E_INVAL;
    }
    return add(query, &record);
}

/* As the resolver gives them: lower case, without the dot at the end. NULL if out of memory. */
static char *copy_target(const char *target)
{
    size_t len = strlen(target);
    char *copy = xm_mem_dup(target, len > 0 && target[len - 1] == '.' ? len - 1 : len);
    for (char *c = copy; c && *c; c++) {
        *c = xm_nocase_lower(*c);
    }
    return copy;
}

int xmpp_query_add_srv(xmpp_query *query, uint16_t priority, uint16_t weight, uint16_t port,
                       const char *target)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";
    int result = check(query, query && query->type == XM_RR_SRV);
    if (result < 0) {
        return result;
    }
    if (!target || *target == '\0' || strlen(target) >= XM_DNS_NAME_MAX ||
        target[strspn(target, allowed)] != '\0') {
        return XMPP_E_INVAL;
    }
    struct xm_record record = {.priority = priority, .weight = weight, .port = port};
    record.target = copy_target(target);
    result = record.target ? add(query, &record) : XMPP_E_NOMEM;
    if (result < 0) {
        free((char *)record.target);
    }
    return result;
}

int xmpp_query_add_tlsa(xmpp_query *query, int usage, int selector, int matching, const void *data,
                        size_t n)
{
    int result = check(query, query && query->type == XM_RR_TLSA);
    if (result < 0) {
        return result;
    }
    if (usage < 0 || usage > 255 || selector < 0 || selector > 255 || matching < 0 ||
        matching > 255 || !data || n == 0 || n > UINT16_MAX) {
        return XMPP_E_INVAL;
    }
    uint8_t *copy = malloc(n);
    if (!copy) {
        return XMPP_E_NOMEM;
    }
    memcpy(copy, data, n);
    struct xm_record record = {
        .tlsa = {(uint8_t)usage, (uint8_t)selector, (uint8_t)matching, (uint16_t)n, copy}};
    result = add(query, &record);
    if (result < 0) {
        free(copy);
    }
    return result;
}

/* What was found out is handed on by the next process. Frees the answer when it is too late. */
static int settle(xmpp_query *query, struct xm_answer *answer)
{
    int result = answer ? xm_conn_enter(query->conn) : XMPP_E_NOMEM;
    if (result < 0) {
        free(answer);
        return result;
    }
    query->answer = answer;
    query->is_answered = 1;
    return xm_conn_leave(query->conn, 0);
}

int xmpp_query_answer(xmpp_query *query, int status, int dnssec)
{
    int result =
        check(query, status >= XMPP_ANSWER_FOUND && status <= XMPP_ANSWER_FAILED &&
                         dnssec >= XMPP_DNSSEC_INSECURE && dnssec <= XMPP_DNSSEC_INDETERMINATE);
    if (result < 0) {
        return result;
    }
    int is_found = status == XMPP_ANSWER_FOUND;
    if (is_found != (query->n_records > 0)) {
        return XMPP_E_INVAL;
    }
    struct xm_answer answer = {.status = (enum xm_answer_status)status,
                               .dnssec = (enum xm_dnssec)dnssec,
                               .n_records = query->n_records,
                               .records = query->records};
    return settle(query, xm_answer_dup(&answer));
}

int xmpp_query_answer_message(xmpp_query *query, const void *message, size_t n, int trust_ad)
{
    struct xm_answer *answer = NULL;
    int result = check(query, message != NULL);
    if (result == 0) {
        result =
            xm_dns_read_answer(message, n, query->name, (enum xm_rr)query->type, trust_ad, &answer);
    }
    return result < 0 ? result : settle(query, answer);
}
