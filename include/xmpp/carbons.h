/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file carbons.h
 * @brief Message carbons: what the account's other clients receive and send.
 *
 * Once enabled, the server is asked for carbons at the beginning of each session; a session that is
 * resumed has them still. What comes then is a **wrapper** from the own bare address with the
 * message inside. Handlers receive the wrapper, which has no body, and find with it, as typed
 * facts, in which direction the message went, and the message itself:
 *
 *     static int on_message(xmpp_conn *conn, const xmpp_stanza *stanza, void *userdata)
 *     {
 *         int direction = xmpp_carbon_get_direction(stanza);
 *         const xmpp_stanza *message =
 *             direction == XMPP_CARBON_NONE ? stanza : xmpp_carbon_get_message(stanza);
 *         …
 *
 * So a program that does not know of carbons never takes one for a message to it, and these facts
 * are the only way to the message: they are there only for a wrapper that is from the own bare
 * address, prepared and compared (who believes others here lets anybody write in anybody's name),
 * with exactly one message whose addresses fit the direction. Everything else that claims to be a
 * carbon is dropped whole, and the log says so.
 *
 * The inner message passes the filters of the other modules, so that it has their facts too, and
 * nothing answers it by itself (xmpp_stanza_is_inner()): neither should the application, and one of
 * XMPP_CARBON_SENT in no case.
 *
 * @par Specifications
 * - XEP-0280, 1.0.1: complete
 */
#ifndef XMPP_CARBONS_H
#define XMPP_CARBONS_H

#include "xmpp/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a session has it with carbons. */
enum xmpp_carbons_state {
    XMPP_CARBONS_OFF = 0,    /**< not asked for: offline, or not wanted */
    XMPP_CARBONS_ASKED = 1,  /**< the server has not answered yet */
    XMPP_CARBONS_ON = 2,     /**< the server sends them */
    XMPP_CARBONS_REFUSED = 3 /**< the server refused, or did not answer; see the handler */
};

/**
 * Enables the module "carbons": from now on the server is asked for carbons in each session. Before
 * it is disabled online, xmpp_carbons_set_wanted() makes the server stop.
 *
 * @return as xmpp_conn_enable()
 */
XMPP_API int xmpp_carbons_enable(xmpp_conn *conn);
/**
 * Whether carbons are wanted; at first they are. Online, the server is told at once.
 *
 * @return 0; XMPP_E_REQUIRES without the module; as xmpp_conn_request()
 */
XMPP_API int xmpp_carbons_set_wanted(xmpp_conn *conn, int on);
/** The enum xmpp_carbons_state. */
XMPP_API int xmpp_carbons_get_state(const xmpp_conn *conn);

/**
 * Hears that the server has answered.
 *
 * @param state   XMPP_CARBONS_ON, XMPP_CARBONS_OFF or XMPP_CARBONS_REFUSED
 * @param error   0, or why it is not as it was wanted: XMPP_E_REMOTE or XMPP_E_TIMEOUT
 * @param answer  the error stanza for XMPP_E_REMOTE (stanza_error.h), else NULL. Borrowed (until
 *                the handler returns)
 */
typedef void (*xmpp_carbons_fn)(xmpp_conn *conn, int state, int error, const xmpp_stanza *answer,
                                void *userdata);
/**
 * Registers for the server's answers; one for a connection, NULL: none. A handler.
 *
 * @param destroy  for `userdata`; may be NULL
 * @return 0; XMPP_E_REQUIRES without the module; XMPP_E_BUSY in a notification
 */
XMPP_API int xmpp_carbons_on_answer(xmpp_conn *conn, xmpp_carbons_fn handler, void *userdata,
                                    xmpp_destroy_fn destroy);

/** Which way the message in a carbon went. */
enum xmpp_carbon_direction {
    XMPP_CARBON_NONE = 0,     /**< the stanza is no carbon */
    XMPP_CARBON_RECEIVED = 1, /**< to another client of the account */
    XMPP_CARBON_SENT = 2      /**< from another client of the account */
};

/** The enum xmpp_carbon_direction of a received message. */
XMPP_API int xmpp_carbon_get_direction(const xmpp_stanza *wrapper);
/** The message in a carbon; NULL if the stanza is none. Borrowed (as long as the wrapper):
 * xmpp_stanza_ref() keeps it alone. */
XMPP_API const xmpp_stanza *xmpp_carbon_get_message(const xmpp_stanza *wrapper);
/** When the server copied the message, in milliseconds since 1970-01-01T00:00:00Z. @return 0;
 * XMPP_E_NOT_FOUND if that is not said, or the stanza is no carbon; XMPP_E_CHAR if it is no time */
XMPP_API int xmpp_carbon_get_time(const xmpp_stanza *wrapper, int64_t *ret_ms);

/**
 * Marks a message that is built here so that neither side's server copies it: `<private/>`, and, as
 * XEP-0334 has it only for a full address, the hint `<no-copy/>`. The addressee is set before. It
 * is a wish: a message to a bare address may still reach several clients.
 */
XMPP_API void xmpp_carbon_set_private(xmpp_stanza *message);

#ifdef __cplusplus
}
#endif

#endif
