/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A byte queue: written at its end, read at its start, its memory freed when it is empty and told
 * to shrink. Everything that crosses a layer as bytes crosses in one of these. */
#ifndef XM_BASE_BUF_H
#define XM_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct xm_buf {
    uint8_t *bytes;
    size_t start; /* first byte that was not read */
    size_t end;   /* behind the last one written */
    size_t cap;
    uint8_t is_secret; /* its memory is wiped before it is given back, also when it grows */
};

/* All zero is an empty buffer; there is no init. */

/* Frees the memory and makes it an empty buffer, not secret. */
void xm_buf_done(struct xm_buf *buf);
/* As xm_buf_done, wiping in any case. */
void xm_buf_done_secret(struct xm_buf *buf);

/* What can be read. */
static inline size_t xm_buf_len(const struct xm_buf *buf)
{
    return buf->end - buf->start;
}

static inline uint8_t *xm_buf_head(const struct xm_buf *buf)
{
    return buf->bytes ? buf->bytes + buf->start : NULL;
}

/* Room for n more bytes; where they go, or NULL if out of memory. xm_buf_commit() says how many
 * were really written. */
uint8_t *xm_buf_reserve(struct xm_buf *buf, size_t n);
void xm_buf_commit(struct xm_buf *buf, size_t n);
/* Room that is there without allocating. */
static inline size_t xm_buf_room(const struct xm_buf *buf)
{
    return buf->cap - buf->end;
}

/* Appends; 0 or XMPP_E_NOMEM (nothing appended then). */
int xm_buf_add(struct xm_buf *buf, const void *bytes, size_t n);
int xm_buf_add_text(struct xm_buf *buf, const char *text);
/* Takes n bytes off the start; n never exceeds xm_buf_len(). */
void xm_buf_take(struct xm_buf *buf, size_t n);
/* Takes everything off, keeps the memory. */
void xm_buf_clear(struct xm_buf *buf);
/* Cuts back to `len` readable bytes: undoes what was added since. */
void xm_buf_cut(struct xm_buf *buf, size_t len);
/* Frees the memory if nothing is in it. */
void xm_buf_shrink(struct xm_buf *buf);

#endif
