/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The serialiser: a tree straight into the output buffer. */
#ifndef XM_STANZA_WRITE_H
#define XM_STANZA_WRITE_H

#include "base/buf.h"
#include "xmpp/stanza.h"

struct xm_write_options {
    const char *default_ns; /* that is in scope where the text will stand */
    const char *id;         /* written if the root has none; NULL: none is */
};

/* Appends the text of the tree. 0, XMPP_E_NOMEM (nothing appended then), or what stuck while it was
 * built. */
int xm_stanza_write(const xmpp_stanza *stanza, struct xm_buf *out,
                    const struct xm_write_options *options);

#endif
