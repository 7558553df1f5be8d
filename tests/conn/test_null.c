/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every public function is given nothing: a documented result, never a crash. That none is
 * left out is the lint's to see (tests/lint/null.py). */
#include <string.h>

#include "conn/kit.h"

static int no_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    return 0;
}

static void no_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)error;
    (void)no_stanza(conn, reply, userdata);
}

static void no_timer(xmpp_conn *conn, void *userdata)
{
    (void)conn;
    (void)userdata;
}

static int no_filter(xmpp_conn *conn, xmpp_stanza *stanza, void *data)
{
    return no_stanza(conn, stanza, data);
}

static int no_extend(xmpp_conn *conn, const xmpp_stanza *stanza, xmpp_elem *more, void *data)
{
    (void)more;
    return no_stanza(conn, stanza, data);
}

static int no_session(xmpp_conn *conn, int event, void *data)
{
    (void)event;
    return no_stanza(conn, NULL, data);
}

static int no_step(xmpp_conn *conn, const xmpp_elem *features, void *data)
{
    (void)features;
    return no_stanza(conn, NULL, data);
}

static void no_resolver(xmpp_conn *conn, xmpp_query *query, void *userdata)
{
    (void)conn;
    (void)query;
    (void)userdata;
}

#define INVAL(call)   CHECK_INT(call, XMPP_E_INVAL)
#define NOTHING(call) CHECK((call) == NULL)

static void a_connection_that_is_null_sets_nothing(void)
{
    xmpp_conn *conn = xmpp_conn_new(); /* the only one that takes nothing */
    NOTHING(xmpp_conn_unref(conn));
    NOTHING(xmpp_conn_ref(NULL));
    NOTHING(xmpp_conn_unref(NULL));
    NOTHING(xmpp_slot_unref(NULL));
    INVAL(xmpp_conn_set_jid(NULL, "a@b"));
    INVAL(xmpp_conn_set_server(NULL, "b", 1));
    INVAL(xmpp_conn_set_hosts_file(NULL, "/x"));
    INVAL(xmpp_conn_set_resolv_conf(NULL, "/x"));
    INVAL(xmpp_conn_add_nameserver(NULL, "127.0.0.1", 53));
    INVAL(xmpp_conn_set_resolver(NULL, no_resolver, NULL, NULL));
    INVAL(xmpp_conn_set_direct_tls(NULL, 1));
    INVAL(xmpp_conn_set_proxy(NULL, XMPP_PROXY_HTTP, "p", 1, NULL, NULL));
    INVAL(xmpp_conn_allow_proxy_dns(NULL, 1));
    INVAL(xmpp_conn_set_trust(NULL, NULL));
    INVAL(xmpp_conn_set_lang(NULL, "en"));
    INVAL(xmpp_conn_allow_cleartext_insecure(NULL, 1));
    INVAL(xmpp_conn_set_limit(NULL, XMPP_LIMIT_DEPTH, 50));
    INVAL(xmpp_conn_get_limit(NULL, XMPP_LIMIT_DEPTH));
    INVAL(xmpp_conn_set_password(NULL, "x"));
    INVAL(xmpp_conn_set_authzid(NULL, "a@b"));
    INVAL(xmpp_conn_set_client_cert(NULL, "x", 1, "y", 1));
    INVAL(xmpp_conn_set_client_cert_file(NULL, "/x", "/y"));
    INVAL(xmpp_conn_renew_password(NULL, "x"));
    INVAL(xmpp_conn_set_component_cleartext(NULL, "x"));
    INVAL(xmpp_conn_allow_component_remote_insecure(NULL, 1));
    CHECK_INT(xmpp_conn_is_component(NULL), 0);
    INVAL(xmpp_conn_set_channel_binding(NULL, XMPP_BINDING_OFF));
    INVAL(xmpp_conn_set_anonymous(NULL, 1));
    INVAL(xmpp_conn_allow_plain(NULL, 1));
    INVAL(xmpp_conn_allow_legacy_digest_md5(NULL, 1));
}

static void what_was_found_is_nothing(void)
{
    CHECK_INT(xmpp_conn_get_n_lookups(NULL), 0);
    NOTHING(xmpp_conn_get_lookup(NULL, 0));
    CHECK_STR(xmpp_lookup_get_name(NULL), "");
    CHECK_INT(xmpp_lookup_get_type(NULL), 0);
    CHECK_INT(xmpp_lookup_get_status(NULL), XMPP_ANSWER_PENDING);
    CHECK_INT(xmpp_lookup_get_dnssec(NULL), XMPP_DNSSEC_INDETERMINATE);
    CHECK_STR(xmpp_lookup_get_source(NULL), "");
    CHECK_INT(xmpp_lookup_get_took(NULL), -1);
    CHECK_STR(xmpp_lookup_get_reason(NULL), "");
    CHECK_INT(xmpp_lookup_get_n_records(NULL), 0);
    NOTHING(xmpp_lookup_get_record(NULL, 0));
    CHECK_INT(xmpp_conn_get_n_tries(NULL), 0);
    NOTHING(xmpp_conn_get_try(NULL, 0));
    CHECK_STR(xmpp_try_get_host(NULL), "");
    CHECK_STR(xmpp_try_get_address(NULL), "");
    CHECK_INT(xmpp_try_get_port(NULL), 0);
    CHECK_INT(xmpp_try_is_direct(NULL), 0);
    CHECK_INT(xmpp_try_get_priority(NULL), -1);
    CHECK_INT(xmpp_try_get_weight(NULL), -1);
    CHECK_INT(xmpp_try_get_dnssec(NULL), XMPP_DNSSEC_INDETERMINATE);
    CHECK_INT(xmpp_try_get_n_tlsa(NULL), 0);
    CHECK_INT(xmpp_try_get_planned(NULL), -1);
    CHECK_INT(xmpp_try_get_started(NULL), -1);
    CHECK_INT(xmpp_try_get_ended(NULL), -1);
    CHECK_INT(xmpp_try_get_outcome(NULL), XMPP_OUTCOME_NONE);
    CHECK_INT(xmpp_try_get_code(NULL), 0);
    CHECK_STR(xmpp_try_get_reason(NULL), "");
}

static void a_query_that_is_null_answers_nothing(void)
{
    NOTHING(xmpp_query_ref(NULL));
    NOTHING(xmpp_query_unref(NULL));
    NOTHING(xmpp_query_get_name(NULL));
    CHECK_INT(xmpp_query_get_type(NULL), 0);
    INVAL(xmpp_query_add_address(NULL, "127.0.0.1"));
    INVAL(xmpp_query_add_srv(NULL, 0, 0, 1, "a"));
    INVAL(xmpp_query_add_tlsa(NULL, 3, 1, 1, "x", 1));
    INVAL(xmpp_query_answer(NULL, XMPP_ANSWER_NONE, XMPP_DNSSEC_INSECURE));
    INVAL(xmpp_query_answer_message(NULL, "x", 1, 0));
}

static void a_connection_that_is_null_does_nothing(void)
{
    int n = 0;
    INVAL(xmpp_conn_connect(NULL));
    INVAL(xmpp_conn_connect_fd(NULL, 0));
    INVAL(xmpp_conn_connect_step(NULL, "x"));
    INVAL(xmpp_conn_end_step(NULL, 0));
    INVAL(xmpp_conn_probe(NULL, XMPP_PROBE_NAMES));
    INVAL(xmpp_conn_connect_transport(NULL, XMPP_TRANSPORT_PLAIN, NULL, &n, kit_count));
    INVAL(xmpp_conn_feed(NULL, "x", 1));
    INVAL(xmpp_conn_feed_end(NULL));
    INVAL(xmpp_conn_take_output(NULL, 0));
    INVAL(xmpp_conn_set_transport_binding(NULL, "tls-unique", "x", 1));
    INVAL(xmpp_conn_disconnect(NULL));
    INVAL(xmpp_conn_set_reconnect(NULL, 1));
    CHECK_INT(xmpp_conn_get_retry_in(NULL), -1);
    INVAL(xmpp_conn_network_changed(NULL));
    INVAL(xmpp_conn_set_keepalive(NULL, 0));
    INVAL(xmpp_conn_process(NULL));
    INVAL(xmpp_conn_set_watch(NULL, NULL, NULL, &n, kit_count));
    INVAL(xmpp_conn_on_message(NULL, NULL, no_stanza, &n, kit_count));
    INVAL(xmpp_conn_on_presence(NULL, NULL, no_stanza, &n, kit_count));
    INVAL(xmpp_conn_on_iq(NULL, NULL, XMPP_IQ_GET, NULL, NULL, no_stanza, &n, kit_count));
    INVAL(xmpp_conn_on_state(NULL, NULL, NULL, &n, kit_count));
    INVAL(xmpp_conn_on_writable(NULL, NULL, NULL, &n, kit_count));
    INVAL(xmpp_conn_on_ask(NULL, NULL, NULL, &n, kit_count));
    INVAL(xmpp_conn_send(NULL, NULL));
    INVAL(xmpp_conn_send_text(NULL, "<message/>", 10));
    INVAL(xmpp_conn_request(NULL, NULL, NULL, 0, no_reply, &n, kit_count));
    INVAL(xmpp_conn_set_receiving(NULL, 1));
    INVAL(xmpp_conn_set_log(NULL, XMPP_AREA_ALL, XMPP_LOG_DEBUG, NULL, &n, kit_count));
    INVAL(xmpp_conn_set_trace(NULL, NULL, &n, kit_count));
    CHECK_INT(n, 0);
}

static void a_connection_that_is_null_is_offline(void)
{
    CHECK_INT(xmpp_conn_get_state(NULL), XMPP_STATE_OFFLINE);
    CHECK_INT(xmpp_error_get_code(xmpp_conn_get_error(NULL)), 0);
    NOTHING(xmpp_conn_get_jid(NULL));
    NOTHING(xmpp_conn_get_bound_jid(NULL));
    NOTHING(xmpp_conn_get_features(NULL));
    size_t n_output = 7;
    NOTHING(xmpp_conn_peek_output(NULL, &n_output));
    CHECK_INT(n_output, 0);
    NOTHING(xmpp_conn_get_fact(NULL, XMPP_FACT_ADDRESS));
    INVAL(xmpp_conn_get_stat(NULL, XMPP_STAT_TURNS));
    CHECK_INT(xmpp_conn_get_pollfds(NULL, NULL, 0), 0);
    CHECK_INT(xmpp_conn_get_timeout(NULL), -1);
    CHECK_INT(xmpp_error_get_code(NULL), 0);
    CHECK_INT(xmpp_error_get_phase(NULL), XMPP_PHASE_NONE);
    CHECK_INT(xmpp_error_get_advice(NULL), XMPP_ADVICE_NONE);
    NOTHING(xmpp_error_get_condition(NULL));
    NOTHING(xmpp_error_get_text(NULL));
    CHECK(xmpp_error_get_message(NULL));
    CHECK_INT(xmpp_error_get_cert_findings(NULL), 0);
    CHECK_INT(xmpp_ask_get_kind(NULL), 0);
    NOTHING(xmpp_ask_ref(NULL));
    NOTHING(xmpp_ask_unref(NULL));
    INVAL(xmpp_ask_answer_password(NULL, "x"));
}

/* NULL where a setting takes text is the default, or none. */
static void settings_take_null_as_their_default(void)
{
    struct kit kit;
    kit_begin(&kit);
    xmpp_conn *conn = kit.conn;
    CHECK_INT(xmpp_conn_set_jid(conn, NULL), 0);
    NOTHING(xmpp_conn_get_jid(conn));
    INVAL(xmpp_conn_connect(conn));
    CHECK_INT(xmpp_conn_set_server(conn, NULL, 0), 0);
    CHECK_INT(xmpp_conn_set_hosts_file(conn, NULL), 0);
    CHECK_INT(xmpp_conn_set_trust(conn, NULL), 0);
    CHECK_INT(xmpp_conn_set_lang(conn, NULL), 0);
    CHECK_INT(xmpp_conn_set_password(conn, NULL), 0);
    INVAL(xmpp_conn_renew_password(conn, NULL));
    CHECK_INT(xmpp_conn_set_component_cleartext(conn, NULL), 0);
    CHECK_INT(xmpp_conn_connect_step(conn, NULL), XMPP_E_NOT_FOUND);
    CHECK_INT(xmpp_conn_set_authzid(conn, NULL), 0);
    CHECK_INT(xmpp_conn_set_client_cert(conn, NULL, 0, NULL, 0), 0);
    CHECK_INT(xmpp_conn_set_client_cert_file(conn, NULL, NULL), 0);
    INVAL(xmpp_conn_set_client_cert(conn, "x", 1, NULL, 0));
    INVAL(xmpp_conn_set_client_cert(conn, NULL, 0, "x", 1));
    INVAL(xmpp_conn_set_client_cert_file(conn, "/x", NULL));
    INVAL(xmpp_conn_set_client_cert_file(conn, NULL, "/x"));
    CHECK_INT(xmpp_conn_set_log(conn, 0, 0, NULL, NULL, NULL), 0);
    CHECK_INT(xmpp_conn_set_trace(conn, NULL, NULL, NULL), 0);
    CHECK_INT(xmpp_conn_set_watch(conn, NULL, NULL, NULL, NULL), 0);
    kit_end(&kit);
}

static void calls_without_their_arguments(void)
{
    struct kit kit;
    kit_begin(&kit);
    kit_online(&kit);
    xmpp_conn *conn = kit.conn;
    CHECK_INT(xmpp_conn_get_pollfds(conn, NULL, 16), 1);
    CHECK_INT(xmpp_conn_get_pollfds(conn, NULL, 0), 1);
    CHECK_INT(xmpp_conn_send(conn, NULL), XMPP_E_NOMEM);
    INVAL(xmpp_conn_send_text(conn, NULL, 0));
    INVAL(xmpp_conn_send_text(conn, NULL, 5));
    CHECK(xmpp_conn_send_text(conn, "", 0) < 0);
    CHECK_INT(xmpp_conn_request(conn, NULL, NULL, 0, no_reply, NULL, NULL), XMPP_E_NOMEM);
    INVAL(xmpp_conn_on_message(conn, NULL, NULL, NULL, NULL));
    CHECK_INT(xmpp_conn_on_message(conn, NULL, no_stanza, NULL, NULL), 0);
    kit_run(&kit);
    CHECK_STR(kit_heard(&kit), "");
    kit_end(&kit);
}

static void numbers_out_of_their_tables(void)
{
    static const int wild[] = {-1, XMPP_LIMIT_PROBE_TIME + 1, 1000, INT32_MAX, INT32_MIN};
    struct kit kit;
    kit_begin(&kit);
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        INVAL(xmpp_conn_set_limit(kit.conn, wild[i], 1000));
        INVAL(xmpp_conn_get_limit(kit.conn, wild[i]));
        INVAL(xmpp_conn_get_stat(kit.conn, wild[i]));
        NOTHING(xmpp_conn_get_fact(kit.conn, wild[i]));
        INVAL(xmpp_conn_set_channel_binding(kit.conn, wild[i]));
        CHECK(xmpp_strerror(wild[i]));
        NOTHING(xmpp_error_name(wild[i] == -1 ? -24 : wild[i]));
        NOTHING(xmpp_condition_get_name(wild[i] == 20 ? 23 : wild[i]));
        (void)xmpp_condition_get_error_type(wild[i]);
    }
    static const int64_t values[] = {INT64_MIN, -1, INT64_MAX, (int64_t)1 << 32};
    for (int which = XMPP_LIMIT_STANZA_BYTES; which <= XMPP_LIMIT_CHAIN; which++) {
        int64_t was = xmpp_conn_get_limit(kit.conn, which);
        CHECK(was > 0);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            INVAL(xmpp_conn_set_limit(kit.conn, which, values[i]));
        }
        CHECK_INT(xmpp_conn_get_limit(kit.conn, which), was);
    }
    kit_end(&kit);
}

static void jids(void)
{
    xmpp_jid *jid = NULL;
    char buf[8];
    INVAL(xmpp_jid_parse(NULL, "a@b"));
    INVAL(xmpp_jid_parse(&jid, NULL));
    INVAL(xmpp_jid_new(NULL, "a", "b", NULL));
    INVAL(xmpp_jid_new(&jid, NULL, NULL, NULL));
    INVAL(xmpp_jid_get_bare(NULL, &jid));
    INVAL(xmpp_jid_get_domain_ascii(NULL, buf, sizeof buf));
    NOTHING(xmpp_jid_ref(NULL));
    NOTHING(xmpp_jid_unref(NULL));
    (void)xmpp_jid_get_text(NULL);
    (void)xmpp_jid_get_bare_text(NULL);
    NOTHING(xmpp_jid_get_local(NULL));
    NOTHING(xmpp_jid_get_domain(NULL));
    NOTHING(xmpp_jid_get_resource(NULL));
    (void)xmpp_jid_is_bare(NULL);
    CHECK_INT(xmpp_jid_is_malformed(NULL), 0);
    CHECK_INT(xmpp_jid_equal(NULL, NULL), 1);
    CHECK_INT(xmpp_jid_equal_bare(NULL, NULL), 1);
    CHECK_INT(xmpp_jid_compare(NULL, NULL), 0);
    NOTHING(jid);
    CHECK_INT(xmpp_jid_parse(&jid, "a@b"), 0);
    INVAL(xmpp_jid_get_bare(jid, NULL));
    CHECK(xmpp_jid_get_domain_ascii(jid, NULL, 0) < 0);
    CHECK_INT(xmpp_jid_equal(jid, NULL), 0);
    CHECK_INT(xmpp_jid_equal_bare(NULL, jid), 0);
    CHECK(xmpp_jid_compare(jid, NULL) != 0);
    xmpp_jid_unref(jid);
}

static void stanzas(void)
{
    char *text = NULL;
    xmpp_stanza *stanza = NULL;
    stanza = xmpp_stanza_new(NULL, NULL);
    CHECK_INT(xmpp_stanza_get_error(stanza), XMPP_E_NAME);
    stanza = xmpp_stanza_unref(stanza);
    INVAL(xmpp_stanza_reset(NULL, "a", NULL));
    NOTHING(xmpp_stanza_copy(NULL));
    NOTHING(xmpp_stanza_ref(NULL));
    NOTHING(xmpp_stanza_unref(NULL));
    xmpp_stanza_seal(NULL);
    CHECK_INT(xmpp_stanza_get_error(NULL), XMPP_E_NOMEM);
    NOTHING(xmpp_stanza_root(NULL));
    NOTHING(xmpp_stanza_get_root(NULL));
    (void)xmpp_stanza_get_kind(NULL);
    NOTHING(xmpp_stanza_get_id(NULL));
    NOTHING(xmpp_stanza_get_type(NULL));
    NOTHING(xmpp_stanza_get_from(NULL));
    NOTHING(xmpp_stanza_get_to(NULL));
    NOTHING(xmpp_stanza_get_lang(NULL));
    xmpp_stanza_set_id(NULL, "a");
    xmpp_stanza_set_type(NULL, "a");
    xmpp_stanza_set_to(NULL, "a");
    xmpp_stanza_set_from(NULL, "a");
    xmpp_stanza_set_secret(NULL);
    xmpp_stanza_set_to_jid(NULL, NULL);
    CHECK(xmpp_stanza_to_text(NULL, &text, NULL) < 0);
    INVAL(xmpp_stanza_parse(&stanza, NULL, 0));
    INVAL(xmpp_stanza_parse(NULL, "<a/>", 4));
    xmpp_free(NULL);
    CHECK(!text && !stanza);
}

static void elements(void)
{
    NOTHING(xmpp_elem_get_stanza(NULL));
    NOTHING(xmpp_elem_get_name(NULL));
    NOTHING(xmpp_elem_get_ns(NULL));
    CHECK_INT(xmpp_elem_is(NULL, "a", "b"), 0);
    NOTHING(xmpp_elem_get_parent(NULL));
    NOTHING(xmpp_elem_get_attr(NULL, "a"));
    NOTHING(xmpp_elem_get_attr_ns(NULL, "a", "b"));
    CHECK_INT(xmpp_elem_get_n_attrs(NULL), 0);
    NOTHING(xmpp_elem_get_attr_name_at(NULL, 0));
    NOTHING(xmpp_elem_get_attr_ns_at(NULL, 0));
    NOTHING(xmpp_elem_get_attr_value_at(NULL, 0));
    NOTHING(xmpp_elem_find(NULL, NULL, NULL));
    NOTHING(xmpp_elem_get_child(NULL, NULL, NULL));
    NOTHING(xmpp_elem_get_next(NULL, NULL, NULL));
    NOTHING(xmpp_elem_get_text(NULL, NULL));
    (void)xmpp_elem_get_head(NULL, NULL);
    (void)xmpp_elem_get_tail(NULL, NULL);
    NOTHING(xmpp_elem_get_child_text(NULL, NULL, NULL));
    NOTHING(xmpp_elem_get_lang(NULL));
    NOTHING(xmpp_elem_add(NULL, "a", NULL));
    NOTHING(xmpp_elem_add_text_child(NULL, "a", NULL, "x"));
    NOTHING(xmpp_elem_add_copy(NULL, NULL));
    xmpp_elem_add_text(NULL, "x");
    xmpp_elem_add_text_len(NULL, NULL, 0);
    xmpp_elem_set_attr(NULL, "a", "x");
    xmpp_elem_set_attr_ns(NULL, "a", "b", "x");
    xmpp_elem_remove(NULL);
}

/* An element that is there, and arguments that are not. */
static void elements_without_arguments(void)
{
    for (int i = 0; i < 13; i++) {
        xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
        xmpp_elem *root = xmpp_stanza_root(stanza);
        check_note("row %d", i);
        i == 0    ? (void)xmpp_elem_add(root, NULL, NULL)
        : i == 1  ? (void)xmpp_elem_add_text_child(root, NULL, NULL, NULL)
        : i == 2  ? (void)xmpp_elem_add_text_child(root, "a", NULL, NULL)
        : i == 3  ? (void)xmpp_elem_add_copy(root, NULL)
        : i == 4  ? xmpp_elem_add_text(root, NULL)
        : i == 5  ? xmpp_elem_add_text_len(root, NULL, 0)
        : i == 6  ? xmpp_elem_set_attr(root, NULL, NULL)
        : i == 7  ? xmpp_elem_set_attr(root, "a", NULL)
        : i == 8  ? xmpp_elem_set_attr_ns(root, NULL, NULL, "x")
        : i == 9  ? xmpp_stanza_set_id(stanza, NULL)
        : i == 10 ? xmpp_stanza_set_to(stanza, NULL)
        : i == 11 ? xmpp_stanza_set_to_jid(stanza, NULL)
                  : (void)xmpp_stanza_reset(stanza, NULL, NULL);
        NOTHING(xmpp_elem_get_attr(root, NULL));
        NOTHING(xmpp_elem_get_attr_ns(root, NULL, NULL));
        CHECK(xmpp_stanza_to_text(stanza, NULL, NULL) < 0);
        xmpp_stanza_unref(stanza);
    }
}

static void messages_presence_and_iqs(void)
{
    INVAL(xmpp_message_reset(NULL, 0, NULL));
    INVAL(xmpp_presence_reset(NULL, 0, NULL));
    INVAL(xmpp_iq_reset(NULL, XMPP_IQ_GET, NULL));
    NOTHING(xmpp_message_reply(NULL));
    NOTHING(xmpp_iq_result(NULL));
    NOTHING(xmpp_stanza_error_reply(NULL, XMPP_CONDITION_BAD_REQUEST, NULL));
    NOTHING(xmpp_stanza_error_add(NULL, XMPP_CONDITION_BAD_REQUEST, 0, NULL));
    xmpp_stanza_error_set_uri(NULL, NULL);
    (void)xmpp_message_get_type(NULL);
    NOTHING(xmpp_message_get_body(NULL, NULL));
    NOTHING(xmpp_message_get_subject(NULL, NULL));
    NOTHING(xmpp_message_get_action(NULL, NULL));
    NOTHING(xmpp_message_get_thread(NULL));
    NOTHING(xmpp_message_get_thread_parent(NULL));
    xmpp_message_add_body(NULL, NULL, NULL);
    xmpp_message_set_body(NULL, NULL, NULL);
    xmpp_message_set_subject(NULL, NULL, NULL);
    xmpp_message_set_thread(NULL, NULL, NULL);
    (void)xmpp_presence_get_type(NULL);
    (void)xmpp_presence_get_show(NULL);
    NOTHING(xmpp_presence_get_status(NULL, NULL));
    CHECK_INT(xmpp_presence_get_priority(NULL), 0);
    xmpp_presence_set_show(NULL, 0);
    xmpp_presence_set_status(NULL, NULL, NULL);
    xmpp_presence_set_priority(NULL, 0);
    CHECK_INT(xmpp_iq_get_type(NULL), 0);
    NOTHING(xmpp_iq_get_payload(NULL));
    CHECK_INT(xmpp_iq_get_n_payloads(NULL), 0);
    xmpp_stanza *made[] = {xmpp_message_new(0, NULL), xmpp_presence_new(0, NULL),
                           xmpp_iq_new(XMPP_IQ_GET, NULL)};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        CHECK_INT(xmpp_stanza_get_error(made[i]), 0);
        xmpp_stanza_unref(made[i]);
    }
}

static void stanza_errors(void)
{
    (void)xmpp_condition_from_name(NULL);
    NOTHING(xmpp_stanza_error_get_elem(NULL));
    (void)xmpp_stanza_error_get_condition(NULL);
    NOTHING(xmpp_stanza_error_get_condition_name(NULL));
    (void)xmpp_stanza_error_get_type(NULL);
    NOTHING(xmpp_stanza_error_get_by(NULL));
    NOTHING(xmpp_stanza_error_get_text(NULL, NULL));
    NOTHING(xmpp_stanza_error_get_uri(NULL));
    NOTHING(xmpp_stanza_error_get_app(NULL));
}

static void hashes_texts_and_times(void)
{
    uint8_t bytes[XMPP_HASH_MAX];
    uint8_t *decoded = NULL;
    size_t n = 0;
    int64_t ms = 0;
    char *text = NULL;
    NOTHING(xmpp_hash_get_name(0));
    CHECK_INT(xmpp_hash_from_name(NULL), 0);
    INVAL(xmpp_hash(0, NULL, 0, bytes));
    INVAL(xmpp_hash(XMPP_HASH_SHA256, "x", 1, NULL));
    INVAL(xmpp_base64_encode(NULL, 1, &text));
    INVAL(xmpp_base64_encode("x", 1, NULL));
    INVAL(xmpp_base64_decode(NULL, 0, &decoded, &n));
    INVAL(xmpp_base64_decode("", 0, NULL, &n));
    INVAL(xmpp_base64_decode("", 0, &decoded, NULL));
    INVAL(xmpp_time_parse(NULL, &ms));
    INVAL(xmpp_time_parse("2002-09-10T23:08:25Z", NULL));
    INVAL(xmpp_time_parse_legacy(NULL, &ms));
    INVAL(xmpp_time_parse_legacy("20020910T23:08:25", NULL));
    INVAL(xmpp_time_format(0, NULL));
    (void)xmpp_time_now();
    (void)xmpp_monotonic_now();
    INVAL(xmpp_make_id(NULL));
}

static void modules_and_data(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    NOTHING(xmpp_module_new(NULL, "name", NULL, NULL));
    NOTHING(xmpp_module_new(conn, NULL, NULL, NULL));
    NOTHING(xmpp_module_unref(NULL));
    xmpp_module_require(NULL, "name");
    xmpp_module_exclude(NULL, "name");
    xmpp_module_add_feature(NULL, "var");
    xmpp_module_on_iq(NULL, XMPP_IQ_GET, "name", "ns", no_stanza);
    xmpp_module_on_receive(NULL, XMPP_KIND_IQ, XMPP_FILTER_NOTE, no_filter);
    xmpp_module_on_send(NULL, XMPP_KIND_IQ, no_extend);
    xmpp_module_on_session(NULL, no_session);
    xmpp_module_on_step(NULL, no_step);
    xmpp_module_redact(NULL, "name", "ns", NULL, NULL);
    INVAL(xmpp_conn_enable(NULL, NULL));
    CHECK_INT(xmpp_conn_enable(conn, NULL), XMPP_E_NOMEM);
    INVAL(xmpp_conn_disable(NULL, "name"));
    CHECK_INT(xmpp_conn_disable(conn, NULL), XMPP_E_NOT_FOUND);
    CHECK(!xmpp_conn_is_enabled(NULL, "name"));
    CHECK(!xmpp_conn_is_enabled(conn, NULL));
    NOTHING(xmpp_conn_get_feature(NULL, 0));
    INVAL(xmpp_conn_set_data(NULL, "key", stanza, NULL));
    INVAL(xmpp_conn_set_data(conn, NULL, stanza, NULL));
    CHECK_INT(xmpp_conn_set_data(conn, "key", NULL, NULL), 0);
    NOTHING(xmpp_conn_get_data(NULL, "key"));
    NOTHING(xmpp_conn_get_data(conn, NULL));
    INVAL(xmpp_stanza_set_fact(NULL, "key", conn, NULL));
    INVAL(xmpp_stanza_set_fact(stanza, NULL, conn, NULL));
    INVAL(xmpp_stanza_set_fact(stanza, "key", NULL, NULL));
    NOTHING(xmpp_stanza_get_fact(NULL, "key"));
    CHECK(!xmpp_stanza_is_inner(NULL));
    INVAL(xmpp_conn_deliver(NULL, stanza, XMPP_DELIVER_FILTERS));
    INVAL(xmpp_conn_deliver(conn, NULL, XMPP_DELIVER_FILTERS));
    CHECK_INT(xmpp_conn_deliver(conn, stanza, XMPP_DELIVER_FILTERS), XMPP_E_STATE);
    CHECK(!xmpp_conn_is_from_account(NULL, stanza));
    CHECK(!xmpp_conn_is_from_account(conn, NULL));
    CHECK(!xmpp_conn_is_from_server(NULL, stanza));
    CHECK(!xmpp_conn_is_from_server(conn, NULL));
    xmpp_stanza_unref(stanza);
    xmpp_conn_unref(conn);
}

static void answers_timers_and_ends(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_conn_answer(NULL, NULL));
    CHECK_INT(xmpp_conn_answer(conn, NULL), XMPP_E_NOMEM);
    INVAL(xmpp_conn_answer_error(NULL, NULL, XMPP_CONDITION_GONE, NULL));
    CHECK_INT(xmpp_conn_answer_error(conn, NULL, XMPP_CONDITION_GONE, NULL), 0);
    INVAL(xmpp_conn_set_timer(NULL, NULL, 0, no_timer, NULL, NULL));
    INVAL(xmpp_conn_set_timer(conn, NULL, 0, NULL, NULL, NULL));
    INVAL(xmpp_conn_set_timer(conn, NULL, -1, no_timer, NULL, NULL));
    INVAL(xmpp_conn_fail(NULL, XMPP_E_APP, NULL));
    INVAL(xmpp_conn_fail(conn, 0, NULL));
    CHECK_INT(xmpp_conn_fail(conn, XMPP_E_APP, NULL), XMPP_E_STATE);
    xmpp_conn_unref(conn);
}

static void maps(void)
{
    xmpp_map *map = xmpp_map_new(NULL);
    xmpp_map_free(NULL);
    xmpp_map_clear(NULL);
    CHECK_INT(xmpp_map_set(NULL, "key", map), XMPP_E_NOMEM);
    INVAL(xmpp_map_set(map, NULL, map));
    INVAL(xmpp_map_set(map, "key", NULL));
    NOTHING(xmpp_map_get(NULL, "key"));
    NOTHING(xmpp_map_get(map, NULL));
    NOTHING(xmpp_map_take(NULL, "key"));
    NOTHING(xmpp_map_take(map, NULL));
    CHECK(!xmpp_map_remove(NULL, "key"));
    CHECK(!xmpp_map_remove(map, NULL));
    CHECK_INT(xmpp_map_get_size(NULL), 0);
    NOTHING(xmpp_map_get_key_at(NULL, 0));
    NOTHING(xmpp_map_get_value_at(map, 0));
    xmpp_map_free(map);
}

static void what_modules_need_besides(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    NOTHING(xmpp_stanza_from_elem(NULL));
    INVAL(xmpp_stanza_ensure_id(NULL));
    xmpp_conn_write_log(NULL, XMPP_AREA_STANZA, XMPP_LOG_INFO, "text");
    xmpp_conn_write_log(conn, XMPP_AREA_STANZA, XMPP_LOG_INFO, NULL);
    xmpp_conn_unref(conn);
}

static void parser_and_trust(void)
{
    size_t used = 7;
    xmpp_parser_free(NULL);
    INVAL(xmpp_parser_set_limit(NULL, XMPP_PARSER_DEPTH, 10));
    INVAL(xmpp_parser_get_limit(NULL, XMPP_PARSER_DEPTH));
    xmpp_parser_reset(NULL);
    INVAL(xmpp_parser_feed(NULL, "a", 1, &used));
    NOTHING(xmpp_parser_get_header(NULL));
    NOTHING(xmpp_parser_get_stanza(NULL));
    NOTHING(xmpp_parser_get_condition(NULL));
    NOTHING(xmpp_parser_get_reason(NULL));
    xmpp_parser *parser = xmpp_parser_new();
    INVAL(xmpp_parser_feed(parser, NULL, 5, &used));
    xmpp_parser_free(parser);
    NOTHING(xmpp_trust_ref(NULL));
    NOTHING(xmpp_trust_unref(NULL));
    INVAL(xmpp_trust_add_system(NULL));
    INVAL(xmpp_trust_add_ca_file(NULL, "/x"));
    INVAL(xmpp_trust_add_ca_pem(NULL, "x", 1));
    xmpp_trust *trust = xmpp_trust_new();
    CHECK(xmpp_trust_add_ca_file(trust, NULL) < 0);
    CHECK(xmpp_trust_add_ca_pem(trust, NULL, 0) < 0);
    xmpp_trust_unref(trust);
    CHECK(strlen(xmpp_version()) > 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a connection that is NULL sets nothing", a_connection_that_is_null_sets_nothing},
        {"a connection that is NULL does nothing", a_connection_that_is_null_does_nothing},
        {"a connection that is NULL is offline", a_connection_that_is_null_is_offline},
        {"what was found and tried is nothing", what_was_found_is_nothing},
        {"a query that is NULL answers nothing", a_query_that_is_null_answers_nothing},
        {"settings take NULL as their default", settings_take_null_as_their_default},
        {"calls without their arguments", calls_without_their_arguments},
        {"numbers out of their tables", numbers_out_of_their_tables},
        {"JIDs", jids},
        {"stanzas", stanzas},
        {"elements", elements},
        {"elements without arguments", elements_without_arguments},
        {"messages, presence and iqs", messages_presence_and_iqs},
        {"stanza errors", stanza_errors},
        {"hashes, texts and times", hashes_texts_and_times},
        {"modules, and data of a connection", modules_and_data},
        {"answers, timers and ends", answers_timers_and_ends},
        {"maps", maps},
        {"what modules need besides", what_modules_need_besides},
        {"parser and trust", parser_and_trust},
    };
    return CHECK_MAIN(argc, argv, "conn-null", cases);
}
