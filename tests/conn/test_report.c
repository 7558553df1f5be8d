/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report says of a certificate: one sentence, and what to do. */
#include <string.h>

#include "check.h"
#include "conn/report.h"

static void each_certificate_code_has_its_sentence(void)
{
    static const struct {
        int code;
        enum xmpp_advice advice;
    } rows[] = {
        {XMPP_E_CERT_UNTRUSTED, XMPP_ADVICE_FIX_SETTINGS},
        {XMPP_E_CERT_NAME, XMPP_ADVICE_FIX_SETTINGS},
        {XMPP_E_CERT_EXPIRED, XMPP_ADVICE_FIX_SETTINGS},
        {XMPP_E_CERT_NOT_YET, XMPP_ADVICE_FIX_SETTINGS},
        {XMPP_E_CERT_PURPOSE, XMPP_ADVICE_GIVE_UP},
        {XMPP_E_CERT_REVOKED, XMPP_ADVICE_GIVE_UP},
        {XMPP_E_CERT_WEAK, XMPP_ADVICE_GIVE_UP},
        {XMPP_E_CERT_BAD, XMPP_ADVICE_GIVE_UP},
        {XMPP_E_CERT_CONSTRAINT, XMPP_ADVICE_GIVE_UP},
        {XMPP_E_CERT_DANE, XMPP_ADVICE_GIVE_UP},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xmpp_error report = {0};
        check_note("code %d", rows[i].code);
        xm_report_set(&report, rows[i].code, XMPP_PHASE_TLS, NULL, NULL, "the certificate is odd");
        CHECK_STR(xmpp_error_get_message(&report), "TLS: the certificate is odd");
        CHECK_INT(xmpp_error_get_advice(&report), rows[i].advice);
        xm_report_clear(&report);
    }
}

static void other_codes_keep_their_text(void)
{
    struct xmpp_error report = {0};
    xm_report_set(&report, XMPP_E_TLS, XMPP_PHASE_TLS, NULL, NULL, "an alert came");
    CHECK(strstr(xmpp_error_get_message(&report), xmpp_strerror(XMPP_E_TLS)) != NULL);
    CHECK(strstr(xmpp_error_get_message(&report), ": an alert came") != NULL);
    xm_report_clear(&report);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"each certificate code has its sentence", each_certificate_code_has_its_sentence},
        {"other codes keep their text", other_codes_keep_their_text},
    };
    return CHECK_MAIN(argc, argv, "report", cases);
}
