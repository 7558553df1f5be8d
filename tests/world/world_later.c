/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What arrives at its time, datagrams, and what the client did when. */
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "world/faults.h"
#include "world/inside.h"
#include "xmpp/error.h"

/* --- arrivals --------------------------------------------------------------------------------- */

static void arrive(int fd, int64_t after_ms, enum world_arrival_kind kind, const void *bytes,
                   size_t n)
{
    int was = faults_inside(0);
    struct world_socket *s = world_socket_of(fd);
    struct world_arrival *arrival = s && s->is_open ? malloc(sizeof *arrival + n) : NULL;
    if (arrival) {
        arrival->at = world.now + after_ms;
        arrival->kind = kind;
        arrival->n = n;
        memcpy(arrival->bytes, bytes, n);
        struct world_arrival **at = &s->arrivals;
        while (*at && (*at)->at <= arrival->at) {
            at = &(*at)->next;
        }
        arrival->next = *at;
        *at = arrival;
    }
    faults_inside(was);
}

void world_say_later(int fd, int64_t after_ms, const void *bytes, size_t n)
{
    arrive(fd, after_ms, ARRIVAL_BYTES, bytes, n);
}

void world_say_end_later(int fd, int64_t after_ms)
{
    arrive(fd, after_ms, ARRIVAL_END, "", 0);
}

void world_reset_later(int fd, int64_t after_ms)
{
    arrive(fd, after_ms, ARRIVAL_RESET, "", 0);
}

void world_refuse_later(int fd, int64_t after_ms)
{
    arrive(fd, after_ms, ARRIVAL_REFUSAL, "", 0);
}

static void drop_first(struct world_socket *s)
{
    int was = faults_inside(0);
    struct world_arrival *first = s->arrivals;
    s->arrivals = first->next;
    free(first);
    faults_inside(was);
}

void world_drop_arrivals(struct world_socket *s)
{
    while (s->arrivals) {
        drop_first(s);
    }
}

struct world_arrival *world_first_arrival(const struct world_socket *s)
{
    return s->arrivals && s->arrivals->at <= world.now ? s->arrivals : NULL;
}

void world_take_arrivals(struct world_socket *s)
{
    const struct world_arrival *first;
    int was = faults_inside(0);
    while (!s->is_udp && !s->is_silent && (first = world_first_arrival(s))) {
        xm_buf_add(&s->to_client, first->bytes, first->n);
        s->is_ended |= first->kind == ARRIVAL_END;
        s->is_reset |= first->kind == ARRIVAL_RESET;
        drop_first(s);
    }
    faults_inside(was);
}

/* --- silence ---------------------------------------------------------------------------------- */

void world_silence(int fd)
{
    struct world_socket *s = world_socket_of(fd);
    if (s) {
        s->is_silent = 1;
    }
}

/* When what was sent has stayed unacknowledged for too long; INT64_MAX: that will not be. */
static int64_t dies_at(const struct world_socket *s)
{
    int is_waiting = s->is_silent && s->unanswered_since > 0 && s->dead_after > 0;
    return is_waiting ? s->unanswered_since + s->dead_after : INT64_MAX;
}

int world_is_dead(const struct world_socket *s)
{
    return world.now >= dies_at(s);
}

/* --- what comes by itself --------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t world_next(void)
{
    int64_t next = INT64_MAX;
    for (int i = 0; i < world.n_sockets; i++) {
        const struct world_socket *s = &world.sockets[i];
        if (!s->is_open) {
            continue;
        }
        if (!s->is_connected && s->way != WORLD_HANG && s->settled_at > world.now) {
            next = earlier(next, s->settled_at);
        }
        if (!world_is_dead(s)) {
            next = earlier(next, dies_at(s));
        }
        for (const struct world_arrival *a = s->arrivals; a; a = a->next) {
            next = a->at > world.now ? earlier(next, a->at) : next;
        }
    }
    return next;
}

/* --- datagrams -------------------------------------------------------------------------------- */

int xm_net_open_udp(const struct xm_addr *server, int *ret_fd)
{
    const struct world_listener *l = world_find_listener(server);
    world.counts.udps++;
    if (!world_find_route(server)) {
        return XMPP_E_UNREACHABLE;
    }
    struct world_socket *s = l && l->way == WORLD_NO_FD ? NULL : world_new_socket(ret_fd);
    if (!s) {
        return XMPP_E_SYSTEM;
    }
    s->is_udp = 1;
    s->is_connected = 1;
    s->is_taken = 1;
    s->addr = *server;
    if (l && l->serve) {
        s->serve = l->serve;
        s->userdata = l->userdata;
    }
    return 0;
}

ptrdiff_t world_recv_datagram(struct world_socket *s, void *bytes, size_t n)
{
    const struct world_arrival *first = world_first_arrival(s);
    if (!first) {
        world.counts.recvs_empty++;
        s->counts.recvs_empty++;
        return XM_NET_AGAIN;
    }
    ptrdiff_t result = first->kind == ARRIVAL_REFUSAL ? XMPP_E_REFUSED : XM_NET_END;
    if (first->n > 0) {
        size_t take = first->n < n ? first->n : n;
        memcpy(bytes, first->bytes, take);
        s->counts.bytes_received += take;
        result = (ptrdiff_t)take;
    }
    drop_first(s);
    return result;
}

ptrdiff_t world_send_datagram(int fd, struct world_socket *s, const void *bytes, size_t n)
{
    const struct world_arrival *first = world_first_arrival(s);
    if (first && first->kind == ARRIVAL_REFUSAL) {
        drop_first(s);
        return XMPP_E_REFUSED;
    }
    if (s->room == 0) {
        world.counts.sends_blocked++;
        s->counts.sends_blocked++;
        return XM_NET_AGAIN;
    }
    s->counts.bytes_sent += n;
    if (s->serve) {
        int was = faults_inside(0);
        s->serve(fd, bytes, n, s->userdata);
        faults_inside(was);
    }
    return (ptrdiff_t)n;
}

int world_is_udp(int fd)
{
    const struct world_socket *s = world_socket_of(fd);
    return s && s->is_udp;
}

const struct xm_addr *world_peer(int fd)
{
    static const struct xm_addr none;
    const struct world_socket *s = world_socket_of(fd);
    return s ? &s->addr : &none;
}

int world_dead_after(int fd)
{
    const struct world_socket *s = world_socket_of(fd);
    return s ? s->dead_after : 0;
}

/* --- deeds ------------------------------------------------------------------------------------ */

void world_note(const char *what, const struct world_socket *s)
{
    if (s->serve || s->is_udp || s->addr.family == 0) {
        return;
    }
    if (world.n_deeds == WORLD_DEEDS) {
        world_fault("too many connections to remember");
        return;
    }
    world.deeds[world.n_deeds++] = (struct world_deed){world_since_mark(), what, s->addr};
}

void world_mark(void)
{
    world.mark = world.now;
}

int64_t world_since_mark(void)
{
    return world.now - world.mark;
}

const struct world_deed *world_next_deed(void)
{
    return world.n_told_deeds < world.n_deeds ? &world.deeds[world.n_told_deeds++] : NULL;
}
