/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The roster in the application's cache: an entry for each contact, under its bare JID, and one
 * under "" with the version, whose roster it is, and how many entries there are (RFC 6121 2.6). The
 * version is written behind what it is the version of and forgotten in front of what is written as
 * a whole, so a cache that is cut off at any point is an older one, or none. Requests that wait are
 * not in it: the server repeats them, and who has just been started has to be told. */
#include <stdlib.h>
#include <string.h>

#include "roster.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"

struct xmpp_roster_loading {
    const struct xm_roster *roster;
    xmpp_map *items;
    char *version; /* NULL: there was no such entry */
    size_t n;      /* contacts that there should be */
    int error;     /* the first */
};

/* --- saving ----------------------------------------------------------------------------------- */

static int save_text(struct xm_roster *roster, xmpp_conn *conn, const char *key, const char *text)
{
    struct xm_roster_owned *cache = roster->cache;
    if (!cache) {
        return 0;
    }
    cache->refs++;
    int result = roster->save(conn, key, text, cache->userdata);
    xm_roster_owned_unref(cache);
    return result < 0 ? result : 0;
}

static int save_stanza(struct xm_roster *roster, xmpp_conn *conn, const char *key,
                       xmpp_stanza *stanza)
{
    char *text;
    int result = xmpp_stanza_to_text(stanza, &text, NULL);
    if (result == 0) {
        result = save_text(roster, conn, key, text);
        xmpp_free(text);
    }
    xmpp_stanza_unref(stanza);
    return result;
}

static int save_item(struct xm_roster *roster, xmpp_conn *conn, const struct xmpp_roster_item *item)
{
    xmpp_stanza *stanza = xmpp_stanza_new("item", XM_NS_ROSTER);
    xmpp_elem *elem = xmpp_stanza_root(stanza);
    xm_roster_item_write(item, elem);
    xmpp_elem_set_attr(elem, "cut", item->facts->is_cut ? "true" : NULL);
    return save_stanza(roster, conn, xmpp_jid_get_bare_text(item->jid), stanza);
}

static int save_version(struct xm_roster *roster, xmpp_conn *conn)
{
    char digits[24];
    char *at = digits + sizeof digits - 1;
    size_t n = xmpp_map_get_size(roster->items);
    *at = '\0';
    do {
        *--at = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    xmpp_stanza *stanza = xmpp_stanza_new("query", XM_NS_ROSTER);
    xmpp_elem *elem = xmpp_stanza_root(stanza);
    xmpp_elem_set_attr(elem, "ver", roster->version);
    xmpp_elem_set_attr(elem, "jid", roster->account);
    xmpp_elem_set_attr(elem, "items", at);
    return save_stanza(roster, conn, "", stanza);
}

/* From here on nothing is saved until all is. */
static void give_up(struct xm_roster *roster, xmpp_conn *conn, int error)
{
    roster->is_cache_whole = 0;
    xm_roster_tell_error(roster, conn, XMPP_ROSTER_EVENT_CACHE_FAILED, error, NULL);
}

void xm_roster_save_all(struct xm_roster *roster, xmpp_conn *conn)
{
    roster->is_cache_whole = 0;
    int result = save_text(roster, conn, NULL, NULL);
    size_t n = roster->version ? xmpp_map_get_size(roster->items) : 0;
    for (size_t i = 0; i < n && result == 0; i++) {
        result = save_item(roster, conn, xmpp_map_get_value_at(roster->items, i));
    }
    if (result == 0 && roster->version) {
        result = save_version(roster, conn);
    }
    /* Of a roster that comes as pushes there is nothing yet. */
    int is_all = roster->version || xmpp_map_get_size(roster->items) == 0;
    roster->is_cache_whole = result == 0 && is_all;
    if (result < 0) {
        give_up(roster, conn, result);
    }
}

void xm_roster_save_one(struct xm_roster *roster, xmpp_conn *conn,
                        const struct xmpp_roster_item *item, int is_gone)
{
    if (!roster->is_cache_whole || !roster->version) {
        roster->is_cache_whole = 0;
        return;
    }
    int result = is_gone ? save_text(roster, conn, xmpp_jid_get_bare_text(item->jid), NULL)
                         : save_item(roster, conn, item);
    result = result == 0 ? save_version(roster, conn) : result;
    if (result < 0) {
        give_up(roster, conn, result);
    }
}

void xm_roster_forget_version(struct xm_roster *roster, xmpp_conn *conn)
{
    free(roster->version);
    roster->version = NULL;
    roster->is_lossy = 1;
    if (roster->is_cache_whole) {
        roster->is_cache_whole = 0;
        save_text(roster, conn, "", NULL);
    }
}

/* --- loading ---------------------------------------------------------------------------------- */

static int load_version(struct xmpp_roster_loading *loading, const xmpp_elem *elem)
{
    const char *version = xmpp_elem_get_attr(elem, "ver");
    const char *account = xmpp_elem_get_attr(elem, "jid");
    const char *items = xmpp_elem_get_attr(elem, "items");
    if (loading->version || !xmpp_elem_is(elem, "query", XM_NS_ROSTER) || !version || !account ||
        !items || strcmp(account, loading->roster->account) != 0) {
        return XMPP_E_XML;
    }
    for (; *items >= '0' && *items <= '9' && loading->n <= loading->roster->max_items; items++) {
        loading->n = loading->n * 10 + (size_t)(*items - '0');
    }
    return *items != '\0' ? XMPP_E_XML : xm_roster_set_text(&loading->version, version);
}

static int load_item(struct xmpp_roster_loading *loading, const char *key, const xmpp_elem *elem)
{
    struct xmpp_roster_item *item;
    int result =
        xmpp_elem_is(elem, "item", XM_NS_ROSTER) ? xm_roster_item_read(&item, elem) : XMPP_E_INVAL;
    if (result < 0) {
        return result == XMPP_E_NOMEM ? result : XMPP_E_XML;
    }
    if (!item->facts || strcmp(xmpp_jid_get_bare_text(item->jid), key) != 0 ||
        xmpp_map_get(loading->items, key) ||
        xmpp_map_get_size(loading->items) >= loading->roster->max_items) {
        result = XMPP_E_XML;
    } else {
        item->facts->is_cut |= xmpp_elem_get_attr(elem, "cut") != NULL;
        result = xmpp_map_set(loading->items, key, item);
    }
    if (result < 0) {
        xm_roster_item_free(item);
    }
    return result;
}

int xmpp_roster_load_entry(xmpp_roster_loading *loading, const char *key, const char *text)
{
    if (!loading || !key || !text) {
        return XMPP_E_INVAL;
    }
    if (loading->error != 0) {
        return loading->error;
    }
    xmpp_stanza *stanza;
    int result = xmpp_stanza_parse(&stanza, text, strlen(text));
    if (result == 0) {
        const xmpp_elem *elem = xmpp_stanza_get_root(stanza);
        result = key[0] == '\0' ? load_version(loading, elem) : load_item(loading, key, elem);
        xmpp_stanza_unref(stanza);
    }
    if (result < 0) {
        loading->error = result == XMPP_E_NOMEM ? result : XMPP_E_XML;
    }
    return loading->error;
}

/* Entries that a crash left behind their version are fine: they are pushed again. Too few are not. */
static int judge(const struct xmpp_roster_loading *loading)
{
    if (loading->error != 0) {
        return loading->error;
    }
    size_t n = xmpp_map_get_size(loading->items);
    if (!loading->version) {
        return n > 0 ? XMPP_E_XML : XMPP_E_NOT_FOUND;
    }
    return n < loading->n ? XMPP_E_XML : 0;
}

static void take(struct xm_roster *roster, xmpp_conn *conn, struct xmpp_roster_loading *loading)
{
    roster->version = loading->version;
    loading->version = NULL;
    roster->has_base = 1;
    roster->is_cache_whole = 1;
    xmpp_map *items = loading->items;
    loading->items = NULL;
    xm_roster_replace(roster, conn, items);
}

void xm_roster_load(struct xm_roster *roster, xmpp_conn *conn)
{
    struct xmpp_roster_loading loading = {.roster = roster};
    struct xm_roster_owned *cache = roster->cache;
    if (!cache || roster->was_loaded) {
        return;
    }
    roster->was_loaded = 1;
    loading.items = xmpp_map_new(xm_roster_item_free);
    loading.error = loading.items ? 0 : XMPP_E_NOMEM;
    cache->refs++;
    int result = roster->load(conn, &loading, cache->userdata);
    xm_roster_owned_unref(cache);
    result = result < 0 ? result : judge(&loading);
    if (result == 0 && !xm_roster_is_over(roster, conn)) {
        take(roster, conn, &loading);
    } else if (result != XMPP_E_NOT_FOUND) {
        give_up(roster, conn, result);
    }
    free(loading.version);
    xmpp_map_free(loading.items);
}

static void on_due(xmpp_conn *conn, void *userdata)
{
    struct xm_roster *roster = userdata;
    if (!xm_roster_is_over(roster, conn) && roster->cache && roster->has_base) {
        xm_roster_save_all(roster, conn);
    }
}

int xmpp_roster_set_cache(xmpp_conn *conn, xmpp_roster_load_fn load, xmpp_roster_save_fn save,
                          void *userdata, xmpp_destroy_fn destroy)
{
    if (!conn || !load != !save) {
        return XMPP_E_INVAL;
    }
    struct xm_roster *roster = xm_roster_of(conn);
    if (!roster) {
        return XMPP_E_REQUIRES;
    }
    struct xm_roster_owned *cache = load ? xm_roster_owned_new(userdata, destroy) : NULL;
    if (load && !cache) {
        return XMPP_E_NOMEM;
    }
    /* What is known already is saved where what goes wrong with it may be told. */
    int result =
        cache && roster->has_base
            ? xmpp_conn_set_timer(conn, NULL, 0, on_due, xm_roster_ref(roster), xm_roster_unref)
            : 0;
    if (result < 0) {
        xm_roster_unref(roster);
        free(cache);
        return result;
    }
    struct xm_roster_owned *before = roster->cache;
    roster->load = load;
    roster->save = save;
    roster->cache = cache;
    roster->is_cache_whole = 0;
    roster->was_loaded = roster->has_base;
    xm_roster_owned_unref(before);
    return 0;
}
