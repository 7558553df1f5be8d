/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a session began and ended, for a person and for a script that looks at the exit status. */
#include "account.h"

#include <sysexits.h>

#include "text.h"

void account_print_session(FILE *out, const xmpp_conn *conn)
{
    const char *version = xmpp_conn_get_fact(conn, XMPP_FACT_TLS_VERSION);
    const char *mechanism = xmpp_conn_get_fact(conn, XMPP_FACT_MECHANISM);
    const char *binding = xmpp_conn_get_fact(conn, XMPP_FACT_BINDING);
    const char *note = xmpp_conn_get_fact(conn, XMPP_FACT_BINDING_NOTE);
    fputs("online as ", out);
    text_print(out, xmpp_jid_get_text(xmpp_conn_get_bound_jid(conn)));
    fprintf(out, " (TLS: %s, mechanism: %s, ", version ? version : "none",
            mechanism ? mechanism : "none");
    if (binding || !note)
        fprintf(out, "channel binding: %s)\n", binding ? binding : "none");
    else
        fprintf(out, "%s)\n", note);
    fflush(out);
}

void account_print_error(const struct account *account, const xmpp_conn *conn)
{
    const xmpp_error *error = xmpp_conn_get_error(conn);
    int code = xmpp_error_get_code(error);
    if (code == 0)
        return;
    /* The message is harmless to a terminal; the peer's own text would not be. */
    fprintf(stderr, "%s: %s: %s: %s\n", account->program,
            xmpp_jid_get_text(xmpp_conn_get_jid(conn)), xmpp_error_name(code),
            xmpp_error_get_message(error));
}

void account_print_failure(const struct account *account, const xmpp_conn *conn, int result)
{
    if (xmpp_error_get_code(xmpp_conn_get_error(conn)) == result)
        account_print_error(account, conn);
    else
        fprintf(stderr, "%s: %s\n", account->program, xmpp_strerror(result));
}

int account_exit_status(const xmpp_conn *conn)
{
    switch (xmpp_error_get_advice(xmpp_conn_get_error(conn))) {
    case XMPP_ADVICE_NONE:
        return EX_OK;
    case XMPP_ADVICE_RETRY:
        return EX_TEMPFAIL;
    case XMPP_ADVICE_ASK_PASSWORD:
        return EX_NOPERM;
    case XMPP_ADVICE_FIX_SETTINGS:
        return EX_CONFIG;
    default:
        return EX_UNAVAILABLE;
    }
}
