/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description of a module: what it says and handles, as it was told, in order. What becomes of
 * it on a connection is modules.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conn/modules.h"
#include "xmpp/error.h"
#include "xmpp/iq.h"

xmpp_module *xmpp_module_new(const void *key, const char *name, void *data, xmpp_destroy_fn destroy)
{
    xmpp_module *module = key && name && *name ? xm_mem_new0(1, sizeof *module) : NULL;
    char *own_name = module ? xm_mem_dup(name, strlen(name)) : NULL;
    if (!own_name) {
        free(module);
        return NULL;
    }
    module->refs = 1;
    module->key = key;
    module->name = own_name;
    module->data = data;
    module->destroy = destroy;
    return module;
}

static void free_lists(xmpp_module *module)
{
    for (struct xm_note *note; (note = module->notes);) {
        module->notes = note->next;
        free(note);
    }
    for (struct xm_hook *hook; (hook = module->hooks);) {
        module->hooks = hook->next;
        free(hook);
    }
}

xmpp_module *xmpp_module_unref(xmpp_module *module)
{
    if (module && --module->refs == 0) {
        if (module->destroy) {
            module->destroy(module->data);
        }
        free_lists(module);
        free(module->name);
        free(module);
    }
    return NULL;
}

static int is_open(xmpp_module *module)
{
    if (module && module->was_enabled) {
        module->error = module->error ? module->error : XMPP_E_STATE;
    }
    return module && module->error == 0;
}

/* --- what it says ------------------------------------------------------------------------------- */

const struct xm_note *xm_module_get_note(const xmpp_module *module, enum xm_note_kind kind,
                                         const struct xm_note *note)
{
    note = note ? note->next : module->notes;
    while (note && note->kind != kind) {
        note = note->next;
    }
    return note;
}

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

/* A copy of a text at *at, which moves behind it; NULL stays NULL. */
static const char *put(char **at, const char *text)
{
    size_t n = size_of(text);
    const char *here = n > 0 ? memcpy(*at, text, n) : NULL;
    *at += n;
    return here;
}

static void add_note(xmpp_module *module, enum xm_note_kind kind,
                     const char *const texts[XM_NOTE_TEXTS])
{
    if (!is_open(module)) {
        return;
    }
    size_t size = sizeof(struct xm_note);
    for (int i = 0; i < XM_NOTE_TEXTS; i++) {
        size += size_of(texts[i]);
    }
    struct xm_note *note = texts[0] && *texts[0] ? malloc(size) : NULL;
    if (!note) {
        module->error = texts[0] && *texts[0] ? XMPP_E_NOMEM : XMPP_E_INVAL;
        return;
    }
    *note = (struct xm_note){.kind = kind};
    char *at = note->bytes;
    for (int i = 0; i < XM_NOTE_TEXTS; i++) {
        note->texts[i] = put(&at, texts[i]);
    }
    struct xm_note **end = &module->notes;
    while (*end) {
        end = &(*end)->next;
    }
    *end = note;
}

void xmpp_module_require(xmpp_module *module, const char *name)
{
    add_note(module, XM_NOTE_REQUIRES, (const char *[XM_NOTE_TEXTS]){name});
}

void xmpp_module_exclude(xmpp_module *module, const char *name)
{
    add_note(module, XM_NOTE_EXCLUDES, (const char *[XM_NOTE_TEXTS]){name});
}

void xmpp_module_add_feature(xmpp_module *module, const char *var)
{
    add_note(module, XM_NOTE_FEATURE, (const char *[XM_NOTE_TEXTS]){var});
}

void xmpp_module_redact(xmpp_module *module, const char *name, const char *ns, const char *attr,
                        const char *value)
{
    if (module && (!ns || (attr && !value))) {
        module->error = module->error ? module->error : XMPP_E_INVAL;
    }
    add_note(module, XM_NOTE_SECRET, (const char *[XM_NOTE_TEXTS]){name, ns, attr, value});
}

/* --- what it handles ---------------------------------------------------------------------------- */

static void add_hook(xmpp_module *module, const struct xm_hook *like, const char *name,
                     const char *ns)
{
    struct xm_hook *hook = malloc(sizeof *hook + size_of(name) + size_of(ns));
    if (!hook) {
        module->error = XMPP_E_NOMEM;
        return;
    }
    *hook = *like;
    char *at = hook->bytes;
    hook->module = module;
    hook->name = put(&at, name);
    hook->ns = put(&at, ns);
    struct xm_hook **end = &module->hooks;
    while (*end) {
        end = &(*end)->next;
    }
    *end = hook;
}

void xmpp_module_on_iq(xmpp_module *module, int types, const char *name, const char *ns,
                       xmpp_stanza_fn handler)
{
    if (!is_open(module)) {
        return;
    }
    if (!handler || !name || !*name || !ns || types == 0 ||
        (types & ~(XMPP_IQ_GET | XMPP_IQ_SET)) != 0) {
        module->error = XMPP_E_INVAL;
        return;
    }
    struct xm_hook hook = {.kind = XM_HOOK_IQ, .what = types, .call = (xm_any_fn)handler};
    add_hook(module, &hook, name, ns);
}

static int is_stanza(int kind)
{
    return kind >= XMPP_KIND_MESSAGE && kind <= XMPP_KIND_IQ;
}

void xmpp_module_on_receive(xmpp_module *module, int kind, int order, xmpp_filter_fn filter)
{
    if (!is_open(module)) {
        return;
    }
    if (!filter || !is_stanza(kind) || order < XMPP_FILTER_CHECK || order > XMPP_FILTER_NOTE) {
        module->error = XMPP_E_INVAL;
        return;
    }
    struct xm_hook hook = {
        .kind = XM_HOOK_RECEIVE, .what = kind, .order = order, .call = (xm_any_fn)filter};
    add_hook(module, &hook, NULL, NULL);
}

void xmpp_module_on_send(xmpp_module *module, int kind, xmpp_extend_fn extend)
{
    if (!is_open(module)) {
        return;
    }
    if (!extend || !is_stanza(kind)) {
        module->error = XMPP_E_INVAL;
        return;
    }
    struct xm_hook hook = {.kind = XM_HOOK_SEND, .what = kind, .call = (xm_any_fn)extend};
    add_hook(module, &hook, NULL, NULL);
}

void xmpp_module_on_session(xmpp_module *module, xmpp_session_fn handler)
{
    if (!is_open(module)) {
        return;
    }
    if (!handler || module->on_session) {
        module->error = XMPP_E_INVAL;
        return;
    }
    module->on_session = handler;
}

void xmpp_module_on_step(xmpp_module *module, xmpp_step_fn step)
{
    if (!is_open(module)) {
        return;
    }
    if (!step || module->on_step) {
        module->error = XMPP_E_INVAL;
        return;
    }
    module->on_step = step;
}
