/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SASLprep by libgsasl. Not PRECIS: SCRAM's keys were made with SASLprep at the server, and another
 * preparation would make other keys. */
#include "sasl/prep.h"

#include <gsasl.h>
#include <string.h>

#include "base/mem.h"
#include "xmpp/error.h"

/* Printable ASCII is prepared already. */
static int is_plain(const char *text)
{
    for (; *text; text++) {
        if (*text < 0x20 || *text > 0x7e) {
            return 0;
        }
    }
    return 1;
}

/* libgsasl 2.2 takes GSASL_ALLOW_UNASSIGNED the wrong way round. Where a text has no unassigned
 * code points both ways give the same; where it has some, only one way gives anything. */
static int prepare(char **ret_text, const char *text)
{
    int result = gsasl_saslprep(text, GSASL_ALLOW_UNASSIGNED, ret_text, NULL);
    if (result == GSASL_SASLPREP_ERROR) {
        result = gsasl_saslprep(text, 0, ret_text, NULL);
    }
    if (result == GSASL_MALLOC_ERROR) {
        return XMPP_E_NOMEM;
    }
    return result == GSASL_OK ? 0 : XMPP_E_AUTH_CREDENTIALS;
}

int xm_prep_sasl(char **ret_text, const char *text)
{
    char *prepared = NULL;
    const char *source = text;
    if (!is_plain(text)) {
        int code = prepare(&prepared, text);
        if (code < 0) {
            return code;
        }
        source = prepared;
    }
    size_t n = strlen(source);
    char *copy = n > 0 ? xm_mem_dup(source, n) : NULL;
    if (prepared) {
        xm_mem_wipe(prepared, n);
        gsasl_free(prepared);
    }
    if (n == 0) {
        return XMPP_E_AUTH_CREDENTIALS;
    }
    if (!copy) {
        return XMPP_E_NOMEM;
    }
    *ret_text = copy;
    return 0;
}
