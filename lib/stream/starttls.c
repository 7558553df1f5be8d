/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STARTTLS, RFC 6120 5: asking for it. It makes no TLS; the owner does between START_TLS and
 * xm_stream_secured(). */
#include "stream/steps.h"
#include "stream/wire.h"

static enum xm_step_need need(const struct xm_stream *stream, const xmpp_elem *feature)
{
    if (stream->config.security != XM_STREAM_TLS_REQUIRED || stream->is_secured) {
        return XM_STEP_NONE;
    }
    return feature ? XM_STEP_TAKE : XM_STEP_MISSING;
}

static void start(struct xm_stream *stream, const xmpp_elem *feature, struct xm_stream_event *event)
{
    (void)feature; /* <required/> or not: it is required here */
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "<starttls xmlns='" XM_NS_TLS "'/>");
    int error = xm_wire_end(&wire);
    if (error != 0) {
        xm_fail_inside(stream, event, error);
    }
}

static int on_element(struct xm_stream *stream, const xmpp_stanza *stanza,
                      struct xm_stream_event *event)
{
    const xmpp_elem *elem = xmpp_stanza_get_root(stanza);
    if (xmpp_elem_is(elem, "proceed", XM_NS_TLS)) {
        stream->state = XM_AT_TLS;
        event->type = XM_STREAM_START_TLS;
        return 1;
    }
    if (xmpp_elem_is(elem, "failure", XM_NS_TLS)) {
        xm_fail_refused(stream, event, XMPP_E_TLS, NULL, elem);
        event->reason = "the server refused to start TLS";
        return 1;
    }
    return 0;
}

const struct xm_step xm_step_starttls = {
    .name = "starttls",
    .ns = XM_NS_TLS,
    .stage = XM_STREAM_SECURING,
    .missing_code = XMPP_E_TLS_MISSING,
    .missing_condition = "policy-violation",
    .missing_reason = NULL, /* the code says it */
    .need = need,
    .start = start,
    .on_element = on_element,
};
