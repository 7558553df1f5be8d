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

int xm_net_connect(const struct xm_addr *addr, int *ret_fd)
{
    world.counts.connects++;
    const struct world_listener *l = world_find_listener(addr);
    if (!l) {
        return XMPP_E_UNREACHABLE;
    }
    if (l->way == WORLD_REFUSE_NOW) {
        return XMPP_E_REFUSED;
    }
    int fd;
    struct world_socket *s = l->way == WORLD_NO_FD ? NULL : world_new_socket(&fd);
    if (!s) {
        return XMPP_E_SYSTEM;
    }
    s->way = l->way;
    s->settled_at = world.now + l->after_ms;
    s->is_connected = l->way == WORLD_ACCEPT_NOW;
    *ret_fd = fd;
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
        return 1;
    }
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
    }
}

static size_t cut_to_piece(size_t n)
{
    return world.recv_max > 0 && n > world.recv_max ? world.recv_max : n;
}

ptrdiff_t xm_net_recv(int fd, void *bytes, size_t n)
{
    struct world_socket *s = connected_socket(fd, "recv");
    world.counts.recvs++;
    if (!s) {
        return XMPP_E_SYSTEM;
    }
    size_t there = xm_buf_len(&s->to_client);
    if (there == 0 || n == 0) {
        world.counts.recvs_empty++;
        if (s->is_reset) {
            return XMPP_E_RESET;
        }
        if (s->is_ended && s->is_told_end++ > 100) {
            world_fault("the end of descriptor %d is received again and again", fd);
        }
        return s->is_ended ? XM_NET_END : XM_NET_AGAIN;
    }
    size_t take = cut_to_piece(there < n ? there : n);
    memcpy(bytes, xm_buf_head(&s->to_client), take);
    xm_buf_take(&s->to_client, take);
    world.counts.bytes_received += take;
    return (ptrdiff_t)take;
}

ptrdiff_t xm_net_send(int fd, const void *bytes, size_t n)
{
    struct world_socket *s = connected_socket(fd, "send");
    world.counts.sends++;
    if (!s) {
        return XMPP_E_SYSTEM;
    }
    if (s->is_reset) {
        return XMPP_E_RESET;
    }
    size_t take = n < s->room ? n : s->room;
    if (take == 0) {
        world.counts.sends_blocked++;
        return XM_NET_AGAIN;
    }
    int was = faults_inside(0);
    xm_buf_add(&s->from_client, bytes, take);
    faults_inside(was);
    if (s->room != SIZE_MAX) {
        s->room -= take;
    }
    world.counts.bytes_sent += take;
    return (ptrdiff_t)take;
}

void xm_net_quick_ack(int fd)
{
    connected_socket(fd, "quick_ack");
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

int xm_net_random(void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ((uint8_t *)bytes)[i] = (uint8_t)world_random(256);
    }
    return 0;
}
