/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every public function of a module is given nothing: a documented result, never a crash. That none
 * is left out is the lint's to see (tests/lint/null.py). One case a module, in the order of names. */
#include "conn/kit.h"

#define INVAL(call)   CHECK_INT(call, XMPP_E_INVAL)
#define NOTHING(call) CHECK((call) == NULL)

static void no_info(xmpp_conn *conn, int error, const xmpp_disco_info *info,
                    const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)error;
    (void)info;
    (void)reply;
    (void)userdata;
}

static void no_items(xmpp_conn *conn, int error, const xmpp_disco_items *items,
                     const xmpp_stanza *reply, void *userdata)
{
    (void)items;
    no_info(conn, error, NULL, reply, userdata);
}

static int no_node(xmpp_conn *conn, const xmpp_stanza *request, const char *node, xmpp_elem *query,
                   void *userdata)
{
    (void)node;
    (void)query;
    no_info(conn, 0, NULL, request, userdata);
    return 0;
}

static void no_change(xmpp_conn *conn, void *userdata)
{
    no_info(conn, 0, NULL, NULL, userdata);
}

static void no_known(xmpp_conn *conn, const xmpp_jid *who, const xmpp_disco_info *info,
                     void *userdata)
{
    (void)who;
    no_info(conn, 0, info, NULL, userdata);
}

static void no_load(xmpp_conn *conn, const char *name, void *userdata)
{
    (void)name;
    no_info(conn, 0, NULL, NULL, userdata);
}

static void no_save(xmpp_conn *conn, const char *name, const char *text, size_t len, void *userdata)
{
    (void)text;
    (void)len;
    no_load(conn, name, userdata);
}

static void capabilities_are_nothing(void)
{
    char *text = NULL;
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_caps_enable(NULL));
    CHECK_INT(xmpp_caps_enable(conn), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_disco_enable(conn), 0);
    CHECK_INT(xmpp_caps_enable(conn), 0);
    INVAL(xmpp_caps_set_node(NULL, "urn:x"));
    INVAL(xmpp_caps_set_node(conn, ""));
    CHECK_INT(xmpp_caps_set_node(conn, "\x01"), XMPP_E_CHAR);
    INVAL(xmpp_caps_set_cache_size(NULL, 1));
    INVAL(xmpp_caps_set_cache_size(conn, 0));
    NOTHING(xmpp_caps_get(NULL, NULL));
    NOTHING(xmpp_caps_get(conn, NULL));
    CHECK(!xmpp_caps_is_verified(NULL, NULL));
    CHECK(!xmpp_caps_is_verified(conn, NULL));
    INVAL(xmpp_caps_on_known(NULL, no_known, NULL, NULL));
    CHECK_INT(xmpp_caps_on_known(conn, NULL, NULL, NULL), 0);
    INVAL(xmpp_caps_set_store(NULL, no_load, no_save, NULL, NULL));
    CHECK_INT(xmpp_caps_set_store(conn, NULL, NULL, NULL, NULL), 0);
    INVAL(xmpp_caps_put(NULL, "x", "y", 1));
    INVAL(xmpp_caps_put(conn, NULL, "y", 1));
    INVAL(xmpp_caps_put(conn, "x", NULL, 1));
    INVAL(xmpp_caps_hash(NULL, XMPP_CAPS_LEGACY, XMPP_HASH_SHA1, &text));
    xmpp_conn_unref(conn);
}

static void no_stage(xmpp_conn *conn, int error, const xmpp_command *command,
                     const xmpp_stanza *reply, void *userdata)
{
    (void)command;
    no_info(conn, error, NULL, reply, userdata);
}

static int no_command(xmpp_conn *conn, xmpp_command_session *session, int action,
                      const xmpp_elem *submit, xmpp_elem *answer, void *userdata)
{
    (void)session;
    (void)submit;
    (void)answer;
    no_info(conn, action, NULL, NULL, userdata);
    return 0;
}

static int nobody_may(xmpp_conn *conn, const xmpp_jid *who, const char *node, void *userdata)
{
    no_known(conn, who, NULL, userdata);
    return node == NULL;
}

static void commands_are_offered_to_nobody(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_commands_enable(NULL));
    CHECK_INT(xmpp_commands_enable(conn), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_commands_remove(conn, "a"), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_command_session_finish(conn, "a", XMPP_COMMAND_COMPLETED), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_disco_enable(conn), 0);
    CHECK_INT(xmpp_commands_enable(conn), 0);
    INVAL(xmpp_commands_add(NULL, "a", "A", XMPP_COMMAND_ANYBODY, no_command, NULL, NULL));
    INVAL(xmpp_commands_add(conn, NULL, "A", XMPP_COMMAND_ANYBODY, no_command, NULL, NULL));
    INVAL(xmpp_commands_add(conn, "a", NULL, XMPP_COMMAND_ANYBODY, no_command, NULL, NULL));
    INVAL(xmpp_commands_add(conn, "a", "A", 4, no_command, NULL, NULL));
    INVAL(xmpp_commands_add(conn, "a", "A", XMPP_COMMAND_ANYBODY, NULL, NULL, NULL));
    CHECK_INT(xmpp_commands_add(conn, "a", "\x01", XMPP_COMMAND_ANYBODY, no_command, NULL, NULL),
              XMPP_E_CHAR);
    INVAL(xmpp_commands_remove(NULL, "a"));
    INVAL(xmpp_commands_remove(conn, NULL));
    INVAL(xmpp_commands_on_may(NULL, nobody_may, NULL, NULL));
    CHECK_INT(xmpp_commands_on_may(conn, NULL, NULL, NULL), 0);
    INVAL(xmpp_command_session_finish(NULL, "a", XMPP_COMMAND_COMPLETED));
    INVAL(xmpp_command_session_finish(conn, NULL, XMPP_COMMAND_COMPLETED));
    INVAL(xmpp_command_session_finish(conn, "a", XMPP_COMMAND_LATER));
    NOTHING(xmpp_command_session_get_jid(NULL));
    NOTHING(xmpp_command_session_get_node(NULL));
    NOTHING(xmpp_command_session_get_id(NULL));
    NOTHING(xmpp_command_session_get_lang(NULL));
    NOTHING(xmpp_command_session_get_data(NULL));
    NOTHING(xmpp_command_session_get_answer(NULL));
    INVAL(xmpp_command_session_set_data(NULL, NULL, NULL));
    INVAL(xmpp_command_session_set_actions(NULL, XMPP_COMMAND_NEXT, XMPP_COMMAND_NEXT));
    xmpp_command_answer_add_note(NULL, XMPP_COMMAND_INFO, "a");
    xmpp_conn_unref(conn);
}

static void commands_are_nothing(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_commands_list(NULL, NULL, "a@b", no_items, NULL, NULL));
    INVAL(xmpp_commands_list(conn, NULL, "a@b", NULL, NULL, NULL));
    INVAL(xmpp_command_execute(NULL, NULL, "a@b", "a", no_stage, NULL, NULL));
    INVAL(xmpp_command_execute(conn, NULL, "a@b", NULL, no_stage, NULL, NULL));
    INVAL(xmpp_command_execute(conn, NULL, "a@b", "a", NULL, NULL, NULL));
    INVAL(xmpp_command_go_on(conn, NULL, NULL, XMPP_COMMAND_NEXT, NULL, no_stage, NULL, NULL));
    NOTHING(xmpp_command_ref(NULL));
    NOTHING(xmpp_command_unref(NULL));
    NOTHING(xmpp_command_get_node(NULL));
    CHECK_INT(xmpp_command_get_status(NULL), 0);
    CHECK_INT(xmpp_command_get_actions(NULL), 0);
    CHECK_INT(xmpp_command_get_default(NULL), 0);
    NOTHING(xmpp_command_get_form(NULL));
    NOTHING(xmpp_command_get_elem(NULL));
    NOTHING(xmpp_command_get_note(NULL, 0));
    CHECK_INT(xmpp_command_get_note_type(NULL, 0), 0);
    xmpp_conn_unref(conn);
}

static void disco_answers_nothing(void)
{
    xmpp_disco_info *info = NULL;
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_disco_enable(NULL));
    INVAL(xmpp_disco_get_info(NULL, NULL, "a@b", NULL, no_info, NULL, NULL));
    INVAL(xmpp_disco_get_info(conn, NULL, "a@b", NULL, NULL, NULL, NULL));
    INVAL(xmpp_disco_get_items(NULL, NULL, "a@b", NULL, NULL, no_items, NULL, NULL));
    INVAL(xmpp_disco_get_items(conn, NULL, "a@b", NULL, NULL, NULL, NULL, NULL));
    INVAL(xmpp_disco_set_policy(NULL, XMPP_DISCO_ANYBODY));
    CHECK_INT(xmpp_disco_set_policy(conn, XMPP_DISCO_ANYBODY), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_disco_get_policy(NULL), XMPP_DISCO_NOBODY);
    CHECK_INT(xmpp_disco_enable(conn), 0);
    INVAL(xmpp_disco_set_policy(conn, 3));
    INVAL(xmpp_disco_add_identity(NULL, "client", "bot", NULL, NULL));
    INVAL(xmpp_disco_add_identity(conn, NULL, "bot", NULL, NULL));
    INVAL(xmpp_disco_add_identity(conn, "client", "", NULL, NULL));
    INVAL(xmpp_disco_add_identity(conn, "client", "bot", "", NULL));
    INVAL(xmpp_disco_clear_identities(NULL));
    INVAL(xmpp_disco_add_feature(NULL, "urn:x"));
    INVAL(xmpp_disco_add_feature(conn, NULL));
    INVAL(xmpp_disco_remove_feature(NULL, "urn:x"));
    INVAL(xmpp_disco_remove_feature(conn, NULL));
    INVAL(xmpp_disco_set_form(NULL, NULL));
    INVAL(xmpp_disco_set_form(conn, NULL));
    INVAL(xmpp_disco_remove_form(NULL, "urn:x"));
    INVAL(xmpp_disco_remove_form(conn, NULL));
    INVAL(xmpp_disco_get_own(NULL, &info));
    INVAL(xmpp_disco_get_own(conn, NULL));
    INVAL(xmpp_disco_on_node(NULL, conn, no_node, NULL, NULL));
    INVAL(xmpp_disco_on_node(conn, NULL, no_node, NULL, NULL));
    CHECK_INT(xmpp_disco_on_node(conn, conn, NULL, NULL, NULL), XMPP_E_NOT_FOUND);
    INVAL(xmpp_disco_on_changed(NULL, conn, no_change, NULL, NULL));
    INVAL(xmpp_disco_on_changed(conn, NULL, no_change, NULL, NULL));
    xmpp_disco_query_add_identity(NULL, "client", "bot", NULL, NULL);
    xmpp_disco_query_add_feature(NULL, "urn:x");
    xmpp_disco_query_add_item(NULL, "a@b", NULL, NULL);
    xmpp_conn_unref(conn);
}

static void disco_reads_nothing(void)
{
    xmpp_disco_info *info = NULL;
    xmpp_disco_items *items = NULL;
    INVAL(xmpp_disco_info_parse(&info, NULL));
    INVAL(xmpp_disco_info_parse(NULL, NULL));
    NOTHING(xmpp_disco_info_ref(NULL));
    NOTHING(xmpp_disco_info_unref(NULL));
    NOTHING(xmpp_disco_info_get_node(NULL));
    CHECK_INT(xmpp_disco_info_get_n_identities(NULL), 0);
    NOTHING(xmpp_disco_info_get_category(NULL, 0));
    NOTHING(xmpp_disco_info_get_type(NULL, 0));
    NOTHING(xmpp_disco_info_get_name(NULL, 0));
    NOTHING(xmpp_disco_info_get_lang(NULL, 0));
    CHECK(!xmpp_disco_info_is(NULL, NULL, NULL));
    CHECK_INT(xmpp_disco_info_get_n_features(NULL), 0);
    NOTHING(xmpp_disco_info_get_feature(NULL, 0));
    CHECK(!xmpp_disco_info_has_feature(NULL, "urn:x"));
    NOTHING(xmpp_disco_info_get_form(NULL, 0));
    NOTHING(xmpp_disco_info_find_form(NULL, "urn:x"));
    NOTHING(xmpp_disco_info_get_elem(NULL));
    INVAL(xmpp_disco_items_parse(&items, NULL));
    INVAL(xmpp_disco_items_parse(NULL, NULL));
    NOTHING(xmpp_disco_items_ref(NULL));
    NOTHING(xmpp_disco_items_unref(NULL));
    CHECK_INT(xmpp_disco_items_get_n(NULL), 0);
    NOTHING(xmpp_disco_items_get_jid(NULL, 0));
    NOTHING(xmpp_disco_items_get_node(NULL, 0));
    NOTHING(xmpp_disco_items_get_name(NULL, 0));
    NOTHING(xmpp_disco_items_get_set(NULL));
}

static void forms_are_nothing(void)
{
    char *text = NULL;
    INVAL(xmpp_forms_enable(NULL));
    NOTHING(xmpp_form_find(NULL, NULL));
    CHECK_INT(xmpp_form_get_type(NULL), XMPP_FORM_UNKNOWN);
    NOTHING(xmpp_form_get_form_type(NULL));
    NOTHING(xmpp_form_get_title(NULL));
    NOTHING(xmpp_form_get_instructions(NULL, 0));
    CHECK_INT(xmpp_form_get_n_fields(NULL), 0);
    NOTHING(xmpp_form_get_field(NULL, 0));
    NOTHING(xmpp_form_find_field(NULL, "a"));
    NOTHING(xmpp_form_get_value(NULL, "a"));
    NOTHING(xmpp_form_get_reported(NULL));
    CHECK_INT(xmpp_form_get_n_items(NULL), 0);
    NOTHING(xmpp_form_get_item(NULL, 0));
    NOTHING(xmpp_field_get_var(NULL));
    CHECK_INT(xmpp_field_get_type(NULL), XMPP_FIELD_TEXT_SINGLE);
    NOTHING(xmpp_field_get_label(NULL));
    NOTHING(xmpp_field_get_desc(NULL));
    CHECK(!xmpp_field_is_required(NULL));
    CHECK_INT(xmpp_field_get_n_values(NULL), 0);
    NOTHING(xmpp_field_get_value(NULL, 0));
    CHECK_INT(xmpp_field_get_bool(NULL), -1);
    INVAL(xmpp_field_get_text(NULL, &text));
    CHECK_INT(xmpp_field_get_n_options(NULL), 0);
    NOTHING(xmpp_field_get_option(NULL, 0));
    NOTHING(xmpp_field_get_option_label(NULL, 0));
}

static void forms_are_filled_with_nothing(void)
{
    xmpp_stanza *stanza = xmpp_stanza_new("message", NULL);
    xmpp_elem *submit = xmpp_form_add_submit(xmpp_stanza_root(stanza), NULL);
    INVAL(xmpp_form_set_value(NULL, "a", "b"));
    INVAL(xmpp_form_set_value(submit, NULL, "b"));
    INVAL(xmpp_form_set_values(submit, "a", NULL, 1));
    INVAL(xmpp_form_set_private(NULL, "a", "b"));
    INVAL(xmpp_form_set_bool(NULL, "a", 1));
    INVAL(xmpp_form_set_text(submit, "a", NULL));
    INVAL(xmpp_form_remove_field(NULL, "a"));
    INVAL(xmpp_form_remove_field(submit, NULL));
    INVAL(xmpp_form_check(NULL, submit, NULL));
    NOTHING(xmpp_form_add_submit(NULL, NULL));
    NOTHING(xmpp_form_add(NULL, XMPP_FORM_FORM, NULL));
    NOTHING(xmpp_form_add(submit, XMPP_FORM_UNKNOWN, NULL));
    NOTHING(xmpp_form_add_field(NULL, -1, "a", NULL));
    NOTHING(xmpp_form_add_field(submit, -2, "a", NULL));
    NOTHING(xmpp_form_add_reported(NULL));
    NOTHING(xmpp_form_add_item(NULL));
    xmpp_form_set_title(NULL, "a");
    xmpp_form_add_instructions(NULL, "a");
    xmpp_field_set_desc(NULL, "a");
    xmpp_field_set_required(NULL);
    xmpp_field_add_value(NULL, "a");
    xmpp_field_add_option(NULL, "a", NULL);
    xmpp_stanza_unref(stanza);
}

static void result_sets_are_nothing(void)
{
    NOTHING(xmpp_rsm_add(NULL, 1));
    xmpp_rsm_set_after(NULL, "a");
    xmpp_rsm_set_before(NULL, "a");
    xmpp_rsm_set_index(NULL, 1);
    NOTHING(xmpp_rsm_add_page(NULL, "a", "b", 0, 2));
    NOTHING(xmpp_rsm_find(NULL));
    CHECK_INT(xmpp_rsm_get_max(NULL), -1);
    NOTHING(xmpp_rsm_get_after(NULL));
    NOTHING(xmpp_rsm_get_before(NULL));
    CHECK_INT(xmpp_rsm_get_index(NULL), -1);
    NOTHING(xmpp_rsm_get_first(NULL));
    CHECK_INT(xmpp_rsm_get_first_index(NULL), -1);
    NOTHING(xmpp_rsm_get_last(NULL));
    CHECK_INT(xmpp_rsm_get_count(NULL), -1);
    NOTHING(xmpp_pager_new(0, 0));
    xmpp_pager_free(NULL);
    NOTHING(xmpp_pager_add(NULL, NULL));
    INVAL(xmpp_pager_take(NULL, NULL, 0));
    CHECK(xmpp_pager_is_done(NULL));
    CHECK_INT(xmpp_pager_get_count(NULL), -1);
}

static void a_connection_that_is_null_has_no_modules(void)
{
    CHECK(!xmpp_conn_is_enabled(NULL, "roster"));
    NOTHING(xmpp_conn_get_feature(NULL, 0));
    INVAL(xmpp_conn_disable(NULL, "roster"));
}

static void carbons(void)
{
    int64_t ms = 0;
    INVAL(xmpp_carbons_enable(NULL));
    CHECK_INT(xmpp_carbons_set_wanted(NULL, 1), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_carbons_get_state(NULL), XMPP_CARBONS_OFF);
    CHECK_INT(xmpp_carbons_on_answer(NULL, NULL, NULL, NULL), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_carbon_get_direction(NULL), XMPP_CARBON_NONE);
    NOTHING(xmpp_carbon_get_message(NULL));
    CHECK_INT(xmpp_carbon_get_time(NULL, &ms), XMPP_E_NOT_FOUND);
    xmpp_carbon_set_private(NULL);
}

static void chat_states(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_chat_states_enable(NULL));
    CHECK_INT(xmpp_chat_states_set_sending(NULL, 1), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_chat_state_get(NULL), XMPP_CHAT_STATE_NONE);
    CHECK(!xmpp_chat_state_is_alone(NULL));
    INVAL(xmpp_chat_state_set(NULL, XMPP_CHAT_STATE_ACTIVE));
    CHECK_INT(xmpp_chat_state_send(NULL, NULL, 0, 0, NULL), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_chat_states_enable(conn), 0);
    INVAL(xmpp_chat_state_send(conn, NULL, XMPP_MESSAGE_CHAT, XMPP_CHAT_STATE_ACTIVE, NULL));
    xmpp_conn_unref(conn);
}

static void correction(void)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    INVAL(xmpp_correction_enable(NULL));
    NOTHING(xmpp_correction_get_id(NULL));
    INVAL(xmpp_correction_set_id(NULL, "id"));
    INVAL(xmpp_correction_set_id(message, NULL));
    CHECK(!xmpp_correction_fits(NULL, message, 0));
    CHECK(!xmpp_correction_fits(message, NULL, 0));
    xmpp_stanza_unref(message);
}

static void delay(void)
{
    int64_t ms = 0;
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    CHECK_INT(xmpp_delay_get(NULL, &ms, NULL), XMPP_E_NOT_FOUND);
    CHECK_INT(xmpp_delay_get(message, NULL, NULL), XMPP_E_NOT_FOUND);
    NOTHING(xmpp_delay_get_elem(NULL));
    CHECK(!xmpp_delay_is_delayed(NULL));
    INVAL(xmpp_delay_read(NULL, &ms));
    NOTHING(xmpp_delay_get_from(NULL));
    NOTHING(xmpp_delay_get_reason(NULL));
    INVAL(xmpp_delay_add(NULL, 0, NULL, NULL));
    CHECK_INT(xmpp_delay_add(xmpp_stanza_root(message), 0, NULL, NULL), 0);
    CHECK_INT(xmpp_delay_get(message, NULL, NULL), 0);
    INVAL(xmpp_delay_read(xmpp_delay_get_elem(message), NULL));
    xmpp_stanza_unref(message);
}

static void forwarded(void)
{
    int64_t ms = 0;
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    INVAL(xmpp_forwarded_enable(NULL));
    NOTHING(xmpp_forwarded_find(NULL));
    INVAL(xmpp_forwarded_read(NULL, &message));
    INVAL(xmpp_forwarded_get_time(NULL, &ms));
    NOTHING(xmpp_forwarded_add(NULL, message));
    NOTHING(xmpp_forwarded_add(xmpp_stanza_root(message), NULL));
    xmpp_stanza_unref(message);
}

static void hints(void)
{
    CHECK_INT(xmpp_hints_get(NULL), 0);
    INVAL(xmpp_hints_add(NULL, XMPP_HINT_STORE));
}

static void markers(void)
{
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    INVAL(xmpp_markers_enable(NULL));
    CHECK_INT(xmpp_markers_set_sending(NULL, 1), XMPP_E_REQUIRES);
    INVAL(xmpp_marker_request(NULL));
    CHECK(!xmpp_marker_is_requested(NULL));
    NOTHING(xmpp_marker_get_id(NULL));
    CHECK(!xmpp_marker_fits(NULL, message, 0));
    CHECK(!xmpp_marker_fits(message, NULL, 0));
    CHECK_INT(xmpp_marker_send(NULL, message), XMPP_E_REQUIRES);
    xmpp_stanza_unref(message);
}

static void receipts(void)
{
    INVAL(xmpp_receipts_enable(NULL));
    CHECK_INT(xmpp_receipts_set_answering(NULL, 1), XMPP_E_REQUIRES);
    INVAL(xmpp_receipt_request(NULL));
    CHECK(!xmpp_receipt_is_requested(NULL));
    NOTHING(xmpp_receipt_get_id(NULL));
    NOTHING(xmpp_receipt_new(NULL));
}

static void stanza_ids(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    INVAL(xmpp_stanza_ids_enable(NULL));
    CHECK_INT(xmpp_stanza_ids_set_origin(NULL, 1), XMPP_E_REQUIRES);
    INVAL(xmpp_stanza_ids_set_trusted(conn, NULL, 1));
    CHECK(!xmpp_stanza_ids_is_trusted(NULL, NULL));
    NOTHING(xmpp_stanza_id_get(NULL, NULL));
    NOTHING(xmpp_stanza_id_get(message, NULL));
    NOTHING(xmpp_origin_id_get(NULL));
    xmpp_origin_id_set(NULL, "id");
    NOTHING(xmpp_stanza_reference_get_id(NULL));
    NOTHING(xmpp_stanza_reference_get_by(NULL));
    xmpp_stanza_reference_add(NULL, "id", NULL);
    xmpp_stanza_unref(message);
    xmpp_conn_unref(conn);
}

static void no_answer(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)error;
    (void)reply;
    (void)userdata;
}

static void no_pong(xmpp_conn *conn, int error, int64_t took_ms, const xmpp_stanza *reply,
                    void *userdata)
{
    (void)conn;
    (void)error;
    (void)took_ms;
    (void)reply;
    (void)userdata;
}

static void pings(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_ping_enable(NULL));
    INVAL(xmpp_ping_set_answering(NULL, 1));
    CHECK_INT(xmpp_ping_set_answering(conn, 1), XMPP_E_REQUIRES);
    INVAL(xmpp_ping_send(NULL, NULL, NULL, 0, no_pong, NULL, NULL));
    INVAL(xmpp_ping_send(conn, NULL, NULL, 0, NULL, NULL, NULL));
    xmpp_conn_unref(conn);
}

static void roster(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_jid *jid;
    CHECK_INT(xmpp_jid_parse(&jid, "a@b"), 0);
    INVAL(xmpp_roster_enable(NULL));
    CHECK_INT(xmpp_roster_get_status(NULL), XMPP_ROSTER_UNKNOWN);
    CHECK_INT(xmpp_roster_get_n_items(NULL), 0);
    NOTHING(xmpp_roster_get_item(NULL, 0));
    NOTHING(xmpp_roster_find(NULL, jid));
    CHECK_INT(xmpp_roster_get_subscription(NULL, jid), XMPP_SUBSCRIPTION_NONE);
    CHECK_INT(xmpp_roster_get_state(NULL, jid), XMPP_SUBSCRIPTION_STATE_NONE);
    CHECK_INT(xmpp_roster_get_n_requests(NULL), 0);
    NOTHING(xmpp_roster_get_request(NULL, 0));
    INVAL(xmpp_roster_subscribe(NULL, jid, NULL, NULL));
    INVAL(xmpp_roster_unsubscribe(NULL, jid));
    INVAL(xmpp_roster_approve(NULL, jid));
    INVAL(xmpp_roster_deny(NULL, jid));
    INVAL(xmpp_roster_preapprove(NULL, jid));
    INVAL(xmpp_roster_set_policy(NULL, XMPP_ROSTER_POLICY_ASK));
    INVAL(xmpp_roster_set(NULL, NULL, jid, NULL, NULL, 0, NULL, NULL, NULL));
    INVAL(xmpp_roster_rename(NULL, NULL, jid, NULL, NULL, NULL, NULL));
    INVAL(xmpp_roster_set_groups(NULL, NULL, jid, NULL, 0, NULL, NULL, NULL));
    INVAL(xmpp_roster_remove(NULL, NULL, jid, NULL, NULL, NULL));
    INVAL(xmpp_roster_refresh(NULL));
    INVAL(xmpp_roster_set_max(NULL, 1));
    INVAL(xmpp_roster_on_event(NULL, NULL, NULL, NULL));
    INVAL(xmpp_roster_set_cache(NULL, NULL, NULL, NULL, NULL));
    INVAL(xmpp_roster_load_entry(NULL, "", ""));
    CHECK_INT(xmpp_roster_subscribe(conn, jid, NULL, NULL), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_roster_refresh(conn), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_roster_enable(conn), 0);
    CHECK_INT(xmpp_roster_enable(conn), 0);
    NOTHING(xmpp_roster_find(conn, NULL));
    CHECK_INT(xmpp_roster_get_subscription(conn, NULL), XMPP_SUBSCRIPTION_NONE);
    CHECK_INT(xmpp_roster_get_state(conn, NULL), XMPP_SUBSCRIPTION_STATE_NONE);
    INVAL(xmpp_roster_subscribe(conn, NULL, NULL, NULL));
    INVAL(xmpp_roster_preapprove(conn, NULL));
    INVAL(xmpp_roster_set(conn, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL));
    INVAL(xmpp_roster_set(conn, NULL, jid, NULL, NULL, 1, NULL, NULL, NULL));
    INVAL(xmpp_roster_set_policy(conn, 4));
    INVAL(xmpp_roster_set_max(conn, 0));
    CHECK_INT(xmpp_roster_on_event(conn, NULL, NULL, NULL), 0);
    CHECK_INT(xmpp_roster_set_cache(conn, NULL, NULL, NULL, NULL), 0);
    CHECK_INT(xmpp_roster_refresh(conn), XMPP_E_STATE);
    xmpp_conn_unref(conn);
    xmpp_jid_unref(jid);
}

static void items_and_events_of_the_roster(void)
{
    NOTHING(xmpp_roster_item_get_jid(NULL));
    NOTHING(xmpp_roster_item_get_name(NULL));
    CHECK_INT(xmpp_roster_item_get_n_groups(NULL), 0);
    NOTHING(xmpp_roster_item_get_group(NULL, 0));
    CHECK_INT(xmpp_roster_item_get_subscription(NULL), XMPP_SUBSCRIPTION_NONE);
    CHECK_INT(xmpp_roster_item_is_asked(NULL), 0);
    CHECK_INT(xmpp_roster_item_is_approved(NULL), 0);
    CHECK_INT(xmpp_roster_item_is_requesting(NULL), 0);
    CHECK_INT(xmpp_roster_item_get_state(NULL), XMPP_SUBSCRIPTION_STATE_NONE);
    CHECK_INT(xmpp_roster_item_is_cut(NULL), 0);
    CHECK_INT(xmpp_roster_event_get_type(NULL), 0);
    NOTHING(xmpp_roster_event_get_jid(NULL));
    NOTHING(xmpp_roster_event_get_item(NULL));
    NOTHING(xmpp_roster_event_get_stanza(NULL));
    NOTHING(xmpp_roster_event_get_nick(NULL));
    CHECK_INT(xmpp_roster_event_get_answer(NULL), 0);
    CHECK_INT(xmpp_roster_event_is_cached(NULL), 0);
    CHECK_INT(xmpp_roster_event_get_error(NULL), 0);
}

static void presence(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_jid *jid;
    CHECK_INT(xmpp_jid_parse(&jid, "a@b"), 0);
    INVAL(xmpp_presence_enable(NULL));
    CHECK_INT(xmpp_presence_enable(conn), XMPP_E_REQUIRES);
    INVAL(xmpp_presence_set_own(NULL, NULL));
    CHECK_INT(xmpp_presence_set_own(conn, NULL), XMPP_E_REQUIRES);
    NOTHING(xmpp_presence_get_own(NULL));
    INVAL(xmpp_presence_hold(NULL, 1));
    CHECK_INT(xmpp_presence_hold(conn, 1), XMPP_E_REQUIRES);
    CHECK(!xmpp_presence_is_announced(NULL));
    INVAL(xmpp_presence_direct(NULL, jid, NULL));
    INVAL(xmpp_presence_direct(conn, NULL, NULL));
    NOTHING(xmpp_presence_get_directed(NULL, 0));
    CHECK(!xmpp_presence_is_room(NULL, jid));
    INVAL(xmpp_presence_probe(NULL, jid));
    INVAL(xmpp_presence_probe(conn, NULL));
    CHECK(!xmpp_presence_may_see(NULL, jid));
    INVAL(xmpp_presence_on_resource(NULL, NULL, NULL, NULL));
    NOTHING(xmpp_presence_get_resource_at(NULL, jid, 0));
    NOTHING(xmpp_presence_get_best(NULL, jid));
    NOTHING(xmpp_presence_get_resource(NULL, jid));
    NOTHING(xmpp_presence_get_present(NULL, 0));
    INVAL(xmpp_presence_set_limit(NULL, XMPP_PRESENCE_RESOURCES, 1));
    CHECK_INT(xmpp_roster_enable(conn), 0);
    CHECK_INT(xmpp_presence_enable(conn), 0);
    CHECK_INT(xmpp_presence_hold(conn, 0), XMPP_E_STATE);
    CHECK(!xmpp_presence_is_room(conn, NULL));
    CHECK(!xmpp_presence_may_see(conn, NULL));
    CHECK(!xmpp_presence_may_see(conn, jid));
    NOTHING(xmpp_presence_get_best(conn, NULL));
    NOTHING(xmpp_presence_get_resource(conn, NULL));
    NOTHING(xmpp_presence_get_present(conn, 0));
    INVAL(xmpp_presence_set_limit(conn, 3, 1));
    CHECK_INT(xmpp_presence_on_resource(conn, NULL, NULL, NULL), 0);
    NOTHING(xmpp_resource_get_jid(NULL));
    NOTHING(xmpp_resource_get_presence(NULL));
    xmpp_conn_unref(conn);
    xmpp_jid_unref(jid);
}

static void chats(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_jid *jid;
    CHECK_INT(xmpp_jid_parse(&jid, "a@b"), 0);
    INVAL(xmpp_chat_enable(NULL));
    CHECK_INT(xmpp_chat_enable(conn), XMPP_E_REQUIRES);
    INVAL(xmpp_chat_open(NULL, jid, NULL));
    INVAL(xmpp_chat_open(conn, NULL, NULL));
    CHECK_INT(xmpp_chat_open(conn, jid, NULL), XMPP_E_REQUIRES);
    NOTHING(xmpp_chat_get(NULL, jid));
    NOTHING(xmpp_chat_get(conn, NULL));
    NOTHING(xmpp_chat_of(NULL, NULL));
    INVAL(xmpp_chat_close(NULL, NULL));
    INVAL(xmpp_chat_close(conn, NULL));
    INVAL(xmpp_chat_share_presence(NULL, NULL, 1));
    INVAL(xmpp_chat_set_limit(NULL, 1));
    CHECK_INT(xmpp_chat_set_limit(conn, 1), XMPP_E_REQUIRES);
    CHECK(!xmpp_chat_was_stored(NULL, NULL, NULL));
    NOTHING(xmpp_chat_ref(NULL));
    NOTHING(xmpp_chat_unref(NULL));
    NOTHING(xmpp_chat_get_peer(NULL));
    NOTHING(xmpp_chat_get_to(NULL));
    CHECK_INT(xmpp_chat_get_type(NULL), XMPP_MESSAGE_NORMAL);
    NOTHING(xmpp_chat_get_thread(NULL));
    CHECK(!xmpp_chat_is_over(NULL));
    CHECK(!xmpp_chat_is_private(NULL));
    NOTHING(xmpp_chat_new_message(NULL));
    INVAL(xmpp_chat_begin_thread(NULL, 0));
    INVAL(xmpp_chat_set_thread(NULL, NULL, NULL));
    CHECK_INT(xmpp_roster_enable(conn), 0);
    CHECK_INT(xmpp_presence_enable(conn), 0);
    CHECK_INT(xmpp_chat_enable(conn), 0);
    NOTHING(xmpp_chat_of(conn, NULL));
    CHECK_INT(xmpp_chat_open(conn, jid, NULL), 0);
    INVAL(xmpp_chat_set_thread(xmpp_chat_get(conn, jid), NULL, "parent"));
    xmpp_conn_unref(conn);
    xmpp_jid_unref(jid);
}

static void blocking(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_jid *jid = NULL;
    CHECK_INT(xmpp_jid_parse(&jid, "romeo@montague.example"), 0);
    const xmpp_jid *jids[] = {jid, NULL};
    INVAL(xmpp_blocking_enable(NULL));
    INVAL(xmpp_blocking_keep(NULL, 1));
    CHECK_INT(xmpp_blocking_keep(conn, 1), XMPP_E_REQUIRES);
    INVAL(xmpp_blocking_set_max(NULL, 1));
    INVAL(xmpp_blocking_set_max(conn, -1));
    CHECK_INT(xmpp_blocking_set_max(conn, 1), XMPP_E_REQUIRES);
    INVAL(xmpp_blocking_on_event(NULL, NULL, NULL, NULL));
    CHECK_INT(xmpp_blocking_on_event(conn, NULL, NULL, NULL), XMPP_E_REQUIRES);
    CHECK(!xmpp_blocking_is_loaded(NULL));
    CHECK(!xmpp_blocking_is_blocked(NULL, jid));
    CHECK_INT(xmpp_blocking_enable(conn), 0);
    CHECK(!xmpp_blocking_is_blocked(conn, NULL));
    NOTHING(xmpp_blocking_get_at(NULL, 0));
    NOTHING(xmpp_blocking_get_at(conn, 0));
    INVAL(xmpp_blocking_block(NULL, NULL, jids, 1, 0, no_answer, NULL, NULL));
    INVAL(xmpp_blocking_block(conn, NULL, NULL, 1, 0, no_answer, NULL, NULL));
    INVAL(xmpp_blocking_block(conn, NULL, jids, 0, 0, no_answer, NULL, NULL));
    INVAL(xmpp_blocking_block(conn, NULL, jids, 2, 0, no_answer, NULL, NULL));
    INVAL(xmpp_blocking_unblock(conn, NULL, jids, 0, 0, no_answer, NULL, NULL));
    INVAL(xmpp_blocking_unblock(conn, NULL, jids, 1, 0, NULL, NULL, NULL));
    INVAL(xmpp_blocking_unblock_all(NULL, NULL, 0, no_answer, NULL, NULL));
    CHECK(!xmpp_blocking_is_error(NULL));
    xmpp_jid_unref(jid);
    xmpp_conn_unref(conn);
}

static void idle(void)
{
    int64_t ms = 0;
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    INVAL(xmpp_idle_enable(NULL));
    INVAL(xmpp_idle_begin(NULL, 0));
    CHECK_INT(xmpp_idle_begin(conn, 0), XMPP_E_REQUIRES);
    INVAL(xmpp_idle_end(NULL));
    CHECK_INT(xmpp_idle_end(conn), XMPP_E_REQUIRES);
    CHECK_INT(xmpp_idle_get_since(NULL, &ms), XMPP_E_NOT_FOUND);
    CHECK_INT(xmpp_idle_get_since(presence, NULL), XMPP_E_NOT_FOUND);
    xmpp_stanza_unref(presence);
    xmpp_conn_unref(conn);
}

static void private_storage(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_stanza *data = xmpp_stanza_new("data", "urn:data");
    const xmpp_elem *root = xmpp_stanza_get_root(data);
    INVAL(xmpp_private_storage_get(NULL, NULL, "name", "ns", 0, no_answer, NULL, NULL));
    INVAL(xmpp_private_storage_get(conn, NULL, NULL, "ns", 0, no_answer, NULL, NULL));
    INVAL(xmpp_private_storage_get(conn, NULL, "name", NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_private_storage_get(conn, NULL, "name", "ns", 0, NULL, NULL, NULL));
    INVAL(xmpp_private_storage_set(NULL, NULL, root, 0, no_answer, NULL, NULL));
    INVAL(xmpp_private_storage_set(conn, NULL, NULL, 0, no_answer, NULL, NULL));
    NOTHING(xmpp_private_storage_read(NULL, "name", "ns"));
    NOTHING(xmpp_private_storage_read(data, NULL, NULL));
    xmpp_elem_set_attr(xmpp_stanza_root(data), "no name", "x");
    CHECK_INT(xmpp_private_storage_set(conn, NULL, root, 0, no_answer, NULL, NULL), XMPP_E_NAME);
    xmpp_stanza_unref(data);
    xmpp_conn_unref(conn);
}

static void vcard(void)
{
    uint8_t *bytes = NULL;
    size_t n = 0;
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_stanza *card = xmpp_vcard_new();
    xmpp_elem *root = xmpp_stanza_root(card);
    INVAL(xmpp_vcard_request(NULL, NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_vcard_request(conn, NULL, NULL, 0, NULL, NULL, NULL));
    INVAL(xmpp_vcard_publish(NULL, NULL, root, 0, no_answer, NULL, NULL));
    INVAL(xmpp_vcard_publish(conn, NULL, NULL, 0, no_answer, NULL, NULL));
    NOTHING(xmpp_vcard_read(NULL));
    CHECK(!xmpp_vcard_is_none(NULL));
    NOTHING(xmpp_vcard_get_text(NULL, "FN"));
    NOTHING(xmpp_vcard_get_text(root, NULL));
    NOTHING(xmpp_vcard_get_text(root, ""));
    NOTHING(xmpp_vcard_get_preferred(NULL, "TEL"));
    NOTHING(xmpp_vcard_get_preferred(root, NULL));
    INVAL(xmpp_vcard_get_photo(NULL, "PHOTO", 0, NULL, &bytes, &n));
    INVAL(xmpp_vcard_get_photo(root, NULL, 0, NULL, &bytes, &n));
    INVAL(xmpp_vcard_get_photo(root, "PHOTO", 0, NULL, NULL, &n));
    INVAL(xmpp_vcard_get_photo(root, "PHOTO", 0, NULL, &bytes, NULL));
    xmpp_vcard_set_text(NULL, "FN", "x");
    xmpp_vcard_set_text(root, NULL, "x");
    xmpp_vcard_set_text(root, "FN", NULL);
    INVAL(xmpp_vcard_set_photo(NULL, "PHOTO", "image/png", "x", 1));
    INVAL(xmpp_vcard_set_photo(root, NULL, "image/png", "x", 1));
    INVAL(xmpp_vcard_set_photo(root, "PHOTO", NULL, "x", 1));
    CHECK_INT(xmpp_vcard_set_photo(root, "PHOTO", NULL, NULL, 0), 0);
    xmpp_elem_set_attr(root, "no name", "x");
    CHECK_INT(xmpp_vcard_publish(conn, NULL, root, 0, no_answer, NULL, NULL), XMPP_E_NAME);
    xmpp_stanza_unref(card);
    xmpp_conn_unref(conn);
}

static void no_time(xmpp_conn *conn, int error, int64_t utc_ms, int offset,
                    const xmpp_stanza *reply, void *userdata)
{
    (void)utc_ms;
    (void)offset;
    no_answer(conn, error, reply, userdata);
}

static void asking_for_time(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_time_enable(NULL));
    INVAL(xmpp_time_set_answering(NULL, 1));
    CHECK_INT(xmpp_time_set_answering(conn, 1), XMPP_E_REQUIRES);
    INVAL(xmpp_time_set_offset(NULL, 0));
    CHECK_INT(xmpp_time_set_offset(conn, 0), XMPP_E_REQUIRES);
    INVAL(xmpp_time_request(NULL, NULL, "b", 0, no_time, NULL, NULL));
    INVAL(xmpp_time_request(conn, NULL, NULL, 0, no_time, NULL, NULL));
    INVAL(xmpp_time_request(conn, NULL, "b", 0, NULL, NULL, NULL));
    xmpp_conn_unref(conn);
}

static void no_version(xmpp_conn *conn, int error, const char *name, const char *number,
                       const char *os, const xmpp_stanza *reply, void *userdata)
{
    (void)name;
    (void)number;
    (void)os;
    no_answer(conn, error, reply, userdata);
}

static void asking_for_version(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_version_enable(NULL));
    INVAL(xmpp_version_set_software(NULL, "x", "1", NULL));
    CHECK_INT(xmpp_version_set_software(conn, NULL, NULL, NULL), XMPP_E_REQUIRES);
    INVAL(xmpp_version_request(NULL, NULL, "b", 0, no_version, NULL, NULL));
    INVAL(xmpp_version_request(conn, NULL, NULL, 0, no_version, NULL, NULL));
    INVAL(xmpp_version_request(conn, NULL, "b", 0, NULL, NULL, NULL));
    xmpp_conn_unref(conn);
}

static void no_last_activity(xmpp_conn *conn, int error, int64_t seconds, const char *status,
                             const xmpp_stanza *reply, void *userdata)
{
    (void)seconds;
    (void)status;
    no_answer(conn, error, reply, userdata);
}

static void asking_for_last_activity(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_last_activity_enable(NULL));
    INVAL(xmpp_last_activity_set_answering(NULL, 1));
    CHECK_INT(xmpp_last_activity_set_answering(conn, 1), XMPP_E_REQUIRES);
    INVAL(xmpp_last_activity_note(NULL));
    CHECK_INT(xmpp_last_activity_note(conn), XMPP_E_REQUIRES);
    INVAL(xmpp_last_activity_request(NULL, NULL, "b", 0, no_last_activity, NULL, NULL));
    INVAL(xmpp_last_activity_request(conn, NULL, NULL, 0, no_last_activity, NULL, NULL));
    INVAL(xmpp_last_activity_request(conn, NULL, "b", 0, NULL, NULL, NULL));
    xmpp_conn_unref(conn);
}

static void no_count(xmpp_conn *conn, int error, size_t count, const xmpp_stanza *reply,
                     void *userdata)
{
    (void)count;
    no_answer(conn, error, reply, userdata);
}

static void addresses(void)
{
    xmpp_jid *jid = NULL;
    xmpp_stanza *reply = NULL;
    xmpp_stanza *message = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    CHECK_INT(xmpp_jid_parse(&jid, "romeo@montague.example"), 0);
    INVAL(xmpp_addresses_add(NULL, XMPP_ADDRESS_TO, jid, NULL, NULL));
    INVAL(xmpp_addresses_add(message, XMPP_ADDRESS_TO, NULL, NULL, NULL));
    NOTHING(xmpp_addresses_get_at(NULL, 0));
    CHECK_INT(xmpp_address_get_type(NULL), 0);
    INVAL(xmpp_address_get_jid(NULL, &jid));
    INVAL(xmpp_address_get_jid(xmpp_stanza_get_root(message), NULL));
    NOTHING(xmpp_address_get_uri(NULL));
    NOTHING(xmpp_address_get_node(NULL));
    NOTHING(xmpp_address_get_desc(NULL));
    CHECK(!xmpp_address_is_delivered(NULL));
    INVAL(xmpp_addresses_reply(NULL, jid, jid, &reply));
    INVAL(xmpp_addresses_reply(message, NULL, jid, &reply));
    INVAL(xmpp_addresses_reply(message, jid, NULL, &reply));
    INVAL(xmpp_addresses_reply(message, jid, jid, NULL));
    CHECK(!xmpp_addresses_is_diverted(NULL));
    xmpp_stanza_unref(message);
    xmpp_jid_unref(jid);
}

static void invisible(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    INVAL(xmpp_invisible_enable(NULL));
    INVAL(xmpp_invisible_begin(NULL, NULL, 1, 0, no_answer, NULL, NULL));
    INVAL(xmpp_invisible_begin(conn, NULL, 1, 0, NULL, NULL, NULL));
    CHECK_INT(xmpp_invisible_begin(conn, NULL, 1, 0, no_answer, NULL, NULL), XMPP_E_REQUIRES);
    INVAL(xmpp_invisible_end(NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_invisible_end(conn, NULL, 0, NULL, NULL, NULL));
    CHECK(!xmpp_invisible_is_on(NULL));
    INVAL(xmpp_presence_set_hidden(NULL, 1));
    CHECK_INT(xmpp_presence_set_hidden(conn, 1), XMPP_E_REQUIRES);
    xmpp_conn_unref(conn);
}

static void offline_retrieval(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    const char *const nodes[] = {"node", NULL};
    INVAL(xmpp_offline_retrieval_enable(NULL));
    INVAL(xmpp_offline_retrieval_count(NULL, NULL, 0, no_count, NULL, NULL));
    INVAL(xmpp_offline_retrieval_count(conn, NULL, 0, NULL, NULL, NULL));
    INVAL(xmpp_offline_retrieval_request_headers(NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_offline_retrieval_request_headers(conn, NULL, 0, NULL, NULL, NULL));
    NOTHING(xmpp_offline_retrieval_get_header(NULL, NULL));
    NOTHING(xmpp_offline_header_get_node(NULL));
    NOTHING(xmpp_offline_header_get_from(NULL));
    CHECK_INT(xmpp_offline_retrieval_view(conn, NULL, nodes, 1, 0, no_answer, NULL, NULL),
              XMPP_E_REQUIRES);
    CHECK_INT(xmpp_offline_retrieval_enable(conn), 0);
    INVAL(xmpp_offline_retrieval_view(NULL, NULL, nodes, 1, 0, no_answer, NULL, NULL));
    INVAL(xmpp_offline_retrieval_view(conn, NULL, NULL, 1, 0, no_answer, NULL, NULL));
    INVAL(xmpp_offline_retrieval_view(conn, NULL, nodes, 0, 0, no_answer, NULL, NULL));
    INVAL(xmpp_offline_retrieval_view(conn, NULL, nodes, 2, 0, no_answer, NULL, NULL));
    INVAL(xmpp_offline_retrieval_view(conn, NULL, nodes, 1, 0, NULL, NULL, NULL));
    INVAL(xmpp_offline_retrieval_fetch(NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_offline_retrieval_fetch(conn, NULL, 0, NULL, NULL, NULL));
    INVAL(xmpp_offline_retrieval_remove(NULL, NULL, nodes, 1, 0, no_answer, NULL, NULL));
    INVAL(xmpp_offline_retrieval_remove(conn, NULL, nodes, 2, 0, no_answer, NULL, NULL));
    INVAL(xmpp_offline_retrieval_purge(NULL, NULL, 0, no_answer, NULL, NULL));
    NOTHING(xmpp_offline_retrieval_get_node(NULL));
    xmpp_conn_unref(conn);
}

static void privacy(void)
{
    xmpp_conn *conn = xmpp_conn_new();
    xmpp_stanza *list = xmpp_privacy_list_new("list");
    NOTHING(xmpp_privacy_list_new(NULL));
    INVAL(xmpp_privacy_enable(NULL));
    INVAL(xmpp_privacy_on_change(NULL, NULL, NULL, NULL));
    CHECK_INT(xmpp_privacy_on_change(conn, NULL, NULL, NULL), XMPP_E_REQUIRES);
    INVAL(xmpp_privacy_request_names(NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_privacy_request_list(conn, NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_privacy_set_list(conn, NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_privacy_set_list(conn, NULL, list, 0, no_answer, NULL, NULL));
    INVAL(xmpp_privacy_remove_list(conn, NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_privacy_set_active(NULL, NULL, NULL, 0, no_answer, NULL, NULL));
    INVAL(xmpp_privacy_set_active(conn, NULL, NULL, 0, NULL, NULL, NULL));
    INVAL(xmpp_privacy_set_default(NULL, NULL, NULL, 0, no_answer, NULL, NULL));
    NOTHING(xmpp_privacy_get_active(NULL));
    NOTHING(xmpp_privacy_get_default(NULL));
    NOTHING(xmpp_privacy_get_name_at(NULL, 0));
    NOTHING(xmpp_privacy_get_list(NULL));
    CHECK_INT(xmpp_privacy_rule_get_kind(NULL), XMPP_PRIVACY_ALL);
    NOTHING(xmpp_privacy_rule_get_value(NULL));
    CHECK_INT(xmpp_privacy_rule_get_order(NULL), -1);
    CHECK(!xmpp_privacy_rule_is_deny(NULL));
    CHECK_INT(xmpp_privacy_rule_get_what(NULL), XMPP_PRIVACY_EVERYTHING);
    INVAL(xmpp_privacy_list_add(NULL, XMPP_PRIVACY_ALL, NULL, 1, 0));
    INVAL(xmpp_privacy_list_add(list, XMPP_PRIVACY_JID, NULL, 1, 0));
    xmpp_stanza_unref(list);
    xmpp_conn_unref(conn);
}

static void im(void)
{
    CHECK(xmpp_im_enable(NULL) < 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"im", im},
        {"a connection that is NULL has no modules", a_connection_that_is_null_has_no_modules},
        {"carbons", carbons},
        {"chat states", chat_states},
        {"correction", correction},
        {"delay", delay},
        {"forwarded", forwarded},
        {"hints", hints},
        {"markers", markers},
        {"receipts", receipts},
        {"presence", presence},
        {"chats", chats},
        {"roster", roster},
        {"items and events of the roster", items_and_events_of_the_roster},
        {"stanza ids", stanza_ids},
        {"pings", pings},
        {"capabilities are nothing", capabilities_are_nothing},
        {"commands are offered to nobody", commands_are_offered_to_nobody},
        {"commands are nothing", commands_are_nothing},
        {"service discovery answers nothing", disco_answers_nothing},
        {"service discovery reads nothing", disco_reads_nothing},
        {"forms are nothing", forms_are_nothing},
        {"forms are filled with nothing", forms_are_filled_with_nothing},
        {"result sets are nothing", result_sets_are_nothing},
        {"blocking", blocking},
        {"idle", idle},
        {"private storage", private_storage},
        {"vcard", vcard},
        {"time", asking_for_time},
        {"version", asking_for_version},
        {"last activity", asking_for_last_activity},
        {"addresses", addresses},
        {"invisible", invisible},
        {"offline retrieval", offline_retrieval},
        {"privacy", privacy},
    };
    return CHECK_MAIN(argc, argv, "conn-null-modules", cases);
}
