/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files, clock, random bytes. */
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "net/net.h"
#include "xmpp/error.h"

static int read_all(int fd, size_t max, struct xm_buf *out)
{
    enum { PIECE = 4096 };
    for (;;) {
        uint8_t *room = xm_buf_reserve(out, PIECE);
        if (!room) {
            return XMPP_E_NOMEM;
        }
        ssize_t got = read(fd, room, PIECE);
        if (got == 0) {
            return 0;
        }
        if (got < 0 && errno != EINTR) {
            return XMPP_E_FILE;
        }
        if (got > 0) {
            xm_buf_commit(out, (size_t)got);
        }
        if (xm_buf_len(out) > max) {
            return XMPP_E_TOO_BIG;
        }
    }
}

int xm_net_read_file(const char *path, size_t max, struct xm_buf *out)
{
    /* Non-blocking, so that a FIFO by that name cannot hold us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return XMPP_E_FILE;
    }
    int result = read_all(fd, max, out);
    close(fd);
    return result;
}

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t xm_net_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t xm_net_wall(void)
{
    return read_clock(CLOCK_REALTIME);
}

int xm_net_random(void *bytes, size_t n)
{
    return xm_random(bytes, n);
}
