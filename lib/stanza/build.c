/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building a tree. Whatever goes wrong sticks to the stanza and is told by whoever uses it; a tree
 * that is sealed does not change, and adding to it gives nothing. What an element means is nothing
 * to this file. */
#include "stanza/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "jid/jid.h"
#include "stanza/name.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"

static const char NS_XMLNS[] = "http://www.w3.org/2000/xmlns/";

/* --- checked copies ------------------------------------------------------------------------- */

/* NULL, and an error that sticks, if it cannot be. */
static const char *copy_text(xmpp_stanza *stanza, const char *text)
{
    size_t len = strlen(text);
    if (!xm_utf8_is_xml(text, len)) {
        xm_stanza_fail(stanza, XMPP_E_CHAR);
        return NULL;
    }
    const char *copy = xm_arena_put(&stanza->arena, text, len);
    if (!copy) {
        xm_stanza_fail(stanza, XMPP_E_NOMEM);
    }
    return copy;
}

static const char *copy_name(xmpp_stanza *stanza, const char *name)
{
    size_t len = name ? strlen(name) : 0;
    if (!xm_name_is_valid(name, len)) {
        xm_stanza_fail(stanza, XMPP_E_NAME);
        return NULL;
    }
    const char *copy = xm_arena_put(&stanza->arena, name, len);
    if (!copy) {
        xm_stanza_fail(stanza, XMPP_E_NOMEM);
    }
    return copy;
}

static const char *copy_ns(xmpp_stanza *stanza, const char *ns)
{
    if (strcmp(ns, XMPP_NS_CLIENT) == 0) {
        return XMPP_NS_CLIENT;
    }
    if (strcmp(ns, NS_XMLNS) == 0) { /* Namespaces in XML 3: nothing may be in it */
        xm_stanza_fail(stanza, XMPP_E_NAME);
        return NULL;
    }
    return copy_text(stanza, ns);
}

static xmpp_elem *new_elem(xmpp_stanza *stanza, const char *name, const char *ns)
{
    xmpp_elem *elem = xm_elem_new(stanza, name, ns);
    if (!elem) {
        xm_stanza_fail(stanza, XMPP_E_NOMEM);
    }
    return elem;
}

/* --- the whole tree ------------------------------------------------------------------------- */

/* Gives it a root, whatever is wrong with the names. 0 if there is no memory even for that. */
static int begin(xmpp_stanza *stanza, const char *name, const char *ns)
{
    const char *own_name = copy_name(stanza, name);
    const char *own_ns = copy_ns(stanza, ns ? ns : XMPP_NS_CLIENT);
    stanza->root = new_elem(stanza, own_name ? own_name : "invalid", own_ns ? own_ns : "");
    return stanza->root != NULL;
}

xmpp_stanza *xmpp_stanza_new(const char *name, const char *ns)
{
    xmpp_stanza *stanza = xm_stanza_open(XM_ARENA_FIRST, NULL);
    if (stanza && (!begin(stanza, name, ns) || stanza->error == XMPP_E_NOMEM)) {
        return xmpp_stanza_unref(stanza);
    }
    return stanza;
}

int xmpp_stanza_reset(xmpp_stanza *stanza, const char *name, const char *ns)
{
    if (!stanza) {
        return XMPP_E_INVAL;
    }
    if (stanza->is_sealed) {
        return XMPP_E_STATE;
    }
    if (!xm_stanza_is_sole(stanza)) {
        return XMPP_E_BUSY;
    }
    xmpp_elem *old_root = stanza->root;
    xm_stanza_clear(stanza);
    stanza->root = old_root;
    begin(stanza, name, ns);
    return 0;
}

/* Joins all texts, so that reading changes nothing. */
static int join_all(xmpp_stanza *stanza)
{
    for (xmpp_elem *elem = stanza->root; elem; elem = xm_elem_walk(elem, stanza->root)) {
        int code = elem->first ? xm_elem_join(elem) : 0;
        if (code < 0) {
            return code;
        }
    }
    return 0;
}

void xmpp_stanza_seal(xmpp_stanza *stanza)
{
    if (!stanza || stanza->is_sealed) {
        return;
    }
    int code = join_all(stanza);
    int settled = xm_stanza_settle(stanza, NULL);
    code = code < 0 ? code : settled;
    if (code < 0) {
        xm_stanza_fail(stanza, code);
    }
    stanza->is_sealed = 1;
    xm_stanza_detach(stanza);
}

/* --- elements ------------------------------------------------------------------------------- */

static int can_change(const xmpp_elem *elem)
{
    return elem && !elem->stanza->is_sealed;
}

xmpp_elem *xmpp_elem_add(xmpp_elem *parent, const char *name, const char *ns)
{
    if (!can_change(parent)) {
        return NULL;
    }
    xmpp_stanza *stanza = parent->stanza;
    int is_same_ns = !ns || strcmp(ns, parent->ns) == 0;
    const char *own_name = copy_name(stanza, name);
    const char *own_ns = is_same_ns ? parent->ns : copy_ns(stanza, ns);
    xmpp_elem *elem = own_name && own_ns ? new_elem(stanza, own_name, own_ns) : NULL;
    if (elem) {
        xm_elem_link(parent, elem);
    }
    return elem;
}

xmpp_elem *xmpp_elem_add_text_child(xmpp_elem *parent, const char *name, const char *ns,
                                    const char *text)
{
    xmpp_elem *child = xmpp_elem_add(parent, name, ns);
    xmpp_elem_add_text(child, text);
    return child;
}

void xmpp_elem_add_text(xmpp_elem *elem, const char *text)
{
    if (text) {
        xmpp_elem_add_text_len(elem, text, strlen(text));
    }
}

void xmpp_elem_add_text_len(xmpp_elem *elem, const char *text, size_t len)
{
    if (!can_change(elem) || !text) {
        return;
    }
    int code = XMPP_E_CHAR;
    if (xm_utf8_is_xml(text, len)) {
        struct xm_text *run = elem->last ? &elem->last->tail : &elem->head;
        code = xm_text_add(&elem->stanza->arena, run, text, len);
    }
    if (code < 0) {
        xm_stanza_fail(elem->stanza, code);
    }
}

xmpp_elem *xmpp_elem_find(xmpp_elem *elem, const char *name, const char *ns)
{
    /* A child of what may be changed may be changed. */
    return (xmpp_elem *)xmpp_elem_get_child(elem, name, ns);
}

void xmpp_elem_remove(xmpp_elem *elem)
{
    if (!elem || (!can_change(elem) && !elem->stanza->is_open) || !elem->parent) {
        return;
    }
    xmpp_elem *parent = elem->parent;
    xmpp_elem *before = NULL;
    for (xmpp_elem *at = parent->first; at != elem; at = at->next) {
        before = at;
    }
    if (before) {
        before->next = elem->next;
    } else {
        parent->first = elem->next;
    }
    if (parent->last == elem) {
        parent->last = before;
    }
    elem->parent = NULL;
    elem->next = NULL;
    if (elem->stanza->is_open && elem->tail.len > 0 && xm_elem_join(parent) < 0) {
        xm_stanza_fail(elem->stanza, XMPP_E_NOMEM);
    }
}

/* --- attributes ----------------------------------------------------------------------------- */

static struct xm_attr *find_attr(const xmpp_elem *elem, const char *name, const char *ns)
{
    for (uint32_t i = 0; i < elem->n_attrs; i++) {
        struct xm_attr *attr = &elem->attrs[i];
        int is_same_ns = attr->ns && ns ? strcmp(attr->ns, ns) == 0 : attr->ns == ns;
        if (is_same_ns && *attr->name == *name && strcmp(attr->name, name) == 0) {
            return attr;
        }
    }
    return NULL;
}

static void remove_attr(xmpp_elem *elem, struct xm_attr *attr)
{
    size_t behind = (size_t)(elem->attrs + elem->n_attrs - attr) - 1;
    memmove(attr, attr + 1, behind * sizeof *attr);
    elem->n_attrs--;
}

/* Room for one more. NULL, and an error that sticks, if out of memory. */
static struct xm_attr *room_for_attr(xmpp_elem *elem)
{
    if (elem->n_attrs == elem->attrs_room) {
        uint32_t room = elem->attrs_room ? 2 * elem->attrs_room : 4;
        struct xm_attr *attrs = xm_arena_alloc(&elem->stanza->arena, room * sizeof *attrs);
        if (!attrs) {
            xm_stanza_fail(elem->stanza, XMPP_E_NOMEM);
            return NULL;
        }
        if (elem->n_attrs > 0) {
            memcpy(attrs, elem->attrs, elem->n_attrs * sizeof *attrs);
        }
        elem->attrs = attrs;
        elem->attrs_room = room;
    }
    return &elem->attrs[elem->n_attrs];
}

static void add_attr(xmpp_elem *elem, const char *name, const char *ns, const char *value)
{
    xmpp_stanza *stanza = elem->stanza;
    if (!ns && name && strcmp(name, "xmlns") == 0) { /* a declaration, not an attribute */
        xm_stanza_fail(stanza, XMPP_E_NAME);
        return;
    }
    struct xm_attr attr = {.name = copy_name(stanza, name)};
    if (attr.name && ns) {
        attr.ns = copy_ns(stanza, ns);
        attr.name = attr.ns ? attr.name : NULL;
    }
    struct xm_attr *room = attr.name ? room_for_attr(elem) : NULL;
    if (room) {
        attr.value = value;
        *room = attr;
        elem->n_attrs++;
    }
}

void xmpp_elem_set_attr(xmpp_elem *elem, const char *name, const char *value)
{
    xmpp_elem_set_attr_ns(elem, name, NULL, value);
}

void xmpp_elem_set_attr_ns(xmpp_elem *elem, const char *name, const char *ns, const char *value)
{
    if (!can_change(elem)) {
        return;
    }
    const char *own_ns = ns && *ns ? ns : NULL;
    struct xm_attr *attr = name ? find_attr(elem, name, own_ns) : NULL;
    if (!value) {
        if (attr) {
            remove_attr(elem, attr);
        }
        return;
    }
    const char *own_value = copy_text(elem->stanza, value);
    if (own_value && attr) {
        attr->value = own_value;
    } else if (own_value) {
        add_attr(elem, name, own_ns, own_value);
    }
}

/* Sets an attribute whose name is a literal of this file: that is neither checked nor copied. */
static void set_known(xmpp_stanza *stanza, const char *name, const char *value)
{
    xmpp_elem *root = xmpp_stanza_root(stanza);
    if (!can_change(root) || !value || find_attr(root, name, NULL)) {
        xmpp_elem_set_attr(root, name, value);
        return;
    }
    const char *own_value = copy_text(stanza, value);
    struct xm_attr *attr = own_value ? room_for_attr(root) : NULL;
    if (attr) {
        *attr = (struct xm_attr){.name = name, .value = own_value};
        root->n_attrs++;
    }
}

void xmpp_stanza_set_id(xmpp_stanza *stanza, const char *id)
{
    set_known(stanza, "id", id);
}

void xmpp_stanza_set_type(xmpp_stanza *stanza, const char *type)
{
    set_known(stanza, "type", type);
}

void xmpp_stanza_set_secret(xmpp_stanza *stanza)
{
    if (stanza && !stanza->is_sealed) {
        stanza->arena.is_secret = 1;
    }
}

static void set_address(xmpp_stanza *stanza, const char *name, const char *address)
{
    if (!stanza || !address) {
        xmpp_elem_set_attr(xmpp_stanza_root(stanza), name, NULL);
        return;
    }
    char prepared[XMPP_JID_MAX];
    int code = xm_jid_prepare_text(prepared, address, strlen(address));
    if (code < 0) {
        xm_stanza_fail(stanza, code);
        return;
    }
    set_known(stanza, name, prepared);
}

void xmpp_stanza_set_from(xmpp_stanza *stanza, const char *from)
{
    set_address(stanza, "from", from);
}

void xmpp_stanza_set_to(xmpp_stanza *stanza, const char *to)
{
    set_address(stanza, "to", to);
}

void xmpp_stanza_set_to_jid(xmpp_stanza *stanza, const xmpp_jid *to)
{
    xmpp_elem_set_attr(xmpp_stanza_root(stanza), "to", to ? xmpp_jid_get_text(to) : NULL);
}
