/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions of net/net.h over the world. They allocate outside the counted memory, as the real
 * ones do not allocate at all. */
#include <stdlib.h>
#include <string.h>

#include "net/net.h"
#include "world/faults.h"
#include "world/inside.h"
#include "xmpp/error.h"

/* An open socket, or NULL with a fault. */
static struct world_socket *open_socket(int fd, const char *what)
{
    struct world_socket *s = world_socket_of(fd);
    if (s && !s->is_open) {
        world_fault("%s on descriptor %d, which is closed", what, fd);
        return NULL;
    }
    return s;
}

static struct world_socket *connected_socket(int fd, const char *what)
{
    struct world_socket *s = open_socket(fd, what);
    if (s && !s->is_connected) {
        world_fault("%s on descriptor %d, which is not connected", what, fd);
        return NULL;
    }
    return s;
}

/* Not connected yet; NULL: there are no descriptors left. */
static struct world_socket *begin_connect(const struct world_listener *l, int *ret_fd)
{
    struct world_socket *s = l->way == WORLD_NO_FD ? NULL : world_new_socket(ret_fd);
    if (s) {
        s->addr = l->addr;
        s->serve = l->serve;
        s->userdata = l->userdata;
        s->is_taken = l->serve != NULL;
        s->way = l->way;
        s->settled_at = world.now + l->after_ms;
    }
    return s;
}

int xm_net_connect(const struct xm_addr *addr, int *ret_fd)
{
    const struct world_listener *l = world_find_listener(addr);
    struct world_socket tried = {.addr = *addr, .serve = l ? l->serve : NULL};
    world.counts.connects += tried.serve == NULL;
    world_note("try", &tried);
    if (!l || !world_find_route(addr)) {
        world_note("unreachable", &tried);
        return XMPP_E_UNREACHABLE;
    }
    if (l->way == WORLD_REFUSE_NOW) {
        world_note("refused", &tried);
        return XMPP_E_REFUSED;
    }
    struct world_socket *s = begin_connect(l, ret_fd);
    if (!s) {
        world_note("no-fd", &tried);
        return XMPP_E_SYSTEM;
    }
    if (l->way == WORLD_ACCEPT_NOW) {
        s->is_connected = 1;
        world_note("connected", s);
    }
    return s->is_connected;
}

int xm_net_connect_result(int fd)
{
    struct world_socket *s = open_socket(fd, "connect_result");
    if (!s) {
        return XMPP_E_SYSTEM;
    }
    if (s->is_connected) {
        return 1;
    }
    if (!world_is_settled(s)) {
        return 0;
    }
    if (s->way == WORLD_ACCEPT) {
        s->is_connected = 1;
        world_note("connected", s);
        return 1;
    }
    if (!s->is_told) {
        world_note(s->way == WORLD_REFUSE ? "refused" : "unreachable", s);
    }
    s->is_told = 1;
    return s->way == WORLD_REFUSE ? XMPP_E_REFUSED : XMPP_E_UNREACHABLE;
}

int xm_net_adopt(int fd)
{
    struct world_socket *s = fd >= WORLD_FD ? open_socket(fd, "adopt") : NULL;
    if (!s || !s->is_foreign) {
        return XMPP_E_INVAL;
    }
    s->is_foreign = 0;
    return 0;
}

void xm_net_close(int fd)
{
    struct world_socket *s = open_socket(fd, "close");
    world.counts.closes++;
    if (s) {
        s->is_open = 0;
        if (!s->is_told) {
            world_note(s->is_connected ? "close" : "cancel", s);
        }
    }
}

static size_t cut_to_piece(const struct world_socket *s, size_t n)
{
    size_t max = s->serve ? world.service_recv_max : world.recv_max;
    return max > 0 && n > max ? max : n;
}

/* Nothing is there. */
static ptrdiff_t recv_nothing(int fd, struct world_socket *s)
{
    world.counts.recvs_empty++;
    s->counts.recvs_empty++;
    if (s->is_reset) {
        return XMPP_E_RESET;
    }
    if (s->is_ended && s->is_told_end++ > 100) {
        world_fault("the end of descriptor %d is received again and again", fd);
    }
    return s->is_ended ? XM_NET_END : XM_NET_AGAIN;
}

ptrdiff_t xm_net_recv(int fd, void *bytes, size_t n)
{
    struct world_socket *s = connected_socket(fd, "recv");
    world.counts.recvs++;
    if (!s) {
        return XMPP_E_SYSTEM;
    }
    s->counts.recvs++;
    if (s->is_udp) {
        return world_recv_datagram(s, bytes, n);
    }
    if (world_is_dead(s)) {
        return XMPP_E_TIMEOUT;
    }
    world_take_arrivals(s);
    size_t there = xm_buf_len(&s->to_client);
    if (there == 0 || n == 0) {
        return recv_nothing(fd, s);
    }
    size_t take = cut_to_piece(s, there < n ? there : n);
    memcpy(bytes, xm_buf_head(&s->to_client), take);
    xm_buf_take(&s->to_client, take);
    world.counts.bytes_received += s->serve ? 0 : take;
    s->counts.bytes_received += take;
    return (ptrdiff_t)take;
}

/* The other side has it; a service is told. */
static void send_bytes(int fd, struct world_socket *s, const void *bytes, size_t n)
{
    if (s->is_silent) {
        s->unanswered_since = s->unanswered_since ? s->unanswered_since : world.now;
        s->unacknowledged += (int64_t)n;
        return;
    }
    int was = faults_inside(0);
    xm_buf_add(&s->from_client, bytes, n);
    if (s->serve) {
        s->serve(fd, xm_buf_head(&s->from_client), xm_buf_len(&s->from_client), s->userdata);
    }
    faults_inside(was);
    world.counts.bytes_sent += s->serve ? 0 : n;
    s->counts.bytes_sent += n;
}

ptrdiff_t xm_net_send(int fd, const void *bytes, size_t n)
{
    struct world_socket *s = connected_socket(fd, "send");
    world.counts.sends++;
    if (!s) {
        return XMPP_E_SYSTEM;
    }
    s->counts.sends++;
    if (s->is_udp) {
        return world_send_datagram(fd, s, bytes, n);
    }
    world_take_arrivals(s);
    if (s->is_reset || world_is_dead(s)) {
        return s->is_reset ? XMPP_E_RESET : XMPP_E_TIMEOUT;
    }
    size_t take = n < s->room ? n : s->room;
    if (take == 0) {
        world.counts.sends_blocked++;
        s->counts.sends_blocked++;
        return XM_NET_AGAIN;
    }
    if (s->room != SIZE_MAX) {
        s->room -= take;
    }
    send_bytes(fd, s, bytes, take);
    return (ptrdiff_t)take;
}

int64_t xm_net_unacknowledged(int fd)
{
    const struct world_socket *s = connected_socket(fd, "unacknowledged");
    return s ? s->unacknowledged : 0;
}

void xm_net_quick_ack(int fd)
{
    connected_socket(fd, "quick_ack");
}

int xm_net_set_dead_after(int fd, int ms)
{
    struct world_socket *s = open_socket(fd, "set_dead_after");
    if (!s || s->is_udp) {
        return 0;
    }
    s->dead_after = ms;
    return 1;
}

int xm_net_read_file(const char *path, size_t max, struct xm_buf *out)
{
    world.counts.files++;
    for (int i = 0; i < world.n_files; i++) {
        const struct world_file *f = &world.files[i];
        if (strcmp(f->path, path) == 0 && f->text) {
            size_t n = strlen(f->text);
            return n > max ? XMPP_E_TOO_BIG : xm_buf_add(out, f->text, n);
        }
    }
    return XMPP_E_FILE;
}

int64_t xm_net_now(void)
{
    return world.now;
}

int64_t xm_net_wall(void)
{
    static const int64_t wall_at_the_beginning = 1767225600000;
    return wall_at_the_beginning + world.now - WORLD_BEGINNING;
}

int xm_net_random(void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ((uint8_t *)bytes)[i] = (uint8_t)world_random(256);
    }
    return 0;
}
