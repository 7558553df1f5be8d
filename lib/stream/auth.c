/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The framing of SASL in XML, RFC 6120 6: mechanisms on offer, base64 both ways, whose turn it is.
 * It knows no mechanism, and believes no success: the owner does. */
#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "base/mem.h"
#include "stream/steps.h"
#include "stream/wire.h"

/* --- the offer -------------------------------------------------------------------------------- */

static size_t count(const xmpp_elem *list, const char *name, const char *ns)
{
    size_t n = 0;
    for (const xmpp_elem *e = xmpp_elem_get_child(list, name, ns); e;
         e = xmpp_elem_get_next(e, name, ns)) {
        n++;
    }
    return n;
}

/* Gathers what the children with this name say: in an attribute or, if that is NULL, as text. */
static int gather(struct xm_stream_names *names, const xmpp_elem *list, const char *name,
                  const char *ns, const char *attr)
{
    size_t n = count(list, name, ns);
    if (n == 0) {
        return 0;
    }
    names->items = xm_mem_new0(n, sizeof *names->items);
    if (!names->items) {
        return XMPP_E_NOMEM;
    }
    for (const xmpp_elem *e = xmpp_elem_get_child(list, name, ns); e;
         e = xmpp_elem_get_next(e, name, ns)) {
        const char *said = attr ? xmpp_elem_get_attr(e, attr) : xmpp_elem_get_text(e, NULL);
        if (said && *said) {
            names->items[names->n++] = said;
        }
    }
    return 0;
}

static enum xm_step_need need(const struct xm_stream *stream, const xmpp_elem *feature)
{
    (void)feature; /* if it was not offered, the offer is empty, and the owner says what is wrong */
    return stream->is_authenticated ? XM_STEP_NONE : XM_STEP_TAKE;
}

static void start(struct xm_stream *stream, const xmpp_elem *feature, struct xm_stream_event *event)
{
    const xmpp_elem *features = xmpp_stanza_get_root(stream->features);
    const xmpp_elem *bindings =
        xmpp_elem_get_child(features, "sasl-channel-binding", XM_NS_SASL_CB);
    int error = gather(&stream->mechanisms, feature, "mechanism", XM_NS_SASL, NULL);
    if (error == 0) {
        error = gather(&stream->binding_types, bindings, "channel-binding", XM_NS_SASL_CB, "type");
    }
    if (error != 0) {
        xm_fail_inside(stream, event, error);
        return;
    }
    stream->turn = XM_AUTH_CHOICE;
    event->type = XM_STREAM_OFFER;
}

const char *const *xm_stream_get_mechanisms(const struct xm_stream *stream, size_t *ret_n)
{
    *ret_n = stream->mechanisms.n;
    return stream->mechanisms.items;
}

const char *const *xm_stream_get_binding_types(const struct xm_stream *stream, size_t *ret_n)
{
    *ret_n = stream->binding_types.n;
    return stream->binding_types.items;
}

/* --- what we say ------------------------------------------------------------------------------ */

static int is_turn(const struct xm_stream *stream, enum xm_auth_turn turn)
{
    return stream->state == XM_AT_STEP && stream->step == &xm_step_sasl && stream->turn == turn;
}

int xm_stream_auth(struct xm_stream *stream, const char *mechanism, const uint8_t *bytes, size_t n)
{
    if (!is_turn(stream, XM_AUTH_CHOICE)) {
        return XMPP_E_STATE;
    }
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "<auth xmlns='" XM_NS_SASL "' mechanism='");
    xm_wire_add_escaped(&wire, mechanism);
    xm_wire_add(&wire, "'>");
    if (bytes && n == 0) {
        xm_wire_add(&wire, "="); /* there, but empty: RFC 6120 6.4.2 */
    } else if (bytes) {
        xm_wire_add_base64(&wire, bytes, n);
    }
    xm_wire_add(&wire, "</auth>");
    int error = xm_wire_end(&wire);
    if (error == 0) {
        stream->turn = XM_AUTH_SENT;
    }
    return error;
}

int xm_stream_respond(struct xm_stream *stream, const uint8_t *bytes, size_t n)
{
    if (!is_turn(stream, XM_AUTH_CHALLENGED)) {
        return XMPP_E_STATE;
    }
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "<response xmlns='" XM_NS_SASL "'>");
    xm_wire_add_base64(&wire, bytes, n);
    xm_wire_add(&wire, "</response>");
    int error = xm_wire_end(&wire);
    if (error == 0) {
        stream->turn = XM_AUTH_SENT;
    }
    return error;
}

int xm_stream_abort(struct xm_stream *stream)
{
    if (!is_turn(stream, XM_AUTH_CHALLENGED) && !is_turn(stream, XM_AUTH_SENT)) {
        return XMPP_E_STATE;
    }
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "<abort xmlns='" XM_NS_SASL "'/>");
    int error = xm_wire_end(&wire);
    if (error == 0) {
        stream->turn = XM_AUTH_ABORTED;
    }
    return error;
}

int xm_stream_authenticated(struct xm_stream *stream)
{
    if (!is_turn(stream, XM_AUTH_VERDICT)) {
        return XMPP_E_STATE;
    }
    int error = xm_stream_restart(stream); /* RFC 6120 6.4.6 */
    if (error == 0) {
        stream->is_authenticated = 1;
        stream->turn = XM_AUTH_IDLE;
        xm_buf_done_secret(&stream->data);
    }
    return error;
}

/* --- what the server says --------------------------------------------------------------------- */

/* Decodes strictly (RFC 6120 6.3.5) into `data`. 0, XMPP_E_NOMEM, or XMPP_E_AUTH_PROTOCOL. */
static int decode(struct xm_buf *data, const xmpp_elem *elem)
{
    size_t n = 0;
    const char *text = xmpp_elem_get_text(elem, &n);
    xm_buf_done_secret(data);
    if (xmpp_elem_get_child(elem, NULL, NULL)) {
        return XMPP_E_AUTH_PROTOCOL;
    }
    uint8_t *room = xm_buf_reserve(data, XM_B64_BYTES(n) + 1); /* never nothing: NULL means none */
    if (!room) {
        return XMPP_E_NOMEM;
    }
    if (strcmp(text, "=") == 0) {
        return 0;
    }
    ptrdiff_t n_bytes = xm_b64_decode(room, text, n);
    if (n_bytes < 0) {
        return XMPP_E_AUTH_PROTOCOL;
    }
    xm_buf_commit(data, (size_t)n_bytes);
    return 0;
}

static void tell(struct xm_stream *stream, const xmpp_elem *elem, struct xm_stream_event *event,
                 enum xm_stream_event_type type, enum xm_auth_turn turn)
{
    int error = decode(&stream->data, elem);
    if (error == XMPP_E_AUTH_PROTOCOL) {
        xm_fail_rule(stream, event, error, "bad-format",
                     "what the server sent for the authentication is not base64");
        return;
    }
    if (error != 0) {
        xm_fail_inside(stream, event, error);
        return;
    }
    stream->turn = turn;
    event->type = type;
    event->bytes = xm_buf_head(&stream->data);
    event->n_bytes = xm_buf_len(&stream->data);
    if (type == XM_STREAM_SUCCESS && xmpp_elem_get_text(elem, NULL)[0] == '\0') {
        event->bytes = NULL; /* no data, which is not empty data: RFC 6120 6.4.6 */
    }
}

static int on_element(struct xm_stream *stream, const xmpp_stanza *stanza,
                      struct xm_stream_event *event)
{
    const xmpp_elem *elem = xmpp_stanza_get_root(stanza);
    int is_sent = stream->turn == XM_AUTH_SENT;
    if (is_sent && xmpp_elem_is(elem, "challenge", XM_NS_SASL)) {
        tell(stream, elem, event, XM_STREAM_CHALLENGE, XM_AUTH_CHALLENGED);
        return 1;
    }
    if (is_sent && xmpp_elem_is(elem, "success", XM_NS_SASL)) {
        tell(stream, elem, event, XM_STREAM_SUCCESS, XM_AUTH_VERDICT);
        return 1;
    }
    /* also while the owner computes: the server's patience may end */
    if ((is_sent || stream->turn == XM_AUTH_CHALLENGED || stream->turn == XM_AUTH_ABORTED) &&
        xmpp_elem_is(elem, "failure", XM_NS_SASL)) {
        xm_fail_refused(stream, event, XMPP_E_AUTH, &xm_conditions_sasl, elem);
        return 1;
    }
    return 0;
}

const struct xm_step xm_step_sasl = {
    .name = "mechanisms",
    .ns = XM_NS_SASL,
    .stage = XM_STREAM_AUTHENTICATING,
    .need = need,
    .start = start,
    .on_element = on_element,
};
