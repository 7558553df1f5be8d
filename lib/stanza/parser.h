/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the layers above need of the public parser, and its users do not. */
#ifndef XM_STANZA_PARSER_H
#define XM_STANZA_PARSER_H

#include "xmpp/parser.h"

enum {
    XM_PARSER_LIMITS = XMPP_PARSER_HEADER_BYTES + 1, /* of enum xmpp_parser_limit */
    XM_PARSER_LIMIT_MAX = 10000000 /* of each: the longest text that libxml2 takes */
};

/* Frees all that is there only to be fast, if nothing is half-parsed: for a stream that is idle.
 * The last stanza is no longer given out. What was freed comes back by itself, for a microsecond. */
void xm_parser_idle(xmpp_parser *parser);
/* 1 if nothing is half-parsed: in front of the header, between two stanzas, behind the end. */
int xm_parser_is_between(const xmpp_parser *parser);
/* The namespace that the stream header declares for what has no prefix (RFC 6120 4.8.2); NULL if it
 * declares none. Borrowed (as the header). */
const char *xm_parser_get_content_ns(const xmpp_parser *parser);
/* From now on elements of this namespace stand in jabber:client in the trees; so do, as ever, those
 * that are in jabber:client. For a stream whose content is called otherwise. `ns` lives for ever. */
void xm_parser_take_as_client(xmpp_parser *parser, const char *ns);

#endif
