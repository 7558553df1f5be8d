/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The virtual network, clock and files. What the library calls (net/net.h) is in world_net.c. */
#include "world/world.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/faults.h"
#include "world/inside.h"
#include "xmpp/error.h"

struct world world;

void world_fault(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# the world: ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
    world.faults++;
}

unsigned world_faults(void)
{
    return world.faults;
}

void world_begin(uint64_t seed)
{
    memset(&world, 0, sizeof world);
    world.random = seed;
    world.now = WORLD_BEGINNING;
    world.mark = world.now;
    world_set_routes();
}

unsigned world_end(void)
{
    for (int i = 0; i < world.n_sockets; i++) {
        struct world_socket *s = &world.sockets[i];
        if (s->is_open) {
            world_fault("descriptor %d is left open", WORLD_FD + i);
        }
        xm_buf_done(&s->to_client);
        xm_buf_done(&s->from_client);
        world_drop_arrivals(s);
    }
    for (int i = 0; i < world.n_files; i++) {
        free(world.files[i].path);
        free(world.files[i].text);
    }
    unsigned n = world.faults;
    memset(&world, 0, sizeof world);
    return n;
}

int64_t world_now(void)
{
    return world.now;
}

void world_advance(int64_t ms)
{
    world.now += ms;
}

/* splitmix64 */
uint64_t world_random(uint64_t limit)
{
    uint64_t x = world.random += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    x ^= x >> 31;
    return limit > 0 ? x % limit : x;
}

/* The listener of an address, made if there is none; NULL with a fault. */
static struct world_listener *listener_at(const char *ip, uint16_t port)
{
    struct xm_addr addr;
    if (!xm_addr_parse(ip, port, &addr)) {
        world_fault("\"%s\" is not an address", ip);
        return NULL;
    }
    struct world_listener *found = world_find_listener(&addr);
    if (!found && world.n_listeners == WORLD_LISTENERS) {
        world_fault("too many addresses");
        return NULL;
    }
    if (!found) {
        found = &world.listeners[world.n_listeners++];
        *found = (struct world_listener){.addr = addr, .way = WORLD_ACCEPT};
    }
    return found;
}

void world_listen(const char *ip, uint16_t port, enum world_way way, int64_t after_ms)
{
    struct world_listener *listener = listener_at(ip, port);
    if (listener) {
        listener->way = way;
        listener->after_ms = after_ms;
    }
}

void world_serve(const char *ip, uint16_t port, world_serve_fn serve, void *userdata)
{
    struct world_listener *listener = listener_at(ip, port);
    if (listener) {
        listener->serve = serve;
        listener->userdata = userdata;
    }
}

struct world_listener *world_find_listener(const struct xm_addr *addr)
{
    size_t n = addr->family == 4 ? 4 : 16;
    for (int i = 0; i < world.n_listeners; i++) {
        struct world_listener *l = &world.listeners[i];
        if (l->addr.family == addr->family && l->addr.port == addr->port &&
            memcmp(l->addr.ip, addr->ip, n) == 0) {
            return l;
        }
    }
    return NULL;
}

void world_set_file(const char *path, const char *text)
{
    for (int i = 0; i < world.n_files; i++) {
        if (strcmp(world.files[i].path, path) == 0) {
            free(world.files[i].text);
            world.files[i].text = text ? strdup(text) : NULL;
            return;
        }
    }
    if (text && world.n_files < WORLD_FILES) {
        world.files[world.n_files++] = (struct world_file){strdup(path), strdup(text)};
    }
}

void world_reuse_fds(int on)
{
    world.reuse_fds = on;
}

void world_set_recv_max(size_t max)
{
    world.recv_max = max;
}

void world_set_service_recv_max(size_t max)
{
    world.service_recv_max = max;
}

/* The socket, or NULL with a fault if there never was one. */
struct world_socket *world_socket_of(int fd)
{
    if (fd < WORLD_FD || fd >= WORLD_FD + world.n_sockets) {
        world_fault("%d is no descriptor", fd);
        return NULL;
    }
    return &world.sockets[fd - WORLD_FD];
}

struct world_socket *world_new_socket(int *ret_fd)
{
    int i = 0;
    while (i < world.n_sockets && !(world.reuse_fds && !world.sockets[i].is_open)) {
        i++;
    }
    if (i == WORLD_SOCKETS) {
        world_fault("too many descriptors");
        return NULL;
    }
    struct world_socket *s = &world.sockets[i];
    if (i < world.n_sockets) {
        xm_buf_done(&s->to_client);
        xm_buf_done(&s->from_client);
        world_drop_arrivals(s);
    } else {
        world.n_sockets++;
    }
    *s = (struct world_socket){.is_open = 1, .room = SIZE_MAX};
    *ret_fd = WORLD_FD + i;
    return s;
}

int world_accept(void)
{
    for (int i = 0; i < world.n_sockets; i++) {
        struct world_socket *s = &world.sockets[i];
        if (s->is_connected && !s->is_taken) {
            s->is_taken = 1;
            return WORLD_FD + i;
        }
    }
    return -1;
}

int world_connected_fd(void)
{
    int fd = -1;
    struct world_socket *s = world_new_socket(&fd);
    if (s) {
        s->is_connected = 1;
        s->is_taken = 1;
        s->is_foreign = 1;
    }
    return fd;
}

void world_forget(int fd)
{
    struct world_socket *s = world_socket_of(fd);
    if (s) {
        s->is_open = 0;
    }
}

int world_is_open(int fd)
{
    struct world_socket *s = world_socket_of(fd);
    return s && s->is_open;
}

void world_say(int fd, const void *bytes, size_t n)
{
    int was = faults_inside(0);
    struct world_socket *s = world_socket_of(fd);
    if (s && s->is_open && !s->is_silent) {
        xm_buf_add(&s->to_client, bytes, n);
    }
    faults_inside(was);
}

void world_say_text(int fd, const char *text)
{
    world_say(fd, text, strlen(text));
}

void world_say_end(int fd)
{
    struct world_socket *s = world_socket_of(fd);
    if (s && !s->is_silent) {
        s->is_ended = 1;
    }
}

void world_reset(int fd)
{
    struct world_socket *s = world_socket_of(fd);
    if (s && !s->is_silent) {
        s->is_reset = 1;
    }
}

const char *world_heard(int fd, size_t *ret_n)
{
    struct world_socket *s = world_socket_of(fd);
    *ret_n = s ? xm_buf_len(&s->from_client) : 0;
    return *ret_n > 0 ? (const char *)xm_buf_head(&s->from_client) : "";
}

void world_heard_take(int fd, size_t n)
{
    struct world_socket *s = world_socket_of(fd);
    if (s) {
        xm_buf_take(&s->from_client, n);
    }
}

size_t world_unread(int fd)
{
    struct world_socket *s = world_socket_of(fd);
    if (!s) {
        return 0;
    }
    world_take_arrivals(s);
    const struct world_arrival *first = world_first_arrival(s);
    return xm_buf_len(&s->to_client) + (first ? first->n : 0);
}

void world_set_room(int fd, size_t room)
{
    struct world_socket *s = world_socket_of(fd);
    if (s) {
        s->room = room;
    }
}

/* 1 once a connect under way has its answer. */
int world_is_settled(const struct world_socket *s)
{
    return s->way != WORLD_HANG && world.now >= s->settled_at;
}

short world_poll(int fd, short events)
{
    struct world_socket *s = world_socket_of(fd);
    if (!s || !s->is_open) {
        world_fault("descriptor %d is polled and not open", fd);
        return 0;
    }
    if (!s->is_connected) {
        if (!world_is_settled(s)) {
            return 0;
        }
        return s->way == WORLD_ACCEPT ? events & POLLOUT : (short)((events & POLLOUT) | POLLERR);
    }
    short ready = 0;
    if (world_is_dead(s)) {
        return (short)(events | POLLERR | POLLHUP);
    }
    world_take_arrivals(s);
    if (xm_buf_len(&s->to_client) > 0 || s->is_ended || s->is_reset || world_first_arrival(s)) {
        ready |= POLLIN;
    }
    if (s->room > 0 || s->is_reset) {
        ready |= POLLOUT;
    }
    ready &= events;
    return s->is_reset ? (short)(ready | POLLERR | POLLHUP) : ready;
}

unsigned world_open_fds(void)
{
    unsigned n = 0;
    for (int i = 0; i < world.n_sockets; i++) {
        n += (unsigned)world.sockets[i].is_open;
    }
    return n;
}

const struct world_counts *world_counts(void)
{
    return &world.counts;
}

const struct world_counts *world_counts_of(int fd)
{
    static const struct world_counts none;
    const struct world_socket *s = world_socket_of(fd);
    return s ? &s->counts : &none;
}
