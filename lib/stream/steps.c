/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which negotiation step is next. What a step says and hears is in the file of its own; features
 * that no row names are ignored (RFC 6120 4.3.2). */
#include "stream/steps.h"

/* RFC 6120 13.3: TLS, then SASL, then the resource. The owner's step is in the place of SASL. */
static const struct xm_step *const steps[] = {
    &xm_step_starttls, &xm_step_own, &xm_step_sasl, &xm_step_bind, &xm_step_session,
};

static void take(struct xm_stream *stream, const struct xm_step *step, const xmpp_elem *feature,
                 struct xm_stream_event *event)
{
    stream->state = XM_AT_STEP;
    stream->step = step;
    step->start(stream, feature, event);
}

void xm_steps_next(struct xm_stream *stream, struct xm_stream_event *event)
{
    const xmpp_elem *features = xmpp_stanza_get_root(stream->features);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const struct xm_step *step = steps[i];
        const xmpp_elem *feature = xmpp_elem_get_child(features, step->name, step->ns);
        switch (step->need(stream, feature)) {
        case XM_STEP_NONE:
            break;
        case XM_STEP_TAKE:
            take(stream, step, feature, event);
            return;
        case XM_STEP_MISSING:
            stream->state = XM_AT_STEP;
            stream->step = step; /* for the phase */
            xm_fail_rule(stream, event, step->missing_code, step->missing_condition,
                         step->missing_reason);
            return;
        }
    }
    stream->state = XM_ONLINE;
    stream->step = NULL;
    event->type = XM_STREAM_ONLINE;
}
