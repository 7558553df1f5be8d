/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/net's datagrams on real sockets, and what it says of routes and interfaces. */
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "ends.h"
#include "net/net.h"
#include "xmpp/error.h"

/* Where a socket of ours sends from. */
static struct sockaddr_storage name_of(int fd, socklen_t *ret_len)
{
    struct sockaddr_storage name;
    *ret_len = sizeof name;
    CHECK_INT(getsockname(fd, (struct sockaddr *)&name, ret_len), 0);
    return name;
}

static void try_datagrams(const char *ip)
{
    struct xm_addr addr;
    char bytes[8];
    int fd = -1;
    socklen_t len;
    check_note("%s", ip);
    int server = ends_bind(ip, SOCK_DGRAM, &addr);
    int opened = xm_net_open_udp(&addr, &fd);
    if (server < 0) {
        CHECK_INT(opened, XMPP_E_UNREACHABLE);
        return;
    }
    CHECK_INT(opened, 0);
    ends_check(fd, 0);
    struct sockaddr_storage client = name_of(fd, &len);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_AGAIN);
    CHECK_INT(xm_net_send(fd, "question", 8), 8);
    CHECK_INT(recv(server, bytes, sizeof bytes, 0), 8);
    static const struct {
        const char *text;
        size_t n;
        ptrdiff_t got;
    } rows[] = {{"one", 3, 3}, {"other", 5, 5}, {"", 0, XM_NET_END}, {"longer than 8", 13, 8}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sendto(server, rows[i].text, rows[i].n, 0, (struct sockaddr *)&client, len);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) { /* one by one, none joined */
        ends_wait(fd, POLLIN);
        CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), rows[i].got);
    }
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_AGAIN);
    xm_net_close(fd);
    close(server);
}

static void datagrams_go_one_by_one(void)
{
    try_datagrams("127.0.0.1");
    try_datagrams("::1");
}

/* Whoever else sends to our port is not heard: RFC 5452 9.1. */
static void a_datagram_from_elsewhere_is_not_seen(void)
{
    struct xm_addr addr;
    struct xm_addr other_addr;
    char bytes[8];
    int fd = -1;
    socklen_t len;
    int server = ends_bind("127.0.0.1", SOCK_DGRAM, &addr);
    int same_host = ends_bind("127.0.0.1", SOCK_DGRAM, &other_addr);
    int other_host = ends_bind("127.0.0.2", SOCK_DGRAM, &other_addr);
    CHECK_INT(xm_net_open_udp(&addr, &fd), 0);
    struct sockaddr_storage client = name_of(fd, &len);
    sendto(same_host, "lie", 3, 0, (struct sockaddr *)&client, len);
    sendto(other_host, "lie", 3, 0, (struct sockaddr *)&client, len);
    sendto(server, "truth", 5, 0, (struct sockaddr *)&client, len);
    ends_wait(fd, POLLIN);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), 5);
    CHECK_MEM(bytes, 5, "truth", 5);
    CHECK_INT(xm_net_recv(fd, bytes, sizeof bytes), XM_NET_AGAIN);
    xm_net_close(fd);
    close(server);
    close(same_host);
    close(other_host);
}

/* ICMP answers a datagram to a closed port: the next call tells, and the socket goes on. */
static void a_closed_port_refuses_datagrams(void)
{
    struct xm_addr addr;
    char byte;
    int fd = -1;
    close(ends_bind("127.0.0.1", SOCK_DGRAM, &addr));
    CHECK_INT(xm_net_open_udp(&addr, &fd), 0);
    CHECK_INT(xm_net_send(fd, "x", 1), 1);
    ends_wait(fd, POLLIN);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XMPP_E_REFUSED);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XM_NET_AGAIN);
    CHECK_INT(xm_net_send(fd, "x", 1), 1);
    ends_wait(fd, POLLIN);
    CHECK_INT(xm_net_send(fd, "x", 1), XMPP_E_REFUSED);
    xm_net_close(fd);
}

/* RFC 5452 9.2: an attacker must not know the port from those before. */
static void ports_are_drawn(void)
{
    enum { N = 16 };
    struct xm_addr addr;
    int fds[N];
    int ports[N];
    int n_followers = 0;
    int server = ends_bind("127.0.0.1", SOCK_DGRAM, &addr);
    for (int i = 0; i < N; i++) {
        socklen_t len;
        struct sockaddr_in in;
        CHECK_INT(xm_net_open_udp(&addr, &fds[i]), 0);
        struct sockaddr_storage name = name_of(fds[i], &len);
        memcpy(&in, &name, sizeof in);
        ports[i] = ntohs(in.sin_port);
        CHECK(ports[i] >= 1024);
        n_followers += i > 0 && abs(ports[i] - ports[i - 1]) <= 2;
    }
    CHECK(n_followers < N / 2);
    for (int i = 0; i < N; i++) {
        xm_net_close(fds[i]);
    }
    close(server);
}

/* --- routes ----------------------------------------------------------------------------------- */

static void the_source_of_loopback_is_loopback(void)
{
    static const char *const rows[][2] = {{"127.0.0.1", "127.0.0.1:0"}, {"::1", "[::1]:0"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_addr to;
        struct xm_addr source;
        char text[XM_ADDR_TEXT] = "";
        check_note("%s", rows[i][0]);
        int fd = ends_bind(rows[i][0], SOCK_DGRAM, &to);
        to.port = 0;
        int result = xm_net_find_source(&to, &source);
        if (fd < 0) {
            CHECK_INT(result, XMPP_E_UNREACHABLE);
            continue;
        }
        CHECK_INT(result, 0);
        xm_addr_print(&source, text);
        CHECK_STR(text, rows[i][1]);
        close(fd);
    }
}

/* Whatever the routes of this machine are, an address of the same family is the answer. */
static void a_source_is_of_the_same_family(void)
{
    static const char *const rows[] = {"192.0.2.1", "2001:db8::1"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct xm_addr to;
        struct xm_addr source = {0};
        check_note("%s", rows[i]);
        CHECK(xm_addr_parse(rows[i], 5222, &to));
        int result = xm_net_find_source(&to, &source);
        CHECK(result == 0 || result == XMPP_E_UNREACHABLE);
        CHECK_INT(source.family, result == 0 ? to.family : 0);
        CHECK_INT(source.port, 0);
    }
}

static void interfaces_have_numbers(void)
{
    CHECK(xm_net_find_scope("lo") > 0);
    CHECK_INT(xm_net_find_scope("lo"), if_nametoindex("lo"));
    CHECK_INT(xm_net_find_scope("no-such-thing"), 0);
    CHECK_INT(xm_net_find_scope("a-name-that-is-longer-than-any-interface-has"), 0);
    CHECK_INT(xm_net_find_scope(""), 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"datagrams go one by one", datagrams_go_one_by_one},
        {"a datagram from elsewhere is not seen", a_datagram_from_elsewhere_is_not_seen},
        {"a closed port refuses datagrams", a_closed_port_refuses_datagrams},
        {"ports are drawn", ports_are_drawn},
        {"the source of loopback is loopback", the_source_of_loopback_is_loopback},
        {"a source is of the same family", a_source_is_of_the_same_family},
        {"interfaces have numbers", interfaces_have_numbers},
    };
    return CHECK_MAIN(argc, argv, "udp", cases);
}
