/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests and answers, RFC 6120 8.2.3. Which answer belongs to which request is not known here. */
#include "xmpp/iq.h"

#include "stanza/typed.h"
#include "stanza/word.h"
#include "xmpp/error.h"
#include "xmpp/stanza.h"

static const struct xm_word types[] = {
    {"result", XMPP_IQ_RESULT},
    {"get", XMPP_IQ_GET},
    {"set", XMPP_IQ_SET},
    {"error", XMPP_IQ_ERROR},
};
enum { N_TYPES = sizeof types / sizeof *types };

static void begin(xmpp_stanza *stanza, int type, const char *to)
{
    const char *text = xm_word_text(types, N_TYPES, type);
    if (!text) {
        xm_typed_refuse(stanza, XMPP_E_INVAL);
    }
    xm_typed_begin(stanza, text, to);
}

xmpp_stanza *xmpp_iq_new(int type, const char *to)
{
    xmpp_stanza *stanza = xmpp_stanza_new("iq", NULL);
    begin(stanza, type, to);
    return stanza;
}

int xmpp_iq_reset(xmpp_stanza *stanza, int type, const char *to)
{
    int result = xmpp_stanza_reset(stanza, "iq", NULL);
    if (result == 0) {
        begin(stanza, type, to);
    }
    return result;
}

xmpp_stanza *xmpp_iq_result(const xmpp_stanza *request)
{
    int is_request = (xmpp_iq_get_type(request) & (XMPP_IQ_GET | XMPP_IQ_SET)) != 0;
    if (!is_request || !xmpp_elem_is(xmpp_stanza_get_root(request), "iq", XMPP_NS_CLIENT)) {
        return NULL;
    }
    return xm_typed_reply(request, "result");
}

int xmpp_iq_get_type(const xmpp_stanza *iq)
{
    return xm_word_value(types, N_TYPES, xmpp_stanza_get_type(iq), 0);
}

/* The element itself, or the first one behind it, that is no `<error/>`. */
static const xmpp_elem *payload_from(const xmpp_elem *elem)
{
    while (xmpp_elem_is(elem, "error", XMPP_NS_CLIENT)) {
        elem = xmpp_elem_get_next(elem, NULL, NULL);
    }
    return elem;
}

const xmpp_elem *xmpp_iq_get_payload(const xmpp_stanza *iq)
{
    return payload_from(xmpp_elem_get_child(xmpp_stanza_get_root(iq), NULL, NULL));
}

size_t xmpp_iq_get_n_payloads(const xmpp_stanza *iq)
{
    size_t n = 0;
    const xmpp_elem *at = xmpp_iq_get_payload(iq);
    for (; at; at = payload_from(xmpp_elem_get_next(at, NULL, NULL))) {
        n++;
    }
    return n;
}
