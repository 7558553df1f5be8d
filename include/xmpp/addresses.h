/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file addresses.h
 * @brief One stanza to many: extended addresses, XEP-0033.
 *
 * A message or presence that is sent to a multicast service goes to all addresses in it. To find the service,
 * look for the feature XMPP_NS_ADDRESSES at the own server, and then at its items (disco.h). There is
 * nothing to enable.
 *
 * **What a recipient may believe**: as much as its sender. The server vouches for `from` alone; whom the
 * others are that it went to, where answers should go, and who wrote it first is what the sender says.
 * Where xmpp_addresses_reply() would not go back to the sender alone, a person should be asked (XEP-0033 9).
 *
 * @par Specifications
 * - XEP-0033, 1.2.1: complete
 */
#ifndef XMPP_ADDRESSES_H
#define XMPP_ADDRESSES_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace, and the feature of a multicast service. */
#define XMPP_NS_ADDRESSES "http://jabber.org/protocol/address"
/** How many addresses of a stanza are looked at; services take fewer than 100 (XEP-0033 8). */
#define XMPP_ADDRESSES_MAX 100

/** What an address is for (XEP-0033 4.6). */
enum xmpp_address_type {
    XMPP_ADDRESS_TO = 1,        /**< it goes there */
    XMPP_ADDRESS_CC = 2,        /**< a copy goes there */
    XMPP_ADDRESS_BCC = 3,       /**< a copy goes there that the others do not know of */
    XMPP_ADDRESS_REPLYTO = 4,   /**< answers should go there */
    XMPP_ADDRESS_REPLYROOM = 5, /**< answers should be given in this room */
    XMPP_ADDRESS_NOREPLY = 6,   /**< no answer is wanted; there is no address */
    XMPP_ADDRESS_OFROM = 7      /**< who sent it, as a room says (XEP-0045 7.2.13) */
};

/**
 * Adds an address to a message or presence that is built here.
 *
 * @param type  an enum xmpp_address_type
 * @param jid   copied; NULL for XMPP_ADDRESS_NOREPLY, and for no other
 * @param node  copied; a node at that JID, NULL for none
 * @param desc  copied; for a person, NULL for none
 * @return 0; XMPP_E_INVAL, also for an iq; what stuck to the stanza
 */
XMPP_API int xmpp_addresses_add(xmpp_stanza *stanza, int type, const xmpp_jid *jid,
                                const char *node, const char *desc);

/** The addresses of a message or presence, by number from 0; NULL beyond the last. Those are left out
 * whose type is unknown, or that have both a JID and a URI. Borrowed (as long as the stanza). */
XMPP_API const xmpp_elem *xmpp_addresses_get_at(const xmpp_stanza *stanza, size_t index);
/** The enum xmpp_address_type; 0 for an unknown one. */
XMPP_API int xmpp_address_get_type(const xmpp_elem *address);
/** The JID, prepared. @param ret_jid shared, drop it with xmpp_jid_unref() @return 0;
 * XMPP_E_NOT_FOUND if it has none; XMPP_E_JID; XMPP_E_NOMEM; XMPP_E_INVAL */
XMPP_API int xmpp_address_get_jid(const xmpp_elem *address, xmpp_jid **ret_jid);
/** The URI that is there in the place of a JID; NULL for none. Borrowed (as long as the stanza), as the
 * next. */
XMPP_API const char *xmpp_address_get_uri(const xmpp_elem *address);
/** The node at that JID; NULL for none. */
XMPP_API const char *xmpp_address_get_node(const xmpp_elem *address);
/** The words for a person, hostile text; NULL for none. */
XMPP_API const char *xmpp_address_get_desc(const xmpp_elem *address);
/** 1 if the stanza has gone there already. */
XMPP_API int xmpp_address_is_delivered(const xmpp_elem *address);

/** Where an answer should go (XEP-0033 7). */
enum xmpp_addresses_reply {
    XMPP_REPLY_SENDER = 0, /**< to the sender, as ever: there are no addresses */
    XMPP_REPLY_ALL = 1,    /**< by a multicast service, to all it went to, and to the sender */
    XMPP_REPLY_OTHERS = 2, /**< by a multicast service, to those whom the sender names */
    XMPP_REPLY_ROOM = 3,   /**< in the rooms that the sender names, which are joined first */
    XMPP_REPLY_NONE = 4    /**< there should be none */
};
/**
 * Makes the answer that a message with addresses asks for.
 *
 * @param own        whose address is left out of the answer, as a bare JID
 * @param service    the multicast service that the answer goes to, if it goes to more than one
 * @param ret_reply  shared; a message with the addresses and the thread, without a body. For
 *                   XMPP_REPLY_ROOM and XMPP_REPLY_NONE: NULL
 * @return an enum xmpp_addresses_reply; XMPP_E_INVAL for anything but a message, and for an error;
 *         XMPP_E_NOMEM
 */
XMPP_API int xmpp_addresses_reply(const xmpp_stanza *message, const xmpp_jid *own,
                                  const xmpp_jid *service, xmpp_stanza **ret_reply);
/** 1 if an answer would go to somebody else than the sender and those whom it went to: a person should
 * be told (XEP-0033 9). */
XMPP_API int xmpp_addresses_is_diverted(const xmpp_stanza *message);

#ifdef __cplusplus
}
#endif

#endif
