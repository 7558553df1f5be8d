/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the watch is told, word by word: each change once, and at the end of the outermost call. */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conn/kit.h"

struct told {
    char text[2048];
    int refuse_fd;    /* 0, or what on_fd answers to new descriptors */
    int refuse_timer; /* 0, or what on_timer answers */
    int fds[4];       /* in the order in which they were seen */
    int is_gone;
    xmpp_ask *unref_in_timer;
};

static void note(struct told *told, const char *format, ...)
{
    size_t n = strlen(told->text);
    va_list args;
    va_start(args, format);
    vsnprintf(told->text + n, sizeof told->text - n, format, args);
    va_end(args);
}

/* Descriptors are named a, b, c. */
static char name_of(struct told *told, int fd)
{
    int i = 0;
    while (i < 3 && told->fds[i] != 0 && told->fds[i] != fd) {
        i++;
    }
    told->fds[i] = fd;
    return (char)('a' + i);
}

static const char *events_text(short events)
{
    return events == 0                    ? "0"
           : events == POLLIN             ? "in"
           : events == POLLOUT            ? "out"
           : events == (POLLIN | POLLOUT) ? "both"
                                          : "?";
}

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    struct told *told = userdata;
    (void)conn;
    CHECK(world_is_open(fd));
    CHECK(was == 0 ? *fd_data == NULL : *fd_data == told);
    *fd_data = told;
    note(told, "%c:%s>%s ", name_of(told, fd), events_text(was), events_text(events));
    return was == 0 ? told->refuse_fd : 0;
}

static int on_timer(xmpp_conn *conn, int timeout_ms, void *userdata)
{
    struct told *told = userdata;
    (void)conn;
    note(told, "t%d ", timeout_ms);
    xmpp_ask *ask = told->unref_in_timer;
    told->unref_in_timer = NULL;
    xmpp_ask_unref(ask);
    return timeout_ms >= 0 ? told->refuse_timer : 0;
}

static void on_destroy(void *userdata)
{
    struct told *told = userdata;
    note(told, "destroyed ");
}

static void check_told(struct told *told, const char *want)
{
    CHECK_STR(told->text, want);
    told->text[0] = '\0';
}

static int watch(struct kit *kit, struct told *told)
{
    return xmpp_conn_set_watch(kit->conn, on_fd, on_timer, told, on_destroy);
}

static void each_change_is_told_once(void)
{
    struct kit kit;
    struct told told = {0};
    kit_begin(&kit);
    CHECK_INT(watch(&kit, &told), 0);
    check_told(&told, ""); /* nothing to wait for */
    CHECK_INT(xmpp_conn_connect(kit.conn), 0);
    check_told(&told, "t0 ");
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "a:0>out t20000 ");
    kit_login(&kit);
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_ONLINE);
    CHECK(strstr(told.text, "a:out>in "));
    CHECK(strstr(told.text, "t-1 "));
    told.text[0] = '\0';
    kit_say(&kit, "<message/>");
    check_told(&told, ""); /* nothing has changed */
    kit_end(&kit);
    check_told(&told, "a:in>0 destroyed ");
}

static void what_is_done_in_one_turn_is_told_together(void)
{
    struct kit kit;
    struct told told = {0};
    kit_begin(&kit);
    kit_online(&kit);
    CHECK_INT(watch(&kit, &told), 0);
    check_told(&told, "a:0>in ");
    for (int i = 0; i < 5; i++) { /* one wake-up for all */
        CHECK_INT(xmpp_conn_send_text(kit.conn, "<presence/>", 11), 0);
    }
    check_told(&told, "t0 ");
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "");
    world_set_room(kit.fd, 0);
    CHECK_INT(xmpp_conn_send_text(kit.conn, "<presence/>", 11), 0);
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "t0 a:in>both ");
    CHECK_INT(xmpp_conn_set_receiving(kit.conn, 0), 0);
    check_told(&told, "a:both>out ");
    world_set_room(kit.fd, SIZE_MAX);
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "a:out>0 ");
    CHECK_INT(xmpp_conn_set_receiving(kit.conn, 1), 0);
    check_told(&told, "a:0>in t0 ");
    kit_end(&kit);
    check_told(&told, "a:in>0 t-1 destroyed ");
}

static void ignore_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)error;
    (void)reply;
    (void)userdata;
}

static void request(struct kit *kit, xmpp_slot **ret_slot, int timeout_ms)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem_add(xmpp_stanza_root(iq), "ping", "urn:xmpp:ping");
    CHECK_INT(xmpp_conn_request(kit->conn, ret_slot, iq, timeout_ms, ignore_reply, NULL, NULL), 0);
    xmpp_stanza_unref(iq);
}

/* A loop with a coarse clock calls a few milliseconds too early: what is left is told, not lost. */
static void a_timer_that_fires_a_little_early_is_told_again(void)
{
    struct kit kit;
    struct told told = {0};
    kit_begin(&kit);
    kit_online(&kit);
    CHECK_INT(watch(&kit, &told), 0);
    request(&kit, NULL, 5000);
    kit_run(&kit);
    check_told(&told, "a:0>in t0 t5000 ");
    world_advance(4996);
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "t4 ");
    world_advance(4);
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "t25000 "); /* it was not answered: a sign of life is next */
    kit_end(&kit);
}

/* Promise 3: told anew only when none is armed, when the wake-up must be earlier, or when none is
 * needed. */
static void a_told_timeout_is_not_moved_without_need(void)
{
    struct kit kit;
    struct told told = {0};
    xmpp_slot *first = NULL;
    xmpp_slot *second = NULL;
    kit_begin(&kit);
    kit_online(&kit);
    CHECK_INT(watch(&kit, &told), 0);
    request(&kit, &first, 5000);
    kit_run(&kit);
    check_told(&told, "a:0>in t0 t5000 ");
    world_advance(1000);
    request(&kit, &second, 9000); /* later than what is armed */
    kit_run(&kit);
    check_told(&told, "t0 t4000 "); /* to send came earlier, and was spent */
    first = xmpp_slot_unref(first); /* what it was armed for is gone: it may fire in vain */
    check_told(&told, "");
    world_advance(4000);
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "t5000 ");
    world_advance(2000);
    CHECK_INT(xmpp_conn_process(kit.conn), 0); /* spurious */
    check_told(&told, "");
    request(&kit, NULL, 1000);
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "t0 t1000 ");
    world_advance(1000);
    kit_run(&kit);
    check_told(&told, "t2000 ");
    second = xmpp_slot_unref(second);
    check_told(&told, "");
    world_advance(2000);
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    check_told(&told, "t20000 "); /* one stayed unanswered: a sign of life will be asked for */
    world_advance(20000);
    kit_run(&kit);
    check_told(&told, "t30000 ");
    kit_say(&kit, " ");
    check_told(&told, "t-1 ");
    kit_end(&kit);
}

static void a_new_watch_is_told_what_there_is_when_the_old_has_forgotten(void)
{
    struct kit kit;
    struct told first = {0};
    struct told second = {0};
    kit_begin(&kit);
    kit_online(&kit);
    request(&kit, NULL, 5000);
    kit_run(&kit);
    CHECK_INT(watch(&kit, &first), 0);
    check_told(&first, "a:0>in t5000 ");
    CHECK_INT(watch(&kit, &second), 0);
    check_told(&first, "a:in>0 t-1 destroyed ");
    check_told(&second, "a:0>in t5000 ");
    CHECK_INT(xmpp_conn_set_watch(kit.conn, on_fd, NULL, &first, on_destroy), XMPP_E_INVAL);
    CHECK_INT(xmpp_conn_set_watch(kit.conn, NULL, on_timer, &first, on_destroy), XMPP_E_INVAL);
    check_told(&second, ""); /* what fails changes nothing */
    CHECK_INT(xmpp_conn_set_watch(kit.conn, NULL, NULL, NULL, NULL), 0);
    check_told(&second, "a:in>0 t-1 destroyed ");
    kit_end(&kit);
    check_told(&first, "");
    check_told(&second, "");
}

static void a_watch_that_refuses_ends_the_attempt(void)
{
    static const struct {
        int refuse_fd;
        int refuse_timer;
    } rows[] = {{-1, 0}, {0, -1}, {XMPP_E_NOMEM, XMPP_E_NOMEM}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kit kit;
        struct told told = {0};
        check_note("row %zu", i);
        kit_begin(&kit);
        CHECK_INT(watch(&kit, &told), 0);
        told.refuse_fd = rows[i].refuse_fd;
        told.refuse_timer = rows[i].refuse_timer;
        CHECK_INT(xmpp_conn_connect(kit.conn), 0);
        for (int turns = 0; turns < 3; turns++) {
            CHECK_INT(xmpp_conn_process(kit.conn), 0);
        }
        CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_OFFLINE);
        CHECK_INT(xmpp_error_get_code(xmpp_conn_get_error(kit.conn)), XMPP_E_APP);
        CHECK_INT(xmpp_error_get_phase(xmpp_conn_get_error(kit.conn)), XMPP_PHASE_TCP);
        CHECK_INT(world_open_fds(), 0);
        kit_end(&kit);
    }
}

/* What waits for a timer that was refused would wait for ever. */
static void a_watch_that_refuses_ends_the_waiting(void)
{
    struct kit kit;
    struct told told = {0};
    kit_begin(&kit);
    world_listen("192.0.2.1", 5222, WORLD_REFUSE, 0);
    CHECK_INT(xmpp_conn_set_reconnect(kit.conn, 1), 0);
    CHECK_INT(xmpp_conn_connect(kit.conn), 0);
    kit_run(&kit);
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_WAITING);
    told.refuse_timer = XMPP_E_NOMEM;
    CHECK_INT(watch(&kit, &told), XMPP_E_APP); /* that one is not kept, and nothing has changed */
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_WAITING);
    told.refuse_timer = 0;
    CHECK_INT(watch(&kit, &told), 0);
    told.refuse_timer = XMPP_E_NOMEM;
    CHECK_INT(xmpp_conn_network_changed(kit.conn), 0); /* which tells a timer anew */
    CHECK_INT(xmpp_conn_get_state(kit.conn), XMPP_STATE_OFFLINE);
    CHECK_INT(xmpp_error_get_code(xmpp_conn_get_error(kit.conn)), XMPP_E_APP);
    CHECK_INT(xmpp_conn_get_retry_in(kit.conn), -1);
    kit_run(&kit);
    CHECK_INT(xmpp_conn_get_timeout(kit.conn), -1);
    kit_end(&kit);
}

/* --- a question dropped in the very last notification ----------------------------------------- */

static void keep_ask(xmpp_conn *conn, xmpp_ask *ask, void *userdata)
{
    (void)conn;
    ((struct told *)userdata)->unref_in_timer = xmpp_ask_ref(ask);
}

static void work_that_a_timer_notification_makes_is_told(void)
{
    struct kit kit;
    struct told told = {0};
    kit_begin(&kit);
    CHECK_INT(xmpp_conn_set_anonymous(kit.conn, 0), 0);
    CHECK_INT(xmpp_conn_set_jid(kit.conn, "juliet@capulet.example"), 0);
    CHECK_INT(xmpp_conn_on_ask(kit.conn, NULL, keep_ask, &told, NULL), 0);
    CHECK_INT(xmpp_conn_connect(kit.conn), 0);
    kit_run(&kit);
    kit.fd = world_accept();
    CHECK_INT(watch(&kit, &told), 0);
    told.text[0] = '\0';
    world_say_text(kit.fd, "<stream:stream from='capulet.example' id='s1' version='1.0' "
                           "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
                           "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                           "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>");
    world_advance(20000 - 1); /* so that a timer is told that was not armed */
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    world_advance(1);
    CHECK_INT(xmpp_conn_process(kit.conn), 0);
    CHECK(!told.unref_in_timer);
    CHECK(strstr(told.text, " t0 ") || strncmp(told.text, "t0 ", 3) == 0 ||
          xmpp_conn_get_state(kit.conn) == XMPP_STATE_OFFLINE);
    kit_run(&kit);
    CHECK_INT(xmpp_error_get_code(xmpp_conn_get_error(kit.conn)), XMPP_E_AUTH_CREDENTIALS);
    kit_end(&kit);
}

/* --- memory that a busy connection keeps ------------------------------------------------------------ */

static void a_busy_connection_wakes_up_once_and_rests(void)
{
    struct kit kit;
    struct told told = {0};
    kit_begin(&kit);
    kit_online(&kit);
    CHECK_INT(watch(&kit, &told), 0);
    told.text[0] = '\0';
    for (int i = 0; i < 100; i++) {
        kit_say(&kit, "<message/>");
        world_advance(5);
    }
    CHECK_STR(told.text, "t1001 "); /* once, however many turns there were */
    told.text[0] = '\0';
    unsigned n_turns = 0;
    for (int timeout; n_turns < 10 && (timeout = xmpp_conn_get_timeout(kit.conn)) >= 0; n_turns++) {
        world_advance(timeout);
        kit_run(&kit);
    }
    CHECK(n_turns <= 2);
    CHECK_INT(xmpp_conn_get_timeout(kit.conn), -1);
    int64_t turns = xmpp_conn_get_stat(kit.conn, XMPP_STAT_TURNS);
    world_advance(3600 * 1000);
    kit_run(&kit);
    CHECK_INT(xmpp_conn_get_stat(kit.conn, XMPP_STAT_TURNS), turns);
    kit_end(&kit);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"each change is told once", each_change_is_told_once},
        {"what is done in one turn is told together", what_is_done_in_one_turn_is_told_together},
        {"a told timeout is not moved without need", a_told_timeout_is_not_moved_without_need},
        {"a timer that fires a little early is told again",
         a_timer_that_fires_a_little_early_is_told_again},
        {"a new watch is told what there is when the old has forgotten",
         a_new_watch_is_told_what_there_is_when_the_old_has_forgotten},
        {"a watch that refuses ends the attempt", a_watch_that_refuses_ends_the_attempt},
        {"a watch that refuses ends the waiting", a_watch_that_refuses_ends_the_waiting},
        {"work that a timer notification makes is told",
         work_that_a_timer_notification_makes_is_told},
        {"a busy connection wakes up once and rests", a_busy_connection_wakes_up_once_and_rests},
    };
    return CHECK_MAIN(argc, argv, "conn-told", cases);
}
