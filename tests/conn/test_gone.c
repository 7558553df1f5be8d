/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What modules ask, where the watch drops the last reference before the call has returned: the request
 * was made, so its userdata is destroyed with the connection, once, and the call says that it is gone. And
 * what modules tell, where the userdata of the handler before drops it. */
#include "conn/kit.h"

struct person {
    xmpp_conn *conn; /* dropped as soon as the timer is told anything; NULL: it is not */
    int destroyed;
};

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    struct person *person = userdata;
    (void)conn;
    (void)fd;
    (void)events;
    (void)was;
    (void)fd_data;
    person->conn = xmpp_conn_unref(person->conn);
    return 0;
}

static int on_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    struct person *person = userdata;
    (void)conn;
    (void)timeout_ms;
    person->conn = xmpp_conn_unref(person->conn);
    return 0;
}

static void on_destroy(void *userdata)
{
    struct person *person = userdata;
    person->destroyed++;
    person->conn = xmpp_conn_unref(person->conn);
}

/* The handler of every type, as none is called: who drops a connection is asked no more. */
static void never(void)
{
    CHECK_FAIL("a handler is called");
}

/* --- what is asked ---------------------------------------------------------------------------------- */

#define NOBODY      "nobody@montague.example/orchard"
#define GIVEN(type) (type) never, person, on_destroy

static int ping(xmpp_conn *conn, struct person *person)
{
    return xmpp_ping_send(conn, NULL, NOBODY, 0, GIVEN(xmpp_ping_fn));
}

static int local_time(xmpp_conn *conn, struct person *person)
{
    return xmpp_time_request(conn, NULL, NOBODY, 0, GIVEN(xmpp_time_fn));
}

static int version(xmpp_conn *conn, struct person *person)
{
    return xmpp_version_request(conn, NULL, NOBODY, 0, GIVEN(xmpp_version_fn));
}

static int last_activity(xmpp_conn *conn, struct person *person)
{
    return xmpp_last_activity_request(conn, NULL, NOBODY, 0, GIVEN(xmpp_last_activity_fn));
}

static int info(xmpp_conn *conn, struct person *person)
{
    return xmpp_disco_get_info(conn, NULL, NOBODY, NULL, GIVEN(xmpp_disco_info_fn));
}

static int items(xmpp_conn *conn, struct person *person)
{
    return xmpp_disco_get_items(conn, NULL, NOBODY, NULL, NULL, GIVEN(xmpp_disco_items_fn));
}

static int commands(xmpp_conn *conn, struct person *person)
{
    return xmpp_commands_list(conn, NULL, NOBODY, GIVEN(xmpp_disco_items_fn));
}

static int command(xmpp_conn *conn, struct person *person)
{
    return xmpp_command_execute(conn, NULL, NOBODY, "dance", GIVEN(xmpp_command_fn));
}

static int prompt(xmpp_conn *conn, struct person *person)
{
    return xmpp_gateway_get_prompt(conn, NULL, "gate.example", NULL, GIVEN(xmpp_gateway_prompt_fn));
}

static int address(xmpp_conn *conn, struct person *person)
{
    return xmpp_gateway_get_address(conn, NULL, "gate.example", "nurse",
                                    GIVEN(xmpp_gateway_address_fn));
}

static int count(xmpp_conn *conn, struct person *person)
{
    return xmpp_offline_retrieval_count(conn, NULL, 0, GIVEN(xmpp_offline_count_fn));
}

static int fetch(xmpp_conn *conn, struct person *person)
{
    return xmpp_offline_retrieval_fetch(conn, NULL, 0, GIVEN(xmpp_reply_fn));
}

static int hide(xmpp_conn *conn, struct person *person)
{
    return xmpp_invisible_begin(conn, NULL, 0, 0, GIVEN(xmpp_reply_fn));
}

static int registration(xmpp_conn *conn, struct person *person)
{
    return xmpp_register_get(conn, NULL, "gate.example", GIVEN(xmpp_register_fn));
}

static int contact(xmpp_conn *conn, struct person *person)
{
    xmpp_jid *jid = NULL;
    CHECK_INT(xmpp_jid_parse(&jid, NOBODY), 0);
    int result = xmpp_roster_set(conn, NULL, jid, "Nobody", NULL, 0, GIVEN(xmpp_reply_fn));
    xmpp_jid_unref(jid);
    return result;
}

static int card(xmpp_conn *conn, struct person *person)
{
    return xmpp_vcard_request(conn, NULL, NOBODY, 0, GIVEN(xmpp_reply_fn));
}

static int unblock(xmpp_conn *conn, struct person *person)
{
    return xmpp_blocking_unblock_all(conn, NULL, 0, GIVEN(xmpp_reply_fn));
}

static void try(const char *name, int (*ask)(xmpp_conn *conn, struct person *person))
{
    struct kit kit;
    struct person person = {0};
    check_note("%s", name);
    kit_begin(&kit);
    CHECK_INT(xmpp_roster_enable(kit.conn), 0);
    CHECK_INT(xmpp_presence_enable(kit.conn), 0);
    CHECK_INT(xmpp_invisible_enable(kit.conn), 0);
    CHECK_INT(xmpp_offline_retrieval_enable(kit.conn), 0);
    CHECK_INT(xmpp_register_enable(kit.conn), 0);
    kit_online(&kit);
    CHECK_INT(xmpp_conn_set_watch(kit.conn, on_fd, on_timer, &person, NULL), 0);
    person.conn = kit.conn;
    CHECK_INT(ask(kit.conn, &person), XMPP_E_GONE);
    CHECK_INT(person.destroyed, 1);
    CHECK(!person.conn);
    kit.conn = NULL;
    kit_end(&kit);
}

static void the_last_reference_is_dropped_while_a_module_asks(void)
{
    static const struct {
        const char *name;
        int (*ask)(xmpp_conn *conn, struct person *person);
    } asks[] = {
        {"ping", ping},         {"time", local_time},
        {"version", version},   {"last activity", last_activity},
        {"info", info},         {"items", items},
        {"commands", commands}, {"command", command},
        {"prompt", prompt},     {"address", address},
        {"count", count},       {"fetch", fetch},
        {"hide", hide},         {"registration", registration},
        {"contact", contact},   {"card", card},
        {"unblock", unblock},
    };
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        try(asks[i].name, asks[i].ask);
    }
}

#define FRIEND "friend@montague.example"

/* --- what is sent -------------------------------------------------------------------------------- */

static xmpp_jid *nobody(void)
{
    xmpp_jid *jid = NULL;
    CHECK_INT(xmpp_jid_parse(&jid, NOBODY), 0);
    return jid;
}

static int own(xmpp_conn *conn)
{
    xmpp_stanza *presence = xmpp_presence_new(XMPP_PRESENCE_AVAILABLE, NULL);
    int result = xmpp_presence_set_own(conn, presence);
    xmpp_stanza_unref(presence);
    return result;
}

static int unavailable(xmpp_conn *conn)
{
    return xmpp_presence_set_own(conn, NULL);
}

static int direct(xmpp_conn *conn)
{
    xmpp_jid *jid = nobody();
    int result = xmpp_presence_direct(conn, jid, NULL);
    xmpp_jid_unref(jid);
    return result;
}

static int probe(xmpp_conn *conn)
{
    xmpp_jid *jid = nobody();
    int result = xmpp_presence_probe(conn, jid);
    xmpp_jid_unref(jid);
    return result;
}

static int subscribe(xmpp_conn *conn)
{
    xmpp_jid *jid = nobody();
    int result = xmpp_roster_subscribe(conn, jid, "me", NULL);
    xmpp_jid_unref(jid);
    return result;
}

static int refresh(xmpp_conn *conn)
{
    return xmpp_roster_refresh(conn);
}

static int keep(xmpp_conn *conn)
{
    return xmpp_blocking_keep(conn, 1);
}

static int unwanted(xmpp_conn *conn)
{
    return xmpp_carbons_set_wanted(conn, 0);
}

static int share(xmpp_conn *conn)
{
    xmpp_jid *jid = nobody();
    xmpp_chat *chat = NULL;
    CHECK_INT(xmpp_chat_open(conn, jid, &chat), 0);
    xmpp_jid_unref(jid);
    int result = xmpp_chat_share_presence(conn, chat, 1);
    xmpp_chat_unref(chat);
    return result;
}

static int close_chat(xmpp_conn *conn)
{
    xmpp_jid *jid = NULL;
    CHECK_INT(xmpp_jid_parse(&jid, FRIEND), 0);
    int result = xmpp_chat_close(conn, xmpp_chat_get(conn, jid));
    xmpp_jid_unref(jid);
    return result;
}

static void share_with_friend(xmpp_conn *conn)
{
    xmpp_jid *jid = NULL;
    CHECK_INT(xmpp_jid_parse(&jid, FRIEND), 0);
    CHECK_INT(xmpp_chat_open(conn, jid, NULL), 0);
    CHECK_INT(xmpp_chat_share_presence(conn, xmpp_chat_get(conn, jid), 1), 0);
    xmpp_jid_unref(jid);
}

static int state(xmpp_conn *conn)
{
    xmpp_jid *jid = NULL;
    CHECK_INT(xmpp_jid_parse(&jid, "room@muc.example"), 0);
    int result =
        xmpp_chat_state_send(conn, jid, XMPP_MESSAGE_GROUPCHAT, XMPP_CHAT_STATE_COMPOSING, NULL);
    xmpp_jid_unref(jid);
    return result;
}

static int hold(xmpp_conn *conn)
{
    CHECK_INT(xmpp_presence_hold(conn, 1), 0);
    CHECK_INT(own(conn), 0);
    return xmpp_presence_hold(conn, 0);
}

static void try_to_send(const char *name, int (*send)(xmpp_conn *conn))
{
    struct kit kit;
    struct person person = {0};
    check_note("%s", name);
    kit_begin(&kit);
    CHECK_INT(xmpp_im_enable(kit.conn), 0);
    CHECK_INT(xmpp_blocking_enable(kit.conn), 0);
    kit_online(&kit);
    share_with_friend(kit.conn);
    kit_run(&kit);
    CHECK_INT(xmpp_conn_set_watch(kit.conn, on_fd, on_timer, &person, NULL), 0);
    person.conn = kit.conn;
    CHECK_INT(send(kit.conn), XMPP_E_GONE);
    kit.conn = xmpp_conn_unref(person.conn);
    kit_end(&kit);
}

static void the_last_reference_is_dropped_while_a_module_sends(void)
{
    static const struct {
        const char *name;
        int (*send)(xmpp_conn *conn);
    } sends[] = {
        {"own", own},     {"unavailable", unavailable}, {"direct", direct},
        {"probe", probe}, {"subscribe", subscribe},     {"refresh", refresh},
        {"keep", keep},   {"unwanted", unwanted},       {"share", share},
        {"state", state}, {"close", close_chat},        {"hold", hold},
    };
    for (size_t i = 0; i < sizeof sends / sizeof sends[0]; i++) {
        try_to_send(sends[i].name, sends[i].send);
    }
}

/* --- what is registered anew ------------------------------------------------------------------------ */

static int blocking(xmpp_conn *conn, struct person *person)
{
    return xmpp_blocking_on_event(conn, GIVEN(xmpp_blocking_fn));
}

static int privacy(xmpp_conn *conn, struct person *person)
{
    return xmpp_privacy_on_change(conn, GIVEN(xmpp_privacy_fn));
}

static int carbons(xmpp_conn *conn, struct person *person)
{
    return xmpp_carbons_on_answer(conn, GIVEN(xmpp_carbons_fn));
}

static int caps(xmpp_conn *conn, struct person *person)
{
    return xmpp_caps_on_known(conn, GIVEN(xmpp_caps_fn));
}

static int store(xmpp_conn *conn, struct person *person)
{
    return xmpp_caps_set_store(conn, (xmpp_caps_load_fn)never, GIVEN(xmpp_caps_save_fn));
}

static int may(xmpp_conn *conn, struct person *person)
{
    return xmpp_commands_on_may(conn, GIVEN(xmpp_command_may_fn));
}

static int gateway_ask(xmpp_conn *conn, struct person *person)
{
    return xmpp_gateway_on_ask(conn, GIVEN(xmpp_gateway_ask_fn));
}

static int gateway_event(xmpp_conn *conn, struct person *person)
{
    return xmpp_gateway_on_event(conn, GIVEN(xmpp_gateway_event_fn));
}

static int roster(xmpp_conn *conn, struct person *person)
{
    return xmpp_roster_on_event(conn, GIVEN(xmpp_roster_event_fn));
}

static int resource(xmpp_conn *conn, struct person *person)
{
    return xmpp_presence_on_resource(conn, GIVEN(xmpp_resource_fn));
}

static void register_twice(const char *name, int (*set)(xmpp_conn *conn, struct person *person))
{
    struct person first = {0};
    struct person second = {0};
    xmpp_conn *conn = xmpp_conn_new();
    check_note("%s", name);
    CHECK_INT(xmpp_im_enable(conn), 0);
    CHECK_INT(xmpp_blocking_enable(conn), 0);
    CHECK_INT(xmpp_privacy_enable(conn), 0);
    CHECK_INT(xmpp_commands_enable(conn), 0);
    CHECK_INT(xmpp_gateway_enable(conn), 0);
    CHECK_INT(set(conn, &first), 0);
    first.conn = conn;
    CHECK_INT(set(conn, &second), 0);
    CHECK_INT(first.destroyed, 1);
    CHECK_INT(second.destroyed, 1);
}

static void the_last_reference_is_dropped_by_the_userdata_before(void)
{
    static const struct {
        const char *name;
        int (*set)(xmpp_conn *conn, struct person *person);
    } sets[] = {
        {"blocking", blocking},
        {"privacy", privacy},
        {"carbons", carbons},
        {"caps", caps},
        {"store", store},
        {"may", may},
        {"gateway ask", gateway_ask},
        {"gateway event", gateway_event},
        {"roster", roster},
        {"resource", resource},
    };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        register_twice(sets[i].name, sets[i].set);
    }
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"the last reference is dropped while a module asks",
         the_last_reference_is_dropped_while_a_module_asks},
        {"the last reference is dropped while a module sends",
         the_last_reference_is_dropped_while_a_module_sends},
        {"the last reference is dropped by the userdata before",
         the_last_reference_is_dropped_by_the_userdata_before},
    };
    return CHECK_MAIN(argc, argv, "conn-gone", cases);
}
