/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The watch face: what is told, in which order, and what may be done while it is told (design,
 * promises 3 and 7). */
#include <poll.h>
#include <string.h>

#include "check.h"
#include "world/desk.h"
#include "world/faults.h"

struct told {
    int fd; /* -1: the timer */
    int events;
    int was;
    int timeout;
    int was_open; /* the descriptor, at that moment */
};

struct watcher {
    struct told told[256];
    int n;
    int n_destroyed;
    int refuses;
    xmpp_conn *drops; /* its reference is dropped at the next telling */
    int result_of_send;
    int result_of_watch;
    int result_of_process;
};

static int on_fd(xmpp_conn *conn, int fd, short events, short was, void **fd_data, void *userdata)
{
    struct watcher *w = userdata;
    w->told[w->n++] = (struct told){fd, events, was, 0, world_is_open(fd)};
    CHECK((*fd_data == w) == (was != 0));
    *fd_data = w;
    w->result_of_send = xmpp_conn_send_text(conn, "<presence/>", 11);
    w->result_of_watch = xmpp_conn_set_watch(conn, NULL, NULL, NULL, NULL);
    w->result_of_process = xmpp_conn_process(conn);
    CHECK(xmpp_conn_get_state(conn) >= 0);
    if (w->drops) {
        w->drops = xmpp_conn_unref(w->drops);
    }
    return w->refuses ? -1 : 0;
}

static int on_timer(xmpp_conn *conn, int timeout, void *userdata)
{
    struct watcher *w = userdata;
    (void)conn;
    w->told[w->n++] = (struct told){-1, 0, 0, timeout, 0};
    return 0;
}

static void on_destroy(void *userdata)
{
    ((struct watcher *)userdata)->n_destroyed++;
}

static int watch(struct desk *desk, struct watcher *w)
{
    return IN_LIB(xmpp_conn_set_watch(desk->conn, on_fd, on_timer, w, on_destroy));
}

static void tells_the_present_set_before_it_returns(void)
{
    struct desk desk;
    struct watcher first = {0};
    struct watcher second = {0};
    desk_open(&desk, 0);
    desk_online(&desk);
    CHECK_INT(watch(&desk, &first), 0);
    CHECK_INT(first.n, 1);
    CHECK_INT(first.told[0].fd, desk.fd);
    CHECK_INT(first.told[0].events, POLLIN);
    CHECK_INT(first.told[0].was, 0);
    /* a new watch first forgets the old one, and destroys its userdata once */
    CHECK_INT(watch(&desk, &second), 0);
    CHECK_INT(first.n, 2);
    CHECK_INT(first.told[1].events, 0);
    CHECK_INT(first.told[1].was, POLLIN);
    CHECK_INT(first.n_destroyed, 1);
    CHECK_INT(second.n, 1);
    CHECK_INT(second.told[0].events, POLLIN);
    CHECK_INT(second.n_destroyed, 0);
    desk_close(&desk);
    CHECK_INT(second.told[1].events, 0);
    CHECK_INT(second.told[1].was_open, 1);
    CHECK_INT(second.n_destroyed, 1);
    CHECK_INT(first.n_destroyed, 1);
}

/* A registration that fails keeps nothing and destroys nothing. */
static void a_refused_watch_is_not_kept(void)
{
    struct desk desk;
    struct watcher w = {.refuses = 1};
    desk_open(&desk, 0);
    desk_online(&desk);
    CHECK_INT(watch(&desk, &w), XMPP_E_APP);
    CHECK_INT(w.n_destroyed, 0);
    int n = w.n;
    CHECK_INT(IN_LIB(xmpp_conn_set_watch(desk.conn, on_fd, NULL, &w, on_destroy)), XMPP_E_INVAL);
    desk_say(&desk, "<message/>");
    CHECK_INT(w.n, n);
    CHECK_INT(w.n_destroyed, 0);
    desk_close(&desk);
    CHECK_INT(w.n_destroyed, 0);
}

static void a_refusal_ends_the_attempt(void)
{
    struct desk desk;
    struct watcher w = {0};
    desk_open(&desk, 0);
    CHECK_INT(watch(&desk, &w), 0);
    desk_online(&desk);
    w.refuses = 1;
    world_set_room(desk.fd, 0);
    CHECK_INT(IN_LIB(xmpp_conn_send_text(desk.conn, "<presence/>", 11)), 0);
    desk_run(&desk);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_OFFLINE);
    CHECK_INT(xmpp_error_get_code(xmpp_conn_get_error(desk.conn)), XMPP_E_APP);
    CHECK_INT(world_open_fds(), 0);
    desk_close(&desk);
    CHECK_INT(w.n_destroyed, 1);
}

/* `events 0` comes in front of close(2), and in front of what is new, also when the system gives the
 * same number again. */
static void removals_come_first_and_before_the_close(void)
{
    struct desk desk;
    struct watcher w = {0};
    desk_open(&desk, 0);
    world_reuse_fds(1);
    world_set_file("/etc/hosts", "192.0.2.7 server\n192.0.2.8 server\n192.0.2.1 server\n");
    world_listen("192.0.2.7", 5222, WORLD_REFUSE, 0);
    world_listen("192.0.2.8", 5222, WORLD_UNREACHABLE, 0);
    CHECK_INT(xmpp_conn_set_server(desk.conn, "server", 0), 0);
    CHECK_INT(watch(&desk, &w), 0);
    desk_connect(&desk);
    int open = -1;
    for (int i = 0; i < w.n; i++) {
        if (w.told[i].fd < 0) {
            continue;
        }
        CHECK_INT(w.told[i].was_open, 1);
        if (w.told[i].was == 0) {
            CHECK_INT(open, -1);
            open = w.told[i].fd;
        } else if (w.told[i].events == 0) {
            CHECK_INT(open, w.told[i].fd);
            open = -1;
        }
    }
    CHECK_INT(open, desk.fd);
    CHECK_INT(world_counts()->closes, 2);
    desk_close(&desk);
}

/* What changes to and fro inside one call is not told; what changes is told once. */
static void changes_are_coalesced(void)
{
    struct desk desk;
    struct watcher w = {0};
    desk_open(&desk, 0);
    desk_online(&desk);
    CHECK_INT(watch(&desk, &w), 0);
    w.n = 0;
    CHECK_INT(IN_LIB(xmpp_conn_set_receiving(desk.conn, 0)), 0);
    CHECK_INT(IN_LIB(xmpp_conn_set_receiving(desk.conn, 0)), 0);
    CHECK_INT(IN_LIB(xmpp_conn_set_receiving(desk.conn, 1)), 0);
    CHECK_INT(w.n, 2);
    CHECK_INT(w.told[0].events, 0);
    CHECK_INT(w.told[1].events, POLLIN);
    w.n = 0;
    for (int i = 0; i < 100; i++) {
        CHECK_INT(IN_LIB(xmpp_conn_send_text(desk.conn, "<presence/>", 11)), 0);
    }
    CHECK_INT(w.n, 1); /* the timer, 0 */
    world_set_room(desk.fd, 10);
    desk_run(&desk);
    CHECK_INT(w.told[w.n - 1].events, POLLIN | POLLOUT);
    CHECK_INT(w.told[w.n - 1].was, POLLIN);
    w.n = 0;
    world_set_room(desk.fd, SIZE_MAX);
    desk_run(&desk);
    CHECK_INT(w.n, 1);
    CHECK_INT(w.told[0].events, POLLIN);
    CHECK_INT(w.told[0].was, POLLIN | POLLOUT);
    desk_close(&desk);
}

static void only_getters_and_references_in_a_notification(void)
{
    struct desk desk;
    struct watcher w = {0};
    desk_open(&desk, 0);
    desk_online(&desk);
    CHECK_INT(watch(&desk, &w), 0);
    CHECK_INT(w.result_of_send, XMPP_E_BUSY);
    CHECK_INT(w.result_of_watch, XMPP_E_BUSY);
    CHECK_INT(w.result_of_process, XMPP_E_BUSY);
    desk_close(&desk);
}

/* The last reference goes in a notification, inside process: process says so. */
static void the_last_reference_goes_in_a_notification(void)
{
    struct desk desk;
    struct watcher w = {0};
    desk_open(&desk, 0);
    desk_online(&desk);
    CHECK_INT(watch(&desk, &w), 0);
    CHECK_INT(IN_LIB(xmpp_conn_send_text(desk.conn, "<presence/>", 11)), 0);
    world_set_room(desk.fd, 0);
    w.drops = desk.conn;
    CHECK_INT(IN_LIB(xmpp_conn_process(desk.conn)), XMPP_E_GONE);
    CHECK_INT(w.n_destroyed, 1);
    CHECK_INT(world_open_fds(), 0);
    desk.conn = NULL;
    desk_close(&desk);
}

static void on_reply(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)reply;
    *(int *)userdata = error;
}

static void ask(struct desk *desk, int ms, int *outcome)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, NULL);
    xmpp_elem_add(xmpp_stanza_root(iq), "ping", "urn:xmpp:ping");
    CHECK_INT(IN_LIB(xmpp_conn_request(desk->conn, NULL, iq, ms, on_reply, outcome, NULL)), 0);
    xmpp_stanza_unref(iq);
    desk_run(desk);
}

/* A told timeout is spent once it has passed; a later one is not told while one is armed. */
static void timeouts_are_told_when_they_must_be(void)
{
    struct desk desk;
    struct watcher w = {0};
    int a = 1;
    int b = 1;
    int c = 1;
    desk_open(&desk, 0);
    desk_online(&desk);
    CHECK_INT(watch(&desk, &w), 0);
    w.n = 0;
    ask(&desk, 1000, &a);
    int n = w.n;
    CHECK_INT(w.told[n - 1].fd, -1);
    CHECK(w.told[n - 1].timeout <= 1000);
    world_advance(10);
    ask(&desk, 5000, &b); /* later: at once, to send, and then the earlier one again */
    for (int i = n; i < w.n; i++) {
        CHECK(w.told[i].fd >= 0 || w.told[i].timeout == 0 || w.told[i].timeout == 990);
    }
    ask(&desk, 100, &c); /* earlier: told */
    CHECK_INT(w.told[w.n - 1].timeout, 100);
    world_advance(100);
    desk_run(&desk);
    CHECK_INT(c, XMPP_E_TIMEOUT);
    CHECK_INT(w.told[w.n - 1].timeout, 890);
    world_advance(890);
    desk_run(&desk);
    CHECK_INT(a, XMPP_E_TIMEOUT);
    CHECK_INT(b, 1);
    CHECK_INT(w.told[w.n - 1].timeout, 4010);
    desk_close(&desk);
    CHECK_INT(w.told[w.n - 1].timeout, -1); /* and -1 at the end */
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"the present set is told before set_watch returns",
         tells_the_present_set_before_it_returns},
        {"a watch that is refused is not kept", a_refused_watch_is_not_kept},
        {"a refusal ends the attempt", a_refusal_ends_the_attempt},
        {"removals come first, and before the close", removals_come_first_and_before_the_close},
        {"changes are coalesced", changes_are_coalesced},
        {"only getters and references in a notification",
         only_getters_and_references_in_a_notification},
        {"the last reference goes in a notification", the_last_reference_goes_in_a_notification},
        {"timeouts are told when they must be", timeouts_are_told_when_they_must_be},
    };
    faults_init();
    return CHECK_MAIN(argc, argv, "watch", cases);
}
