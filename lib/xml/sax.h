/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only door to libxml2: whole tags and text in, elements and text out by callback.
 *
 * A context is made when it is needed and can be dropped whenever only the stream's own element is
 * open; the next one is told the stream header again, silently, so that its namespace declarations
 * stay in force. That is how the memory of an endless stream stays bounded: libxml2 keeps every
 * name it ever saw as long as its context lives. */
#ifndef XM_XML_SAX_H
#define XM_XML_SAX_H

#include <stddef.h>
#include <stdint.h>

/* An attribute as it lies in memory: libxml2's own five pointers. `ns` NULL: none. The value is
 * [value, end), entities and white space already resolved. */
struct xm_sax_attr {
    const unsigned char *name;
    const unsigned char *prefix;
    const unsigned char *ns;
    const unsigned char *value;
    const unsigned char *end;
};

/* What is called, each with `user`; 0 to go on, or an error that ends the parsing and is what
 * xm_sax_push() returns. Names are valid as long as the context (two equal ones have one address),
 * the rest during the call. */
struct xm_sax_calls {
    int (*start)(void *user, const char *name, const char *ns /* NULL: none */,
                 const struct xm_sax_attr *attrs, size_t n_attrs);
    int (*end)(void *user);
    int (*text)(void *user, const char *text, size_t len);
    void (*renew)(void *user); /* a new context: all names told so far are gone */
};

struct xm_sax {
    void *context; /* NULL: none, until it is needed */
    const struct xm_sax_calls *calls;
    void *user;
    uint64_t pushed;        /* bytes that this context was given */
    uint32_t depth;         /* open elements */
    const char *content_ns; /* that the stream's element declares for all in it; NULL: none. Valid
                               as long as the context */
    int is_silent;          /* the header is being told again */
    int error;              /* XMPP_E_…, final */
    const char *condition;
    const char *reason;
};

void xm_sax_init(struct xm_sax *sax, const struct xm_sax_calls *calls, void *user);
/* Forgets the context, and errors. */
void xm_sax_reset(struct xm_sax *sax);
/* Drops the context while at most the stream's element is open. */
void xm_sax_drop(struct xm_sax *sax);
/* Parses. `header` is the start tag of the stream, told again to a new context if one is open. No tag has
 * more than `most_attrs` attributes.
 * 0, XMPP_E_XML, XMPP_E_NOMEM or what a callback returned. */
int xm_sax_push(struct xm_sax *sax, const uint8_t *bytes, size_t n, const uint8_t *header,
                size_t n_header, uint32_t most_attrs);
/* 1 if the context should be dropped at the next occasion: it has learnt too many names. */
int xm_sax_is_worn(const struct xm_sax *sax);

#endif
