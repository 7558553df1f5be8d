/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An address as three parts. Those in ASCII that are prepared already, nearly all, are only looked
 * at; others are made anew. */
#include "jid/prepare.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "jid/ascii.h"
#include "jid/domain.h"
#include "jid/precis.h"
#include "xmpp/error.h"

/* Preparation makes a part shorter at times, to a third where full-width letters become ASCII. What
 * is longer than that is refused unseen, which bounds the work. */
enum { INPUT_MAX = 3 * XM_PART_MAX };

void xm_parts_cut(struct xm_parts *parts, const char *text, size_t len)
{
    const char *slash = memchr(text, '/', len);
    size_t bare_len = slash ? (size_t)(slash - text) : len;
    const char *at = memchr(text, '@', bare_len);
    *parts = (struct xm_parts){.domain = {text, bare_len}};
    if (at) {
        size_t local_len = (size_t)(at - text);
        parts->local = (struct xm_part){text, local_len};
        parts->domain = (struct xm_part){at + 1, bare_len - local_len - 1};
    }
    if (slash) {
        parts->resource = (struct xm_part){slash + 1, len - bare_len - 1};
    }
}

/* Takes what was prepared into a part, and the memory into its room. */
static int take(struct xm_part *part, char **room, char *prepared, size_t len)
{
    *room = prepared;
    if (len > XM_PART_MAX) {
        return XMPP_E_JID;
    }
    *part = (struct xm_part){prepared, len};
    return 0;
}

/* RFC 7622 3.3 */
static int prepare_local(struct xm_part *part, char **room)
{
    char *prepared;
    size_t len = part->len;
    if (len == 0 || len > INPUT_MAX) {
        return XMPP_E_JID;
    }
    if (xm_ascii_all(part->text, len) & XM_ASCII_LOCAL) {
        return len <= XM_PART_MAX ? 0 : XMPP_E_JID;
    }
    int result = xm_precis_username(part->text, len, &prepared, &len);
    if (result != 0) {
        return result;
    }
    for (size_t i = 0; i < len; i++) { /* RFC 7622 3.3.1, after the mappings */
        if (prepared[i] > 0 && !(xm_ascii_table[(uint8_t)prepared[i]] & XM_ASCII_LOCAL)) {
            free(prepared);
            return XMPP_E_JID;
        }
    }
    return take(part, room, prepared, len);
}

/* RFC 7622 3.2 */
static int prepare_domain(struct xm_part *part, char **room)
{
    char *prepared;
    size_t len;
    if (xm_domain_is_plain(part->text, part->len)) {
        return 0;
    }
    int result = xm_domain_prepare(part->text, part->len, &prepared, &len);
    return result == 0 ? take(part, room, prepared, len) : result;
}

/* RFC 7622 3.4; that it starts with no space is example 18 of its table 2. */
static int prepare_resource(struct xm_part *part, char **room)
{
    char *prepared;
    size_t len = part->len;
    if (len == 0 || len > INPUT_MAX || part->text[0] == ' ') {
        return XMPP_E_JID;
    }
    if (xm_ascii_all(part->text, len) & XM_ASCII_RESOURCE) {
        return len <= XM_PART_MAX ? 0 : XMPP_E_JID;
    }
    int result = xm_precis_opaque(part->text, len, &prepared, &len);
    if (result == 0 && prepared[0] == ' ') {
        free(prepared);
        return XMPP_E_JID;
    }
    return result == 0 ? take(part, room, prepared, len) : result;
}

/* Marks a part that cannot be prepared; any other failure travels. */
static int mark(struct xm_parts *parts, unsigned bad, int result)
{
    if (result == XMPP_E_JID) {
        parts->bad |= bad;
        return 0;
    }
    return result;
}

int xm_parts_prepare(struct xm_parts *parts, struct xm_parts_room *room)
{
    int result = 0;
    parts->bad = 0;
    if (parts->local.text) {
        result = mark(parts, XM_BAD_LOCAL, prepare_local(&parts->local, &room->local));
    }
    if (result == 0) {
        result = mark(parts, XM_BAD_DOMAIN, prepare_domain(&parts->domain, &room->domain));
    }
    if (result == 0 && parts->resource.text) {
        result = mark(parts, XM_BAD_RESOURCE, prepare_resource(&parts->resource, &room->resource));
    }
    return result;
}

void xm_parts_done(struct xm_parts_room *room)
{
    free(room->local);
    free(room->domain);
    free(room->resource);
}

void xm_parts_write(const struct xm_parts *parts, char *text)
{
    if (parts->local.text) {
        memcpy(text, parts->local.text, parts->local.len);
        text += parts->local.len;
        *text++ = '@';
    }
    memcpy(text, parts->domain.text, parts->domain.len);
    text += parts->domain.len;
    if (parts->resource.text) {
        *text++ = '/';
        memcpy(text, parts->resource.text, parts->resource.len);
        text += parts->resource.len;
    }
    *text = '\0';
}
