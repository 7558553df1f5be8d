/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report of a failed attempt: code, phase, what the peer said, and what to do about it. */
#include "conn/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { MESSAGE_MAX = 512, PEER_TEXT_MAX = 1024 };

/* By the peer's condition (RFC 6120 4.9.3, 6.5, 7.6.2). */
static const struct {
    const char *condition;
    enum xmpp_advice advice;
} by_condition[] = {
    {"account-disabled", XMPP_ADVICE_GIVE_UP},
    {"conflict", XMPP_ADVICE_FIX_SETTINGS},
    {"connection-timeout", XMPP_ADVICE_RETRY},
    {"credentials-expired", XMPP_ADVICE_ASK_PASSWORD},
    {"encryption-required", XMPP_ADVICE_FIX_SETTINGS},
    {"host-gone", XMPP_ADVICE_GIVE_UP},
    {"host-unknown", XMPP_ADVICE_FIX_SETTINGS},
    {"internal-server-error", XMPP_ADVICE_RETRY},
    {"invalid-authzid", XMPP_ADVICE_FIX_SETTINGS},
    {"invalid-mechanism", XMPP_ADVICE_FIX_SETTINGS},
    {"mechanism-too-weak", XMPP_ADVICE_FIX_SETTINGS},
    {"not-authorized", XMPP_ADVICE_ASK_PASSWORD},
    {"policy-violation", XMPP_ADVICE_GIVE_UP},
    {"remote-connection-failed", XMPP_ADVICE_RETRY},
    {"reset", XMPP_ADVICE_RETRY},
    {"resource-constraint", XMPP_ADVICE_RETRY},
    {"system-shutdown", XMPP_ADVICE_RETRY},
    {"temporary-auth-failure", XMPP_ADVICE_RETRY},
};

static const struct {
    int code;
    enum xmpp_advice advice;
} by_code[] = {
    {XMPP_OK, XMPP_ADVICE_NONE},
    {XMPP_E_NOMEM, XMPP_ADVICE_RETRY},
    {XMPP_E_INVAL, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_JID, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_SYSTEM, XMPP_ADVICE_RETRY},
    {XMPP_E_APP, XMPP_ADVICE_GIVE_UP},
    {XMPP_E_INTERNAL, XMPP_ADVICE_GIVE_UP},
    {XMPP_E_FILE, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_LOOKUP, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_DNS, XMPP_ADVICE_RETRY},
    {XMPP_E_NOT_LOOPBACK, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_REFUSED, XMPP_ADVICE_RETRY},
    {XMPP_E_UNREACHABLE, XMPP_ADVICE_RETRY},
    {XMPP_E_TIMEOUT, XMPP_ADVICE_RETRY},
    {XMPP_E_RESET, XMPP_ADVICE_RETRY},
    {XMPP_E_TRUNCATED, XMPP_ADVICE_RETRY},
    {XMPP_E_PROXY, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_NO_SERVICE, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_REDIRECT, XMPP_ADVICE_GIVE_UP},
    {XMPP_E_CLOSED, XMPP_ADVICE_RETRY},
    {XMPP_E_STREAM, XMPP_ADVICE_RETRY},
    {XMPP_E_TLS_BROKEN, XMPP_ADVICE_RETRY},
    {XMPP_E_AUTH_CREDENTIALS, XMPP_ADVICE_ASK_PASSWORD},
    {XMPP_E_AUTH_MECHANISM, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_AUTH_BINDING, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_AUTH, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_BIND, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_TLS, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_TLS_MISSING, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_CERT_UNTRUSTED, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_CERT_NAME, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_CERT_EXPIRED, XMPP_ADVICE_FIX_SETTINGS},
    {XMPP_E_CERT_NOT_YET, XMPP_ADVICE_FIX_SETTINGS},
};

/* What the peer says counts only where it is the peer that refused. */
static int advice_of(int code, const char *condition)
{
    int peer_refused =
        code == XMPP_E_AUTH || code == XMPP_E_STREAM || code == XMPP_E_BIND || code == XMPP_E_TLS;
    for (size_t i = 0; condition && peer_refused && i < sizeof by_condition / sizeof *by_condition;
         i++) {
        if (strcmp(by_condition[i].condition, condition) == 0) {
            return (int)by_condition[i].advice;
        }
    }
    for (size_t i = 0; i < sizeof by_code / sizeof *by_code; i++) {
        if (by_code[i].code == code) {
            return (int)by_code[i].advice;
        }
    }
    return XMPP_ADVICE_GIVE_UP; /* the peer breaks rules, or fails to prove who it is */
}

static const char *phase_name(int phase)
{
    static const char *const names[] = {NULL,   "DNS",  "TCP",    "TLS",
                                        "SASL", "bind", "stream", "session"};
    return phase > 0 && (size_t)phase < sizeof names / sizeof *names ? names[phase] : NULL;
}

static int is_certificate(int code)
{
    return code <= XMPP_E_CERT_UNTRUSTED && code >= XMPP_E_CERT_DANE;
}

/* "SASL: the server refused the authentication (not-authorized): reason: text" */
static void compose(char *message, size_t size, const struct xmpp_error *report, const char *reason)
{
    char line[MESSAGE_MAX];
    const char *phase = phase_name(report->phase);
    int has_condition = report->condition != NULL;
    const char *what = xmpp_strerror(report->code);
    if (reason && (is_certificate(report->code) || strncmp(reason, what, strlen(what)) == 0)) {
        what = reason; /* a sentence of its own, which says the same and more */
        reason = NULL;
    }
    snprintf(line, sizeof line, "%s%s%s%s%s%s%s%s%s%s", phase ? phase : "", phase ? ": " : "", what,
             has_condition ? " (" : "", has_condition ? report->condition : "",
             has_condition ? ")" : "", reason ? ": " : "", reason ? reason : "",
             report->text ? ": " : "", report->text ? report->text : "");
    xm_utf8_sanitise(message, size, line, strlen(line));
}

/* A copy of the peer's text, cut at a character. */
static char *dup_peer_text(const char *text)
{
    size_t len = strnlen(text, PEER_TEXT_MAX);
    while (text[len] != '\0' && len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
        len--;
    }
    return xm_mem_dup(text, len);
}

void xm_report_clear(struct xmpp_error *report)
{
    free(report->condition);
    free(report->text);
    free(report->message);
    *report = (struct xmpp_error){0};
}

void xm_report_copy(struct xmpp_error *report, const struct xmpp_error *from)
{
    xm_report_clear(report);
    *report = *from;
    report->condition =
        from->condition ? xm_mem_dup(from->condition, strlen(from->condition)) : NULL;
    report->text = from->text ? xm_mem_dup(from->text, strlen(from->text)) : NULL;
    report->message = from->message ? xm_mem_dup(from->message, strlen(from->message)) : NULL;
}

void xm_report_set(struct xmpp_error *report, int code, int phase, const char *condition,
                   const char *text, const char *reason)
{
    xm_report_clear(report);
    report->code = code;
    report->phase = phase;
    report->advice = advice_of(code, condition);
    if (condition) {
        report->condition = dup_peer_text(condition);
    }
    if (text) {
        report->text = dup_peer_text(text);
    }
    char message[MESSAGE_MAX];
    compose(message, sizeof message, report, reason);
    report->message = xm_mem_dup(message, strlen(message));
}

int xmpp_error_get_code(const xmpp_error *error)
{
    return error ? error->code : 0;
}

int xmpp_error_get_phase(const xmpp_error *error)
{
    return error ? error->phase : XMPP_PHASE_NONE;
}

int xmpp_error_get_advice(const xmpp_error *error)
{
    return error ? error->advice : XMPP_ADVICE_NONE;
}

const char *xmpp_error_get_condition(const xmpp_error *error)
{
    return error ? error->condition : NULL;
}

const char *xmpp_error_get_text(const xmpp_error *error)
{
    return error ? error->text : NULL;
}

const char *xmpp_error_get_message(const xmpp_error *error)
{
    return error && error->message ? error->message : xmpp_strerror(error ? error->code : 0);
}

uint32_t xmpp_error_get_cert_findings(const xmpp_error *error)
{
    return error ? error->findings : 0;
}
