/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The road of a stanza through the modules: received ones through the filters and to who answers
 * them, sent ones through those that add to them. Handlers of the application are dispatch.c. */
#include <string.h>

#include "conn/conn.h"
#include "conn/modules.h"
#include "stanza/fact.h"

enum { DEEPEST = 3 }; /* stanzas inside each other that are delivered */

/* A module has had its say: 1 if the stanza goes no further, with the result in *ret_result. */
static int is_taken(xmpp_conn *conn, const xmpp_module *module, int result, int *ret_result)
{
    *ret_result = result;
    if (result < 0 && !conn->is_doomed) {
        xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, "module %s failed at a stanza: %s",
               module->name, xmpp_strerror(result));
        if (result == XMPP_E_NOMEM && conn->attempt) {
            xm_attempt_fail(conn, result, XMPP_PHASE_SESSION, NULL, NULL, module->name);
        }
    }
    return result != 0 || conn->is_doomed;
}

/* --- received --------------------------------------------------------------------------------------- */

static int is_behind(const struct xm_hook *hook, const struct xm_hook *other)
{
    return hook->order != other->order ? hook->order > other->order
                                       : hook->module->number > other->module->number;
}

/* Lets a stanza through the filters of its kind, those behind `after` (NULL: all). As
 * xm_filters_run(). */
static int pass(xmpp_conn *conn, xmpp_stanza *stanza, const struct xm_hook *after, uint64_t last)
{
    struct xm_modules *modules = conn->modules;
    struct xm_filtering now = {.outer = modules->filtering, .last = last};
    int result = 0;
    modules->filtering = &now;
    xm_stanza_set_open(stanza, 1);
    for (struct xm_hook *hook = modules->received[xmpp_stanza_get_kind(stanza)]; hook;
         hook = hook->run) {
        if (hook->module->is_dead || hook->module->number > last ||
            (after && !is_behind(hook, after))) {
            continue;
        }
        now.hook = hook;
        int code = ((xmpp_filter_fn)hook->call)(conn, stanza, hook->module->data);
        code = code == 0 ? xmpp_stanza_get_error(stanza) : code;
        if (is_taken(conn, hook->module, code, &result)) {
            break;
        }
    }
    xm_stanza_set_open(stanza, 0);
    modules->filtering = now.outer;
    return result;
}

int xm_filters_run(xmpp_conn *conn, const xmpp_stanza *stanza)
{
    if (!conn->modules || !conn->modules->received[xmpp_stanza_get_kind(stanza)]) {
        return 0;
    }
    /* nobody else has it yet, and what is in it only its filters change */
    return pass(conn, (xmpp_stanza *)stanza, NULL, conn->n_registered);
}

/* --- inner stanzas ---------------------------------------------------------------------------------- */

static int count(const struct xm_filtering *filtering)
{
    int n = 0;
    for (; filtering; filtering = filtering->outer) {
        n++;
    }
    return n;
}

static int deliver(xmpp_conn *conn, xmpp_stanza *inner, int to)
{
    const struct xm_filtering *now = conn->modules ? conn->modules->filtering : NULL;
    if (!now) {
        return XMPP_E_STATE;
    }
    if (count(now) > DEEPEST) {
        return XMPP_E_TOO_BIG;
    }
    int kind = xmpp_stanza_get_kind(inner);
    if ((kind != XMPP_KIND_MESSAGE && kind != XMPP_KIND_PRESENCE) ||
        (to != XMPP_DELIVER_FILTERS && to != XMPP_DELIVER_HANDLERS)) {
        return XMPP_E_INVAL;
    }
    xmpp_stanza_seal(inner);
    int result = xmpp_stanza_get_error(inner);
    if (result < 0) {
        return result;
    }
    xm_stanza_set_inner(inner);
    result = pass(conn, inner, now->hook, now->last);
    if (result == 0 && to == XMPP_DELIVER_HANDLERS && !conn->is_doomed) {
        xm_dispatch_to_handlers(conn, inner);
    }
    return result < 0 ? result : result == 0;
}

int xmpp_conn_deliver(xmpp_conn *conn, xmpp_stanza *inner, int to)
{
    int result = xm_conn_enter(conn);
    if (result < 0) {
        return result;
    }
    result = inner ? deliver(conn, inner, to) : XMPP_E_INVAL;
    return xm_conn_leave(conn, result);
}

/* --- answering -------------------------------------------------------------------------------------- */

int xm_filters_answer(xmpp_conn *conn, const xmpp_stanza *stanza, int type)
{
    if (!conn->modules) {
        return 0;
    }
    const xmpp_elem *payload = xmpp_elem_get_child(xmpp_stanza_get_root(stanza), NULL, NULL);
    const char *name = xmpp_elem_get_name(payload);
    uint64_t last = conn->n_registered;
    size_t pos = 0;
    int result = 0;
    for (const struct xm_hook *hook;
         (hook = xm_map_find(&conn->modules->answers, name, strlen(name), &pos));) {
        if (!hook->module->is_dead && hook->module->number <= last && (hook->what & type) &&
            strcmp(hook->ns, xmpp_elem_get_ns(payload)) == 0) { /* no other one has this */
            int code = ((xmpp_stanza_fn)hook->call)(conn, stanza, hook->module->data);
            is_taken(conn, hook->module, code, &result);
            break;
        }
    }
    return result;
}

/* --- sent ------------------------------------------------------------------------------------------- */

static int extend(xmpp_conn *conn, const xmpp_stanza *stanza, const struct xm_hook *hook,
                  xmpp_stanza *more)
{
    int result = 0;
    xm_conn_begin_notify(conn);
    for (; hook && result == 0; hook = hook->run) {
        if (!hook->module->is_dead) {
            result = ((xmpp_extend_fn)hook->call)(conn, stanza, xmpp_stanza_root(more),
                                                  hook->module->data);
            result = result < 0 ? result : xmpp_stanza_get_error(more);
        }
    }
    xm_conn_end_notify(conn);
    return result;
}

int xm_filters_extend(xmpp_conn *conn, const xmpp_stanza *stanza, const char *id,
                      xmpp_stanza **ret_more)
{
    const struct xm_hook *hook = conn->modules->sent[xmpp_stanza_get_kind(stanza)];
    if (!hook) {
        return 0;
    }
    xmpp_stanza *more = xmpp_stanza_new(xmpp_elem_get_name(xmpp_stanza_get_root(stanza)), NULL);
    xmpp_stanza_set_id(more, id);
    int result = more ? extend(conn, stanza, hook, more) : XMPP_E_NOMEM;
    if (result < 0) {
        xmpp_stanza_unref(more);
        return result;
    }
    *ret_more = more;
    return 0;
}
