/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of process: bounded whatever the peer sends and whatever handlers do. What a turn
 * costs, and what it does, is tests/world/test_promises.c. */
#include <string.h>

#include "conn/server_tls.h"

enum { ROOM = 32768 };

/* --- how much is done ----------------------------------------------------------------------------- */

static int count_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    ++*(int *)userdata;
    return 1;
}

static void a_turn_handles_so_many_stanzas(void)
{
    struct kit kit;
    int n = 0;
    kit_begin(&kit);
    CHECK_INT(xmpp_conn_on_message(kit.conn, NULL, count_stanza, &n, NULL), 0);
    CHECK_INT(xmpp_conn_set_limit(kit.conn, XMPP_LIMIT_TURN_STANZAS, 5), 0);
    kit_online(&kit);
    for (int i = 0; i < 12; i++) {
        world_say_text(kit.fd, "<message/>");
    }
    for (int turn = 1; turn <= 3; turn++) {
        CHECK_INT(xmpp_conn_process(kit.conn), 0);
        CHECK_INT(n, turn < 3 ? 5 * turn : 12);
        CHECK_INT(xmpp_conn_get_timeout(kit.conn),
                  turn < 3 ? 0 : -1); /* nothing hangs in a buffer */
    }
    kit_end(&kit);
}

static void a_turn_receives_so_many_bytes(void)
{
    struct kit kit;
    static char spaces[400001];
    kit_begin(&kit);
    kit_online(&kit);
    memset(spaces, ' ', sizeof spaces - 1);
    world_say_text(kit.fd, spaces);
    int64_t limit = xmpp_conn_get_limit(kit.conn, XMPP_LIMIT_TURN_BYTES);
    while (world_unread(kit.fd) > 0) {
        int64_t before = xmpp_conn_get_stat(kit.conn, XMPP_STAT_BYTES_RECEIVED);
        CHECK_INT(xmpp_conn_process(kit.conn), 0);
        int64_t got = xmpp_conn_get_stat(kit.conn, XMPP_STAT_BYTES_RECEIVED) - before;
        CHECK(got > 0 && got <= limit + ROOM);
    }
    kit_end(&kit);
}

/* Records of one byte each are dear: it is what they cost on the wire that counts. */
static void a_turn_of_tls_is_bounded_by_what_is_on_the_wire(void)
{
    struct kit kit;
    struct server_tls server;
    static char spaces[20001];
    server_tls_begin(&server, &kit);
    server_tls_connect(&server);
    server_tls_say(&server,
                   "<stream:stream from='capulet.example' id='s1' version='1.0' "
                   "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
    memset(spaces, ' ', sizeof spaces - 1);
    server_tls_say_bytewise(&server, spaces);
    CHECK(world_unread(kit.fd) > 400000);
    int64_t limit = xmpp_conn_get_limit(kit.conn, XMPP_LIMIT_TURN_BYTES);
    while (world_unread(kit.fd) > 0) {
        int64_t before = xmpp_conn_get_stat(kit.conn, XMPP_STAT_BYTES_RECEIVED);
        CHECK_INT(xmpp_conn_process(kit.conn), 0);
        int64_t got = xmpp_conn_get_stat(kit.conn, XMPP_STAT_BYTES_RECEIVED) - before;
        CHECK(got <= limit + ROOM);
    }
    kit_run(&kit);
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_SECURING);
    CHECK_INT(xmpp_conn_get_timeout(kit.conn), 20000);
    server_tls_end(&server);
}

/* --- handlers that make work ------------------------------------------------------------------------ */

static void ask_again(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)reply;
    CHECK_INT(error, XMPP_E_OFFLINE);
    ++*(int *)userdata;
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem_add(xmpp_stanza_root(iq), "ping", "urn:xmpp:ping");
    CHECK_INT(xmpp_conn_request(conn, NULL, iq, 0, ask_again, userdata, NULL), 0);
    xmpp_stanza_unref(iq);
}

static void a_reply_that_asks_again_is_answered_in_the_next_turn(void)
{
    struct kit kit;
    int n = 0;
    kit_begin(&kit);
    ask_again(kit.conn, XMPP_E_OFFLINE, NULL, &n);
    for (int turn = 1; turn <= 20; turn++) {
        CHECK_INT(xmpp_conn_get_timeout(kit.conn), 0);
        CHECK_INT(xmpp_conn_process(kit.conn), 0);
        CHECK_INT(n, 1 + turn);
    }
    kit_end(&kit);
}

static void fill_again(xmpp_conn *conn, void *userdata)
{
    ++*(int *)userdata;
    while (xmpp_conn_send_text(conn, "<message to='a@b'/>", 19) == 0) {
    }
}

static void a_handler_that_fills_the_queue_again_is_called_once_a_turn(void)
{
    struct kit kit;
    int n = 0;
    kit_begin(&kit);
    CHECK_INT(xmpp_conn_set_limit(kit.conn, XMPP_LIMIT_QUEUE_HIGH, 1024), 0);
    CHECK_INT(xmpp_conn_on_writable(kit.conn, NULL, fill_again, &n, NULL), 0);
    kit_online(&kit);
    fill_again(kit.conn, &n);
    for (int turn = 1; turn <= 20; turn++) {
        CHECK_INT(xmpp_conn_process(kit.conn), 0);
        CHECK_INT(n, 1 + turn);
    }
    kit_end(&kit);
}

/* --- the clock of SASL ---------------------------------------------------------------------------- */

static void begin_scram(struct kit *kit, int64_t total)
{
    kit_begin(kit);
    CHECK_INT(xmpp_conn_set_anonymous(kit->conn, 0), 0);
    CHECK_INT(xmpp_conn_set_jid(kit->conn, "juliet@capulet.example"), 0);
    CHECK_INT(xmpp_conn_set_password(kit->conn, "secret"), 0);
    CHECK_INT(xmpp_conn_set_limit(kit->conn, XMPP_LIMIT_CONNECT_TIME, total), 0);
    CHECK_INT(xmpp_conn_connect(kit->conn), 0);
    kit_run(kit);
    kit->fd = world_accept();
    kit_say(kit, "<stream:stream from='capulet.example' id='s1' version='1.0' "
                 "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
                 "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                 "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>");
}

/* All of it together has its deadline, also while the processor works. */
static void the_total_goes_on_during_pbkdf2(void)
{
    struct kit kit;
    begin_scram(&kit, 40000);
    world_say_text(kit.fd, kit_challenge(kit_heard(&kit), 400000));
    for (int i = 0; i < 12 && xmpp_conn_get_state(kit.conn) != XMPP_STATE_OFFLINE; i++) {
        CHECK_INT(xmpp_conn_process(kit.conn), 0);
        world_advance(4000);
    }
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_OFFLINE);
    CHECK_INT(xmpp_error_get_code(xmpp_conn_get_error(kit.conn)), XMPP_E_TIMEOUT);
    CHECK_INT(xmpp_error_get_phase(xmpp_conn_get_error(kit.conn)), XMPP_PHASE_SASL);
    kit_end(&kit);
}

static void change_network(xmpp_conn *conn, int state, void *userdata)
{
    ++*(int *)userdata;
    if (state == XMPP_STATE_CONNECTING) {
        CHECK_INT(xmpp_conn_network_changed(conn), 0);
    }
}

/* Each begins the attempt anew, and each in a turn of its own. */
static void a_handler_for_which_the_network_changes_for_ever_has_turns(void)
{
    struct kit kit;
    int n = 0;
    kit_begin(&kit);
    world_set_file("/etc/hosts", "192.0.2.1 xmpp.capulet.example\n");
    CHECK_INT(xmpp_conn_set_server(kit.conn, "xmpp.capulet.example", 0), 0);
    CHECK_INT(xmpp_conn_on_state(kit.conn, NULL, change_network, &n, NULL), 0);
    CHECK_INT(xmpp_conn_connect(kit.conn), 0);
    for (int turn = 0; turn < 5; turn++) {
        int before = n;
        CHECK_INT(xmpp_conn_process(kit.conn), 0);
        CHECK(n > before && n <= before + 4);
        CHECK_INT(xmpp_conn_get_timeout(kit.conn), 0);
    }
    CHECK_INT(xmpp_conn_disconnect(kit.conn), 0);
    kit_run(&kit);
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_OFFLINE);
    kit_end(&kit);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a turn handles so many stanzas", a_turn_handles_so_many_stanzas},
        {"a turn receives so many bytes", a_turn_receives_so_many_bytes},
        {"a turn of TLS is bounded by what is on the wire",
         a_turn_of_tls_is_bounded_by_what_is_on_the_wire},
        {"a reply that asks again is answered in the next turn",
         a_reply_that_asks_again_is_answered_in_the_next_turn},
        {"a handler that fills the queue again is called once a turn",
         a_handler_that_fills_the_queue_again_is_called_once_a_turn},
        {"a handler for which the network changes for ever has turns",
         a_handler_for_which_the_network_changes_for_ever_has_turns},
        {"the total goes on during PBKDF2", the_total_goes_on_during_pbkdf2},
    };
    return CHECK_MAIN(argc, argv, "conn-turn", cases);
}
