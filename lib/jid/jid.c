/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The address as an object: one block of memory, in which the struct is followed by the texts. The
 * domain is the end of the bare text and the resource the end of the whole, so three texts do. */
#include "jid/jid.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jid/object.h"
#include "jid/prepare.h"
#include "xmpp/error.h"

/* Bytes beyond four times its text that a placed address may take: for short ones that grow. */
enum { GROWTH_ROOM = 64 };

/* Bytes of the texts: the whole, then the bare one and the localpart where they are not the same
 * as what is there already. */
static size_t texts_size(const struct xm_parts *parts)
{
    return xm_parts_text_len(parts) + 1 +
           (parts->resource.text ? xm_parts_bare_len(parts) + 1 : 0) +
           (parts->local.text ? parts->local.len + 1 : 0);
}

/* Sets the object around its text, which was written behind the struct. */
static void lay_out(xmpp_jid *jid, const struct xm_parts *parts, unsigned refs)
{
    char *at = (char *)(jid + 1);
    size_t local_len = parts->local.text ? parts->local.len + 1 : 0;
    size_t bare_len = local_len + parts->domain.len;
    size_t len = bare_len + (parts->resource.text ? parts->resource.len + 1 : 0);
    *jid = (struct xmpp_jid){refs, parts->bad, len, bare_len, at, at, NULL, at + local_len, NULL};
    at += len + 1;
    if (parts->resource.text) {
        jid->resource = jid->text + bare_len + 1;
        jid->bare = memcpy(at, jid->text, bare_len);
        jid->domain = at + local_len;
        at[bare_len] = '\0';
        at += bare_len + 1;
    }
    if (parts->local.text) {
        jid->local = memcpy(at, jid->text, parts->local.len);
        at[parts->local.len] = '\0';
    }
}

/* A new address of parts that were prepared. */
static int make(xmpp_jid **ret_jid, const struct xm_parts *parts)
{
    xmpp_jid *jid = malloc(sizeof *jid + texts_size(parts));
    if (!jid) {
        return XMPP_E_NOMEM;
    }
    xm_parts_write(parts, (char *)(jid + 1));
    lay_out(jid, parts, 1);
    *ret_jid = jid;
    return 0;
}

/* The parts of an address that is there, to make another one of. */
static struct xm_parts parts_of(const xmpp_jid *jid)
{
    struct xm_parts parts;
    xm_parts_cut(&parts, jid->text, jid->len);
    parts.bad = jid->bad;
    return parts;
}

/* Prepares parts strictly and makes the address. */
static int make_strict(xmpp_jid **ret_jid, struct xm_parts *parts)
{
    struct xm_parts_room room = {0};
    int result = xm_parts_prepare(parts, &room);
    if (result == 0) {
        result = parts->bad ? XMPP_E_JID : make(ret_jid, parts);
    }
    xm_parts_done(&room);
    return result;
}

int xmpp_jid_parse(xmpp_jid **ret_jid, const char *text)
{
    struct xm_parts parts;
    if (!ret_jid || !text) {
        return XMPP_E_INVAL;
    }
    xm_parts_cut(&parts, text, strlen(text));
    return make_strict(ret_jid, &parts);
}

static struct xm_part part_of(const char *text)
{
    return (struct xm_part){text, text ? strlen(text) : 0};
}

int xmpp_jid_new(xmpp_jid **ret_jid, const char *local, const char *domain, const char *resource)
{
    if (!ret_jid || !domain) {
        return XMPP_E_INVAL;
    }
    struct xm_parts parts = {part_of(local), part_of(domain), part_of(resource), 0};
    return make_strict(ret_jid, &parts);
}

size_t xm_jid_place_size(size_t len)
{
    /* Three times the text is the most that an address takes which does not grow. */
    return sizeof(xmpp_jid) + 4 * len + GROWTH_ROOM;
}

/* The parts that preparation changed, as XM_BAD_… */
static unsigned changed(const struct xm_parts_room *room)
{
    return (room->local ? XM_BAD_LOCAL : 0u) | (room->domain ? XM_BAD_DOMAIN : 0u) |
           (room->resource ? XM_BAD_RESOURCE : 0u);
}

/* Writes the text of what was changed; if it has no room, that of what came. */
static void write_changed(char *at, struct xm_parts *parts, const struct xm_parts_room *room,
                          const char *text, size_t len)
{
    if (sizeof(xmpp_jid) + texts_size(parts) > xm_jid_place_size(len)) {
        unsigned bad = parts->bad | changed(room);
        xm_parts_cut(parts, text, len);
        parts->bad = bad;
    }
    xm_parts_write(parts, at);
}

int xm_jid_place(void *memory, const char *text, size_t len, xmpp_jid **ret_jid)
{
    struct xm_parts_room room = {0};
    struct xm_parts parts;
    xmpp_jid *jid = memory;
    char *at = (char *)(jid + 1);
    xm_parts_cut(&parts, text, len);
    int result = xm_parts_prepare(&parts, &room);
    if (result == 0 && !xm_parts_changed(&room)) {
        memcpy(at, text, len);
        at[len] = '\0';
        lay_out(jid, &parts, 0);
        *ret_jid = jid;
        return 0;
    }
    if (result == 0) {
        write_changed(at, &parts, &room, text, len);
        lay_out(jid, &parts, 0);
        *ret_jid = jid;
    }
    xm_parts_done(&room);
    return result;
}

int xm_jid_prepare_text(char *buf, const char *text, size_t len)
{
    struct xm_parts_room room = {0};
    struct xm_parts parts;
    xm_parts_cut(&parts, text, len);
    int result = xm_parts_prepare(&parts, &room);
    if (result == 0 && parts.bad) {
        result = XMPP_E_JID;
    }
    if (result == 0) {
        xm_parts_write(&parts, buf);
    }
    xm_parts_done(&room);
    return result;
}

/* The count is the one thing of an address that changes. */
static xmpp_jid *counted(const xmpp_jid *jid)
{
    return (xmpp_jid *)(uintptr_t)jid;
}

/* Another reference, or a copy of what is in memory of others. */
static int share(xmpp_jid **ret_jid, const xmpp_jid *jid)
{
    if (atomic_load_explicit(&counted(jid)->refs, memory_order_relaxed) == 0) {
        struct xm_parts parts = parts_of(jid);
        return make(ret_jid, &parts);
    }
    atomic_fetch_add_explicit(&counted(jid)->refs, 1, memory_order_relaxed);
    *ret_jid = counted(jid);
    return 0;
}

xmpp_jid *xmpp_jid_ref(const xmpp_jid *jid)
{
    xmpp_jid *ref = NULL;
    return jid && share(&ref, jid) == 0 ? ref : NULL;
}

xmpp_jid *xmpp_jid_unref(xmpp_jid *jid)
{
    if (!jid || atomic_load_explicit(&jid->refs, memory_order_relaxed) == 0) {
        return NULL;
    }
    if (atomic_fetch_sub_explicit(&jid->refs, 1, memory_order_acq_rel) == 1) {
        free(jid);
    }
    return NULL;
}

int xmpp_jid_get_bare(const xmpp_jid *jid, xmpp_jid **ret_jid)
{
    if (!jid || !ret_jid) {
        return XMPP_E_INVAL;
    }
    if (!jid->resource) {
        return share(ret_jid, jid);
    }
    struct xm_parts parts = parts_of(jid);
    parts.resource = (struct xm_part){0};
    parts.bad &= ~(unsigned)XM_BAD_RESOURCE;
    return make(ret_jid, &parts);
}
