/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of conditions. What follows from one is not decided here. */
#include "stream/conditions.h"

#include <string.h>

#include "stanza/lang.h"
#include "stream/stream.h"

/* RFC 6120 4.9.3. */
static const char *const stream_names[] = {
    "bad-format",
    "bad-namespace-prefix",
    "conflict",
    "connection-timeout",
    "host-gone",
    "host-unknown",
    "improper-addressing",
    "internal-server-error",
    "invalid-from",
    "invalid-namespace",
    "invalid-xml",
    "not-authorized",
    "not-well-formed",
    "policy-violation",
    "remote-connection-failed",
    "reset",
    "resource-constraint",
    "restricted-xml",
    "see-other-host",
    "system-shutdown",
    "undefined-condition",
    "unsupported-encoding",
    "unsupported-feature",
    "unsupported-stanza-type",
    "unsupported-version",
    NULL,
};

/* RFC 6120 6.5. */
static const char *const sasl_names[] = {
    "aborted",
    "account-disabled",
    "credentials-expired",
    "encryption-required",
    "incorrect-encoding",
    "invalid-authzid",
    "invalid-mechanism",
    "malformed-request",
    "mechanism-too-weak",
    "not-authorized",
    "temporary-auth-failure",
    NULL,
};

/* RFC 6120 4.9.2 and 6.5 say what an unknown condition is to be taken for. */
const struct xm_conditions xm_conditions_stream = {
    .ns = XM_NS_STREAM_ERRORS,
    .names = stream_names,
    .unknown = "undefined-condition",
};
const struct xm_conditions xm_conditions_sasl = {
    .ns = XM_NS_SASL,
    .names = sasl_names,
    .unknown = "not-authorized",
};
const char *xm_condition_named(const struct xm_conditions *table, const char *name)
{
    for (const char *const *known = table->names; *known; known++) {
        if (strcmp(*known, name) == 0) {
            return *known;
        }
    }
    return table->unknown;
}

const char *xm_condition_of(const struct xm_conditions *table, const xmpp_elem *error)
{
    for (const xmpp_elem *child = xmpp_elem_get_child(error, NULL, table->ns); child;
         child = xmpp_elem_get_next(child, NULL, table->ns)) {
        if (!xmpp_elem_is(child, "text", NULL)) {
            return xm_condition_named(table, xmpp_elem_get_name(child));
        }
    }
    return table->unknown;
}

const char *xm_condition_text(const struct xm_conditions *table, const xmpp_elem *error,
                              const char *lang)
{
    return xm_lang_text(error, "text", table->ns, lang);
}
