/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Choosing by language, RFC 4647. No table of languages: tags are compared as text. */
#include "stanza/lang.h"

#include <string.h>

#include "base/nocase.h"
#include "stanza/tree.h"

/* The language of an element, never NULL. */
static const char *lang_of(const xmpp_elem *elem)
{
    const char *lang = xmpp_elem_get_lang(elem);
    return lang ? lang : "";
}

/* The language that an element names itself; NULL if it names none. */
static const char *own_lang(const xmpp_elem *elem)
{
    return xmpp_elem_get_attr_ns(elem, "lang", XMPP_NS_XML);
}

/* The first that is exactly the range, else the first that it is a prefix of (RFC 4647 3.3.1). */
static const xmpp_elem *match(const xmpp_elem *first, const char *range, size_t len)
{
    const char *name = xmpp_elem_get_name(first);
    const char *ns = xmpp_elem_get_ns(first);
    const xmpp_elem *wider = NULL;
    for (const xmpp_elem *at = first; at; at = xmpp_elem_get_next(at, name, ns)) {
        const char *tag = lang_of(at);
        if (!xm_nocase_equal(tag, range, len)) {
            continue;
        }
        if (tag[len] == '\0') {
            return at;
        }
        if (tag[len] == '-' && !wider) {
            wider = at;
        }
    }
    return wider;
}

/* The range without its last subtag, and without a single letter that would be last then (RFC 4647
 * 3.4); 0 if nothing is left. */
static size_t shorten(const char *range, size_t len)
{
    while (len > 0 && range[len - 1] != '-') {
        len--;
    }
    if (len == 0) {
        return 0;
    }
    len--; /* the hyphen */
    return len >= 2 && range[len - 2] == '-' ? len - 2 : len;
}

/* One in the language of what is around it. */
static const xmpp_elem *usual(const xmpp_elem *first)
{
    const char *name = xmpp_elem_get_name(first);
    const char *ns = xmpp_elem_get_ns(first);
    const char *around = lang_of(xmpp_elem_get_parent(first));
    for (const xmpp_elem *at = first; at; at = xmpp_elem_get_next(at, name, ns)) {
        const char *own = own_lang(at);
        if (!own || (*own && xm_nocase_equal(own, around, strlen(around) + 1))) {
            return at;
        }
    }
    return first;
}

const xmpp_elem *xm_lang_choose(const xmpp_elem *parent, const char *name, const char *ns,
                                const char *lang)
{
    const xmpp_elem *first = xmpp_elem_get_child(parent, name, ns);
    if (!first || !xmpp_elem_get_next(first, name, ns)) {
        return first; /* nothing to choose from */
    }
    for (size_t len = lang ? strlen(lang) : 0; len > 0; len = shorten(lang, len)) {
        const xmpp_elem *found = match(first, lang, len);
        if (found) {
            return found;
        }
    }
    return usual(first);
}

const char *xm_lang_text(const xmpp_elem *parent, const char *name, const char *ns,
                         const char *lang)
{
    return xmpp_elem_get_text(xm_lang_choose(parent, name, ns, lang), NULL);
}

void xm_lang_add(xmpp_elem *parent, const char *name, const char *lang, const char *text)
{
    xmpp_elem *elem = xmpp_elem_add_text_child(parent, name, NULL, text);
    if (lang) {
        xmpp_elem_set_attr_ns(elem, "lang", XMPP_NS_XML, lang);
    }
}

static int names_lang(const xmpp_elem *elem, const char *lang)
{
    const char *own = own_lang(elem);
    return lang && own ? xm_nocase_equal(own, lang, strlen(lang) + 1) : own == lang;
}

void xm_lang_set(xmpp_elem *parent, const char *name, const char *lang, const char *text)
{
    xmpp_elem *next;
    for (xmpp_elem *at = parent ? parent->first : NULL; at; at = next) {
        next = at->next;
        if (xmpp_elem_is(at, name, parent->ns) && names_lang(at, lang)) {
            xmpp_elem_remove(at);
        }
    }
    if (text) {
        xm_lang_add(parent, name, lang, text);
    }
}
