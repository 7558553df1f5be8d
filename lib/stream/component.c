/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A component's stream, XEP-0114: no TLS, no features, no resource, but a handshake behind the headers.
 * The digest is the owner's to make; that the trees say jabber:client is the parser's doing, and that
 * stanzas are addressed as they must be the owner's. */
#include "stream/steps.h"
#include "stream/wire.h"
#include "xmpp/jid.h"

void xm_component_begin(struct xm_stream *stream, struct xm_stream_event *event)
{
    stream->state = XM_AT_STEP;
    stream->step = &xm_step_handshake;
    stream->step->start(stream, NULL, event);
}

static void start(struct xm_stream *stream, const xmpp_elem *feature, struct xm_stream_event *event)
{
    (void)feature;
    stream->turn = XM_AUTH_CHOICE;
    event->type = XM_STREAM_HANDSHAKE;
}

int xm_stream_handshake(struct xm_stream *stream, const char *digest)
{
    if (stream->state != XM_AT_STEP || stream->step != &xm_step_handshake ||
        stream->turn != XM_AUTH_CHOICE) {
        return XMPP_E_STATE;
    }
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "<handshake>");
    xm_wire_add_escaped(&wire, digest);
    xm_wire_add(&wire, "</handshake>");
    int error = xm_wire_end(&wire);
    if (error == 0) {
        stream->turn = XM_AUTH_SENT;
    }
    return error;
}

static int on_element(struct xm_stream *stream, const xmpp_stanza *stanza,
                      struct xm_stream_event *event)
{
    if (stream->turn != XM_AUTH_SENT ||
        !xmpp_elem_is(xmpp_stanza_get_root(stanza), "handshake", XMPP_NS_CLIENT)) {
        return 0;
    }
    stream->jid = xmpp_jid_ref(stream->server);
    if (!stream->jid) {
        xm_fail_inside(stream, event, XMPP_E_NOMEM);
        return 1;
    }
    stream->turn = XM_AUTH_IDLE;
    stream->is_authenticated = 1;
    stream->state = XM_ONLINE;
    stream->step = NULL;
    event->type = XM_STREAM_ONLINE;
    return 1;
}

const struct xm_step xm_step_handshake = {
    .stage = XM_STREAM_AUTHENTICATING,
    .start = start,
    .on_element = on_element,
};
