/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two kinds of callbacks. A whole life is played over and over, and each time something is done
 * in the n-th callback of it, for every n: the last reference dropped, all slots dropped, a
 * disconnect. In every callback process answers BUSY, and in a notification all that is neither a
 * getter nor ref or unref does. */
#include <string.h>

#include "conn/kit.h"

enum act { NOTHING, DROP_CONN, DROP_SLOTS, DISCONNECT, PAUSE };
enum { N_SLOTS = 7, N_USERS = N_SLOTS + 3 };

/* The life: file-wide, as a destroy function is told no connection. */
static struct {
    struct kit kit;
    xmpp_conn *conn; /* also while it is being torn down; NULL: gone */
    enum act act;
    unsigned at;
    unsigned n; /* callbacks so far */
    int is_dropped;
    xmpp_slot *slots[N_SLOTS];
    int destroyed[N_USERS];
    xmpp_ask *ask;
} life;

/* --- what may not be done in a notification --------------------------------------------------- */

static int no_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    CHECK_FAIL("a handler that was refused is called");
    return 0;
}

static void no_state(xmpp_conn *conn, int state, void *userdata)
{
    (void)state;
    (void)no_stanza(conn, NULL, userdata);
}

static void no_ask(xmpp_conn *conn, xmpp_ask *ask, void *userdata)
{
    (void)ask;
    (void)no_stanza(conn, NULL, userdata);
}

static void no_writable(xmpp_conn *conn, void *userdata)
{
    (void)no_stanza(conn, NULL, userdata);
}

static void no_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)error;
    (void)no_stanza(conn, reply, userdata);
}

static void no_log(xmpp_conn *conn, int area, int level, const char *text, void *userdata)
{
    (void)area;
    (void)level;
    (void)text;
    (void)no_stanza(conn, NULL, userdata);
}

static void no_trace(xmpp_conn *conn, int is_sent, const char *xml, size_t len, void *userdata)
{
    (void)is_sent;
    (void)xml;
    (void)len;
    (void)no_stanza(conn, NULL, userdata);
}

static int no_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    (void)fd;
    (void)events;
    (void)was;
    (void)fd_data;
    return no_stanza(conn, NULL, userdata);
}

static int no_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    (void)timeout_ms;
    return no_stanza(conn, NULL, userdata);
}

#define BUSY(call) CHECK_INT(call, XMPP_E_BUSY)

static void settings_are_busy(xmpp_conn *conn)
{
    BUSY(xmpp_conn_set_jid(conn, "a@b"));
    BUSY(xmpp_conn_set_server(conn, "192.0.2.1", 1));
    BUSY(xmpp_conn_set_hosts_file(conn, "/x"));
    BUSY(xmpp_conn_set_trust(conn, NULL));
    BUSY(xmpp_conn_set_lang(conn, "de"));
    BUSY(xmpp_conn_allow_cleartext_insecure(conn, 0));
    BUSY(xmpp_conn_set_limit(conn, XMPP_LIMIT_DEPTH, 50));
    BUSY(xmpp_conn_set_password(conn, "x"));
    BUSY(xmpp_conn_set_authzid(conn, "a@b"));
    BUSY(xmpp_conn_set_client_cert(conn, NULL, 0, NULL, 0));
    BUSY(xmpp_conn_set_client_cert_file(conn, NULL, NULL));
    BUSY(xmpp_conn_set_channel_binding(conn, XMPP_BINDING_OFF));
    BUSY(xmpp_conn_set_anonymous(conn, 0));
    BUSY(xmpp_conn_allow_plain(conn, 1));
    BUSY(xmpp_conn_allow_legacy_digest_md5(conn, 1));
}

static void calls_are_busy(xmpp_conn *conn)
{
    int n = 0;
    xmpp_slot *slot = NULL;
    BUSY(xmpp_conn_connect(conn));
    BUSY(xmpp_conn_connect_fd(conn, 1000));
    BUSY(xmpp_conn_connect_transport(conn, XMPP_TRANSPORT_PLAIN, NULL, &n, kit_count));
    BUSY(xmpp_conn_feed(conn, "x", 1));
    BUSY(xmpp_conn_feed_end(conn));
    BUSY(xmpp_conn_take_output(conn, 0));
    BUSY(xmpp_conn_set_transport_binding(conn, "tls-unique", "x", 1));
    BUSY(xmpp_conn_disconnect(conn));
    BUSY(xmpp_conn_send(conn, NULL));
    BUSY(xmpp_conn_send_text(conn, "<message/>", 10));
    BUSY(xmpp_conn_set_receiving(conn, 0));
    BUSY(xmpp_conn_request(conn, &slot, NULL, 0, no_reply, &n, kit_count));
    BUSY(xmpp_conn_on_message(conn, &slot, no_stanza, &n, kit_count));
    BUSY(xmpp_conn_on_presence(conn, &slot, no_stanza, &n, kit_count));
    BUSY(xmpp_conn_on_iq(conn, &slot, XMPP_IQ_GET, NULL, NULL, no_stanza, &n, kit_count));
    BUSY(xmpp_conn_on_state(conn, &slot, no_state, &n, kit_count));
    BUSY(xmpp_conn_on_writable(conn, &slot, no_writable, &n, kit_count));
    BUSY(xmpp_conn_on_ask(conn, &slot, no_ask, &n, kit_count));
    BUSY(xmpp_conn_set_log(conn, XMPP_AREA_ALL, 3, no_log, &n, kit_count));
    BUSY(xmpp_conn_set_trace(conn, no_trace, &n, kit_count));
    BUSY(xmpp_conn_set_watch(conn, no_fd, no_timer, &n, kit_count));
    if (life.ask) {
        int result = xmpp_ask_answer_password(life.ask, "x");
        CHECK(result == XMPP_E_BUSY || result == XMPP_E_STALE);
    }
    CHECK(!slot);
    CHECK_INT(n, 0);
}

static void getters_answer(xmpp_conn *conn)
{
    CHECK(xmpp_conn_get_error(conn) != NULL);
    CHECK(xmpp_conn_get_state(conn) >= 0);
    CHECK(xmpp_conn_get_timeout(conn) >= -1);
    CHECK(xmpp_conn_get_pollfds(conn, NULL, 0) <= 1);
    CHECK(xmpp_conn_get_jid(conn) != NULL);
    (void)xmpp_conn_get_bound_jid(conn);
    (void)xmpp_conn_get_features(conn);
    (void)xmpp_conn_peek_output(conn, NULL);
    for (int i = 0; i <= XMPP_STAT_TURNS; i++) {
        CHECK(xmpp_conn_get_stat(conn, i) >= 0);
        (void)xmpp_conn_get_fact(conn, i);
    }
}

/* --- the callbacks -------------------------------------------------------------------------------- */

static void drop_slots(void)
{
    for (int i = 0; i < N_SLOTS; i++) {
        xmpp_slot *slot = life.slots[i];
        life.slots[i] = NULL;
        xmpp_slot_unref(slot);
    }
}

static void act(int is_handler)
{
    if (++life.n != life.at) {
        return;
    }
    if (life.act == DROP_CONN && !life.is_dropped) {
        life.is_dropped = 1;
        xmpp_conn_unref(life.conn);
    } else if (life.act == DROP_SLOTS) {
        drop_slots();
    } else if (life.act == DISCONNECT && is_handler) {
        CHECK_INT(xmpp_conn_disconnect(life.conn), 0);
    } else if (life.act == PAUSE && is_handler) {
        CHECK_INT(xmpp_conn_set_receiving(life.conn, 0), 0);
    }
}

static void in_handler(void)
{
    CHECK(!life.is_dropped);
    BUSY(xmpp_conn_process(life.conn));
    act(1);
}

static void in_notification(void)
{
    if (!life.conn) {
        return;
    }
    BUSY(xmpp_conn_process(life.conn));
    settings_are_busy(life.conn);
    calls_are_busy(life.conn);
    getters_answer(life.conn);
    if (!life.is_dropped) {
        xmpp_conn *same = xmpp_conn_ref(life.conn);
        CHECK(same == life.conn);
        xmpp_conn_unref(same);
    }
    act(0);
}

static int on_stanza(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    CHECK_INT(*(int *)userdata, 0);
    in_handler();
    return 0;
}

static void on_state(xmpp_conn *conn, int state, void *userdata)
{
    (void)conn;
    (void)state;
    CHECK_INT(*(int *)userdata, 0);
    in_handler();
}

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)error;
    (void)reply;
    CHECK_INT(*(int *)userdata, 0);
    in_handler();
}

static void on_writable(xmpp_conn *conn, void *userdata)
{
    (void)conn;
    CHECK_INT(*(int *)userdata, 0);
    in_handler();
}

static void on_ask(xmpp_conn *conn, xmpp_ask *ask, void *userdata)
{
    (void)conn;
    CHECK_INT(*(int *)userdata, 0);
    life.ask = xmpp_ask_ref(ask);
    in_handler();
}

static void on_log(xmpp_conn *conn, int area, int level, const char *text, void *userdata)
{
    (void)conn;
    (void)area;
    (void)level;
    CHECK(strlen(text) > 0);
    CHECK_INT(*(int *)userdata, 0);
    in_notification();
}

static void on_trace(xmpp_conn *conn, int is_sent, const char *xml, size_t len, void *userdata)
{
    (void)conn;
    (void)is_sent;
    CHECK_INT(xml[len], '\0');
    CHECK_INT(strlen(xml), len);
    CHECK_INT(*(int *)userdata, 0);
    in_notification();
}

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    (void)conn;
    (void)events;
    (void)was;
    (void)fd_data;
    CHECK(world_is_open(fd));
    CHECK_INT(*(int *)userdata, 0);
    in_notification();
    return 0;
}

static int on_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    (void)conn;
    CHECK(timeout_ms >= -1);
    CHECK_INT(*(int *)userdata, 0);
    in_notification();
    return 0;
}

static void on_destroy(void *userdata)
{
    ++*(int *)userdata;
    in_notification();
}

/* --- the life ---------------------------------------------------------------------------------------- */

/* Behind each call: all userdata destroyed means that the connection is gone. */
static int is_over(int result)
{
    if (result == XMPP_E_GONE || life.kit.result == XMPP_E_GONE) {
        CHECK(life.is_dropped);
        life.conn = NULL;
        life.kit.conn = NULL;
    }
    return life.conn == NULL;
}

static int request(void)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_stanza_set_id(iq, "a");
    xmpp_elem_add(xmpp_stanza_root(iq), "ping", "urn:xmpp:ping");
    int result = xmpp_conn_request(life.conn, &life.slots[6], iq, 0, on_reply, &life.destroyed[6],
                                   on_destroy);
    xmpp_stanza_unref(iq);
    return result;
}

/* Returns early once the connection is gone. */
static void register_all(void)
{
    xmpp_conn *c = life.conn;
    xmpp_slot **s = life.slots;
    int *d = life.destroyed;
    CHECK_INT(xmpp_conn_on_message(c, &s[0], on_stanza, &d[0], on_destroy), 0);
    CHECK_INT(xmpp_conn_on_presence(c, &s[1], on_stanza, &d[1], on_destroy), 0);
    CHECK_INT(xmpp_conn_on_iq(c, &s[2], XMPP_IQ_GET, "q", NULL, on_stanza, &d[2], on_destroy), 0);
    CHECK_INT(xmpp_conn_on_state(c, &s[3], on_state, &d[3], on_destroy), 0);
    CHECK_INT(xmpp_conn_on_writable(c, &s[4], on_writable, &d[4], on_destroy), 0);
    CHECK_INT(xmpp_conn_on_ask(c, &s[5], on_ask, &d[5], on_destroy), 0);
    CHECK_INT(xmpp_conn_set_log(c, XMPP_AREA_ALL, XMPP_LOG_DEBUG, on_log, &d[7], on_destroy), 0);
    CHECK_INT(xmpp_conn_set_trace(c, on_trace, &d[8], on_destroy), 0);
    CHECK_INT(xmpp_conn_set_watch(c, on_fd, on_timer, &d[9], on_destroy), 0);
}

static int converse(void)
{
    if (is_over(request())) {
        return 1;
    }
    kit_run(&life.kit);
    kit_say(&life.kit, "<message id='1'/><presence/><message id='2'/>"
                       "<iq type='get' id='q'><q xmlns='urn:q'/></iq>"
                       "<iq type='result' id='a'/>");
    if (is_over(0)) {
        return 1;
    }
    if (xmpp_conn_get_state(life.conn) == XMPP_STATE_ONLINE) { /* fill the queue */
        CHECK_INT(xmpp_conn_set_limit(life.conn, XMPP_LIMIT_QUEUE_HIGH, 1024), 0);
        int result = 0;
        while (result == 0) {
            result = xmpp_conn_send_text(life.conn, "<message to='a@b'/>", 19);
        }
        CHECK(result == XMPP_E_QUEUE_FULL || result == XMPP_E_GONE);
        if (is_over(result)) {
            return 1;
        }
    }
    kit_run(&life.kit);
    return is_over(0);
}

/* The password is asked for, answered, and refused. */
static int ask(void)
{
    CHECK_INT(xmpp_conn_set_anonymous(life.conn, 0), 0);
    CHECK_INT(xmpp_conn_set_jid(life.conn, "juliet@capulet.example"), 0);
    if (is_over(xmpp_conn_connect(life.conn))) {
        return 1;
    }
    kit_run(&life.kit);
    life.kit.fd = world_accept();
    kit_say(&life.kit,
            "<stream:stream from='capulet.example' id='s1' version='1.0' xmlns='jabber:client' "
            "xmlns:stream='http://etherx.jabber.org/streams'><stream:features>"
            "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
            "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>");
    if (is_over(0)) {
        return 1;
    }
    if (life.ask && is_over(xmpp_ask_answer_password(life.ask, "secret"))) {
        return 1;
    }
    kit_run(&life.kit);
    kit_say(&life.kit, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>"
                       "</failure>");
    return is_over(0);
}

static int live(void)
{
    register_all();
    if (is_over(xmpp_conn_connect(life.conn))) {
        return 1;
    }
    kit_login(&life.kit);
    if (is_over(0) || converse()) {
        return 1;
    }
    CHECK_INT(xmpp_conn_set_receiving(life.conn, 1) == XMPP_E_GONE, life.is_dropped);
    if (life.is_dropped || is_over(xmpp_conn_disconnect(life.conn))) {
        life.conn = life.is_dropped ? NULL : life.conn;
        life.kit.conn = life.conn;
        return 1;
    }
    kit_run(&life.kit);
    kit_say(&life.kit, "</stream:stream>");
    return is_over(0) || (xmpp_conn_get_state(life.conn) == XMPP_STATE_OFFLINE && ask());
}

/* Plays it once; the number of callbacks. */
static unsigned play(enum act what, unsigned at)
{
    memset(&life, 0, sizeof life);
    check_note("callback %u", at);
    kit_begin(&life.kit);
    life.conn = life.kit.conn;
    life.act = what;
    life.at = at;
    live();
    if (!life.is_dropped) {
        life.is_dropped = 1;
        xmpp_conn *conn = life.conn;
        xmpp_conn_unref(conn);
    }
    life.conn = NULL;
    life.kit.conn = NULL;
    drop_slots();
    for (int i = 0; i < N_USERS; i++) {
        int was_made = i != 6 || life.destroyed[i] > 0;
        CHECK_INT(life.destroyed[i], was_made);
    }
    life.ask = xmpp_ask_unref(life.ask);
    unsigned n = life.n;
    kit_end(&life.kit);
    return n;
}

static void sweep(enum act what)
{
    unsigned n = play(NOTHING, 0);
    CHECK(n > 60);
    for (unsigned at = 1; at <= n; at++) {
        play(what, at);
    }
}

static void notifications_may_only_look(void)
{
    play(NOTHING, 0);
}

static void the_last_reference_is_dropped_in_each_callback(void)
{
    sweep(DROP_CONN);
}

static void all_slots_are_dropped_in_each_callback(void)
{
    sweep(DROP_SLOTS);
}

static void disconnect_in_each_handler(void)
{
    sweep(DISCONNECT);
}

static void receiving_is_paused_in_each_handler(void)
{
    sweep(PAUSE);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"notifications may only look", notifications_may_only_look},
        {"the last reference is dropped in each callback",
         the_last_reference_is_dropped_in_each_callback},
        {"all slots are dropped in each callback", all_slots_are_dropped_in_each_callback},
        {"disconnect in each handler", disconnect_in_each_handler},
        {"receiving is paused in each handler", receiving_is_paused_in_each_handler},
    };
    return CHECK_MAIN(argc, argv, "conn-notify", cases);
}
