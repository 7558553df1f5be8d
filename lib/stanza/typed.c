/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What messages, presences and iqs are built alike with. What their types and children mean is
 * their own files'. */
#include "stanza/typed.h"

#include <string.h>

#include "stanza/tree.h"
#include "xmpp/error.h"

void xm_typed_refuse(xmpp_stanza *stanza, int error)
{
    if (stanza && !stanza->is_sealed) {
        xm_stanza_fail(stanza, error);
    }
}

void xm_typed_begin(xmpp_stanza *stanza, const char *type, const char *to)
{
    if (type) {
        xmpp_stanza_set_type(stanza, type);
    }
    if (to) {
        xmpp_stanza_set_to(stanza, to);
    }
}

void xm_typed_clear(xmpp_stanza *stanza, const char *name)
{
    xmpp_elem *root = xmpp_stanza_root(stanza);
    xmpp_elem *next;
    for (xmpp_elem *at = root ? root->first : NULL; at; at = next) {
        next = at->next;
        if (xmpp_elem_is(at, name, root->ns)) {
            xmpp_elem_remove(at);
        }
    }
}

void xm_typed_answer_as(xmpp_stanza *reply, const xmpp_stanza *stanza)
{
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(stanza), "to");
    if (reply && to) {
        reply->answers_as = xm_arena_put(&reply->arena, to, strlen(to));
        if (!reply->answers_as) {
            xm_stanza_fail(reply, XMPP_E_NOMEM);
        }
    }
}

xmpp_stanza *xm_typed_reply(const xmpp_stanza *stanza, const char *type)
{
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    xmpp_stanza *reply = xmpp_stanza_new(xmpp_elem_get_name(root), xmpp_elem_get_ns(root));
    /* not prepared: whoever sent it knows itself by this */
    xmpp_elem_set_attr(xmpp_stanza_root(reply), "to", xmpp_elem_get_attr(root, "from"));
    xmpp_stanza_set_id(reply, xmpp_stanza_get_id(stanza));
    xmpp_stanza_set_type(reply, type);
    xm_typed_answer_as(reply, stanza);
    return reply;
}

const char *xm_typed_answers_as(const xmpp_stanza *stanza)
{
    return stanza ? stanza->answers_as : NULL;
}
