/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client of the hostile tests: what it is told to do, and what it keeps of what happened. */
#ifndef HOSTILE_CLIENT_H
#define HOSTILE_CLIENT_H

#include <poll.h>
#include <stdint.h>
#include <xmpp/xmpp.h>

#include "inside.h"

enum { STATES_MAX = 64, CODES = 128, LIMITS = XMPP_LIMIT_PROBE_TIME + 1, NAMESERVERS_MAX = 4 };

/* From the command line: name=value. */
struct options {
    const char *host; /* "": it is looked for */
    uint16_t port;
    const char *nameservers[NAMESERVERS_MAX]; /* "127.0.0.1:53" */
    int n_nameservers;
    const char *proxy; /* "http:127.0.0.1:8080"; NULL: none */
    const char *jid;
    const char *password;
    const char *ca_file;   /* NULL: the system's store */
    int64_t limit[LIMITS]; /* -1: as it is */
    int cleartext;
    int plain;
    int binding_off;
    int early;    /* requests in front of connect */
    int requests; /* when online, and their timeout in ms */
    int timeout;
    int chatter;        /* bytes of each message that is sent as long as the queue takes any */
    int leave_state;    /* disconnect on entering it, -1: never; */
    int leave_after;    /* so many ms later, */
    int leave_turns;    /* and after that many calls of process, */
    int leave_by_unref; /* by dropping the connection */
    int unread;         /* 1: stop receiving when online, for as many ms */
    int files;          /* so many descriptors it may open; -1: as many as it likes */
    int is_watch;       /* the loop is told, instead of asking */
    int attempts;
    int patience; /* ms for all of it: then the test has failed */
};

/* What happened. */
struct outcome {
    int states[STATES_MAX];
    int64_t entered_ms[STATES_MAX];
    int n_states;
    int n_offline;
    int64_t requested;
    int64_t answered[CODES]; /* by the negated code */
    int64_t destroyed;       /* userdata of requests */
    int64_t messages;
    int64_t sent;
    int64_t refused_full;
    int64_t writable;
    int64_t queue_max;
    int64_t online_turns;
    int fds_max; /* waited for at a time */
    int64_t heap_before;
    int64_t heap_max;
    int is_hung;
};

/* The watch face of a loop: what it was told. */
struct watch {
    struct pollfd fds[XMPP_POLLFDS_MAX];
    int n_fds;
    int64_t due_ms; /* -1: no timer */
};

struct client {
    struct options options;
    struct outcome outcome;
    struct watch watch;
    xmpp_conn *conn; /* NULL: it was dropped */
    int64_t began_ms;
    int64_t leave_at_ms; /* INT64_MAX: not yet */
    int64_t leave_at_turn;
    int64_t receive_at_ms;
};

/* options.c: 0, or -1 having said what is wrong. */
int options_read(struct options *options, int argc, char **argv);

/* act.c: the handlers, and what is done on entering a state. */
int act_prepare(struct client *client);
void act_between_turns(struct client *client);
/* Milliseconds until act_between_turns() has something to do; -1: nothing. */
int act_timeout(const struct client *client);
int64_t act_now(void);

/* watch.c: the loop's two faces. What is to be waited for, and for how long: the number of
 * descriptors. */
int watch_prepare(struct client *client);
int watch_gather(struct client *client, struct pollfd fds[XMPP_POLLFDS_MAX], int *ret_timeout);
/* The timer that passed is spent. */
void watch_spend(struct client *client);

/* machine.c */
int64_t machine_heap(void); /* bytes that are allocated now */
int64_t machine_resident(void);
int64_t machine_cpu_ms(void);
int machine_descriptors(void);
/* From now on only so many more descriptors can be opened; -1: as in the beginning. */
void machine_limit_descriptors(int more);

/* report.c: one JSON object, in front of the connection's end. */
void report_print(const struct client *client, int descriptors_before);

#endif
