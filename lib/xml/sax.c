/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxml2's push parser, kept on a short lead: no DTD, no entities, no comments, and namespace
 * errors are errors. It is given only what the scanner passed; limits are the scanner's. */
#include "xml/sax.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <string.h>

#include "xmpp/error.h"

enum {
    PLACES = 5,           /* that libxml2 has for an attribute */
    FIRST_ATTRS = 10,     /* for which it makes room at once */
    SCOPE_MAX = 1024,     /* namespace declarations in scope; libxml2 walks them for each name */
    WORN_NAMES = 2000,    /* in the dictionary, before a context is dropped */
    WORN_BYTES = 1 << 30, /* its counters of lines and columns are int */
    MAX_PUSH = 1 << 30    /* xmlParseChunk takes an int */
};

#if LIBXML_VERSION >= 21400
#define DICT_OF(context) xmlCtxtGetDict(context)
#else
#define DICT_OF(context) ((context)->dict)
#endif
/* Since 2.12 it looks them up. */
#if LIBXML_VERSION >= 21200
#define N_IN_SCOPE(context) 0
#else
#define N_IN_SCOPE(context) (((xmlParserCtxtPtr)(context))->nsNr / 2)
#endif

static void note(struct xm_sax *sax, int error, const char *condition, const char *reason)
{
    if (sax->error == 0) {
        sax->error = error;
        sax->condition = condition;
        sax->reason = reason;
    }
}

static void fail(struct xm_sax *sax, int error, const char *condition, const char *reason)
{
    note(sax, error, condition, reason);
    if (sax->context) {
        xmlStopParser(sax->context);
    }
}

/* What a callback answered. */
static void check(struct xm_sax *sax, int code)
{
    if (code < 0) {
        fail(sax, code, NULL, NULL);
    }
}

/* --- what libxml2 calls --------------------------------------------------------------------- */

/* Declarations are pairs of prefix and namespace. */
static const char *default_ns(int n_declared, const xmlChar **declared)
{
    for (int i = 0; i < n_declared; i++) {
        if (!declared[2 * i]) {
            return (const char *)declared[2 * i + 1];
        }
    }
    return NULL;
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns,
                     int n_declared, const xmlChar **declared, int n_attrs, int n_defaulted,
                     const xmlChar **attrs)
{
    struct xm_sax *sax = user;
    (void)prefix;
    (void)n_defaulted;
    if (sax->error < 0) {
        return;
    }
    if (sax->depth++ == 0) {
        sax->content_ns = default_ns(n_declared, declared);
    }
    if (N_IN_SCOPE(sax->context) > SCOPE_MAX) {
        fail(sax, XMPP_E_TOO_BIG, "policy-violation", "too many namespaces");
        return;
    }
    if (sax->is_silent) {
        return;
    }
    check(sax, sax->calls->start(sax->user, (const char *)name, (const char *)ns,
                                 (const struct xm_sax_attr *)(const void *)attrs, (size_t)n_attrs));
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
    struct xm_sax *sax = user;
    (void)name;
    (void)prefix;
    (void)ns;
    if (sax->error < 0) {
        return;
    }
    sax->depth--;
    check(sax, sax->calls->end(sax->user));
}

static void on_text(void *user, const xmlChar *text, int len)
{
    struct xm_sax *sax = user;
    if (sax->error < 0) {
        return;
    }
    check(sax, sax->calls->text(sax->user, (const char *)text, (size_t)len));
}

/* RFC 6120 11.1. The scanner stops these before they are complete; here stands the second lock. */
static void refuse(void *user, const char *reason)
{
    fail(user, XMPP_E_XML, "restricted-xml", reason);
}

static void on_subset(void *user, const xmlChar *name, const xmlChar *public_id,
                      const xmlChar *system_id)
{
    (void)name;
    (void)public_id;
    (void)system_id;
    refuse(user, "a document type");
}

static void on_entity_decl(void *user, const xmlChar *name, int type, const xmlChar *public_id,
                           const xmlChar *system_id, xmlChar *content)
{
    (void)name;
    (void)type;
    (void)public_id;
    (void)system_id;
    (void)content;
    refuse(user, "an entity declaration");
}

static void on_reference(void *user, const xmlChar *name)
{
    (void)name;
    refuse(user, "an entity that is not predefined");
}

static xmlEntityPtr on_get_entity(void *user, const xmlChar *name)
{
    on_reference(user, name);
    return NULL;
}

static void on_instruction(void *user, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    (void)data;
    refuse(user, "a processing instruction");
}

static void on_comment(void *user, const xmlChar *text)
{
    (void)text;
    refuse(user, "a comment");
}

/* Namespace errors do not stop libxml2, and leave the element without its namespace. */
static void on_namespace_error(struct xm_sax *sax, int code)
{
    switch (code) {
    case XML_NS_ERR_UNDEFINED_NAMESPACE:
        fail(sax, XMPP_E_XML, "bad-namespace-prefix", "a prefix that is not declared");
        break;
    case XML_NS_ERR_ATTRIBUTE_REDEFINED:
        fail(sax, XMPP_E_XML, "not-well-formed", "an attribute twice");
        break;
    case XML_NS_ERR_XML_NAMESPACE:
    case XML_NS_ERR_QNAME:
        fail(sax, XMPP_E_XML, "not-well-formed", "a forbidden use of a prefix");
        break;
    default: /* a namespace that is no URI, such as vcard-temp: allowed */
        break;
    }
}

#if LIBXML_VERSION >= 21200
static void on_error(void *user, const xmlError *error)
#else
static void on_error(void *user, xmlError *error)
#endif
{
    struct xm_sax *sax = user;
    if (error->code == XML_ERR_NO_MEMORY) {
        /* It may be growing its input, which stopping would free under it; it stops by itself. */
        note(sax, XMPP_E_NOMEM, NULL, NULL);
    } else if (error->domain == XML_FROM_NAMESPACE) {
        on_namespace_error(sax, error->code);
    } else if (error->level == XML_ERR_FATAL) {
        fail(sax, XMPP_E_XML, "not-well-formed", "not well-formed XML");
    }
}

static xmlSAXHandler make_handler(void)
{
    xmlSAXHandler handler;
    memset(&handler, 0, sizeof handler);
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = on_start;
    handler.endElementNs = on_end;
    handler.characters = on_text;
    handler.ignorableWhitespace = on_text; /* the same: libxml2 does not look for blanks then */
    handler.cdataBlock = on_text;
    handler.internalSubset = on_subset;
    handler.externalSubset = on_subset;
    handler.entityDecl = on_entity_decl;
    handler.reference = on_reference;
    handler.getEntity = on_get_entity;
    handler.getParameterEntity = on_get_entity;
    handler.processingInstruction = on_instruction;
    handler.comment = on_comment;
    handler.serror = on_error;
    return handler;
}

/* --- the context ---------------------------------------------------------------------------- */

void xm_sax_init(struct xm_sax *sax, const struct xm_sax_calls *calls, void *user)
{
    *sax = (struct xm_sax){.calls = calls, .user = user};
}

static void free_context(struct xm_sax *sax)
{
    xmlFreeParserCtxt(sax->context);
    sax->context = NULL;
    sax->pushed = 0;
}

void xm_sax_reset(struct xm_sax *sax)
{
    free_context(sax);
    xm_sax_init(sax, sax->calls, sax->user);
}

void xm_sax_drop(struct xm_sax *sax)
{
    if (sax->context && sax->depth <= 1) {
        free_context(sax);
    }
}

int xm_sax_is_worn(const struct xm_sax *sax)
{
    const xmlParserCtxt *context = sax->context;
    return context && (xmlDictSize(DICT_OF((xmlParserCtxt *)sax->context)) > WORN_NAMES ||
                       sax->pushed > WORN_BYTES);
}

/* Errors that libxml2 cannot give to a context, such as running out of memory while it makes one, go
 * to a handler of the thread, and without one to standard error. So there is one while it works. */
struct listener {
    xmlStructuredErrorFunc *function; /* where the thread's are */
    void **data;
    xmlStructuredErrorFunc old_function;
    void *old_data;
};

static struct listener listen_in(struct xm_sax *sax)
{
    struct listener here = {.function = &xmlStructuredError, .data = &xmlStructuredErrorContext};
    here.old_function = *here.function;
    here.old_data = *here.data;
    *here.function = (xmlStructuredErrorFunc)on_error;
    *here.data = sax;
    return here;
}

static void listen_out(const struct listener *here)
{
    *here->function = here->old_function;
    *here->data = here->old_data;
}

static int push(struct xm_sax *sax, const uint8_t *bytes, size_t n)
{
    if (n > MAX_PUSH) {
        return XMPP_E_TOO_BIG;
    }
    sax->pushed += n;
    int code = xmlParseChunk(sax->context, (const char *)bytes, (int)n, 0);
    if (sax->error == 0 && code == XML_ERR_NO_MEMORY) {
        fail(sax, XMPP_E_NOMEM, NULL, NULL);
    }
    return sax->error;
}

/* Room for the attributes of a tag, made before libxml2 needs it: where it fails to make room itself in the
 * middle of a tag, it goes on in the memory that it has just given back (xmlCtxtGrowAttrs, 2.9). */
#if LIBXML_VERSION >= 21400
static int make_room(struct xm_sax *sax, uint32_t n_attrs)
{
    (void)sax;
    (void)n_attrs;
    return 0; /* it stops at once */
}
#else
static int make_room(struct xm_sax *sax, uint32_t n_attrs)
{
    xmlParserCtxt *context = sax->context;
    int places = PLACES * (int)(n_attrs + 2); /* it wants some to spare */
    if (n_attrs < FIRST_ATTRS || context->maxatts >= places) {
        return 0;
    }
    void *atts = xmlRealloc((void *)context->atts, (size_t)places * sizeof *context->atts);
    if (!atts) {
        return XMPP_E_NOMEM;
    }
    context->atts = atts;
    void *kinds =
        xmlRealloc(context->attallocs, (size_t)places / PLACES * sizeof *context->attallocs);
    if (!kinds) {
        return XMPP_E_NOMEM; /* what there is room for is maxatts still */
    }
    context->attallocs = kinds;
    context->maxatts = places;
    return 0;
}
#endif

/* A new context, told what is open. */
static int open_context(struct xm_sax *sax, const uint8_t *header, size_t n_header,
                        uint32_t most_attrs)
{
    xmlSAXHandler handler = make_handler();
    sax->context = xmlCreatePushParserCtxt(&handler, sax, NULL, 0, NULL);
    if (!sax->context) {
        return XMPP_E_NOMEM;
    }
    xmlCtxtUseOptions(sax->context, XML_PARSE_NONET);
    sax->calls->renew(sax->user);
    if (make_room(sax, most_attrs) < 0) {
        return XMPP_E_NOMEM;
    }
    if (sax->depth == 0) {
        return 0;
    }
    sax->depth = 0;
    sax->is_silent = 1;
    int code = push(sax, header, n_header);
    sax->is_silent = 0;
    return code;
}

int xm_sax_push(struct xm_sax *sax, const uint8_t *bytes, size_t n, const uint8_t *header,
                size_t n_header, uint32_t most_attrs)
{
    if (sax->error < 0) {
        return sax->error;
    }
    struct listener here = listen_in(sax);
    int code =
        sax->context ? make_room(sax, most_attrs) : open_context(sax, header, n_header, most_attrs);
    code = code < 0 ? code : push(sax, bytes, n);
    listen_out(&here);
    sax->error = code;
    return code;
}
