/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stanza as a whole: its life, its parts, and what sealing works out in advance, so that
 * nothing is ever computed behind const. */
#include "stanza/tree.h"

#include <string.h>

#include "jid/jid.h"
#include "stanza/fact.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"

enum { N_KNOWN = sizeof(struct xm_addressees) / sizeof(xmpp_jid *) };

xmpp_stanza *xm_stanza_open(size_t first_size, struct xm_spare *spare)
{
    struct xm_arena arena;
    xmpp_stanza *stanza = xm_arena_open(&arena, sizeof *stanza, first_size, spare);
    if (!stanza) {
        return NULL;
    }
    *stanza = (xmpp_stanza){.arena = arena};
    if (!spare) {
        stanza->arena.spare = &stanza->spare;
    }
    atomic_init(&stanza->refs, 1);
    return stanza;
}

void xm_stanza_clear(xmpp_stanza *stanza)
{
    xm_fact_end_all(stanza->facts);
    xmpp_jid_unref(stanza->shared_to);
    xm_arena_reset(&stanza->arena, sizeof *stanza);
    struct xm_arena arena = stanza->arena;
    struct xm_spare spare = stanza->spare;
    *stanza = (xmpp_stanza){.arena = arena, .spare = spare};
    atomic_init(&stanza->refs, 1);
}

void xm_stanza_detach(xmpp_stanza *stanza)
{
    stanza->arena.spare = NULL;
    xm_spare_done(&stanza->spare);
}

void xm_stanza_fail(xmpp_stanza *stanza, int error)
{
    if (stanza->error == 0) {
        stanza->error = error;
    }
}

int xm_stanza_is_sole(const xmpp_stanza *stanza)
{
    return atomic_load_explicit(&stanza->refs, memory_order_acquire) == 1;
}

const xmpp_stanza *xmpp_stanza_ref(const xmpp_stanza *stanza)
{
    if (stanza) {
        /* the count is not part of what const promises */
        atomic_fetch_add_explicit(&((xmpp_stanza *)stanza)->refs, 1, memory_order_relaxed);
    }
    return stanza;
}

xmpp_stanza *xmpp_stanza_unref(const xmpp_stanza *stanza)
{
    xmpp_stanza *mine = (xmpp_stanza *)stanza;
    if (mine && atomic_fetch_sub_explicit(&mine->refs, 1, memory_order_acq_rel) == 1) {
        xm_fact_end_all(mine->facts);
        if (mine->arena.spare == &mine->spare) {
            xm_stanza_detach(mine);
        }
        xmpp_jid_unref(mine->shared_to);
        xm_arena_close(&mine->arena);
    }
    return NULL;
}

/* --- parts ---------------------------------------------------------------------------------- */

xmpp_elem *xm_elem_new(xmpp_stanza *stanza, const char *name, const char *ns)
{
    xmpp_elem *elem = xm_arena_alloc(&stanza->arena, sizeof *elem);
    if (!elem) {
        return NULL;
    }
    *elem = (xmpp_elem){.stanza = stanza, .name = name, .ns = ns};
    return elem;
}

xmpp_elem *xm_elem_walk(const xmpp_elem *elem, const xmpp_elem *top)
{
    if (elem->first) {
        return elem->first;
    }
    while (elem != top && !elem->next) {
        elem = elem->parent;
    }
    return elem == top ? NULL : elem->next;
}

/* Room for a text of len bytes and its NUL; doubles, so that many small additions are linear. */
static int make_room(struct xm_arena *arena, struct xm_text *text, size_t len)
{
    if (len > XM_TEXT_MAX) {
        return XMPP_E_TOO_BIG;
    }
    if (text->bytes && xm_arena_extend(arena, text->bytes, text->room, len + 1)) {
        text->room = (uint32_t)(len + 1);
        return 0;
    }
    size_t room = text->bytes ? 2 * (len + 1) : len + 1;
    char *bytes = xm_arena_alloc(arena, room);
    if (!bytes) {
        return XMPP_E_NOMEM;
    }
    if (text->len > 0) {
        memcpy(bytes, text->bytes, text->len);
    }
    text->bytes = bytes;
    text->room = (uint32_t)room;
    return 0;
}

static inline int make_room_for(struct xm_arena *arena, struct xm_text *text, size_t len)
{
    return len + 1 > text->room ? make_room(arena, text, len) : 0;
}

int xm_text_add(struct xm_arena *arena, struct xm_text *text, const char *bytes, size_t len)
{
    if (len == 0) {
        return 0;
    }
    if (len > XM_TEXT_MAX) {
        return XMPP_E_TOO_BIG;
    }
    size_t new_len = text->len + len;
    int code = make_room_for(arena, text, new_len);
    if (code < 0) {
        return code;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->bytes[new_len] = '\0';
    text->len = (uint32_t)new_len;
    return 0;
}

/* The text that joined texts go to: the one of last time, or a new one. */
static struct xm_text *joined_room(xmpp_elem *elem, size_t len)
{
    struct xm_arena *arena = &elem->stanza->arena;
    struct xm_text *joined = elem->joined;
    if (!joined) {
        joined = xm_arena_alloc(arena, sizeof *joined);
        if (!joined) {
            return NULL;
        }
        *joined = (struct xm_text){0};
    }
    joined->len = 0;
    return make_room_for(arena, joined, len) == 0 ? joined : NULL;
}

int xm_elem_join(xmpp_elem *elem)
{
    size_t len = elem->head.len;
    for (const xmpp_elem *child = elem->first; child; child = child->next) {
        len += child->tail.len;
    }
    if (len == elem->head.len) {
        elem->joined = NULL;
        return 0;
    }
    struct xm_text *joined = joined_room(elem, len);
    if (!joined) {
        return XMPP_E_NOMEM;
    }
    struct xm_arena *arena = &elem->stanza->arena;
    xm_text_add(arena, joined, elem->head.bytes, elem->head.len);
    for (const xmpp_elem *child = elem->first; child; child = child->next) {
        xm_text_add(arena, joined, child->tail.bytes, child->tail.len);
    }
    elem->joined = joined;
    return 0;
}

struct xm_long_ns {
    struct xm_long_ns *next;
    const char *seen; /* where it was read: the same string has the same address */
    const char *kept;
};

const char *xm_long_ns_find(const xmpp_stanza *stanza, const char *seen)
{
    const struct xm_long_ns *at = stanza->long_ns;
    while (at && at->seen != seen) {
        at = at->next;
    }
    return at ? at->kept : NULL;
}

int xm_long_ns_add(xmpp_stanza *stanza, const char *seen, const char *kept)
{
    if (strnlen(seen, XM_LONG_NS) < XM_LONG_NS) {
        return 0;
    }
    struct xm_long_ns *ns = xm_arena_alloc(&stanza->arena, sizeof *ns);
    if (!ns) {
        return XMPP_E_NOMEM;
    }
    *ns = (struct xm_long_ns){stanza->long_ns, seen, kept};
    stanza->long_ns = ns;
    return 0;
}

/* --- sealing -------------------------------------------------------------------------------- */

uint8_t xm_elem_kind(const xmpp_elem *root)
{
    static const char *const names[] = {"", "message", "presence", "iq"};
    int kind = *root->name == 'm'   ? XMPP_KIND_MESSAGE
               : *root->name == 'p' ? XMPP_KIND_PRESENCE
               : *root->name == 'i' ? XMPP_KIND_IQ
                                    : XMPP_KIND_OTHER;
    int is_one = strcmp(root->name, names[kind]) == 0 && strcmp(root->ns, XMPP_NS_CLIENT) == 0;
    return (uint8_t)(is_one ? kind : XMPP_KIND_OTHER);
}

/* An address from the network, prepared in the arena. */
static int place_jid(xmpp_stanza *stanza, const char *text, const xmpp_jid **ret_jid)
{
    size_t len = strlen(text);
    void *memory = xm_arena_alloc(&stanza->arena, xm_jid_place_size(len));
    xmpp_jid *jid = NULL;
    if (!memory) {
        return XMPP_E_NOMEM;
    }
    int code = xm_jid_place(memory, text, len, &jid);
    if (code == 0) {
        *ret_jid = jid;
    }
    return code;
}

/* The address of these that has this text; NULL if none has. */
static xmpp_jid *find_known(const struct xm_addressees *known, const char *text)
{
    for (size_t i = 0; i < N_KNOWN; i++) {
        xmpp_jid *jid = known->jids[i];
        if (jid && strcmp(xmpp_jid_get_text(jid), text) == 0) {
            return xmpp_jid_ref(jid);
        }
    }
    return NULL;
}

/* Keeps one of the first addressees, if it was prepared when it came. Out of memory it is not
 * kept. */
static void learn(struct xm_addressees *known, const xmpp_jid *jid, const char *text)
{
    if (xmpp_jid_is_malformed(jid) || strcmp(xmpp_jid_get_text(jid), text) != 0) {
        return;
    }
    for (size_t i = 0; i < N_KNOWN; i++) {
        if (!known->jids[i]) {
            known->jids[i] = xmpp_jid_ref(jid);
            return;
        }
    }
}

static int place_to(xmpp_stanza *stanza, const char *text, struct xm_addressees *known)
{
    stanza->shared_to = known ? find_known(known, text) : NULL;
    if (stanza->shared_to) {
        stanza->to = stanza->shared_to;
        return 0;
    }
    int code = place_jid(stanza, text, &stanza->to);
    if (code == 0 && known) {
        learn(known, stanza->to, text);
    }
    return code;
}

void xm_addressees_done(struct xm_addressees *known)
{
    for (size_t i = 0; i < N_KNOWN; i++) {
        known->jids[i] = xmpp_jid_unref(known->jids[i]);
    }
}

/* Notes the attributes that every handler asks for. */
static int note_attr(xmpp_stanza *stanza, const struct xm_attr *attr, struct xm_addressees *known)
{
    const char *name = attr->name;
    if (attr->ns) {
        int is_lang = strcmp(name, "lang") == 0 && strcmp(attr->ns, XMPP_NS_XML) == 0;
        stanza->lang = is_lang ? attr->value : stanza->lang;
        return 0;
    }
    switch (*name) { /* most are none of these */
    case 'f':
        return strcmp(name, "from") == 0 ? place_jid(stanza, attr->value, &stanza->from) : 0;
    case 'i':
        stanza->id = strcmp(name, "id") == 0 ? attr->value : stanza->id;
        return 0;
    case 't':
        if (strcmp(name, "to") == 0) {
            return place_to(stanza, attr->value, known);
        }
        stanza->type = strcmp(name, "type") == 0 ? attr->value : stanza->type;
        return 0;
    default:
        return 0;
    }
}

int xm_stanza_settle(xmpp_stanza *stanza, struct xm_addressees *known)
{
    const xmpp_elem *root = stanza->root;
    stanza->kind = xm_elem_kind(root);
    stanza->lang = stanza->stream_lang; /* RFC 6120 4.7.4, 8.1.5 */
    for (uint32_t i = 0; i < root->n_attrs; i++) {
        int code = note_attr(stanza, &root->attrs[i], known);
        if (code < 0) {
            return code;
        }
    }
    if (stanza->lang && !*stanza->lang) {
        stanza->lang = NULL; /* it is said that none is known, XML 1.0 2.12 */
    }
    stanza->is_sealed = 1;
    return 0;
}
