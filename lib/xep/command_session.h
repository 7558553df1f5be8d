/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One session of an own command: what is known of it between two stages. */
#ifndef XM_XEP_COMMAND_SESSION_H
#define XM_XEP_COMMAND_SESSION_H

#include "command_sessions.h"

struct xmpp_command_session {
    unsigned refs; /* the list's, and that of a stage that is being run */
    char id[XMPP_ID_MAX];
    xmpp_jid *jid;
    struct xm_command_offer *offer;
    char *lang;
    int64_t deadline; /* of the next stage, in ms of the monotonic clock */
    int is_first;     /* no stage was answered yet */
    int is_ended;
    int is_running; /* the handler is */
    int actions;    /* that the stage allows which was answered last */
    int usual;
    int next_actions; /* that the stage will allow which is being answered */
    int next_usual;
    const xmpp_stanza *request; /* that is being answered; NULL: none */
    xmpp_stanza *answer;
    xmpp_elem *elem; /* of the answer */

    void *data;
    xmpp_destroy_fn data_destroy;
};

void xm_command_session_unref(xmpp_command_session *session);
/* The stage that was being answered is not any more. */
void xm_command_session_drop_answer(xmpp_command_session *session);

#endif
