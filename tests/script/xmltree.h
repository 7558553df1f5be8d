/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XML for the scripts: what the client sent is cut into elements, and compared with what it should
 * have sent as canonical XML: the order and quotes of attributes, prefixes and where namespaces are
 * declared mean nothing, all else does. It is read by libxml2's tree reader, not by the library. */
#ifndef TESTS_SCRIPT_XMLTREE_H
#define TESTS_SCRIPT_XMLTREE_H

#include <stddef.h>

#include "script/vars.h"

enum xmltree_piece {
    XMLTREE_NONE,  /* not whole yet, or nothing there */
    XMLTREE_HEAD,  /* <stream:stream ...> */
    XMLTREE_ELEM,  /* a whole element */
    XMLTREE_END,   /* </stream:stream> */
    XMLTREE_BROKEN /* what a client must never send: a comment, CDATA, text, ... */
};

/* The first piece of a client's stream: where it starts and how long it is. White space and an XML
 * declaration in front of it are skipped. */
enum xmltree_piece xmltree_cut(const char *bytes, size_t n, size_t *ret_start, size_t *ret_len);

/* 1 if `got` is what `want` says, where a value or a text *name binds (vars.h). Else 0, and a
 * sentence in `why`. */
int xmltree_match(const char *want, const char *got, struct vars *vars, char *why, size_t size);

#endif
