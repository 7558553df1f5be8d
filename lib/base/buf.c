/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The byte queue. It knows nothing of what the bytes are, and sets no limit: who fills it does. */
#include "base/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "xmpp/error.h"

enum { FIRST_CAP = 512 };

static void release(struct xm_buf *buf)
{
    if (buf->is_secret && buf->bytes) {
        xm_mem_wipe(buf->bytes, buf->cap);
    }
    free(buf->bytes);
}

void xm_buf_done(struct xm_buf *buf)
{
    release(buf);
    *buf = (struct xm_buf){0};
}

void xm_buf_done_secret(struct xm_buf *buf)
{
    buf->is_secret = 1;
    xm_buf_done(buf);
}

/* Memory of `cap` bytes with the same content. */
static uint8_t *regrow(struct xm_buf *buf, size_t cap)
{
    if (!buf->is_secret) {
        return realloc(buf->bytes, cap); /* which may leave a copy behind */
    }
    uint8_t *grown = malloc(cap);
    if (grown && buf->bytes) {
        memcpy(grown, buf->bytes, buf->end);
        release(buf);
    }
    return grown;
}

/* Moves what is unread to the front, where that frees more than it moves. */
static void compact(struct xm_buf *buf)
{
    size_t len = xm_buf_len(buf);
    if (buf->start > 0 && buf->start >= len) {
        memmove(buf->bytes, buf->bytes + buf->start, len);
        buf->start = 0;
        buf->end = len;
    }
}

uint8_t *xm_buf_reserve(struct xm_buf *buf, size_t n)
{
    if (xm_buf_room(buf) < n) {
        compact(buf);
    }
    if (xm_buf_room(buf) < n) {
        size_t cap = buf->cap > FIRST_CAP ? buf->cap : FIRST_CAP;
        if (n > SIZE_MAX / 2 - buf->end) {
            return NULL;
        }
        while (cap < buf->end + n) {
            cap *= 2;
        }
        uint8_t *grown = regrow(buf, cap);
        if (!grown) {
            return NULL;
        }
        buf->bytes = grown;
        buf->cap = cap;
    }
    return buf->bytes + buf->end;
}

void xm_buf_commit(struct xm_buf *buf, size_t n)
{
    buf->end += n;
}

int xm_buf_add(struct xm_buf *buf, const void *bytes, size_t n)
{
    if (n == 0) {
        return 0;
    }
    uint8_t *room = xm_buf_reserve(buf, n);
    if (!room) {
        return XMPP_E_NOMEM;
    }
    memcpy(room, bytes, n);
    buf->end += n;
    return 0;
}

int xm_buf_add_text(struct xm_buf *buf, const char *text)
{
    return xm_buf_add(buf, text, strlen(text));
}

void xm_buf_take(struct xm_buf *buf, size_t n)
{
    buf->start += n;
    if (buf->start == buf->end) {
        xm_buf_clear(buf);
    }
}

void xm_buf_clear(struct xm_buf *buf)
{
    buf->start = 0;
    buf->end = 0;
}

void xm_buf_cut(struct xm_buf *buf, size_t len)
{
    if (len < xm_buf_len(buf)) {
        buf->end = buf->start + len;
    }
}

void xm_buf_shrink(struct xm_buf *buf)
{
    if (xm_buf_len(buf) == 0) {
        xm_buf_done(buf);
    }
}
