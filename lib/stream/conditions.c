/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of conditions. What follows from one is not decided here. */
#include "stream/conditions.h"

#include <string.h>
#include <strings.h>

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

/* RFC 6120 8.3.3. */
static const char *const stanza_names[] = {
    "bad-request",
    "conflict",
    "feature-not-implemented",
    "forbidden",
    "gone",
    "internal-server-error",
    "item-not-found",
    "jid-malformed",
    "not-acceptable",
    "not-allowed",
    "not-authorized",
    "policy-violation",
    "recipient-unavailable",
    "redirect",
    "registration-required",
    "remote-server-not-found",
    "remote-server-timeout",
    "resource-constraint",
    "service-unavailable",
    "subscription-required",
    "undefined-condition",
    "unexpected-request",
    NULL,
};

/* RFC 6120 4.9.2, 6.5 and 8.3.2 say what an unknown condition is to be taken for. */
const struct xm_conditions xm_conditions_stream = {
    .ns = XM_NS_STREAM_ERRORS,
    .names = stream_names,
    .unknown = "undefined-condition",
};
const struct xm_conditions xm_conditions_sasl = {
    .ns = "urn:ietf:params:xml:ns:xmpp-sasl",
    .names = sasl_names,
    .unknown = "not-authorized",
};
const struct xm_conditions xm_conditions_stanza = {
    .ns = XM_NS_STANZA_ERRORS,
    .names = stanza_names,
    .unknown = "undefined-condition",
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
    const xmpp_elem *first = xmpp_elem_get_child(error, "text", table->ns);
    for (const xmpp_elem *text = first; text && lang;
         text = xmpp_elem_get_next(text, "text", table->ns)) {
        const char *its = xmpp_elem_get_lang(text);
        if (its && strcasecmp(its, lang) == 0) {
            return xmpp_elem_get_text(text, NULL);
        }
    }
    return xmpp_elem_get_text(first, NULL);
}
