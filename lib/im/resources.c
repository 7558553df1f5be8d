/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of who is there. Presences are kept by reference, so that whatever an extension said in
 * one can still be read from it; an exceptionally large one is cut down first, since who sends it
 * must not decide how much memory we have. */
#include "resources.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/presence.h"
#include "xmpp/stanza.h"

/* --- what is kept of a presence ----------------------------------------------------------------- */

enum {
    ELEM_WEIGHT = 64, /* what an element or an attribute costs besides its texts, about */
    LANG_MAX = 64     /* longer ones are no languages */
};

static size_t weight_of_one(const xmpp_elem *elem)
{
    size_t head;
    size_t tail;
    size_t sum = ELEM_WEIGHT + strlen(xmpp_elem_get_name(elem)) + strlen(xmpp_elem_get_ns(elem));
    xmpp_elem_get_head(elem, &head);
    xmpp_elem_get_tail(elem, &tail);
    for (size_t i = 0; i < xmpp_elem_get_n_attrs(elem); i++) {
        sum += strlen(xmpp_elem_get_attr_value_at(elem, i)) + ELEM_WEIGHT;
    }
    return sum + head + tail;
}

/* The element that follows within `top`, in the order of the text; NULL behind the last. */
static const xmpp_elem *following(const xmpp_elem *elem, const xmpp_elem *top)
{
    const xmpp_elem *next = xmpp_elem_get_child(elem, NULL, NULL);
    while (!next && elem != top) {
        next = xmpp_elem_get_next(elem, NULL, NULL);
        elem = xmpp_elem_get_parent(elem);
    }
    return next;
}

/* About as many bytes as an element has with all that is in it; as soon as it is clear that these
 * are more than `most`, any number above that. */
static size_t weight_of(const xmpp_elem *top, size_t most)
{
    size_t sum = 0;
    for (const xmpp_elem *at = top; at && sum <= most; at = following(at, top)) {
        sum += weight_of_one(at);
    }
    return sum;
}

/* A presence with those children that fit. */
static const xmpp_stanza *cut_down(const xmpp_stanza *presence)
{
    size_t left = XMPP_PRESENCE_KEPT_MAX;
    const xmpp_elem *root = xmpp_stanza_get_root(presence);
    xmpp_stanza *copy = xmpp_stanza_new("presence", NULL);
    xmpp_elem_set_attr(xmpp_stanza_root(copy), "from", xmpp_elem_get_attr(root, "from"));
    const char *lang = xmpp_stanza_get_lang(presence);
    if (lang && strlen(lang) <= LANG_MAX) {
        xmpp_elem_set_attr_ns(xmpp_stanza_root(copy), "lang", XMPP_NS_XML, lang);
    }
    for (const xmpp_elem *at = xmpp_elem_get_child(root, NULL, NULL); at;
         at = xmpp_elem_get_next(at, NULL, NULL)) {
        size_t weight = weight_of(at, left);
        if (weight <= left) {
            xmpp_elem_add_copy(xmpp_stanza_root(copy), at);
            left -= weight;
        }
    }
    xmpp_stanza_seal(copy);
    return xmpp_stanza_get_error(copy) < 0 ? xmpp_stanza_unref(copy) : copy;
}

static const xmpp_stanza *keep(const xmpp_stanza *presence)
{
    size_t weight = weight_of(xmpp_stanza_get_root(presence), XMPP_PRESENCE_KEPT_MAX);
    return weight > XMPP_PRESENCE_KEPT_MAX ? cut_down(presence) : xmpp_stanza_ref(presence);
}

/* --- resources ------------------------------------------------------------------------------------ */

void xm_resource_free(xmpp_resource *resource)
{
    if (resource) {
        xmpp_jid_unref(resource->jid);
        xmpp_stanza_unref(resource->presence);
        free(resource);
    }
}

static xmpp_resource *new_resource(const xmpp_jid *from)
{
    xmpp_resource *resource = calloc(1, sizeof *resource);
    if (resource && !(resource->jid = xmpp_jid_ref(from))) {
        free(resource);
        return NULL;
    }
    return resource;
}

static int rank_of(int show)
{
    switch (show) {
    case XMPP_SHOW_CHAT:
        return 0;
    case XMPP_SHOW_AWAY:
        return 2;
    case XMPP_SHOW_XA:
        return 3;
    case XMPP_SHOW_DND:
        return 4;
    default:
        return 1;
    }
}

static void set_presence(xmpp_resource *resource, const xmpp_stanza *presence, uint64_t age)
{
    xmpp_stanza_unref(resource->presence);
    resource->presence = presence;
    resource->priority = xmpp_presence_get_priority(presence);
    resource->rank = rank_of(xmpp_presence_get_show(presence));
    resource->age = age;
}

static int is_better(const xmpp_resource *a, const xmpp_resource *b)
{
    if (a->priority != b->priority) {
        return a->priority > b->priority;
    }
    return a->rank != b->rank ? a->rank < b->rank : a->age > b->age;
}

static int make_room(struct xm_person *person)
{
    void *more = realloc(person->resources, (person->n + 1) * sizeof *person->resources);
    if (!more) {
        return XMPP_E_NOMEM;
    }
    person->resources = more;
    return 0;
}

static void list_add(struct xm_person *person, xmpp_resource *resource)
{
    size_t i = person->n++;
    for (; i > 0 && is_better(resource, person->resources[i - 1]); i--) {
        person->resources[i] = person->resources[i - 1];
    }
    person->resources[i] = resource;
}

static void list_remove(struct xm_person *person, const xmpp_resource *resource)
{
    size_t i = 0;
    while (person->resources[i] != resource) {
        i++;
    }
    person->n--;
    memmove(person->resources + i, person->resources + i + 1,
            (person->n - i) * sizeof *person->resources);
}

/* --- people --------------------------------------------------------------------------------------- */

static void free_person(void *data)
{
    struct xm_person *person = data;
    for (size_t i = 0; i < person->n; i++) {
        xm_resource_free(person->resources[i]);
    }
    xmpp_jid_unref(person->bare);
    free(person->resources);
    free(person);
}

int xm_resources_init(struct xm_resources *there)
{
    there->people = xmpp_map_new(free_person);
    return there->people ? 0 : XMPP_E_NOMEM;
}

void xm_resources_done(struct xm_resources *there)
{
    xmpp_map_free(there->people);
}

struct xm_person *xm_resources_find(const struct xm_resources *there, const xmpp_jid *who)
{
    return xmpp_map_get(there->people, xmpp_jid_get_bare_text(who));
}

struct xm_person *xm_resources_at(const struct xm_resources *there, size_t index)
{
    return xmpp_map_get_value_at(there->people, index);
}

static xmpp_resource *find_in(const struct xm_person *person, const xmpp_jid *jid)
{
    for (size_t i = 0; person && i < person->n; i++) {
        if (xmpp_jid_equal(person->resources[i]->jid, jid)) {
            return person->resources[i];
        }
    }
    return NULL;
}

xmpp_resource *xm_resources_get(const struct xm_resources *there, const xmpp_jid *jid)
{
    return find_in(xm_resources_find(there, jid), jid);
}

/* Somebody who has no resource yet; not in the table before there is one. */
static struct xm_person *new_person(const xmpp_jid *from)
{
    struct xm_person *person = calloc(1, sizeof *person);
    if (person && xmpp_jid_get_bare(from, &person->bare) < 0) {
        free(person);
        return NULL;
    }
    return person;
}

static void set_stranger(struct xm_resources *there, struct xm_person *person, int is_stranger)
{
    there->n_strangers += (size_t)is_stranger;
    there->n_strangers -= (size_t)person->is_stranger;
    person->is_stranger = is_stranger;
}

/* --- what comes and goes -------------------------------------------------------------------------- */

static xmpp_resource *add_resource(struct xm_person *person, const xmpp_jid *from)
{
    if (make_room(person) < 0) {
        return NULL;
    }
    xmpp_resource *resource = new_resource(from);
    if (resource) {
        list_add(person, resource);
    }
    return resource;
}

/* The resource of somebody who has none yet. */
static xmpp_resource *add_person(struct xm_resources *there, const xmpp_jid *from)
{
    struct xm_person *person = new_person(from);
    xmpp_resource *resource = person ? add_resource(person, from) : NULL;
    if (!resource || xmpp_map_set(there->people, xmpp_jid_get_text(person->bare), person) < 0) {
        if (person) {
            free_person(person);
        }
        return NULL;
    }
    return resource;
}

int xm_resources_put(struct xm_resources *there, const xmpp_jid *from, const xmpp_stanza *presence,
                     int is_stranger, xmpp_resource **ret_resource)
{
    struct xm_person *person = xm_resources_find(there, from);
    xmpp_resource *resource = find_in(person, from);
    int event = resource ? XMPP_RESOURCE_CHANGED : XMPP_RESOURCE_CAME;
    const xmpp_stanza *kept = keep(presence);
    if (kept && !resource) {
        resource = person ? add_resource(person, from) : add_person(there, from);
    }
    if (!kept || !resource) {
        xmpp_stanza_unref(kept);
        return XMPP_E_NOMEM;
    }
    person = xm_resources_find(there, from);
    list_remove(person, resource);
    set_presence(resource, kept, ++there->heard);
    list_add(person, resource);
    set_stranger(there, person, is_stranger);
    *ret_resource = resource;
    return event;
}

void xm_resources_take(struct xm_resources *there, xmpp_resource *resource)
{
    struct xm_person *person = xm_resources_find(there, resource->jid);
    list_remove(person, resource);
    if (person->n == 0) {
        set_stranger(there, person, 0);
        xmpp_map_remove(there->people, xmpp_jid_get_bare_text(resource->jid));
    }
}

/* --- reading one ---------------------------------------------------------------------------------- */

const xmpp_jid *xmpp_resource_get_jid(const xmpp_resource *resource)
{
    return resource ? resource->jid : NULL;
}

const xmpp_stanza *xmpp_resource_get_presence(const xmpp_resource *resource)
{
    return resource ? resource->presence : NULL;
}
