/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file privacy.h
 * @brief Privacy lists: the module "privacy", XEP-0016.
 *
 * What blocking.h does simply was once done by these: named lists of rules about what the server lets
 * through. XEP-0016 is deprecated; this is for servers and accounts that still have them. One list may be
 * active, for this session alone, and one the default, for all that have none active.
 *
 * It should not be used together with blocking.h (XEP-0191 5).
 *
 * @par Specifications
 * - XEP-0016, 1.7: complete
 */
#ifndef XMPP_PRIVACY_H
#define XMPP_PRIVACY_H

#include "xmpp/handler.h"
#include "xmpp/types.h"

/** The namespace, and the feature of a server that has such lists. */
#define XMPP_NS_PRIVACY "jabber:iq:privacy"
/** How many names of lists are looked at. */
#define XMPP_PRIVACY_NAMES_MAX 1000

#ifdef __cplusplus
extern "C" {
#endif

/** Enables the module "privacy": it hears which lists were changed. @return 0, or as
 * xmpp_conn_enable() */
XMPP_API int xmpp_privacy_enable(xmpp_conn *conn);
/**
 * Hears that a list was changed, by this or another resource; not how: whoever uses it asks for it
 * anew. A handler.
 *
 * @param name  of the list. Borrowed (until the handler returns)
 */
typedef void (*xmpp_privacy_fn)(xmpp_conn *conn, const char *name, void *userdata);
/**
 * Registers for changes; the one before is destroyed.
 *
 * @param handler  NULL: none
 * @return 0; XMPP_E_REQUIRES if the module is not enabled; XMPP_E_INVAL for NULL; XMPP_E_BUSY in the
 *         handler itself
 */
XMPP_API int xmpp_privacy_on_change(xmpp_conn *conn, xmpp_privacy_fn handler, void *userdata,
                                    xmpp_destroy_fn destroy);

/* --- asking and setting; the module need not be enabled --------------------------------------- */

/**
 * Asks which lists there are. The answer is read by xmpp_privacy_get_active(), _get_default() and
 * _get_name_at().
 *
 * @param ret_slot    as for xmpp_conn_request()
 * @param timeout_ms  as for xmpp_conn_request()
 * @return as xmpp_conn_request()
 */
XMPP_API int xmpp_privacy_request_names(xmpp_conn *conn, xmpp_slot **ret_slot, int timeout_ms,
                                        xmpp_reply_fn handler, void *userdata,
                                        xmpp_destroy_fn destroy);
/** Asks for a list, by name (copied). The answer is read by xmpp_privacy_get_list(). As
 * xmpp_privacy_request_names(). */
XMPP_API int xmpp_privacy_request_list(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                                       int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                       xmpp_destroy_fn destroy);
/** Makes this list (copied; of xmpp_privacy_list_new(), with at least one rule) or puts it in the place
 * of the one with its name. As xmpp_privacy_request_names(); XMPP_E_INVAL for anything else. */
XMPP_API int xmpp_privacy_set_list(xmpp_conn *conn, xmpp_slot **ret_slot, const xmpp_stanza *list,
                                   int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                   xmpp_destroy_fn destroy);
/** Removes a list, by name. `conflict`: another resource uses it. As xmpp_privacy_request_names(). */
XMPP_API int xmpp_privacy_remove_list(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                                      int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                      xmpp_destroy_fn destroy);
/** Makes a list the active one of this session; NULL: none is. As xmpp_privacy_request_names(). */
XMPP_API int xmpp_privacy_set_active(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                                     int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                     xmpp_destroy_fn destroy);
/** Makes a list the default one of the account; NULL: none is. `conflict`: another resource uses the
 * present one. As xmpp_privacy_request_names(). */
XMPP_API int xmpp_privacy_set_default(xmpp_conn *conn, xmpp_slot **ret_slot, const char *name,
                                      int timeout_ms, xmpp_reply_fn handler, void *userdata,
                                      xmpp_destroy_fn destroy);

/* --- reading answers; what these return is borrowed (as long as the stanza) ------------------------ */

/** The active list; NULL for none. */
XMPP_API const char *xmpp_privacy_get_active(const xmpp_stanza *reply);
/** The default list; NULL for none. */
XMPP_API const char *xmpp_privacy_get_default(const xmpp_stanza *reply);
/** The names of the lists, by number from 0; NULL beyond the last. */
XMPP_API const char *xmpp_privacy_get_name_at(const xmpp_stanza *reply, size_t index);
/** The list, with an `<item/>` for each rule, in no order:
 * `for (r = xmpp_elem_get_child(list, "item", NULL); r; r = xmpp_elem_get_next(r, "item", NULL))`. NULL
 * if there is none. */
XMPP_API const xmpp_elem *xmpp_privacy_get_list(const xmpp_stanza *reply);

/** Whom a rule is about. */
enum xmpp_privacy_kind {
    XMPP_PRIVACY_ALL = 0,         /**< everybody */
    XMPP_PRIVACY_JID = 1,         /**< an address; a domain stands for everybody there */
    XMPP_PRIVACY_GROUP = 2,       /**< a group of the roster */
    XMPP_PRIVACY_SUBSCRIPTION = 3 /**< who is "both", "to", "from" or "none" in the roster */
};
/** What a rule is about: bits. */
enum xmpp_privacy_what {
    XMPP_PRIVACY_MESSAGE = 1,      /**< messages to us */
    XMPP_PRIVACY_IQ = 2,           /**< iqs to us */
    XMPP_PRIVACY_PRESENCE_IN = 4,  /**< presence to us */
    XMPP_PRIVACY_PRESENCE_OUT = 8, /**< presence from us */
    XMPP_PRIVACY_EVERYTHING = 15   /**< all of that, and the rest */
};
/** The enum xmpp_privacy_kind; -1 for an unknown one. */
XMPP_API int xmpp_privacy_rule_get_kind(const xmpp_elem *rule);
/** The address, group or subscription; NULL if it is about everybody. */
XMPP_API const char *xmpp_privacy_rule_get_value(const xmpp_elem *rule);
/** Its place: rules are applied from the lowest to the highest, and the first that fits counts. -1 if it
 * has none, which is no rule. */
XMPP_API int64_t xmpp_privacy_rule_get_order(const xmpp_elem *rule);
/** 1 if it denies, 0 if it allows. */
XMPP_API int xmpp_privacy_rule_is_deny(const xmpp_elem *rule);
/** Bits of enum xmpp_privacy_what. */
XMPP_API int xmpp_privacy_rule_get_what(const xmpp_elem *rule);

/* --- building a list -------------------------------------------------------------------------------- */

/** A new list without rules. @param name copied @return shared, drop it with xmpp_stanza_unref(); NULL
 * if out of memory, or for NULL */
XMPP_API xmpp_stanza *xmpp_privacy_list_new(const char *name);
/**
 * Adds a rule behind the others: the first one that fits counts. What fits none is allowed.
 *
 * @param kind   an enum xmpp_privacy_kind
 * @param value  copied; NULL for XMPP_PRIVACY_ALL, and for no other
 * @param deny   1: denies, 0: allows
 * @param what   bits of enum xmpp_privacy_what; 0: as XMPP_PRIVACY_EVERYTHING
 * @return 0; XMPP_E_INVAL; what stuck to the list
 */
XMPP_API int xmpp_privacy_list_add(xmpp_stanza *list, int kind, const char *value, int deny,
                                   int what);

#ifdef __cplusplus
}
#endif

#endif
