/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The defined conditions of RFC 6120 that are of the stream: of its errors (4.9.3) and of SASL
 * failures (6.5), and finding them in what the peer sent. Those of stanzas are stanza/'s. */
#ifndef XM_STREAM_CONDITIONS_H
#define XM_STREAM_CONDITIONS_H

#include "xmpp/stanza.h"

#define XM_NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"

struct xm_conditions {
    const char *ns;           /* of the condition's element, and of <text/> */
    const char *const *names; /* NULL behind the last */
    const char *unknown;      /* what one that is not defined counts as */
};

extern const struct xm_conditions xm_conditions_stream;
extern const struct xm_conditions xm_conditions_sasl;

/* The name as the table has it, static; an unknown one counts as `unknown`. */
const char *xm_condition_named(const struct xm_conditions *table, const char *name);
/* The condition of an error element, static, never NULL; takes NULL. */
const char *xm_condition_of(const struct xm_conditions *table, const xmpp_elem *error);
/* Its text, in this language if it can be had (stanza/lang.h); NULL if there is none. Borrowed from
 * the element. */
const char *xm_condition_text(const struct xm_conditions *table, const xmpp_elem *error,
                              const char *lang);

#endif
