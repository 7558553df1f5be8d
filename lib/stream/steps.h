/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of the negotiation, RFC 6120 4.3, as a table in the order in which they are taken. A
 * new one (SASL2, stream management) is a row and a file, and changes no other. */
#ifndef XM_STREAM_STEPS_H
#define XM_STREAM_STEPS_H

#include "stream/engine.h"

enum xm_step_need {
    XM_STEP_NONE,    /* done, not wanted, or not possible now */
    XM_STEP_TAKE,    /* it is to be taken now */
    XM_STEP_MISSING, /* it has to be taken now, and was not offered */
};

struct xm_step {
    const char *name; /* of the stream feature that offers it */
    const char *ns;
    enum xm_stream_stage stage;
    /* Told when it is MISSING. */
    int missing_code;
    const char *missing_condition;
    const char *missing_reason;

    /* `feature` is NULL if it was not offered. Of what is in the table. */
    enum xm_step_need (*need)(const struct xm_stream *stream, const xmpp_elem *feature);
    /* Writes what begins it, or tells the owner whose turn it is. */
    void (*start)(struct xm_stream *stream, const xmpp_elem *feature,
                  struct xm_stream_event *event);
    /* Something came while it is under way. 1 if it belongs to the step, whatever came of it. */
    int (*on_element)(struct xm_stream *stream, const xmpp_stanza *stanza,
                      struct xm_stream_event *event);
};

extern const struct xm_step xm_step_starttls; /* starttls.c */
extern const struct xm_step xm_step_own;      /* step.c */
extern const struct xm_step xm_step_sasl;     /* auth.c */
extern const struct xm_step xm_step_bind;     /* bind.c */
extern const struct xm_step xm_step_session;  /* bind.c */
extern const struct xm_step
    xm_step_handshake; /* component.c; in no table, as it needs no features */

/* The header of a component's server came. */
void xm_component_begin(struct xm_stream *stream, struct xm_stream_event *event);

/* Takes the next step that the last features offer, or goes online when none is left. */
void xm_steps_next(struct xm_stream *stream, struct xm_stream_event *event);

#endif
