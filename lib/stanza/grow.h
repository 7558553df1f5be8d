/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Grows a tree of what the tokenizer calls out. Knows nothing of bytes and streams: where a tree
 * begins and ends is its owner's to say. */
#ifndef XM_STANZA_GROW_H
#define XM_STANZA_GROW_H

#include "stanza/lexicon.h"
#include "stanza/tree.h"
#include "xml/sax.h"

struct xm_grow {
    xmpp_stanza *stanza;        /* that grows; NULL: none */
    xmpp_elem *open;            /* the element whose end has not come; NULL: none */
    struct xm_lexicon *lexicon; /* NULL: none; belongs to the names that are called out */
    const char *as_client; /* a namespace of elements that stands for jabber:client; NULL: none */
};

/* The calls of struct xm_sax_calls, each 0 or XMPP_E_NOMEM. The first start is the root. */
int xm_grow_start(struct xm_grow *grow, const char *name, const char *ns,
                  const struct xm_sax_attr *attrs, size_t n_attrs);
int xm_grow_end(struct xm_grow *grow);
int xm_grow_text(struct xm_grow *grow, const char *text, size_t len);

#endif
