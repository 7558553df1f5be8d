/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Contacts come, change and go: by a whole roster, or by a push. Everything is read, and memory
 * found for it, in front of the first change; what is told is told behind the last, so that the
 * application never sees half of one. */
#include "roster.h"
#include "subscription.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"

struct xmpp_roster_item *xm_roster_find(const struct xm_roster *roster, const xmpp_jid *jid)
{
    return xmpp_map_get(roster->items, xmpp_jid_get_bare_text(jid));
}

static void tell_item(struct xm_roster *roster, xmpp_conn *conn, int type,
                      const struct xmpp_roster_item *item)
{
    struct xmpp_roster_event event = {.type = type, .jid = item->jid, .item = item};
    xm_roster_tell(roster, conn, &event);
}

/* --- a whole roster --------------------------------------------------------------------------- */

/* 0, XMPP_E_NOMEM, or XMPP_E_INVAL: not one for this roster. */
static int read_one(xmpp_map *fresh, const xmpp_elem *elem)
{
    struct xmpp_roster_item *item;
    int result = xm_roster_item_read(&item, elem);
    if (result < 0) {
        return result;
    }
    const char *bare = xmpp_jid_get_bare_text(item->jid);
    /* RFC 6121 2.1.2.5: in a result nothing is removed */
    result =
        item->facts && !xmpp_map_get(fresh, bare) ? xmpp_map_set(fresh, bare, item) : XMPP_E_INVAL;
    if (result < 0) {
        xm_roster_item_free(item);
    }
    return result;
}

int xm_roster_read_all(const struct xm_roster *roster, xmpp_map **ret_fresh, const xmpp_elem *query,
                       int *ret_is_cut)
{
    xmpp_map *fresh = xmpp_map_new(xm_roster_item_free);
    int result = fresh ? 0 : XMPP_E_NOMEM;
    const xmpp_elem *elem = xmpp_elem_get_child(query, "item", XM_NS_ROSTER);
    while (result != XMPP_E_NOMEM && elem && xmpp_map_get_size(fresh) < roster->max_items) {
        result = read_one(fresh, elem);
        elem = xmpp_elem_get_next(elem, "item", XM_NS_ROSTER);
    }
    if (result == XMPP_E_NOMEM) {
        xmpp_map_free(fresh);
        return result;
    }
    *ret_fresh = fresh;
    *ret_is_cut = elem != NULL;
    return 0;
}

static void tell_gone(struct xm_roster *roster, xmpp_conn *conn, const xmpp_map *old)
{
    const struct xmpp_roster_item *item;
    for (size_t i = 0; !xm_roster_is_over(roster, conn) && (item = xmpp_map_get_value_at(old, i));
         i++) {
        if (!xm_roster_find(roster, item->jid)) {
            tell_item(roster, conn, XMPP_ROSTER_EVENT_REMOVED, item);
        }
    }
}

static void tell_new(struct xm_roster *roster, xmpp_conn *conn, const xmpp_map *old)
{
    const struct xmpp_roster_item *item;
    for (size_t i = 0;
         !xm_roster_is_over(roster, conn) && (item = xmpp_map_get_value_at(roster->items, i));
         i++) {
        const struct xmpp_roster_item *was = xmpp_map_get(old, xmpp_jid_get_bare_text(item->jid));
        if (!was) {
            tell_item(roster, conn, XMPP_ROSTER_EVENT_ADDED, item);
        } else if (!xm_roster_item_equal(was, item)) {
            tell_item(roster, conn, XMPP_ROSTER_EVENT_CHANGED, item);
        }
    }
}

/* Those of the requests that the roster says were granted: how many. */
static size_t tell_over_once(struct xm_roster *roster, xmpp_conn *conn)
{
    const struct xm_roster_request *request;
    size_t n = 0;
    size_t i = 0;
    while (!xm_roster_is_over(roster, conn) &&
           (request = xmpp_map_get_value_at(roster->requests, i))) {
        struct xmpp_roster_item *item = xm_roster_find(roster, request->jid);
        if (!item || !(item->facts->subscription & XMPP_SUBSCRIPTION_FROM)) {
            i++;
            continue;
        }
        xm_roster_forget_request(roster, xmpp_jid_get_bare_text(item->jid));
        tell_item(roster, conn, XMPP_ROSTER_EVENT_REQUEST_OVER, item);
        n++;
    }
    return n;
}

/* Whoever is told may answer others, which moves them: so until there are no more. */
static void tell_over(struct xm_roster *roster, xmpp_conn *conn)
{
    while (tell_over_once(roster, conn) > 0) {
    }
}

void xm_roster_replace(struct xm_roster *roster, xmpp_conn *conn, xmpp_map *fresh)
{
    xmpp_map *old = roster->items;
    const struct xm_roster_request *request;
    roster->items = fresh;
    for (size_t i = 0; (request = xmpp_map_get_value_at(roster->requests, i)); i++) {
        struct xmpp_roster_item *item = xm_roster_find(roster, request->jid);
        if (item) {
            item->is_requesting = 1;
        }
    }
    xm_roster_ref(roster);
    tell_gone(roster, conn, old);
    tell_new(roster, conn, old);
    tell_over(roster, conn);
    xm_roster_unref(roster);
    xmpp_map_free(old);
}

/* --- a push ----------------------------------------------------------------------------------- */

static void change(struct xmpp_roster_item *item, struct xmpp_roster_item *fresh,
                   struct xm_roster_pushed *pushed)
{
    struct xm_roster_facts *facts = item->facts;
    int before = xm_roster_item_state(item);
    pushed->type = xm_roster_item_equal(item, fresh) ? 0 : XMPP_ROSTER_EVENT_CHANGED;
    pushed->item = item;
    item->facts = fresh->facts;
    fresh->facts = facts;
    if (xm_roster_item_state(item) != before) {
        item->before = (uint8_t)before;
    }
    xm_roster_item_free(fresh);
}

static int add(struct xm_roster *roster, struct xmpp_roster_item *item,
               struct xm_roster_pushed *pushed)
{
    if (xmpp_map_get_size(roster->items) >= roster->max_items) {
        pushed->is_left_out = 1;
        pushed->old = item; /* for its address */
        return 0;
    }
    const char *bare = xmpp_jid_get_bare_text(item->jid);
    int result = xmpp_map_set(roster->items, bare, item);
    if (result == 0) {
        item->is_requesting = xm_roster_get_request(roster, bare) != NULL;
        pushed->type = XMPP_ROSTER_EVENT_ADDED;
        pushed->item = item;
    }
    return result;
}

static void take_out(struct xm_roster *roster, struct xmpp_roster_item *item,
                     struct xmpp_roster_item *fresh, struct xm_roster_pushed *pushed)
{
    if (item) {
        xmpp_map_take(roster->items, xmpp_jid_get_bare_text(item->jid));
        pushed->type = XMPP_ROSTER_EVENT_REMOVED;
        pushed->old = item;
        xm_roster_item_free(fresh);
    } else {
        pushed->old = fresh; /* for its address */
    }
}

int xm_roster_push(struct xm_roster *roster, struct xmpp_roster_item *fresh,
                   struct xm_roster_pushed *ret_pushed)
{
    struct xm_roster_pushed pushed = {.item = NULL};
    struct xmpp_roster_item *item = xm_roster_find(roster, fresh->jid);
    int input = fresh->facts
                    ? xm_subscription_pushed(fresh->facts->subscription, fresh->facts->is_asked)
                    : XM_PUSHED_REMOVE;
    int state = xm_roster_state(roster, fresh->jid);
    int result = 0;
    if (!fresh->facts) {
        take_out(roster, item, fresh, &pushed);
    } else if (item) {
        change(item, fresh, &pushed);
    } else {
        result = add(roster, fresh, &pushed);
    }
    if (result < 0) {
        return result;
    }
    pushed.is_over = xm_subscription_step(state, input).event == XMPP_ROSTER_EVENT_REQUEST_OVER;
    *ret_pushed = pushed;
    return 0;
}

void xm_roster_tell_pushed(struct xm_roster *roster, xmpp_conn *conn,
                           struct xm_roster_pushed *pushed)
{
    const struct xmpp_roster_item *shown = pushed->item ? pushed->item : pushed->old;
    struct xmpp_roster_event over = {
        .type = XMPP_ROSTER_EVENT_REQUEST_OVER, .jid = shown->jid, .item = pushed->item};
    if (pushed->is_over) {
        xm_roster_forget_request(roster, xmpp_jid_get_bare_text(shown->jid));
    }
    xm_roster_ref(roster);
    if (pushed->type != 0) {
        tell_item(roster, conn, pushed->type, shown);
    }
    if (pushed->is_over) {
        xm_roster_tell(roster, conn, &over);
    }
    if (pushed->is_left_out) {
        xm_roster_tell_full(roster, conn, shown->jid);
    }
    xm_roster_unref(roster);
    xm_roster_item_free(pushed->old);
}
