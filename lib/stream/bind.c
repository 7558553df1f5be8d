/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Resource binding, RFC 6120 7, and the session of RFC 3921 3, which old servers still insist on.
 * The address that the server bound is the truth, as long as it is one of this account. */
#include <stdio.h>
#include <string.h>

#include "stream/steps.h"
#include "stream/wire.h"
#include "xmpp/stanza_error.h"

enum { ID_MAX = 80 }; /* that of xm_stream_new(), and a number */

/* The id of the iq that is under way: nobody else can guess it. */
static void get_id(const struct xm_stream *stream, char *buf, size_t size)
{
    snprintf(buf, size, "%s-%u", stream->id, stream->n_ids);
}

static int ask(struct xm_stream *stream, const char *head, const char *value, const char *tail)
{
    char id[ID_MAX];
    stream->n_ids++;
    get_id(stream, id, sizeof id);
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "<iq type='set' id='");
    xm_wire_add_escaped(&wire, id);
    xm_wire_add(&wire, "'>");
    xm_wire_add(&wire, head);
    xm_wire_add_escaped(&wire, value);
    xm_wire_add(&wire, tail);
    xm_wire_add(&wire, "</iq>");
    return xm_wire_end(&wire);
}

/* RFC 6120 8.1.2.1: without `from` it is from the account, as it is from the account's bare
 * address. The server's own address is accepted as well: until a resource is bound nobody else can
 * speak to us, and servers answer so. */
static int is_from_server(const struct xm_stream *stream, const xmpp_jid *from)
{
    return !from || xmpp_jid_equal(from, stream->server) ||
           (stream->config.account && xmpp_jid_is_bare(from) &&
            xmpp_jid_equal_bare(from, stream->config.account));
}

/* 1 for the result, -1 for the error, of the iq that is under way; 0 for anything else. */
static int is_reply(const struct xm_stream *stream, const xmpp_stanza *stanza)
{
    char id[ID_MAX];
    const char *type = xmpp_stanza_get_type(stanza);
    const char *got = xmpp_stanza_get_id(stanza);
    get_id(stream, id, sizeof id);
    if (xmpp_stanza_get_kind(stanza) != XMPP_KIND_IQ || !type || !got || strcmp(got, id) != 0 ||
        !is_from_server(stream, xmpp_stanza_get_from(stanza))) {
        return 0;
    }
    return strcmp(type, "result") == 0 ? 1 : strcmp(type, "error") == 0 ? -1 : 0;
}

static void refuse(struct xm_stream *stream, const xmpp_stanza *stanza,
                   struct xm_stream_event *event, const char *reason)
{
    xm_fail_refused(stream, event, XMPP_E_BIND, NULL, NULL);
    event->stanza = stanza;
    event->condition = xmpp_condition_get_name(xmpp_stanza_error_get_condition(stanza));
    event->text = xmpp_stanza_error_get_text(stanza, stream->config.lang);
    event->reason = reason;
}

/* --- bind ------------------------------------------------------------------------------------- */

static enum xm_step_need bind_need(const struct xm_stream *stream, const xmpp_elem *feature)
{
    if (!stream->is_authenticated || stream->jid) {
        return XM_STEP_NONE;
    }
    return feature ? XM_STEP_TAKE : XM_STEP_MISSING; /* RFC 6120 7.3.1 */
}

static void bind_start(struct xm_stream *stream, const xmpp_elem *feature,
                       struct xm_stream_event *event)
{
    (void)feature;
    const char *resource = stream->config.resource;
    int error = resource && *resource ? ask(stream, "<bind xmlns='" XM_NS_BIND "'><resource>",
                                            resource, "</resource></bind>")
                                      : ask(stream, "<bind xmlns='" XM_NS_BIND "'/>", "", "");
    if (error != 0) {
        xm_fail_inside(stream, event, error);
    }
}

/* NULL if the address is one that this account can have. */
static const char *complaint(const struct xm_stream *stream, const xmpp_jid *jid)
{
    const xmpp_jid *account = stream->config.account;
    if (xmpp_jid_is_bare(jid)) {
        return "the address that the server bound has no resource";
    }
    if (account && !xmpp_jid_equal_bare(jid, account)) {
        return "the address that the server bound is of another account";
    }
    if (!account && strcmp(xmpp_jid_get_domain(jid), xmpp_jid_get_domain(stream->server)) != 0) {
        return "the address that the server bound is of another domain";
    }
    return NULL;
}

static void bound(struct xm_stream *stream, const xmpp_stanza *stanza,
                  struct xm_stream_event *event)
{
    const xmpp_elem *bind = xmpp_elem_get_child(xmpp_stanza_get_root(stanza), "bind", XM_NS_BIND);
    const char *text = xmpp_elem_get_child_text(bind, "jid", XM_NS_BIND);
    if (!text) {
        xm_fail_rule(stream, event, XMPP_E_BOUND_JID, "bad-format",
                     "the server did not say what it bound");
        return;
    }
    xmpp_jid *jid = NULL;
    int error = xmpp_jid_parse(&jid, text);
    if (error == XMPP_E_NOMEM) {
        xm_fail_inside(stream, event, error);
        return;
    }
    const char *reason =
        error != 0 ? "what the server bound is not an address" : complaint(stream, jid);
    if (reason) {
        xmpp_jid_unref(jid);
        xm_fail_rule(stream, event, XMPP_E_BOUND_JID, "policy-violation", reason);
        return;
    }
    stream->jid = jid;
    xm_steps_next(stream, event);
}

static int bind_on_element(struct xm_stream *stream, const xmpp_stanza *stanza,
                           struct xm_stream_event *event)
{
    switch (is_reply(stream, stanza)) {
    case 1:
        bound(stream, stanza, event);
        return 1;
    case -1:
        refuse(stream, stanza, event, NULL);
        return 1;
    default:
        return 0;
    }
}

const struct xm_step xm_step_bind = {
    .name = "bind",
    .ns = XM_NS_BIND,
    .stage = XM_STREAM_BINDING,
    .missing_code = XMPP_E_PROTOCOL,
    .missing_condition = "unsupported-feature",
    .missing_reason = "the server offers no resource binding",
    .need = bind_need,
    .start = bind_start,
    .on_element = bind_on_element,
};

/* --- session ---------------------------------------------------------------------------------- */

/* RFC 6120 did away with it; a server that offers it for the sake of old clients says <optional/>.
 */
static enum xm_step_need session_need(const struct xm_stream *stream, const xmpp_elem *feature)
{
    if (!stream->jid || stream->is_established || !feature ||
        xmpp_elem_get_child(feature, "optional", NULL)) {
        return XM_STEP_NONE;
    }
    return XM_STEP_TAKE;
}

static void session_start(struct xm_stream *stream, const xmpp_elem *feature,
                          struct xm_stream_event *event)
{
    (void)feature;
    int error = ask(stream, "<session xmlns='" XM_NS_SESSION "'/>", "", "");
    if (error != 0) {
        xm_fail_inside(stream, event, error);
    }
}

static int session_on_element(struct xm_stream *stream, const xmpp_stanza *stanza,
                              struct xm_stream_event *event)
{
    switch (is_reply(stream, stanza)) {
    case 1:
        stream->is_established = 1;
        xm_steps_next(stream, event);
        return 1;
    case -1:
        refuse(stream, stanza, event, "the server refused to establish a session");
        return 1;
    default:
        return 0;
    }
}

const struct xm_step xm_step_session = {
    .name = "session",
    .ns = XM_NS_SESSION,
    .stage = XM_STREAM_BINDING,
    .need = session_need,
    .start = session_start,
    .on_element = session_on_element,
};
