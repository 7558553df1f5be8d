/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stanzas inside others, XEP-0297: taken out, and put in. Whom to believe that one was forwarded is
 * decided by who reads it, and what is taken out goes nowhere by itself. */
#include "xmpp/forwarded.h"

#include "xmpp/delay.h"
#include "xmpp/error.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"

static const char ns_forward[] = "urn:xmpp:forward:0";
static const char ns_delay[] = "urn:xmpp:delay";

/* A fact of a stanza that was taken out points into this: at how deep it was. */
static const char levels[XMPP_FORWARDED_MAX + 1];

int xmpp_forwarded_enable(xmpp_conn *conn)
{
    xmpp_module *module = xmpp_module_new(levels, "forwarded", NULL, NULL);
    xmpp_module_add_feature(module, ns_forward);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

static int is_forwarded(const xmpp_elem *elem)
{
    return xmpp_elem_is(elem, "forwarded", ns_forward);
}

/* The only child of this name; NULL if there is none, or more than one. */
static const xmpp_elem *only_child(const xmpp_elem *parent, const char *name, const char *ns)
{
    const xmpp_elem *child = xmpp_elem_get_child(parent, name, ns);
    return xmpp_elem_get_next(child, name, ns) ? NULL : child;
}

const xmpp_elem *xmpp_forwarded_find(const xmpp_elem *parent)
{
    return only_child(parent, "forwarded", ns_forward);
}

int xmpp_forwarded_get_time(const xmpp_elem *forwarded, int64_t *ret_ms)
{
    if (!is_forwarded(forwarded) || !ret_ms) {
        return XMPP_E_INVAL;
    }
    const xmpp_elem *delay = only_child(forwarded, "delay", ns_delay);
    return delay ? xmpp_delay_read(delay, ret_ms) : XMPP_E_NOT_FOUND;
}

/* --- taking out ------------------------------------------------------------------------------- */

static int is_stanza(const xmpp_elem *elem)
{
    return xmpp_elem_is(elem, "message", XMPP_NS_CLIENT) ||
           xmpp_elem_is(elem, "presence", XMPP_NS_CLIENT) ||
           xmpp_elem_is(elem, "iq", XMPP_NS_CLIENT);
}

/* The only stanza; NULL if there is none, or more than one. */
static const xmpp_elem *only_stanza(const xmpp_elem *forwarded)
{
    const xmpp_elem *found = NULL;
    const xmpp_elem *child = xmpp_elem_get_child(forwarded, NULL, XMPP_NS_CLIENT);
    for (; child; child = xmpp_elem_get_next(child, NULL, XMPP_NS_CLIENT)) {
        if (is_stanza(child)) {
            if (found) {
                return NULL;
            }
            found = child;
        }
    }
    return found;
}

/* In how many of them it is: those that its stanza was taken out of, and those around it there. */
static size_t depth_of(const xmpp_elem *forwarded)
{
    const char *level = xmpp_stanza_get_fact(xmpp_elem_get_stanza(forwarded), levels);
    size_t depth = level ? (size_t)(level - levels) : 0;
    for (const xmpp_elem *at = forwarded; at; at = xmpp_elem_get_parent(at)) {
        depth += (size_t)is_forwarded(at);
    }
    return depth;
}

int xmpp_forwarded_read(const xmpp_elem *forwarded, xmpp_stanza **ret_stanza)
{
    if (!is_forwarded(forwarded) || !ret_stanza) {
        return XMPP_E_INVAL;
    }
    size_t depth = depth_of(forwarded);
    const xmpp_elem *source = only_stanza(forwarded);
    if (!source || depth > XMPP_FORWARDED_MAX) {
        return source ? XMPP_E_TOO_BIG : XMPP_E_NOT_FOUND;
    }
    xmpp_stanza *inner = xmpp_stanza_from_elem(source);
    int result =
        inner ? xmpp_stanza_set_fact(inner, levels, (void *)&levels[depth], NULL) : XMPP_E_NOMEM;
    if (result == 0) {
        xmpp_stanza_seal(inner);
        result = xmpp_stanza_get_error(inner);
    }
    if (result < 0) {
        xmpp_stanza_unref(inner);
        return result;
    }
    *ret_stanza = inner;
    return 0;
}

/* --- putting in ------------------------------------------------------------------------------- */

xmpp_elem *xmpp_forwarded_add(xmpp_elem *parent, const xmpp_stanza *stanza)
{
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    if (xmpp_stanza_get_kind(stanza) == XMPP_KIND_OTHER || xmpp_stanza_get_error(stanza) < 0) {
        return NULL;
    }
    xmpp_elem *forwarded = xmpp_elem_add(parent, "forwarded", ns_forward);
    xmpp_elem *copy = xmpp_elem_add_copy(forwarded, root);
    const char *lang = xmpp_stanza_get_lang(stanza);
    if (lang) { /* it may be that of the stream it came by, which does not hold for the reader */
        xmpp_elem_set_attr_ns(copy, "lang", XMPP_NS_XML, lang);
    }
    return forwarded;
}
