/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and comparing addresses. Nothing is computed here: an address was prepared when it was
 * made, so equal ones are equal bytes. */
#include <string.h>

#include "jid/domain.h"
#include "jid/object.h"
#include "jid/prepare.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"

const char *xmpp_jid_get_text(const xmpp_jid *jid)
{
    return jid ? jid->text : NULL;
}

const char *xmpp_jid_get_bare_text(const xmpp_jid *jid)
{
    return jid ? jid->bare : NULL;
}

const char *xmpp_jid_get_local(const xmpp_jid *jid)
{
    return jid ? jid->local : NULL;
}

const char *xmpp_jid_get_domain(const xmpp_jid *jid)
{
    return jid ? jid->domain : NULL;
}

const char *xmpp_jid_get_resource(const xmpp_jid *jid)
{
    return jid ? jid->resource : NULL;
}

int xmpp_jid_get_domain_ascii(const xmpp_jid *jid, char *buf, size_t size)
{
    if (!jid || !buf) {
        return XMPP_E_INVAL;
    }
    return jid->bad & XM_BAD_DOMAIN ? XMPP_E_JID : xm_domain_to_ascii(jid->domain, buf, size);
}

int xmpp_jid_is_bare(const xmpp_jid *jid)
{
    return jid && !jid->resource;
}

int xmpp_jid_is_malformed(const xmpp_jid *jid)
{
    return jid && jid->bad != 0;
}

int xmpp_jid_equal(const xmpp_jid *a, const xmpp_jid *b)
{
    if (!a || !b) {
        return a == b;
    }
    return a->bad == b->bad && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* What is malformed of the bare address: a resource that is does not make two rooms of one. */
static unsigned bare_bad(const xmpp_jid *jid)
{
    return jid->bad & ~(unsigned)XM_BAD_RESOURCE;
}

int xmpp_jid_equal_bare(const xmpp_jid *a, const xmpp_jid *b)
{
    if (!a || !b) {
        return a == b;
    }
    return bare_bad(a) == bare_bad(b) && a->bare_len == b->bare_len &&
           memcmp(a->bare, b->bare, a->bare_len) == 0;
}

static int order(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

int xmpp_jid_compare(const xmpp_jid *a, const xmpp_jid *b)
{
    if (!a || !b) {
        return (a != NULL) - (b != NULL);
    }
    int result = (a->bad != 0) - (b->bad != 0);
    if (result == 0) {
        result = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
    }
    if (result == 0) {
        result = order(a->len, b->len);
    }
    return result != 0 ? result : order(a->bad, b->bad);
}
