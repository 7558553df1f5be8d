/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What we want changed in the roster (RFC 6121 2.3, 2.4, 2.5): requests to the own server. The
 * roster here is not touched; the server's push does that. */
#include <string.h>

#include "roster.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"

/* Who does not want to know hears nothing. */
static void on_unwanted(xmpp_conn *conn, int error, const xmpp_stanza *reply, void *userdata)
{
    (void)conn;
    (void)error;
    (void)reply;
    (void)userdata;
}

struct change {
    xmpp_slot **ret_slot;
    const xmpp_jid *jid;
    xmpp_reply_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
};

static xmpp_stanza *new_set(const xmpp_jid *jid, xmpp_elem **ret_item)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, NULL);
    xmpp_elem *query = xmpp_elem_add(xmpp_stanza_root(iq), "query", XM_NS_ROSTER);
    *ret_item = xmpp_elem_add(query, "item", XM_NS_ROSTER);
    xmpp_elem_set_attr(*ret_item, "jid", xmpp_jid_get_bare_text(jid));
    return iq;
}

static int send_set(xmpp_conn *conn, xmpp_stanza *iq, const struct change *change)
{
    int result = xmpp_conn_request(conn, change->ret_slot, iq, 0,
                                   change->handler ? change->handler : on_unwanted,
                                   change->userdata, change->destroy);
    xmpp_stanza_unref(iq);
    return result;
}

static int set_item(xmpp_conn *conn, const char *name, const char *const *groups, size_t n_groups,
                    const struct change *change)
{
    xmpp_elem *item;
    xmpp_stanza *iq = new_set(change->jid, &item);
    xmpp_elem_set_attr(item, "name", name && name[0] ? name : NULL);
    for (size_t i = 0; i < n_groups; i++) {
        xmpp_elem_add_text_child(item, "group", XM_NS_ROSTER, groups[i]);
    }
    return send_set(conn, iq, change);
}

/* RFC 6121 2.3.3: what a server refuses is not sent. */
static int has_bad_groups(const char *const *groups, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!groups || !groups[i] || groups[i][0] == '\0') {
            return 1;
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(groups[i], groups[k]) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

/* 0, and the item with this address, NULL if there is none; or why it cannot be changed. */
static int look(const xmpp_conn *conn, const xmpp_jid *jid, const struct xmpp_roster_item **ret)
{
    if (!conn || !jid) {
        return XMPP_E_INVAL;
    }
    const struct xm_roster *roster = xm_roster_of(conn);
    if (!roster) {
        return XMPP_E_REQUIRES;
    }
    *ret = xm_roster_find(roster, jid);
    return 0;
}

static int look_whole(const xmpp_conn *conn, const xmpp_jid *jid,
                      const struct xmpp_roster_item **ret)
{
    int result = look(conn, jid, ret);
    if (result < 0) {
        return result;
    }
    if (!*ret) {
        return XMPP_E_NOT_FOUND;
    }
    return (*ret)->facts->is_cut ? XMPP_E_TOO_BIG : 0;
}

int xmpp_roster_set(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *jid, const char *name,
                    const char *const *groups, size_t n_groups, xmpp_reply_fn handler,
                    void *userdata, xmpp_destroy_fn destroy)
{
    const struct change change = {ret_slot, jid, handler, userdata, destroy};
    const struct xmpp_roster_item *item;
    int result = look(conn, jid, &item);
    if (result < 0) {
        return result;
    }
    if (has_bad_groups(groups, n_groups)) {
        return XMPP_E_INVAL;
    }
    return set_item(conn, name, groups, n_groups, &change);
}

int xmpp_roster_rename(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *jid, const char *name,
                       xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    const struct change change = {ret_slot, jid, handler, userdata, destroy};
    const struct xmpp_roster_item *item;
    int result = look_whole(conn, jid, &item);
    if (result < 0) {
        return result;
    }
    return set_item(conn, name, item->facts->groups, item->facts->n_groups, &change);
}

int xmpp_roster_set_groups(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *jid,
                           const char *const *groups, size_t n_groups, xmpp_reply_fn handler,
                           void *userdata, xmpp_destroy_fn destroy)
{
    const struct change change = {ret_slot, jid, handler, userdata, destroy};
    const struct xmpp_roster_item *item;
    int result = look_whole(conn, jid, &item);
    if (result < 0) {
        return result;
    }
    if (has_bad_groups(groups, n_groups)) {
        return XMPP_E_INVAL;
    }
    return set_item(conn, item->facts->name, groups, n_groups, &change);
}

int xmpp_roster_remove(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *jid,
                       xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    const struct change change = {ret_slot, jid, handler, userdata, destroy};
    const struct xmpp_roster_item *item;
    int result = look(conn, jid, &item);
    if (result < 0) {
        return result;
    }
    if (!item) {
        return XMPP_E_NOT_FOUND;
    }
    xmpp_elem *elem;
    xmpp_stanza *iq = new_set(jid, &elem);
    xmpp_elem_set_attr(elem, "subscription", "remove");
    return send_set(conn, iq, &change);
}
