/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names that elements and attributes can have. */
#ifndef XM_STANZA_NAME_H
#define XM_STANZA_NAME_H

#include <stddef.h>

/* 1 if it is an NCName (Namespaces in XML 1.0, production 4). */
int xm_name_is_valid(const char *name, size_t len);

#endif
