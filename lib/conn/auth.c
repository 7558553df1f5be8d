/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authentication as the connection sees it: settings and channel go to the SASL engine, its answers
 * to the stream. Which mechanism, and whether the server proved itself, is sasl/'s to say. */
#include <stdlib.h>

#include "base/mem.h"
#include "conn/conn.h"
#include "net/net.h"

enum {
    NONCE_BYTES = 24,
    SLICE = 4096 /* rounds of PBKDF2 in a turn: 2.5 ms for the slowest hash */
};

static void fail(xmpp_conn *conn, int code, const char *reason)
{
    xm_attempt_fail(conn, code, XMPP_PHASE_SASL, NULL, NULL, reason);
}

static struct xm_sasl_policy policy_of(const xmpp_conn *conn)
{
    const struct xm_settings *set = &conn->settings;
    const char *asked = conn->attempt->password;
    return (struct xm_sasl_policy){
        .authcid = xmpp_jid_get_local(set->jid),
        .authzid = set->authzid,
        .domain = xmpp_jid_get_domain(set->jid),
        .password = asked ? asked : set->password,
        .binding = set->binding,
        .allow_plain = set->may_plain,
        .allow_digest_md5 = set->may_digest_md5,
        .anonymous = set->is_anonymous,
        .external = set->identity != NULL && conn->link.is_secure,
        .iterations_min = (uint32_t)set->limits[XMPP_LIMIT_ITERATIONS_MIN],
        .iterations_max = (uint32_t)set->limits[XMPP_LIMIT_ITERATIONS_MAX],
    };
}

static void describe_channel(const xmpp_conn *conn, struct xm_sasl_channel *channel)
{
    struct xm_tls *tls = conn->link.tls;
    if (conn->attempt->is_verified) {
        xm_transport_get_channel(conn, channel);
        return;
    }
    *channel = (struct xm_sasl_channel){0};
    if (!tls || !conn->link.is_secure) {
        return;
    }
    struct xm_tls_facts facts;
    xm_tls_get_facts(tls, &facts);
    channel->is_tls = 1;
    channel->verified = 1; /* a handshake that is done is verified: there is no other way */
    channel->is_tls13 = facts.is_tls13;
    channel->has_ems = facts.has_ems;
    channel->exporter_len = xm_tls_get_binding(tls, XM_TLS_EXPORTER, channel->exporter);
    channel->end_point_len = xm_tls_get_binding(tls, XM_TLS_END_POINT, channel->end_point);
    channel->unique_len = xm_tls_get_binding(tls, XM_TLS_UNIQUE, channel->unique);
}

static int make_cache(xmpp_conn *conn)
{
    if (!conn->sasl_cache) {
        conn->sasl_cache = xm_mem_new0(1, sizeof *conn->sasl_cache);
    }
    return conn->sasl_cache ? 0 : XMPP_E_NOMEM;
}

void xm_auth_forget(xmpp_conn *conn)
{
    if (conn->sasl_cache) {
        xm_sasl_cache_done(conn->sasl_cache);
        free(conn->sasl_cache);
        conn->sasl_cache = NULL;
    }
}

/* Sends <auth/> for what was chosen. */
static int begin_mechanism(xmpp_conn *conn, const struct xm_sasl_policy *policy,
                           const struct xm_sasl_channel *channel,
                           const struct xm_sasl_choice *choice)
{
    struct xm_attempt *attempt = conn->attempt;
    uint8_t nonce[NONCE_BYTES];
    struct xm_buf first = {.is_secret = 1};
    int has_first = 0;
    int result = make_cache(conn);
    if (result == 0) {
        result = xm_net_random(nonce, sizeof nonce);
    }
    if (result == 0) {
        result = xm_sasl_new(&attempt->sasl, choice, policy, channel, conn->sasl_cache, nonce,
                             sizeof nonce);
    }
    if (result == 0) {
        result = xm_sasl_start(attempt->sasl, &first, &has_first);
    }
    if (result == 0) {
        size_t from = xm_buf_len(&conn->link.out);
        size_t n_first = xm_buf_len(&first);
        /* of one that is there, but empty, any address will do that is not NULL */
        const uint8_t *head = n_first > 0 ? xm_buf_head(&first) : nonce;
        conn->link.out.is_secret = 1;
        result =
            xm_stream_auth(attempt->stream, choice->mechanism, has_first ? head : NULL, n_first);
        xm_trace_sent(conn, from, 1);
    }
    xm_buf_done(&first);
    return result;
}

static void ask_password(xmpp_conn *conn)
{
    if (!conn->slots[XM_SLOT_ASK].first) {
        fail(conn, XMPP_E_AUTH_CREDENTIALS, "no password was set");
        return;
    }
    xm_state_tell(conn); /* that it is authenticating is heard first */
    if (conn->is_doomed || conn->attempt->is_ended) {
        return;
    }
    xm_attempt_stop_clock(conn);
    int result = xm_ask_password(conn);
    if (result < 0 && !conn->is_doomed) {
        fail(conn, result, NULL);
    }
}

static void note_choice(xmpp_conn *conn, const struct xm_sasl_choice *choice)
{
    conn->facts->mechanism = choice->mechanism;
    conn->facts->binding = choice->binding_type;
    conn->facts->binding_note = choice->binding_fact;
    xm_log(conn, XMPP_AREA_SASL, XMPP_LOG_INFO, "%s, channel binding: %s", choice->mechanism,
           choice->binding_type   ? choice->binding_type
           : choice->binding_fact ? choice->binding_fact
                                  : "none");
}

static int choose(xmpp_conn *conn, const struct xm_sasl_policy *policy,
                  const struct xm_sasl_channel *channel, struct xm_sasl_choice *ret_choice,
                  const char **ret_why)
{
    const struct xm_stream *stream = conn->attempt->stream;
    struct xm_sasl_offer offer;
    offer.mechanisms = xm_stream_get_mechanisms(stream, &offer.n_mechanisms);
    offer.binding_types = xm_stream_get_binding_types(stream, &offer.n_binding_types);
    return xm_sasl_choose(policy, &offer, channel, ret_choice, ret_why);
}

/* The offer stands: chooses, asks for the password if there is none, begins. */
void xm_auth_offered(xmpp_conn *conn)
{
    struct xm_sasl_policy policy = policy_of(conn);
    struct xm_sasl_channel channel;
    struct xm_sasl_choice choice;
    const char *why = NULL;
    describe_channel(conn, &channel);
    int result = choose(conn, &policy, &channel, &choice, &why);
    if (result == 0 && choice.needs_password && !policy.password) {
        ask_password(conn);
    } else if (result == 0) {
        note_choice(conn, &choice);
        result = begin_mechanism(conn, &policy, &channel, &choice);
        why = xm_sasl_get_reason(conn->attempt->sasl);
    }
    xm_mem_wipe(&channel, sizeof channel);
    if (result < 0) {
        fail(conn, result, why);
    }
}

/* The time of PBKDF2 is ours, not the server's: the deadline of the phase stands still meanwhile, that
 * of the whole attempt does not. */
static void work(xmpp_conn *conn, int is_working)
{
    struct xm_attempt *attempt = conn->attempt;
    if (is_working && !attempt->is_working) {
        attempt->left_of_phase = attempt->phase_due - conn->now;
        attempt->phase_due = INT64_MAX;
    } else if (!is_working && attempt->is_working) {
        attempt->phase_due = conn->now + attempt->left_of_phase;
    }
    attempt->is_working = is_working != 0;
}

/* Sends the mechanism's answer, or says why there is none. */
static void respond(xmpp_conn *conn, int result, const struct xm_buf *response)
{
    struct xm_attempt *attempt = conn->attempt;
    work(conn, result == XM_SASL_WORK);
    if (attempt->is_working) {
        return;
    }
    size_t from = xm_buf_len(&conn->link.out);
    if (result < 0) {
        (void)xm_stream_abort(attempt->stream); /* RFC 6120 6.4.4 */
        xm_trace_sent(conn, from, 0);
        fail(conn, result, xm_sasl_get_reason(attempt->sasl));
        return;
    }
    conn->link.out.is_secret = 1;
    result = xm_stream_respond(attempt->stream, xm_buf_head(response), xm_buf_len(response));
    xm_trace_sent(conn, from, 1);
    if (result < 0) {
        fail(conn, result, NULL);
    }
}

void xm_auth_challenged(xmpp_conn *conn, const struct xm_stream_event *event)
{
    struct xm_buf response = {.is_secret = 1};
    int result = xm_sasl_challenge(conn->attempt->sasl, event->bytes, event->n_bytes, &response);
    respond(conn, result, &response);
    xm_buf_done(&response);
}

/* Believed only if the mechanism says so. */
void xm_auth_succeeded(xmpp_conn *conn, const struct xm_stream_event *event)
{
    struct xm_attempt *attempt = conn->attempt;
    int result = attempt->is_working ? XMPP_E_AUTH_SERVER
                                     : xm_sasl_success(attempt->sasl, event->bytes, event->n_bytes);
    if (result < 0) {
        xm_stream_fail(attempt->stream, "not-authorized");
        fail(conn, result, xm_sasl_get_reason(attempt->sasl));
        return;
    }
    xm_sasl_free(attempt->sasl);
    attempt->sasl = NULL;
    xm_mem_free_secret(attempt->password);
    attempt->password = NULL;
    size_t from = xm_buf_len(&conn->link.out);
    result = xm_stream_authenticated(attempt->stream);
    xm_trace_sent(conn, from, 0);
    if (result < 0) {
        fail(conn, result, NULL);
    }
}

static void take_answer(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    attempt->password = xm_ask_take_answer(conn);
    if (!attempt->password) {
        fail(conn, XMPP_E_AUTH_CREDENTIALS, "the password was not given");
        return;
    }
    xm_auth_forget(conn);
    xm_attempt_start_clock(conn);
    xm_auth_offered(conn);
}

void xm_auth_work(xmpp_conn *conn)
{
    struct xm_attempt *attempt = conn->attempt;
    if (xm_ask_has_answer(conn)) {
        take_answer(conn);
    } else if (attempt->is_working) {
        struct xm_buf response = {.is_secret = 1};
        int result = xm_sasl_work(attempt->sasl, SLICE, &response);
        respond(conn, result, &response);
        xm_buf_done(&response);
    }
}
