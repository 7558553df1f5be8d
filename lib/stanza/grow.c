/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees from what libxml2 calls out: one allocation for an element with its attributes, and names
 * copied, as libxml2's own do not outlive its context. */
#include "stanza/grow.h"

#include <string.h>

#include "xmpp/error.h"

/* A copy at `*at`, which moves behind it. */
static const char *put(char **at, const void *text, size_t len)
{
    char *copy = *at;
    memcpy(copy, text, len);
    copy[len] = '\0';
    *at = copy + len + 1;
    return copy;
}

static size_t value_len(const struct xm_sax_attr *attr)
{
    return (size_t)(attr->end - attr->value);
}

/* The namespace that the parent has already, or NULL. */
static const char *inherited(const struct xm_grow *grow, const char *ns)
{
    return grow->open && strcmp(grow->open->ns, ns) == 0 ? grow->open->ns : NULL;
}

static void set_attrs(xmpp_elem *elem, const struct xm_sax_attr *attrs, size_t n_attrs, char **at)
{
    elem->n_attrs = elem->attrs_room = (uint32_t)n_attrs;
    for (size_t i = 0; i < n_attrs; i++) {
        const struct xm_sax_attr *from = &attrs[i];
        struct xm_attr *to = &elem->attrs[i];
        to->name = put(at, from->name, strlen((const char *)from->name));
        to->ns = from->ns ? put(at, from->ns, strlen((const char *)from->ns)) : NULL;
        to->value = put(at, from->value, value_len(from));
    }
}

int xm_grow_start(struct xm_grow *grow, const char *name, const char *ns,
                  const struct xm_sax_attr *attrs, size_t n_attrs)
{
    const char *own_ns = ns ? ns : "";
    const char *parent_ns = inherited(grow, own_ns);
    size_t n_name = strlen(name);
    size_t n_ns = parent_ns ? 0 : strlen(own_ns);
    size_t n = sizeof(xmpp_elem) + n_attrs * sizeof(struct xm_attr) + n_name + n_ns + 2;
    for (size_t i = 0; i < n_attrs; i++) {
        n += strlen((const char *)attrs[i].name) + value_len(&attrs[i]) + 2;
        n += attrs[i].ns ? strlen((const char *)attrs[i].ns) + 1 : 0;
    }
    xmpp_elem *elem = xm_arena_alloc(&grow->stanza->arena, n);
    if (!elem) {
        return XMPP_E_NOMEM;
    }
    *elem = (xmpp_elem){.stanza = grow->stanza, .attrs = (struct xm_attr *)(elem + 1)};
    char *at = (char *)(elem->attrs + n_attrs);
    elem->name = put(&at, name, n_name);
    elem->ns = parent_ns ? parent_ns : put(&at, own_ns, n_ns);
    set_attrs(elem, attrs, n_attrs, &at);
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
    struct xm_text *run = open->last ? &open->last->tail : &open->head;
    return xm_text_add(&grow->stanza->arena, run, text, len);
}
