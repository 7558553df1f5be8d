/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file stanza.h
 * @brief XML element trees: read, build, copy, serialise, parse.
 *
 * A stanza is one whole element tree in one arena: a message, presence or iq, or any other XML
 * element. The tree is counted, its elements never are: an element is valid as long as its stanza,
 * and xmpp_elem_get_stanza() leads from it to what can be kept.
 *
 * Names are always (name, namespace); prefixes are never visible. An attribute's namespace is NULL
 * for the usual case of none, and XMPP_NS_XML for `xml:lang`.
 *
 * **Building** takes NULL and stays NULL: what is added to nothing is nothing. Running out of
 * memory, a character that XML forbids, a bad name or address sticks to the stanza, and is
 * reported once, by the call that uses it (xmpp_conn_send(), xmpp_stanza_get_error()). So a
 * message is built in a few lines without a check on each.
 *
 * A stanza that is received, or that xmpp_stanza_seal() was called on, is **sealed**: it may be
 * read from any thread, kept with xmpp_stanza_ref(), and no longer changed.
 */
#ifndef XMPP_STANZA_H
#define XMPP_STANZA_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace of `xml:lang` (Namespaces in XML 1.0, 3). */
#define XMPP_NS_XML "http://www.w3.org/XML/1998/namespace"
/** The namespace of stanzas, and what is meant where none is given (RFC 6120 4.8.2). */
#define XMPP_NS_CLIENT "jabber:client"
/** The namespace of the stream itself (RFC 6120 4.8.1). */
#define XMPP_NS_STREAMS "http://etherx.jabber.org/streams"

/** What a stanza is, by its root's name in jabber:client (RFC 6120 8). */
enum xmpp_kind {
    XMPP_KIND_OTHER = 0,    /**< any other element */
    XMPP_KIND_MESSAGE = 1,  /**< `<message/>` */
    XMPP_KIND_PRESENCE = 2, /**< `<presence/>` */
    XMPP_KIND_IQ = 3        /**< `<iq/>` */
};

/* --- the whole tree ------------------------------------------------------------------------- */

/**
 * A new tree with one element. For messages, presence and iqs there are shorter ways: message.h,
 * presence.h, iq.h.
 *
 * @param name  copied
 * @param ns    copied; NULL means jabber:client
 * @return shared, drop it with xmpp_stanza_unref(); NULL only if out of memory
 */
XMPP_API xmpp_stanza *xmpp_stanza_new(const char *name, const char *ns);

/**
 * Empties a tree that is built here and makes it a new one, in the same memory: how a program that
 * sends much allocates nothing. All of its elements are gone.
 *
 * @return 0; XMPP_E_BUSY if somebody else holds a reference; XMPP_E_STATE if it is sealed;
 *         XMPP_E_INVAL for NULL
 */
XMPP_API int xmpp_stanza_reset(xmpp_stanza *stanza, const char *name, const char *ns);

/** A tree of its own, not sealed, with the same content. @return shared; NULL if out of memory or
 * for NULL */
XMPP_API xmpp_stanza *xmpp_stanza_copy(const xmpp_stanza *stanza);

/** A tree of its own, not sealed, with a copy of an element as its root: how a stanza that came inside
 * another one is taken out. A language that holds around the element is kept. @return shared; NULL if
 * out of memory or for NULL */
XMPP_API xmpp_stanza *xmpp_stanza_from_elem(const xmpp_elem *elem);

/** Another reference; how a handler keeps a stanza beyond its call. @return the same stanza */
XMPP_API const xmpp_stanza *xmpp_stanza_ref(const xmpp_stanza *stanza);

/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_stanza *xmpp_stanza_unref(const xmpp_stanza *stanza);

/** Ends building: from now on it may be read from any thread, and changing it is refused (what is
 * added to it is nothing). */
XMPP_API void xmpp_stanza_seal(xmpp_stanza *stanza);

/** 0, or the first thing that went wrong while it was built; XMPP_E_NOMEM for NULL. */
XMPP_API int xmpp_stanza_get_error(const xmpp_stanza *stanza);

/** The root element. Borrowed (as long as the stanza). NULL for NULL. */
XMPP_API xmpp_elem *xmpp_stanza_root(xmpp_stanza *stanza);
/** The root element, to read only. Borrowed (as long as the stanza). NULL for NULL. */
XMPP_API const xmpp_elem *xmpp_stanza_get_root(const xmpp_stanza *stanza);

/** The enum xmpp_kind. */
XMPP_API int xmpp_stanza_get_kind(const xmpp_stanza *stanza);
/** The `id` attribute; NULL if there is none. Borrowed (as long as the stanza). */
XMPP_API const char *xmpp_stanza_get_id(const xmpp_stanza *stanza);
/** The `type` attribute as it stands; NULL if there is none. Borrowed (as long as the stanza). */
XMPP_API const char *xmpp_stanza_get_type(const xmpp_stanza *stanza);
/**
 * The sender, prepared. NULL if there is none, or in a tree that is not sealed. An address that
 * cannot be prepared is kept and marked, see xmpp_jid_is_malformed().
 * Borrowed (as long as the stanza): xmpp_jid_ref() makes a copy that can be kept.
 */
XMPP_API const xmpp_jid *xmpp_stanza_get_from(const xmpp_stanza *stanza);
/** The addressee, as xmpp_stanza_get_from(). */
XMPP_API const xmpp_jid *xmpp_stanza_get_to(const xmpp_stanza *stanza);
/**
 * The language of the stanza: its own `xml:lang`, else that of the stream it came by (RFC 6120
 * 4.7.4, 8.1.5); NULL if neither says. Borrowed (as long as the stanza).
 */
XMPP_API const char *xmpp_stanza_get_lang(const xmpp_stanza *stanza);

/** Sets or, with NULL, removes the `id`. Copied. One that is missing is written when a stanza is
 * sent. */
XMPP_API void xmpp_stanza_set_id(xmpp_stanza *stanza, const char *id);
/** Sets or, with NULL, removes the `type`. Copied. */
XMPP_API void xmpp_stanza_set_type(xmpp_stanza *stanza, const char *type);
/** Says that the tree holds a secret, such as a password: its memory, and that of what is sent of it,
 * is wiped before it is given back. */
XMPP_API void xmpp_stanza_set_secret(xmpp_stanza *stanza);
/** Sets or, with NULL, removes the sender: prepared strictly (XMPP_E_JID sticks). Copied. Only a
 * component says itself who sends (component.h); a client's server does it. */
XMPP_API void xmpp_stanza_set_from(xmpp_stanza *stanza, const char *from);
/** Sets or, with NULL, removes the addressee: prepared strictly (XMPP_E_JID sticks). Copied. */
XMPP_API void xmpp_stanza_set_to(xmpp_stanza *stanza, const char *to);
/** Sets or, with NULL, removes the addressee: written as it is, for answering whatever sent.
 * Copied. */
XMPP_API void xmpp_stanza_set_to_jid(xmpp_stanza *stanza, const xmpp_jid *to);

/**
 * Serialises the tree.
 *
 * @param ret_text  owned; free it with xmpp_free(). Ends with a NUL that `ret_len` does not count
 * @param ret_len   may be NULL
 * @return 0, XMPP_E_NOMEM, XMPP_E_TOO_BIG beyond 10,000,000 bytes, or what stuck while building
 */
XMPP_API int xmpp_stanza_to_text(const xmpp_stanza *stanza, char **ret_text, size_t *ret_len);

/**
 * Parses exactly one well-formed element: no declaration, comment, processing instruction or
 * DOCTYPE, nothing in front of it or behind it but whitespace. Elements without a namespace of
 * their own are in jabber:client, as in a stream.
 *
 * @param ret_stanza  shared, not sealed
 * @param text        `len` bytes; need not end with a NUL
 * @return 0, XMPP_E_XML, XMPP_E_TOO_BIG, XMPP_E_NOMEM or XMPP_E_INVAL
 */
XMPP_API int xmpp_stanza_parse(xmpp_stanza **ret_stanza, const char *text, size_t len);

/** Frees text that the library handed out as **owned**. Takes NULL. */
XMPP_API void xmpp_free(void *text);

/* --- reading an element --------------------------------------------------------------------- */
/* All of these take NULL and answer NULL, 0 or nothing. What they return is borrowed (as long as
 * the stanza). */

/** The stanza that the element is in. */
XMPP_API const xmpp_stanza *xmpp_elem_get_stanza(const xmpp_elem *elem);
/** The local name, never empty. */
XMPP_API const char *xmpp_elem_get_name(const xmpp_elem *elem);
/** The namespace; "" for none. */
XMPP_API const char *xmpp_elem_get_ns(const xmpp_elem *elem);
/** 1 if it has this name (NULL: any) and this namespace (NULL: any). */
XMPP_API int xmpp_elem_is(const xmpp_elem *elem, const char *name, const char *ns);
/** The element around it; NULL for the root. */
XMPP_API const xmpp_elem *xmpp_elem_get_parent(const xmpp_elem *elem);

/** The value of the attribute with this name and no namespace; NULL if there is none. */
XMPP_API const char *xmpp_elem_get_attr(const xmpp_elem *elem, const char *name);
/** The value of an attribute by name and namespace (NULL: none). */
XMPP_API const char *xmpp_elem_get_attr_ns(const xmpp_elem *elem, const char *name, const char *ns);
/** How many attributes there are; namespace declarations are not attributes. */
XMPP_API size_t xmpp_elem_get_n_attrs(const xmpp_elem *elem);
/** The name of the attribute at `index`, from 0, in the order of the text. NULL beyond the last. */
XMPP_API const char *xmpp_elem_get_attr_name_at(const xmpp_elem *elem, size_t index);
/** The namespace of the attribute at `index`; NULL for none and beyond the last. */
XMPP_API const char *xmpp_elem_get_attr_ns_at(const xmpp_elem *elem, size_t index);
/** The value of the attribute at `index`. NULL beyond the last. */
XMPP_API const char *xmpp_elem_get_attr_value_at(const xmpp_elem *elem, size_t index);

/** The first child element with this name (NULL: any) and namespace (NULL: any). */
XMPP_API const xmpp_elem *xmpp_elem_get_child(const xmpp_elem *elem, const char *name,
                                              const char *ns);
/** The next sibling with this name (NULL: any) and namespace (NULL: any):
 * `for (c = xmpp_elem_get_child(e, n, s); c; c = xmpp_elem_get_next(c, n, s))`. */
XMPP_API const xmpp_elem *xmpp_elem_get_next(const xmpp_elem *elem, const char *name,
                                             const char *ns);
/** All text directly inside the element, in one piece, without that of its children. "" for none,
 * NULL only for NULL. `ret_len` may be NULL. */
XMPP_API const char *xmpp_elem_get_text(const xmpp_elem *elem, size_t *ret_len);
/** The text between the start tag and the first child: with xmpp_elem_get_tail() how mixed content
 * is read in order. "" for none. */
XMPP_API const char *xmpp_elem_get_head(const xmpp_elem *elem, size_t *ret_len);
/** The text between this element's end tag and the next tag of its parent. "" for none. */
XMPP_API const char *xmpp_elem_get_tail(const xmpp_elem *elem, size_t *ret_len);
/** The text of the first child with this name and namespace; NULL if there is no such child. */
XMPP_API const char *xmpp_elem_get_child_text(const xmpp_elem *elem, const char *name,
                                              const char *ns);
/** The language that holds for the element: its `xml:lang`, or the nearest one around it, or the
 * stream's (XML 1.0 2.12, RFC 6120 8.1.5). NULL if none says. */
XMPP_API const char *xmpp_elem_get_lang(const xmpp_elem *elem);

/* --- building ------------------------------------------------------------------------------- */
/* All of these take NULL and do nothing; what is given is copied; errors stick to the stanza. */

/** Adds a child at the end. `ns` NULL: the parent's. Borrowed (as long as the stanza). */
XMPP_API xmpp_elem *xmpp_elem_add(xmpp_elem *parent, const char *name, const char *ns);
/** Adds a child with this text. */
XMPP_API xmpp_elem *xmpp_elem_add_text_child(xmpp_elem *parent, const char *name, const char *ns,
                                             const char *text);
/** Adds a deep copy of an element of this or another tree at the end. */
XMPP_API xmpp_elem *xmpp_elem_add_copy(xmpp_elem *parent, const xmpp_elem *source);
/** Adds text at the end of the content. NULL adds nothing. */
XMPP_API void xmpp_elem_add_text(xmpp_elem *elem, const char *text);
/** Adds `len` bytes of UTF-8 text at the end of the content. */
XMPP_API void xmpp_elem_add_text_len(xmpp_elem *elem, const char *text, size_t len);
/** Sets or, with a NULL value, removes an attribute without a namespace. There are no prefixes, so
 * `xml:lang` is set by xmpp_elem_set_attr_ns(elem, "lang", XMPP_NS_XML, value); `xmlns` is never an
 * attribute. XMPP_E_NAME sticks for both. */
XMPP_API void xmpp_elem_set_attr(xmpp_elem *elem, const char *name, const char *value);
/** Sets or removes an attribute by name and namespace (NULL: none). */
XMPP_API void xmpp_elem_set_attr_ns(xmpp_elem *elem, const char *name, const char *ns,
                                    const char *value);
/** The first child element with this name (NULL: any) and namespace (NULL: any), to be changed or
 * removed. NULL if there is none. Borrowed (as long as the stanza). */
XMPP_API xmpp_elem *xmpp_elem_find(xmpp_elem *elem, const char *name, const char *ns);
/** Takes the element, with all that is in it and its tail, out of its parent. Not for the root. It
 * looks at all its siblings: who takes what a peer has written out of a received stanza bounds how
 * often. */
XMPP_API void xmpp_elem_remove(xmpp_elem *elem);

#ifdef __cplusplus
}
#endif

#endif
