/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens at the connection, as JSON. Every text that a peer may have written goes through
 * json.c, which lets nothing harmful out. */
#include "console.h"
#include "json.h"

#include <string.h>

static const char *const state_names[] = {"offline",  "resolving",      "connecting", "opening",
                                          "securing", "authenticating", "binding",    "online",
                                          "closing",  "waiting",        "step"};
enum { N_STATES = sizeof(state_names) / sizeof(state_names[0]) };

const char *console_state_name(int state)
{
    return state >= 0 && state < N_STATES ? state_names[state] : NULL;
}

int console_state_by_name(const char *name)
{
    for (int i = 0; i < N_STATES; i++) {
        if (strcmp(name, state_names[i]) == 0)
            return i;
    }
    return -1;
}

static const char *name_of(const char *const *names, int n, int value)
{
    return value >= 0 && value < n ? names[value] : NULL;
}

static void add_xml(const xmpp_stanza *stanza)
{
    char *xml = NULL;
    if (stanza && xmpp_stanza_to_text(stanza, &xml, NULL) < 0)
        xml = NULL;
    json_text("xml", xml);
    xmpp_free(xml);
}

static void add_stanza(const xmpp_stanza *stanza)
{
    static const char *const kinds[] = {"other", "message", "presence", "iq"};
    const xmpp_jid *from = xmpp_stanza_get_from(stanza);
    const xmpp_jid *to = xmpp_stanza_get_to(stanza);
    json_text("kind", name_of(kinds, 4, xmpp_stanza_get_kind(stanza)));
    json_text("type", xmpp_stanza_get_type(stanza));
    json_text("from", from ? xmpp_jid_get_text(from) : NULL);
    json_text("to", to ? xmpp_jid_get_text(to) : NULL);
    json_text("id", xmpp_stanza_get_id(stanza));
    if (xmpp_stanza_get_kind(stanza) == XMPP_KIND_MESSAGE)
        json_text("body", xmpp_message_get_body(stanza, NULL));
    add_xml(stanza);
}

static void print_stanza(struct console *console, const xmpp_stanza *stanza)
{
    console->n_kept[xmpp_stanza_get_kind(stanza)]++;
    json_begin("stanza");
    add_stanza(stanza);
    json_end();
}

static int on_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn;
    print_stanza(userdata, stanza);
    return 0;
}

static int on_iq(xmpp_conn *conn, const xmpp_stanza *iq, void *userdata)
{
    struct console *console = userdata;
    (void)conn;
    print_stanza(console, iq);
    return console->takes_iqs; /* 0: the library answers service-unavailable */
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    (void)userdata;
    json_begin("state");
    json_text("state", console_state_name(state));
    json_number("number", state);
    json_end();
    if (state == XMPP_STATE_ONLINE)
        console_print_facts(conn);
    if (state == XMPP_STATE_OFFLINE)
        console_print_error(conn);
}

static void on_writable(xmpp_conn *conn, void *userdata)
{
    (void)conn;
    (void)userdata;
    json_begin("writable");
    json_end();
}

static void on_ask(xmpp_conn *conn, xmpp_ask *ask, void *userdata)
{
    struct console *console = userdata;
    (void)conn;
    if (xmpp_ask_get_kind(ask) != XMPP_ASK_PASSWORD)
        return; /* dropped unanswered: refused */
    xmpp_ask_unref(console->ask);
    console->ask = xmpp_ask_ref(ask);
    json_begin("ask");
    json_text("kind", "password");
    json_end();
}

static void on_log(xmpp_conn *conn, int area, int level, const char *text, void *userdata)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    (void)conn;
    (void)userdata;
    json_begin("log");
    json_text("level", name_of(levels, 4, level));
    json_number("area", area);
    json_text("text", text);
    json_end();
}

static void on_trace(xmpp_conn *conn, int is_sent, const char *xml, size_t len, void *userdata)
{
    (void)conn;
    (void)len;
    (void)userdata;
    json_begin("trace");
    json_bool("sent", is_sent);
    json_text("xml", xml);
    json_end();
}

int console_register(struct console *console)
{
    xmpp_conn *conn = console->conn;
    int result = xmpp_conn_on_state(conn, NULL, on_state, console, NULL);
    if (result == 0)
        result = xmpp_conn_on_message(conn, NULL, on_stanza, console, NULL);
    if (result == 0)
        result = xmpp_conn_on_presence(conn, NULL, on_stanza, console, NULL);
    if (result == 0)
        result = xmpp_conn_on_iq(conn, NULL, XMPP_IQ_GET | XMPP_IQ_SET, NULL, NULL, on_iq, console,
                                 NULL);
    if (result == 0)
        result = xmpp_conn_on_writable(conn, NULL, on_writable, console, NULL);
    if (result == 0)
        result = xmpp_conn_on_ask(conn, NULL, on_ask, console, NULL);
    if (result == 0 && console->account.is_verbose)
        result = xmpp_conn_set_log(conn, XMPP_AREA_ALL, XMPP_LOG_DEBUG, on_log, NULL, NULL);
    if (result == 0 && console->account.is_verbose)
        result = xmpp_conn_set_trace(conn, on_trace, NULL, NULL);
    return result;
}

static void add_code(int code)
{
    json_number("code", code);
    json_text("name", xmpp_error_name(code));
}

void console_print_result(int64_t line, const char *command, int code)
{
    json_begin("result");
    json_number("line", line);
    json_text("command", command);
    add_code(code);
    if (code < 0)
        json_text("message", xmpp_strerror(code));
    json_end();
}

void console_begin_reply(int64_t request, int code)
{
    json_begin("reply");
    json_number("request", request);
    add_code(code);
}

void console_print_reply(int64_t request, int code, const xmpp_stanza *reply)
{
    console_begin_reply(request, code);
    if (reply)
        add_stanza(reply);
    json_end();
}

void console_print_error(const xmpp_conn *conn)
{
    static const char *const phases[] = {"none", "dns",  "tcp",    "tls",
                                         "sasl", "bind", "stream", "session"};
    static const char *const advices[] = {"none", "retry", "ask-password", "fix-settings",
                                          "give-up"};
    static const char *const findings[] = {"untrusted", "name", "expired", "not-yet",    "purpose",
                                           "revoked",   "weak", "bad",     "constraint", "dane"};
    const xmpp_error *error = xmpp_conn_get_error(conn);
    json_begin("error");
    add_code(xmpp_error_get_code(error));
    json_text("phase", name_of(phases, 8, xmpp_error_get_phase(error)));
    json_text("advice", name_of(advices, 5, xmpp_error_get_advice(error)));
    json_text("condition", xmpp_error_get_condition(error));
    json_text("text", xmpp_error_get_text(error));
    json_text("message", xmpp_error_get_message(error));
    json_list_begin("cert_findings");
    for (int i = 0; i < 10; i++) {
        if (xmpp_error_get_cert_findings(error) & (1u << i))
            json_list_add(findings[i]);
    }
    json_list_end();
    json_end();
}

void console_print_facts(const xmpp_conn *conn)
{
    static const char *const names[] = {"address", "tls_version",  "tls_cipher", "mechanism",
                                        "binding", "binding_note", "stream_id"};
    const xmpp_jid *bound = xmpp_conn_get_bound_jid(conn);
    json_begin("facts");
    json_text("jid", bound ? xmpp_jid_get_text(bound) : NULL);
    for (int i = 0; i < 7; i++) /* in the order of enum xmpp_fact */
        json_text(names[i], xmpp_conn_get_fact(conn, i));
    json_end();
}

void console_print_stats(const xmpp_conn *conn)
{
    static const char *const names[] = {"bytes_received", "bytes_sent",  "stanzas_received",
                                        "stanzas_sent",   "queue_bytes", "requests",
                                        "connects",       "sessions",    "turns"};
    json_begin("stats");
    for (int i = 0; i < 9; i++) /* in the order of enum xmpp_stat */
        json_number(names[i], xmpp_conn_get_stat(conn, i));
    json_end();
}

void console_print_features(const xmpp_conn *conn)
{
    json_begin("features");
    add_xml(xmpp_conn_get_features(conn));
    json_end();
}
