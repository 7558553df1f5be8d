/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file presence.h
 * @brief Presence and subscriptions: reading and building, RFC 6121 3 and 4.
 *
 * All functions take a stanza that is a presence; of another one they read what is not there. Those
 * that build take NULL and do nothing, and errors stick to the stanza (stanza.h).
 *
 * @par Specifications
 * - RFC 6121, 4.7: complete
 */
#ifndef XMPP_PRESENCE_H
#define XMPP_PRESENCE_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a presence says (RFC 6121 4.7.1). */
enum xmpp_presence_type {
    XMPP_PRESENCE_AVAILABLE = 0,    /**< there: a presence without a type */
    XMPP_PRESENCE_UNAVAILABLE = 1,  /**< no longer there */
    XMPP_PRESENCE_SUBSCRIBE = 2,    /**< asks to be told about presence */
    XMPP_PRESENCE_SUBSCRIBED = 3,   /**< allows it */
    XMPP_PRESENCE_UNSUBSCRIBE = 4,  /**< wants to be told no more */
    XMPP_PRESENCE_UNSUBSCRIBED = 5, /**< refuses it, or takes it back */
    XMPP_PRESENCE_PROBE = 6,        /**< asks for the present one; servers do */
    XMPP_PRESENCE_ERROR = 7,        /**< one that was sent came back: stanza_error.h */
    XMPP_PRESENCE_UNKNOWN = 8       /**< another type: not to be taken for available */
};

/** How available somebody is (RFC 6121 4.7.2.1). */
enum xmpp_show {
    XMPP_SHOW_ONLINE = 0, /**< simply there; what has no `<show/>`, or an unknown one */
    XMPP_SHOW_CHAT = 1,   /**< wants to talk */
    XMPP_SHOW_AWAY = 2,   /**< away for a short while */
    XMPP_SHOW_DND = 3,    /**< not to be disturbed */
    XMPP_SHOW_XA = 4      /**< away for long */
};

/**
 * A new presence.
 *
 * @param type  an enum xmpp_presence_type but XMPP_PRESENCE_UNKNOWN; for another value
 *              XMPP_E_INVAL sticks
 * @param to    copied, prepared strictly (XMPP_E_JID sticks); NULL for none: to all that subscribed
 * @return shared, drop it with xmpp_stanza_unref(); NULL only if out of memory
 */
XMPP_API xmpp_stanza *xmpp_presence_new(int type, const char *to);

/** Empties a stanza that is built here and makes it a new presence in the same memory. @return 0,
 * or as xmpp_stanza_reset() */
XMPP_API int xmpp_presence_reset(xmpp_stanza *stanza, int type, const char *to);

/** The enum xmpp_presence_type. */
XMPP_API int xmpp_presence_get_type(const xmpp_stanza *presence);
/** The enum xmpp_show. */
XMPP_API int xmpp_presence_get_show(const xmpp_stanza *presence);
/** The status text, chosen by language as xmpp_message_get_body() does. NULL if there is none.
 * Borrowed (as long as the stanza). */
XMPP_API const char *xmpp_presence_get_status(const xmpp_stanza *presence, const char *lang);
/** The priority, -128 to 127 (RFC 6121 4.7.2.3). 0 if there is none, or one that is not a number
 * within these bounds. */
XMPP_API int xmpp_presence_get_priority(const xmpp_stanza *presence);

/** Sets the enum xmpp_show; XMPP_SHOW_ONLINE removes it. For another value XMPP_E_INVAL sticks. */
XMPP_API void xmpp_presence_set_show(xmpp_stanza *presence, int show);
/** Sets the status text of this language (NULL: the one that names none), or with a NULL text
 * removes it. Copied. */
XMPP_API void xmpp_presence_set_status(xmpp_stanza *presence, const char *lang, const char *text);
/** Sets the priority; beyond -128 to 127 XMPP_E_INVAL sticks. Messages to the bare JID do not go
 * to a resource with a negative one. */
XMPP_API void xmpp_presence_set_priority(xmpp_stanza *presence, int priority);

#ifdef __cplusplus
}
#endif

#endif
