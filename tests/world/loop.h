/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application's loop over the world. It uses both faces at once and faults where they differ:
 * what the watch was told must be what get_pollfds and get_timeout say. It also finds loops that
 * turn without getting anywhere, and input that nobody waits for. */
#ifndef TESTS_WORLD_LOOP_H
#define TESTS_WORLD_LOOP_H

#include <stdint.h>

#include "xmpp/conn.h"

enum { LOOP_FDS = XMPP_POLLFDS_MAX };

struct loop_fd {
    int fd;
    short events; /* 0: not told */
    void *data;
};

struct loop {
    xmpp_conn *conn; /* NULL once it is gone */
    struct loop_fd fds[LOOP_FDS];
    int64_t timer; /* when the told timeout passes; -1: none is armed */
    unsigned turns;
    int n_destroyed;
    int may_pause; /* input may lie there: the test told the client not to receive */
    void (*on_turn)(void *userdata); /* around each process: NULL: nothing */
    void *userdata;
};

/* Watches the connection, which must outlive the loop or end in it. 0, or XMPP_E_NOMEM where an
 * allocation was made to fail. */
int loop_init(struct loop *loop, xmpp_conn *conn);
/* Turns until nothing is ready and no timeout has passed. */
void loop_run(struct loop *loop);
/* Moves the clock, waking at each deadline on the way. */
void loop_advance(struct loop *loop, int64_t ms);
/* Calls process once, ready or not, then checks the faces. */
void loop_turn(struct loop *loop);
/* Faults if the watch face and the poll face do not say the same. */
void loop_check(struct loop *loop);

#endif
