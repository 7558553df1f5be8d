/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The promises of an own transport where dialogues do not reach: when output is told, what may be
 * done then, who is let go of and when, and that secrets leave nothing behind. */
#include <stdio.h>
#include <string.h>

#include "base/b64.h"
#include "conn/kit.h"
#include "world/faults.h"

#define HEADER                                                                                     \
    "<stream:stream from='capulet.example' id='s1' version='1.0' xmlns='jabber:client' "           \
    "xmlns:stream='http://etherx.jabber.org/streams'>"
#define OFFER(mechanism)                                                                           \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>" mechanism  \
    "</mechanism></mechanisms></stream:features>"

/* The application's end of it, and its userdata. */
struct end {
    struct kit kit;
    int n_told;
    int n_destroyed;
    int told_at_destroy; /* n_told by then */
    int drops_at;        /* the last reference, when output is told for the n-th time */
    char heard[65536];
    size_t n_heard;
};

static void on_output(xmpp_conn *conn, void *userdata)
{
    struct end *end = userdata;
    size_t n = 0;
    CHECK_INT(end->n_destroyed, 0);
    CHECK(xmpp_conn_peek_output(conn, &n));
    CHECK(n > 0);
    CHECK_INT(xmpp_conn_take_output(conn, n), XMPP_E_BUSY);
    CHECK_INT(xmpp_conn_process(conn), XMPP_E_BUSY);
    CHECK_INT(xmpp_conn_feed_end(conn), XMPP_E_BUSY);
    if (++end->n_told == end->drops_at) {
        xmpp_conn_unref(conn);
    }
}

static void on_destroy(void *userdata)
{
    struct end *end = userdata;
    end->n_destroyed++;
    end->told_at_destroy = end->n_told;
}

static void begin(struct end *end, int transport)
{
    memset(end, 0, sizeof *end);
    kit_begin(&end->kit);
    CHECK_INT(xmpp_conn_connect_transport(end->kit.conn, transport, on_output, end, on_destroy), 0);
}

/* Moves what there is to the server; the server's text, as a string. */
static const char *hear(struct end *end)
{
    size_t n = 0;
    if (!end->kit.conn) {
        return "";
    }
    const void *bytes = xmpp_conn_peek_output(end->kit.conn, &n);
    if (CHECK(n < sizeof end->heard)) {
        memcpy(end->heard, n > 0 ? bytes : "", n);
        end->heard[n] = '\0';
        CHECK_INT(xmpp_conn_take_output(end->kit.conn, n), 0);
    }
    return end->heard;
}

static void say(struct end *end, const char *text)
{
    if (!end->kit.conn) {
        return;
    }
    CHECK_INT(xmpp_conn_feed(end->kit.conn, text, strlen(text)), 0);
    CHECK_INT(xmpp_conn_get_timeout(end->kit.conn), 0);
    kit_run(&end->kit);
}

static void login(struct end *end)
{
    char reply[512];
    kit_run(&end->kit);
    hear(end);
    say(end, HEADER OFFER("ANONYMOUS"));
    hear(end);
    say(end, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    hear(end);
    say(end, HEADER "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                    "</stream:features>");
    const char *id = strstr(hear(end), " id='");
    if (id) {
        snprintf(reply, sizeof reply,
                 "<iq type='result' id='%.*s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                 "<jid>juliet@capulet.example/balcony</jid></bind></iq>",
                 (int)strcspn(id + 5, "'"), id + 5);
        say(end, reply);
    }
    CHECK_INT(xmpp_conn_get_state(end->kit.conn),
              end->drops_at ? XMPP_STATE_OFFLINE : XMPP_STATE_ONLINE);
}

static void finish(struct end *end)
{
    kit_end(&end->kit);
    CHECK_INT(end->n_destroyed, 1);
}

/* --- telling ------------------------------------------------------------------------------------- */

static void output_is_told_once_until_all_was_taken(void)
{
    struct end end;
    begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
    CHECK_INT(end.n_told, 0); /* nothing is written before process */
    login(&end);
    xmpp_conn *conn = end.kit.conn;
    int before = end.n_told;
    CHECK_INT(xmpp_conn_send_text(conn, "<message id='1'/>", 17), 0);
    CHECK_INT(xmpp_conn_send_text(conn, "<message id='2'/>", 17), 0);
    CHECK_INT(end.n_told, before);
    kit_run(&end.kit);
    CHECK_INT(end.n_told, before + 1);
    CHECK_INT(xmpp_conn_send_text(conn, "<message id='3'/>", 17), 0);
    CHECK(xmpp_conn_get_timeout(conn) != 0); /* it can wait until something is taken */
    CHECK_INT(xmpp_conn_process(conn), 0);
    CHECK_INT(end.n_told, before + 1);
    CHECK_INT(xmpp_conn_take_output(conn, 10), 0);
    CHECK_INT(xmpp_conn_process(conn), 0);
    CHECK_INT(end.n_told, before + 1);
    hear(&end);
    CHECK(strstr(end.heard, "id='3'"));
    kit_run(&end.kit);
    CHECK_INT(end.n_told, before + 1);
    CHECK_INT(xmpp_conn_send_text(conn, "<message id='4'/>", 17), 0);
    kit_run(&end.kit);
    CHECK_INT(end.n_told, before + 2);
    finish(&end);
}

static void what_is_sent_behind_output_that_waits_goes_when_that_was_taken(void)
{
    struct end end;
    begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
    login(&end);
    CHECK_INT(xmpp_conn_send_text(end.kit.conn, "<message id='1'/>", 17), 0);
    kit_run(&end.kit);
    CHECK_INT(xmpp_conn_send_text(end.kit.conn, "<message id='2'/>", 17), 0);
    hear(&end);
    CHECK_INT(xmpp_conn_get_timeout(end.kit.conn), 0);
    kit_run(&end.kit);
    CHECK(strstr(hear(&end), "id='2'"));
    finish(&end);
}

static void too_much_cannot_be_taken(void)
{
    struct end end;
    size_t n = 0;
    begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
    kit_run(&end.kit);
    CHECK(xmpp_conn_peek_output(end.kit.conn, &n));
    CHECK_INT(xmpp_conn_take_output(end.kit.conn, n + 1), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_take_output(end.kit.conn, SIZE_MAX), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_take_output(end.kit.conn, n - 1), 0);
    CHECK_INT(xmpp_conn_take_output(end.kit.conn, 2), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_take_output(end.kit.conn, 1), 0);
    CHECK(!xmpp_conn_peek_output(end.kit.conn, &n));
    CHECK_INT(n, 0);
    finish(&end);
}

static void feeding_takes_nothing_for_nothing(void)
{
    struct end end;
    begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
    xmpp_conn *conn = end.kit.conn;
    kit_run(&end.kit);
    CHECK_INT(xmpp_conn_feed(conn, NULL, 0), 0);
    CHECK_INT(xmpp_conn_feed(conn, "", 0), 0);
    CHECK(xmpp_conn_get_timeout(conn) > 0);
    CHECK_INT(xmpp_conn_feed(conn, NULL, 1), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_set_transport_binding(conn, NULL, "x", 1), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_set_transport_binding(conn, "tls-unique", NULL, 1), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_set_transport_binding(conn, "tls-unique", "x", 0), XMPP_E_INVAL);
    char big[65] = "";
    CHECK_INT(xmpp_conn_set_transport_binding(conn, "tls-unique", big, 65), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_set_transport_binding(conn, "tls-server-end-point", big, 64), 0);
    finish(&end);
}

static void much_is_received_over_turns_without_a_descriptor(void)
{
    struct end end;
    begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
    login(&end);
    xmpp_conn *conn = end.kit.conn;
    CHECK_INT(xmpp_conn_set_limit(conn, XMPP_LIMIT_TURN_STANZAS, 10), 0);
    int64_t before = xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_RECEIVED);
    for (int i = 0; i < 1000; i++) {
        CHECK_INT(xmpp_conn_feed(conn, "<message><body>x</body></message>", 33), 0);
    }
    CHECK_INT(xmpp_conn_feed_end(conn), 0);
    CHECK_INT(xmpp_conn_process(conn), 0);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_RECEIVED) - before, 10);
    CHECK_INT(xmpp_conn_get_timeout(conn), 0);
    kit_run(&end.kit);
    CHECK_INT(xmpp_conn_get_stat(conn, XMPP_STAT_STANZAS_RECEIVED) - before, 1000);
    CHECK_INT(xmpp_conn_get_state(conn), XMPP_STATE_OFFLINE); /* the end came behind them */
    finish(&end);
}

/* --- letting go ------------------------------------------------------------------------------------ */

static void the_last_output_is_told_before_the_userdata_goes(void)
{
    struct end end;
    begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
    login(&end);
    hear(&end);
    int before = end.n_told;
    say(&end, "<nonsense></wrong>");
    CHECK_INT(xmpp_conn_get_state(end.kit.conn), XMPP_STATE_OFFLINE);
    CHECK_INT(end.n_told, before + 1);
    CHECK_INT(end.n_destroyed, 1);
    CHECK_INT(end.told_at_destroy, before + 1);
    CHECK(strstr(hear(&end), "</stream:stream>"));
    CHECK_STR(hear(&end), "");
    CHECK_INT(xmpp_conn_get_timeout(end.kit.conn), -1);
    finish(&end);
}

static void the_userdata_goes_with_the_connection(void)
{
    struct end end;
    begin(&end, XMPP_TRANSPORT_PLAIN);
    kit_run(&end.kit);
    CHECK_INT(end.n_destroyed, 0);
    finish(&end);
}

static void the_last_reference_may_be_dropped_when_output_is_told(void)
{
    struct end end;
    for (int at = 1; at <= 4; at++) { /* two headers, <auth/>, bind */
        begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
        end.drops_at = at;
        login(&end);
        CHECK_INT(end.kit.result, XMPP_E_GONE);
        CHECK_INT(end.n_told, at);
        CHECK(!end.kit.conn);
        finish(&end);
    }
}

static void what_fails_keeps_nothing(void)
{
    struct kit kit;
    int n = 0;
    kit_begin(&kit);
    for (int wrong = -1; wrong <= 3; wrong += 4) {
        CHECK_INT(xmpp_conn_connect_transport(kit.conn, wrong, NULL, &n, kit_count), XMPP_E_INVAL);
        CHECK_INT(xmpp_error_get_code(xmpp_conn_get_error(kit.conn)), XMPP_E_INVAL);
        CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_OFFLINE);
    }
    CHECK_INT(xmpp_conn_set_jid(kit.conn, NULL), 0);
    CHECK_INT(xmpp_conn_connect_transport(kit.conn, 0, NULL, &n, kit_count), XMPP_E_INVAL);
    kit_end(&kit);
    CHECK_INT(n, 0);
}

static void a_connect_that_fails_leaves_the_last_output(void)
{
    struct end end;
    begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
    kit_run(&end.kit);
    CHECK_INT(xmpp_conn_disconnect(end.kit.conn), 0);
    kit_run(&end.kit);
    CHECK_INT(end.n_destroyed, 1);
    CHECK_INT(xmpp_conn_connect_transport(end.kit.conn, 7, NULL, NULL, NULL), XMPP_E_INVAL);
    CHECK(xmpp_conn_peek_output(end.kit.conn, NULL));
    CHECK_INT(xmpp_conn_connect(end.kit.conn), 0);
    CHECK(!xmpp_conn_peek_output(end.kit.conn, NULL));
    finish(&end);
}

static void nobody_needs_to_be_told(void)
{
    struct kit kit;
    kit_begin(&kit);
    CHECK_INT(xmpp_conn_connect_transport(kit.conn, XMPP_TRANSPORT_PLAIN, NULL, NULL, NULL), 0);
    kit_run(&kit);
    CHECK(xmpp_conn_peek_output(kit.conn, NULL));
    kit_end(&kit);
}

/* --- secrets ---------------------------------------------------------------------------------------- */

/* PLAIN crosses the pipe of a verified transport as it is: no block that held it may be given back
 * with it in it. */
static void a_password_that_was_output_is_wiped(void)
{
    static const char password[] = "correct horse battery staple";
    static const char response[] = "\0juliet\0correct horse battery staple";
    char encoded[64];
    struct end end;
    xm_b64_encode(encoded, response, sizeof response - 1);
    faults_start(0);
    begin(&end, XMPP_TRANSPORT_IS_VERIFIED_TLS);
    xmpp_conn *conn = end.kit.conn;
    CHECK_INT(xmpp_conn_disconnect(conn), 0);
    kit_run(&end.kit);
    CHECK_INT(end.n_destroyed, 1);
    end.n_destroyed = 0;
    CHECK_INT(xmpp_conn_set_anonymous(conn, 0), 0);
    CHECK_INT(xmpp_conn_set_jid(conn, "juliet@capulet.example"), 0);
    CHECK_INT(xmpp_conn_set_password(conn, password), 0);
    CHECK_INT(xmpp_conn_allow_plain(conn, 1), 0);
    for (int taken = 0; taken < 2; taken++) {
        CHECK_INT(IN_LIB(xmpp_conn_connect_transport(conn, XMPP_TRANSPORT_IS_VERIFIED_TLS, NULL,
                                                     NULL, NULL)),
                  0);
        faults_forbid(encoded, strlen(encoded));
        CHECK_INT(IN_LIB(xmpp_conn_process(conn)), 0);
        CHECK_INT(IN_LIB(xmpp_conn_feed(conn, HEADER, strlen(HEADER))), 0);
        CHECK_INT(IN_LIB(xmpp_conn_feed(conn, OFFER("PLAIN"), strlen(OFFER("PLAIN")))), 0);
        CHECK_INT(IN_LIB(xmpp_conn_process(conn)), 0);
        size_t n = 0;
        const char *output = xmpp_conn_peek_output(conn, &n);
        CHECK(output && memmem(output, n, encoded, strlen(encoded)));
        if (taken) {
            CHECK_INT(IN_LIB(xmpp_conn_take_output(conn, n - 1)), 0);
            CHECK_INT(IN_LIB(xmpp_conn_take_output(conn, 1)), 0);
        }
        CHECK_INT(IN_LIB(xmpp_conn_disconnect(conn)), 0);
        CHECK_INT(IN_LIB(xmpp_conn_process(conn)), 0);
    }
    end.kit.conn = IN_LIB(xmpp_conn_unref(conn));
    CHECK_INT(faults_forbidden(), 0);
    faults_forbid(NULL, 0);
    kit_end(&end.kit);
}

/* What was fed and never handled is not kept for an attempt that is over. */
static void what_was_fed_goes_with_the_attempt(void)
{
    static const char spaces[100000];
    size_t live[2];
    struct kit kit;
    kit_begin(&kit);
    faults_start(0);
    for (int fed = 0; fed < 2; fed++) {
        CHECK_INT(IN_LIB(xmpp_conn_connect_transport(kit.conn, XMPP_TRANSPORT_IS_VERIFIED_TLS, NULL,
                                                     NULL, NULL)),
                  0);
        CHECK_INT(IN_LIB(xmpp_conn_feed(kit.conn, spaces, fed ? sizeof spaces : 0)), 0);
        CHECK_INT(IN_LIB(xmpp_conn_disconnect(kit.conn)), 0);
        CHECK_INT(IN_LIB(xmpp_conn_process(kit.conn)), 0);
        CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_OFFLINE);
        live[fed] = faults_live();
    }
    CHECK_INT(live[1], live[0]);
    kit.conn = IN_LIB(xmpp_conn_unref(kit.conn));
    kit_end(&kit);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"output is told once until all was taken", output_is_told_once_until_all_was_taken},
        {"what is sent behind output that waits goes when that was taken",
         what_is_sent_behind_output_that_waits_goes_when_that_was_taken},
        {"too much cannot be taken", too_much_cannot_be_taken},
        {"feeding takes nothing for nothing", feeding_takes_nothing_for_nothing},
        {"much is received over turns without a descriptor",
         much_is_received_over_turns_without_a_descriptor},
        {"the last output is told before the userdata goes",
         the_last_output_is_told_before_the_userdata_goes},
        {"the userdata goes with the connection", the_userdata_goes_with_the_connection},
        {"the last reference may be dropped when output is told",
         the_last_reference_may_be_dropped_when_output_is_told},
        {"what fails keeps nothing", what_fails_keeps_nothing},
        {"a connect that fails leaves the last output",
         a_connect_that_fails_leaves_the_last_output},
        {"nobody needs to be told", nobody_needs_to_be_told},
        {"a password that was output is wiped", a_password_that_was_output_is_wiped},
        {"what was fed goes with the attempt", what_was_fed_goes_with_the_attempt},
    };
    faults_init();
    return CHECK_MAIN(argc, argv, "conn-transport", cases);
}
