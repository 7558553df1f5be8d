/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report of xmpp_resolve. Whatever the network said is printed so that it can do no harm. */
#include "resolve_report.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "text.h"

/* --- words ------------------------------------------------------------------------------------ */

static const char *type_of(int type)
{
    switch (type) {
    case XMPP_RR_A:
        return "A";
    case XMPP_RR_AAAA:
        return "AAAA";
    case XMPP_RR_SRV:
        return "SRV";
    default:
        return "TLSA";
    }
}

static const char *word(const char *const *words, int n, int value)
{
    return value >= 0 && value < n ? words[value] : "unknown";
}

static const char *status_of(const xmpp_lookup *lookup)
{
    static const char *const words[] = {"found", "none", "no-name", "failed", "pending"};
    return word(words, 5, xmpp_lookup_get_status(lookup));
}

static const char *dnssec_of(int dnssec)
{
    static const char *const words[] = {"insecure", "secure", "bogus", "indeterminate"};
    return word(words, 4, dnssec);
}

static const char *outcome_of(const xmpp_try *t)
{
    static const char *const words[] = {"none", "won", "failed", "cancelled", "left-out"};
    return word(words, 5, xmpp_try_get_outcome(t));
}

static const char *tls_of(const xmpp_try *t)
{
    return xmpp_try_is_direct(t) ? "direct" : "starttls";
}

int resolve_is_ok(const xmpp_conn *conn)
{
    return xmpp_error_get_code(xmpp_conn_get_error(conn)) == 0;
}

static const char *reason_of(const xmpp_conn *conn)
{
    return resolve_is_ok(conn) ? "" : xmpp_error_get_message(xmpp_conn_get_error(conn));
}

/* --- for a person ------------------------------------------------------------------------------- */

static void print_lookup(const xmpp_lookup *lookup)
{
    printf("  %-5s ", type_of(xmpp_lookup_get_type(lookup)));
    text_print(stdout, xmpp_lookup_get_name(lookup));
    printf(": %s, %s", status_of(lookup), dnssec_of(xmpp_lookup_get_dnssec(lookup)));
    if (xmpp_lookup_get_took(lookup) >= 0)
        printf(", %" PRId64 " ms", xmpp_lookup_get_took(lookup));
    if (xmpp_lookup_get_source(lookup)[0] != '\0')
        printf(", by %s", xmpp_lookup_get_source(lookup));
    if (xmpp_lookup_get_reason(lookup)[0] != '\0')
        printf(", %s", xmpp_lookup_get_reason(lookup));
    putchar('\n');
    for (unsigned i = 0; i < xmpp_lookup_get_n_records(lookup); i++) {
        fputs("          ", stdout);
        text_print(stdout, xmpp_lookup_get_record(lookup, i));
        putchar('\n');
    }
}

static void print_number(int64_t value, int width)
{
    if (value >= 0)
        printf("%*" PRId64, width, value);
    else
        printf("%*s", width, "-");
}

/* A word of a column, "-" where there is nothing to say yet. */
static const char *outcome_shown(const xmpp_try *t)
{
    return xmpp_try_get_outcome(t) == XMPP_OUTCOME_NONE ? "-" : outcome_of(t);
}

static void print_try(unsigned number, const xmpp_try *t)
{
    const char *address = xmpp_try_get_address(t);
    printf("%4u ", number + 1);
    print_number(xmpp_try_get_priority(t), 8);
    print_number(xmpp_try_get_weight(t), 7);
    printf("  %-8s  %-24s %5d ", tls_of(t), *address ? address : "-", xmpp_try_get_port(t));
    print_number(xmpp_try_get_planned(t), 7);
    print_number(xmpp_try_get_started(t), 8);
    print_number(xmpp_try_get_ended(t), 7);
    printf("  %-9s  %-13s %4u  ", outcome_shown(t), dnssec_of(xmpp_try_get_dnssec(t)),
           xmpp_try_get_n_tlsa(t));
    text_print(stdout, xmpp_try_get_host(t));
    if (xmpp_try_get_reason(t)[0] != '\0') {
        fputs(": ", stdout);
        text_print(stdout, xmpp_try_get_reason(t));
    }
    putchar('\n');
}

void resolve_print(const xmpp_conn *conn, const char *domain, int is_by_proxy)
{
    unsigned n_tries = xmpp_conn_get_n_tries(conn);
    printf("%s\n\nasked:\n", domain);
    for (unsigned i = 0; i < xmpp_conn_get_n_lookups(conn); i++)
        print_lookup(xmpp_conn_get_lookup(conn, i));
    if (xmpp_conn_get_n_lookups(conn) == 0)
        puts("  nobody");
    if (is_by_proxy)
        puts("\nthrough a proxy, which looks for the server: what is tried is the proxy's address");
    printf(
        "\nto be tried, in this order (times in ms: planned from the start of its priority, started"
        " and\nended from the beginning):\n"
        "   # priority weight  TLS       address                   port planned started  ended"
        "  outcome    DNSSEC        TLSA  host\n");
    for (unsigned i = 0; i < n_tries; i++)
        print_try(i, xmpp_conn_get_try(conn, i));
    if (n_tries == 0)
        puts("   nothing");
    if (!resolve_is_ok(conn))
        printf("\n%s\n", reason_of(conn));
}

/* --- for a program ------------------------------------------------------------------------------- */

static void add_lookup(const xmpp_lookup *lookup)
{
    json_list_add_object();
    json_text("name", xmpp_lookup_get_name(lookup));
    json_text("type", type_of(xmpp_lookup_get_type(lookup)));
    json_text("status", status_of(lookup));
    json_text("dnssec", dnssec_of(xmpp_lookup_get_dnssec(lookup)));
    json_text("source", xmpp_lookup_get_source(lookup));
    json_number_or_null("took_ms", xmpp_lookup_get_took(lookup));
    json_text("reason", xmpp_lookup_get_reason(lookup));
    json_list_begin("records");
    for (unsigned i = 0; i < xmpp_lookup_get_n_records(lookup); i++)
        json_list_add(xmpp_lookup_get_record(lookup, i));
    json_list_end();
    json_object_end();
}

static void add_try(const xmpp_try *t)
{
    int code = xmpp_try_get_code(t);
    json_list_add_object();
    json_text("host", xmpp_try_get_host(t));
    json_text("address", xmpp_try_get_address(t)[0] != '\0' ? xmpp_try_get_address(t) : NULL);
    json_number("port", xmpp_try_get_port(t));
    json_text("tls", tls_of(t));
    json_number_or_null("priority", xmpp_try_get_priority(t));
    json_number_or_null("weight", xmpp_try_get_weight(t));
    json_text("dnssec", dnssec_of(xmpp_try_get_dnssec(t)));
    json_number("tlsa", xmpp_try_get_n_tlsa(t));
    json_number_or_null("planned_ms", xmpp_try_get_planned(t));
    json_number_or_null("started_ms", xmpp_try_get_started(t));
    json_number_or_null("ended_ms", xmpp_try_get_ended(t));
    json_text("outcome", outcome_of(t));
    json_text("code", code != 0 ? xmpp_error_name(code) : NULL);
    json_text("reason", xmpp_try_get_reason(t));
    json_object_end();
}

void resolve_print_json(const xmpp_conn *conn, const char *domain)
{
    json_begin(NULL);
    json_text("domain", domain);
    json_bool("ok", resolve_is_ok(conn));
    json_text("reason", reason_of(conn));
    json_list_begin("lookups");
    for (unsigned i = 0; i < xmpp_conn_get_n_lookups(conn); i++)
        add_lookup(xmpp_conn_get_lookup(conn, i));
    json_list_end();
    json_list_begin("tries");
    for (unsigned i = 0; i < xmpp_conn_get_n_tries(conn); i++)
        add_try(xmpp_conn_get_try(conn, i));
    json_list_end();
    json_end();
}
