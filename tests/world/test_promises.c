/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the connection promises about its turns and costs, beyond what a dialogue can show. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/b64.h"
#include "check.h"
#include "world/desk.h"
#include "world/faults.h"

struct counter {
    int n;
    int answers;
    xmpp_stanza *reply; /* built again and again in the same memory */
};

static int on_message(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    struct counter *counter = userdata;
    (void)stanza;
    counter->n++;
    if (counter->answers) {
        xmpp_message_reset(counter->reply, XMPP_MESSAGE_CHAT, "romeo@montague.example");
        xmpp_elem_add_text_child(xmpp_stanza_root(counter->reply), "body", NULL, "Ay me!");
        CHECK_INT(xmpp_conn_send(conn, counter->reply), 0);
    }
    return 1;
}

static void open_counting(struct desk *desk, struct counter *counter, int answers)
{
    *counter = (struct counter){.answers = answers};
    counter->reply = xmpp_message_new(XMPP_MESSAGE_CHAT, NULL);
    desk_open(desk, 1);
    desk_online(desk);
    CHECK_INT(IN_LIB(xmpp_conn_on_message(desk->conn, NULL, on_message, counter, NULL)), 0);
}

static void close_counting(struct desk *desk, struct counter *counter)
{
    desk_close(desk);
    xmpp_stanza_unref(counter->reply);
}

/* --- turns ---------------------------------------------------------------------------------- */

/* Promise 2. */
static void a_spurious_process_is_harmless(void)
{
    struct desk desk;
    struct counter counter;
    desk_open(&desk, 1);
    for (int i = 0; i < 10; i++) {
        loop_turn(&desk.loop); /* offline */
    }
    CHECK_INT(world_counts()->recvs + world_counts()->sends + world_counts()->connects, 0);
    desk_close(&desk);
    open_counting(&desk, &counter, 1);
    for (int i = 0; i < 10; i++) {
        loop_turn(&desk.loop);
    }
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_ONLINE);
    desk_heard(&desk);
    desk_say(&desk, "<message/>");
    CHECK_INT(counter.n, 1);
    close_counting(&desk, &counter);
}

/* Promise 2: no polling in front, no second receive that finds nothing. */
static void receive_handle_send_are_one_call_each(void)
{
    struct desk desk;
    struct counter counter;
    open_counting(&desk, &counter, 1);
    desk_say(&desk, "<message/>");
    struct world_counts before = *world_counts();
    unsigned turns = desk.loop.turns;
    desk_say(&desk, "<message/><message/><message/><message/><message/>");
    CHECK_INT(counter.n, 6);
    CHECK_INT(desk.loop.turns - turns, 1);
    CHECK_INT(world_counts()->recvs - before.recvs, 1);
    CHECK_INT(world_counts()->sends - before.sends, 1);
    close_counting(&desk, &counter);
}

/* Promises 4 and 5. */
static void a_turn_is_bounded_and_the_rest_makes_the_timeout_zero(void)
{
    struct desk desk;
    struct counter counter;
    open_counting(&desk, &counter, 0);
    CHECK_INT(xmpp_conn_set_limit(desk.conn, XMPP_LIMIT_TURN_STANZAS, 10), 0);
    for (int i = 0; i < 95; i++) {
        world_say_text(desk.fd, "<message><body>Ay me!</body></message>");
    }
    for (int turn = 1; turn <= 10; turn++) {
        loop_turn(&desk.loop);
        CHECK_INT(counter.n, turn < 10 ? turn * 10 : 95);
        CHECK_INT(xmpp_conn_get_timeout(desk.conn) == 0, turn < 10);
    }
    CHECK_INT(xmpp_conn_set_limit(desk.conn, XMPP_LIMIT_TURN_STANZAS, 100000), 0);
    CHECK_INT(xmpp_conn_set_limit(desk.conn, XMPP_LIMIT_TURN_BYTES, 40000), 0);
    for (int i = 0; i < 10000; i++) {
        world_say_text(desk.fd, "<message><body>Ay me!</body></message>");
    }
    uint64_t received = world_counts()->bytes_received;
    loop_turn(&desk.loop);
    CHECK(world_counts()->bytes_received - received <= 40000 + 32768);
    desk_run(&desk);
    CHECK_INT(counter.n, 10095);
    close_counting(&desk, &counter);
}

/* --- PBKDF2 ------------------------------------------------------------------------------------ */

/* Up to the server's challenge for so many rounds. */
static void challenge(struct desk *desk, const char *rounds)
{
    char first[512];
    char server_first[1024];
    char text[2048];
    char b64[512] = "";
    desk_open(desk, 1);
    CHECK_INT(xmpp_conn_set_anonymous(desk->conn, 0), 0);
    CHECK_INT(xmpp_conn_set_jid(desk->conn, "juliet@capulet.example"), 0);
    CHECK_INT(xmpp_conn_set_password(desk->conn, "R0m30-forever"), 0);
    desk_connect(desk);
    desk_say(desk,
             DESK_HEADER "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                         "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>");
    const char *auth = strstr(desk_heard(desk), "'>");
    CHECK(auth && sscanf(auth + 2, "%511[^<]", b64) == 1);
    ptrdiff_t n = xm_b64_decode((uint8_t *)first, b64, strlen(b64));
    CHECK(n > 0);
    first[n > 0 ? n : 0] = '\0';
    const char *nonce = strstr(first, "r=");
    snprintf(server_first, sizeof server_first, "r=%sServer,s=QSXCR+Q6sek8bf92,i=%s",
             nonce ? nonce + 2 : "", rounds);
    char encoded[XM_B64_LEN(sizeof server_first) + 1];
    xm_b64_encode(encoded, server_first, strlen(server_first));
    snprintf(text, sizeof text,
             "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</challenge>", encoded);
    world_say_text(desk->fd, text);
}

/* Promise 1: the rounds are spread over turns, with timeout 0 between them. */
static void pbkdf2_runs_in_slices(void)
{
    struct desk desk;
    challenge(&desk, "500000");
    unsigned turns = 0;
    do {
        loop_turn(&desk.loop);
        turns++;
    } while (xmpp_conn_get_timeout(desk.conn) == 0 && turns < 100000);
    CHECK(turns >= 100); /* 5,000 rounds, a few milliseconds, at most in each */
    printf("# 500,000 rounds in %u turns\n", turns);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_AUTHENTICATING);
    CHECK(strncmp(desk_heard(&desk), "<response ", 10) == 0);
    desk_close(&desk);
}

/* ... and the time they take is not the server's: XMPP_LIMIT_SASL_TIME. A disconnect in the middle
 * ends them. */
static void a_disconnect_ends_pbkdf2(void)
{
    struct desk desk;
    challenge(&desk, "500000");
    for (int i = 0; i < 20; i++) {
        loop_turn(&desk.loop);
        CHECK_INT(xmpp_conn_get_timeout(desk.conn), 0);
    }
    CHECK_INT(IN_LIB(xmpp_conn_disconnect(desk.conn)), 0);
    unsigned turns = desk.loop.turns;
    desk_run(&desk);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_OFFLINE);
    CHECK_INT(xmpp_conn_get_timeout(desk.conn), -1);
    CHECK(desk.loop.turns - turns <= 2);
    CHECK_STR(desk_heard(&desk), "");
    desk_close(&desk);
}

static void pbkdf2_costs_no_deadline(void)
{
    struct desk desk;
    challenge(&desk, "100000");
    for (int i = 0; i < 5; i++) {
        loop_turn(&desk.loop);
        world_advance(9000); /* a slow machine: 45 seconds of computing */
    }
    loop_turn(&desk.loop);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_AUTHENTICATING);
    desk_close(&desk);
}

/* --- costs ----------------------------------------------------------------------------------- */

static const char chat[] =
    "<message from='romeo@montague.example/orchard' to='juliet@capulet.example/balcony' id='x1' "
    "type='chat'><body>Neither, fair saint, if either thee dislike.</body><thread>t1</thread>"
    "</message>";

/* In the steady state our own code allocates nothing for a stanza that nobody keeps. */
static void a_stanza_costs_no_allocation(void)
{
    struct desk desk;
    struct counter counter;
    open_counting(&desk, &counter, 1);
    enum { PER_TURN = 50, TURNS = 40 };
    static char burst[PER_TURN * sizeof chat];
    burst[0] = '\0';
    for (int i = 0; i < PER_TURN; i++) {
        strcat(burst, chat);
    }
    for (int i = 0; i < 5; i++) {
        desk_say(&desk, burst);
    }
    desk_heard(&desk);
    CHECK(faults_count() > 0);
    faults_start(0);
    for (int i = 0; i < TURNS; i++) {
        desk_say(&desk, burst);
        desk_heard(&desk);
    }
    CHECK_INT(counter.n, PER_TURN * (TURNS + 5));
    double own = (double)faults_count_own() / (PER_TURN * TURNS);
    printf("# %.4f allocations of ours a stanza received and answered, %.2f with libxml2's\n", own,
           (double)faults_count() / (PER_TURN * TURNS));
    CHECK(own <= 0.05);
    close_counting(&desk, &counter);
}

/* Promise 6: without keep-alive an hour passes without a turn, a system call or an allocation. */
static void idle_costs_nothing(void)
{
    struct desk desk;
    struct counter counter;
    open_counting(&desk, &counter, 0);
    desk_say(&desk, chat);
    struct world_counts before = *world_counts();
    unsigned turns = desk.loop.turns;
    faults_start(0);
    loop_advance(&desk.loop, 3600 * 1000);
    CHECK_INT(desk.loop.turns, turns);
    CHECK_INT(faults_count(), 0);
    CHECK_INT(memcmp(&before, world_counts(), sizeof before), 0);
    close_counting(&desk, &counter);
}

/* An id that is written has at least 96 random bits, and is never the same. */
static void ids_are_long_and_differ(void)
{
    struct desk desk;
    enum { N = 500 };
    static char ids[N][64];
    desk_open(&desk, 1);
    desk_online(&desk);
    for (int i = 0; i < N; i++) {
        CHECK_INT(IN_LIB(xmpp_conn_send_text(desk.conn, "<presence/>", 11)), 0);
        desk_run(&desk);
        const char *id = strstr(desk_heard(&desk), "id=");
        CHECK(id && sscanf(id + 4, "%63[^'\"]", ids[i]) == 1);
        CHECK(strlen(ids[i]) >= 16); /* base64: 16 characters, hexadecimal: 24 */
        CHECK(strspn(ids[i], "0123456789abcdef") < strlen(ids[i]) || strlen(ids[i]) >= 24);
        for (int k = 0; k < i; k++) {
            CHECK(strcmp(ids[k], ids[i]) != 0);
        }
    }
    desk_close(&desk);
}

static void statistics_count(void)
{
    struct desk desk;
    struct counter counter;
    open_counting(&desk, &counter, 1);
    xmpp_conn *conn = desk.conn;
    int64_t received = xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_RECEIVED);
    int64_t sent = xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_SENT);
    desk_say(&desk, "<message/><presence/><iq type='get' id='1'><a xmlns='b'/></iq><r xmlns='c'/>");
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_RECEIVED) - received, 4);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_SENT) - sent, 2);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_BYTES_RECEIVED), world_counts()->bytes_received);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_BYTES_SENT), world_counts()->bytes_sent);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_QUEUE_BYTES), 0);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_CONNECTS), 1);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_SESSIONS), 1);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_TURNS), desk.loop.turns);
    CHECK_INT(xmpp_conn_get_stat(conn, 4711), XMPP_E_INVAL);
    close_counting(&desk, &counter);
}

/* --- what is destroyed --------------------------------------------------------------------------- */

static void count_destroyed(void *userdata)
{
    ++*(int *)userdata;
}

/* Promise 8: a registration that fails keeps nothing and destroys nothing. */
static void a_failed_registration_keeps_nothing(void)
{
    struct desk desk;
    int n = 0;
    xmpp_slot *slot = NULL;
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_RESULT, NULL);
    desk_open(&desk, 1);
    xmpp_conn *conn = desk.conn;
    CHECK_INT(xmpp_conn_on_message(conn, &slot, NULL, &n, count_destroyed), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_presence(conn, &slot, NULL, &n, count_destroyed), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_state(conn, &slot, NULL, &n, count_destroyed), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_writable(conn, &slot, NULL, &n, count_destroyed), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_ask(conn, &slot, NULL, &n, count_destroyed), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_on_iq(conn, &slot, 0, NULL, NULL, on_message, &n, count_destroyed),
              XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_request(conn, &slot, iq, 0, NULL, &n, count_destroyed), XMPP_E_INVAL);
    CHECK(slot == NULL);
    xmpp_stanza_unref(iq);
    desk_close(&desk);
    CHECK_INT(n, 0);
}

/* A slot does not need the connection to be alive, and its userdata goes with the connection. */
static void a_slot_outlives_its_connection(void)
{
    struct desk desk;
    int n = 0;
    xmpp_slot *slot = NULL;
    desk_open(&desk, 1);
    CHECK_INT(IN_LIB(xmpp_conn_on_message(desk.conn, &slot, on_message, &n, count_destroyed)), 0);
    desk_close(&desk);
    CHECK_INT(n, 1);
    CHECK(IN_LIB(xmpp_slot_unref(slot)) == NULL);
    CHECK_INT(n, 1);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"a spurious process is harmless", a_spurious_process_is_harmless},
        {"receive, handle, send are one call each", receive_handle_send_are_one_call_each},
        {"a turn is bounded, and the rest makes the timeout 0",
         a_turn_is_bounded_and_the_rest_makes_the_timeout_zero},
        {"PBKDF2 runs in slices", pbkdf2_runs_in_slices},
        {"a disconnect ends PBKDF2", a_disconnect_ends_pbkdf2},
        {"PBKDF2 costs no deadline", pbkdf2_costs_no_deadline},
        {"a stanza costs no allocation", a_stanza_costs_no_allocation},
        {"idle costs nothing", idle_costs_nothing},
        {"ids are long and differ", ids_are_long_and_differ},
        {"statistics count", statistics_count},
        {"a failed registration keeps nothing", a_failed_registration_keeps_nothing},
        {"a slot outlives its connection", a_slot_outlives_its_connection},
    };
    faults_init();
    return CHECK_MAIN(argc, argv, "promises", cases);
}
