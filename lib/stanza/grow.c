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

/* libxml2 hands out a `&` of a value as `&#38;`, for a tree of its own that would parse it once
 * more. No other `&` can be in there. Resolves these in place. */
static void resolve(char *value, size_t len)
{
    static const char written[] = "&#38;";
    size_t n = sizeof written - 1;
    size_t to = 0;
    for (size_t from = 0; from < len; from++) {
        value[to++] = value[from];
        if (len - from >= n && memcmp(value + from, written, n) == 0) {
            from += n - 1;
        }
    }
    value[to] = '\0';
}

static const char *put_ns(struct xm_grow *grow, const char *ns)
{
    size_t len = strlen(ns);
    char *copy = xm_arena_put(&grow->stanza->arena, ns, len);
    if (copy) {
        resolve(copy, len);
    }
    return copy;
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
    const char *kept = xm_long_ns_find(grow->stanza, ns);
    if (kept) {
        return kept;
    }
    /* the parent's is resolved, and this one not */
    int is_same = grow->open && strcmp(grow->open->ns, ns) == 0 && !strchr(ns, '&');
    kept = is_same ? grow->open->ns : put_ns(grow, ns);
    return kept && xm_long_ns_add(grow->stanza, ns, kept) == 0 ? kept : NULL;
}

/* A value that needed no resolving lies in the text that was parsed, and its quote behind it. */
static int was_resolved(const struct xm_sax_attr *attr)
{
    return *attr->end != '\'' && *attr->end != '"';
}

static int keep_attr(struct xm_grow *grow, struct xm_attr *to, const struct xm_sax_attr *from)
{
    size_t len = (size_t)(from->end - from->value);
    to->name = keep(grow, (const char *)from->name);
    to->ns = from->ns ? keep_ns(grow, (const char *)from->ns) : NULL;
    char *value = xm_arena_put(&grow->stanza->arena, from->value, len);
    if (value && was_resolved(from)) {
        resolve(value, len);
    }
    to->value = value;
    return to->name && value && (to->ns || !from->ns) ? 0 : XMPP_E_NOMEM;
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
    elem->ns = grow->as_client && ns && strcmp(ns, grow->as_client) == 0 ? XMPP_NS_CLIENT
                                                                         : keep_ns(grow, ns);
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

/* Stands for the joined text of an element that has text between its children, until its end. */
static const struct xm_text is_mixed;

int xm_grow_end(struct xm_grow *grow)
{
    xmpp_elem *elem = grow->open;
    grow->open = elem->parent;
    if (!elem->joined) {
        return 0;
    }
    elem->joined = NULL;
    return xm_elem_join(elem);
}

int xm_grow_text(struct xm_grow *grow, const char *text, size_t len)
{
    xmpp_elem *open = grow->open;
    struct xm_arena *arena = &grow->stanza->arena;
    struct xm_text *run = &open->head;
    if (open->last) {
        run = &open->last->tail;
        open->joined = (struct xm_text *)&is_mixed;
    }
    if (run->bytes || len > XM_TEXT_MAX) {
        return xm_text_add(arena, run, text, len);
    }
    run->bytes = xm_arena_put(arena, text, len);
    run->len = (uint32_t)len;
    run->room = run->len + 1;
    return run->bytes ? 0 : XMPP_E_NOMEM;
}
