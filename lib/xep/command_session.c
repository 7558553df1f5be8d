/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One session of an own command: its life, and what the application sees of it. How it goes on is
 * command_sessions.c. */
#include "command_session.h"

#include <stdlib.h>

#include "command_words.h"
#include "xmpp/error.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

static void drop_data(xmpp_command_session *session)
{
    if (session->data_destroy) {
        session->data_destroy(session->data);
    }
    session->data = NULL;
    session->data_destroy = NULL;
}

void xm_command_session_drop_answer(xmpp_command_session *session)
{
    xmpp_stanza_unref(session->request);
    xmpp_stanza_unref(session->answer);
    session->request = NULL;
    session->answer = NULL;
    session->elem = NULL;
}

void xm_command_session_unref(xmpp_command_session *session)
{
    if (--session->refs > 0) {
        return;
    }
    drop_data(session);
    xm_command_session_drop_answer(session);
    xmpp_jid_unref(session->jid);
    xm_command_offer_unref(session->offer);
    free(session->lang);
    free(session);
}

void xm_command_session_free(void *data)
{
    xmpp_command_session *session = data;
    session->is_ended = 1;
    xm_command_session_unref(session);
}

const xmpp_jid *xmpp_command_session_get_jid(const xmpp_command_session *session)
{
    return session ? session->jid : NULL;
}

const char *xmpp_command_session_get_node(const xmpp_command_session *session)
{
    return session ? session->offer->node : NULL;
}

const char *xmpp_command_session_get_id(const xmpp_command_session *session)
{
    return session ? session->id : NULL;
}

const char *xmpp_command_session_get_lang(const xmpp_command_session *session)
{
    return session ? session->lang : NULL;
}

int xmpp_command_session_set_data(xmpp_command_session *session, void *data,
                                  xmpp_destroy_fn destroy)
{
    if (!session) {
        return XMPP_E_INVAL;
    }
    drop_data(session);
    session->data = data;
    session->data_destroy = data ? destroy : NULL;
    return 0;
}

void *xmpp_command_session_get_data(const xmpp_command_session *session)
{
    return session ? session->data : NULL;
}

int xmpp_command_session_set_actions(xmpp_command_session *session, int actions, int usual)
{
    int is_one =
        usual == XMPP_COMMAND_PREV || usual == XMPP_COMMAND_NEXT || usual == XMPP_COMMAND_COMPLETE;
    if (!session || (actions & ~XM_COMMAND_STEPS) != 0 || !is_one || (actions & usual) == 0) {
        return XMPP_E_INVAL;
    }
    session->next_actions = actions;
    session->next_usual = usual;
    return 0;
}

xmpp_elem *xmpp_command_session_get_answer(xmpp_command_session *session)
{
    return session ? session->elem : NULL;
}
