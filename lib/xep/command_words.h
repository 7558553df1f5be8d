/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of XEP-0050 5: actions, states, notes; and errors. */
#ifndef XM_XEP_COMMAND_WORDS_H
#define XM_XEP_COMMAND_WORDS_H

#include "xmpp/commands.h"

/* The actions that a stage may allow by name. */
#define XM_COMMAND_STEPS (XMPP_COMMAND_PREV | XMPP_COMMAND_NEXT | XMPP_COMMAND_COMPLETE)

/* The enum xmpp_command_action; 0 for another name. */
int xm_command_action(const char *name);
/* Its name; NULL for another value, and for several. */
const char *xm_command_action_name(int action);
/* The enum xmpp_command_status; 0 for another name, and for NULL. */
int xm_command_status(const char *name);
/* Its name; NULL for another value. */
const char *xm_command_status_name(int status);
/* The enum xmpp_command_note; XMPP_COMMAND_INFO for another name, and for NULL. */
int xm_command_note(const char *name);

/* Answers with an error, and with a condition of XEP-0050 5.4 unless that is NULL. As
 * xmpp_conn_answer(). */
int xm_command_refuse(xmpp_conn *conn, const xmpp_stanza *request, int condition,
                      const char *specific);

#endif
