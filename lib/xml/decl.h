/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The XML declaration. It is read here and never given to the parser, which would believe what it
 * says of the encoding. */
#ifndef XM_XML_DECL_H
#define XM_XML_DECL_H

#include <stddef.h>

/* Checks a whole `<?xml … ?>`, runs of white space pressed into one space: XML 1.0, UTF-8 or no
 * encoding named. 0 or XMPP_E_XML, then with the condition (RFC 6120 4.9.3) and a reason. */
int xm_decl_check(const char *text, size_t len, const char **ret_condition,
                  const char **ret_reason);

#endif
