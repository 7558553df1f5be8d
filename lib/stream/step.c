/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The owner's step: in a stream that is for one, it is what follows TLS, and the last thing that does.
 * Whether an answer is one to a request of ours the owner knows; that nothing but answers is in its
 * place is said here. */
#include <string.h>

#include "stream/steps.h"

static enum xm_step_need need(const struct xm_stream *stream, const xmpp_elem *feature)
{
    (void)feature; /* the owner looks at the features itself */
    return stream->config.purpose == XM_STREAM_FOR_STEP ? XM_STEP_TAKE : XM_STEP_NONE;
}

static void start(struct xm_stream *stream, const xmpp_elem *feature, struct xm_stream_event *event)
{
    (void)stream;
    (void)feature;
    event->type = XM_STREAM_STEP;
}

static int on_element(struct xm_stream *stream, const xmpp_stanza *stanza,
                      struct xm_stream_event *event)
{
    const char *type = xmpp_stanza_get_type(stanza);
    (void)stream;
    if (xmpp_stanza_get_kind(stanza) != XMPP_KIND_IQ || !xmpp_stanza_get_id(stanza) || !type ||
        (strcmp(type, "result") != 0 && strcmp(type, "error") != 0)) {
        return 0;
    }
    event->type = XM_STREAM_STANZA;
    event->stanza = stanza;
    return 1;
}

/* No feature offers it. */
const struct xm_step xm_step_own = {
    .stage = XM_STREAM_STEPPING,
    .need = need,
    .start = start,
    .on_element = on_element,
};
