/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An extension of somebody's own: dice that are rolled by somebody else. All of it stands on the
 * public headers of libxmpp; doc/adding-an-extension.md takes it apart.
 *
 *     <iq type='get' id='r1' to='juliet@capulet.example/balcony'>
 *       <roll xmlns='urn:example:dice' sides='6'/>
 *     </iq>
 *     <iq type='result' id='r1' from='juliet@capulet.example/balcony'>
 *       <rolled xmlns='urn:example:dice' sides='6' number='4'/>
 *     </iq>
 *
 * A message may boast of a roll with the same `<rolled/>`. */
#ifndef DICE_H
#define DICE_H

#include <xmpp/xmpp.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DICE_SIDES_MAX = 1000 };

/* Enables it: harmless when it is enabled already. 0 or as xmpp_conn_enable(). */
int dice_enable(xmpp_conn *conn);

/* Whether to roll for others, 0 at first: nothing is answered that the application did not ask for.
 * 0, or XMPP_E_REQUIRES if the module is not enabled. */
int dice_set_rolling(xmpp_conn *conn, int on);
/* How often it has rolled for others in this session. */
int dice_get_n_rolled(const xmpp_conn *conn);

/* Hears what somebody rolled. `error`: 0, XMPP_E_REMOTE, XMPP_E_PROTOCOL for an answer that is none, or
 * any other of xmpp_reply_fn; `number` is 0 then. */
typedef void (*dice_fn)(xmpp_conn *conn, int error, int number, void *userdata);
/* Lets somebody roll. `to` is a full JID. As xmpp_conn_request(). */
int dice_roll(xmpp_conn *conn, xmpp_slot **ret_slot, const char *to, int sides, dice_fn handler,
              void *userdata, xmpp_destroy_fn destroy);

/* What a received message boasts of; 0 if it does not, or of a number that no such die has. */
int dice_get_boast(const xmpp_stanza *message);
/* Adds it to a message that is built. */
void dice_add_boast(xmpp_stanza *message, int sides, int number);

#ifdef __cplusplus
}
#endif

#endif
