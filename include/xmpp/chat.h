/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file chat.h
 * @brief Conversations of two, and where the next message of one goes: the module "chat".
 *
 * A chat is addressed to the bare JID of its peer, until an answer comes from one of the peer's
 * resources: from then on to that resource, for which it is **locked**. A message or a presence from
 * another resource, or a presence from that one, unlocks it (RFC 6121 5.1). So does the end of the
 * session. Answers keep the type and the thread of what they answer.
 *
 * The private messages of a room's occupant (XEP-0045 7.5) are a chat of their own for each
 * occupant, always with the full JID: there a resource is another person, and nothing that one of
 * them sends touches the chat of another. When the occupant leaves, the chat is over: who has that
 * nick next is somebody else, and another chat.
 *
 * A chat begins when the application opens it, or when a message of type chat or normal comes. The
 * module requires "presence". It says nothing by itself, and has no events: the messages come to
 * the application's handlers, and what is found here already counts them.
 *
 * What is old does not lock: a message with a note of delay (delay.h), and a copy of one that went
 * elsewhere. Nor does what has no body, as a receipt or a chat state.
 *
 * @par Specifications
 * - RFC 6121, 5.1: complete
 * - XEP-0160, 1.0.1: complete
 */
#ifndef XMPP_CHAT_H
#define XMPP_CHAT_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A conversation with one peer: it knows where the next message goes. */
typedef struct xmpp_chat xmpp_chat;

/**
 * Enables the module "chat".
 *
 * @return 0, or as xmpp_conn_enable(); XMPP_E_REQUIRES without the module "presence"
 */
XMPP_API int xmpp_chat_enable(xmpp_conn *conn);

/**
 * Opens the chat with somebody, or finds the one that is there. From now on it is not forgotten
 * until xmpp_chat_close().
 *
 * @param peer      a full JID is taken for its bare one, but for an occupant of a room
 *                  (xmpp_presence_is_room())
 * @param ret_chat  shared, drop it with xmpp_chat_unref(); may be NULL. It may outlive the
 *                  connection
 * @return 0; XMPP_E_TOO_BIG if as many as xmpp_chat_set_limit() says are open; XMPP_E_REQUIRES without
 *         the module; XMPP_E_INVAL; XMPP_E_NOMEM
 */
XMPP_API int xmpp_chat_open(xmpp_conn *conn, const xmpp_jid *peer, xmpp_chat **ret_chat);
/** The chat with somebody, opened or not; NULL if there is none. Borrowed (until something is
 * received, or a chat is closed). */
XMPP_API xmpp_chat *xmpp_chat_get(const xmpp_conn *conn, const xmpp_jid *peer);
/** The chat that a received message belongs to: also for the copy of one (XEP-0280) that the own
 * account sent or received elsewhere. As xmpp_chat_get(). */
XMPP_API xmpp_chat *xmpp_chat_of(const xmpp_conn *conn, const xmpp_stanza *message);
/** Ends a chat: it is forgotten, and unlocked for who still has it. If presence is shared for it,
 * unavailable is sent. @return 0; XMPP_E_NOT_FOUND if it is none of this connection's; XMPP_E_INVAL;
 * what sending that returned: the chat is closed all the same */
XMPP_API int xmpp_chat_close(xmpp_conn *conn, xmpp_chat *chat);

/** Another reference. Takes NULL. @return the same chat */
XMPP_API xmpp_chat *xmpp_chat_ref(xmpp_chat *chat);
/** Drops a reference. Takes NULL. @return NULL */
XMPP_API xmpp_chat *xmpp_chat_unref(xmpp_chat *chat);

/** Whom it is with: a bare JID, or the full one of an occupant. Borrowed (as long as the chat). NULL
 * for NULL. */
XMPP_API const xmpp_jid *xmpp_chat_get_peer(const xmpp_chat *chat);
/** 1 once it was closed, forgotten, or the occupant left: nothing that is received belongs to it any
 * more. */
XMPP_API int xmpp_chat_is_over(const xmpp_chat *chat);
/** 1 if it is with an occupant of a room, who is known by a nick there. */
XMPP_API int xmpp_chat_is_private(const xmpp_chat *chat);
/** Where the next message goes: the full JID that it is locked to, else the peer. Borrowed (until
 * something is received). NULL for NULL. */
XMPP_API const xmpp_jid *xmpp_chat_get_to(const xmpp_chat *chat);
/** The type of what comes next, XMPP_MESSAGE_CHAT or XMPP_MESSAGE_NORMAL (message.h): that of the
 * last message received, chat before there was one. */
XMPP_API int xmpp_chat_get_type(const xmpp_chat *chat);
/** The thread of what comes next: the one set last, or received last; NULL for none. Borrowed (until
 * something is received, or it is set). */
XMPP_API const char *xmpp_chat_get_thread(const xmpp_chat *chat);

/**
 * The next message of a chat: to the right address, of its type, in its thread; without a body. One
 * to an occupant is marked as private (XEP-0045 7.5).
 *
 * @return shared; NULL if out of memory, and for NULL
 */
XMPP_API xmpp_stanza *xmpp_chat_new_message(const xmpp_chat *chat);
/** How long the identifier of a thread may be to be kept, in bytes. A longer one is left as it is in
 * its message, and the chat keeps what it had. */
#define XMPP_CHAT_THREAD_MAX 255
/** Begins a thread with an identifier that nobody guesses and that tells nothing (RFC 6121 5.2.5);
 * the one before is its parent if `is_child` says so. @return 0, XMPP_E_NOMEM, XMPP_E_SYSTEM,
 * XMPP_E_INVAL */
XMPP_API int xmpp_chat_begin_thread(xmpp_chat *chat, int is_child);
/** Sets the thread, or with NULL says that there is none. Both are copied; as
 * xmpp_message_set_thread(). @return 0; XMPP_E_TOO_BIG beyond XMPP_CHAT_THREAD_MAX; XMPP_E_INVAL;
 * XMPP_E_NOMEM */
XMPP_API int xmpp_chat_set_thread(xmpp_chat *chat, const char *thread, const char *parent);

/**
 * Shares the own presence with the peer as long as the chat is there (RFC 6121 5.1), or no longer:
 * directed presence now, and unavailable when it is closed. For who does not see it by subscription;
 * off at first, and again with each new session. An occupant of a room sees it anyway: XMPP_E_INVAL.
 *
 * @return 0; XMPP_E_NOT_FOUND if it is not a chat of this connection; XMPP_E_INVAL; else as
 *         xmpp_presence_direct()
 */
XMPP_API int xmpp_chat_share_presence(xmpp_conn *conn, xmpp_chat *chat, int on);

/** Sets how many chats are kept at most; 200 at first. When it is reached, one that was not opened
 * is forgotten for each that begins: the one that was silent for longest. @return 0; XMPP_E_REQUIRES
 * without the module; XMPP_E_INVAL for a number below 1 */
XMPP_API int xmpp_chat_set_limit(xmpp_conn *conn, int n);

/**
 * Whether a message waited in the offline storage of the own server (XEP-0160), and since when. It
 * counts only if the delay is said by the own server or the own account (XEP-0203); a server should
 * take away what others say in its name, but not all of them do.
 *
 * @param ret_ms  when it was stored, in milliseconds since 1970-01-01T00:00:00Z; may be NULL
 * @return 1 or 0
 */
XMPP_API int xmpp_chat_was_stored(const xmpp_conn *conn, const xmpp_stanza *message,
                                  int64_t *ret_ms);

#ifdef __cplusplus
}
#endif

#endif
