/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The three parts of an address: cutting a text into them, and preparing each. */
#ifndef XM_JID_PREPARE_H
#define XM_JID_PREPARE_H

#include <stddef.h>

/* RFC 7622 3.1: bytes of a part at most, after preparation. */
enum { XM_PART_MAX = 1023 };

/* Which parts could not be prepared. */
enum { XM_BAD_LOCAL = 1, XM_BAD_DOMAIN = 2, XM_BAD_RESOURCE = 4 };

/* A part: bytes without a NUL; text NULL if there is none. */
struct xm_part {
    const char *text;
    size_t len;
};

struct xm_parts {
    struct xm_part local;
    struct xm_part domain; /* always there, perhaps empty */
    struct xm_part resource;
    unsigned bad; /* XM_BAD_… */
};

/* Memory that prepared parts may be in; a part that was prepared already stays where it was. */
struct xm_parts_room {
    char *local;
    char *domain;
    char *resource;
};

/* RFC 7622 3.2: cut at the first `/`, then in front of it at the first `@`. */
void xm_parts_cut(struct xm_parts *parts, const char *text, size_t len);
/* Prepares each part in place. One that cannot be is left as it was and marked in `bad`. `room`,
 * all zero before, owns what is new: xm_parts_done() frees it when the parts are no longer needed,
 * also after a failure. 0 or XMPP_E_NOMEM. */
int xm_parts_prepare(struct xm_parts *parts, struct xm_parts_room *room);
void xm_parts_done(struct xm_parts_room *room);
/* 1 if a part is not what was cut from the text. */
static inline int xm_parts_changed(const struct xm_parts_room *room)
{
    return room->local || room->domain || room->resource;
}

/* Bytes of local@domain. */
static inline size_t xm_parts_bare_len(const struct xm_parts *parts)
{
    return (parts->local.text ? parts->local.len + 1 : 0) + parts->domain.len;
}

/* Bytes of the whole. */
static inline size_t xm_parts_text_len(const struct xm_parts *parts)
{
    return xm_parts_bare_len(parts) + (parts->resource.text ? parts->resource.len + 1 : 0);
}

/* Writes the whole and a NUL. */
void xm_parts_write(const struct xm_parts *parts, char *text);

#endif
