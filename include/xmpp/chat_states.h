/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file chat_states.h
 * @brief Chat states: who is writing, has paused, is away from the conversation.
 *
 * They are an agreement of two: a conversation has them once the other side has shown that it knows
 * them, and ends to have them when it answers without. The module keeps that agreement for each
 * conversation, and for this session: it adds `<active/>` to the messages that go out, which is how
 * the other side is asked; and xmpp_chat_state_send() sends what else the application sees its
 * person do, or leaves it, if the other side does not know chat states, or has heard the same last.
 *
 * @par Specifications
 * - XEP-0085, 2.1: complete
 */
#ifndef XMPP_CHAT_STATES_H
#define XMPP_CHAT_STATES_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What somebody does in a conversation. */
enum xmpp_chat_state {
    XMPP_CHAT_STATE_NONE = 0,      /**< nothing is said about it */
    XMPP_CHAT_STATE_ACTIVE = 1,    /**< takes part */
    XMPP_CHAT_STATE_COMPOSING = 2, /**< is writing */
    XMPP_CHAT_STATE_PAUSED = 3,    /**< was writing, and has stopped */
    XMPP_CHAT_STATE_INACTIVE = 4,  /**< looks elsewhere */
    XMPP_CHAT_STATE_GONE = 5       /**< has ended the conversation: its thread is not used again */
};

/** How many conversations the module keeps in mind; those that we were quiet in longest go
 * first. */
#define XMPP_CHAT_STATES_MAX 256

/**
 * Enables the module "chat-states", which announces http://jabber.org/protocol/chatstates.
 *
 * @return as xmpp_conn_enable()
 */
XMPP_API int xmpp_chat_states_enable(xmpp_conn *conn);
/** Whether our chat states are sent at all; at first they are. XEP-0085 wants a person to be able
 * to choose. @return 0; XMPP_E_REQUIRES without the module */
XMPP_API int xmpp_chat_states_set_sending(xmpp_conn *conn, int on);

/** The enum xmpp_chat_state that a message tells. XMPP_CHAT_STATE_NONE also for an error, for one
 * that tells more than one, and for "gone" in a room. Who is in a room is its sender's full
 * address. */
XMPP_API int xmpp_chat_state_get(const xmpp_stanza *message);
/** 1 if a message tells a chat state and nothing else: there is nothing to show or to keep. */
XMPP_API int xmpp_chat_state_is_alone(const xmpp_stanza *message);

/** Sets the chat state of a message that is built here; XMPP_CHAT_STATE_NONE removes it. What has a
 * body should say XMPP_CHAT_STATE_ACTIVE, or nothing. @return 0; XMPP_E_INVAL for another value,
 * and for NULL */
XMPP_API int xmpp_chat_state_set(xmpp_stanza *message, int state);

/**
 * Tells the other side of a conversation what our person does, in a message of its own, if that may
 * be: it has shown that it knows chat states, it has not heard the same last, and sending is on. In
 * a room all but the first hold, and nobody is "gone".
 *
 * Not when logging out: that unavailable presence tells, and the account's other clients go on with
 * the conversation.
 *
 * @param to      copied; to whom the messages of this conversation go
 * @param type    XMPP_MESSAGE_CHAT or XMPP_MESSAGE_GROUPCHAT
 * @param state   an enum xmpp_chat_state but NONE
 * @param thread  copied; that of the conversation, NULL for none
 * @return 1: sent; 0: not to be sent; XMPP_E_REQUIRES without the module; XMPP_E_INVAL; as
 *         xmpp_conn_send()
 */
XMPP_API int xmpp_chat_state_send(xmpp_conn *conn, const xmpp_jid *to, int type, int state,
                                  const char *thread);

#ifdef __cplusplus
}
#endif

#endif
