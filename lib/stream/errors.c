/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every way in which a stream ends before its time: what the peer is told, and what the owner.
 * An error is final (RFC 6120 4.9.1.1): behind any of these nothing is read or written. */
#include <string.h>

#include "stream/steps.h"
#include "stream/wire.h"

static enum xmpp_phase phase_of(const struct xm_stream *stream)
{
    switch (xm_stream_get_stage(stream)) {
    case XM_STREAM_OPENING:
    case XM_STREAM_STEPPING:
        return XMPP_PHASE_STREAM;
    case XM_STREAM_SECURING:
        return XMPP_PHASE_TLS;
    case XM_STREAM_AUTHENTICATING:
        return XMPP_PHASE_SASL;
    case XM_STREAM_BINDING:
        return XMPP_PHASE_BIND;
    case XM_STREAM_OPEN:
    case XM_STREAM_CLOSING:
    case XM_STREAM_OVER:
        break;
    }
    return stream->jid ? XMPP_PHASE_SESSION : XMPP_PHASE_STREAM;
}

/* `condition` NULL: only the closing tag. What there is no memory for is not sent. */
static void say_goodbye(struct xm_stream *stream, const char *condition)
{
    if (stream->is_closed || stream->state == XM_AT_TLS || stream->state == XM_OVER) {
        return; /* nothing may follow our closing tag, or come between <proceed/> and TLS */
    }
    struct xm_wire wire = xm_wire_begin(stream->out);
    if (condition) {
        xm_wire_add(&wire, "<stream:error><");
        xm_wire_add(&wire, condition);
        xm_wire_add(&wire, " xmlns='" XM_NS_STREAM_ERRORS "'/></stream:error>");
    }
    xm_wire_add(&wire, "</stream:stream>");
    xm_wire_end(&wire);
    stream->is_closed = 1;
}

static void fail(struct xm_stream *stream, struct xm_stream_event *event, int code)
{
    event->type = XM_STREAM_FAILED;
    event->code = code;
    event->phase = (int)phase_of(stream);
    stream->state = XM_OVER;
}

void xm_fail_silently(struct xm_stream *stream, struct xm_stream_event *event, int code,
                      const char *reason)
{
    fail(stream, event, code);
    event->reason = reason;
}

void xm_fail_rule(struct xm_stream *stream, struct xm_stream_event *event, int code,
                  const char *condition, const char *reason)
{
    say_goodbye(stream, condition);
    fail(stream, event, code);
    event->condition = condition;
    event->reason = reason;
}

void xm_fail_inside(struct xm_stream *stream, struct xm_stream_event *event, int code)
{
    say_goodbye(stream, code == XMPP_E_NOMEM ? "resource-constraint" : "undefined-condition");
    fail(stream, event, code);
}

void xm_fail_refused(struct xm_stream *stream, struct xm_stream_event *event, int code,
                     const struct xm_conditions *table, const xmpp_elem *error)
{
    say_goodbye(stream, NULL);
    fail(stream, event, code);
    event->stanza = xmpp_elem_get_stanza(error);
    if (table) {
        event->condition = xm_condition_of(table, error);
        event->text = xm_condition_text(table, error, stream->config.lang);
    }
}

void xm_fail_stream_error(struct xm_stream *stream, struct xm_stream_event *event,
                          const xmpp_elem *error)
{
    int is_answer = stream->state == XM_AT_STEP && stream->step == &xm_step_handshake;
    xm_fail_refused(stream, event, XMPP_E_STREAM, &xm_conditions_stream, error);
    /* so a server says that the secret is wrong (XEP-0114 3) */
    if (is_answer && event->condition && strcmp(event->condition, "not-authorized") == 0) {
        event->code = XMPP_E_AUTH;
    }
}

void xm_fail_unexpected(struct xm_stream *stream, struct xm_stream_event *event,
                        const xmpp_stanza *stanza)
{
    const xmpp_elem *elem = xmpp_stanza_get_root(stanza);
    if (xmpp_stanza_get_kind(stanza) != XMPP_KIND_OTHER) {
        xm_fail_rule(stream, event, XMPP_E_PROTOCOL, "not-authorized",
                     "a stanza came before a resource was bound");
        return;
    }
    if (xm_stream_is_negotiation(stream, elem)) {
        xm_fail_rule(stream, event, XMPP_E_PROTOCOL, "not-authorized",
                     "an element of the negotiation came out of its turn");
        return;
    }
    xm_fail_rule(stream, event, XMPP_E_PROTOCOL, "unsupported-stanza-type",
                 "an element came that is not part of the negotiation");
}

void xm_stream_fail(struct xm_stream *stream, const char *condition)
{
    say_goodbye(stream, xm_condition_named(&xm_conditions_stream, condition));
    stream->state = XM_OVER;
}
