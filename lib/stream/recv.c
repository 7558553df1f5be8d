/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes in, and what it means in the state that the stream is in: the one switch. What a
 * negotiation step makes of it is in the step's own file. */
#include "stream/steps.h"

int xm_stream_is_negotiation(const struct xm_stream *stream, const xmpp_elem *elem)
{
    return xmpp_elem_is(elem, NULL, XMPP_NS_STREAMS) || xmpp_elem_is(elem, NULL, XM_NS_TLS) ||
           xmpp_elem_is(elem, NULL, XM_NS_SASL) ||
           (stream->config.purpose == XM_STREAM_FOR_COMPONENT &&
            xmpp_elem_is(elem, "handshake", XMPP_NS_CLIENT));
}

static void on_header(struct xm_stream *stream, struct xm_stream_event *event)
{
    if (stream->state == XM_DRAINING) {
        return;
    }
    const char *reason = NULL;
    const char *condition = xm_header_check(stream, &reason);
    if (condition) {
        xm_fail_rule(stream, event, XMPP_E_PROTOCOL, condition, reason);
        return;
    }
    if (stream->config.purpose == XM_STREAM_FOR_COMPONENT) {
        xm_component_begin(stream, event);
        return;
    }
    stream->state = XM_AT_FEATURES;
}

static void on_features(struct xm_stream *stream, const xmpp_stanza *stanza,
                        struct xm_stream_event *event)
{
    if (!xmpp_elem_is(xmpp_stanza_get_root(stanza), "features", XMPP_NS_STREAMS)) {
        xm_fail_unexpected(stream, event, stanza);
        return;
    }
    stream->features = xmpp_stanza_ref(stanza);
    xm_steps_next(stream, event);
}

/* Once a resource is bound, whatever is well-formed is delivered, known or not. Only what belongs
 * to a negotiation that is over is refused: a second <success/>, or features beyond the empty ones
 * that RFC 6120 4.3.5 allows. */
static void on_bound(struct xm_stream *stream, const xmpp_stanza *stanza,
                     struct xm_stream_event *event)
{
    const xmpp_elem *elem = xmpp_stanza_get_root(stanza);
    int is_stanza = xmpp_stanza_get_kind(stanza) != XMPP_KIND_OTHER; /* nearly always */
    if (!is_stanza && xmpp_elem_is(elem, "features", XMPP_NS_STREAMS) &&
        !xmpp_elem_get_child(elem, NULL, NULL)) {
        return;
    }
    if (!is_stanza && xm_stream_is_negotiation(stream, elem)) {
        xm_fail_unexpected(stream, event, stanza);
        return;
    }
    event->type = XM_STREAM_STANZA;
    event->stanza = stanza;
}

static void on_step(struct xm_stream *stream, const xmpp_stanza *stanza,
                    struct xm_stream_event *event)
{
    if (stream->step->on_element(stream, stanza, event)) {
        return;
    }
    if (stream->jid) {
        on_bound(stream, stanza, event);
        return;
    }
    xm_fail_unexpected(stream, event, stanza);
}

static void on_element(struct xm_stream *stream, const xmpp_stanza *stanza,
                       struct xm_stream_event *event)
{
    const xmpp_elem *elem = xmpp_stanza_get_root(stanza);
    if (xmpp_elem_is(elem, "error", XMPP_NS_STREAMS)) {
        xm_fail_stream_error(stream, event, elem);
        return;
    }
    switch (stream->state) {
    case XM_AT_FEATURES:
        on_features(stream, stanza, event);
        break;
    case XM_AT_STEP:
        on_step(stream, stanza, event);
        break;
    case XM_ONLINE:
    case XM_CLOSING:
        on_bound(stream, stanza, event);
        break;
    case XM_AT_HEADER: /* the parser gives the header first, and in these states no bytes go in */
    case XM_AT_TLS:
    case XM_OVER:
    case XM_DRAINING: /* nobody waits for it */
        break;
    }
}

/* The peer's </stream:stream>, which is answered with ours (RFC 6120 4.4). */
static void on_end(struct xm_stream *stream, struct xm_stream_event *event)
{
    if (stream->state != XM_ONLINE && !stream->is_closed) {
        xm_fail_refused(stream, event, XMPP_E_CLOSED, NULL, NULL);
        return;
    }
    xm_stream_close(stream);
    stream->state = XM_OVER;
    event->type = XM_STREAM_CLOSED;
}

static void on_parser_error(struct xm_stream *stream, struct xm_stream_event *event, int error)
{
    if (error == XMPP_E_NOMEM) {
        xm_fail_inside(stream, event, error);
        return;
    }
    xm_fail_rule(stream, event, error, xmpp_parser_get_condition(stream->parser),
                 xmpp_parser_get_reason(stream->parser));
}

static void on_parsed(struct xm_stream *stream, int what, struct xm_stream_event *event)
{
    switch (what) {
    case XMPP_PARSER_HEADER:
        on_header(stream, event);
        break;
    case XMPP_PARSER_STANZA:
        on_element(stream, xmpp_parser_get_stanza(stream->parser), event);
        break;
    case XMPP_PARSER_END:
        on_end(stream, event);
        break;
    default:
        on_parser_error(stream, event, what);
        break;
    }
}

/* For the trace: the header is an element too. */
static const xmpp_stanza *heard(const struct xm_stream *stream, int what)
{
    return what == XMPP_PARSER_HEADER ? xmpp_parser_get_header(stream->parser)
                                      : xmpp_parser_get_stanza(stream->parser);
}

void xm_stream_recv(struct xm_stream *stream, const uint8_t *bytes, size_t n, size_t *ret_used,
                    struct xm_stream_event *ret_event)
{
    *ret_event = (struct xm_stream_event){.type = XM_STREAM_NONE};
    *ret_used = 0;
    while (ret_event->type == XM_STREAM_NONE && !ret_event->heard && stream->state != XM_OVER &&
           stream->state != XM_AT_TLS) {
        size_t used = 0;
        int what = xmpp_parser_feed(stream->parser, bytes + *ret_used, n - *ret_used, &used);
        *ret_used += used;
        if (what == XMPP_PARSER_MORE) {
            return;
        }
        on_parsed(stream, what, ret_event);
        if (stream->config.is_traced) {
            ret_event->heard = heard(stream, what);
        }
    }
    if (stream->state == XM_AT_TLS && *ret_used < n) {
        /* what is behind <proceed/> was sent by whoever can write to an open channel */
        ret_event->type = XM_STREAM_NONE;
        xm_fail_silently(stream, ret_event, XMPP_E_TLS_INJECTED, NULL);
    }
    if (stream->state == XM_OVER) {
        *ret_used = n; /* nothing behind the end is looked at */
    }
}

void xm_stream_recv_end(struct xm_stream *stream, struct xm_stream_event *ret_event)
{
    *ret_event = (struct xm_stream_event){.type = XM_STREAM_NONE};
    if (stream->state == XM_OVER) {
        return;
    }
    if (stream->is_closed) {
        stream->state = XM_OVER;
        ret_event->type = XM_STREAM_CLOSED;
        return;
    }
    xm_fail_silently(stream, ret_event, XMPP_E_TRUNCATED, "the channel ended before the stream");
}
