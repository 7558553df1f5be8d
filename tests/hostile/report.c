/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happened, as one JSON object on one line. */
#include <stdio.h>

#include "client.h"

static void print_text(const char *name, const char *text)
{
    printf("\"%s\": ", name);
    if (!text) {
        printf("null, ");
        return;
    }
    putchar('"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        printf(*c < ' ' || *c == '"' || *c == '\\' || *c > '~' ? "\\u%04x" : "%c", *c);
    }
    printf("\", ");
}

static void print_number(const char *name, int64_t number)
{
    printf("\"%s\": %lld, ", name, (long long)number);
}

static void print_error(const xmpp_error *error)
{
    int code = xmpp_error_get_code(error);
    print_text("error", code != 0 ? xmpp_error_name(code) : NULL);
    print_number("phase", xmpp_error_get_phase(error));
    print_number("findings", xmpp_error_get_cert_findings(error));
    print_text("condition", xmpp_error_get_condition(error));
    print_text("message", xmpp_error_get_message(error));
}

static void print_states(const struct outcome *outcome)
{
    printf("\"states\": [");
    for (int i = 0; i < outcome->n_states; i++) {
        printf("%s[%d, %lld]", i > 0 ? ", " : "", outcome->states[i],
               (long long)outcome->entered_ms[i]);
    }
    printf("], \"answered\": {");
    const char *comma = "";
    for (int i = 0; i < CODES; i++) {
        if (outcome->answered[i] > 0) {
            printf("%s\"%s\": %lld", comma, i > 0 ? xmpp_error_name(-i) : "result",
                   (long long)outcome->answered[i]);
            comma = ", ";
        }
    }
    printf("}, ");
}

void report_print(const struct client *client, int descriptors_before)
{
    const xmpp_conn *conn = client->conn;
    const struct outcome *outcome = &client->outcome;
    putchar('{');
    print_error(xmpp_conn_get_error(conn));
    print_states(outcome);
    print_number("offline", outcome->n_offline);
    print_number("requested", outcome->requested);
    print_number("destroyed", outcome->destroyed);
    print_number("hung", outcome->is_hung);
    print_number("turns", xmpp_conn_get_stat(conn, XMPP_STAT_TURNS));
    print_number("online_turns", outcome->online_turns);
    print_number("fds_max", outcome->fds_max);
    print_number("stanzas", xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_RECEIVED));
    print_number("answers", xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_SENT));
    print_number("received", xmpp_conn_get_stat(conn, XMPP_STAT_BYTES_RECEIVED));
    print_number("messages", outcome->messages);
    print_number("sent", outcome->sent);
    print_number("refused_full", outcome->refused_full);
    print_number("writable", outcome->writable);
    print_number("queue_max", outcome->queue_max);
    print_number("heap", outcome->heap_max - outcome->heap_before);
    print_number("resident", machine_resident());
    print_number("cpu_ms", machine_cpu_ms());
    print_number("descriptors", machine_descriptors() - descriptors_before);
    print_text("mechanism", xmpp_conn_get_fact(conn, XMPP_FACT_MECHANISM));
    print_text("tls", xmpp_conn_get_fact(conn, XMPP_FACT_TLS_VERSION));
    inside_print(stdout);
    printf("}\n");
}
