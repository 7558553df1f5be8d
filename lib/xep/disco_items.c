/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an entity has (XEP-0030 4), as an object: a copy of the answer, with its addresses prepared. */
#include "xmpp/disco.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

struct item {
    const xmpp_elem *elem;
    xmpp_jid *jid;
};

struct xmpp_disco_items {
    atomic_uint refs;
    xmpp_stanza *stanza; /* the <query/> */
    size_t n;
    struct item *items;
};

static const xmpp_elem *first_item(const xmpp_elem *query)
{
    return xmpp_elem_get_child(query, "item", XMPP_NS_DISCO_ITEMS);
}

static const xmpp_elem *next_item(const xmpp_elem *item)
{
    return xmpp_elem_get_next(item, "item", XMPP_NS_DISCO_ITEMS);
}

static xmpp_stanza *copy_query(const xmpp_elem *query)
{
    xmpp_stanza *stanza = xmpp_stanza_new("query", XMPP_NS_DISCO_ITEMS);
    xmpp_elem *root = xmpp_stanza_root(stanza);
    for (const xmpp_elem *item = first_item(query); item; item = next_item(item)) {
        xmpp_elem_add_copy(root, item);
    }
    xmpp_elem_add_copy(root, xmpp_rsm_find(query));
    if (xmpp_stanza_get_error(stanza) < 0) {
        return xmpp_stanza_unref(stanza);
    }
    xmpp_stanza_seal(stanza);
    return stanza;
}

static int read_items(xmpp_disco_items *items, size_t room)
{
    items->items = calloc(room + 1, sizeof *items->items);
    if (!items->items) {
        return XMPP_E_NOMEM;
    }
    const xmpp_elem *elem = first_item(xmpp_stanza_get_root(items->stanza));
    for (; elem; elem = next_item(elem)) {
        struct item *item = &items->items[items->n];
        const char *text = xmpp_elem_get_attr(elem, "jid");
        int result = text ? xmpp_jid_parse(&item->jid, text) : XMPP_E_JID;
        if (result == XMPP_E_NOMEM) {
            return result;
        }
        item->elem = elem;
        items->n += result == 0;
    }
    return 0;
}

int xmpp_disco_items_parse(xmpp_disco_items **ret_items, const xmpp_elem *query)
{
    size_t n = 0;
    if (!ret_items || !xmpp_elem_is(query, "query", XMPP_NS_DISCO_ITEMS)) {
        return XMPP_E_INVAL;
    }
    for (const xmpp_elem *item = first_item(query); item; item = next_item(item)) {
        if (++n > XMPP_DISCO_MAX_ITEMS) {
            return XMPP_E_TOO_BIG;
        }
    }
    xmpp_disco_items *items = calloc(1, sizeof *items);
    if (!items) {
        return XMPP_E_NOMEM;
    }
    atomic_init(&items->refs, 1);
    items->stanza = copy_query(query);
    int result = items->stanza ? read_items(items, n) : XMPP_E_NOMEM;
    if (result < 0) {
        xmpp_disco_items_unref(items);
        return result;
    }
    *ret_items = items;
    return 0;
}

const xmpp_disco_items *xmpp_disco_items_ref(const xmpp_disco_items *items)
{
    if (items) {
        atomic_fetch_add(&((xmpp_disco_items *)items)->refs, 1);
    }
    return items;
}

xmpp_disco_items *xmpp_disco_items_unref(const xmpp_disco_items *items)
{
    xmpp_disco_items *mine = (xmpp_disco_items *)items;
    if (mine && atomic_fetch_sub(&mine->refs, 1) == 1) {
        for (size_t i = 0; i < mine->n; i++) {
            xmpp_jid_unref(mine->items[i].jid);
        }
        xmpp_stanza_unref(mine->stanza);
        free(mine->items);
        free(mine);
    }
    return NULL;
}

static const struct item *item_at(const xmpp_disco_items *items, size_t index)
{
    return items && index < items->n ? &items->items[index] : NULL;
}

size_t xmpp_disco_items_get_n(const xmpp_disco_items *items)
{
    return items ? items->n : 0;
}

const xmpp_jid *xmpp_disco_items_get_jid(const xmpp_disco_items *items, size_t index)
{
    const struct item *item = item_at(items, index);
    return item ? item->jid : NULL;
}

const char *xmpp_disco_items_get_node(const xmpp_disco_items *items, size_t index)
{
    const struct item *item = item_at(items, index);
    return item ? xmpp_elem_get_attr(item->elem, "node") : NULL;
}

const char *xmpp_disco_items_get_name(const xmpp_disco_items *items, size_t index)
{
    const struct item *item = item_at(items, index);
    return item ? xmpp_elem_get_attr(item->elem, "name") : NULL;
}

const xmpp_elem *xmpp_disco_items_get_set(const xmpp_disco_items *items)
{
    return items ? xmpp_rsm_find(xmpp_stanza_get_root(items->stanza)) : NULL;
}
