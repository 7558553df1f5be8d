/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection that is a component, XEP-0114: its settings, where it may connect to, its proof, and how
 * stanzas are addressed. The protocol of the stream is stream/component.c; all else is as for a client.
 *
 * Nobody proves to us that the server is the server, and nothing hides what is said. That is why only
 * loopback is reached, unless the application loudly says otherwise. */
#include "xmpp/component.h"

#include <string.h>

#include "base/addr.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "conn/conn.h"
#include "crypto/hash.h"
#include "stanza/typed.h"

/* --- settings --------------------------------------------------------------------------------- */

int xmpp_conn_set_component_cleartext(xmpp_conn *conn, const char *secret)
{
    int result = xm_settings_begin(conn);
    if (result < 0) {
        return result;
    }
    if (secret && (*secret == '\0' || !xm_utf8_is_xml(secret, strlen(secret)))) {
        return xm_conn_leave(conn, XMPP_E_CHAR);
    }
    char *copy = NULL;
    result = xm_mem_set(&copy, secret);
    if (result == 0) {
        xm_mem_free_secret(conn->settings.component_secret);
        conn->settings.component_secret = copy;
    }
    return xm_conn_leave(conn, result);
}

int xmpp_conn_allow_component_remote_insecure(xmpp_conn *conn, int on)
{
    return xm_settings_set_flag(conn, offsetof(struct xm_settings, may_component_remote), on);
}

int xm_component_is(const xmpp_conn *conn)
{
    return conn->settings.component_secret != NULL;
}

int xmpp_conn_is_component(const xmpp_conn *conn)
{
    return conn && xm_component_is(conn);
}

/* --- connecting ------------------------------------------------------------------------------- */

const char *xm_component_complaint(const xmpp_conn *conn)
{
    const struct xm_settings *set = &conn->settings;
    if (xmpp_jid_get_local(set->jid) || xmpp_jid_get_resource(set->jid)) {
        return "the address of a component is a domain";
    }
    if (set->is_direct) {
        return "a component has no TLS";
    }
    if (xm_ways(conn)->proxy.kind != XMPP_PROXY_NONE && !set->may_component_remote) {
        return "a component goes through no proxy: what is said would leave this machine";
    }
    return NULL;
}

int xm_component_may_reach(const xmpp_conn *conn, const struct xm_addr *addr)
{
    return !xm_component_is(conn) || conn->settings.may_component_remote ||
           xm_addr_is_loopback(addr);
}

/* --- the proof -------------------------------------------------------------------------------- */

enum { SHA1_SIZE = 20 };

/* XEP-0114 3: of the stream's id and the secret, in lower case. */
static int make_digest(const char *id, const char *secret, char digest[2 * SHA1_SIZE + 1])
{
    static const char digits[] = "0123456789abcdef";
    struct xm_buf text = {.is_secret = 1};
    uint8_t hash[SHA1_SIZE];
    int result = xm_buf_add_text(&text, id);
    if (result == 0) {
        result = xm_buf_add_text(&text, secret);
    }
    if (result == 0) {
        result = xm_hash_of(XM_SHA1, xm_buf_head(&text), xm_buf_len(&text), hash);
    }
    xm_buf_done(&text);
    if (result < 0) {
        return result;
    }
    for (size_t i = 0; i < SHA1_SIZE; i++) {
        digest[2 * i] = digits[hash[i] >> 4];
        digest[2 * i + 1] = digits[hash[i] & 15];
    }
    digest[2 * SHA1_SIZE] = '\0';
    return 0;
}

void xm_component_prove(xmpp_conn *conn)
{
    struct xm_stream *stream = conn->attempt->stream;
    char digest[2 * SHA1_SIZE + 1];
    int result = make_digest(xm_stream_get_id(stream), conn->settings.component_secret, digest);
    if (result == 0) {
        size_t from = xm_buf_len(&conn->link.out);
        conn->link.out.is_secret = 1;
        result = xm_stream_handshake(stream, digest);
        xm_trace_sent(conn, from, 1);
    }
    xm_mem_wipe(digest, sizeof digest);
    if (result < 0) {
        xm_attempt_fail(conn, result, XMPP_PHASE_SASL, NULL, NULL, NULL);
    }
}

/* --- addresses -------------------------------------------------------------------------------- */

static int is_ours(const xmpp_conn *conn, const xmpp_jid *jid)
{
    return jid && !xmpp_jid_is_malformed(jid) &&
           strcmp(xmpp_jid_get_domain(jid), xmpp_jid_get_domain(conn->settings.jid)) == 0;
}

int xm_component_get_sender(const xmpp_conn *conn, const xmpp_stanza *stanza, xmpp_jid **ret_from)
{
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    const char *from = xmpp_elem_get_attr(root, "from");
    const char *to = xmpp_elem_get_attr(root, "to");
    xmpp_jid *jid = NULL;
    int result = xmpp_stanza_get_error(stanza);
    from = from ? from : xm_typed_answers_as(stanza);
    if (result == 0 && (!from || !to || !*to)) {
        result = XMPP_E_JID;
    }
    if (result == 0) {
        result = xmpp_jid_parse(&jid, from);
    }
    if (result == 0 && !is_ours(conn, jid)) {
        result = XMPP_E_JID;
    }
    if (result < 0) {
        xmpp_jid_unref(jid);
        return result;
    }
    *ret_from = jid;
    return 0;
}

int xm_component_check_sent(const xmpp_conn *conn, const xmpp_stanza *stanza)
{
    xmpp_jid *from = NULL;
    int result = xm_component_get_sender(conn, stanza, &from);
    xmpp_jid_unref(from);
    return result;
}

/* Our own question, whether the link lives, has come back: that it did is the answer. */
static int is_own_ping(const xmpp_conn *conn, const xmpp_stanza *stanza)
{
    const char *id = xmpp_stanza_get_id(stanza);
    const char *type = xmpp_stanza_get_type(stanza);
    const char *own = conn->attempt->alive.id;
    return *own && id && strcmp(id, own) == 0 && type && strcmp(type, "get") == 0 &&
           is_ours(conn, xmpp_stanza_get_from(stanza));
}

int xm_component_takes(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    if (xmpp_stanza_get_kind(stanza) == XMPP_KIND_OTHER) {
        return 1;
    }
    if (!xmpp_stanza_get_from(stanza) || !is_ours(conn, xmpp_stanza_get_to(stanza))) {
        xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING,
               "a stanza without a sender, or for another domain, is ignored");
        return 0;
    }
    return !is_own_ping(conn, stanza);
}
