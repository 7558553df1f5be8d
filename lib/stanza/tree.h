/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a stanza and its elements are made of. Seen by lib/stanza/ alone: everybody else reads and
 * builds by the public functions. */
#ifndef XM_STANZA_TREE_H
#define XM_STANZA_TREE_H

#include <stdatomic.h>
#include <stdint.h>

#include "stanza/arena.h"
#include "xmpp/stanza.h"

/* A piece of text in the arena, always with a NUL behind it; all zero is no text. */
struct xm_text {
    char *bytes;
    uint32_t len;
    uint32_t room; /* that the text may fill, its NUL included */
};

#define XM_TEXT_MAX (UINT32_MAX / 4)

struct xm_attr {
    const char *name;
    const char *ns; /* NULL: none */
    const char *value;
};

struct xmpp_elem {
    xmpp_stanza *stanza;
    xmpp_elem *parent; /* NULL: the root, or taken out */
    xmpp_elem *first;
    xmpp_elem *last;
    xmpp_elem *next;
    const char *name;
    const char *ns;
    struct xm_attr *attrs;
    uint32_t n_attrs;
    uint32_t attrs_room;
    struct xm_text head;    /* in front of the first child */
    struct xm_text tail;    /* behind the end tag */
    struct xm_text *joined; /* the head and all tails of the children; NULL: the head is all */
};

/* Lies at the start of its own arena. */
struct xmpp_stanza {
    atomic_uint refs;
    uint8_t kind;
    uint8_t is_sealed;
    uint8_t is_open;  /* sealed, but on its way through the filters: see fact.h */
    uint8_t is_inner; /* it came inside another one */
    int error;        /* the first that stuck */
    struct xm_arena arena;
    struct xm_spare spare; /* of a tree that is built here, for xmpp_stanza_reset() */
    xmpp_elem *root;
    /* what sealing looks up */
    const char *id;
    const char *type;
    const char *lang;
    const char *stream_lang; /* for what has none of its own; in the arena */
    const char
        *answers_as; /* an answer: to whom the request was sent; in the arena; NULL: nobody */
    const xmpp_jid *from;
    const xmpp_jid *to;
    struct xm_fact *facts;      /* in the arena, the newest first */
    xmpp_jid *shared_to;        /* what `to` is, if it is not in the arena */
    struct xm_long_ns *long_ns; /* while it grows, or is copied into; worthless after that */
};

/* The addressees that a stream's stanzas have again and again: prepared once, and shared. The first
 * two, the own full and bare address, are all that pays. */
struct xm_addressees {
    xmpp_jid *jids[2];
};

/* An empty stanza without a root, its arena with spare blocks of somebody else's (NULL: of its own).
 * NULL if out of memory. */
xmpp_stanza *xm_stanza_open(size_t first_size, struct xm_spare *spare);
/* Makes it empty again, in the same memory. Nobody else may hold it. */
void xm_stanza_clear(xmpp_stanza *stanza);
/* Frees what is there only to be used again; from now on it needs nobody else's memory. */
void xm_stanza_detach(xmpp_stanza *stanza);
/* Notes the first error. */
void xm_stanza_fail(xmpp_stanza *stanza, int error);
/* Seals it: looks up kind, id, type, language, and prepares the addresses; the texts are joined
 * already. `known` may be NULL. 0 or XMPP_E_NOMEM. */
int xm_stanza_settle(xmpp_stanza *stanza, struct xm_addressees *known);
void xm_addressees_done(struct xm_addressees *known);
/* 1 if nobody but the caller holds it. */
int xm_stanza_is_sole(const xmpp_stanza *stanza);

/* A new element that is nowhere yet. Names are in the arena, or live for ever. NULL if out of
 * memory. */
xmpp_elem *xm_elem_new(xmpp_stanza *stanza, const char *name, const char *ns);
/* The enum xmpp_kind of a root. */
uint8_t xm_elem_kind(const xmpp_elem *root);
/* Puts it behind the last child. */
static inline void xm_elem_link(xmpp_elem *parent, xmpp_elem *elem)
{
    elem->parent = parent;
    if (parent->last) {
        parent->last->next = elem;
    } else {
        parent->first = elem;
    }
    parent->last = elem;
}
/* The next one in the order of the text, in the tree below `top`; NULL behind the last. */
xmpp_elem *xm_elem_walk(const xmpp_elem *elem, const xmpp_elem *top);
/* Appends to a text. 0, XMPP_E_NOMEM or XMPP_E_TOO_BIG. */
int xm_text_add(struct xm_arena *arena, struct xm_text *text, const char *bytes, size_t len);
/* Joins the head and the tails of the children, if there are tails. 0 or XMPP_E_NOMEM. */
int xm_elem_join(xmpp_elem *elem);

/* A namespace as long as that is kept once in a tree, however many elements are in it: with a prefix
 * it costs its sender nothing to repeat. Of shorter ones each element may have a copy. */
enum { XM_LONG_NS = 128 };

/* What stands in the tree for this string of whoever is read from; NULL: nothing yet. */
const char *xm_long_ns_find(const xmpp_stanza *stanza, const char *seen);
/* Remembers it, if it is long. 0 or XMPP_E_NOMEM. */
int xm_long_ns_add(xmpp_stanza *stanza, const char *seen, const char *kept);

#endif
