/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deep copies. What is copied was checked when it came in, so nothing is checked again. */
#include "stanza/tree.h"

#include <string.h>

#include "xmpp/error.h"

static const char *copy_text(xmpp_stanza *stanza, const char *text)
{
    return xm_arena_put(&stanza->arena, text, strlen(text));
}

/* The namespace of something in `parent`, which may be NULL; NULL if out of memory. */
static const char *copy_ns(xmpp_stanza *stanza, const xmpp_elem *parent, const char *ns)
{
    const char *kept = xm_long_ns_find(stanza, ns);
    if (kept) {
        return kept;
    }
    kept = parent && strcmp(parent->ns, ns) == 0 ? parent->ns : copy_text(stanza, ns);
    return kept && xm_long_ns_add(stanza, ns, kept) == 0 ? kept : NULL;
}

static int copy_attrs(xmpp_elem *to, const xmpp_elem *from)
{
    if (from->n_attrs == 0) {
        return 0;
    }
    xmpp_stanza *stanza = to->stanza;
    to->attrs = xm_arena_alloc(&stanza->arena, from->n_attrs * sizeof *to->attrs);
    if (!to->attrs) {
        return XMPP_E_NOMEM;
    }
    for (uint32_t i = 0; i < from->n_attrs; i++) {
        const struct xm_attr *attr = &from->attrs[i];
        struct xm_attr copy = {copy_text(stanza, attr->name), NULL, copy_text(stanza, attr->value)};
        copy.ns = attr->ns ? copy_ns(stanza, NULL, attr->ns) : NULL;
        if (!copy.name || !copy.value || (attr->ns && !copy.ns)) {
            return XMPP_E_NOMEM;
        }
        to->attrs[i] = copy;
    }
    to->n_attrs = to->attrs_room = from->n_attrs;
    return 0;
}

/* One element without its children and its tail; `parent` may be NULL. */
static xmpp_elem *copy_one(xmpp_stanza *stanza, xmpp_elem *parent, const xmpp_elem *from)
{
    const char *name = copy_text(stanza, from->name);
    const char *ns = copy_ns(stanza, parent, from->ns);
    xmpp_elem *elem = name && ns ? xm_elem_new(stanza, name, ns) : NULL;
    if (!elem || copy_attrs(elem, from) < 0 ||
        xm_text_add(&stanza->arena, &elem->head, from->head.bytes, from->head.len) < 0) {
        return NULL;
    }
    if (parent) {
        xm_elem_link(parent, elem);
    }
    return elem;
}

/* The whole subtree, not linked to anything; so it may be one that it will be put into. NULL if out
 * of memory. */
static xmpp_elem *copy_tree(xmpp_stanza *stanza, const xmpp_elem *source)
{
    stanza->long_ns = NULL; /* what it knew is of another tree */
    xmpp_elem *top = copy_one(stanza, NULL, source);
    xmpp_elem *parent = top;
    const xmpp_elem *from = source;
    while (parent) {
        if (from->first) {
            from = from->first;
        } else {
            while (from != source && !from->next) {
                from = from->parent;
                parent = parent->parent;
            }
            if (from == source) {
                return top;
            }
            from = from->next;
            parent = parent->parent;
        }
        parent = copy_one(stanza, parent, from);
        if (parent &&
            xm_text_add(&stanza->arena, &parent->tail, from->tail.bytes, from->tail.len) < 0) {
            return NULL;
        }
    }
    return NULL;
}

/* A tree of its own with a copy of this one; `lang` is what holds for what names none. NULL if out of
 * memory. */
static xmpp_stanza *copy_as_stanza(const xmpp_elem *root, const char *lang)
{
    xmpp_stanza *copy = xm_stanza_open(XM_ARENA_FIRST, NULL);
    if (!copy) {
        return NULL;
    }
    copy->error = root->stanza->error;
    copy->arena.is_secret = root->stanza->arena.is_secret;
    copy->root = copy_tree(copy, root);
    if (copy->root && lang) {
        copy->stream_lang = copy_text(copy, lang);
    }
    if (!copy->root || (lang && !copy->stream_lang)) {
        return xmpp_stanza_unref(copy);
    }
    return copy;
}

xmpp_stanza *xmpp_stanza_copy(const xmpp_stanza *stanza)
{
    xmpp_stanza *copy = stanza ? copy_as_stanza(stanza->root, stanza->stream_lang) : NULL;
    if (copy && stanza->answers_as) {
        copy->answers_as = copy_text(copy, stanza->answers_as);
        return copy->answers_as ? copy : xmpp_stanza_unref(copy);
    }
    return copy;
}

xmpp_stanza *xmpp_stanza_from_elem(const xmpp_elem *elem)
{
    return elem ? copy_as_stanza(elem, xmpp_elem_get_lang(elem)) : NULL;
}

xmpp_elem *xmpp_elem_add_copy(xmpp_elem *parent, const xmpp_elem *source)
{
    if (!parent || !source || parent->stanza->is_sealed) {
        return NULL;
    }
    xmpp_elem *copy = copy_tree(parent->stanza, source);
    if (!copy) {
        xm_stanza_fail(parent->stanza, XMPP_E_NOMEM);
        return NULL;
    }
    xm_elem_link(parent, copy);
    return copy;
}
