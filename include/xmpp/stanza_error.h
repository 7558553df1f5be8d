/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file stanza_error.h
 * @brief Errors of stanzas: reading and building, RFC 6120 8.3.
 *
 * A message, presence or iq of type `error` says that one that was sent could not be delivered or
 * dealt with. The getters take it, and anything else: a stanza of another type has no error,
 * whatever is in it (RFC 6120 8.3.1).
 */
#ifndef XMPP_STANZA_ERROR_H
#define XMPP_STANZA_ERROR_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace of the conditions below. */
#define XMPP_NS_STANZA_ERROR "urn:ietf:params:xml:ns:xmpp-stanzas"

/** What went wrong (RFC 6120 8.3.3). */
enum xmpp_condition {
    XMPP_CONDITION_BAD_REQUEST = 1,             /**< the XML is malformed, or not understood */
    XMPP_CONDITION_CONFLICT = 2,                /**< something of this name exists */
    XMPP_CONDITION_FEATURE_NOT_IMPLEMENTED = 3, /**< the feature is not implemented */
    XMPP_CONDITION_FORBIDDEN = 4,               /**< the sender lacks the permission */
    XMPP_CONDITION_GONE = 5,                    /**< not at this address any more; may give a URI */
    XMPP_CONDITION_INTERNAL_SERVER_ERROR = 6,   /**< the other side failed */
    XMPP_CONDITION_ITEM_NOT_FOUND = 7,          /**< there is no such address or item */
    XMPP_CONDITION_JID_MALFORMED = 8,           /**< an address is not valid */
    XMPP_CONDITION_NOT_ACCEPTABLE = 9,          /**< it does not meet the recipient's criteria */
    XMPP_CONDITION_NOT_ALLOWED = 10,            /**< nobody is allowed to do this */
    XMPP_CONDITION_NOT_AUTHORIZED = 11,         /**< credentials are needed first */
    XMPP_CONDITION_POLICY_VIOLATION = 12,       /**< a local policy forbids it */
    XMPP_CONDITION_RECIPIENT_UNAVAILABLE = 13,  /**< the recipient is not there now */
    XMPP_CONDITION_REDIRECT = 14,               /**< to be sent elsewhere; may give a URI */
    XMPP_CONDITION_REGISTRATION_REQUIRED = 15,  /**< the sender must register first */
    XMPP_CONDITION_REMOTE_SERVER_NOT_FOUND = 16, /**< the other server does not exist */
    XMPP_CONDITION_REMOTE_SERVER_TIMEOUT = 17,   /**< the other server does not answer */
    XMPP_CONDITION_RESOURCE_CONSTRAINT = 18,     /**< too busy, or out of something */
    XMPP_CONDITION_SERVICE_UNAVAILABLE = 19,     /**< this is not offered there */
    XMPP_CONDITION_SUBSCRIPTION_REQUIRED = 20,   /**< the sender must subscribe first */
    XMPP_CONDITION_UNDEFINED_CONDITION = 21,     /**< none of these; one of the application's own */
    XMPP_CONDITION_UNEXPECTED_REQUEST = 22       /**< out of order */
};

/** What may be done about it (RFC 6120 8.3.2). */
enum xmpp_error_type {
    XMPP_ERROR_TYPE_AUTH = 1,     /**< try again with credentials */
    XMPP_ERROR_TYPE_CANCEL = 2,   /**< do not try again */
    XMPP_ERROR_TYPE_CONTINUE = 3, /**< go on, it was a warning */
    XMPP_ERROR_TYPE_MODIFY = 4,   /**< try again with other data */
    XMPP_ERROR_TYPE_WAIT = 5      /**< try again later */
};

/* --- conditions ----------------------------------------------------------------------------- */

/** The element name of an enum xmpp_condition, such as "bad-request"; NULL for another value.
 * Borrowed (for ever). */
XMPP_API const char *xmpp_condition_get_name(int condition);
/** The enum xmpp_condition of an element name; 0 if there is none, or for NULL. */
XMPP_API int xmpp_condition_from_name(const char *name);
/** The enum xmpp_error_type that is usual for a condition (RFC 6120 8.3.3); 0 for another value. */
XMPP_API int xmpp_condition_get_error_type(int condition);

/* --- reading -------------------------------------------------------------------------------- */
/* What these return is borrowed (as long as the stanza). */

/** The `<error/>` element; NULL if the stanza is no error, or has none. */
XMPP_API const xmpp_elem *xmpp_stanza_error_get_elem(const xmpp_stanza *stanza);
/** The enum xmpp_condition; 0 if the stanza is no error. One that is missing or unknown is
 * XMPP_CONDITION_UNDEFINED_CONDITION (RFC 6120 8.3.2). */
XMPP_API int xmpp_stanza_error_get_condition(const xmpp_stanza *stanza);
/** The condition as the peer named it, which may be one that is not in the enum; NULL if it named
 * none. */
XMPP_API const char *xmpp_stanza_error_get_condition_name(const xmpp_stanza *stanza);
/** The enum xmpp_error_type; 0 if it is missing or unknown, or the stanza is no error. */
XMPP_API int xmpp_stanza_error_get_type(const xmpp_stanza *stanza);
/** Who found the error, as text; NULL if that is not said. */
XMPP_API const char *xmpp_stanza_error_get_by(const xmpp_stanza *stanza);
/** The peer's text for a person, chosen by language as xmpp_message_get_body() does; NULL if there
 * is none. Hostile text: filter it before a terminal sees it. */
XMPP_API const char *xmpp_stanza_error_get_text(const xmpp_stanza *stanza, const char *lang);
/** The URI that `gone` and `redirect` may give; NULL if there is none. It is the word of whoever
 * sent the error, to be followed with care. */
XMPP_API const char *xmpp_stanza_error_get_uri(const xmpp_stanza *stanza);
/** The application's own condition: the first element of a namespace that is neither the stanza's
 * nor that of the conditions above. NULL if there is none. */
XMPP_API const xmpp_elem *xmpp_stanza_error_get_app(const xmpp_stanza *stanza);

/* --- building ------------------------------------------------------------------------------- */

/**
 * A new error that answers a stanza: of its kind, to its sender as it names itself, with its id and
 * without its content.
 *
 * @param condition  an enum xmpp_condition; its usual type is taken; another value: XMPP_E_INVAL
 *                   sticks
 * @param text       copied; for a person, NULL for none
 * @return shared; NULL if out of memory, and for what is never answered with an error (RFC 6120
 *         8.3.1): an error, an iq result, anything but a message, presence or iq, and NULL
 */
XMPP_API xmpp_stanza *xmpp_stanza_error_reply(const xmpp_stanza *stanza, int condition,
                                              const char *text);

/**
 * Makes a stanza that is built here an error: its type, and the `<error/>` element.
 *
 * @param condition  an enum xmpp_condition; for another value XMPP_E_INVAL sticks
 * @param type       an enum xmpp_error_type, 0 for the condition's usual one; for another value
 *                   XMPP_E_INVAL sticks
 * @param text       copied; for a person, NULL for none
 * @return the `<error/>` element, for an application's own condition: xmpp_elem_add(error, name,
 *         ns). NULL if it could not be made. Borrowed (as long as the stanza)
 */
XMPP_API xmpp_elem *xmpp_stanza_error_add(xmpp_stanza *stanza, int condition, int type,
                                          const char *text);

/** Sets the URI of a `gone` or `redirect` that is built here. Copied. XMPP_E_STATE sticks if the
 * stanza is no such error, or has one. */
XMPP_API void xmpp_stanza_error_set_uri(xmpp_stanza *stanza, const char *uri);

#ifdef __cplusplus
}
#endif

#endif
