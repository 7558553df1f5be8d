/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking about capabilities (XEP-0115 5.4, XEP-0390 4.4 and 6.2): each hash once, few at a time, the
 * next one who announces it if one lied or did not answer. What is proven is remembered for all,
 * what is not for the one who said it. */
#include "caps_known.h"

#include <stdlib.h>
#include <string.h>

#include "caps_proof.h"
#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/jid.h"
#include "xmpp/module.h"
#include "xmpp/presence_session.h"
#include "xmpp/roster.h"
#include "xmpp/stanza.h"

enum { LATER_MS = 5000 };

static int pump(struct xm_caps *caps, xmpp_conn *conn);

static struct xm_caps_entity *find_entity(const struct xm_caps *caps, const xmpp_jid *jid)
{
    return xmpp_map_get(caps->entities, xmpp_jid_get_text(jid));
}

static struct xm_caps_entity *entity_at(const struct xm_caps *caps, size_t index)
{
    return xmpp_map_get_value_at(caps->entities, index);
}

/* The module is still there, and so is the connection: an application may drop either while it is
 * called. */
static int is_there(const struct xm_caps *caps, const xmpp_conn *conn)
{
    return xmpp_conn_is_enabled(conn, "caps") && xm_caps_get(conn) == caps;
}

/* --- what is known ------------------------------------------------------------------------------ */

const xmpp_disco_info *xm_caps_look(struct xm_caps *caps, const xmpp_jid *who, int *ret_is_proven)
{
    const struct xm_caps_entity *entity = find_entity(caps, who);
    if (!entity || entity->state != XM_CAPS_KNOWN) {
        return NULL;
    }
    const xmpp_disco_info *info = xm_caps_cache_get(&caps->proven, entity->said.name);
    *ret_is_proven = info != NULL;
    return info ? info : xm_caps_cache_get(&caps->unproven, xmpp_jid_get_text(who));
}

static void tell(struct xm_caps *caps, xmpp_conn *conn, struct xm_caps_entity *entity,
                 const xmpp_disco_info *info)
{
    entity->state = XM_CAPS_KNOWN;
    if (caps->on_known) {
        xmpp_jid *jid = xmpp_jid_ref(entity->jid);
        xm_caps_enter(caps);
        caps->on_known(conn, jid, info, caps->known_userdata);
        xm_caps_leave(caps);
        xmpp_jid_unref(jid);
    }
}

/* All who announce this now know, of whom it is not told yet. One that is told of can be forgotten
 * in that call, so the walk begins anew. */
static void tell_all(struct xm_caps *caps, xmpp_conn *conn, const struct xm_caps_said *said,
                     const xmpp_disco_info *info)
{
    struct xm_caps_entity *entity;
    for (size_t i = 0; (entity = entity_at(caps, i)) != NULL && is_there(caps, conn); i++) {
        int is_proven = 0;
        if (strcmp(entity->said.name, said->name) != 0) {
            continue;
        }
        if (!xm_caps_look(caps, entity->jid, &is_proven) ||
            xmpp_map_get(caps->unproven.entries, xmpp_jid_get_text(entity->jid))) {
            xm_caps_cache_remove(&caps->unproven, xmpp_jid_get_text(entity->jid));
            tell(caps, conn, entity, info);
        }
    }
}

/* --- asking --------------------------------------------------------------------------------------- */

static void end_request(struct xm_caps_request *request)
{
    xmpp_slot_unref(request->slot);
    xmpp_jid_unref(request->jid);
    *request = (struct xm_caps_request){0};
}

/* A free place for a request; NULL if there is none now: too many in all, or of this bare JID, or
 * somebody is being asked about the same. */
static struct xm_caps_request *find_place(struct xm_caps *caps, const struct xm_caps_entity *entity)
{
    struct xm_caps_request *place = NULL;
    int n_same = 0;
    for (int i = 0; i < XMPP_CAPS_MAX_REQUESTS; i++) {
        struct xm_caps_request *request = &caps->requests[i];
        if (!request->jid) {
            place = request;
            continue;
        }
        int is_named = entity->said.name[0] != '\0';
        if ((is_named && strcmp(request->said.name, entity->said.name) == 0) ||
            xmpp_jid_equal(request->jid, entity->jid)) {
            return NULL;
        }
        n_same += xmpp_jid_equal_bare(request->jid, entity->jid);
    }
    return n_same < XMPP_CAPS_MAX_OF_ONE ? place : NULL;
}

static int save(struct xm_caps *caps, xmpp_conn *conn, const char *name,
                const xmpp_disco_info *info)
{
    char *text = NULL;
    size_t len = 0;
    if (!caps->save) {
        return 0;
    }
    int result =
        xmpp_stanza_to_text(xmpp_elem_get_stanza(xmpp_disco_info_get_elem(info)), &text, &len);
    if (result == 0) {
        xm_caps_enter(caps);
        caps->save(conn, name, text, len, caps->store_userdata);
        xm_caps_leave(caps);
        xmpp_free(text);
    }
    return result;
}

/* 1 if its namespaces alone are too much. Each may have to be written with each element, which costs
 * its sender no more than a prefix. */
static int is_heavy(const xmpp_elem *top)
{
    size_t sum = 0;
    const xmpp_elem *at = top;
    while (at && sum <= XMPP_CAPS_MAX_BYTES) {
        const xmpp_elem *next = xmpp_elem_get_child(at, NULL, NULL);
        const xmpp_elem *parent = xmpp_elem_get_parent(at);
        int is_new = !parent || strcmp(xmpp_elem_get_ns(at), xmpp_elem_get_ns(parent)) != 0;
        sum += is_new ? strlen(xmpp_elem_get_ns(at)) : 0;
        while (!next && at != top) {
            next = xmpp_elem_get_next(at, NULL, NULL);
            at = xmpp_elem_get_parent(at);
        }
        at = next;
    }
    return sum > XMPP_CAPS_MAX_BYTES;
}

/* 1 if it is small enough to be kept; 0 if not; or XMPP_E_NOMEM. */
static int is_small(const xmpp_disco_info *info)
{
    char *text = NULL;
    size_t len = 0;
    if (is_heavy(xmpp_disco_info_get_elem(info))) {
        return 0;
    }
    int result =
        xmpp_stanza_to_text(xmpp_elem_get_stanza(xmpp_disco_info_get_elem(info)), &text, &len);
    xmpp_free(text);
    return result < 0 ? result : len <= XMPP_CAPS_MAX_BYTES;
}

/* What was announced is true: it counts for all who announce it. */
static int take_proven(struct xm_caps *caps, xmpp_conn *conn, const struct xm_caps_said *said,
                       const xmpp_disco_info *proven)
{
    int result = xm_caps_cache_put(&caps->proven, said->name, proven);
    if (result == 0) {
        result = save(caps, conn, said->name, proven);
    }
    if (result == 0 && is_there(caps, conn)) {
        tell_all(caps, conn, said, proven);
    }
    return result;
}

/* XEP-0115 5.4.2, 5.4.3.9: it is not, or nobody can tell. So it is the word of one. */
static int take_unproven(struct xm_caps *caps, xmpp_conn *conn, struct xm_caps_entity *entity,
                         const xmpp_disco_info *info)
{
    int result = xm_caps_cache_put(&caps->unproven, xmpp_jid_get_text(entity->jid), info);
    if (result == 0) {
        tell(caps, conn, entity, info);
    }
    return result;
}

/* An answer. The one who gave it may announce something else by now, or be gone. */
static int take_answer(struct xm_caps *caps, xmpp_conn *conn, const xmpp_jid *from,
                       const struct xm_caps_said *said, const xmpp_disco_info *info)
{
    xmpp_disco_info *proven = NULL;
    struct xm_caps_entity *entity = find_entity(caps, from);
    entity = entity && xm_caps_said_equal(&entity->said, said) ? entity : NULL;
    if (entity) {
        entity->state = XM_CAPS_FAILED;
    }
    int result = info ? is_small(info) : 0;
    if (result <= 0) {
        return result;
    }
    result = said->hash == 0
                 ? XMPP_E_PROTOCOL
                 : xm_caps_prove(info, said->kind, said->hash, xm_caps_said_value(said), &proven);
    if (result == 0) {
        result = take_proven(caps, conn, said, proven);
        xmpp_disco_info_unref(proven);
    } else if (result == XMPP_E_PROTOCOL) {
        result = entity ? take_unproven(caps, conn, entity, info) : 0;
    }
    return result == XMPP_E_NOMEM ? result : 0;
}

static void on_answer(xmpp_conn *conn, int error, const xmpp_disco_info *info,
                      const xmpp_stanza *reply, void *userdata)
{
    struct xm_caps *caps = xm_caps_get(conn);
    struct xm_caps_request *request = userdata;
    struct xm_caps_said said = request->said;
    xmpp_jid *from = xmpp_jid_ref(request->jid);
    (void)reply;
    end_request(request);
    if (!caps) { /* it was disabled just now, in the handler of another answer */
        xmpp_jid_unref(from);
        return;
    }
    caps->refs++;
    int result = error == XMPP_E_NOMEM ? error : take_answer(caps, conn, from, &said, info);
    if (result == 0 && is_there(caps, conn)) {
        result = pump(caps, conn);
    }
    if (result == XMPP_E_NOMEM) {
        xmpp_conn_fail(conn, result, "capabilities");
    }
    xmpp_jid_unref(from);
    xm_caps_unref(caps);
}

/* 1 if a question tells nothing: to ask is to say that we are there, and from which resource, also to
 * strangers who sent presence for that. */
static int may_ask(const xmpp_conn *conn, const xmpp_jid *who)
{
    const xmpp_jid *own = xmpp_conn_get_bound_jid(conn);
    int is_server = own && xmpp_jid_is_bare(who) && !xmpp_jid_get_local(who) &&
                    strcmp(xmpp_jid_get_domain(who), xmpp_jid_get_domain(own)) == 0;
    return is_server || !xmpp_conn_is_enabled(conn, "presence") || xmpp_presence_may_see(conn, who);
}

static void on_later(xmpp_conn *conn, void *userdata)
{
    struct xm_caps *caps = xm_caps_get(conn);
    (void)userdata;
    if (!caps) {
        return;
    }
    caps->later = xmpp_slot_unref(caps->later);
    caps->refs++;
    if (pump(caps, conn) == XMPP_E_NOMEM) {
        xmpp_conn_fail(conn, XMPP_E_NOMEM, "capabilities");
    }
    xm_caps_unref(caps);
}

int xm_caps_ask_anew(struct xm_caps *caps, xmpp_conn *conn)
{
    if (xmpp_map_get_size(caps->entities) == 0) {
        return 0;
    }
    caps->later = xmpp_slot_unref(caps->later);
    return xmpp_conn_set_timer(conn, &caps->later, 0, on_later, NULL, NULL);
}

/* Presence may come in front of the roster, which says who may see us. */
static int ask_later(struct xm_caps *caps, xmpp_conn *conn)
{
    if (caps->later || xmpp_roster_get_status(conn) == XMPP_ROSTER_CURRENT) {
        return 0;
    }
    return xmpp_conn_set_timer(conn, &caps->later, LATER_MS, on_later, NULL, NULL);
}

/* Uses what is remembered, or asks if that is possible now. The request's data is a place in the
 * module's, which cancels it when it goes. */
static int try_entity(struct xm_caps *caps, xmpp_conn *conn, struct xm_caps_entity *entity)
{
    const xmpp_disco_info *info = xm_caps_cache_get(&caps->proven, entity->said.name);
    if (info) {
        info = xmpp_disco_info_ref(info);
        tell(caps, conn, entity, info);
        xmpp_disco_info_unref(info);
        return 0;
    }
    if (!may_ask(conn, entity->jid)) {
        return ask_later(caps, conn);
    }
    struct xm_caps_request *place = find_place(caps, entity);
    if (!place) {
        return 0;
    }
    place->jid = xmpp_jid_ref(entity->jid);
    place->said = entity->said;
    int result = xmpp_disco_get_info(conn, &place->slot, xmpp_jid_get_text(entity->jid),
                                     entity->said.node, on_answer, place, NULL);
    if (result < 0) {
        end_request(place);
    }
    return result == XMPP_E_NOMEM ? result : 0;
}

/* Whoever is still to be asked, as far as that is possible now. */
static int pump(struct xm_caps *caps, xmpp_conn *conn)
{
    struct xm_caps_entity *entity;
    for (size_t i = 0; (entity = entity_at(caps, i)) != NULL && is_there(caps, conn); i++) {
        int result = entity->state == XM_CAPS_WANTED ? try_entity(caps, conn, entity) : 0;
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

/* --- hearing -------------------------------------------------------------------------------------- */

void xm_caps_forget(struct xm_caps *caps, const xmpp_jid *from)
{
    xm_caps_cache_remove(&caps->unproven, xmpp_jid_get_text(from));
    xmpp_map_remove(caps->entities, xmpp_jid_get_text(from));
}

void xm_caps_forget_all(struct xm_caps *caps)
{
    caps->later = xmpp_slot_unref(caps->later);
    for (int i = 0; i < XMPP_CAPS_MAX_REQUESTS; i++) {
        end_request(&caps->requests[i]);
    }
    xmpp_map_clear(caps->unproven.entries);
    xmpp_map_clear(caps->entities);
}

/* Whom to forget: of the strangers the first, lest a crowd of them has contacts forgotten. */
static const xmpp_jid *find_first(const struct xm_caps *caps, const xmpp_conn *conn)
{
    const struct xm_caps_entity *entity;
    for (size_t i = 0; (entity = entity_at(caps, i)) != NULL; i++) {
        if (!may_ask(conn, entity->jid) && !xmpp_roster_find(conn, entity->jid)) {
            return entity->jid;
        }
    }
    return entity_at(caps, 0)->jid;
}

static struct xm_caps_entity *add_entity(struct xm_caps *caps, const xmpp_conn *conn,
                                         const xmpp_jid *from)
{
    if (xmpp_map_get_size(caps->entities) >= XMPP_CAPS_MAX_ENTITIES) {
        xm_caps_forget(caps, find_first(caps, conn));
    }
    struct xm_caps_entity *entity = calloc(1, sizeof *entity);
    xmpp_jid *jid = xmpp_jid_ref(from);
    if (!entity || !jid || xmpp_map_set(caps->entities, xmpp_jid_get_text(jid), entity) < 0) {
        free(entity);
        xmpp_jid_unref(jid);
        return NULL;
    }
    entity->jid = jid;
    return entity;
}

/* Asks the application's store; what it has, it gives to xmpp_caps_put(). */
static void load(struct xm_caps *caps, xmpp_conn *conn, const struct xm_caps_said *said)
{
    if (caps->load && said->name[0] != '\0' && !xm_caps_cache_get(&caps->proven, said->name)) {
        xm_caps_enter(caps);
        caps->load(conn, said->name, caps->store_userdata);
        xm_caps_leave(caps);
    }
}

int xm_caps_hear(struct xm_caps *caps, xmpp_conn *conn, const xmpp_jid *from, const xmpp_elem *elem)
{
    struct xm_caps_said said;
    int is_proven = 0;
    xm_caps_said_read(&said, elem);
    if (said.kind == 0) { /* XEP-0115 7.4: not every presence says it */
        return 0;
    }
    struct xm_caps_entity *entity = find_entity(caps, from);
    if (entity && xm_caps_said_equal(&entity->said, &said) &&
        (entity->state != XM_CAPS_KNOWN || xm_caps_look(caps, from, &is_proven))) {
        return 0;
    }
    entity = entity ? entity : add_entity(caps, conn, from);
    if (!entity) {
        return XMPP_E_NOMEM;
    }
    xm_caps_cache_remove(&caps->unproven, xmpp_jid_get_text(from));
    entity->said = said;
    entity->state = XM_CAPS_WANTED;
    load(caps, conn, &said);
    entity = is_there(caps, conn) ? find_entity(caps, from) : NULL;
    return entity ? try_entity(caps, conn, entity) : 0;
}
