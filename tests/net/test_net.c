/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* lib/net on real sockets: nothing waits, nothing raises a signal, each end has its own code. The
 * other end is plain system calls. */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "check.h"
#include "ends.h"
#include "net/net.h"
#include "xmpp/error.h"

/* Goes on until it is decided. */
static int finish(int fd)
{
    ends_wait(fd, POLLOUT);
    return xm_net_connect_result(fd);
}

/* --- connecting ------------------------------------------------------------------------------- */

static void try_family(const char *ip)
{
    struct xm_addr addr;
    char byte = 0;
    int fd = -1;
    check_note("%s", ip);
    int listener = ends_listen(ip, &addr);
    int begun = xm_net_connect(&addr, &fd);
    if (listener < 0) { /* a machine without this family says so at once */
        CHECK_INT(begun, XMPP_E_UNREACHABLE);
        return;
    }
    CHECK(begun == 0 || begun == 1);
    CHECK_INT(finish(fd), 1);
    CHECK_INT(xm_net_connect_result(fd), 1); /* again is harmless */
    ends_check(fd, 1);
    int peer = accept(listener, NULL, NULL);
    CHECK_INT(xm_net_recv(fd, &byte, 1), XM_NET_AGAIN);
    CHECK_INT(xm_net_send(fd, "x", 1), 1);
    CHECK_INT(read(peer, &byte, 1), 1);
    CHECK_INT(byte, 'x');
    xm_net_quick_ack(fd);
    xm_net_close(fd);
    CHECK_INT(read(peer, &byte, 1), 0);
    close(peer);
    close(listener);
}

static void both_families_connect(void)
{
    try_family("127.0.0.1");
    try_family("::1");
}

static void a_closed_port_refuses(void)
{
    struct xm_addr addr;
    int fd = -1;
    close(ends_listen("127.0.0.1", &addr));
    int result = xm_net_connect(&addr, &fd);
    if (result == 0) {
        result = finish(fd);
        xm_net_close(fd);
    }
    CHECK_INT(result, XMPP_E_REFUSED);
}

static void a_result_asked_for_too_early_is_none(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    CHECK_INT(xm_net_connect_result(fd), 0);
    close(fd);
}

static void a_connection_can_be_dead_after_a_while(void)
{
    struct xm_addr addr;
    int fd = -1;
    unsigned ms = 0;
    socklen_t len = sizeof ms;
    int pair[2];
    int listener = ends_listen("127.0.0.1", &addr);
    CHECK(xm_net_connect(&addr, &fd) >= 0);
    CHECK_INT(xm_net_set_dead_after(fd, 60000), 1);
    CHECK_INT(getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &len), 0);
    CHECK_INT(ms, 60000);
    CHECK_INT(xm_net_set_dead_after(fd, 0), 1);
    CHECK_INT(getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &len), 0);
    CHECK_INT(ms, 0);
    xm_net_close(fd);
    close(listener);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0); /* no acknowledgements there */
    CHECK_INT(xm_net_set_dead_after(pair[0], 60000), 0);
    close(pair[0]);
    close(pair[1]);
}

/* What the other end has not taken stays with one of the systems: ours says so once its own is full. */
static void what_is_not_acknowledged_is_known(void)
{
    static char bytes[65536];
    struct xm_addr addr;
    int fd = -1;
    int small = 4096;
    int64_t held = 0;
    int listener = ends_listen("127.0.0.1", &addr);
    CHECK_INT(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    CHECK(xm_net_connect(&addr, &fd) >= 0);
    CHECK_INT(finish(fd), 1);
    CHECK_INT(xm_net_unacknowledged(fd), 0);
    int peer = accept(listener, NULL, NULL);
    while (xm_net_send(fd, bytes, sizeof bytes) > 0) {
    }
    held = xm_net_unacknowledged(fd);
    CHECK(held > 0);
    for (int i = 0; i < 1000 && xm_net_unacknowledged(fd) >= held; i++) {
        ends_wait(peer, POLLIN);
        CHECK(recv(peer, bytes, sizeof bytes, MSG_DONTWAIT) > 0);
    }
    CHECK(xm_net_unacknowledged(fd) < held);
    xm_net_close(fd);
    close(peer);
    close(listener);
    CHECK_INT(xm_net_unacknowledged(listener), 0); /* nothing is known of what is closed */
}

/* --- descriptors of the application ------------------------------------------------------------ */

static void what_is_no_connected_stream_is_not_adopted(void)
{
    int pipes[2];
    int pair[2];
    CHECK_INT(pipe(pipes), 0);
    CHECK_INT(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    int loose = socket(AF_INET, SOCK_STREAM, 0);
    int file = open("/dev/null", O_RDWR);
    const int wrong[] = {-1, 100000, pipes[0], pair[0], loose, file};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        check_note("row %zu", i);
        CHECK_INT(xm_net_adopt(wrong[i]), XMPP_E_INVAL);
        CHECK(wrong[i] < 0 || wrong[i] == 100000 || fcntl(wrong[i], F_GETFD) >= 0);
    }
    const int all[] = {pipes[0], pipes[1], pair[0], pair[1], loose, file};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        close(all[i]);
    }
}

static void a_socket_pair_is_adopted(void)
{
    int pair[2];
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    CHECK(!(fcntl(pair[0], F_GETFL) & O_NONBLOCK));
    CHECK_INT(xm_net_adopt(pair[0]), 0);
    ends_check(pair[0], 0);
    xm_net_close(pair[0]);
    close(pair[1]);
}

/* --- the end, and no signal ----------------------------------------------------------------------- */

/* A connected pair over TCP. */
static void tcp_pair(int pair[2])
{
    struct xm_addr addr;
    int listener = ends_listen("127.0.0.1", &addr);
    CHECK(xm_net_connect(&addr, &pair[0]) >= 0);
    CHECK_INT(finish(pair[0]), 1);
    pair[1] = accept(listener, NULL, NULL);
    close(listener);
}

static void the_end_and_a_reset_are_told_apart(void)
{
    int pair[2];
    char byte;
    tcp_pair(pair);
    close(pair[1]);
    ends_wait(pair[0], POLLIN);
    CHECK_INT(xm_net_recv(pair[0], &byte, 1), XM_NET_END);
    CHECK_INT(xm_net_recv(pair[0], &byte, 1), XM_NET_END);
    xm_net_close(pair[0]);
    tcp_pair(pair);
    struct linger at_once = {.l_onoff = 1};
    setsockopt(pair[1], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(pair[1]);
    ends_wait(pair[0], POLLIN);
    CHECK_INT(xm_net_recv(pair[0], &byte, 1), XMPP_E_RESET);
    xm_net_close(pair[0]);
}

/* SIGPIPE has its default here, which would end this program. */
static void sending_to_nobody_raises_no_signal(void)
{
    int pair[2];
    signal(SIGPIPE, SIG_DFL);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    CHECK_INT(xm_net_adopt(pair[0]), 0);
    close(pair[1]);
    CHECK_INT(xm_net_send(pair[0], "x", 1), XMPP_E_RESET);
    CHECK_INT(xm_net_send(pair[0], "x", 1), XMPP_E_RESET);
    xm_net_close(pair[0]);
}

static void a_full_socket_takes_no_more_and_does_not_wait(void)
{
    static char bytes[65536];
    int pair[2];
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    CHECK_INT(xm_net_adopt(pair[0]), 0);
    ptrdiff_t sent = 1;
    for (int i = 0; i < 10000 && sent > 0; i++) {
        sent = xm_net_send(pair[0], bytes, sizeof bytes);
    }
    CHECK_INT(sent, XM_NET_AGAIN);
    xm_net_close(pair[0]);
    close(pair[1]);
}

static volatile sig_atomic_t n_alarms;

static void on_alarm(int number)
{
    (void)number;
    n_alarms++;
}

/* Signals that interrupt, as of a profiler, are nobody's error. */
static void signals_change_nothing(void)
{
    static char bytes[4096];
    struct sigaction action = {.sa_handler = on_alarm}; /* without SA_RESTART */
    struct itimerval often = {{0, 100}, {0, 100}};
    struct itimerval never = {{0, 0}, {0, 0}};
    int pair[2];
    size_t got_all = 0;
    tcp_pair(pair);
    CHECK_INT(xm_net_adopt(pair[1]), 0);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (long i = 0; n_alarms < 50 && i < 10000000; i++) {
        ptrdiff_t sent = xm_net_send(pair[0], bytes, sizeof bytes);
        ptrdiff_t got = xm_net_recv(pair[1], bytes, sizeof bytes);
        if (sent < 0 || got < 0) {
            CHECK_FAIL("sent %td, got %td", sent, got);
            break;
        }
        got_all += (size_t)got;
    }
    setitimer(ITIMER_REAL, &never, NULL);
    signal(SIGALRM, SIG_DFL);
    CHECK(got_all > 0);
    xm_net_close(pair[0]);
    xm_net_close(pair[1]);
}

/* --- files, clock, random bytes ---------------------------------------------------------------------- */

static int read_file(const char *path, size_t max, size_t *ret_len)
{
    struct xm_buf buf = {0};
    int result = xm_net_read_file(path, max, &buf);
    *ret_len = xm_buf_len(&buf);
    xm_buf_done(&buf);
    return result;
}

static void files_are_read_whole_or_not(void)
{
    char folder[] = "/tmp/xmpp-net-XXXXXX";
    char path[64];
    static char bytes[10000];
    size_t len;
    CHECK(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    FILE *file = fopen(path, "w");
    CHECK_INT(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
    fclose(file);
    CHECK_INT(read_file(path, sizeof bytes, &len), 0);
    CHECK_INT(len, sizeof bytes);
    CHECK_INT(read_file(path, sizeof bytes - 1, &len), XMPP_E_TOO_BIG);
    unlink(path);
    CHECK_INT(read_file(path, 10, &len), XMPP_E_FILE);
    CHECK_INT(read_file(folder, 10, &len), XMPP_E_FILE);
    CHECK_INT(mkfifo(path, 0600), 0);
    alarm(10); /* a FIFO that nobody writes must not hold us */
    (void)read_file(path, 10, &len);
    alarm(0);
    CHECK_INT(len, 0);
    unlink(path);
    rmdir(folder);
}

static void the_clock_goes_on_and_random_bytes_differ(void)
{
    uint8_t a[16] = {0};
    uint8_t b[16] = {0};
    int64_t before = xm_net_now();
    CHECK(before > 0);
    CHECK(xm_net_now() >= before);
    CHECK(xm_net_wall() > INT64_C(1700000000000)); /* 2023 */
    CHECK_INT(xm_net_random(a, sizeof a), 0);
    CHECK_INT(xm_net_random(b, sizeof b), 0);
    CHECK(memcmp(a, b, sizeof a) != 0);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"both families connect", both_families_connect},
        {"a closed port refuses", a_closed_port_refuses},
        {"a result asked for too early is none", a_result_asked_for_too_early_is_none},
        {"a connection can be dead after a while", a_connection_can_be_dead_after_a_while},
        {"what is not acknowledged is known", what_is_not_acknowledged_is_known},
        {"what is no connected stream is not adopted", what_is_no_connected_stream_is_not_adopted},
        {"a socket pair is adopted", a_socket_pair_is_adopted},
        {"the end and a reset are told apart", the_end_and_a_reset_are_told_apart},
        {"sending to nobody raises no signal", sending_to_nobody_raises_no_signal},
        {"a full socket takes no more and does not wait",
         a_full_socket_takes_no_more_and_does_not_wait},
        {"signals change nothing", signals_change_nothing},
        {"files are read whole or not", files_are_read_whole_or_not},
        {"the clock goes on and random bytes differ", the_clock_goes_on_and_random_bytes_differ},
    };
    return CHECK_MAIN(argc, argv, "net", cases);
}
