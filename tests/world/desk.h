/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection on the test's desk: over clear text, without an account, watched by a loop, brought
 * online by the shortest honest server. What the C tests of the connection start from; whatever is a
 * dialogue is a script (tests/script/) instead. */
#ifndef TESTS_WORLD_DESK_H
#define TESTS_WORLD_DESK_H

#include "world/loop.h"
#include "world/world.h"
#include "xmpp/xmpp.h"

struct desk {
    xmpp_conn *conn;
    struct loop loop;
    int has_loop; /* else the test watches itself, and desk_run() calls process alone */
    int fd;       /* the server's end; -1: nobody is connected */
};

/* Offline, with settings, the server listening. */
void desk_open(struct desk *desk, int has_loop);
/* Connected, the client's header taken. */
void desk_connect(struct desk *desk);
/* Through the login. CHECKs that it came online. */
void desk_online(struct desk *desk);
/* Turns until nothing is ready. */
void desk_run(struct desk *desk);
void desk_say(struct desk *desk, const char *text);
/* All that the client has sent since the last time, as a text that is valid until the next call. */
const char *desk_heard(struct desk *desk);
/* Drops everything; CHECKs that the world has no fault to tell. */
void desk_close(struct desk *desk);

#define DESK_HEADER                                                                                \
    "<?xml version='1.0'?><stream:stream from='capulet.example' id='s1' version='1.0' "            \
    "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

#endif
