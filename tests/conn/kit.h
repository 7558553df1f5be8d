/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection in the world, brought online over clear text by ANONYMOUS: what a dialogue as text
 * cannot say is said here in C. The loop is the poll face; whoever wants a watch sets his own. */
#ifndef TESTS_CONN_KIT_H
#define TESTS_CONN_KIT_H

#include "check.h"
#include "world/world.h"
#include "xmpp/xmpp.h"

struct kit {
    xmpp_conn *conn; /* NULL once the test dropped it */
    int fd;          /* the server's end, by the client's number */
    int result;      /* of the last process */
};

/* A world with a server that accepts, and a connection that could connect to it. */
void kit_begin(struct kit *kit);
/* Connects and logs in; a failed CHECK if it does not come online. */
void kit_online(struct kit *kit);
/* The server's part of it, behind connect; ends early if the connection does. */
void kit_login(struct kit *kit);
/* Process as long as something is ready or due; stops when the connection is gone. */
void kit_run(struct kit *kit);
/* The server says this, and the client, if it is still there, hears it. */
void kit_say(struct kit *kit, const char *text);
/* What the client said since the last time, taken. Borrowed until the next call. */
const char *kit_heard(struct kit *kit);
/* The challenge that answers the client's first message of SCRAM, which is in `heard`: the salt is
 * "salt". Borrowed until the next call; "" with a failed CHECK if there is none. */
const char *kit_challenge(const char *heard, int rounds);
/* Drops the connection if it is there, and checks that nothing is left: no fault of the world, no
 * descriptor. */
void kit_end(struct kit *kit);

/* Counts how often it was destroyed. */
void kit_count(void *counter);

#endif
