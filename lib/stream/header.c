/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stream headers, RFC 6120 4.7 and 4.8: ours, and whether the peer's is in order. What the peer's
 * `from`, `to` and `id` say is nobody's proof of anything, and is not looked at: who the server is
 * is proved by TLS, and servers of RFC 3920 may leave all three out (4.7.1 to 4.7.3). */
#include <string.h>

#include "stanza/parser.h"
#include "stream/engine.h"
#include "stream/wire.h"

/* RFC 6120 4.7.1: who we are is said only when nobody can listen. */
static int tells_from(const struct xm_stream *stream)
{
    return stream->config.account &&
           (stream->config.security == XM_STREAM_SECURE || stream->is_secured);
}

/* XEP-0114 3: neither a version nor a language, which would be those of RFC 6120. */
static int write_of_component(const struct xm_stream *stream)
{
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "<?xml version='1.0'?><stream:stream to='");
    xm_wire_add_escaped(&wire, stream->config.domain);
    xm_wire_add(&wire, "' xmlns='" XM_NS_COMPONENT "' xmlns:stream='" XMPP_NS_STREAMS "'>");
    return xm_wire_end(&wire);
}

int xm_header_write(const struct xm_stream *stream)
{
    if (stream->config.purpose == XM_STREAM_FOR_COMPONENT) {
        return write_of_component(stream);
    }
    struct xm_wire wire = xm_wire_begin(stream->out);
    xm_wire_add(&wire, "<?xml version='1.0'?><stream:stream");
    if (tells_from(stream)) {
        xm_wire_add(&wire, " from='");
        xm_wire_add_escaped(&wire, xmpp_jid_get_bare_text(stream->config.account));
        xm_wire_add(&wire, "'");
    }
    xm_wire_add(&wire, " to='");
    xm_wire_add_escaped(&wire, stream->config.domain);
    xm_wire_add(&wire, "' version='1.0' xml:lang='");
    xm_wire_add_escaped(&wire, stream->config.lang);
    xm_wire_add(&wire, "' xmlns='" XMPP_NS_CLIENT "' xmlns:stream='" XMPP_NS_STREAMS "'>");
    return xm_wire_end(&wire);
}

/* Steps over digits; how many of them count, as leading zeros do not (RFC 6120 4.7.5). -1: none
 * are there. */
static ptrdiff_t number(const char **text)
{
    size_t all = strspn(*text, "0123456789");
    size_t zeros = strspn(*text, "0");
    *text += all;
    return all == 0 ? -1 : (ptrdiff_t)(all - zeros);
}

/* major.minor, compared as numbers of any length: at least 1.0 is a major of at least 1. */
static int is_version_one(const char *version)
{
    if (!version) {
        return 0; /* it is 0.9, RFC 6120 4.7.5 */
    }
    if (number(&version) < 1 || *version != '.') {
        return 0;
    }
    version++;
    return number(&version) >= 0 && *version == '\0';
}

/* What stands in another namespace would not be what the trees say. */
static const char *check_of_component(const struct xm_stream *stream, const char **ret_reason)
{
    const char *ns = xm_parser_get_content_ns(stream->parser);
    if (!ns || strcmp(ns, XM_NS_COMPONENT) != 0) {
        *ret_reason = "the content of the stream is not in jabber:component:accept";
        return "invalid-namespace";
    }
    const char *id = xmpp_stanza_get_id(xmpp_parser_get_header(stream->parser));
    if (!id || !*id) {
        *ret_reason = "the server gave the stream no id";
        return "bad-format";
    }
    return NULL;
}

/* RFC 6120 4.8.2: none of its own is declared when every element carries its namespace itself. */
static int is_content_ns(const char *ns)
{
    return !ns || !*ns || strcmp(ns, XMPP_NS_CLIENT) == 0 || strcmp(ns, XMPP_NS_STREAMS) == 0;
}

const char *xm_header_check(const struct xm_stream *stream, const char **ret_reason)
{
    const xmpp_elem *header = xmpp_stanza_get_root(xmpp_parser_get_header(stream->parser));
    if (!xmpp_elem_is(header, NULL, XMPP_NS_STREAMS)) {
        *ret_reason = "the stream is not in the namespace of streams";
        return "invalid-namespace"; /* RFC 6120 4.8.1 */
    }
    if (!xmpp_elem_is(header, "stream", NULL)) {
        *ret_reason = "the root element is not a stream";
        return "bad-format";
    }
    if (stream->config.purpose == XM_STREAM_FOR_COMPONENT) {
        return check_of_component(stream, ret_reason);
    }
    if (!is_content_ns(xm_parser_get_content_ns(stream->parser))) {
        *ret_reason = "the content of the stream is not in jabber:client";
        return "invalid-namespace"; /* RFC 6120 4.8.3 */
    }
    if (!is_version_one(xmpp_elem_get_attr(header, "version"))) {
        *ret_reason = "the server does not speak XMPP 1.0";
        return "unsupported-version"; /* RFC 6120 4.7.5 */
    }
    return NULL;
}
