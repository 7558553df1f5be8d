/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Message correction, XEP-0308: what a message replaces, and who may do that. Conversations are
 * kept elsewhere: nothing is replaced here. */
#include "xmpp/correction.h"

#include <string.h>

#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

static const char key;
static const char ns_correct[] = "urn:xmpp:message-correct:0";

int xmpp_correction_enable(xmpp_conn *conn)
{
    xmpp_module *module = xmpp_module_new(&key, "correction", NULL, NULL);
    xmpp_module_add_feature(module, ns_correct);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

static int is_content(const xmpp_stanza *message)
{
    return xmpp_stanza_get_kind(message) == XMPP_KIND_MESSAGE &&
           xmpp_message_get_type(message) != XMPP_MESSAGE_ERROR;
}

static const xmpp_elem *find_replace(const xmpp_stanza *message)
{
    return xmpp_elem_get_child(xmpp_stanza_get_root(message), "replace", ns_correct);
}

const char *xmpp_correction_get_id(const xmpp_stanza *message)
{
    const xmpp_elem *replace = find_replace(message);
    if (!is_content(message) || xmpp_elem_get_next(replace, "replace", ns_correct)) {
        return NULL;
    }
    const char *id = xmpp_elem_get_attr(replace, "id");
    return id && *id ? id : NULL;
}

int xmpp_correction_set_id(xmpp_stanza *message, const char *id)
{
    if (!is_content(message) || !id || !*id) {
        return XMPP_E_INVAL;
    }
    const char *own_id = xmpp_stanza_get_id(message);
    if (own_id && strcmp(own_id, id) == 0) {
        return XMPP_E_INVAL;
    }
    int result = xmpp_stanza_ensure_id(message); /* XEP-0308 4 */
    if (result < 0) {
        return result;
    }
    xmpp_elem *root = xmpp_stanza_root(message);
    xmpp_elem *replace = xmpp_elem_find(root, "replace", ns_correct);
    if (!replace) {
        replace = xmpp_elem_add(root, "replace", ns_correct);
    }
    xmpp_elem_set_attr(replace, "id", id);
    return 0;
}

/* --- who may ---------------------------------------------------------------------------------- */

static int is_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A private message in a room says so (XEP-0045 7.5). */
static int is_of_room(const xmpp_stanza *message)
{
    return xmpp_message_get_type(message) == XMPP_MESSAGE_GROUPCHAT ||
           xmpp_elem_get_child(xmpp_stanza_get_root(message), "x",
                               "http://jabber.org/protocol/muc#user");
}

/* Who somebody in a room is, whatever the nick (XEP-0421); NULL if the room does not tell. */
static const char *occupant_of(const xmpp_stanza *message)
{
    const xmpp_elem *id =
        xmpp_elem_get_child(xmpp_stanza_get_root(message), "occupant-id", "urn:xmpp:occupant-id:0");
    return xmpp_elem_get_attr(id, "id");
}

/* In a room the real sender is the full address; without one the room itself spoke. */
static int is_same_occupant(const xmpp_stanza *a, const xmpp_stanza *b)
{
    return xmpp_jid_equal(xmpp_stanza_get_from(a), xmpp_stanza_get_from(b)) &&
           is_same_text(occupant_of(a), occupant_of(b));
}

/* The same conversation, whichever client it was for. A message to nobody is to the own account. */
static int is_same_addressee(const xmpp_stanza *a, const xmpp_stanza *b)
{
    const xmpp_jid *to_a = xmpp_stanza_get_to(a);
    const xmpp_jid *to_b = xmpp_stanza_get_to(b);
    return !to_a || !to_b || xmpp_jid_equal_bare(to_a, to_b);
}

int xmpp_correction_fits(const xmpp_stanza *original, const xmpp_stanza *correction, int in_room)
{
    const char *id = xmpp_correction_get_id(correction);
    const xmpp_jid *from = xmpp_stanza_get_from(original);
    if (!id || !from || !is_content(original) || !is_same_text(id, xmpp_stanza_get_id(original)) ||
        xmpp_message_get_type(original) != xmpp_message_get_type(correction)) {
        return 0;
    }
    if (!is_same_addressee(original, correction)) {
        return 0;
    }
    return in_room || is_of_room(original) || is_of_room(correction)
               ? is_same_occupant(original, correction)
               : xmpp_jid_equal_bare(from, xmpp_stanza_get_from(correction));
}
