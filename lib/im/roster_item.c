/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Contacts (RFC 6121 2.1.2). What is too long is cut and marked, what contradicts itself is read
 * the safe way, and what cannot be an item is refused as a whole. */
#include "roster_item.h"

#include <stdlib.h>
#include <string.h>

#include "subscription.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"

/* The texts that are kept of an item, before there is memory for them. */
struct texts {
    const char *name;
    size_t name_len;
    const char *groups[XM_ROSTER_GROUPS_MAX];
    size_t lens[XM_ROSTER_GROUPS_MAX];
    size_t n;
    size_t total; /* bytes, each with its NUL */
    int is_cut;
};

static const struct {
    const char *name;
    uint8_t value;
} subscriptions[] = {{"none", XMPP_SUBSCRIPTION_NONE},
                     {"to", XMPP_SUBSCRIPTION_TO},
                     {"from", XMPP_SUBSCRIPTION_FROM},
                     {"both", XMPP_SUBSCRIPTION_BOTH}};

/* 1 if there is room for it, and it is taken account of. */
static int takes(struct texts *texts, size_t len)
{
    if (len + 1 > XM_ROSTER_TEXT_MAX - texts->total) {
        texts->is_cut = 1;
        return 0;
    }
    texts->total += len + 1;
    return 1;
}

static int has_group(const struct texts *texts, const char *group, size_t len)
{
    for (size_t i = 0; i < texts->n; i++) {
        if (texts->lens[i] == len && memcmp(texts->groups[i], group, len) == 0) {
            return 1;
        }
    }
    return 0;
}

static void collect(struct texts *texts, const xmpp_elem *elem)
{
    const char *name = xmpp_elem_get_attr(elem, "name");
    size_t len = name ? strlen(name) : 0;
    if (len > 0 && takes(texts, len)) { /* RFC 6121 2.4.1: an empty name is none */
        texts->name = name;
        texts->name_len = len;
    }
    const xmpp_elem *group = xmpp_elem_get_child(elem, "group", XM_NS_ROSTER);
    for (; group; group = xmpp_elem_get_next(group, "group", XM_NS_ROSTER)) {
        const char *text = xmpp_elem_get_text(group, &len);
        if (len == 0 || has_group(texts, text, len)) {
            continue;
        }
        if (texts->n == XM_ROSTER_GROUPS_MAX) {
            texts->is_cut = 1;
            return;
        }
        if (takes(texts, len)) {
            texts->groups[texts->n] = text;
            texts->lens[texts->n++] = len;
        }
    }
}

static const char *put(char **room, const char *text, size_t len)
{
    char *start = *room;
    memcpy(start, text, len);
    start[len] = '\0';
    *room += len + 1;
    return start;
}

static struct xm_roster_facts *new_facts(const xmpp_elem *elem, uint8_t subscription)
{
    struct texts texts = {0};
    collect(&texts, elem);
    struct xm_roster_facts *facts =
        malloc(sizeof *facts + texts.n * sizeof *facts->groups + texts.total);
    if (!facts) {
        return NULL;
    }
    const char *ask = xmpp_elem_get_attr(elem, "ask");
    const char *approved = xmpp_elem_get_attr(elem, "approved");
    char *room = (char *)&facts->groups[texts.n];
    facts->subscription = subscription;
    facts->is_asked =
        ask && strcmp(ask, "subscribe") == 0 && !(subscription & XMPP_SUBSCRIPTION_TO);
    facts->is_approved = approved && (strcmp(approved, "true") == 0 || strcmp(approved, "1") == 0);
    facts->is_cut = (uint8_t)texts.is_cut;
    facts->n_groups = texts.n;
    facts->name = texts.name ? put(&room, texts.name, texts.name_len) : NULL;
    for (size_t i = 0; i < texts.n; i++) {
        facts->groups[i] = put(&room, texts.groups[i], texts.lens[i]);
    }
    return facts;
}

enum { REMOVE = -1, UNKNOWN = -2 };

/* An enum xmpp_subscription, or one of these. */
static int read_subscription(const xmpp_elem *elem)
{
    const char *text = xmpp_elem_get_attr(elem, "subscription");
    if (!text) {
        return XMPP_SUBSCRIPTION_NONE;
    }
    for (size_t i = 0; i < sizeof subscriptions / sizeof *subscriptions; i++) {
        if (strcmp(subscriptions[i].name, text) == 0) {
            return subscriptions[i].value;
        }
    }
    return strcmp(text, "remove") == 0 ? REMOVE : UNKNOWN;
}

/* Only a bare JID that is well-formed: another would be found under one that it is not. */
static int read_jid(xmpp_jid **ret_jid, const xmpp_elem *elem)
{
    xmpp_jid *jid;
    const char *text = xmpp_elem_get_attr(elem, "jid");
    int result = text ? xmpp_jid_parse(&jid, text) : XMPP_E_INVAL;
    if (result < 0) {
        return result == XMPP_E_NOMEM ? result : XMPP_E_INVAL;
    }
    if (!xmpp_jid_is_bare(jid)) {
        xmpp_jid_unref(jid);
        return XMPP_E_INVAL;
    }
    *ret_jid = jid;
    return 0;
}

int xm_roster_item_read(struct xmpp_roster_item **ret_item, const xmpp_elem *elem)
{
    int subscription = read_subscription(elem);
    if (subscription == UNKNOWN) {
        return XMPP_E_INVAL;
    }
    struct xmpp_roster_item *item = calloc(1, sizeof *item);
    if (!item) {
        return XMPP_E_NOMEM;
    }
    int result = read_jid(&item->jid, elem);
    if (result == 0 && subscription != REMOVE) {
        item->facts = new_facts(elem, (uint8_t)subscription);
        result = item->facts ? 0 : XMPP_E_NOMEM;
    }
    if (result < 0) {
        xm_roster_item_free(item);
        return result;
    }
    item->before = XM_ROSTER_NO_STATE;
    *ret_item = item;
    return 0;
}

void xm_roster_item_free(void *old)
{
    struct xmpp_roster_item *item = old;
    if (item) {
        xmpp_jid_unref(item->jid);
        free(item->facts);
        free(item);
    }
}

static int is_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

int xm_roster_item_equal(const struct xmpp_roster_item *a, const struct xmpp_roster_item *b)
{
    const struct xm_roster_facts *x = a->facts;
    const struct xm_roster_facts *y = b->facts;
    if (x->subscription != y->subscription || x->is_asked != y->is_asked ||
        x->is_approved != y->is_approved || x->is_cut != y->is_cut || x->n_groups != y->n_groups ||
        !is_same_text(x->name, y->name)) {
        return 0;
    }
    for (size_t i = 0; i < x->n_groups; i++) {
        if (strcmp(x->groups[i], y->groups[i]) != 0) {
            return 0;
        }
    }
    return 1;
}

void xm_roster_item_write(const struct xmpp_roster_item *item, xmpp_elem *elem)
{
    const struct xm_roster_facts *facts = item->facts;
    xmpp_elem_set_attr(elem, "jid", xmpp_jid_get_text(item->jid));
    xmpp_elem_set_attr(elem, "name", facts->name);
    xmpp_elem_set_attr(elem, "subscription", subscriptions[facts->subscription].name);
    xmpp_elem_set_attr(elem, "ask", facts->is_asked ? "subscribe" : NULL);
    xmpp_elem_set_attr(elem, "approved", facts->is_approved ? "true" : NULL);
    for (size_t i = 0; i < facts->n_groups; i++) {
        xmpp_elem_add_text_child(elem, "group", XM_NS_ROSTER, facts->groups[i]);
    }
}

int xm_roster_item_state(const struct xmpp_roster_item *item)
{
    return xm_subscription_state(item->facts->subscription, item->facts->is_asked,
                                 item->is_requesting);
}

/* --- what the application reads --------------------------------------------------------------- */

const xmpp_jid *xmpp_roster_item_get_jid(const xmpp_roster_item *item)
{
    return item ? item->jid : NULL;
}

const char *xmpp_roster_item_get_name(const xmpp_roster_item *item)
{
    return item ? item->facts->name : NULL;
}

size_t xmpp_roster_item_get_n_groups(const xmpp_roster_item *item)
{
    return item ? item->facts->n_groups : 0;
}

const char *xmpp_roster_item_get_group(const xmpp_roster_item *item, size_t index)
{
    return item && index < item->facts->n_groups ? item->facts->groups[index] : NULL;
}

int xmpp_roster_item_get_subscription(const xmpp_roster_item *item)
{
    return item ? item->facts->subscription : XMPP_SUBSCRIPTION_NONE;
}

int xmpp_roster_item_is_asked(const xmpp_roster_item *item)
{
    return item ? item->facts->is_asked : 0;
}

int xmpp_roster_item_is_approved(const xmpp_roster_item *item)
{
    return item ? item->facts->is_approved : 0;
}

int xmpp_roster_item_is_requesting(const xmpp_roster_item *item)
{
    return item ? item->is_requesting : 0;
}

int xmpp_roster_item_get_state(const xmpp_roster_item *item)
{
    return item ? xm_roster_item_state(item) : XMPP_SUBSCRIPTION_STATE_NONE;
}

int xmpp_roster_item_is_cut(const xmpp_roster_item *item)
{
    return item ? item->facts->is_cut : 0;
}
