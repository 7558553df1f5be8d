/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unique and stable ids, XEP-0359: whose count, and that no others are left in a message. What they
 * are good for (archives, rooms) is elsewhere. */
#include "xmpp/stanza_ids.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/iq.h"
#include "xmpp/jid.h"
#include "xmpp/log.h"
#include "xmpp/map.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"

static const char key;
static const char fact_key;
static const char ns_sid[] = "urn:xmpp:sid:0";
static const char ns_info[] = "http://jabber.org/protocol/disco#info";

struct ids {
    int is_origin_added;
    xmpp_slot *asking; /* the own account */
    xmpp_map *trusted; /* bare addresses, as texts */
};

/* What counts in a message. */
struct found {
    xmpp_jid *own;       /* the account it came to */
    const char *own_id;  /* given by it; NULL: none */
    const char *room_id; /* given by the sender's bare address; NULL: none */
};

static struct ids *find(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

/* --- who is trusted --------------------------------------------------------------------------- */

static int is_trusted(const struct ids *ids, const xmpp_jid *by)
{
    return xmpp_map_get(ids->trusted, xmpp_jid_get_bare_text(by)) != NULL;
}

static int trust(struct ids *ids, const xmpp_jid *by)
{
    if (xmpp_map_get_size(ids->trusted) >= XMPP_STANZA_IDS_MAX && !is_trusted(ids, by)) {
        return XMPP_E_TOO_BIG;
    }
    return xmpp_map_set(ids->trusted, xmpp_jid_get_bare_text(by), (void *)&key);
}

int xmpp_stanza_ids_set_trusted(xmpp_conn *conn, const xmpp_jid *by, int on)
{
    struct ids *ids = find(conn);
    if (!ids || !by) {
        return by ? XMPP_E_REQUIRES : XMPP_E_INVAL;
    }
    if (!on) {
        xmpp_map_remove(ids->trusted, xmpp_jid_get_bare_text(by));
        return 0;
    }
    return trust(ids, by);
}

int xmpp_stanza_ids_is_trusted(const xmpp_conn *conn, const xmpp_jid *by)
{
    const struct ids *ids = find(conn);
    return ids && by && is_trusted(ids, by);
}

/* --- the own account is asked ----------------------------------------------------------------- */

static int announces(const xmpp_stanza *info)
{
    const xmpp_elem *query = xmpp_elem_get_child(xmpp_stanza_get_root(info), "query", ns_info);
    const xmpp_elem *feature = xmpp_elem_get_child(query, "feature", ns_info);
    for (; feature; feature = xmpp_elem_get_next(feature, "feature", ns_info)) {
        const char *var = xmpp_elem_get_attr(feature, "var");
        if (var && strcmp(var, ns_sid) == 0) {
            return 1;
        }
    }
    return 0;
}

static void on_info(xmpp_conn *conn, int error, const xmpp_stanza *info, void *userdata)
{
    struct ids *ids = find(conn);
    (void)userdata;
    if (!ids) {
        return;
    }
    ids->asking = xmpp_slot_unref(ids->asking);
    if (error == 0 && announces(info) &&
        trust(ids, xmpp_conn_get_bound_jid(conn)) == XMPP_E_NOMEM) {
        xmpp_conn_fail(conn, XMPP_E_NOMEM, "stanza-ids");
    }
}

static int ask_account(xmpp_conn *conn, struct ids *ids)
{
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, xmpp_jid_get_bare_text(own));
    xmpp_elem_add(xmpp_stanza_root(iq), "query", ns_info);
    xmpp_slot *slot = NULL;
    int result = xmpp_conn_request(conn, &slot, iq, 0, on_info, NULL, NULL);
    xmpp_stanza_unref(iq);
    if (result == 0) {
        xmpp_slot_unref(ids->asking);
        ids->asking = slot;
    }
    return result;
}

static int on_session(xmpp_conn *conn, int event, void *data)
{
    if (event != XMPP_SESSION_ONLINE) {
        return 0;
    }
    struct ids *ids = data;
    xmpp_map_clear(ids->trusted);
    return ask_account(conn, ids);
}

/* --- the filter ------------------------------------------------------------------------------- */

/* Honest messages have one or two. Taking one out costs a look at all that is in front of it, so who
 * writes thousands would have us look for seconds. */
enum { IDS_IN_MESSAGE = 16 };

/* The ids by one address: the one that counts if it is the only one. */
struct by {
    const xmpp_jid *jid; /* NULL: it gives none */
    const xmpp_elem *elem;
    int n;
};

static const xmpp_elem *next_id(const xmpp_elem *root, const xmpp_elem *at)
{
    return at ? xmpp_elem_get_next(at, "stanza-id", ns_sid)
              : xmpp_elem_get_child(root, "stanza-id", ns_sid);
}

/* 0 or XMPP_E_NOMEM. */
static int count(const xmpp_elem *elem, struct by *by, size_t n)
{
    const char *text = xmpp_elem_get_attr(elem, "by");
    xmpp_jid *jid = NULL;
    int result = text ? xmpp_jid_parse(&jid, text) : XMPP_E_JID;
    if (result < 0) {
        return result == XMPP_E_NOMEM ? result : 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (by[i].jid && xmpp_jid_is_bare(jid) && xmpp_jid_equal_bare(jid, by[i].jid)) {
            by[i].elem = elem;
            by[i].n++;
            break;
        }
    }
    xmpp_jid_unref(jid);
    return 0;
}

static const char *id_of(const struct by *by)
{
    const char *id = by->n == 1 ? xmpp_elem_get_attr(by->elem, "id") : NULL;
    return id && *id ? id : NULL;
}

static void remove_others(const xmpp_elem *root, const struct by *by, size_t n)
{
    const xmpp_elem *next;
    for (const xmpp_elem *elem = next_id(root, NULL); elem; elem = next) {
        int is_kept = 0;
        next = next_id(root, elem);
        for (size_t i = 0; i < n; i++) {
            is_kept |= by[i].elem == elem && id_of(&by[i]);
        }
        if (!is_kept) {
            xmpp_elem_remove((xmpp_elem *)elem); /* open to filters: module.h */
        }
    }
}

static void destroy_found(void *fact)
{
    struct found *found = fact;
    xmpp_jid_unref(found->own);
    free(found);
}

static int attach(xmpp_stanza *message, const xmpp_jid *own, const char *own_id,
                  const char *room_id)
{
    struct found *found = calloc(1, sizeof *found);
    if (!found) {
        return XMPP_E_NOMEM;
    }
    *found = (struct found){xmpp_jid_ref(own), own_id, room_id};
    int result =
        found->own ? xmpp_stanza_set_fact(message, &fact_key, found, destroy_found) : XMPP_E_NOMEM;
    if (result < 0) {
        destroy_found(found);
    }
    return result;
}

static int drop(xmpp_conn *conn)
{
    xmpp_conn_write_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING,
                        "a message with too many stanza-ids is dropped");
    return 1;
}

static int check(struct ids *ids, xmpp_conn *conn, xmpp_stanza *message)
{
    const xmpp_elem *root = xmpp_stanza_get_root(message);
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    struct by by[2] = {{.jid = own && is_trusted(ids, own) ? own : NULL},
                       {.jid = from && is_trusted(ids, from) ? from : NULL}};
    int n = 0;
    for (const xmpp_elem *elem = NULL; (elem = next_id(root, elem));) {
        int result = ++n <= IDS_IN_MESSAGE ? count(elem, by, 2) : drop(conn);
        if (result != 0) {
            return result;
        }
    }
    remove_others(root, by, 2);
    return id_of(&by[0]) || id_of(&by[1]) ? attach(message, own, id_of(&by[0]), id_of(&by[1])) : 0;
}

static int check_received(xmpp_conn *conn, xmpp_stanza *message, void *data)
{
    return next_id(xmpp_stanza_get_root(message), NULL) ? check(data, conn, message) : 0;
}

/* One that came inside another one passes only the filters behind the one that took it out. */
static int check_inner(xmpp_conn *conn, xmpp_stanza *message, void *data)
{
    return xmpp_stanza_is_inner(message) ? check_received(conn, message, data) : 0;
}

/* --- reading and building --------------------------------------------------------------------- */

const char *xmpp_stanza_id_get(const xmpp_stanza *message, const xmpp_jid *by)
{
    const struct found *found = xmpp_stanza_get_fact(message, &fact_key);
    if (!found || !by) {
        return NULL;
    }
    if (xmpp_jid_equal_bare(by, found->own)) {
        return found->own_id;
    }
    return xmpp_jid_equal_bare(by, xmpp_stanza_get_from(message)) ? found->room_id : NULL;
}

static const xmpp_elem *find_child(const xmpp_stanza *message, const char *name)
{
    return xmpp_elem_get_child(xmpp_stanza_get_root(message), name, ns_sid);
}

const char *xmpp_origin_id_get(const xmpp_stanza *message)
{
    const xmpp_elem *origin = find_child(message, "origin-id");
    if (xmpp_message_get_type(message) == XMPP_MESSAGE_ERROR ||
        xmpp_elem_get_next(origin, "origin-id", ns_sid)) {
        return NULL;
    }
    const char *id = xmpp_elem_get_attr(origin, "id");
    return id && *id ? id : NULL;
}

void xmpp_origin_id_set(xmpp_stanza *message, const char *id)
{
    const xmpp_elem *next;
    for (const xmpp_elem *old = find_child(message, "origin-id"); old; old = next) {
        next = xmpp_elem_get_next(old, "origin-id", ns_sid);
        xmpp_elem_remove((xmpp_elem *)old); /* of a tree that is built here */
    }
    if (id) {
        xmpp_elem_set_attr(xmpp_elem_add(xmpp_stanza_root(message), "origin-id", ns_sid), "id", id);
    }
}

const char *xmpp_stanza_reference_get_id(const xmpp_stanza *message)
{
    return xmpp_elem_get_attr(find_child(message, "referenced-stanza"), "id");
}

const char *xmpp_stanza_reference_get_by(const xmpp_stanza *message)
{
    return xmpp_elem_get_attr(find_child(message, "referenced-stanza"), "by");
}

void xmpp_stanza_reference_add(xmpp_stanza *message, const char *id, const xmpp_jid *by)
{
    xmpp_elem *reference = xmpp_elem_add(xmpp_stanza_root(message), "referenced-stanza", ns_sid);
    xmpp_elem_set_attr(reference, "id", id);
    xmpp_elem_set_attr(reference, "by", by ? xmpp_jid_get_bare_text(by) : NULL);
}

/* What says only that somebody is writing, or has received something, is to have nothing else in
 * it. */
static int add_origin(xmpp_conn *conn, const xmpp_stanza *message, xmpp_elem *more, void *data)
{
    const struct ids *ids = data;
    const char *id = xmpp_elem_get_attr(more, "id");
    (void)conn;
    if (ids->is_origin_added && id && xmpp_message_get_body(message, NULL) &&
        xmpp_message_get_type(message) != XMPP_MESSAGE_ERROR && !find_child(message, "origin-id")) {
        xmpp_elem_set_attr(xmpp_elem_add(more, "origin-id", ns_sid), "id", id);
    }
    return 0;
}

/* --- the module ------------------------------------------------------------------------------- */

static void destroy_ids(void *data)
{
    struct ids *ids = data;
    xmpp_slot_unref(ids->asking);
    xmpp_map_free(ids->trusted);
    free(ids);
}

static struct ids *new_ids(void)
{
    struct ids *ids = calloc(1, sizeof *ids);
    if (ids) {
        ids->is_origin_added = 1;
        ids->trusted = xmpp_map_new(NULL);
    }
    return ids;
}

int xmpp_stanza_ids_enable(xmpp_conn *conn)
{
    struct ids *ids = new_ids();
    xmpp_module *module =
        ids && ids->trusted ? xmpp_module_new(&key, "stanza-ids", ids, destroy_ids) : NULL;
    if (!module) {
        if (ids) {
            destroy_ids(ids);
        }
        return conn ? XMPP_E_NOMEM : XMPP_E_INVAL;
    }
    xmpp_module_on_session(module, on_session);
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_CHECK, check_received);
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_NOTE, check_inner);
    xmpp_module_on_send(module, XMPP_KIND_MESSAGE, add_origin);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_stanza_ids_set_origin(xmpp_conn *conn, int on)
{
    struct ids *ids = find(conn);
    if (ids) {
        ids->is_origin_added = on != 0;
    }
    return ids ? 0 : XMPP_E_REQUIRES;
}
