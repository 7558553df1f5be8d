/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the world is made of; for world*.c alone. */
#ifndef TESTS_WORLD_INSIDE_H
#define TESTS_WORLD_INSIDE_H

#include "base/addr.h"
#include "base/buf.h"
#include "world/world.h"

enum { WORLD_FD = 1000, WORLD_SOCKETS = 512, WORLD_LISTENERS = 32, WORLD_FILES = 8 };

struct world_listener {
    struct xm_addr addr;
    enum world_way way;
    int64_t after_ms;
};

struct world_file {
    char *path;
    char *text; /* NULL: not there any more */
};

struct world_socket {
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
};

struct world {
    int64_t now;
    uint64_t random;
    unsigned faults;
    int reuse_fds;
    size_t recv_max;
    struct world_counts counts;
    struct world_socket sockets[WORLD_SOCKETS];
    int n_sockets;
    struct world_listener listeners[WORLD_LISTENERS];
    int n_listeners;
    struct world_file files[WORLD_FILES];
    int n_files;
};

extern struct world world;

struct world_socket *world_socket_of(int fd);
struct world_socket *world_new_socket(int *ret_fd);
struct world_listener *world_find_listener(const struct xm_addr *addr);
int world_is_settled(const struct world_socket *s);

#endif
