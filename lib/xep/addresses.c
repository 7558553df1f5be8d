/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Extended addresses, XEP-0033: writing them, reading them, and what answer they ask for. Finds no
 * multicast service, and believes nothing: what is in them is the sender's word. */
#include "xmpp/addresses.h"

#include <string.h>

#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/message.h"
#include "xmpp/stanza.h"

static const char ns[] = XMPP_NS_ADDRESSES;

static const char *const types[] = {
    [XMPP_ADDRESS_TO] = "to",
    [XMPP_ADDRESS_CC] = "cc",
    [XMPP_ADDRESS_BCC] = "bcc",
    [XMPP_ADDRESS_REPLYTO] = "replyto",
    [XMPP_ADDRESS_REPLYROOM] = "replyroom",
    [XMPP_ADDRESS_NOREPLY] = "noreply",
    [XMPP_ADDRESS_OFROM] = "ofrom",
};
enum { N_TYPES = (int)(sizeof types / sizeof *types) };

/* XEP-0033 3: never in an iq. */
static int may_have(const xmpp_stanza *stanza)
{
    int kind = xmpp_stanza_get_kind(stanza);
    return kind == XMPP_KIND_MESSAGE || kind == XMPP_KIND_PRESENCE;
}

/* --- writing -------------------------------------------------------------------------------------- */

static xmpp_elem *find_or_add(xmpp_stanza *stanza)
{
    xmpp_elem *root = xmpp_stanza_root(stanza);
    xmpp_elem *addresses = xmpp_elem_find(root, "addresses", ns);
    return addresses ? addresses : xmpp_elem_add(root, "addresses", ns);
}

int xmpp_addresses_add(xmpp_stanza *stanza, int type, const xmpp_jid *jid, const char *node,
                       const char *desc)
{
    if (!may_have(stanza) || type <= 0 || type >= N_TYPES ||
        (type == XMPP_ADDRESS_NOREPLY) != !jid || (node && !jid)) {
        return XMPP_E_INVAL;
    }
    xmpp_elem *address = xmpp_elem_add(find_or_add(stanza), "address", NULL);
    xmpp_elem_set_attr(address, "type", types[type]);
    xmpp_elem_set_attr(address, "jid", xmpp_jid_get_text(jid));
    xmpp_elem_set_attr(address, "node", node);
    xmpp_elem_set_attr(address, "desc", desc);
    return xmpp_stanza_get_error(stanza);
}

/* --- reading -------------------------------------------------------------------------------------- */

/* XEP-0033 4: a type that is known, and not both kinds of address. */
static int is_address(const xmpp_elem *elem)
{
    return xmpp_address_get_type(elem) != 0 &&
           !(xmpp_elem_get_attr(elem, "jid") && xmpp_elem_get_attr(elem, "uri"));
}

/* The first one from here on that is one; *left goes down with each that is looked at. */
static const xmpp_elem *skip(const xmpp_elem *elem, int *left)
{
    for (; elem && *left > 0; elem = xmpp_elem_get_next(elem, "address", ns)) {
        (*left)--;
        if (is_address(elem)) {
            return elem;
        }
    }
    return NULL;
}

static const xmpp_elem *first_address(const xmpp_stanza *stanza, int *left)
{
    const xmpp_elem *root = xmpp_stanza_get_root(stanza);
    const xmpp_elem *addresses = xmpp_elem_get_child(root, "addresses", ns);
    *left = XMPP_ADDRESSES_MAX;
    return may_have(stanza) ? skip(xmpp_elem_get_child(addresses, "address", ns), left) : NULL;
}

static const xmpp_elem *next_address(const xmpp_elem *address, int *left)
{
    return skip(xmpp_elem_get_next(address, "address", ns), left);
}

const xmpp_elem *xmpp_addresses_get_at(const xmpp_stanza *stanza, size_t index)
{
    int left;
    const xmpp_elem *address = first_address(stanza, &left);
    for (; address && index > 0; index--) {
        address = next_address(address, &left);
    }
    return address;
}

int xmpp_address_get_type(const xmpp_elem *address)
{
    const char *name = xmpp_elem_get_attr(address, "type");
    for (int type = 1; name && type < N_TYPES; type++) {
        if (strcmp(types[type], name) == 0) {
            return type;
        }
    }
    return 0;
}

int xmpp_address_get_jid(const xmpp_elem *address, xmpp_jid **ret_jid)
{
    const char *text = xmpp_elem_get_attr(address, "jid");
    if (!address || !ret_jid) {
        return XMPP_E_INVAL;
    }
    return text ? xmpp_jid_parse(ret_jid, text) : XMPP_E_NOT_FOUND;
}

const char *xmpp_address_get_uri(const xmpp_elem *address)
{
    return xmpp_elem_get_attr(address, "uri");
}

const char *xmpp_address_get_node(const xmpp_elem *address)
{
    return xmpp_elem_get_attr(address, "node");
}

const char *xmpp_address_get_desc(const xmpp_elem *address)
{
    return xmpp_elem_get_attr(address, "desc");
}

int xmpp_address_is_delivered(const xmpp_elem *address)
{
    const char *delivered = xmpp_elem_get_attr(address, "delivered");
    return delivered && (strcmp(delivered, "true") == 0 || strcmp(delivered, "1") == 0);
}

/* --- answering ------------------------------------------------------------------------------------ */

static int has_type(const xmpp_stanza *message, int type)
{
    int left;
    const xmpp_elem *at = first_address(message, &left);
    while (at && xmpp_address_get_type(at) != type) {
        at = next_address(at, &left);
    }
    return at != NULL;
}

/* 1 if it names somebody else than the sender: another account, or none that we know. */
static int is_elsewhere(const xmpp_elem *address, const xmpp_jid *sender)
{
    xmpp_jid *jid = NULL;
    int result = xmpp_address_get_jid(address, &jid);
    int elsewhere = result < 0 || !xmpp_jid_equal_bare(jid, sender);
    xmpp_jid_unref(jid);
    return elsewhere;
}

int xmpp_addresses_is_diverted(const xmpp_stanza *message)
{
    int left;
    const xmpp_elem *at = first_address(message, &left);
    for (; at; at = next_address(at, &left)) {
        int type = xmpp_address_get_type(at);
        if ((type == XMPP_ADDRESS_REPLYTO || type == XMPP_ADDRESS_REPLYROOM) &&
            is_elsewhere(at, xmpp_stanza_get_from(message))) {
            return 1;
        }
    }
    return 0;
}

static int find_way(const xmpp_stanza *message)
{
    if (xmpp_message_get_type(message) == XMPP_MESSAGE_GROUPCHAT) {
        return XMPP_REPLY_SENDER; /* the room sends it to all */
    }
    if (has_type(message, XMPP_ADDRESS_NOREPLY)) {
        return XMPP_REPLY_NONE;
    }
    if (has_type(message, XMPP_ADDRESS_REPLYROOM)) {
        return XMPP_REPLY_ROOM;
    }
    if (has_type(message, XMPP_ADDRESS_REPLYTO)) {
        return XMPP_REPLY_OTHERS;
    }
    return has_type(message, XMPP_ADDRESS_TO) || has_type(message, XMPP_ADDRESS_CC)
               ? XMPP_REPLY_ALL
               : XMPP_REPLY_SENDER;
}

/* An answer that is made: whom it goes to. */
struct answer {
    xmpp_stanza *reply;
    const xmpp_jid *sender;
    const xmpp_jid *own;
    int has_sender; /* among those it goes to */
    size_t n;
    xmpp_jid *only; /* the first of them */
};

static int add_jid(struct answer *answer, int type, const xmpp_jid *jid, const xmpp_elem *from)
{
    answer->n++;
    answer->has_sender |= xmpp_jid_equal_bare(jid, answer->sender);
    if (!answer->only) {
        answer->only = xmpp_jid_ref(jid);
    }
    if (!answer->only) {
        return XMPP_E_NOMEM;
    }
    return xmpp_addresses_add(answer->reply, type, jid, xmpp_address_get_node(from),
                              xmpp_address_get_desc(from));
}

static int add(struct answer *answer, int type, const xmpp_elem *from)
{
    xmpp_jid *jid = NULL;
    int result = xmpp_address_get_jid(from, &jid);
    if (result == XMPP_E_NOT_FOUND || result == XMPP_E_JID) {
        return 0; /* what is none is left out */
    }
    if (result == 0 && !xmpp_jid_equal_bare(jid, answer->own)) {
        result = add_jid(answer, type, jid, from);
    }
    xmpp_jid_unref(jid);
    return result;
}

/* XEP-0033 7: those whom it went to, but us; blind copies went to us alone. */
static int add_all(struct answer *answer, const xmpp_stanza *message)
{
    int left;
    int result = 0;
    const xmpp_elem *at = first_address(message, &left);
    for (; at && result == 0; at = next_address(at, &left)) {
        int type = xmpp_address_get_type(at);
        if (type == XMPP_ADDRESS_TO || type == XMPP_ADDRESS_CC) {
            result = add(answer, type, at);
        }
    }
    if (result == 0 && answer->sender && !answer->has_sender) {
        result = add_jid(answer, XMPP_ADDRESS_TO, answer->sender, NULL);
    }
    return result;
}

static int add_others(struct answer *answer, const xmpp_stanza *message)
{
    int left;
    int result = 0;
    const xmpp_elem *at = first_address(message, &left);
    for (; at && result == 0; at = next_address(at, &left)) {
        if (xmpp_address_get_type(at) == XMPP_ADDRESS_REPLYTO) {
            result = add(answer, XMPP_ADDRESS_TO, at);
        }
    }
    return result;
}

/* One recipient needs no service. Without any the sender is as good as it gets. */
static int address(struct answer *answer, const xmpp_jid *service)
{
    if (answer->n == 1) {
        xmpp_elem_remove(xmpp_elem_find(xmpp_stanza_root(answer->reply), "addresses", ns));
        xmpp_stanza_set_to_jid(answer->reply, answer->only);
    } else if (answer->n > 1) {
        xmpp_stanza_set_to_jid(answer->reply, service);
    }
    return xmpp_stanza_get_error(answer->reply);
}

int xmpp_addresses_reply(const xmpp_stanza *message, const xmpp_jid *own, const xmpp_jid *service,
                         xmpp_stanza **ret_reply)
{
    if (xmpp_stanza_get_kind(message) != XMPP_KIND_MESSAGE || !own || !service || !ret_reply ||
        xmpp_message_get_type(message) == XMPP_MESSAGE_ERROR) {
        return XMPP_E_INVAL;
    }
    int way = find_way(message);
    if (way == XMPP_REPLY_ROOM || way == XMPP_REPLY_NONE) {
        *ret_reply = NULL;
        return way;
    }
    struct answer answer = {
        xmpp_message_reply(message), xmpp_stanza_get_from(message), own, 0, 0, NULL};
    int result = answer.reply ? 0 : XMPP_E_NOMEM;
    if (result == 0 && way == XMPP_REPLY_ALL) {
        result = add_all(&answer, message);
    } else if (result == 0 && way == XMPP_REPLY_OTHERS) {
        result = add_others(&answer, message);
    }
    result = result == 0 ? address(&answer, service) : result;
    xmpp_jid_unref(answer.only);
    if (result < 0) {
        xmpp_stanza_unref(answer.reply);
        return result;
    }
    *ret_reply = answer.reply;
    return way;
}
