/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file presence_session.h
 * @brief Being there, and who else is: the module "presence".
 *
 * What a single presence says is read and built by presence.h. This module keeps what many of them
 * add up to in a session: the own presence, to whom it was sent besides, and for each contact the
 * resources that are there. Who subscribed to whom is the module "roster" (roster.h), which it
 * requires.
 *
 * **The own presence** is what xmpp_presence_set_own() was given. Nothing is sent before. It is
 * sent at once when online, and as initial presence in each new session, when the roster has been
 * asked for; a session that is resumed still has it.
 *
 * **Whose presence is kept**: that of who is in the roster, that of the account's other resources,
 * and, up to a number, that of others who sent theirs. What comes from the occupants of a room
 * (XEP-0045) goes by, and is left to who joined the room. Each stanza goes on to the application's
 * handlers in any case.
 *
 * A presence is believed about its own sender alone: nobody can end the resource of another. All of
 * it is bounded, see enum xmpp_presence_limit.
 *
 * @par Specifications
 * - RFC 6121, 4: complete
 */
#ifndef XMPP_PRESENCE_SESSION_H
#define XMPP_PRESENCE_SESSION_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One resource that is there, or just was: an address and the last presence from it. */
typedef struct xmpp_resource xmpp_resource;

/**
 * Enables the module "presence".
 *
 * @return 0, or as xmpp_conn_enable(); XMPP_E_REQUIRES without the module "roster"
 */
XMPP_API int xmpp_presence_enable(xmpp_conn *conn);

/* --- the own presence ------------------------------------------------------------------------- */

/**
 * Sets the own presence, and broadcasts it if online (RFC 6121 4.2, 4.4, 4.5). It stays set over
 * sessions until it is set anew.
 *
 * @param presence  copied; of type available, or of type unavailable: then the resource stays
 *                  connected and is there for nobody; that has no show and no priority (RFC 6121
 *                  4.5.1). Without `to`. NULL: unavailable, without a word
 * @return 0; XMPP_E_INVAL for another stanza; XMPP_E_REQUIRES without the module; else as
 *         xmpp_conn_send(), and then the one before stays set. Offline is no error, nor is it to be
 *         held (xmpp_presence_hold()): it will be sent
 */
XMPP_API int xmpp_presence_set_own(xmpp_conn *conn, const xmpp_stanza *presence);
/** What was set; NULL before. Borrowed (until it is set anew). */
XMPP_API const xmpp_stanza *xmpp_presence_get_own(const xmpp_conn *conn);
/**
 * Holds initial presence back, for what has to be done in front of it in each session, such as asking
 * for stored messages (XEP-0013) or becoming invisible (XEP-0186); or no longer, then it is sent if
 * it is due. As many calls with 0 are needed as there were with 1. A presence that is sent already,
 * and what is sent by xmpp_conn_send(), is not held.
 *
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_STATE if it is not held; XMPP_E_INVAL; else
 *         as xmpp_conn_send(), but it is held no longer
 */
XMPP_API int xmpp_presence_hold(xmpp_conn *conn, int on);
/**
 * Says that the server was asked to tell nobody that we are there (XEP-0186), or no longer: a
 * subscription lets nobody see us then, nor does presence that was sent directly before. Until it is
 * said otherwise, or the session ends. Sends nothing.
 *
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_INVAL for NULL
 */
XMPP_API int xmpp_presence_set_hidden(xmpp_conn *conn, int on);
/** 1 if a broadcast of available presence was sent in this session, and none of unavailable since:
 * messages to the bare JID may come here. */
XMPP_API int xmpp_presence_is_announced(const xmpp_conn *conn);

/**
 * Sends presence to somebody directly (RFC 6121 4.6): to who did not subscribe, for as long as a
 * conversation lasts. A broadcast that follows does not reach them, except that of unavailable,
 * or the end of the session: of that their server is told by ours.
 *
 * What is sent by xmpp_conn_send() is noted likewise; a room is joined like that.
 *
 * @param to        bare or full
 * @param presence  copied; of type available or unavailable, what `to` it has does not matter. NULL:
 *                  the own one if that is available, else a plain one
 * @return 0; XMPP_E_INVAL; XMPP_E_REQUIRES without the module; else as xmpp_conn_send()
 */
XMPP_API int xmpp_presence_direct(xmpp_conn *conn, const xmpp_jid *to, const xmpp_stanza *presence);
/** To whom presence was sent directly in this session, and who was not told unavailable since nor
 * said so: by number from 0, in no order; NULL beyond the last. Borrowed (until presence is sent or
 * received). */
XMPP_API const xmpp_jid *xmpp_presence_get_directed(const xmpp_conn *conn, size_t index);
/** 1 if this is the address of a room that presence was sent to in this session, or of an occupant:
 * what a resource stands for there is another person. */
XMPP_API int xmpp_presence_is_room(const xmpp_conn *conn, const xmpp_jid *jid);

/**
 * Asks for the presence of somebody (RFC 6121 4.3). There is hardly ever a reason: the server does
 * it for all contacts. The answer comes as presence.
 *
 * @return 0; XMPP_E_INVAL; else as xmpp_conn_send()
 */
XMPP_API int xmpp_presence_probe(xmpp_conn *conn, const xmpp_jid *to);

/**
 * Whether somebody may know that we are there, so that what tells it may be answered (RFC 6121 8.1,
 * 11): the own account; a contact with a subscription from us, unless the own presence was
 * broadcast as unavailable in this session; who was sent presence directly, and not unavailable
 * since: of a room all occupants. A full JID that was sent presence does not speak for its other
 * resources.
 *
 * @return 1 or 0; 0 also without the module
 */
XMPP_API int xmpp_presence_may_see(const xmpp_conn *conn, const xmpp_jid *who);

/* --- who is there ------------------------------------------------------------------------------- */

/** What became of a resource. */
enum xmpp_resource_event {
    XMPP_RESOURCE_CAME = 1,    /**< it was not there, and is */
    XMPP_RESOURCE_CHANGED = 2, /**< it sent another presence */
    XMPP_RESOURCE_LEFT = 3     /**< it is no longer there, or we no longer know */
};

/**
 * Hears what became of a resource: between its coming and its leaving, which it hears once each,
 * it may change any number of times. A handler. It comes before the stanza's own handlers.
 *
 * @param event     an enum xmpp_resource_event
 * @param resource  borrowed (until the handler returns)
 * @param presence  the stanza that says so: of a resource that left of type unavailable, error or
 *                  unsubscribed, perhaps with a status; NULL if it left since the session ended, or
 *                  since the contact is no longer subscribed to. Borrowed (until the handler returns)
 */
typedef void (*xmpp_resource_fn)(xmpp_conn *conn, int event, const xmpp_resource *resource,
                                 const xmpp_stanza *presence, void *userdata);
/**
 * Registers for resources; the one before is destroyed.
 *
 * @param handler  NULL: none
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_BUSY in the handler itself; XMPP_E_INVAL
 */
XMPP_API int xmpp_presence_on_resource(xmpp_conn *conn, xmpp_resource_fn handler, void *userdata,
                                       xmpp_destroy_fn destroy);

/**
 * The resources of somebody that are there, by number from 0, the best one first: the highest
 * priority, then the best show (chat, online, away, xa, dnd), then the one heard of last. Those with
 * a negative priority come last, and get no messages to the bare JID (RFC 6121 8.5.2).
 *
 * @param who  bare, or full: then its bare JID counts. The own account: without this resource
 * @return NULL beyond the last. Borrowed (until presence is received, or the session ends)
 */
XMPP_API const xmpp_resource *xmpp_presence_get_resource_at(const xmpp_conn *conn,
                                                            const xmpp_jid *who, size_t index);
/** The best of them; NULL if none is there. As xmpp_presence_get_resource_at() of 0. */
XMPP_API const xmpp_resource *xmpp_presence_get_best(const xmpp_conn *conn, const xmpp_jid *who);
/** The resource with exactly this address; NULL if it is not there. Borrowed, as
 * xmpp_presence_get_resource_at(). */
XMPP_API const xmpp_resource *xmpp_presence_get_resource(const xmpp_conn *conn,
                                                         const xmpp_jid *full);
/** The bare JIDs that have a resource there, by number from 0, in no order; NULL beyond the last.
 * Borrowed, as xmpp_presence_get_resource_at(). */
XMPP_API const xmpp_jid *xmpp_presence_get_present(const xmpp_conn *conn, size_t index);

/** Its address: full, but for a service without resources such as a gateway. Borrowed (as long as
 * the resource). NULL for NULL, as the next. */
XMPP_API const xmpp_jid *xmpp_resource_get_jid(const xmpp_resource *resource);
/**
 * The last available presence from it: show, status and priority are read by presence.h, what
 * extensions say by theirs. Of a stanza that is larger than XMPP_PRESENCE_KEPT_MAX only those
 * children are kept that fit. Borrowed (as long as the resource): xmpp_stanza_ref() keeps it.
 */
XMPP_API const xmpp_stanza *xmpp_resource_get_presence(const xmpp_resource *resource);

/* --- bounds ------------------------------------------------------------------------------------- */

/** How large a presence may be to be kept as a whole, in bytes of names and texts. */
#define XMPP_PRESENCE_KEPT_MAX 8192

/** How many are kept. Those that come when the bound is reached are not kept, and have no events;
 * what is there stays. */
enum xmpp_presence_limit {
    XMPP_PRESENCE_RESOURCES = 0, /**< resources of one contact, or of the own account; 32 */
    XMPP_PRESENCE_STRANGERS = 1, /**< people that are not in the roster, and were not sent presence
                                      directly; 100. Each of them has at most 4 resources */
    XMPP_PRESENCE_DIRECTED = 2   /**< to how many presence was sent directly; 1000. Of more, those
                                      sent to first are forgotten: they may see us no longer */
};
/** Sets a bound, for what comes from now on. @return 0; XMPP_E_REQUIRES without the module;
 * XMPP_E_INVAL for an unknown one, or one that is negative */
XMPP_API int xmpp_presence_set_limit(xmpp_conn *conn, int limit, int n);

#ifdef __cplusplus
}
#endif

#endif
