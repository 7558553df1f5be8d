/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Own commands, and the sessions in which others run them. */
#ifndef XM_XEP_COMMAND_SESSIONS_H
#define XM_XEP_COMMAND_SESSIONS_H

#include "xmpp/commands.h"
#include "xmpp/map.h"
#include "xmpp/util.h"

/* The ids of sessions that ended lately are known as such (XEP-0050 5.4). */
enum { XM_COMMAND_ENDED = 32 };

/* A command that is offered. */
struct xm_command_offer {
    unsigned refs; /* the list's, and one for each session */
    char *node;
    char *name;
    int who;
    xmpp_command_run_fn handler;
    void *userdata;
    xmpp_destroy_fn destroy;
};

/* The data of the module "commands". */
struct xm_commands {
    unsigned refs;      /* the module's, and one for each call of the application */
    int n_calls;        /* of the application that are running */
    xmpp_map *offers;   /* by node */
    xmpp_map *sessions; /* by id */
    xmpp_slot *timer;   /* to look for sessions whose time is over */
    char ended[XM_COMMAND_ENDED][XMPP_ID_MAX];
    unsigned n_ended; /* that there ever were */

    xmpp_command_may_fn may;
    void *may_userdata;
    xmpp_destroy_fn may_destroy;
};

/* The module's data; NULL if it is not enabled. */
struct xm_commands *xm_commands_get(const xmpp_conn *conn);
void xm_commands_unref(void *data);
void xm_command_offer_unref(void *data);

/* For xmpp_map_new(). */
void xm_command_session_free(void *data);
/* Runs a stage, of a session that is there or begins. 0 or a negative code. */
int xm_command_sessions_run(struct xm_commands *commands, xmpp_conn *conn,
                            const xmpp_stanza *request, const xmpp_jid *who,
                            struct xm_command_offer *offer);
/* Ends all sessions of an offer; of NULL: of all. */
void xm_command_sessions_end(struct xm_commands *commands, const struct xm_command_offer *offer);

#endif
