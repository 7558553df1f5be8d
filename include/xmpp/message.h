/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file message.h
 * @brief Messages: reading and building, RFC 6121 5.
 *
 * All functions take a stanza that is a message; of another one they read what is not there. Those
 * that build take NULL and do nothing, and errors stick to the stanza (stanza.h).
 *
 * A message may have a body and a subject for each of several languages. The getters choose one:
 * for a language that is asked for, the one that matches it (`de` finds `de-AT`, and `de-AT` finds
 * `de`: RFC 4647 3.3.1, 3.4); else, and for NULL, the one in the language of the message; else the
 * first. All of them are read with
 * `for (b = xmpp_elem_get_child(root, "body", XMPP_NS_CLIENT); b; b = xmpp_elem_get_next(b, …))`,
 * xmpp_elem_get_text() and xmpp_elem_get_lang().
 *
 * @par Specifications
 * - RFC 6121, 5.2: complete
 * - XEP-0245, 1.0: complete
 */
#ifndef XMPP_MESSAGE_H
#define XMPP_MESSAGE_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a message is (RFC 6121 5.2.2). */
enum xmpp_message_type {
    XMPP_MESSAGE_NORMAL = 0,    /**< a single message; what has no type, or an unknown one */
    XMPP_MESSAGE_CHAT = 1,      /**< part of a conversation of two */
    XMPP_MESSAGE_GROUPCHAT = 2, /**< from or to a room */
    XMPP_MESSAGE_HEADLINE = 3,  /**< a notice that wants no answer */
    XMPP_MESSAGE_ERROR = 4      /**< a message that was sent came back: stanza_error.h */
};

/**
 * A new message.
 *
 * @param type  an enum xmpp_message_type; for another value XMPP_E_INVAL sticks
 * @param to    copied, prepared strictly (XMPP_E_JID sticks); NULL for none: to the own account
 * @return shared, drop it with xmpp_stanza_unref(); NULL only if out of memory
 */
XMPP_API xmpp_stanza *xmpp_message_new(int type, const char *to);

/**
 * Empties a stanza that is built here and makes it a new message in the same memory: how a program
 * that sends much allocates nothing. All of its elements are gone.
 *
 * @param type  as for xmpp_message_new()
 * @param to    as for xmpp_message_new()
 * @return 0, or as xmpp_stanza_reset()
 */
XMPP_API int xmpp_message_reset(xmpp_stanza *stanza, int type, const char *to);

/**
 * A new message that answers one: to its sender, of its type and in its thread; without a body. One
 * to a room goes to all of it (XEP-0045 7.4). Where senders are named by the program (component.h) it is
 * from whom the message was sent to.
 *
 * @return shared; NULL if out of memory, for NULL, and for an error: none is ever answered
 */
XMPP_API xmpp_stanza *xmpp_message_reply(const xmpp_stanza *message);

/** The enum xmpp_message_type. */
XMPP_API int xmpp_message_get_type(const xmpp_stanza *message);

/**
 * The text of a body.
 *
 * @param lang  the language wanted, such as "de"; NULL for the message's own
 * @return NULL if there is no body at all; "" for an empty one. Borrowed (as long as the stanza)
 */
XMPP_API const char *xmpp_message_get_body(const xmpp_stanza *message, const char *lang);
/** A subject, as xmpp_message_get_body(). An empty one is a fact of its own: in a room it is how a
 * subject is removed, and what ends the history (XEP-0045 7.2.15). */
XMPP_API const char *xmpp_message_get_subject(const xmpp_stanza *message, const char *lang);
/**
 * What the sender says to do, if the body is an action (XEP-0245): "laughs" of a body "/me laughs",
 * to be shown behind the name that we have for the sender. A peer can make it look like a notice of
 * the program's own, such as "has left": show the two in different ways.
 *
 * @param lang  as for xmpp_message_get_body()
 * @return NULL if it is none. Borrowed (as long as the stanza)
 */
XMPP_API const char *xmpp_message_get_action(const xmpp_stanza *message, const char *lang);
/** The identifier of the conversation (RFC 6121 5.2.5); NULL if there is none. Borrowed (as long as
 * the stanza). */
XMPP_API const char *xmpp_message_get_thread(const xmpp_stanza *message);
/** The identifier of the thread that this one began in; NULL if there is none, or if it is the same. Borrowed (as long as
 * the stanza). */
XMPP_API const char *xmpp_message_get_thread_parent(const xmpp_stanza *message);

/**
 * Adds a body. There should be one only for each language (RFC 6121 5.2.3).
 *
 * @param lang  copied; NULL: in the language of the message
 * @param text  copied; NULL adds an empty one
 */
XMPP_API void xmpp_message_add_body(xmpp_stanza *message, const char *lang, const char *text);
/** Sets the body of this language (NULL: the one that names none), or with a NULL text removes it.
 * Copied. */
XMPP_API void xmpp_message_set_body(xmpp_stanza *message, const char *lang, const char *text);
/** Sets or removes a subject, as xmpp_message_set_body(). */
XMPP_API void xmpp_message_set_subject(xmpp_stanza *message, const char *lang, const char *text);
/**
 * Sets the thread.
 *
 * @param thread  copied; NULL removes it
 * @param parent  copied; the thread that it began in, NULL for none. For the thread itself
 *                XMPP_E_INVAL sticks
 */
XMPP_API void xmpp_message_set_thread(xmpp_stanza *message, const char *thread, const char *parent);

#ifdef __cplusplus
}
#endif

#endif
