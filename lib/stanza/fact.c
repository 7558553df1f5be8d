/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts that are attached to a stanza: a list in its arena, the newest first. */
#include "stanza/fact.h"

#include "stanza/tree.h"
#include "xmpp/error.h"

struct xm_fact {
    struct xm_fact *next;
    const void *key;
    void *fact;
    xmpp_destroy_fn destroy;
};

static struct xm_fact *find(const xmpp_stanza *stanza, const void *key)
{
    struct xm_fact *at = stanza ? stanza->facts : NULL;
    while (at && at->key != key) {
        at = at->next;
    }
    return at;
}

void xm_stanza_set_open(xmpp_stanza *stanza, int on)
{
    stanza->is_open = on != 0;
}

void xm_stanza_set_inner(xmpp_stanza *stanza)
{
    stanza->is_inner = 1;
}

void xm_fact_end_all(struct xm_fact *facts)
{
    for (; facts; facts = facts->next) {
        if (facts->destroy) {
            facts->destroy(facts->fact);
        }
    }
}

static int replace(struct xm_fact *at, void *fact, xmpp_destroy_fn destroy)
{
    struct xm_fact old = *at;
    at->fact = fact;
    at->destroy = destroy;
    if (old.destroy) {
        old.destroy(old.fact);
    }
    return 0;
}

int xmpp_stanza_set_fact(xmpp_stanza *stanza, const void *key, void *fact, xmpp_destroy_fn destroy)
{
    if (!stanza || !key || !fact) {
        return XMPP_E_INVAL;
    }
    if (stanza->is_sealed && !stanza->is_open) {
        return XMPP_E_STATE;
    }
    struct xm_fact *at = find(stanza, key);
    if (at) {
        return replace(at, fact, destroy);
    }
    at = xm_arena_alloc(&stanza->arena, sizeof *at);
    if (!at) {
        return XMPP_E_NOMEM;
    }
    *at = (struct xm_fact){stanza->facts, key, fact, destroy};
    stanza->facts = at;
    return 0;
}

void *xmpp_stanza_get_fact(const xmpp_stanza *stanza, const void *key)
{
    const struct xm_fact *at = find(stanza, key);
    return at ? at->fact : NULL;
}

int xmpp_stanza_is_inner(const xmpp_stanza *stanza)
{
    return stanza && stanza->is_inner;
}
