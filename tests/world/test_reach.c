/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What it costs to find a server and to reach it, in system calls, turns and memory, and what is left
 * to chance on the way. What happens in which order is a script (tests/script/reach-*.xmpp). */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "world/desk.h"
#include "world/faults.h"
#include "world/names.h"
#include "xmpp/reach.h"

/* A desk where a nameserver stands, and no server is set. */
static void open_names(struct desk *desk, int has_loop)
{
    desk_open(desk, has_loop);
    names_begin();
    names_line("server 192.0.2.53 delay=10ms");
    CHECK_INT(IN_LIB(xmpp_conn_set_server(desk->conn, NULL, 0)), 0);
    CHECK_INT(IN_LIB(xmpp_conn_add_nameserver(desk->conn, "192.0.2.53", 0)), 0);
}

static void one_server(void)
{
    names_line("record _xmpp-client._tcp.capulet.example SRV 10 0 5222 xmpp.capulet.example");
    names_line("record xmpp.capulet.example A 192.0.2.1");
}

static void close_names(struct desk *desk)
{
    names_end();
    desk_close(desk);
}

static void connect(struct desk *desk)
{
    world_mark();
    CHECK_INT(IN_LIB(xmpp_conn_connect(desk->conn)), 0);
    desk_run(desk);
}

/* As long as it is on its way. */
static void leave(struct desk *desk)
{
    CHECK_INT(IN_LIB(xmpp_conn_disconnect(desk->conn)), 0);
    desk_run(desk);
    CHECK_INT(xmpp_conn_get_state(desk->conn), XMPP_STATE_OFFLINE);
    CHECK_INT(world_open_fds(), 0);
}

/* --- what it costs ------------------------------------------------------------------------------ */

/* One socket, one send and one receive that brings something for each question; one connect. */
static void reaching_a_server_costs_little(void)
{
    struct desk desk;
    open_names(&desk, 1);
    one_server();
    faults_start(0);
    connect(&desk);
    loop_advance(&desk.loop, 20);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_OPENING);
    const struct world_counts *counts = world_counts();
    printf("# %u turns, %u receives, %u of them empty, %u sends, %zu allocations\n",
           desk.loop.turns, counts->recvs, counts->recvs_empty, counts->sends, faults_count_own());
    CHECK_INT(names_count(NULL, 0), 4);
    CHECK_INT(counts->udps, 4);
    CHECK_INT(counts->connects, 1);
    CHECK_INT(counts->sends, 4 + 1);
    CHECK_INT(counts->recvs - counts->recvs_empty, 4);
    CHECK(counts->recvs_empty <= 5); /* behind each question, and each header, one may have come */
    CHECK_INT(counts->closes, 4);
    CHECK_INT(counts->files, 1); /* the hosts file; nobody asks for resolv.conf */
    CHECK(desk.loop.turns <= 6);
    CHECK(faults_count_own() <= 60);
    CHECK_INT(world_open_fds(), 1);
    leave(&desk);
    close_names(&desk);
}

/* While nobody answers, one wakes only to ask the next, and when it is over. */
static void silence_wakes_nobody(void)
{
    struct desk desk;
    open_names(&desk, 1);
    names_line("server 192.0.2.53 drop");
    connect(&desk);
    unsigned turns = desk.loop.turns;
    unsigned recvs = world_counts()->recvs;
    loop_advance(&desk.loop, 4999);
    CHECK_INT(desk.loop.turns, turns);
    loop_advance(&desk.loop, 1);
    CHECK_INT(desk.loop.turns, turns + 1);
    loop_advance(&desk.loop, 4999);
    CHECK_INT(desk.loop.turns, turns + 1);
    CHECK_INT(world_counts()->udps, 4);
    CHECK(world_counts()->recvs - recvs <= 4); /* to see that nothing came, and what came at once */
    loop_advance(&desk.loop, 1);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_OFFLINE);
    CHECK(desk.loop.turns <= turns + 3);
    close_names(&desk);
}

/* In a race one wakes to start the next, and when somebody has won. */
static void a_race_wakes_for_each_start(void)
{
    struct desk desk;
    char line[80];
    open_names(&desk, 1);
    names_line("record _xmpp-client._tcp.capulet.example SRV 10 0 5222 xmpp.capulet.example");
    for (int i = 1; i <= 6; i++) {
        snprintf(line, sizeof line, "record xmpp.capulet.example A 192.0.2.10%d", i);
        names_line(line);
        snprintf(line, sizeof line, "192.0.2.10%d", i);
        world_listen(line, 5222, i == 6 ? WORLD_ACCEPT : WORLD_HANG, 20);
    }
    connect(&desk);
    loop_advance(&desk.loop, 20);
    unsigned turns = desk.loop.turns;
    loop_advance(&desk.loop, 5 * 250 + 20);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_OPENING);
    CHECK_INT(world_counts()->connects, 6);
    CHECK_INT(desk.loop.turns, turns + 5 + 1);
    CHECK_INT(world_open_fds(), 1);
    leave(&desk);
    close_names(&desk);
}

/* Answers are kept: the next attempt asks nobody, and opens one socket. */
static void the_next_time_nobody_is_asked(void)
{
    struct desk desk;
    open_names(&desk, 1);
    one_server();
    connect(&desk);
    loop_advance(&desk.loop, 20);
    leave(&desk);
    struct world_counts before = *world_counts();
    connect(&desk);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_OPENING);
    CHECK_INT(world_counts()->udps, before.udps);
    CHECK_INT(world_counts()->connects, before.connects + 1);
    leave(&desk);
    close_names(&desk);
}

/* What was found and tried is given back when the session begins, but for what can be asked of it. */
static void nothing_grows_from_attempt_to_attempt(void)
{
    struct desk desk;
    size_t live = 0;
    open_names(&desk, 1);
    one_server();
    for (int i = 0; i < 20; i++) {
        connect(&desk);
        loop_advance(&desk.loop, 20);
        leave(&desk);
        CHECK(i == 0 || faults_live() == live);
        live = faults_live();
    }
    close_names(&desk);
}

/* --- a loop that comes late --------------------------------------------------------------------- */

/* The answer has come long ago, and nobody looked: it counts, though its time is over too. */
static void an_answer_that_lies_there_counts(void)
{
    struct desk desk;
    open_names(&desk, 0);
    one_server();
    connect(&desk);
    CHECK_INT(names_count(NULL, 0), 2);
    world_advance(7000);
    desk_run(&desk);
    CHECK_INT(names_count("_xmpp-client._tcp.capulet.example", 0), 1);
    CHECK_INT(names_count("xmpp.capulet.example", 0), 2);
    world_advance(7000);
    desk_run(&desk);
    CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_OPENING);
    CHECK_INT(names_count(NULL, 0), 4);
    leave(&desk);
    close_names(&desk);
}

/* --- chance ------------------------------------------------------------------------------------- */

/* Which of the targets a, b and c is tried first: 0 to 2; -1: none. */
static int first_try(struct desk *desk)
{
    int first = -1;
    connect(desk);
    loop_advance(&desk->loop, 70);
    for (unsigned i = 0; i < xmpp_conn_get_n_tries(desk->conn); i++) {
        const xmpp_try *t = xmpp_conn_get_try(desk->conn, i);
        if (xmpp_try_get_started(t) >= 0) {
            first = xmpp_try_get_host(t)[0] - 'a';
        }
    }
    leave(desk);
    return first;
}

/* RFC 2782: how often somebody comes first is his share of the weights. */
static void weights_are_shares(void)
{
    static const double shares[3] = {0.6, 0.3, 0.1};
    enum { N = 240 };
    struct desk desk;
    int counts[3] = {0, 0, 0};
    double chi = 0;
    open_names(&desk, 1);
    names_lines("record _xmpp-client._tcp.capulet.example SRV 10 60 5222 a.example\n"
                "record _xmpp-client._tcp.capulet.example SRV 10 30 5222 b.example\n"
                "record _xmpps-client._tcp.capulet.example SRV 10 10 443 c.example\n"
                "record a.example A 192.0.2.100 ttl=86400\n"
                "record b.example A 192.0.2.101 ttl=86400\n"
                "record c.example A 192.0.2.102 ttl=86400\n");
    world_listen("192.0.2.100", 5222, WORLD_HANG, 0);
    world_listen("192.0.2.101", 5222, WORLD_HANG, 0);
    world_listen("192.0.2.102", 443, WORLD_HANG, 0);
    for (int i = 0; i < N; i++) {
        int first = first_try(&desk);
        CHECK(first >= 0 && first < 3);
        counts[first >= 0 && first < 3 ? first : 0]++;
    }
    for (int i = 0; i < 3; i++) {
        double want = shares[i] * N;
        chi += (counts[i] - want) * (counts[i] - want) / want;
    }
    printf("# %d, %d, %d of %d: chi-square %.1f\n", counts[0], counts[1], counts[2], N, chi);
    CHECK(chi < 13.8); /* two degrees of freedom, one in a thousand */
    close_names(&desk);
}

/* `rotate`: about as many questions go to one server as to the other. */
static void rotation_asks_both(void)
{
    enum { N = 60 };
    struct desk desk;
    unsigned first = 0;
    open_names(&desk, 1);
    names_line("server 192.0.2.54");
    CHECK_INT(IN_LIB(xmpp_conn_add_nameserver(desk.conn, NULL, 0)), 0);
    world_set_file("/etc/resolv.conf", "nameserver 192.0.2.53\nnameserver 192.0.2.54\n"
                                       "options rotate\n");
    for (int i = 0; i < N; i++) {
        char jid[32];
        snprintf(jid, sizeof jid, "d%d.example", i);
        CHECK_INT(IN_LIB(xmpp_conn_set_jid(desk.conn, jid)), 0);
        connect(&desk);
        loop_advance(&desk.loop, 100);
        CHECK_INT(xmpp_conn_get_state(desk.conn), XMPP_STATE_OFFLINE);
    }
    unsigned n = names_count(NULL, 0);
    for (unsigned i = 0; i < n; i++) {
        first += names_get(i)->server.ip[3] == 53;
    }
    CHECK_INT(n, 4 * N);
    CHECK(first > N && first < 3 * N);
    close_names(&desk);
}

/* Neither the port nor the id of a question can be told from those before. */
static void ids_are_drawn(void)
{
    enum { N = 40 };
    struct desk desk;
    unsigned same = 0;
    open_names(&desk, 1);
    for (int i = 0; i < N; i++) {
        char jid[32];
        snprintf(jid, sizeof jid, "d%d.example", i);
        CHECK_INT(IN_LIB(xmpp_conn_set_jid(desk.conn, jid)), 0);
        connect(&desk);
        loop_advance(&desk.loop, 100);
    }
    unsigned n = names_count(NULL, 0);
    for (unsigned i = 0; i < n; i++) {
        for (unsigned k = 0; k < i; k++) {
            same += names_get(i)->query.id == names_get(k)->query.id;
        }
    }
    CHECK_INT(n, 4 * N);
    CHECK_INT(world_counts()->udps, n);
    CHECK(same <= 3); /* of 12,720 pairs, 0.2 are to be expected */
    close_names(&desk);
}

int main(int argc, char **argv)
{
    static const struct check_case cases[] = {
        {"reaching a server costs little", reaching_a_server_costs_little},
        {"silence wakes nobody", silence_wakes_nobody},
        {"a race wakes for each start", a_race_wakes_for_each_start},
        {"the next time nobody is asked", the_next_time_nobody_is_asked},
        {"nothing grows from attempt to attempt", nothing_grows_from_attempt_to_attempt},
        {"an answer that lies there counts", an_answer_that_lies_there_counts},
        {"weights are shares", weights_are_shares},
        {"rotation asks both", rotation_asks_both},
        {"ids are drawn", ids_are_drawn},
    };
    faults_init();
    return CHECK_MAIN(argc, argv, "reach", cases);
}
