/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Business cards, XEP-0054. Knows no fact by its meaning but the photo: a card is a tree of texts. */
#include "xmpp/vcard.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/error.h"
#include "xmpp/iq.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_error.h"
#include "xmpp/util.h"

enum { NAME_SIZE = 32 }; /* names are short, "CONFIDENTIAL" is the longest */

static const char ns[] = XMPP_NS_VCARD;

/* --- requests ------------------------------------------------------------------------------------- */

int xmpp_vcard_request(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, int timeout_ms,
                       xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy)
{
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_GET, to);
    xmpp_elem_add(xmpp_stanza_root(iq), "vCard", ns);
    int result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

int xmpp_vcard_publish(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_elem *vcard,
                       int timeout_ms, xmpp_reply_fn handler, void *userdata,
                       xmpp_destroy_fn destroy)
{
    if (!xmpp_elem_is(vcard, "vCard", ns)) {
        return XMPP_E_INVAL;
    }
    int result = xmpp_stanza_get_error(xmpp_elem_get_stanza(vcard));
    if (result < 0) {
        return result;
    }
    xmpp_stanza *iq = xmpp_iq_new(XMPP_IQ_SET, NULL);
    xmpp_elem_add_copy(xmpp_stanza_root(iq), vcard);
    result = xmpp_conn_request(conn, ret_slot, iq, timeout_ms, handler, userdata, destroy);
    xmpp_stanza_unref(iq);
    return result;
}

/* --- reading -------------------------------------------------------------------------------------- */

const xmpp_elem *xmpp_vcard_read(const xmpp_stanza *reply)
{
    const xmpp_elem *vcard = xmpp_elem_get_child(xmpp_stanza_get_root(reply), "vCard", ns);
    if (xmpp_iq_get_type(reply) != XMPP_IQ_RESULT || !xmpp_elem_get_child(vcard, NULL, ns)) {
        return NULL;
    }
    return vcard;
}

int xmpp_vcard_is_none(const xmpp_stanza *reply)
{
    int condition = xmpp_stanza_error_get_condition(reply);
    if (xmpp_iq_get_type(reply) == XMPP_IQ_RESULT) {
        return !xmpp_vcard_read(reply);
    }
    return condition == XMPP_CONDITION_ITEM_NOT_FOUND ||
           condition == XMPP_CONDITION_SERVICE_UNAVAILABLE;
}

/* The next name of a path, which moves on: 0 if it is none. */
static int next_name(const char **path, char name[NAME_SIZE])
{
    size_t len = strcspn(*path, "/");
    if (len == 0 || len >= NAME_SIZE) {
        return 0;
    }
    memcpy(name, *path, len);
    name[len] = '\0';
    *path += len;
    *path += **path == '/';
    return 1;
}

const char *xmpp_vcard_get_text(const xmpp_elem *elem, const char *path)
{
    char name[NAME_SIZE];
    if (!path || !*path) {
        return NULL;
    }
    while (elem && *path) {
        elem = next_name(&path, name) ? xmpp_elem_get_child(elem, name, ns) : NULL;
    }
    return xmpp_elem_get_text(elem, NULL);
}

const xmpp_elem *xmpp_vcard_get_preferred(const xmpp_elem *vcard, const char *name)
{
    const xmpp_elem *first = name ? xmpp_elem_get_child(vcard, name, ns) : NULL;
    for (const xmpp_elem *e = first; e; e = xmpp_elem_get_next(e, name, ns)) {
        if (xmpp_elem_get_child(e, "PREF", ns)) {
            return e;
        }
    }
    return first;
}

/* --- the photo ------------------------------------------------------------------------------------- */

static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Without the white space by which it is folded into lines. NULL if out of memory. */
static char *unfold(const char *text, size_t *ret_len)
{
    size_t n = 0;
    char *flat = malloc(strlen(text) + 1);
    for (; flat && *text; text++) {
        if (!is_space(*text)) {
            flat[n++] = *text;
        }
    }
    *ret_len = n;
    return flat;
}

static size_t count_unfolded(const char *text)
{
    size_t n = 0;
    for (; *text; text++) {
        n += !is_space(*text);
    }
    return n;
}

int xmpp_vcard_get_photo(const xmpp_elem *vcard, const char *name, size_t max,
                         const char **ret_type, uint8_t **ret_bytes, size_t *ret_n)
{
    size_t len = 0;
    size_t n = 0;
    uint8_t *bytes = NULL;
    size_t limit = max > 0 ? max : XMPP_VCARD_PHOTO_MAX;
    if (!vcard || !name || !ret_bytes || !ret_n) {
        return XMPP_E_INVAL;
    }
    const xmpp_elem *photo = xmpp_elem_get_child(vcard, name, ns);
    const char *text = xmpp_elem_get_child_text(photo, "BINVAL", ns);
    size_t n_text = text ? count_unfolded(text) : 0;
    if (n_text == 0) {
        return XMPP_E_NOT_FOUND;
    }
    if (n_text / 4 > limit / 3 + 1) {
        return XMPP_E_TOO_BIG;
    }
    char *flat = unfold(text, &len);
    int result = flat ? xmpp_base64_decode(flat, len, &bytes, &n) : XMPP_E_NOMEM;
    free(flat);
    if (result == 0 && n > limit) {
        xmpp_free(bytes);
        result = XMPP_E_TOO_BIG;
    }
    if (result < 0) {
        return result;
    }
    const char *type = xmpp_elem_get_child_text(photo, "TYPE", ns);
    if (ret_type) {
        *ret_type = type ? type : "";
    }
    *ret_bytes = bytes;
    *ret_n = n;
    return 0;
}

/* --- building -------------------------------------------------------------------------------------- */

xmpp_stanza *xmpp_vcard_new(void)
{
    return xmpp_stanza_new("vCard", ns);
}

static xmpp_elem *find_or_add(xmpp_elem *elem, const char *name)
{
    xmpp_elem *child = xmpp_elem_find(elem, name, ns);
    return child ? child : xmpp_elem_add(elem, name, ns);
}

void xmpp_vcard_set_text(xmpp_elem *elem, const char *path, const char *text)
{
    char name[NAME_SIZE];
    while (path && next_name(&path, name)) {
        if (*path) {
            elem = text ? find_or_add(elem, name) : xmpp_elem_find(elem, name, ns);
            continue;
        }
        xmpp_elem_remove(xmpp_elem_find(elem, name, ns));
        if (text) {
            xmpp_elem_add_text_child(elem, name, ns, text);
        }
        return;
    }
}

int xmpp_vcard_set_photo(xmpp_elem *vcard, const char *name, const char *type, const void *bytes,
                         size_t n)
{
    char *text = NULL;
    if (!vcard || !name || (bytes && !type)) {
        return XMPP_E_INVAL;
    }
    int result = bytes ? xmpp_base64_encode(bytes, n, &text) : 0;
    if (result < 0) {
        return result;
    }
    xmpp_elem_remove(xmpp_elem_find(vcard, name, ns));
    if (text) {
        xmpp_elem *photo = xmpp_elem_add(vcard, name, ns);
        xmpp_elem_add_text_child(photo, "TYPE", NULL, type);
        xmpp_elem_add_text_child(photo, "BINVAL", NULL, text);
    }
    xmpp_free(text);
    return xmpp_stanza_get_error(xmpp_elem_get_stanza(vcard));
}
