/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stream engine from its owner's side: its life, what the owner does, what it can be asked.
 * What comes in is in recv.c, and what a negotiation step says and hears in the step's own file. */
#include "stream/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stanza/parser.h"
#include "stanza/typed.h"
#include "stanza/write.h"
#include "stream/steps.h"
#include "stream/wire.h"

enum { ID_MAX = 64 };

/* --- life ------------------------------------------------------------------------------------- */

static int set_limits(struct xm_stream *stream)
{
    for (int i = 0; i < XM_PARSER_LIMITS; i++) {
        int64_t value = stream->config.limits[i];
        int error = value ? xmpp_parser_set_limit(stream->parser, i, value) : 0;
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

static int set_up(struct xm_stream *stream, const char *id)
{
    int error = xmpp_jid_parse(&stream->server, stream->config.domain);
    if (error != 0) {
        return error;
    }
    stream->id = xm_mem_dup(id, strlen(id));
    stream->parser = xmpp_parser_new();
    if (!stream->id || !stream->parser) {
        return XMPP_E_NOMEM;
    }
    if (stream->config.purpose == XM_STREAM_FOR_COMPONENT) {
        xm_parser_take_as_client(stream->parser, XM_NS_COMPONENT);
    }
    error = set_limits(stream);
    return error ? error : xm_header_write(stream);
}

int xm_stream_new(struct xm_stream **ret_stream, const struct xm_stream_config *config,
                  struct xm_buf *out, const char *id)
{
    if (strlen(id) > ID_MAX) {
        return XMPP_E_INVAL;
    }
    struct xm_stream *stream = xm_mem_new0(1, sizeof *stream);
    if (!stream) {
        return XMPP_E_NOMEM;
    }
    stream->config = *config;
    stream->config.lang = config->lang ? config->lang : "en";
    stream->out = out;
    stream->state = XM_AT_HEADER;
    int error = set_up(stream, id);
    if (error != 0) {
        xm_stream_free(stream);
        return error;
    }
    *ret_stream = stream;
    return 0;
}

static void forget(struct xm_stream *stream)
{
    free(stream->mechanisms.items);
    free(stream->binding_types.items);
    stream->mechanisms = (struct xm_stream_names){0};
    stream->binding_types = (struct xm_stream_names){0};
    stream->features = xmpp_stanza_unref(stream->features);
}

void xm_stream_free(struct xm_stream *stream)
{
    if (!stream) {
        return;
    }
    forget(stream);
    xm_buf_done_secret(&stream->data);
    xmpp_jid_unref(stream->jid);
    xmpp_jid_unref(stream->server);
    xmpp_parser_free(stream->parser);
    free(stream->id);
    free(stream);
}

/* --- what the owner does ---------------------------------------------------------------------- */

int xm_stream_restart(struct xm_stream *stream)
{
    int error = xm_header_write(stream);
    if (error != 0) {
        return error;
    }
    xmpp_parser_reset(stream->parser);
    forget(stream);
    stream->state = XM_AT_HEADER;
    stream->step = NULL;
    return 0;
}

int xm_stream_secured(struct xm_stream *stream)
{
    if (stream->state != XM_AT_TLS) {
        return XMPP_E_STATE;
    }
    stream->is_secured = 1;           /* the header depends on it */
    return xm_stream_restart(stream); /* RFC 6120 5.4.3.3 */
}

static int is_own_step(const struct xm_stream *stream)
{
    return stream->state == XM_AT_STEP && stream->step == &xm_step_own;
}

int xm_stream_send(struct xm_stream *stream, const xmpp_stanza *stanza, const char *id,
                   const xmpp_elem *more)
{
    if ((!stream->jid && !is_own_step(stream)) || stream->is_closed || stream->state == XM_OVER) {
        return XMPP_E_STATE;
    }
    int is_component = stream->config.purpose == XM_STREAM_FOR_COMPONENT;
    const struct xm_write_options options = {
        .default_ns = XMPP_NS_CLIENT, /* what a component's stream calls otherwise */
        .id = id,
        .from = is_component ? xm_typed_answers_as(stanza) : NULL,
        .more = more,
        .most = XM_PARSER_LIMIT_MAX};
    return xm_stanza_write(stanza, stream->out, &options);
}

void xm_stream_close(struct xm_stream *stream)
{
    if (stream->is_closed || stream->state == XM_OVER) {
        return;
    }
    if (stream->state == XM_AT_TLS) {
        stream->state = XM_OVER; /* nothing can be said on a channel that is being made */
        return;
    }
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "</stream:stream>");
    xm_wire_end(&wire); /* if there is no memory, the end of the channel says it */
    stream->is_closed = 1;
    stream->state = stream->jid ? XM_CLOSING : XM_DRAINING;
}

void xm_stream_set_traced(struct xm_stream *stream, int on)
{
    stream->config.is_traced = on;
}

void xm_stream_idle(struct xm_stream *stream)
{
    xm_buf_done_secret(&stream->data);
    xm_parser_idle(stream->parser);
}

/* --- what it knows ---------------------------------------------------------------------------- */

const xmpp_jid *xm_stream_get_jid(const struct xm_stream *stream)
{
    return stream->jid;
}

const char *xm_stream_get_id(const struct xm_stream *stream)
{
    return xmpp_stanza_get_id(xmpp_parser_get_header(stream->parser));
}

const xmpp_stanza *xm_stream_get_features(const struct xm_stream *stream)
{
    return stream->features;
}

enum xm_stream_stage xm_stream_get_stage(const struct xm_stream *stream)
{
    switch (stream->state) {
    case XM_AT_HEADER:
    case XM_AT_FEATURES:
        return stream->is_authenticated ? XM_STREAM_BINDING : XM_STREAM_OPENING;
    case XM_AT_STEP:
        return stream->step->stage;
    case XM_AT_TLS:
        return XM_STREAM_SECURING;
    case XM_ONLINE:
        return XM_STREAM_OPEN;
    case XM_CLOSING:
    case XM_DRAINING:
        return XM_STREAM_CLOSING;
    case XM_OVER:
        break;
    }
    return XM_STREAM_OVER;
}
