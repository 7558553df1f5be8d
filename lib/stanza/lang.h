/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Children that may be there once for each language: bodies, subjects, status and error texts. */
#ifndef XM_STANZA_LANG_H
#define XM_STANZA_LANG_H

#include "xmpp/stanza.h"

/* The child for a language (NULL: the stanza's own): one that matches it, else one in the language
 * of what is around it, else the first. NULL if there is no such child. */
const xmpp_elem *xm_lang_choose(const xmpp_elem *parent, const char *name, const char *ns,
                                const char *lang);
/* Its text; NULL if there is no such child. */
const char *xm_lang_text(const xmpp_elem *parent, const char *name, const char *ns,
                         const char *lang);
/* Adds a child of the parent's namespace. */
void xm_lang_add(xmpp_elem *parent, const char *name, const char *lang, const char *text);
/* Removes the child that names this language (NULL: that names none), and adds one if there is a
 * text. */
void xm_lang_set(xmpp_elem *parent, const char *name, const char *lang, const char *text);

#endif
