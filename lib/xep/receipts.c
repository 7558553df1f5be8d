/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Delivery receipts, XEP-0184: which messages get one, and which receipts count. That a message was
 * read is not said with them. */
#include "xmpp/receipts.h"

#include <stdlib.h>
#include <string.h>

#include "xmpp/conn.h"
#include "xmpp/delay.h"
#include "xmpp/error.h"
#include "xmpp/handler.h"
#include "xmpp/jid.h"
#include "xmpp/map.h"
#include "xmpp/message.h"
#include "xmpp/module.h"
#include "xmpp/presence_session.h"
#include "xmpp/stanza.h"
#include "xmpp/util.h"

static const char key;
static const char fact_key;
static const char ns_receipts[] = "urn:xmpp:receipts";

struct receipts {
    int is_answering;
    xmpp_map *asked; /* where the messages went whose receipts were asked for, by id */
};

static struct receipts *find(const xmpp_conn *conn)
{
    return xmpp_conn_get_data(conn, &key);
}

/* --- one message ------------------------------------------------------------------------------ */

static const xmpp_elem *child_of(const xmpp_stanza *message, const char *name)
{
    return xmpp_elem_get_child(xmpp_stanza_get_root(message), name, ns_receipts);
}

/* A message that can ask for a receipt: XEP-0184 5.3, 5.4. */
static int can_ask(const xmpp_stanza *message)
{
    int type = xmpp_message_get_type(message);
    return xmpp_stanza_get_kind(message) == XMPP_KIND_MESSAGE && type != XMPP_MESSAGE_ERROR &&
           type != XMPP_MESSAGE_GROUPCHAT && !child_of(message, "received");
}

int xmpp_receipt_is_requested(const xmpp_stanza *message)
{
    const char *id = xmpp_stanza_get_id(message);
    return id && *id && can_ask(message) && child_of(message, "request");
}

int xmpp_receipt_request(xmpp_stanza *message)
{
    if (!can_ask(message)) {
        return XMPP_E_INVAL;
    }
    int result = xmpp_stanza_ensure_id(message); /* XEP-0184 7 */
    if (result == 0 && !child_of(message, "request")) {
        xmpp_elem_add(xmpp_stanza_root(message), "request", ns_receipts);
    }
    return result;
}

/* XEP-0184 5.5, and what is answered by nobody. */
static int may_have_receipt(const xmpp_stanza *message)
{
    return xmpp_receipt_is_requested(message) && !xmpp_stanza_is_inner(message) &&
           !xmpp_delay_is_delayed(message) && xmpp_stanza_get_from(message);
}

xmpp_stanza *xmpp_receipt_new(const xmpp_stanza *message)
{
    if (!may_have_receipt(message)) {
        return NULL;
    }
    /* one child only, XEP-0184 7; to the sender as it names itself */
    xmpp_stanza *receipt = xmpp_message_new(xmpp_message_get_type(message), NULL);
    xmpp_elem *root = xmpp_stanza_root(receipt);
    xmpp_elem_set_attr(root, "to", xmpp_elem_get_attr(xmpp_stanza_get_root(message), "from"));
    xmpp_elem *received = xmpp_elem_add(root, "received", ns_receipts);
    xmpp_elem_set_attr(received, "id", xmpp_stanza_get_id(message));
    return receipt;
}

/* The id that a receipt names; NULL if the message is none, or names more than one. */
static const char *named_id(const xmpp_stanza *message)
{
    const xmpp_elem *received = child_of(message, "received");
    if (xmpp_message_get_type(message) == XMPP_MESSAGE_ERROR ||
        xmpp_elem_get_next(received, "received", ns_receipts)) {
        return NULL;
    }
    return xmpp_elem_get_attr(received, "id");
}

const char *xmpp_receipt_get_id(const xmpp_stanza *message)
{
    return xmpp_stanza_get_fact(message, &fact_key);
}

/* --- what was asked for ----------------------------------------------------------------------- */

/* Where a message went. */
struct asked {
    xmpp_jid *to;
    int in_room; /* what a resource stands for there is another person */
};

static void forget(void *value)
{
    struct asked *asked = value;
    xmpp_jid_unref(asked->to);
    free(asked);
}

/* A private message in a room says so itself (XEP-0045 7.5), or the room is one that we are in. */
static int is_in_room(const xmpp_conn *conn, const xmpp_stanza *message, const xmpp_jid *to)
{
    return xmpp_presence_is_room(conn, to) ||
           xmpp_elem_get_child(xmpp_stanza_get_root(message), "x",
                               "http://jabber.org/protocol/muc#user");
}

/* Takes the address. 0 or XMPP_E_NOMEM. */
static int remember(struct receipts *receipts, const char *id, xmpp_jid *to, int in_room)
{
    xmpp_map *all = receipts->asked;
    struct asked *asked = to ? calloc(1, sizeof *asked) : NULL;
    if (!asked) {
        xmpp_jid_unref(to);
        return XMPP_E_NOMEM;
    }
    *asked = (struct asked){to, in_room};
    int result = xmpp_map_set(all, id, asked);
    if (result < 0) {
        forget(asked);
        return result;
    }
    if (xmpp_map_get_size(all) > XMPP_RECEIPTS_MAX) {
        xmpp_map_remove(all, xmpp_map_get_key_at(all, 0));
    }
    return 0;
}

/* 1 if a receipt from this address counts: any client of an account may have received what went to
 * one of them, but in a room only the one it went to. */
static int was_asked(const struct receipts *receipts, const char *id, const xmpp_jid *from)
{
    const struct asked *asked = xmpp_map_get(receipts->asked, id);
    if (!asked) {
        return 0;
    }
    return asked->in_room && !xmpp_jid_is_bare(asked->to) ? xmpp_jid_equal(asked->to, from)
                                                          : xmpp_jid_equal_bare(asked->to, from);
}

static int on_send(xmpp_conn *conn, const xmpp_stanza *message, xmpp_elem *more, void *data)
{
    const char *id = xmpp_elem_get_attr(more, "id");
    const char *to = xmpp_elem_get_attr(xmpp_stanza_get_root(message), "to");
    if (!id || !can_ask(message) || !child_of(message, "request")) {
        return 0;
    }
    xmpp_jid *jid = NULL;
    int result =
        to ? xmpp_jid_parse(&jid, to) : xmpp_jid_get_bare(xmpp_conn_get_bound_jid(conn), &jid);
    if (result < 0) { /* whoever that is: no receipt will be from there */
        return result == XMPP_E_NOMEM ? result : 0;
    }
    return remember(data, id, jid, is_in_room(conn, message, jid));
}

/* --- what is received ------------------------------------------------------------------------- */

static int answer(xmpp_conn *conn, const xmpp_stanza *message)
{
    xmpp_stanza *receipt = xmpp_receipt_new(message);
    int result = receipt ? xmpp_conn_send(conn, receipt) : XMPP_E_NOMEM;
    xmpp_stanza_unref(receipt);
    return result == XMPP_E_NOMEM ? result : 0; /* a full queue: nobody counts on receipts */
}

/* 1 if another client of the account sent it, and asks for a receipt. */
static int is_sent_by_us(xmpp_conn *conn, const xmpp_stanza *message)
{
    return xmpp_stanza_is_inner(message) && xmpp_receipt_is_requested(message) &&
           xmpp_stanza_get_from(message) && xmpp_stanza_get_to(message) &&
           xmpp_jid_equal_bare(xmpp_stanza_get_from(message), xmpp_conn_get_bound_jid(conn));
}

static int on_receive(xmpp_conn *conn, xmpp_stanza *message, void *data)
{
    struct receipts *receipts = data;
    const char *id = named_id(message);
    if (id) {
        return was_asked(receipts, id, xmpp_stanza_get_from(message))
                   ? xmpp_stanza_set_fact(message, &fact_key, (void *)id, NULL)
                   : 0;
    }
    if (is_sent_by_us(conn, message)) {
        const xmpp_jid *to = xmpp_stanza_get_to(message);
        return remember(receipts, xmpp_stanza_get_id(message), xmpp_jid_ref(to),
                        is_in_room(conn, message, to));
    }
    if (receipts->is_answering && may_have_receipt(message) &&
        xmpp_presence_may_see(conn, xmpp_stanza_get_from(message))) {
        return answer(conn, message);
    }
    return 0;
}

/* --- the module ------------------------------------------------------------------------------- */

static void destroy_receipts(void *data)
{
    struct receipts *receipts = data;
    xmpp_map_free(receipts->asked);
    free(receipts);
}

static struct receipts *new_receipts(void)
{
    struct receipts *receipts = calloc(1, sizeof *receipts);
    if (receipts) {
        receipts->asked = xmpp_map_new(forget);
    }
    return receipts;
}

int xmpp_receipts_enable(xmpp_conn *conn)
{
    struct receipts *receipts = new_receipts();
    xmpp_module *module = receipts && receipts->asked
                              ? xmpp_module_new(&key, "receipts", receipts, destroy_receipts)
                              : NULL;
    if (!module) {
        if (receipts) {
            destroy_receipts(receipts);
        }
        return conn ? XMPP_E_NOMEM : XMPP_E_INVAL;
    }
    xmpp_module_require(module, "presence");
    xmpp_module_add_feature(module, ns_receipts);
    xmpp_module_on_send(module, XMPP_KIND_MESSAGE, on_send);
    xmpp_module_on_receive(module, XMPP_KIND_MESSAGE, XMPP_FILTER_NOTE, on_receive);
    int result = xmpp_conn_enable(conn, module);
    xmpp_module_unref(module);
    return result;
}

int xmpp_receipts_set_answering(xmpp_conn *conn, int on)
{
    struct receipts *receipts = find(conn);
    if (receipts) {
        receipts->is_answering = on != 0;
    }
    return receipts ? 0 : XMPP_E_REQUIRES;
}
