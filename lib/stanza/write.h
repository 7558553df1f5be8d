/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The serialiser: a tree straight into the output buffer. */
#ifndef XM_STANZA_WRITE_H
#define XM_STANZA_WRITE_H

#include "base/buf.h"
#include "xmpp/stanza.h"

struct xm_write_options {
    const char *default_ns; /* that is in scope where the text will stand */
    const char *id;         /* written for a root that has none; NULL: none is */
    const char *from;       /* the same */
    const xmpp_elem *more;  /* whose children are written as the last of the root; NULL: none */
    /* 1: the content of the element is written as "[redacted]"; NULL: of none */
    int (*is_secret)(const xmpp_elem *elem, const void *context);
    const void *context;
    size_t most; /* bytes, about: more is XMPP_E_TOO_BIG; 0: as long as it gets */
};

/* 1 if it holds a secret: what is written of it is to be wiped. */
int xm_stanza_is_secret(const xmpp_stanza *stanza);
/* Appends the text of the tree. 0, XMPP_E_NOMEM or XMPP_E_TOO_BIG (nothing appended then), or what
 * stuck while it was built. */
int xm_stanza_write(const xmpp_stanza *stanza, struct xm_buf *out,
                    const struct xm_write_options *options);

#endif
