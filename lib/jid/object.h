/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The address as it lies in memory: the struct, followed by its texts. For this folder alone. */
#ifndef XM_JID_OBJECT_H
#define XM_JID_OBJECT_H

#include <stdatomic.h>
#include <stddef.h>

struct xmpp_jid {
    atomic_uint refs; /* 0: in memory that is not ours */
    unsigned bad;     /* XM_BAD_… */
    size_t len;
    size_t bare_len;
    const char *text;
    const char *bare;     /* the text itself if there is no resource */
    const char *local;    /* NULL: none */
    const char *domain;   /* the end of the bare text */
    const char *resource; /* the end of the text; NULL: none */
};

#endif
