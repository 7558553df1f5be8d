/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file roster.h
 * @brief The roster: contacts, and who may see whose presence (module "roster").
 *
 * xmpp_roster_enable() is enough: at each new session the roster is asked for, before anything that
 * a module which requires "roster" sends, and from then on the server's pushes keep it as it is
 * there. Between sessions it stays readable as it was.
 *
 * An application follows it by its events (xmpp_roster_on_event()): who follows them all, from
 * enabling on, has what the roster has. What is asked for with the functions below changes nothing
 * here by itself; the server's push does, and is told as any other change.
 *
 * Contacts are found by their bare JIDs; where a function takes a `jid`, its bare JID is what
 * counts. An item of the roster is borrowed everywhere: it is valid until the next handler or the
 * next xmpp_conn_process(), whichever is first.
 *
 * doc/roster-and-presence.md explains how it all fits together.
 *
 * @par Specifications
 * - RFC 6121, 2: complete
 * - RFC 6121, 3: complete
 * - XEP-0237, 1.3: complete
 */
#ifndef XMPP_ROSTER_H
#define XMPP_ROSTER_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One contact of the roster. */
typedef struct xmpp_roster_item xmpp_roster_item;
/** Something that happened to the roster or to a subscription. */
typedef struct xmpp_roster_event xmpp_roster_event;
/** What the application's cache is given back to, entry by entry. */
typedef struct xmpp_roster_loading xmpp_roster_loading;

/** Enables the module "roster". Harmless when called twice. A component (component.h) has no roster:
 * there it does nothing. @return as xmpp_conn_enable() */
XMPP_API int xmpp_roster_enable(xmpp_conn *conn);

/* --- reading ------------------------------------------------------------------------------------ */

/** What is known of the roster. */
enum xmpp_roster_status {
    XMPP_ROSTER_UNKNOWN = 0, /**< nothing: it was never fetched */
    XMPP_ROSTER_KEPT = 1,    /**< as it was, in the cache or in the last session */
    XMPP_ROSTER_CURRENT = 2  /**< as it is at the server, in this session */
};
/** The enum xmpp_roster_status. XMPP_ROSTER_UNKNOWN if the module is not enabled. */
XMPP_API int xmpp_roster_get_status(const xmpp_conn *conn);

/** How many contacts are in the roster. */
XMPP_API size_t xmpp_roster_get_n_items(const xmpp_conn *conn);
/** A contact, by number from 0, in an order that stays the same while contacts come, change and go;
 * only a roster that is fetched as a whole is in the server's order. NULL beyond the last. */
XMPP_API const xmpp_roster_item *xmpp_roster_get_item(const xmpp_conn *conn, size_t index);
/** The contact with this JID; NULL if it is not in the roster. */
XMPP_API const xmpp_roster_item *xmpp_roster_find(const xmpp_conn *conn, const xmpp_jid *jid);

/* Those below take NULL and answer NULL or 0. What they return is borrowed (as long as the item). */

/** The contact's bare JID. */
XMPP_API const xmpp_jid *xmpp_roster_item_get_jid(const xmpp_roster_item *item);
/** The name that the user gave; NULL if there is none, never "". */
XMPP_API const char *xmpp_roster_item_get_name(const xmpp_roster_item *item);
/** How many groups the contact is in. */
XMPP_API size_t xmpp_roster_item_get_n_groups(const xmpp_roster_item *item);
/** A group, by number from 0; none comes twice, none is "". NULL beyond the last. */
XMPP_API const char *xmpp_roster_item_get_group(const xmpp_roster_item *item, size_t index);
/** The enum xmpp_subscription. */
XMPP_API int xmpp_roster_item_get_subscription(const xmpp_roster_item *item);
/** 1 if we asked to see the contact's presence and had no answer (RFC 6121 2.1.2.2). */
XMPP_API int xmpp_roster_item_is_asked(const xmpp_roster_item *item);
/** 1 if a request of the contact's will be approved by the server (RFC 6121 3.4). */
XMPP_API int xmpp_roster_item_is_approved(const xmpp_roster_item *item);
/** 1 if the contact asked to see our presence and had no answer. */
XMPP_API int xmpp_roster_item_is_requesting(const xmpp_roster_item *item);
/** The enum xmpp_subscription_state. */
XMPP_API int xmpp_roster_item_get_state(const xmpp_roster_item *item);
/** 1 if the name or some groups were left out for their length, see xmpp_roster_set_max(). */
XMPP_API int xmpp_roster_item_is_cut(const xmpp_roster_item *item);

/* --- subscriptions ------------------------------------------------------------------------------ */

/** Who sees whose presence (RFC 6121 2.1.2.5): bits. */
enum xmpp_subscription {
    XMPP_SUBSCRIPTION_NONE = 0, /**< neither */
    XMPP_SUBSCRIPTION_TO = 1,   /**< we see the contact's */
    XMPP_SUBSCRIPTION_FROM = 2, /**< the contact sees ours */
    XMPP_SUBSCRIPTION_BOTH = 3  /**< each sees the other's */
};

/** The nine states (RFC 6121 A.1): what enum xmpp_subscription says, which of the two has asked
 * for more, and had no answer. Out: we have; in: the contact has. */
enum xmpp_subscription_state {
    XMPP_SUBSCRIPTION_STATE_NONE = 0,        /**< "None"; who is not in the roster as well */
    XMPP_SUBSCRIPTION_STATE_NONE_OUT = 1,    /**< "None + Pending Out" */
    XMPP_SUBSCRIPTION_STATE_NONE_IN = 2,     /**< "None + Pending In" */
    XMPP_SUBSCRIPTION_STATE_NONE_OUT_IN = 3, /**< "None + Pending Out+In" */
    XMPP_SUBSCRIPTION_STATE_TO = 4,          /**< "To" */
    XMPP_SUBSCRIPTION_STATE_TO_IN = 5,       /**< "To + Pending In" */
    XMPP_SUBSCRIPTION_STATE_FROM = 6,        /**< "From" */
    XMPP_SUBSCRIPTION_STATE_FROM_OUT = 7,    /**< "From + Pending Out" */
    XMPP_SUBSCRIPTION_STATE_BOTH = 8         /**< "Both" */
};

/**
 * The enum xmpp_subscription with somebody, for decisions about what may be told to whom: it is
 * XMPP_SUBSCRIPTION_NONE unless the roster is XMPP_ROSTER_CURRENT, for somebody who is not in it, and
 * without the module.
 */
XMPP_API int xmpp_roster_get_subscription(const xmpp_conn *conn, const xmpp_jid *jid);
/** The enum xmpp_subscription_state with somebody, in the roster or not, as it was known last. */
XMPP_API int xmpp_roster_get_state(const xmpp_conn *conn, const xmpp_jid *jid);

/** How many requests wait to be answered. */
XMPP_API size_t xmpp_roster_get_n_requests(const xmpp_conn *conn);
/** The bare JID of somebody who asked to see our presence and had no answer, by number from 0, the
 * oldest first. NULL beyond the last. Borrowed (until the next handler or process). */
XMPP_API const xmpp_jid *xmpp_roster_get_request(const xmpp_conn *conn, size_t index);

/* Each of the following sends a presence if, by the state that is known (RFC 6121 A.2), it has an
 * effect.
 *
 * @return 1: sent; 0: there is nothing to be done, nothing was sent; negative: as xmpp_conn_send(),
 *         XMPP_E_REQUIRES without the module, XMPP_E_INVAL for NULL */

/**
 * Asks to see a contact's presence (RFC 6121 3.1): without effect if we do already, or have asked.
 * The contact need not be in the roster; the server puts it there.
 *
 * @param nick    copied; how we call ourselves (XEP-0172); NULL for none
 * @param status  copied; a line for the person who is asked, who may never see it; NULL for none
 */
XMPP_API int xmpp_roster_subscribe(xmpp_conn *conn, const xmpp_jid *jid, const char *nick,
                                   const char *status);
/** Wants to see a contact's presence no more, or takes the request back (RFC 6121 3.3): without
 * effect if there is neither. */
XMPP_API int xmpp_roster_unsubscribe(xmpp_conn *conn, const xmpp_jid *jid);
/** Grants a contact's request (RFC 6121 3.1.4), whenever the application has decided: without
 * effect if none waits. */
XMPP_API int xmpp_roster_approve(xmpp_conn *conn, const xmpp_jid *jid);
/** Refuses a contact's request, or lets it see our presence no more, or takes a pre-approval back
 * (RFC 6121 3.2): without effect if there is none of them. */
XMPP_API int xmpp_roster_deny(xmpp_conn *conn, const xmpp_jid *jid);
/** Grants a request that was not made yet (RFC 6121 3.4), or if it was, grants it: without effect if
 * the contact sees our presence, or this was done. XMPP_E_UNSUPPORTED if the server does not offer
 * it. */
XMPP_API int xmpp_roster_preapprove(xmpp_conn *conn, const xmpp_jid *jid);

/** Who is let see our presence without being looked at. */
enum xmpp_roster_policy {
    XMPP_ROSTER_POLICY_ASK = 0,      /**< nobody: the application decides on each. The default */
    XMPP_ROSTER_POLICY_DENY_ALL = 1, /**< nobody: every request is refused at once */
    XMPP_ROSTER_POLICY_APPROVE_KNOWN = 2, /**< who is in the roster already; on others the
                                               application decides */
    XMPP_ROSTER_POLICY_APPROVE_ALL = 3    /**< everybody on the whole network */
};
/**
 * Sets what becomes of requests to see our presence, an enum xmpp_roster_policy.
 *
 * **Be careful.** RFC 6121 3.1.4 wants a person to be asked unless that person has said otherwise.
 * Who sees our presence knows when we are there and with which devices, and is answered by
 * extensions that answer nobody else; XMPP_ROSTER_POLICY_APPROVE_ALL gives this to every stranger
 * who asks. It is for bots that are public anyway.
 *
 * @return 0, XMPP_E_INVAL, XMPP_E_REQUIRES without the module
 */
XMPP_API int xmpp_roster_set_policy(xmpp_conn *conn, int policy);

/* --- changing the roster ------------------------------------------------------------------------ */
/* Each sends a request to the own server, and returns as xmpp_conn_request(); and
 * XMPP_E_REQUIRES without the module. The change is told as an event, before or after the answer. */

/**
 * Puts a contact into the roster, or replaces its name and its groups (RFC 6121 2.3, 2.4).
 *
 * @param ret_slot  as for xmpp_conn_request()
 * @param name      copied; NULL or "" for none
 * @param groups    copied; `n_groups` texts, none of them empty, none twice: XMPP_E_INVAL
 * @param handler   may be NULL, if the outcome does not matter
 * @param destroy   for `userdata`; may be NULL
 */
XMPP_API int xmpp_roster_set(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *jid,
                             const char *name, const char *const *groups, size_t n_groups,
                             xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy);
/**
 * Gives a contact another name and leaves its groups as they are; an item is always written as a
 * whole (RFC 6121 2.4.1), so a change that is still on its way is undone by it.
 *
 * @return as xmpp_roster_set(); XMPP_E_NOT_FOUND if it is not in the roster; XMPP_E_TOO_BIG if the
 *         item is cut (xmpp_roster_item_is_cut()), for what was left out would be lost
 */
XMPP_API int xmpp_roster_rename(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *jid,
                                const char *name, xmpp_reply_fn handler, void *userdata,
                                xmpp_destroy_fn destroy);
/** Gives a contact other groups and leaves its name. As xmpp_roster_rename(). */
XMPP_API int xmpp_roster_set_groups(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *jid,
                                    const char *const *groups, size_t n_groups,
                                    xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy);
/** Takes a contact out of the roster (RFC 6121 2.5); the server ends the subscriptions both ways. As
 * xmpp_roster_set(); XMPP_E_NOT_FOUND if it is not in the roster. */
XMPP_API int xmpp_roster_remove(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_jid *jid,
                                xmpp_reply_fn handler, void *userdata, xmpp_destroy_fn destroy);

/** Asks for the whole roster again; for after XMPP_ROSTER_EVENT_FAILED. Its outcome is told as an
 * event. @return 0; XMPP_E_STATE when not online; as xmpp_conn_request(); XMPP_E_REQUIRES */
XMPP_API int xmpp_roster_refresh(xmpp_conn *conn);

/**
 * Sets how many contacts are kept, 10,000 unless it is called; beyond, contacts are left out,
 * XMPP_ROSTER_EVENT_FULL is told once a session, and nothing is cached. A roster comes in one
 * stanza: for many contacts XMPP_LIMIT_STANZA_BYTES has to be raised too (conn.h), about 150 bytes for
 * each.
 *
 * Of each contact at most 4,096 bytes of name and groups are kept, and at most 64 groups; of those
 * who ask, 1,000. Who asks beyond that is told as XMPP_ROSTER_EVENT_FULL, and asks again, by the
 * server, at the next login.
 *
 * @return 0, XMPP_E_INVAL for 0 or NULL, XMPP_E_REQUIRES
 */
XMPP_API int xmpp_roster_set_max(xmpp_conn *conn, size_t max_items);

/* --- events ------------------------------------------------------------------------------------- */

/** What happened. More may come: do not mind what you do not know. */
enum xmpp_roster_event_type {
    /** The roster is what the server has; xmpp_roster_event_is_cached() says if it was known. */
    XMPP_ROSTER_EVENT_COMPLETE = 1,
    /** It could not be fetched, or not be kept as it is: xmpp_roster_event_get_error(). */
    XMPP_ROSTER_EVENT_FAILED = 2,
    /** There is a new contact: xmpp_roster_event_get_item(), as in the next two. */
    XMPP_ROSTER_EVENT_ADDED = 3,
    /** A contact has changed. */
    XMPP_ROSTER_EVENT_CHANGED = 4,
    /** A contact is gone; the item is as it was. */
    XMPP_ROSTER_EVENT_REMOVED = 5,
    /** Somebody asks to see our presence: once for each request, though the server repeats it at
     * each login. xmpp_roster_approve() or xmpp_roster_deny() answers, now or at any time;
     * xmpp_roster_event_get_answer() says what the policy has answered. */
    XMPP_ROSTER_EVENT_REQUEST = 6,
    /** It needs no answer any more: taken back, or answered by another client of the account. */
    XMPP_ROSTER_EVENT_REQUEST_OVER = 7,
    /** The contact lets us see its presence, as we asked. */
    XMPP_ROSTER_EVENT_GRANTED = 8,
    /** The contact does not. */
    XMPP_ROSTER_EVENT_REFUSED = 9,
    /** The contact, which did, lets us see it no more. */
    XMPP_ROSTER_EVENT_REVOKED = 10,
    /** The contact wants to see our presence no more. */
    XMPP_ROSTER_EVENT_LEFT = 11,
    /** A limit was met, see xmpp_roster_set_max(). */
    XMPP_ROSTER_EVENT_FULL = 12,
    /** The cache refused, or there was no memory for it: it is of no use until the roster is fetched
     * as a whole. The roster itself is well. xmpp_roster_event_get_error(). */
    XMPP_ROSTER_EVENT_CACHE_FAILED = 13
};

/** Hears of an event, borrowed (until the handler returns). A handler. */
typedef void (*xmpp_roster_event_fn)(xmpp_conn *conn, const xmpp_roster_event *event,
                                     void *userdata);
/**
 * Sets who hears of events; one for a connection, NULL: nobody.
 *
 * @param destroy  for `userdata`; may be NULL
 * @return 0, XMPP_E_REQUIRES without the module, XMPP_E_INVAL for NULL
 */
XMPP_API int xmpp_roster_on_event(xmpp_conn *conn, xmpp_roster_event_fn handler, void *userdata,
                                  xmpp_destroy_fn destroy);

/* These take NULL and answer NULL or 0. What they return is borrowed (as long as the event). */

/** The enum xmpp_roster_event_type. */
XMPP_API int xmpp_roster_event_get_type(const xmpp_roster_event *event);
/** The bare JID it is about; NULL if it is about the whole roster. */
XMPP_API const xmpp_jid *xmpp_roster_event_get_jid(const xmpp_roster_event *event);
/** The contact; NULL for somebody who is not in the roster. */
XMPP_API const xmpp_roster_item *xmpp_roster_event_get_item(const xmpp_roster_event *event);
/** The presence that said so, or the error that answered; NULL if there was none. What a stranger
 * writes into a request is often unwanted: a client may leave it away (RFC 6121 11). */
XMPP_API const xmpp_stanza *xmpp_roster_event_get_stanza(const xmpp_roster_event *event);
/** How the sender of a request calls itself (XEP-0172); NULL if it does not say. Hostile text: it
 * can be anybody's name. */
XMPP_API const char *xmpp_roster_event_get_nick(const xmpp_roster_event *event);
/** What the policy has answered: XMPP_PRESENCE_SUBSCRIBED or XMPP_PRESENCE_UNSUBSCRIBED
 * (presence.h); 0 if the answer is the application's. */
XMPP_API int xmpp_roster_event_get_answer(const xmpp_roster_event *event);
/** 1 if the roster is the one that was known before, confirmed by the server. */
XMPP_API int xmpp_roster_event_is_cached(const xmpp_roster_event *event);
/** Why it failed: as in xmpp_reply_fn, XMPP_E_NOMEM, or what the cache returned. */
XMPP_API int xmpp_roster_event_get_error(const xmpp_roster_event *event);

/* --- the cache ---------------------------------------------------------------------------------- */

/**
 * Keeps an entry in the application's cache: a table of texts by key, for each account its own, in
 * which each call has an effect before the next one has. The texts are the library's own and mean
 * nothing to the application; they are confidential, as the roster is. A notification.
 *
 * @param key   what to keep the text under, never longer than XMPP_JID_MAX; "" is a key; NULL, with
 *              a NULL text: all entries are to be forgotten
 * @param text  NULL: this entry is to be forgotten
 * @return 0; negative: it was not kept. Then nothing more is given until the whole roster is
 */
typedef int (*xmpp_roster_save_fn)(xmpp_conn *conn, const char *key, const char *text,
                                   void *userdata);
/**
 * Gives back what the cache has for the account of the session (xmpp_conn_get_bound_jid()), by
 * xmpp_roster_load_entry(), in any order. Called when a session begins and nothing is known yet. A
 * handler, in which only getters may be called.
 *
 * @return 0, also with nothing to give; negative: it cannot be read, what was given does not count
 */
typedef int (*xmpp_roster_load_fn)(xmpp_conn *conn, xmpp_roster_loading *loading, void *userdata);
/**
 * Sets the cache, with which a roster that has not changed is not sent again by servers that can
 * (RFC 6121 2.6). Without one that is so from session to session of the same object. A cache that
 * is damaged, incomplete, another account's or refused is as good as none: then the whole roster is
 * fetched. Both callbacks or none. One that is set when the roster is known already is given it by the
 * next process.
 *
 * @param destroy  for `userdata`; may be NULL
 * @return 0, XMPP_E_INVAL for one callback alone, XMPP_E_REQUIRES without the module
 */
XMPP_API int xmpp_roster_set_cache(xmpp_conn *conn, xmpp_roster_load_fn load,
                                   xmpp_roster_save_fn save, void *userdata,
                                   xmpp_destroy_fn destroy);
/** Gives one entry back, as it was saved. Both copied. @return 0, XMPP_E_XML if it is damaged,
 * XMPP_E_NOMEM, XMPP_E_INVAL; then the cache does not count, and there is no need to go on */
XMPP_API int xmpp_roster_load_entry(xmpp_roster_loading *loading, const char *key,
                                    const char *text);

#ifdef __cplusplus
}
#endif

#endif
