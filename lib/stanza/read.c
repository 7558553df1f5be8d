/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a tree. Nothing here changes anything, but for the text of a tree that is still being
 * built. */
#include "stanza/tree.h"

#include <string.h>

#include "xmpp/error.h"

/* --- the stanza ----------------------------------------------------------------------------- */

int xmpp_stanza_get_error(const xmpp_stanza *stanza)
{
    return stanza ? stanza->error : XMPP_E_NOMEM;
}

xmpp_elem *xmpp_stanza_root(xmpp_stanza *stanza)
{
    return stanza ? stanza->root : NULL;
}

const xmpp_elem *xmpp_stanza_get_root(const xmpp_stanza *stanza)
{
    return stanza ? stanza->root : NULL;
}

int xmpp_stanza_get_kind(const xmpp_stanza *stanza)
{
    if (!stanza) {
        return XMPP_KIND_OTHER;
    }
    return stanza->is_sealed ? stanza->kind : xm_elem_kind(stanza->root);
}

/* A sealed stanza has looked it up. */
static const char *root_attr(const xmpp_stanza *stanza, const char *noted, const char *name)
{
    return stanza->is_sealed ? noted : xmpp_elem_get_attr(stanza->root, name);
}

const char *xmpp_stanza_get_id(const xmpp_stanza *stanza)
{
    return stanza ? root_attr(stanza, stanza->id, "id") : NULL;
}

const char *xmpp_stanza_get_type(const xmpp_stanza *stanza)
{
    return stanza ? root_attr(stanza, stanza->type, "type") : NULL;
}

const xmpp_jid *xmpp_stanza_get_from(const xmpp_stanza *stanza)
{
    return stanza ? stanza->from : NULL;
}

const xmpp_jid *xmpp_stanza_get_to(const xmpp_stanza *stanza)
{
    return stanza ? stanza->to : NULL;
}

const char *xmpp_stanza_get_lang(const xmpp_stanza *stanza)
{
    if (!stanza) {
        return NULL;
    }
    return stanza->is_sealed ? stanza->lang : xmpp_elem_get_lang(stanza->root);
}

/* --- an element ----------------------------------------------------------------------------- */

const xmpp_stanza *xmpp_elem_get_stanza(const xmpp_elem *elem)
{
    return elem ? elem->stanza : NULL;
}

const char *xmpp_elem_get_name(const xmpp_elem *elem)
{
    return elem ? elem->name : NULL;
}

const char *xmpp_elem_get_ns(const xmpp_elem *elem)
{
    return elem ? elem->ns : NULL;
}

/* Words of XMPP are mostly the same copy, and most others differ in their first byte already. */
static inline int is_same(const char *a, const char *b)
{
    return a == b || (*a == *b && strcmp(a, b) == 0);
}

static inline int is_elem(const xmpp_elem *elem, const char *name, const char *ns)
{
    return (!name || is_same(elem->name, name)) && (!ns || is_same(elem->ns, ns));
}

int xmpp_elem_is(const xmpp_elem *elem, const char *name, const char *ns)
{
    return elem && is_elem(elem, name, ns);
}

const xmpp_elem *xmpp_elem_get_parent(const xmpp_elem *elem)
{
    return elem ? elem->parent : NULL;
}

static int is_ns(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

const char *xmpp_elem_get_attr(const xmpp_elem *elem, const char *name)
{
    return xmpp_elem_get_attr_ns(elem, name, NULL);
}

const char *xmpp_elem_get_attr_ns(const xmpp_elem *elem, const char *name, const char *ns)
{
    if (!elem || !name) {
        return NULL;
    }
    for (uint32_t i = 0; i < elem->n_attrs; i++) {
        const struct xm_attr *attr = &elem->attrs[i];
        if (is_ns(attr->ns, ns) && is_same(attr->name, name)) {
            return attr->value;
        }
    }
    return NULL;
}

size_t xmpp_elem_get_n_attrs(const xmpp_elem *elem)
{
    return elem ? elem->n_attrs : 0;
}

static const struct xm_attr *attr_at(const xmpp_elem *elem, size_t index)
{
    static const struct xm_attr none;
    return elem && index < elem->n_attrs ? &elem->attrs[index] : &none;
}

const char *xmpp_elem_get_attr_name_at(const xmpp_elem *elem, size_t index)
{
    return attr_at(elem, index)->name;
}

const char *xmpp_elem_get_attr_ns_at(const xmpp_elem *elem, size_t index)
{
    return attr_at(elem, index)->ns;
}

const char *xmpp_elem_get_attr_value_at(const xmpp_elem *elem, size_t index)
{
    return attr_at(elem, index)->value;
}

static const xmpp_elem *first_of(const xmpp_elem *from, const char *name, const char *ns)
{
    while (from && !is_elem(from, name, ns)) {
        from = from->next;
    }
    return from;
}

const xmpp_elem *xmpp_elem_get_child(const xmpp_elem *elem, const char *name, const char *ns)
{
    return elem ? first_of(elem->first, name, ns) : NULL;
}

const xmpp_elem *xmpp_elem_get_next(const xmpp_elem *elem, const char *name, const char *ns)
{
    return elem ? first_of(elem->next, name, ns) : NULL;
}

static const char *give_text(const struct xm_text *text, size_t *ret_len)
{
    if (ret_len) {
        *ret_len = text->len;
    }
    return text->bytes ? text->bytes : "";
}

const char *xmpp_elem_get_text(const xmpp_elem *elem, size_t *ret_len)
{
    if (!elem) {
        return NULL;
    }
    if (!elem->stanza->is_sealed && elem->first) {
        /* a tree that is built belongs to one thread, and its text may have changed */
        xmpp_elem *mine = (xmpp_elem *)elem;
        int code = xm_elem_join(mine);
        if (code < 0) {
            xm_stanza_fail(mine->stanza, code);
        }
    }
    return give_text(elem->joined ? elem->joined : &elem->head, ret_len);
}

const char *xmpp_elem_get_head(const xmpp_elem *elem, size_t *ret_len)
{
    return elem ? give_text(&elem->head, ret_len) : NULL;
}

const char *xmpp_elem_get_tail(const xmpp_elem *elem, size_t *ret_len)
{
    return elem ? give_text(&elem->tail, ret_len) : NULL;
}

const char *xmpp_elem_get_child_text(const xmpp_elem *elem, const char *name, const char *ns)
{
    return xmpp_elem_get_text(xmpp_elem_get_child(elem, name, ns), NULL);
}

const char *xmpp_elem_get_lang(const xmpp_elem *elem)
{
    if (!elem) {
        return NULL;
    }
    for (const xmpp_elem *at = elem; at; at = at->parent) {
        const char *lang = xmpp_elem_get_attr_ns(at, "lang", XMPP_NS_XML);
        if (lang) {
            return *lang ? lang : NULL; /* empty: it is not known, XML 1.0 2.12 */
        }
    }
    return elem->stanza->stream_lang;
}
