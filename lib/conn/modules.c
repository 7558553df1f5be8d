/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The modules of a connection: enabling and disabling them, the order they stand in, and what they
 * hear of the session. */
#include "conn/modules.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/conn.h"

int xm_modules_make(xmpp_conn *conn)
{
    if (!conn->modules) {
        conn->modules = xm_mem_new0(1, sizeof *conn->modules);
    }
    return conn->modules ? 0 : XMPP_E_NOMEM;
}

static xmpp_module *first_of(const xmpp_conn *conn)
{
    return conn && conn->modules ? conn->modules->first : NULL;
}

xmpp_module *xm_modules_find(const xmpp_conn *conn, const char *name)
{
    xmpp_module *module = first_of(conn);
    while (module && (module->is_dead || strcmp(module->name, name) != 0)) {
        module = module->next;
    }
    return module;
}

xmpp_module *xm_modules_find_key(const xmpp_conn *conn, const void *key)
{
    xmpp_module *module = first_of(conn);
    while (module && (module->is_dead || module->key != key)) {
        module = module->next;
    }
    return module;
}

int xmpp_conn_is_enabled(const xmpp_conn *conn, const char *name)
{
    return conn && !conn->is_doomed && name && xm_modules_find(conn, name) != NULL;
}

/* --- may it be enabled? --------------------------------------------------------------------------- */

static int refuse(xmpp_conn *conn, int code, const xmpp_module *module, const char *what,
                  const char *other)
{
    xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, "module %s %s %s", module->name, what, other);
    return code;
}

static int names(const xmpp_module *module, enum xm_note_kind kind, const char *name)
{
    const struct xm_note *note = NULL;
    while ((note = xm_module_get_note(module, kind, note)) && strcmp(note->texts[0], name) != 0) {
    }
    return note != NULL;
}

static int check_requirements(xmpp_conn *conn, const xmpp_module *module)
{
    const struct xm_note *note = NULL;
    while ((note = xm_module_get_note(module, XM_NOTE_REQUIRES, note))) {
        if (!xm_modules_find(conn, note->texts[0])) {
            return refuse(conn, XMPP_E_REQUIRES, module, "requires module", note->texts[0]);
        }
    }
    return 0;
}

/* Who answers this payload for one of these types; NULL: nobody. */
static const struct xm_hook *find_answerer(const xmpp_conn *conn, const struct xm_hook *like)
{
    size_t pos = 0;
    for (const struct xm_hook *hook;
         (hook = xm_map_find(&conn->modules->answers, like->name, strlen(like->name), &pos));) {
        if (!hook->module->is_dead && (hook->what & like->what) &&
            strcmp(hook->ns, like->ns) == 0) {
            return hook;
        }
    }
    return NULL;
}

static int check_conflicts(xmpp_conn *conn, const xmpp_module *module)
{
    for (const xmpp_module *other = first_of(conn); other; other = other->next) {
        if (other->is_dead) {
            continue;
        }
        if (strcmp(other->name, module->name) == 0 ||
            names(module, XM_NOTE_EXCLUDES, other->name) ||
            names(other, XM_NOTE_EXCLUDES, module->name)) {
            return refuse(conn, XMPP_E_CONFLICT, module, "cannot be enabled along with",
                          other->name);
        }
    }
    for (const struct xm_hook *hook = module->hooks; hook; hook = hook->next) {
        const struct xm_hook *other = hook->kind == XM_HOOK_IQ ? find_answerer(conn, hook) : NULL;
        if (other) {
            return refuse(conn, XMPP_E_CONFLICT, module, "answers what is answered by",
                          other->module->name);
        }
    }
    return 0;
}

/* --- enabling -------------------------------------------------------------------------------------- */

static void forget_answers(xmpp_conn *conn, const xmpp_module *module)
{
    for (const struct xm_hook *hook = module->hooks; hook; hook = hook->next) {
        if (hook->kind == XM_HOOK_IQ) {
            xm_map_remove(&conn->modules->answers, hook->name, strlen(hook->name), hook);
        }
    }
}

static int learn_answers(xmpp_conn *conn, xmpp_module *module)
{
    for (struct xm_hook *hook = module->hooks; hook; hook = hook->next) {
        if (hook->kind == XM_HOOK_IQ &&
            xm_map_add(&conn->modules->answers, hook->name, strlen(hook->name), hook) < 0) {
            forget_answers(conn, module);
            return XMPP_E_NOMEM;
        }
    }
    return 0;
}

/* Behind all of the same order: whose module was enabled before. */
static void put_on_road(struct xm_hook **road, struct xm_hook *hook)
{
    while (*road && (*road)->order <= hook->order) {
        road = &(*road)->run;
    }
    hook->run = *road;
    *road = hook;
}

static struct xm_hook **road_of(struct xm_modules *modules, const struct xm_hook *hook)
{
    return hook->kind == XM_HOOK_RECEIVE ? &modules->received[hook->what]
           : hook->kind == XM_HOOK_SEND  ? &modules->sent[hook->what]
                                         : NULL;
}

/* Nothing can fail any more. */
static void install(xmpp_conn *conn, xmpp_module *module)
{
    struct xm_modules *modules = conn->modules;
    xmpp_module **end = &modules->first;
    while (*end) {
        end = &(*end)->next;
    }
    *end = module;
    module->refs++;
    module->conn = conn;
    module->was_enabled = 1;
    module->number = ++conn->n_registered;
    for (struct xm_hook *hook = module->hooks; hook; hook = hook->next) {
        struct xm_hook **road = road_of(modules, hook);
        if (road) {
            put_on_road(road, hook);
        }
    }
    modules->is_new = 1;
    modules->is_changed |= xm_module_get_note(module, XM_NOTE_FEATURE, NULL) != NULL;
}

static int enable(xmpp_conn *conn, xmpp_module *module)
{
    if (!module) {
        return XMPP_E_NOMEM;
    }
    if (xm_modules_find_key(conn, module->key)) {
        return 0;
    }
    if (module->was_enabled || module->error < 0) {
        return module->error < 0 ? module->error : XMPP_E_STATE;
    }
    int result = xm_modules_make(conn);
    result = result == 0 ? check_requirements(conn, module) : result;
    result = result == 0 ? check_conflicts(conn, module) : result;
    result = result == 0 ? learn_answers(conn, module) : result;
    if (result == 0) {
        install(conn, module);
    }
    return result;
}

int xmpp_conn_enable(xmpp_conn *conn, xmpp_module *module)
{
    int result = xm_conn_enter(conn);
    return result < 0 ? result : xm_conn_leave(conn, enable(conn, module));
}

/* --- disabling -------------------------------------------------------------------------------------- */

static void leave_roads(struct xm_modules *modules, const xmpp_module *module)
{
    for (const struct xm_hook *hook = module->hooks; hook; hook = hook->next) {
        struct xm_hook **road = road_of(modules, hook);
        while (road && *road && *road != hook) {
            road = &(*road)->run;
        }
        if (road && *road) {
            *road = hook->run;
        }
    }
}

/* Out of all lists, and destroyed. */
static void bury(xmpp_conn *conn, xmpp_module *module)
{
    struct xm_modules *modules = conn->modules;
    xmpp_module **at = &modules->first;
    while (*at != module) {
        at = &(*at)->next;
    }
    *at = module->next;
    leave_roads(modules, module);
    forget_answers(conn, module);
    module->conn = NULL;
    xm_conn_begin_notify(conn);
    xmpp_module_unref(module);
    xm_conn_end_notify(conn);
}

void xm_modules_sweep(xmpp_conn *conn)
{
    while (conn->modules && conn->modules->n_dead > 0) {
        xmpp_module *module = conn->modules->first;
        while (module && !module->is_dead) {
            module = module->next;
        }
        if (module) { /* destroying one may not disable another: it is a notification */
            bury(conn, module);
        } else {
            conn->modules->n_dead = 0;
        }
    }
}

static int disable(xmpp_conn *conn, const char *name)
{
    xmpp_module *module = name ? xm_modules_find(conn, name) : NULL;
    if (!module) {
        return XMPP_E_NOT_FOUND;
    }
    for (const xmpp_module *other = module->next; other; other = other->next) {
        if (!other->is_dead && names(other, XM_NOTE_REQUIRES, name)) {
            return refuse(conn, XMPP_E_REQUIRES, module, "is required by module", other->name);
        }
    }
    module->is_dead = 1;
    xm_step_lost(conn, module->key);
    conn->modules->is_changed |= xm_module_get_note(module, XM_NOTE_FEATURE, NULL) != NULL;
    conn->modules->n_dead = 1;
    if (conn->walking == 0) {
        xm_modules_sweep(conn);
    }
    return 0;
}

int xmpp_conn_disable(xmpp_conn *conn, const char *name)
{
    int result = xm_conn_enter(conn);
    return result < 0 ? result : xm_conn_leave(conn, disable(conn, name));
}

void xm_modules_end(xmpp_conn *conn)
{
    struct xm_modules *modules = conn->modules;
    while (modules && (modules->first || modules->data)) {
        xmpp_module *newest = modules->first;
        while (newest && newest->next) {
            newest = newest->next;
        }
        if (newest && (!modules->data || newest->number > modules->data->number)) {
            bury(conn, newest);
        } else {
            xm_data_end_newest(conn);
        }
    }
}

void xm_modules_free(xmpp_conn *conn)
{
    if (conn->modules) {
        xm_map_done(&conn->modules->answers);
        free(conn->modules);
    }
}

/* --- the session ------------------------------------------------------------------------------------ */

static void tell(xmpp_conn *conn, xmpp_module *module, int event)
{
    int result = module->on_session ? module->on_session(conn, event, module->data) : 0;
    if (result >= 0 || conn->is_doomed) {
        return;
    }
    xm_log(conn, XMPP_AREA_STANZA, XMPP_LOG_WARNING, "module %s: %s", module->name,
           xmpp_strerror(result));
    if (result == XMPP_E_NOMEM && conn->attempt) {
        xm_attempt_fail(conn, result, XMPP_PHASE_SESSION, NULL, NULL, module->name);
    }
}

/* Tells each that has not heard of it. */
static void tell_all(xmpp_conn *conn, int is_online)
{
    xm_slot_begin_walk(conn);
    for (xmpp_module *module = first_of(conn); module && !conn->is_doomed; module = module->next) {
        if (!module->is_dead && module->is_online != is_online) {
            module->is_online = (uint8_t)is_online;
            tell(conn, module, is_online ? XMPP_SESSION_ONLINE : XMPP_SESSION_OFFLINE);
        }
    }
    xm_slot_end_walk(conn);
}

void xm_modules_tell(xmpp_conn *conn, int state)
{
    if (!conn->modules || state == XMPP_STATE_CLOSING) { /* stanzas may still arrive */
        return;
    }
    if (state == XMPP_STATE_ONLINE) {
        conn->modules->is_new = 0;
        conn->modules->is_changed = 0;
    }
    tell_all(conn, state == XMPP_STATE_ONLINE);
}

int xm_modules_have_work(const xmpp_conn *conn)
{
    return conn->modules && conn->state == XMPP_STATE_ONLINE &&
           (conn->modules->is_new || conn->modules->is_changed);
}

void xm_modules_tick(xmpp_conn *conn)
{
    if (!xm_modules_have_work(conn)) {
        return;
    }
    struct xm_modules *modules = conn->modules;
    uint8_t is_changed = modules->is_changed;
    modules->is_new = 0;
    modules->is_changed = 0;
    tell_all(conn, 1);
    xm_slot_begin_walk(conn);
    for (xmpp_module *module = modules->first; is_changed && module && !conn->is_doomed;
         module = module->next) {
        if (!module->is_dead && module->is_online) {
            tell(conn, module, XMPP_SESSION_FEATURES);
        }
    }
    xm_slot_end_walk(conn);
}

/* --- what they say ---------------------------------------------------------------------------------- */

const char *xmpp_conn_get_feature(const xmpp_conn *conn, size_t index)
{
    for (const xmpp_module *module = first_of(conn); module; module = module->next) {
        const struct xm_note *note = NULL;
        while (!module->is_dead && (note = xm_module_get_note(module, XM_NOTE_FEATURE, note))) {
            if (index-- == 0) {
                return note->texts[0];
            }
        }
    }
    return NULL;
}

static int is_meant(const struct xm_note *secret, const xmpp_elem *elem)
{
    const char *value = xmpp_elem_get_attr(elem, secret->texts[2] ? secret->texts[2] : "");
    return xmpp_elem_is(elem, secret->texts[0], secret->texts[1]) &&
           (!secret->texts[2] || (value && strcmp(value, secret->texts[3]) == 0));
}

int xm_modules_hide(const xmpp_elem *elem, const void *conn)
{
    for (const xmpp_module *module = first_of(conn); module; module = module->next) {
        const struct xm_note *note = NULL;
        while ((note = xm_module_get_note(module, XM_NOTE_SECRET, note))) {
            if (is_meant(note, elem)) {
                return 1;
            }
        }
    }
    return 0;
}
