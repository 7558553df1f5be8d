/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the few fixed elements of a negotiation straight into the queue, whole or not at all:
 * what is said once a login, and credentials, which are not to pass through a tree's memory. */
#ifndef XM_STREAM_WIRE_H
#define XM_STREAM_WIRE_H

#include "base/buf.h"

struct xm_wire {
    struct xm_buf *out;
    size_t mark; /* readable bytes in front of what is being written */
    int error;   /* the first one sticks */
};

struct xm_wire xm_wire_begin(struct xm_buf *out);
/* As it is. */
void xm_wire_add(struct xm_wire *wire, const char *text);
/* As the value of an attribute in single quotes, or as character data. */
void xm_wire_add_escaped(struct xm_wire *wire, const char *text);
void xm_wire_add_base64(struct xm_wire *wire, const uint8_t *bytes, size_t n);
/* 0; or what went wrong, then nothing was written. */
int xm_wire_end(struct xm_wire *wire);

#endif
