/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The world's network against its word: what it stands in for is tried on the system itself in
 * tests/net, and the same must hold here. */
#include <poll.h>
#include <string.h>

#include "check.h"
#include "net/net.h"
#include "world/faults.h"
#include "world/world.h"
#include "xmpp/error.h"
#include "xmpp/util.h"

static struct xm_addr address(const char *ip, uint16_t port)
{
    struct xm_addr addr = {0};
    CHECK(xm_addr_parse(ip, port, &addr));
    return addr;
}

static int open_udp(const char *ip, uint16_t port)
{
    int fd = -1;
    struct xm_addr addr = address(ip, port);
    CHECK_INT(xm_net_open_udp(&addr, &fd), 0);
    return fd;
}

/* --- datagrams -------------------------------------------------------------------------------- */

/* Says everything twice, the second time 20 ms later. */
static void serve_echo(int fd, const uint8_t *bytes, size_t n, void *userdata)
{
    ++*(int *)userdata;
    world_say_later(fd, 0, bytes, n);
    world_say_later(fd, 20, bytes, n);
    if (!world_is_udp(fd)) {
        world_heard_take(fd, n);
    }
}

static void datagrams_arrive_one_by_one_at_their_time(void)
{
    char bytes[4];
    int n_served = 0;
    world_begin(1);
    world_serve("192.0.2.53", 53, serve_echo, &n_served);
    int fd = open_udp("192.0.2.53", 53);
    CHECK(world_is_udp(fd));
    CHECK_INT(world_poll(fd, POLLIN | POLLOUT), POLLOUT);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_AGAIN);
    CHECK_INT(xm_net_send(fd, "abcdef", 6), 6);
    CHECK_INT(xm_net_send(fd, "", 0), 0);
    CHECK_INT(n_served, 2);
    CHECK_INT(world_poll(fd, POLLIN), POLLIN);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), 4);
    CHECK_MEM(bytes, 4, "abcd", 4);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_END);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_AGAIN);
    CHECK_INT(world_poll(fd, POLLIN), 0);
    CHECK_INT(world_next() - world_now(), 20);
    world_advance(19);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_AGAIN);
    world_advance(1);
    CHECK_INT(world_next(), INT64_MAX);
    CHECK_INT(world_unread(fd), 6);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), 4);
    CHECK_INT(world_counts_of(fd)->recvs, 6);
    CHECK_INT(world_counts_of(fd)->sends, 2);
    CHECK_INT(world_counts()->udps, 1);
    CHECK_INT(world_counts()->connects + world_counts()->bytes_sent, 0);
    xm_net_close(fd); /* with something left that nobody receives */
    CHECK_INT(world_end(), 0);
}

static void serve_refusal(int fd, const uint8_t *bytes, size_t n, void *userdata)
{
    (void)bytes;
    (void)n;
    (void)userdata;
    world_refuse_later(fd, 10);
}

static void a_refusal_is_told_once(void)
{
    char byte;
    world_begin(1);
    world_serve("192.0.2.53", 53, serve_refusal, NULL);
    int fd = open_udp("192.0.2.53", 53);
    CHECK_INT(xm_net_send(fd, "x", 1), 1);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XM_NET_AGAIN);
    world_advance(10);
    CHECK_INT(world_poll(fd, POLLIN), POLLIN);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XMPP_E_REFUSED);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XM_NET_AGAIN);
    CHECK_INT(xm_net_send(fd, "x", 1), 1);
    world_advance(10);
    CHECK_INT(xm_net_send(fd, "x", 1), XMPP_E_REFUSED);
    CHECK_INT(xm_net_send(fd, "x", 1), 1);
    xm_net_close(fd);
    int nobody = open_udp("192.0.2.54", 53); /* nothing is there: nothing comes back */
    CHECK_INT(xm_net_send(nobody, "x", 1), 1);
    world_advance(100000);
    CHECK_INT(world_poll(nobody, POLLIN | POLLOUT), POLLOUT);
    CHECK_INT(world_next(), INT64_MAX);
    xm_net_close(nobody);
    CHECK_INT(world_end(), 0);
}

/* --- streams ---------------------------------------------------------------------------------- */

static void a_service_has_streams_too(void)
{
    char bytes[8];
    int n_served = 0;
    int fd = -1;
    world_begin(1);
    world_serve("192.0.2.53", 53, serve_echo, &n_served);
    world_listen("192.0.2.53", 53, WORLD_ACCEPT, 5);
    struct xm_addr addr = address("192.0.2.53", 53);
    CHECK_INT(xm_net_connect(&addr, &fd), 0);
    CHECK_INT(world_next() - world_now(), 5);
    world_advance(5);
    CHECK_INT(xm_net_connect_result(fd), 1);
    CHECK_INT(world_accept(), -1); /* it is not the test's */
    CHECK_INT(xm_net_send(fd, "abc", 3), 3);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), 3);
    world_advance(20);
    world_say_later(fd, 0, "def", 3);
    world_say_end_later(fd, 1);
    CHECK_INT(world_poll(fd, POLLIN), POLLIN);
    world_set_service_recv_max(4);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), 4); /* a stream knows no pieces */
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), 2);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_AGAIN);
    world_advance(1);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_END);
    world_reset_later(fd, 0);
    CHECK_INT(xm_net_send(fd, "abc", 3), XMPP_E_RESET);
    CHECK_INT(world_counts()->connects + world_counts()->bytes_received, 0);
    CHECK(world_next_deed() == NULL);
    xm_net_close(fd);
    CHECK_INT(world_end(), 0);
}

static void what_was_tried_is_remembered(void)
{
    static const struct {
        const char *what;
        const char *addr;
        int64_t at;
    } rows[] = {{"try", "192.0.2.1:5222", 7},          {"try", "[2001:db8::1]:5222", 7},
                {"try", "192.0.2.2:5222", 17},         {"refused", "192.0.2.2:5222", 17},
                {"try", "192.0.2.3:5222", 17},         {"unreachable", "192.0.2.3:5222", 17},
                {"refused", "[2001:db8::1]:5222", 17}, {"connected", "192.0.2.1:5222", 47},
                {"try", "192.0.2.4:5222", 47},         {"cancel", "192.0.2.4:5222", 47},
                {"close", "192.0.2.1:5222", 47}};
    int fds[4];
    world_begin(1);
    world_listen("192.0.2.1", 5222, WORLD_ACCEPT, 40);
    world_listen("2001:db8::1", 5222, WORLD_REFUSE, 10);
    world_listen("192.0.2.2", 5222, WORLD_REFUSE_NOW, 0);
    world_listen("192.0.2.4", 5222, WORLD_HANG, 0);
    world_advance(1000);
    world_mark();
    world_advance(7);
    struct xm_addr first = address("192.0.2.1", 5222);
    struct xm_addr second = address("2001:db8::1", 5222);
    struct xm_addr third = address("192.0.2.2", 5222);
    struct xm_addr nowhere = address("192.0.2.3", 5222);
    struct xm_addr hole = address("192.0.2.4", 5222);
    CHECK_INT(xm_net_connect(&first, &fds[0]), 0);
    CHECK_INT(xm_net_connect(&second, &fds[1]), 0);
    world_advance(world_next() - world_now());
    CHECK_INT(xm_net_connect(&third, &fds[2]), XMPP_E_REFUSED);
    CHECK_INT(xm_net_connect(&nowhere, &fds[2]), XMPP_E_UNREACHABLE);
    CHECK_INT(xm_net_connect_result(fds[1]), XMPP_E_REFUSED);
    CHECK_INT(xm_net_connect_result(fds[1]), XMPP_E_REFUSED);
    xm_net_close(fds[1]);
    world_advance(world_next() - world_now());
    CHECK_INT(xm_net_connect_result(fds[0]), 1);
    CHECK_INT(xm_net_connect_result(fds[0]), 1);
    CHECK_INT(xm_net_connect(&hole, &fds[3]), 0);
    xm_net_close(fds[3]);
    xm_net_close(fds[0]);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[XM_ADDR_TEXT] = "";
        const struct world_deed *deed = world_next_deed();
        check_note("row %zu", i);
        if (CHECK(deed)) {
            xm_addr_print(&deed->addr, text);
            CHECK_STR(deed->what, rows[i].what);
            CHECK_STR(text, rows[i].addr);
            CHECK_INT(deed->at, rows[i].at);
        }
    }
    CHECK(world_next_deed() == NULL);
    CHECK_INT(world_end(), 0);
}

/* Nothing comes any more, and nothing is said of it: TCP_USER_TIMEOUT is what ends it. */
static void a_silent_link_dies_when_told(void)
{
    char byte;
    int fd = -1;
    world_begin(1);
    world_listen("192.0.2.1", 5222, WORLD_ACCEPT_NOW, 0);
    struct xm_addr addr = address("192.0.2.1", 5222);
    CHECK_INT(xm_net_connect(&addr, &fd), 1);
    CHECK_INT(world_dead_after(fd), 0);
    world_silence(fd);
    world_say_text(fd, "unheard");
    world_reset(fd);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XM_NET_AGAIN);
    CHECK_INT(xm_net_set_dead_after(fd, 60000), 1);
    CHECK_INT(world_dead_after(fd), 60000);
    world_advance(3600000); /* nothing of ours is under way */
    CHECK_INT(xm_net_unacknowledged(fd), 0);
    CHECK_INT(world_next(), INT64_MAX);
    CHECK_INT(xm_net_send(fd, "x", 1), 1);
    CHECK_INT(xm_net_unacknowledged(fd), 1);
    CHECK_INT(world_next() - world_now(), 60000);
    world_advance(59999);
    CHECK_INT(xm_net_send(fd, "x", 1), 1);
    CHECK_INT(world_poll(fd, POLLIN), 0);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XM_NET_AGAIN);
    world_advance(1);
    CHECK(world_poll(fd, POLLIN) & POLLIN);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XMPP_E_TIMEOUT);
    CHECK_INT(xm_net_send(fd, "x", 1), XMPP_E_TIMEOUT);
    CHECK_INT(world_next(), INT64_MAX);
    xm_net_close(fd);
    CHECK_INT(world_end(), 0);
}

/* --- routes ----------------------------------------------------------------------------------- */

static const char *source_of(const char *to)
{
    static char text[XM_ADDR_TEXT];
    struct xm_addr addr = address(to, 5222);
    struct xm_addr source;
    int result = xm_net_find_source(&addr, &source);
    if (result < 0) {
        return xmpp_error_name(result);
    }
    xm_addr_print(&source, text);
    return text;
}

static void routes_are_what_they_are_told_to_be(void)
{
    int fd = -1;
    world_begin(1);
    CHECK_STR(source_of("192.0.2.1"), "192.0.2.250:0");
    CHECK_STR(source_of("127.0.0.53"), "127.0.0.1:0");
    CHECK_STR(source_of("2001:db8::1"), "[2001:db8::250]:0");
    CHECK_STR(source_of("::1"), "[::1]:0");
    CHECK_STR(source_of("fe80::1%2"), "[fe80::250%2]:0");
    world_set_source("2001:db8:7::", 48, "2001:db8:7::250");
    CHECK_STR(source_of("2001:db8:7::1"), "[2001:db8:7::250]:0");
    CHECK_STR(source_of("2001:db8:8::1"), "[2001:db8::250]:0");
    world_set_source("::", 0, NULL);
    CHECK_STR(source_of("2001:db8:8::1"), "XMPP_E_UNREACHABLE");
    CHECK_STR(source_of("2001:db8:7::1"), "[2001:db8:7::250]:0");
    world_listen("2001:db8:8::1", 5222, WORLD_ACCEPT_NOW, 0);
    struct xm_addr addr = address("2001:db8:8::1", 5222);
    CHECK_INT(xm_net_connect(&addr, &fd), XMPP_E_UNREACHABLE);
    CHECK_INT(xm_net_open_udp(&addr, &fd), XMPP_E_UNREACHABLE);
    CHECK_INT(xm_net_find_scope("lo"), 1);
    CHECK_INT(xm_net_find_scope("eth0"), 2);
    CHECK_INT(xm_net_find_scope("eth1"), 0);
    CHECK_INT(world_end(), 0);
}

static void both_clocks_go_on_together(void)
{
    char text[XMPP_TIME_MAX];
    char id[XMPP_ID_MAX];
    char other[XMPP_ID_MAX];
    world_begin(1);
    CHECK_INT(xmpp_monotonic_now(), 1000000);
    CHECK_INT(xmpp_time_format(xmpp_time_now(), text), 0);
    CHECK_STR(text, "2026-01-01T00:00:00Z");
    world_advance(90061001);
    CHECK_INT(xmpp_monotonic_now(), 91061001);
    CHECK_INT(xmpp_time_format(xmpp_time_now(), text), 0);
    CHECK_STR(text, "2026-01-02T01:01:01.001Z");
    CHECK_INT(xmpp_make_id(id), 0);
    CHECK_INT(xmpp_make_id(other), 0);
    CHECK_INT(strspn(id, "0123456789abcdef"), XMPP_ID_MAX - 1);
    CHECK(strlen(other) == XMPP_ID_MAX - 1 && strcmp(id, other) != 0);
    CHECK_INT(world_end(), 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"datagrams arrive one by one, at their time", datagrams_arrive_one_by_one_at_their_time},
        {"a refusal is told once", a_refusal_is_told_once},
        {"a service has streams too", a_service_has_streams_too},
        {"what was tried is remembered", what_was_tried_is_remembered},
        {"a silent link dies when told", a_silent_link_dies_when_told},
        {"routes are what they are told to be", routes_are_what_they_are_told_to_be},
        {"both clocks go on together", both_clocks_go_on_together},
    };
    faults_init();
    return CHECK_MAIN(argc, argv, "network", cases);
}
