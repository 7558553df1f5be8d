/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file gateway.h
 * @brief Gateways to other networks: being one, and using one.
 *
 * A gateway is a component (component.h) whose addresses are people of another network, its **contacts**.
 * Its **users** are people of this one who have registered with it. The module "gateway" speaks XMPP with
 * them: who is registered, who is there, who may see whom; the application speaks with the other
 * network. What only the application can decide it is asked (xmpp_gateway_ask), and answers at once or later;
 * what it has to know it is told (enum xmpp_gateway_event). Messages come to its handlers as always, but
 * for those to contacts from people who are not registered, which are answered with `registration-required`.
 *
 * An answer that only the registered get, and only from the gateway's own domain, gives away nothing to
 * strangers but that there is a gateway.
 *
 * Users are kept in memory alone: an application that is to remember them keeps them itself, and adds
 * them with xmpp_gateway_add_user() when it starts.
 *
 * doc/components.md tells more, and examples/gateway.c is one.
 *
 * @par Specifications
 * - XEP-0100, 1.0: complete, but for the obsolete Agent Information; what a gateway is called is told by
 *   disco.h, and contact lists of the other network are not offered
 */
#ifndef XMPP_GATEWAY_H
#define XMPP_GATEWAY_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The most bytes of a field of a registration, and of a name. */
#define XMPP_GATEWAY_FIELD_MAX 1023
/** The most resources of a user that are counted; further ones are as if they were not there. */
#define XMPP_GATEWAY_RESOURCES_MAX 32
/** The most questions that are open; whoever comes then is told to wait. */
#define XMPP_GATEWAY_ASKS_MAX 1000

/** A question to the application that may be answered later (gateway.h). */
typedef struct xmpp_gateway_ask xmpp_gateway_ask;

/** Enables the module "gateway", for a component. @return as xmpp_conn_enable() */
XMPP_API int xmpp_gateway_enable(xmpp_conn *conn);

/* --- settings ----------------------------------------------------------------------------------- */

/**
 * What somebody is asked who registers.
 *
 * @param instructions  copied; for a person, NULL for none
 * @param fields        copied; names of fields of XEP-0077, such as "username" and "password", with
 *                      spaces between; NULL: these two. "username" has to be among them
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_INVAL; XMPP_E_NOMEM
 */
XMPP_API int xmpp_gateway_set_registration(xmpp_conn *conn, const char *instructions,
                                           const char *fields);
/**
 * What somebody is told who wants to add a contact. Without it names are not made into addresses.
 *
 * @param desc    copied; the sentence, such as "Please enter the number of the person you would like to
 *                contact"; NULL for none
 * @param prompt  copied; what stands in front of the field, such as "Number"; NULL: none of all this
 * @return as xmpp_gateway_set_registration()
 */
XMPP_API int xmpp_gateway_set_prompt(xmpp_conn *conn, const char *desc, const char *prompt);
/** How many users there may be at most; default 10,000. Those that are there stay. @return 0;
 * XMPP_E_REQUIRES without the module; XMPP_E_INVAL for less than 1 */
XMPP_API int xmpp_gateway_set_max_users(xmpp_conn *conn, int max);

/* --- users -------------------------------------------------------------------------------------- */

/**
 * Adds a user who has registered before, or renames one. Nothing is sent; those who are there when the
 * session begins are looked for.
 *
 * @param jid       copied; the bare JID
 * @param username  copied; on the other network
 * @return 0; XMPP_E_JID; XMPP_E_TOO_BIG beyond the maximum; XMPP_E_REQUIRES without the module;
 *         XMPP_E_INVAL; XMPP_E_NOMEM
 */
XMPP_API int xmpp_gateway_add_user(xmpp_conn *conn, const char *jid, const char *username);
/** Removes a user, who hears of it as of an own decision. @return 0; XMPP_E_NOT_FOUND; else as
 * xmpp_conn_send() */
XMPP_API int xmpp_gateway_remove_user(xmpp_conn *conn, const char *jid);
/** The bare JID of a user by number from 0, in the order in which they came; NULL beyond the last. Borrowed (until users come or go). */
XMPP_API const char *xmpp_gateway_get_user(const xmpp_conn *conn, size_t index);
/** The name of a user on the other network; NULL if there is no such user. `jid` is a bare JID as
 * xmpp_jid_get_bare_text() gives it. Borrowed (until the user registers anew or goes). */
XMPP_API const char *xmpp_gateway_get_username(const xmpp_conn *conn, const char *jid);
/** 1 if a user is logged in: is there, and the application has accepted that. */
XMPP_API int xmpp_gateway_is_logged_in(const xmpp_conn *conn, const char *jid);

/* --- questions ---------------------------------------------------------------------------------- */

/** What is asked. More may come: do not answer what you do not know. */
enum xmpp_gateway_ask_kind {
    /** somebody registers, or registers anew with other data: are they right? Accepted, it is a user,
     * to be kept */
    XMPP_GATEWAY_REGISTER = 1,
    /** a user is there: log in to the other network. Accepted, the gateway is there for the user */
    XMPP_GATEWAY_LOGIN = 2,
    /** a user wants to see whether a contact is there. Accepted, the contact lets it, and asks for the
     * same; its presence is to be sent then */
    XMPP_GATEWAY_ADD = 3,
    XMPP_GATEWAY_ADDRESS = 4 /**< which address has this name? xmpp_gateway_ask_answer_address() */
};

/**
 * A question. A handler.
 *
 * @param ask  borrowed (until the handler returns): xmpp_gateway_ask_ref() keeps it, to answer later
 */
typedef void (*xmpp_gateway_ask_fn)(xmpp_conn *conn, xmpp_gateway_ask *ask, void *userdata);
/** Sets who is asked; without anybody all is refused. @param handler NULL: nobody @return 0;
 * XMPP_E_REQUIRES without the module; XMPP_E_INVAL for NULL */
XMPP_API int xmpp_gateway_on_ask(xmpp_conn *conn, xmpp_gateway_ask_fn handler, void *userdata,
                                 xmpp_destroy_fn destroy);

/** The enum xmpp_gateway_ask_kind; 0 for NULL. */
XMPP_API int xmpp_gateway_ask_get_kind(const xmpp_gateway_ask *ask);
/** Who asks: the bare JID of the user. Borrowed (as long as the question). */
XMPP_API const char *xmpp_gateway_ask_get_user(const xmpp_gateway_ask *ask);
/** Of XMPP_GATEWAY_ADD the contact; else NULL. Borrowed (as long as the question). */
XMPP_API const xmpp_jid *xmpp_gateway_ask_get_contact(const xmpp_gateway_ask *ask);
/** Of XMPP_GATEWAY_REGISTER a field, such as "password"; of XMPP_GATEWAY_ADDRESS "name". NULL if there is
 * none. Borrowed (as long as the question). */
XMPP_API const char *xmpp_gateway_ask_get_field(const xmpp_gateway_ask *ask, const char *name);
/** Another reference. @return the same question, shared */
XMPP_API xmpp_gateway_ask *xmpp_gateway_ask_ref(xmpp_gateway_ask *ask);
/** Drops a reference; with the last one an open question is refused, unless that is in a notification:
 * then nobody hears. Takes NULL. @return NULL */
XMPP_API xmpp_gateway_ask *xmpp_gateway_ask_unref(xmpp_gateway_ask *ask);
/**
 * Answers: yes.
 *
 * @return 0; XMPP_E_STALE if it is answered, the session is over, or who asked has gone; XMPP_E_INVAL for
 *         XMPP_GATEWAY_ADDRESS and NULL; XMPP_E_TOO_BIG if there are too many users, then it is refused; else
 *         as xmpp_conn_send(): it is open still, and to be accepted again. Of a registration the result may
 *         have been sent, and it cannot be refused any more, when the subscription that follows has no room
 */
XMPP_API int xmpp_gateway_ask_accept(xmpp_gateway_ask *ask);
/** Answers XMPP_GATEWAY_ADDRESS. @param address in the gateway's domain @return as
 * xmpp_gateway_ask_accept(); XMPP_E_JID */
XMPP_API int xmpp_gateway_ask_answer_address(xmpp_gateway_ask *ask, const char *address);
/**
 * Answers: no.
 *
 * @param condition  an enum xmpp_condition (stanza_error.h): XMPP_CONDITION_NOT_ACCEPTABLE for wrong data,
 *                   XMPP_CONDITION_NOT_AUTHORIZED for a wrong password at login,
 *                   XMPP_CONDITION_REMOTE_SERVER_TIMEOUT if the other network cannot be reached. Not used for
 *                   XMPP_GATEWAY_ADD, which is refused by `unsubscribed`. 0: what is usual
 * @param text       copied; for a person, NULL for none
 * @return as xmpp_gateway_ask_accept()
 */
XMPP_API int xmpp_gateway_ask_refuse(xmpp_gateway_ask *ask, int condition, const char *text);

/* --- events ------------------------------------------------------------------------------------- */

/** What is told. More may come: ignore what you do not know. */
enum xmpp_gateway_event {
    XMPP_GATEWAY_UNREGISTERED = 1, /**< a user is none any more: to be forgotten, and logged out */
    XMPP_GATEWAY_LOGGED_OUT = 2,   /**< a user who was logged in is not there any more */
    XMPP_GATEWAY_PRESENCE =
        3, /**< the presence of a user who is logged in, for all contacts or one */
    XMPP_GATEWAY_APPROVED = 4, /**< the contact may see whether the user is there */
    XMPP_GATEWAY_DENIED = 5,   /**< the contact may not, or not any more */
    XMPP_GATEWAY_REMOVED = 6,  /**< the user does not want to see whether the contact is there */
    XMPP_GATEWAY_PROBED = 7    /**< the presence of the contact is to be sent to the user again */
};
/**
 * Hears of an event. A handler.
 *
 * @param event    an enum xmpp_gateway_event
 * @param user     the bare JID. Borrowed (until the handler returns)
 * @param contact  whom it is about; NULL: all, or nobody. Borrowed (until the handler returns)
 * @param stanza   what led to it; NULL: none. Borrowed (until the handler returns)
 */
typedef void (*xmpp_gateway_event_fn)(xmpp_conn *conn, int event, const char *user,
                                      const xmpp_jid *contact, const xmpp_stanza *stanza,
                                      void *userdata);
/** Sets who is told. As xmpp_gateway_on_ask(). */
XMPP_API int xmpp_gateway_on_event(xmpp_conn *conn, xmpp_gateway_event_fn handler, void *userdata,
                                   xmpp_destroy_fn destroy);

/* --- towards users ------------------------------------------------------------------------------ */
/* Messages and presence of contacts are sent as any: xmpp_stanza_set_from(), xmpp_conn_send(). */

/** The contact has removed the user: takes back both subscriptions, and its presence (XEP-0100 5.2).
 * @return as xmpp_conn_send() */
XMPP_API int xmpp_gateway_remove_contact(xmpp_conn *conn, const char *user, const char *contact);
/** Says good-bye to all users: in front of xmpp_conn_disconnect(). @return 0; XMPP_E_REQUIRES without the
 * module; the first code of xmpp_conn_send() that was another, all users are tried */
XMPP_API int xmpp_gateway_leave(xmpp_conn *conn);

/* --- using one ---------------------------------------------------------------------------------- */
/* For clients; nothing needs to be enabled. Registering is register.h. */

/**
 * Hears how to ask a person for a contact, exactly once. Texts are the gateway's: filter them before a
 * terminal sees them.
 *
 * @param error   0; XMPP_E_PROTOCOL: the answer is none; or as in xmpp_reply_fn
 * @param desc    the sentence; NULL for none. Borrowed (until the handler returns)
 * @param prompt  what to write in front of the field. Borrowed (until the handler returns)
 */
typedef void (*xmpp_gateway_prompt_fn)(xmpp_conn *conn, int error, const char *desc,
                                       const char *prompt, const xmpp_stanza *reply,
                                       void *userdata);
/** Asks a gateway how to ask for a contact. @param lang copied; NULL: that of the stream @return as
 * xmpp_conn_request() */
XMPP_API int xmpp_gateway_get_prompt(xmpp_conn *conn, xmpp_slot **ret_slot, const char *gateway,
                                     const char *lang, xmpp_gateway_prompt_fn handler,
                                     void *userdata, xmpp_destroy_fn destroy);
/** Hears the address of a contact, exactly once. @param error as in xmpp_gateway_prompt_fn; also
 * XMPP_E_PROTOCOL for an address that is not the gateway's to give @param address borrowed (until the
 * handler returns) */
typedef void (*xmpp_gateway_address_fn)(xmpp_conn *conn, int error, const xmpp_jid *address,
                                        const xmpp_stanza *reply, void *userdata);
/** Asks a gateway for the address of a contact. @param name copied; as the person wrote it @return as
 * xmpp_conn_request() */
XMPP_API int xmpp_gateway_get_address(xmpp_conn *conn, xmpp_slot **ret_slot, const char *gateway,
                                      const char *name, xmpp_gateway_address_fn handler,
                                      void *userdata, xmpp_destroy_fn destroy);

#ifdef __cplusplus
}
#endif

#endif
