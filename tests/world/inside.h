/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the world is made of; for the files of this folder that make it. */
#ifndef TESTS_WORLD_INSIDE_H
#define TESTS_WORLD_INSIDE_H

#include "base/addr.h"
#include "base/buf.h"
#include "world/world.h"

enum {
    WORLD_BEGINNING = 1000000, /* of the clock */
    WORLD_FD = 1000,
    WORLD_SOCKETS = 1024,
    WORLD_LISTENERS = 64,
    WORLD_FILES = 8,
    WORLD_ROUTES = 16,
    WORLD_DEEDS = 512
};

struct world_listener {
    struct xm_addr addr;
    enum world_way way;
    int64_t after_ms;
    world_serve_fn serve; /* NULL: world_accept() hands its connections out */
    void *userdata;
};

struct world_route {
    struct xm_addr to;
    unsigned n_bits;
    int is_way; /* 0: there is none */
    struct xm_addr source;
};

enum world_arrival_kind { ARRIVAL_BYTES, ARRIVAL_END, ARRIVAL_RESET, ARRIVAL_REFUSAL };

/* Something that reaches a socket of the client's at its time. */
struct world_arrival {
    struct world_arrival *next; /* in the order of time */
    int64_t at;
    enum world_arrival_kind kind;
    size_t n;
    uint8_t bytes[];
};

struct world_file {
    char *path;
    char *text; /* NULL: not there any more */
};

struct world_socket {
    int is_udp;
    struct xm_addr addr; /* of the other side; family 0: handed out */
    world_serve_fn serve;
    void *userdata;
    struct world_arrival *arrivals;
    struct world_counts counts;
    int dead_after;
    int is_silent;
    int64_t unacknowledged;   /* bytes sent since it is */
    int64_t unanswered_since; /* silent: the first thing sent without an acknowledgement; 0: none */
    enum world_way way;
    int64_t settled_at;
    size_t room;
    struct xm_buf to_client;
    struct xm_buf from_client;
    int is_open; /* the client has not closed it */
    int is_connected;
    int is_taken;   /* by world_accept() */
    int is_foreign; /* handed out by world_connected_fd(), not adopted yet */
    int is_ended;
    int is_reset;
    int is_told_end; /* the client has received the end */
    int is_told;     /* the client knows that the connect has failed */
};

struct world {
    int64_t now;
    uint64_t random;
    unsigned faults;
    int reuse_fds;
    size_t recv_max;
    size_t service_recv_max;
    struct world_counts counts;
    struct world_socket sockets[WORLD_SOCKETS];
    int n_sockets;
    struct world_listener listeners[WORLD_LISTENERS];
    int n_listeners;
    struct world_file files[WORLD_FILES];
    int n_files;
    struct world_route routes[WORLD_ROUTES];
    int n_routes;
    struct world_deed deeds[WORLD_DEEDS];
    int n_deeds;
    int n_told_deeds; /* handed out by world_next_deed() */
    int64_t mark;
};

extern struct world world;

struct world_socket *world_socket_of(int fd);
struct world_socket *world_new_socket(int *ret_fd);
struct world_listener *world_find_listener(const struct xm_addr *addr);
int world_is_settled(const struct world_socket *s);
void world_set_routes(void);
const struct world_route *world_find_route(const struct xm_addr *to);
/* Notes what the client did to a connection that is not a service's. */
void world_note(const char *what, const struct world_socket *s);
/* Of a stream, what has arrived by now comes to where it is received from. */
void world_take_arrivals(struct world_socket *s);
/* The first arrival, if its time has come; NULL: none. */
struct world_arrival *world_first_arrival(const struct world_socket *s);
/* 1 if it is silent, and what was sent has not been acknowledged for too long. */
int world_is_dead(const struct world_socket *s);
void world_drop_arrivals(struct world_socket *s);
/* What xm_net_recv(), _send() do for datagrams. */
ptrdiff_t world_recv_datagram(struct world_socket *s, void *bytes, size_t n);
ptrdiff_t world_send_datagram(int fd, struct world_socket *s, const void *bytes, size_t n);

#endif
