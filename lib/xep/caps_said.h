/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody announces of its capabilities: the one hash of it that will be asked about. */
#ifndef XM_XEP_CAPS_SAID_H
#define XM_XEP_CAPS_SAID_H

#include "xmpp/caps.h"

/* Room for the node that is asked about, with its NUL: the longest that is taken. */
#define XM_CAPS_NODE_MAX 384

struct xm_caps_said {
    int kind;                      /* an enum xmpp_caps_kind; 0: nothing is announced */
    int hash;                      /* an enum xmpp_hash; 0: one that we cannot compute */
    char name[XMPP_CAPS_NAME_MAX]; /* "legacy:sha-1:BASE64"; "": it has no name, see hash */
    char node[XM_CAPS_NODE_MAX];   /* to ask about */
};

/* Reads a presence, or the features of a stream. */
void xm_caps_said_read(struct xm_caps_said *said, const xmpp_elem *from);
/* Reads a name; kind 0 if it is none. */
void xm_caps_said_from_name(struct xm_caps_said *said, const char *name);
/* The hash itself, in base64, of what has a name. */
const char *xm_caps_said_value(const struct xm_caps_said *said);
int xm_caps_said_equal(const struct xm_caps_said *a, const struct xm_caps_said *b);

#endif
