/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Displayed markers, XEP-0333: asked for, sent, and from whom they count. Which message was
 * displayed last is known elsewhere. */
#include "xmpp/markers.h"

#include <stdlib.h>

#include "xmpp/conn.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"
#include "xmpp/stanza_ids.h"
#include "xmpp/util.h"

static const char key;
static const char ns_markers[] = "urn:xmpp:chat-markers:0";

struct markers {
    int is_sending;
};

static struct markers *find(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

static const xmpp_elem *child_of(const xmpp_stanza *message, const char *name)
{
    return xmpp_elem_get_child(xmpp_stanza_get_root(message), name, ns_markers);
}

static int is_groupchat(const xmpp_stanza *message)
{
    return xmpp_message_get_type(message) == XMPP_MESSAGE_GROUPCHAT;
}

/* A message that can be marked; XEP-0333 4.2: a marker cannot. */
static int can_ask(const xmpp_stanza *message)
{
    return xmpp_stanza_get_kind(message) == XMPP_KIND_MESSAGE &&
           xmpp_message_get_type(message) != XMPP_MESSAGE_ERROR && !child_of(message, "displayed");
}

int xmpp_marker_is_requested(const xmpp_stanza *message)
{
    return can_ask(message) && child_of(message, "markable");
}

int xmpp_marker_request(xmpp_stanza *message)
{
    if (!can_ask(message)) {
        return XMPP_E_INVAL;
    }
    int result = xmpp_stanza_ensure_id(message); /* XEP-0333 4.1 */
    if (result == 0 && !child_of(message, "markable")) {
        xmpp_elem_add(xmpp_stanza_root(message), "markable", ns_markers);
    }
    return result;
}

const char *xmpp_marker_get_id(const xmpp_stanza *message)
{
    const xmpp_elem *displayed = child_of(message, "displayed");
    if (xmpp_stanza_get_kind(message) != XMPP_KIND_MESSAGE ||
        xmpp_message_get_type(message) == XMPP_MESSAGE_ERROR ||
        xmpp_elem_get_next(displayed, "displayed", ns_markers)) {
        return NULL;
    }
    const char *id = xmpp_elem_get_attr(displayed, "id");
    return id && *id ? id : NULL;
}

/* --- who may say so --------------------------------------------------------------------------- */

/* The address, prepared: of a message that was built here it is not. NULL if there is none. */
static xmpp_jid *addressee_of(const xmpp_stanza *sent)
{
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(sent), "to");
    xmpp_jid *jid = NULL;
    return to && xmpp_jid_parse(&jid, to) == 0 ? jid : NULL;
}

/* In a room as it went to the room, or as the room sent it. */
static int is_same_room(const xmpp_jid *from, const xmpp_jid *to, const xmpp_stanza *sent)
{
    const xmpp_jid *sender = xmpp_stanza_get_from(sent);
    return (to && xmpp_jid_equal_bare(from, to)) || (sender && xmpp_jid_equal_bare(from, sender));
}

int xmpp_marker_fits(const xmpp_stanza *marker, const xmpp_stanza *sent, int in_room)
{
    const xmpp_jid *from = xmpp_stanza_get_from(marker);
    if (!from || !xmpp_marker_get_id(marker) || is_groupchat(marker) != is_groupchat(sent)) {
        return 0;
    }
    xmpp_jid *to = addressee_of(sent);
    int is_fit = is_groupchat(sent) ? is_same_room(from, to, sent)
                 : in_room          ? to && xmpp_jid_equal(from, to)
                                    : to && xmpp_jid_equal_bare(from, to);
    xmpp_jid_unref(to);
    return is_fit;
}

/* --- sending ---------------------------------------------------------------------------------- */

/* XEP-0333 4.3: in a room that gives ids only those count. NULL: the message cannot be named. */
static const char *id_to_name(xmpp_conn *conn, const xmpp_stanza *message)
{
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    if (is_groupchat(message) && xmpp_stanza_ids_is_trusted(conn, from)) {
        return xmpp_stanza_id_get(message, from);
    }
    const char *id = xmpp_stanza_get_id(message);
    return id && *id ? id : NULL;
}

static int is_wanted(xmpp_conn *conn, const xmpp_stanza *message)
{
    const xmpp_jid *from = xmpp_stanza_get_from(message);
    if (!from || !can_ask(message) || !id_to_name(conn, message)) {
        return 0;
    }
    if (xmpp_jid_equal_bare(from, xmpp_conn_get_bound_jid(conn))) { /* XEP-0333 5 */
        return 0;
    }
    /* who is in a room is seen there, and nobody has to ask (4.3) */
    return is_groupchat(message) ||
           (xmpp_marker_is_requested(message) && xmpp_presence_may_see(conn, from));
}

int xmpp_marker_send(xmpp_conn *conn, const xmpp_stanza *message)
{
    const struct markers *markers = find(conn);
    if (!markers) {
        return XMPP_E_REQUIRES;
    }
    if (!markers->is_sending || !is_wanted(conn, message)) {
        return 0;
    }
    xmpp_stanza *marker = xmpp_message_reply(message);
    xmpp_elem *displayed = xmpp_elem_add(xmpp_stanza_root(marker), "displayed", ns_markers);
    xmpp_elem_set_attr(displayed, "id", id_to_name(conn, message));
    int result = xmpp_conn_send(conn, marker);
    xmpp_stanza_unref(marker);
    return result == 0 ? 1 : result;
}

/* --- the module ------------------------------------------------------------------------------- */

int xmpp_markers_enable(xmpp_conn *conn)
{
    struct markers *markers = calloc(1, sizeof *markers);
    xmpp_module *module = markers ? xmpp_module_new(&key, "markers", markers, free) : NULL;
    if (!module) {
        free(markers);
        return conn ? XMPP_E_NOMEM : XMPP_E_INVAL;
    }
    markers->is_sending = 1;
    xmpp_module_require(module, "presence");
    xmpp_module_add_feature(module, ns_markers);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_markers_set_sending(xmpp_conn *conn, int on)
{
    struct markers *markers = find(conn);
    if (markers) {
        markers->is_sending = on != 0;
    }
    return markers ? 0 : XMPP_E_REQUIRES;
}
