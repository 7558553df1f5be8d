/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees from what libxml2 calls out. Its names do not outlive its context, so they are copied,
 * unless they are words that the library has itself. */
#include "stanza/grow.h"

#include <string.h>

#include "xmpp/error.h"

/* A name that lives as long as the tree; NULL if out of memory. */
static inline const char *keep(struct xm_grow *grow, const char *name)
{
    const char *word = grow->lexicon ? xm_lexicon_look(grow->lexicon, name) : NULL;
    return word ? word : xm_arena_put(&grow->stanza->arena, name, strlen(name));
}

/* The same for a namespace, which the parent may have already. */
static inline const char *keep_ns(struct xm_grow *grow, const char *ns)
{
    if (!ns) {
        return "";
    }
    const char *word = grow->lexicon ? xm_lexicon_look(grow->lexicon, ns) : NULL;
    if (word) {
        return word;
    }
    if (grow->open && strcmp(grow->open->ns, ns) == 0) {
        return grow->open->ns;
    }
    return xm_arena_put(&grow->stanza->arena, ns, strlen(ns));
}

static int keep_attr(struct xm_grow *grow, struct xm_attr *to, const struct xm_sax_attr *from)
{
    size_t len = (size_t)(from->end - from->value);
    to->name = keep(grow, (const char *)from->name);
    to->ns = from->ns ? keep(grow, (const char *)from->ns) : NULL;
    to->value = xm_arena_put(&grow->stanza->arena, from->value, len);
    return to->name && to->value && (to->ns || !from->ns) ? 0 : XMPP_E_NOMEM;
}

int xm_grow_start(struct xm_grow *grow, const char *name, const char *ns,
                  const struct xm_sax_attr *attrs, size_t n_attrs)
{
    xmpp_elem *elem =
        xm_arena_alloc(&grow->stanza->arena, sizeof *elem + n_attrs * sizeof(struct xm_attr));
    if (!elem) {
        return XMPP_E_NOMEM;
    }
    *elem = (xmpp_elem){.stanza = grow->stanza, .attrs = (struct xm_attr *)(elem + 1)};
    elem->n_attrs = elem->attrs_room = (uint32_t)n_attrs;
    elem->name = keep(grow, name);
    elem->ns = keep_ns(grow, ns);
    if (!elem->name || !elem->ns) {
        return XMPP_E_NOMEM;
    }
    for (size_t i = 0; i < n_attrs; i++) {
        if (keep_attr(grow, &elem->attrs[i], &attrs[i]) < 0) {
            return XMPP_E_NOMEM;
        }
    }
    if (grow->open) {
        xm_elem_link(grow->open, elem);
    } else {
        grow->stanza->root = elem;
    }
    grow->open = elem;
    return 0;
}

int xm_grow_end(struct xm_grow *grow)
{
    xmpp_elem *elem = grow->open;
    grow->open = elem->parent;
    return elem->first ? xm_elem_join(elem) : 0;
}

int xm_grow_text(struct xm_grow *grow, const char *text, size_t len)
{
    xmpp_elem *open = grow->open;
    struct xm_arena *arena = &grow->stanza->arena;
    struct xm_text *run = open->last ? &open->last->tail : &open->head;
    if (run->bytes || len > XM_TEXT_MAX) {
        return xm_text_add(arena, run, text, len);
    }
    run->bytes = xm_arena_put(arena, text, len);
    run->len = (uint32_t)len;
    run->room = run->len + 1;
    return run->bytes ? 0 : XMPP_E_NOMEM;
}
